//! Making a tree: nodes are added in reading order, containers are opened and closed.

use std::collections::HashMap;
use std::sync::Arc;

use super::{CODINGS, Coding, DecodedText, Kind, Lost, NodeIndex, NodeRef, RawNode, Tree};
use crate::source::SourceId;

/// Makes a [`Tree`], node by node, in reading order.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
    /// Numbers of the type names of maps, counted from one.
    types: HashMap<Vec<String>, u16>,
}

/// An opened container that waits for [`TreeBuilder::close`].
#[derive(Debug)]
#[must_use = "a container that is not closed swallows the rest of the tape"]
pub struct Open(NodeIndex);

impl Open {
    /// Place of the container on the tape.
    pub fn index(&self) -> NodeIndex {
        self.0
    }
}

impl TreeBuilder {
    /// An empty tape over `text`, the text of `source`.
    pub fn new(source: SourceId, text: Arc<String>) -> Self {
        let tree = Tree { source, text, nodes: Vec::new(), side: Vec::new(), types: Vec::new() };
        Self { tree, types: HashMap::new() }
    }

    /// Number of nodes so far, which is the index of the next one.
    pub fn len(&self) -> NodeIndex {
        u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX)
    }

    /// Whether no node was added yet.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    fn push(&mut self, start: u32, end: u32, link: u32, kind: Kind, detail: u16) -> NodeIndex {
        let index = self.len();
        self.tree.nodes.push(RawNode { start, end, link, kind, detail });
        index
    }

    fn coding_number(coding: Coding) -> u16 {
        CODINGS
            .iter()
            .position(|known| *known == coding)
            .and_then(|place| u16::try_from(place).ok())
            .unwrap_or(0)
    }

    /// Adds a null.
    pub fn null(&mut self, start: u32, end: u32) -> NodeIndex {
        self.push(start, end, 0, Kind::Null, 0)
    }

    /// Adds a boolean.
    pub fn boolean(&mut self, start: u32, end: u32, value: bool) -> NodeIndex {
        self.push(start, end, 0, Kind::Bool(value), 0)
    }

    /// Adds a number, whose text is taken as it stands.
    pub fn number(&mut self, start: u32, end: u32) -> NodeIndex {
        self.push(start, end, 0, Kind::Number, 0)
    }

    /// Adds a text (also every name of a map) written in `coding`.
    pub fn text(&mut self, start: u32, end: u32, coding: Coding) -> NodeIndex {
        self.push(start, end, 0, Kind::Text, Self::coding_number(coding))
    }

    /// Adds a text that the reader had to put together itself; the map's offsets count from `start`.
    pub fn side_text(&mut self, start: u32, end: u32, decoded: DecodedText) -> NodeIndex {
        let entry = u32::try_from(self.tree.side.len()).unwrap_or(u32::MAX);
        self.tree.side.push(decoded);
        self.push(start, end, entry, Kind::Text, Self::coding_number(Coding::Side))
    }

    /// Adds a word of our own for what stands from `start` to `end`: a name that the format spells otherwise.
    pub fn word(&mut self, start: usize, end: usize, text: &str) -> NodeIndex {
        let small = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let decoded = DecodedText { text: text.to_owned(), ..DecodedText::default() };
        self.side_text(small(start), small(end), decoded)
    }

    /// Adds a run of bytes written in `coding` ([`Coding::Base64`] or [`Coding::Decimals`]).
    pub fn bytes(&mut self, start: u32, end: u32, coding: Coding) -> NodeIndex {
        self.push(start, end, 0, Kind::Bytes, Self::coding_number(coding))
    }

    /// Adds what is left of a value that the export lost.
    pub fn truncated(&mut self, start: u32, end: u32, lost: Lost, coding: Coding) -> NodeIndex {
        let coding = if coding == Coding::Side { Coding::Plain } else { coding };
        self.push(start, end, 0, Kind::Truncated(lost), Self::coding_number(coding))
    }

    /// Adds a second mention of the node at `target`, which must stand earlier on the tape.
    pub fn alias(&mut self, start: u32, end: u32, target: NodeIndex) -> NodeIndex {
        if target < self.len() {
            self.push(start, end, target, Kind::Alias, 0)
        } else {
            self.null(start, end)
        }
    }

    /// Adds second mentions of all entries of the map at `target`.
    pub fn mention_entries(&mut self, target: NodeIndex) {
        let entries = self.tree.node(target).into_iter().flat_map(NodeRef::entries);
        let places: Vec<_> =
            entries.flat_map(|(name, value)| [name, value]).map(|node| (node.span(), node.index())).collect();
        for (span, index) in places {
            self.alias(span.start, span.end, index);
        }
    }

    /// Opens a list.
    pub fn open_list(&mut self, start: u32) -> Open {
        Open(self.push(start, start, 0, Kind::List, 0))
    }

    /// Opens a map; its children are names (texts) and values in turn.
    pub fn open_map(&mut self, start: u32) -> Open {
        Open(self.push(start, start, 0, Kind::Map, 0))
    }

    /// Opens a map of a known .NET type; `types` are the names, most derived first.
    pub fn open_typed_map(&mut self, start: u32, types: &[String]) -> Open {
        let number = self.types.get(types).copied().unwrap_or_else(|| {
            // An export has a few dozen types. Where there are more than can be numbered, the rest has none.
            let number = u16::try_from(self.tree.types.len() + 1).unwrap_or(0);
            if number > 0 {
                self.tree.types.push(types.to_vec());
                self.types.insert(types.to_vec(), number);
            }
            number
        });
        Open(self.push(start, start, 0, Kind::Map, number))
    }

    /// Opens an enum; its children are the name (text) and the number.
    pub fn open_enum(&mut self, start: u32) -> Open {
        Open(self.push(start, start, 0, Kind::Enum, 0))
    }

    /// Closes a container whose last byte stands before `end`.
    #[allow(clippy::needless_pass_by_value)] // taking the token is what makes a second closing impossible
    pub fn close(&mut self, open: Open, end: u32) {
        let after = self.len();
        if let Some(node) = self.tree.nodes.get_mut(open.0 as usize) {
            node.end = end;
            node.link = after;
        }
    }

    /// Closes a list that is known to lack items.
    #[allow(clippy::needless_pass_by_value)] // as `close`
    pub fn close_incomplete(&mut self, open: Open, end: u32) {
        if let Some(node) = self.tree.nodes.get_mut(open.0 as usize) {
            node.detail = 1;
        }
        self.close(open, end);
    }

    /// Takes back everything from `index` on, so that a reader can say something else about it.
    pub fn rewind(&mut self, index: NodeIndex) {
        self.tree.nodes.truncate(index as usize);
    }

    /// The finished tree.
    pub fn finish(self) -> Tree {
        self.tree
    }
}
