//! The format-neutral tree that every reader makes of an export.
//!
//! A [`Tree`] is a flat tape of nodes in reading order, 16 bytes each, over the text it was read from.
//! Values stay where they are: a node knows the range of its raw text and how that text is written, and is
//! decoded when somebody asks. So a 160 MB export costs its text and a small tape, and every value can be
//! located. What the export itself lost is a value of its own, [`Kind::Truncated`]: absent is not false.

mod builder;
pub mod decode;
mod mask;

use std::borrow::Cow;
use std::sync::Arc;

pub use self::builder::{Open, TreeBuilder};
pub use self::mask::Replacement;
use crate::source::{OffsetMap, SourceId, Span};

/// Place of a node on its tape.
pub type NodeIndex = u32;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A null, or a property that a console printed without text.
    Null,
    /// A boolean written as such.
    Bool(bool),
    /// A number, kept as its text.
    Number,
    /// A text.
    Text,
    /// A run of bytes (certificate data): an array of numbers, base64, or decimal text.
    Bytes,
    /// A list of nodes.
    List,
    /// Names and their nodes.
    Map,
    /// A .NET enum as CLIXML writes it: two children, the name (text) and the number.
    Enum,
    /// A second mention of another node of the same tape (CLIXML `Ref`). Followed by every accessor.
    Alias,
    /// The export holds only a trace of the value.
    Truncated(Lost),
}

/// How an export lost a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lost {
    /// `ConvertTo-Json -Depth` or `Export-Clixml -Depth` was too small: only a type name or joined text is left.
    Depth,
    /// A console list ended in `...`, or a table cell was cut.
    Ellipsis,
    /// The collector wrote an error text (`SCRIPTERROR:`) in place of the value.
    CollectorError,
    /// The file ends, or is damaged, inside the value.
    Damaged,
    /// The value was blanked out on purpose.
    Redacted,
    /// CSV holds no lists and no objects: a type's name stands in the place of the value.
    Flat,
    /// An empty cell, where nothing tells a null from a text without letters.
    EmptyCell,
    /// A desired state that says nothing of the property leaves it as it is in the farm.
    Unmanaged,
    /// The value comes out only when the configuration script is run.
    Unevaluated,
}

/// How the raw text of a [`Kind::Text`], [`Kind::Number`] or [`Kind::Bytes`] node is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As it stands.
    Plain,
    /// With the escapes of a JSON string (`\u003e`, `\r`); the range lies inside the quotes.
    Json,
    /// With XML entities, and PowerShell's `_xHHHH_` on top.
    Xml,
    /// With every quote doubled, as in a cell of a CSV file; the range lies inside the quotes.
    Doubled,
    /// Bytes only: base64 (blanks and line breaks allowed).
    Base64,
    /// Bytes only: decimal numbers separated by anything that is no digit.
    Decimals,
    /// Decoded by the reader: the text and its offsets lie in the tree's side table.
    Side,
}

/// One entry of the tape.
#[derive(Debug, Clone, Copy)]
struct RawNode {
    start: u32,
    end: u32,
    /// Containers: the node after the last one inside. Leaves: side-table entry or alias target.
    link: u32,
    kind: Kind,
    /// For texts their coding; for maps the number of the type names plus one; for lists 1 if items are missing.
    detail: u16,
}

const CODINGS: [Coding; 7] = [
    Coding::Plain,
    Coding::Json,
    Coding::Xml,
    Coding::Doubled,
    Coding::Base64,
    Coding::Decimals,
    Coding::Side,
];

/// A decoded text with its way back to the raw one.
#[derive(Debug, Clone, Default)]
pub struct DecodedText {
    /// The text as a person reads it.
    pub text: String,
    /// Offsets relative to the node's range.
    pub map: OffsetMap,
}

/// The tape of one source. Its root is node 0.
#[derive(Debug)]
pub struct Tree {
    source: SourceId,
    text: Arc<String>,
    nodes: Vec<RawNode>,
    side: Vec<DecodedText>,
    types: Vec<Vec<String>>,
}

impl Tree {
    /// The source that the tree was read from.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The root, or `None` if the reader found nothing at all.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.node(0)
    }

    /// The node at `index`, aliases followed.
    pub fn node(&self, index: NodeIndex) -> Option<NodeRef<'_>> {
        let mut index = index;
        // An alias points at an earlier node that is no alias of a later one; the bound is for damaged tapes.
        for _ in 0..64 {
            let raw = self.nodes.get(index as usize)?;
            if raw.kind != Kind::Alias {
                return Some(NodeRef { tree: self, index });
            }
            index = raw.link;
        }
        None
    }

    /// Number of nodes on the tape.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the tape is empty.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// One node of a tree.
#[derive(Debug, Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    index: NodeIndex,
}

impl<'t> NodeRef<'t> {
    fn raw(self) -> RawNode {
        self.tree.nodes.get(self.index as usize).copied().unwrap_or(RawNode {
            start: 0,
            end: 0,
            link: 0,
            kind: Kind::Null,
            detail: 0,
        })
    }

    /// Place on the tape.
    pub fn index(self) -> NodeIndex {
        self.index
    }

    /// The tree that the node belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// What the node is; never [`Kind::Alias`].
    pub fn kind(self) -> Kind {
        self.raw().kind
    }

    /// The range of the node's raw text: a string without its quotes, a container with its brackets.
    pub fn span(self) -> Span {
        let raw = self.raw();
        Span::new(self.tree.source, raw.start, raw.end)
    }

    /// The raw text as it stands in the source.
    pub fn raw_text(self) -> &'t str {
        let raw = self.raw();
        self.tree.text.get(raw.start as usize..raw.end as usize).unwrap_or("")
    }

    fn coding(self) -> Coding {
        CODINGS.get(usize::from(self.raw().detail)).copied().unwrap_or(Coding::Plain)
    }

    /// The decoded text of a text, number, boolean or truncated node, the name of an enum; `None` for others.
    pub fn text(self) -> Option<Cow<'t, str>> {
        match self.kind() {
            Kind::Text | Kind::Number | Kind::Truncated(_) => Some(match self.coding() {
                Coding::Json => decode::json(self.raw_text()),
                Coding::Xml => decode::xml(self.raw_text()),
                Coding::Doubled => decode::doubled(self.raw_text()),
                Coding::Side => Cow::Borrowed(self.side().map_or("", |side| side.text.as_str())),
                Coding::Plain | Coding::Base64 | Coding::Decimals => Cow::Borrowed(self.raw_text()),
            }),
            Kind::Bool(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            Kind::Enum => self.items().next().and_then(NodeRef::text),
            _ => None,
        }
    }

    /// The decoded text together with the way back to the raw text.
    pub fn decoded(self) -> Option<DecodedText> {
        if !matches!(self.kind(), Kind::Text | Kind::Truncated(_)) {
            return self
                .text()
                .map(|text| DecodedText { text: text.into_owned(), map: OffsetMap::identity() });
        }
        Some(match self.coding() {
            Coding::Json => decode::json_with_map(self.raw_text()),
            Coding::Xml => decode::xml_with_map(self.raw_text()),
            Coding::Doubled => decode::doubled_with_map(self.raw_text()),
            Coding::Side => self.side().cloned().unwrap_or_default(),
            _ => DecodedText { text: self.raw_text().to_owned(), map: OffsetMap::identity() },
        })
    }

    fn side(self) -> Option<&'t DecodedText> {
        self.tree.side.get(self.raw().link as usize)
    }

    /// The bytes of a [`Kind::Bytes`] node; `None` for other nodes and for bytes that are damaged.
    pub fn bytes(self) -> Option<Vec<u8>> {
        if self.kind() != Kind::Bytes {
            return None;
        }
        match self.coding() {
            Coding::Base64 => decode::base64(self.raw_text()),
            _ => decode::decimals(self.raw_text()),
        }
    }

    /// The items of a list, the two children of an enum; nothing for other nodes.
    pub fn items(self) -> Items<'t> {
        let inside = matches!(self.kind(), Kind::List | Kind::Enum);
        Items { tree: self.tree, next: self.index + 1, end: if inside { self.raw().link } else { 0 } }
    }

    /// Whether a list is known to have had more items than the export kept.
    pub fn is_incomplete(self) -> bool {
        self.kind() == Kind::List && self.raw().detail == 1
    }

    /// Names and nodes of a map, in the order of the source; nothing for other nodes.
    pub fn entries(self) -> Entries<'t> {
        let end = if self.kind() == Kind::Map { self.raw().link } else { 0 };
        Entries(Items { tree: self.tree, next: self.index + 1, end })
    }

    /// The first entry whose name equals `name` without regard to letter case, as PowerShell compares.
    pub fn get(self, name: &str) -> Option<NodeRef<'t>> {
        self.entries()
            .find(|(key, _)| key.text().is_some_and(|text| text.eq_ignore_ascii_case(name)))
            .map(|e| e.1)
    }

    /// .NET type names of a map or list as CLIXML gives them, most derived first; empty if unknown.
    pub fn type_names(self) -> &'t [String] {
        let raw = self.raw();
        match raw.kind {
            Kind::Map => usize::from(raw.detail)
                .checked_sub(1)
                .and_then(|number| self.tree.types.get(number))
                .map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }
}

/// The children of a container.
#[derive(Debug, Clone)]
pub struct Items<'t> {
    tree: &'t Tree,
    next: NodeIndex,
    end: NodeIndex,
}

impl<'t> Iterator for Items<'t> {
    type Item = NodeRef<'t>;

    fn next(&mut self) -> Option<NodeRef<'t>> {
        if self.next >= self.end {
            return None;
        }
        let raw = self.tree.nodes.get(self.next as usize)?;
        let here = self.next;
        self.next = match raw.kind {
            Kind::List | Kind::Map | Kind::Enum => raw.link.max(here + 1),
            _ => here + 1,
        };
        self.tree.node(here)
    }
}

/// The entries of a map: name and value.
#[derive(Debug, Clone)]
pub struct Entries<'t>(Items<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = (NodeRef<'t>, NodeRef<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.0.next()?;
        self.0.next().map(|value| (key, value))
    }
}
