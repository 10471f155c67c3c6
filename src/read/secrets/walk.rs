//! Where in a document secrets stand: under a name, in a text, and between what the reader made values of.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::{Document, Format, lost};
use super::{der, names, texts};
use crate::node::{Kind, Lost, NodeIndex, NodeRef, Tree};

/// A secret, still in clear.
pub(super) struct Found {
    pub kind: &'static str,
    /// The name that it stands under.
    pub name: Option<String>,
    /// Its text, decoded.
    pub text: String,
    /// Where that is written, in the order of the text.
    pub pieces: Vec<Range<usize>>,
    /// The node that holds it, and from where to where in its decoded text.
    pub node: Option<(NodeIndex, usize, usize)>,
}

/// Finds all secrets of a document, in the order of their places.
pub(super) fn find(document: &Document, text: &str) -> Vec<Found> {
    let tree = document.tree.as_ref();
    let triggers = texts::triggers(text);
    // A console breaks words in two, and a table names its columns in one place only.
    let is_loose = !matches!(document.format, Format::Json | Format::Clixml);
    if triggers.is_empty() && !is_loose {
        return Vec::new();
    }
    let mut walk = Walk {
        triggers,
        is_loose,
        wraps: document.format == Format::FormatList,
        named: BTreeMap::new(),
        names: BTreeMap::new(),
        found: Vec::new(),
    };
    if let Some(tree) = tree {
        walk.maps(tree);
        walk.leaves(tree);
    }
    walk.between(tree, !document.problems.is_empty(), text);
    walk.found.sort_by_key(|found| found.pieces.first().map(|piece| (piece.start, piece.end)));
    walk.found
}

struct Walk {
    /// Offsets of what may announce a secret.
    triggers: Vec<usize>,
    is_loose: bool,
    /// Lines may have been broken at the edge of a console.
    wraps: bool,
    /// Values that are secrets because of their name.
    named: BTreeMap<NodeIndex, &'static str>,
    names: BTreeMap<NodeIndex, String>,
    found: Vec<Found>,
}

impl Walk {
    fn may_hold(&self, start: u32, end: u32) -> bool {
        let first = self.triggers.partition_point(|at| *at < start as usize);
        self.is_loose || self.triggers.get(first).is_some_and(|at| *at <= end as usize)
    }

    /// Values below a name that says what they are.
    fn maps(&mut self, tree: &Tree) {
        for map in nodes(tree).filter(|node| node.kind() == Kind::Map) {
            let span = map.span();
            if !self.may_hold(span.start, span.end) {
                continue;
            }
            for (key, value) in map.entries() {
                let (from, to) = (key.span(), value.span());
                if !self.may_hold(from.start, to.end.max(from.end)) {
                    continue;
                }
                let Some(name) = key.text() else { continue };
                if let Some(kind) = names::kind(&name) {
                    self.below(value, kind, &name);
                } else if is_leaf(value.kind()) {
                    self.names.insert(value.index(), name.into_owned());
                }
            }
            self.pair(map);
            self.json_web_key(map);
        }
    }

    /// A value that is a secret, or a list of secrets, or an object that PowerShell put around one.
    fn below(&mut self, value: NodeRef<'_>, kind: &'static str, name: &str) {
        let inside: Vec<NodeRef<'_>> = match value.kind() {
            Kind::List => value.items().collect(),
            Kind::Map => value.get("value").into_iter().collect(),
            _ => vec![value],
        };
        for leaf in inside.into_iter().filter(|leaf| is_leaf(leaf.kind())) {
            self.named.insert(leaf.index(), kind);
            self.names.insert(leaf.index(), name.to_owned());
        }
    }

    /// `{"Key": "Password", "Value": "..."}`
    fn pair(&mut self, map: NodeRef<'_>) {
        let name = map.get("Key").or_else(|| map.get("Name")).and_then(NodeRef::text);
        let kind = name.as_ref().and_then(|name| names::kind(name));
        if let (Some(name), Some(kind), Some(value)) = (&name, kind, map.get("Value")) {
            self.below(value, kind, name);
        }
    }

    fn json_web_key(&mut self, map: NodeRef<'_>) {
        if map.get("kty").is_some() {
            for name in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                if let Some(value) = map.get(name) {
                    self.below(value, "private key", name);
                }
            }
        }
    }

    fn leaves(&mut self, tree: &Tree) {
        let mut seen = BTreeSet::new();
        for node in nodes(tree).filter(|node| is_leaf(node.kind())) {
            let (index, span) = (node.index(), node.span());
            let kind = self.named.get(&index).copied();
            let is_secret_string = node.kind() == Kind::Truncated(Lost::Redacted);
            if kind.is_none() && !is_secret_string && !self.may_hold(span.start, span.end) {
                continue;
            }
            if seen.insert(index) {
                self.leaf(node, kind);
            }
        }
    }

    fn leaf(&mut self, node: NodeRef<'_>, kind: Option<&'static str>) {
        let start = node.span().start as usize;
        let name = self.names.get(&node.index()).cloned();
        if node.kind() == Kind::Bytes {
            let kind = kind.or_else(|| node.bytes().and_then(|bytes| der::private_key(&bytes)));
            if let Some(kind) = kind.filter(|_| !node.raw_text().trim().is_empty()) {
                let (text, end) = (node.raw_text().to_owned(), node.span().end as usize);
                let node = Some((node.index(), 0, 0));
                self.found.push(Found {
                    kind,
                    name,
                    text,
                    pieces: std::iter::once(start..end).collect(),
                    node,
                });
            }
            return;
        }
        let Some(decoded) = node.decoded() else { return };
        let hits = match (node.kind(), kind) {
            // What the export lost, or blanked out itself, is no secret any more.
            (Kind::Truncated(Lost::Depth), Some(_)) => Vec::new(),
            (Kind::Truncated(Lost::Redacted), _) if lost::trace(&decoded.text).is_some() => Vec::new(),
            (Kind::Truncated(Lost::Redacted), _) => whole(&decoded.text, "SecureString"),
            (_, Some(kind)) => whole(&decoded.text, kind),
            _ => texts::find(&decoded.text, self.wraps),
        };
        for hit in hits {
            let Some(secret) = decoded.text.get(hit.start..hit.end) else { continue };
            let pieces = pieces(secret, hit.start, |from, to| {
                let (from, to) = (offset(from), offset(to));
                start + decoded.map.raw_start(from) as usize..start + decoded.map.raw_end(to) as usize
            });
            let node = Some((node.index(), hit.start, hit.end));
            self.found.push(Found {
                kind: hit.kind,
                name: name.clone(),
                text: secret.to_owned(),
                pieces,
                node,
            });
        }
    }

    /// Secrets where no value stands: in comments, at prompts, in what could not be read.
    fn between(&mut self, tree: Option<&Tree>, is_damaged: bool, text: &str) {
        let is_in_leaf = |places: &[usize]| {
            let mut inside = vec![false; places.len()];
            for node in tree.into_iter().flat_map(nodes).filter(|node| is_leaf(node.kind())) {
                let (start, end) = (node.span().start as usize, node.span().end as usize);
                let first = places.partition_point(|at| *at < start);
                let within = inside.iter_mut().zip(places).skip(first).take_while(|(_, at)| **at < end);
                within.for_each(|(inside, _)| *inside = true);
            }
            inside
        };
        if !is_damaged && !is_in_leaf(&self.triggers).contains(&false) {
            return;
        }
        let hits = texts::find(text, false);
        let starts: Vec<usize> = hits.iter().map(|hit| hit.start).collect();
        for (hit, inside) in hits.iter().zip(is_in_leaf(&starts)) {
            let Some(secret) = text.get(hit.start..hit.end).filter(|_| !inside) else { continue };
            let piece = hit.start..hit.end;
            let text = secret.to_owned();
            self.found.push(Found { kind: hit.kind, name: None, text, pieces: vec![piece], node: None });
        }
    }
}

fn nodes(tree: &Tree) -> impl Iterator<Item = NodeRef<'_>> {
    (0..offset(tree.len())).filter_map(|index| tree.node(index))
}

fn is_leaf(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Number | Kind::Bytes | Kind::Truncated(_))
}

/// All of a value, without blanks around it.
fn whole(text: &str, kind: &'static str) -> Vec<texts::Hit> {
    if names::is_harmless(text) {
        return Vec::new();
    }
    let start = text.len() - text.trim_start().len();
    vec![texts::Hit { start, end: start + text.trim().len(), kind }]
}

/// Where the characters of a decoded secret are written, joined where nothing stands between them.
fn pieces(secret: &str, start: usize, raw: impl Fn(usize, usize) -> Range<usize>) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for (at, character) in secret.char_indices() {
        let piece = raw(start + at, start + at + character.len_utf8());
        match pieces.last_mut() {
            Some(last) if last.end >= piece.start => last.end = last.end.max(piece.end),
            _ => pieces.push(piece),
        }
    }
    pieces
}

fn offset(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
