//! Finds the objects of all exports, and notes where their properties stand.

use std::collections::HashMap;
use std::sync::Arc;

use super::origin::service_name;
use super::recognise::{Found, Names, PathHints, recognise};
use super::value::Site;
use super::vocabulary::{self, KindId, Vocabulary};
use super::{Content, Contribution, Farm, NOWHERE, Object, ObjectId};
use crate::node::{Kind, NodeRef, Tree};

type Identity = (KindId, Option<Arc<str>>, String, usize);
type Known = HashMap<Identity, ObjectId>;

impl Farm {
    /// Reads the exports in their order: what the first says of an object counts.
    pub(super) fn gather(&mut self) {
        let names = Names::new(&self.vocabulary);
        let mut known = HashMap::new();
        for number in 0..self.exports.len() {
            let tree = u32::try_from(number).unwrap_or(u32::MAX);
            let contribution = match self.exports.get(number).map(|export| export.content) {
                Some(Content::Objects) => self.gather_objects(tree, &names, &mut known),
                Some(Content::Facts) => {
                    // Facts are not merged: the first file counts.
                    self.facts.get_or_insert(tree);
                    Contribution::default()
                }
                _ => Contribution::default(),
            };
            self.contributions.push(contribution);
        }
        self.read_manifests(&names);
    }

    fn gather_objects(&mut self, tree: u32, names: &Names, known: &mut Known) -> Contribution {
        let vocabulary = Arc::clone(&self.vocabulary);
        let Some(export) = self.exports.get(tree as usize) else { return Contribution::default() };
        let hints = PathHints::new(&export.path, names);
        let recognised = recognise(&export.tree, &vocabulary, names, &hints);
        let mut contribution =
            Contribution { unknown_objects: recognised.unknown.clone(), ..Contribution::default() };
        let mut objects = Vec::with_capacity(recognised.objects.len());
        for found in &recognised.objects {
            let count = contribution.objects.entry(found.kind).or_default();
            // Several resources set up the one object of a kind.
            let is_one = found.desired && vocabulary.kind(found.kind).is_some_and(|kind| kind.one);
            *count = if is_one { 1 } else { *count + 1 };
            let scanned = scan(&vocabulary, &export.tree, tree, found, &hints, &mut contribution);
            objects.extend(scanned);
        }
        let says = |object: &Object| service_name(&vocabulary, object.kind, &export.tree, &object.places);
        let said: Vec<_> = objects.iter().filter_map(says).collect();
        self.service_names.extend(said);
        contribution.unknown_properties.sort();
        contribution.unknown_properties.dedup();
        for kind in &recognised.exported {
            if !contribution.objects.contains_key(kind) && !contribution.empty.contains(kind) {
                contribution.empty.push(*kind);
            }
            if let Some(state) = self.kinds.get_mut(usize::from(kind.0)) {
                state.exported = true;
                state.whole |= recognised.incomplete.iter().all(|(part, _)| part != kind);
            }
        }
        for (kind, node) in &recognised.incomplete {
            if let Some(state) = self.kinds.get_mut(usize::from(kind.0)) {
                state.incomplete.get_or_insert(Site::node(tree, *node));
            }
        }
        let mut counts = HashMap::new();
        for object in objects {
            self.add(object, known, &mut counts);
        }
        contribution
    }

    /// Adds an object, or fills in what an object of an earlier export lacks: the same trust in JSON and CLIXML.
    fn add(&mut self, object: Object, known: &mut Known, counts: &mut HashMap<Identity, usize>) {
        let Some(kind) = self.vocabulary.kind(object.kind) else { return };
        let identity = if kind.one {
            Some((object.kind, None, String::new(), 0))
        } else {
            let name = self.names_of(&object);
            let host = object.host.clone();
            // Objects of one export are never the same thing, whatever they are called.
            let count = counts.entry((object.kind, host.clone(), name.clone(), 0)).or_default();
            // ... but a configuration may name one for several servers.
            *count = if object.desired { 1 } else { *count + 1 };
            (!name.is_empty()).then_some((object.kind, host, name, *count))
        };
        let earlier = identity.as_ref().and_then(|identity| known.get(identity)).copied();
        if let Some(place) = earlier.and_then(|id| self.objects.get(id.0 as usize)) {
            let merged = self.merged(place, &object);
            if let Some(place) = earlier.and_then(|id| self.objects.get_mut(id.0 as usize)) {
                place.places = merged;
                place.nulls_are_gaps &= object.nulls_are_gaps;
                place.desired &= object.desired;
            }
            return;
        }
        let id = ObjectId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        if let Some(identity) = identity {
            known.insert(identity, id);
        }
        if let Some(state) = self.kinds.get_mut(usize::from(object.kind.0)) {
            state.objects.push(id);
        }
        self.objects.push(object);
    }

    fn merged(&self, first: &Object, second: &Object) -> Vec<(u32, u32)> {
        let says_something = |object: &Object, place: (u32, u32)| {
            let node = self.tree(place.0).and_then(|tree| tree.node(place.1));
            match node.map(NodeRef::kind) {
                None | Some(Kind::Truncated(_)) => false,
                Some(Kind::Null) => !object.nulls_are_gaps,
                Some(_) => !node.is_some_and(NodeRef::is_incomplete),
            }
        };
        let pairs = first.places.iter().zip(&second.places);
        pairs
            .map(|(one, other)| {
                let take = !says_something(first, *one) && says_something(second, *other) || *one == NOWHERE;
                if take { *other } else { *one }
            })
            .collect()
    }
}

/// Notes where the properties of a found object stand.
fn scan(
    vocabulary: &Vocabulary,
    tree: &Tree,
    number: u32,
    found: &Found,
    hints: &PathHints,
    contribution: &mut Contribution,
) -> Option<Object> {
    let kind = vocabulary.kind(found.kind)?;
    let layout = vocabulary.layout(kind.record)?;
    let node = tree.node(found.node)?;
    let mut object = Object {
        kind: found.kind,
        tree: number,
        node: found.node,
        host: None,
        desired: found.desired,
        is_proxy: None,
        nulls_are_gaps: found.nulls_are_gaps,
        places: vec![NOWHERE; layout.properties.len()],
    };
    if let Some(place) = found.property.and_then(|property| object.places.get_mut(usize::from(property.0))) {
        *place = (number, found.node);
    }
    let mut host = hints.node.clone();
    for (key, value) in node.entries().filter(|_| found.property.is_none()) {
        let Some(name) = key.text() else { continue };
        match layout.find(&name).and_then(|field| object.places.get_mut(usize::from(field.0))) {
            // Letter case may differ between two keys of one JSON object; the first is the property.
            Some(place) if *place == NOWHERE => *place = (number, value.index()),
            Some(_) => {}
            None if name.eq_ignore_ascii_case("PSComputerName") || name == vocabulary::NODE => {
                host = named_host(host, value.text().map(|text| text.to_ascii_lowercase()));
            }
            None if is_plumbing(&name) || found.desired && name.eq_ignore_ascii_case(FARM_KEY) => {}
            // Objects that a tool carries along are objects of their own.
            None if !kind.wrapped_as.is_empty()
                && matches!(value.kind(), Kind::Map | Kind::List | Kind::Null) => {}
            None => contribution.unknown_properties.push((found.kind, name.into_owned())),
        }
    }
    if kind.per.is_computer() {
        object.host = host.map(Arc::from);
        object.is_proxy = hints.proxy;
    }
    Some(object)
}

/// The key of every resource of AdfsDsc, which says what farm it is for.
const FARM_KEY: &str = "FederationServiceName";

/// The server that an object names, or the folder's name for the same one: `sts01.contoso.com` for `sts01`.
fn named_host(folder: Option<String>, named: Option<String>) -> Option<String> {
    let is_same = |folder: &String| {
        let short = folder.split('.').next();
        named.as_deref().is_none_or(|named| short == Some(named))
    };
    folder.filter(is_same).or(named)
}

/// Members that PowerShell itself adds to every object of a remote session or of Windows Management.
fn is_plumbing(name: &str) -> bool {
    name.starts_with("PS") || name.starts_with("Cim") || name == "RunspaceId"
}
