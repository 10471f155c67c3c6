//! Which AD FS objects a tree holds: by .NET type, by the command's name around them, or by their properties.
//!
//! A file's name is only asked where its content leaves several kinds, or where it is too small to tell.

use std::collections::{HashMap, HashSet};

use super::schema::{FieldId, RecordTypeId};
use super::vocabulary::{Kind, KindId, Per, Vocabulary};
use crate::node::{self, NodeIndex, NodeRef, Tree};
use crate::read::DESIRED;

/// Levels of wrapping that are peeled off before an object must come to light.
const DEPTH: usize = 8;

/// A property subset counts as an object of a kind if it shows this many of its properties.
const PARTIAL: usize = 5;

/// One object that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its kind.
    pub kind: KindId,
    /// Its node.
    pub node: NodeIndex,
    /// The node is the value of this property, and no map of properties.
    pub property: Option<FieldId>,
    /// A configuration wants it so: what it does not say is as it is in the farm.
    pub desired: bool,
    /// A null in it says that nobody asked, not that there is nothing.
    pub nulls_are_gaps: bool,
}

/// What a tree holds.
#[derive(Debug, Default)]
pub(crate) struct Recognised {
    /// The objects in reading order.
    pub objects: Vec<Found>,
    /// Kinds whose command was run, even if it printed nothing.
    pub exported: Vec<KindId>,
    /// Kinds of which there are known to be more objects than the tree holds, and where that shows.
    pub incomplete: Vec<(KindId, NodeIndex)>,
    /// Objects whose kind nobody can tell: how many, and the first.
    pub unknown: Vec<NodeIndex>,
}

/// Names under which commands' results stand.
#[derive(Debug)]
pub(crate) struct Names {
    strict: HashMap<String, KindId>,
    loose: HashMap<String, KindId>,
}

impl Names {
    /// The names of all kinds of a vocabulary.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut names = Self { strict: HashMap::new(), loose: HashMap::new() };
        for (id, kind) in vocabulary.kinds() {
            let cmdlet = plain(&kind.cmdlet);
            names.loose.entry(cmdlet.strip_prefix("adfs").unwrap_or(&cmdlet).to_owned()).or_insert(id);
            names.loose.entry(plain(&kind.name)).or_insert(id);
            names.strict.entry(cmdlet).or_insert(id);
            for command in &kind.also_printed_by {
                names.strict.entry(plain(command)).or_insert(id);
            }
            for wrapper in &kind.wrapped_as {
                names.strict.entry(plain(wrapper)).or_insert(id);
            }
        }
        names
    }

    /// The kind whose command, or wrapper in a well-known tool, has that name.
    pub fn strict(&self, name: &str) -> Option<KindId> {
        self.strict.get(&plain(name)).copied()
    }

    /// The same, and names without prefix: `RelyingPartyTrusts`.
    pub fn loose(&self, name: &str) -> Option<KindId> {
        let plain = plain(name);
        self.strict.get(&plain).or_else(|| self.loose.get(&plain)).copied()
    }
}

/// Lower case, without `Get-` and without the plural's letter.
fn plain(name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase();
    let bare = lower.strip_prefix("get-").unwrap_or(&lower);
    let singular = bare.strip_suffix("ies").map(|stem| format!("{stem}y"));
    singular.unwrap_or_else(|| bare.strip_suffix('s').unwrap_or(bare).to_owned())
}

/// What a path says about the objects in a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct PathHints {
    /// Kind named by the file's name.
    pub kind: Option<KindId>,
    /// The server that the folder names.
    pub node: Option<String>,
    /// Whether the folder holds proxies (`Some(true)`) or federation servers (`Some(false)`).
    pub proxy: Option<bool>,
}

impl PathHints {
    /// Reads a path with `/` or `\` between its parts.
    pub fn new(path: &str, names: &Names) -> Self {
        let parts: Vec<&str> = path.split(['/', '\\', '!']).filter(|part| !part.is_empty()).collect();
        let mut hints = Self::default();
        for pair in parts.windows(2) {
            if let [folder, inner] = pair {
                let proxy = match folder.to_ascii_lowercase().as_str() {
                    "nodes" => Some(false),
                    "proxies" => Some(true),
                    _ => None,
                };
                // The last part is the file itself.
                let is_folder = parts.last().is_some_and(|last| !std::ptr::eq(*last, *inner));
                if proxy.is_some() && is_folder {
                    hints.proxy = proxy;
                    hints.node = Some(inner.to_ascii_lowercase());
                }
            }
        }
        hints.kind = parts.last().and_then(|file| kind_of_file(file, names));
        hints
    }
}

fn kind_of_file(file: &str, names: &Names) -> Option<KindId> {
    let stem = file.split('.').next()?;
    names.strict(stem).or_else(|| stem.split(['_', ' ']).find_map(|part| names.strict(part)))
}

/// Finds the objects of a tree.
pub(crate) fn recognise(
    tree: &Tree,
    vocabulary: &Vocabulary,
    names: &Names,
    hints: &PathHints,
) -> Recognised {
    let found = Recognised::default();
    let mut walk = Walk { vocabulary, names, hints, found, toolbox: false, seen: HashSet::new() };
    if let Some(root) = tree.root() {
        walk.value(root, None, 0);
        if walk.found.objects.is_empty() && walk.found.exported.is_empty() {
            walk.by_file_name(root);
        }
    }
    walk.found
}

struct Walk<'v> {
    vocabulary: &'v Vocabulary,
    names: &'v Names,
    hints: &'v PathHints,
    found: Recognised,
    /// Inside a configuration that lists its properties by name, so that null means "did not exist".
    toolbox: bool,
    /// Containers that were looked at, with what they were taken for: one that is mentioned a thousand times is read
    /// once.
    seen: HashSet<(NodeIndex, Option<KindId>)>,
}

impl Walk<'_> {
    /// A value that may be an object, a list of objects, or a wrapper around them.
    fn value(&mut self, node: NodeRef<'_>, hint: Option<KindId>, depth: usize) {
        let is_container = matches!(node.kind(), node::Kind::List | node::Kind::Map);
        if depth > DEPTH || is_container && !self.seen.insert((node.index(), hint)) {
            return;
        }
        match node.kind() {
            node::Kind::List => self.list(node, hint, depth),
            node::Kind::Map => self.map(node, hint, depth),
            node::Kind::Text | node::Kind::Bool(_) if hint.is_some() => self.bare(node, hint),
            node::Kind::Truncated(_) => {
                if let Some(kind) = hint {
                    self.found.exported.push(kind);
                    self.found.incomplete.push((kind, node.index()));
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, node: NodeRef<'_>, hint: Option<KindId>, depth: usize) {
        let Some(kind) = hint else {
            let items = node.items().filter(|item| matches!(item.kind(), node::Kind::Map | node::Kind::List));
            return items.for_each(|item| self.value(item, None, depth + 1));
        };
        self.found.exported.push(kind);
        if node.is_incomplete() {
            self.found.incomplete.push((kind, node.index()));
        }
        for item in node.items() {
            let before = self.found.objects.len();
            // The same object may be mentioned twice.
            let is_seen = self.seen.contains(&(item.index(), hint));
            self.value(item, hint, depth + 1);
            // A list that shows something else in the place of an object does not show them all.
            let is_shown =
                self.found.objects.get(before..).is_some_and(|new| new.iter().any(|one| one.kind == kind));
            if !is_shown && !is_seen && item.kind() != node::Kind::Null && !is_blank(item) {
                self.found.incomplete.push((kind, item.index()));
            }
        }
    }

    fn bare(&mut self, node: NodeRef<'_>, hint: Option<KindId>) {
        let Some(kind) = hint else { return };
        let only_one = self.vocabulary.kind(kind).and_then(|kind| {
            let record = self.vocabulary.schema.record(kind.record)?;
            (record.fields.len() == 1).then_some(())
        });
        if only_one.is_some() {
            self.push(kind, node, Some(FieldId(0)));
        }
    }

    fn push(&mut self, kind: KindId, node: NodeRef<'_>, property: Option<FieldId>) {
        let nulls_are_gaps = self.toolbox;
        self.found.exported.push(kind);
        self.found.objects.push(Found { kind, node: node.index(), property, desired: false, nulls_are_gaps });
    }

    /// An object of a configuration: there may be others in the farm that it leaves alone.
    fn desired(&mut self, node: NodeRef<'_>, resource: &str) {
        let lower = resource.to_ascii_lowercase();
        let special = self.vocabulary.kinds().find_map(|(id, kind)| {
            let found = kind.resources.iter().find(|(name, _)| *name == lower)?;
            Some((id, found.1))
        });
        let by_command = || self.names.strict(resource).map(|kind| (kind, None));
        match special.or_else(by_command) {
            Some((kind, property)) if property.is_some() || self.shows(kind, &Keys::of(node)) > 0 => {
                self.push(kind, node, property);
                self.found.objects.last_mut().into_iter().for_each(|found| found.desired = true);
                self.found.incomplete.push((kind, node.index()));
            }
            _ => self.found.unknown.push(node.index()),
        }
    }

    fn map(&mut self, node: NodeRef<'_>, hint: Option<KindId>, depth: usize) {
        if let Some(inside) = peel(node) {
            return self.value(inside, hint, depth + 1);
        }
        if let Some(resource) = node.type_names().first().and_then(|name| name.strip_prefix(DESIRED)) {
            return self.desired(node, resource);
        }
        let keys = Keys::of(node);
        if keys.has_only_nulls && self.toolbox {
            return;
        }
        let hinted = hint.filter(|kind| self.shows(*kind, &keys) > 0);
        let kind = hinted.or_else(|| self.by_type(node)).or_else(|| self.by_marks(&keys));
        match kind {
            Some(kind) => {
                self.push(kind, node, None);
                let wraps = self.vocabulary.kind(kind).is_some_and(|kind| !kind.wrapped_as.is_empty());
                if wraps {
                    self.inside_wrapper(node, depth);
                    self.note_parts(kind, node);
                }
            }
            None => self.wrapper(node, &keys, depth),
        }
    }

    /// Members of an object of a tool that carries other objects along.
    fn inside_wrapper(&mut self, node: NodeRef<'_>, depth: usize) {
        let outer = std::mem::replace(&mut self.toolbox, true);
        for (key, value) in node.entries() {
            if matches!(value.kind(), node::Kind::List | node::Kind::Map) {
                let kind = key.text().and_then(|name| self.names.strict(&name));
                let before = self.found.unknown.len();
                self.value(value, kind, depth + 1);
                self.found.unknown.truncate(before);
            }
        }
        self.toolbox = outer;
    }

    /// Kinds of which a tool keeps only a part of the objects.
    fn note_parts(&mut self, kind: KindId, node: NodeRef<'_>) {
        let parts = self.vocabulary.kind(kind).map_or(&[][..], |kind| &kind.holds_part_of);
        let kinds = parts.iter().filter_map(|name| self.vocabulary.kind_id(name));
        self.found.incomplete.extend(kinds.map(|part| (part, node.index())));
    }

    /// A map that is no object: its members may be.
    fn wrapper(&mut self, node: NodeRef<'_>, keys: &Keys, depth: usize) {
        let start = self.found.objects.len();
        let mut named = Vec::new();
        for (key, value) in node.entries() {
            let Some(name) = key.text() else { continue };
            let kind = self.names.loose(&name);
            if let Some(kind) = kind {
                named.push(kind);
                self.value(value, Some(kind), depth + 1);
            }
        }
        named.extend(self.found.objects.iter().skip(start).map(|found| found.kind));
        self.note_counts(node);
        let before = self.found.objects.len();
        for (key, value) in node.entries() {
            let known = key.text().is_some_and(|name| self.names.loose(&name).is_some());
            if !known && matches!(value.kind(), node::Kind::Map | node::Kind::List) {
                self.value(value, None, depth + 1);
            }
        }
        // The same objects sorted another way: adfsToolbox lists every test a second time by its outcome, and with it
        // the bindings that the test saw.
        let copies: Vec<_> = self.found.objects.drain(before..).collect();
        self.found.objects.extend(copies.into_iter().filter(|found| !named.contains(&found.kind)));
        if named.is_empty() && self.found.objects.len() == before && !keys.names.is_empty() {
            self.found.unknown.push(node.index());
        }
    }

    /// A number beside the objects says how many there are: `ADFSRelyingPartyTrustCount`. adfsToolbox counts trusts also
    /// where it was not asked to list them.
    fn note_counts(&mut self, node: NodeRef<'_>) {
        for (key, value) in node.entries() {
            let name = key.text().unwrap_or_default();
            let kind = name.strip_suffix("Count").and_then(|name| self.names.strict(name));
            let count = value.text().and_then(|text| text.parse::<usize>().ok());
            if let (Some(kind), Some(count)) = (kind, count) {
                let shown = self.found.objects.iter().filter(|found| found.kind == kind).count();
                if count > shown {
                    self.found.incomplete.push((kind, value.index()));
                }
            }
        }
    }

    /// How many properties of `kind` the keys show.
    fn shows(&self, kind: KindId, keys: &Keys) -> usize {
        let record = self.vocabulary.kind(kind).map(|kind| kind.record);
        record.map_or(0, |record| keys.known_to(self.vocabulary, record))
    }

    fn by_type(&self, node: NodeRef<'_>) -> Option<KindId> {
        node.type_names().iter().find_map(|full| {
            let last = full.rsplit(['.', '+']).next()?;
            let of_adfs = full.contains("IdentityServer") || !full.contains("System.");
            self.vocabulary
                .kinds()
                .find(|(_, kind)| of_adfs && kind.dotnet_type.as_deref() == Some(last))
                .map(|(id, _)| id)
        })
    }

    fn by_marks(&self, keys: &Keys) -> Option<KindId> {
        let mut candidates: Vec<(KindId, &Kind)> =
            self.vocabulary.kinds().filter(|(_, kind)| keys.fit(kind)).collect();
        if candidates.len() > 1 {
            self.break_tie(&mut candidates, keys);
        }
        match candidates.as_slice() {
            [(id, _)] => Some(self.named_twin(*id, keys).unwrap_or(*id)),
            [] => self.by_share(keys),
            _ => None,
        }
    }

    /// The kind that the file is named after, where the object shows as much of it as of the one that it was taken for.
    fn named_twin(&self, taken: KindId, keys: &Keys) -> Option<KindId> {
        let named = self.hints.kind?;
        let marks = &self.vocabulary.kind(named)?.marks;
        let fits = !marks.all.is_empty()
            && marks.all.iter().all(|name| keys.has(name))
            && !marks.none.iter().any(|name| keys.has(name));
        (fits && self.shows(named, keys) >= self.shows(taken, keys)).then_some(named)
    }

    fn break_tie(&self, candidates: &mut Vec<(KindId, &Kind)>, keys: &Keys) {
        if let Some(named) = self.hints.kind.filter(|named| candidates.iter().any(|(id, _)| id == named)) {
            candidates.retain(|(id, _)| *id == named);
            return;
        }
        let most = candidates.iter().map(|(id, _)| self.shows(*id, keys)).max();
        candidates.retain(|(id, _)| Some(self.shows(*id, keys)) == most);
        if candidates.len() > 1 {
            // Bindings of proxies and of federation servers look the same; without a hint they are the farm's.
            let proxy = self.hints.proxy.unwrap_or(false);
            candidates.retain(|(_, kind)| (kind.per == Per::Proxy) == proxy);
        }
    }

    /// Part of an object (`Select-Object`): the kind that knows five of its properties and more than any other.
    fn by_share(&self, keys: &Keys) -> Option<KindId> {
        let mut shares: Vec<(usize, KindId)> =
            self.vocabulary.kinds().map(|(id, _)| (self.shows(id, keys), id)).collect();
        shares.sort_unstable_by(|a, b| b.cmp(a));
        let hinted = self.hints.kind.map(|kind| (self.shows(kind, keys), kind));
        match (hinted, shares.as_slice()) {
            (Some((2.., kind)), _) => Some(kind),
            // The primary server prints one property of its synchronisation, and that is all.
            (Some((1, kind)), _) if keys.names.len() == 1 => Some(kind),
            (_, [(most, kind), (second, _), ..]) if *most >= PARTIAL && most > second => Some(*kind),
            _ => None,
        }
    }

    /// A content that says nothing by itself (`[]`, `false`) means what its file is named after.
    fn by_file_name(&mut self, root: NodeRef<'_>) {
        let Some(kind) = self.hints.kind else { return };
        let root = Some(root).filter(|root| root.kind() == node::Kind::Map).and_then(peel).unwrap_or(root);
        match root.kind() {
            node::Kind::List if root.items().next().is_none() && !root.is_incomplete() => {
                self.found.exported.push(kind);
            }
            node::Kind::Bool(_) | node::Kind::Text => self.bare(root, Some(kind)),
            node::Kind::List => {
                let mut items = root.items();
                if let (Some(only), None) = (items.next(), items.next())
                    && matches!(only.kind(), node::Kind::Bool(_) | node::Kind::Text)
                {
                    self.bare(only, Some(kind));
                }
            }
            _ => {}
        }
    }
}

/// An object without any property, such as tools put at the end of a list.
fn is_blank(node: NodeRef<'_>) -> bool {
    node.kind() == node::Kind::Map && node.entries().all(|(_, value)| value.kind() == node::Kind::Null)
}

/// The inside of PowerShell's `{"value": [...], "Count": n}`.
fn peel(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let mut value = None;
    for (key, inside) in node.entries() {
        match key.text()?.as_ref() {
            "value" if value.is_none() => value = Some(inside),
            name if is_extra(name) => {}
            _ => return None,
        }
    }
    value
}

/// Members that PowerShell adds to a value that is no object: where a text was read, which session it came from.
pub(crate) fn is_extra(name: &str) -> bool {
    matches!(name, "Count" | "ReadCount" | "Length" | "DisplayHint" | "DateTime" | "RunspaceId")
        || name.starts_with("PS")
}

/// The names of a map's entries, lower case and in order.
struct Keys {
    names: Vec<String>,
    has_only_nulls: bool,
}

impl Keys {
    fn of(node: NodeRef<'_>) -> Self {
        let mut names = Vec::new();
        let mut has_only_nulls = true;
        for (key, value) in node.entries() {
            if let Some(text) = key.text() {
                names.push(text.to_ascii_lowercase());
            }
            has_only_nulls &= value.kind() == node::Kind::Null;
        }
        names.sort_unstable();
        names.dedup();
        Self { names, has_only_nulls }
    }

    fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    fn fit(&self, kind: &Kind) -> bool {
        let marks = &kind.marks;
        !(marks.all.is_empty() && marks.any.is_empty())
            && marks.all.iter().all(|name| self.has(name))
            && (marks.any.is_empty() || marks.any.iter().any(|name| self.has(name)))
            && !marks.none.iter().any(|name| self.has(name))
    }

    fn known_to(&self, vocabulary: &Vocabulary, record: RecordTypeId) -> usize {
        let Some(layout) = vocabulary.layout(record) else { return 0 };
        self.names.iter().filter(|name| layout.find(name).is_some()).count()
    }
}
