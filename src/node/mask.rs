//! Taking secrets out of a tree: their text gives way to words that say how long it was.

use std::sync::Arc;

use super::{CODINGS, Coding, Kind, Lost, NodeIndex, Tree};

/// A part of a node's decoded text that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// First byte in the decoded text.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// What stands there from now on.
    pub words: String,
}

impl Tree {
    /// Takes the text in which secrets are masked in place of the one that was read: same lines, same lengths.
    pub fn mask(&mut self, text: Arc<String>) {
        self.text = text;
    }

    /// Replaces parts of a node's text, in the order of their places. Bytes are lost whole.
    pub fn replace(&mut self, index: NodeIndex, replacements: &[Replacement]) {
        let Some(node) = self.node(index) else { return };
        let mut decoded = match node.kind() {
            Kind::Text | Kind::Truncated(_) | Kind::Number => node.decoded().unwrap_or_default(),
            Kind::Bytes => super::DecodedText::default(),
            _ => return,
        };
        let is_bytes = node.kind() == Kind::Bytes;
        for replacement in replacements.iter().rev() {
            let (start, end) = (replacement.start, replacement.end);
            if is_bytes {
                decoded.text.clone_from(&replacement.words);
            } else if decoded.text.get(start..end).is_some() {
                decoded.text.replace_range(start..end, &replacement.words);
                decoded.map = decoded.map.replaced(small(start), small(end), small(replacement.words.len()));
            }
        }
        let entry = small(self.side.len());
        self.side.push(decoded);
        let side = CODINGS.iter().position(|coding| *coding == Coding::Side).unwrap_or_default();
        if let Some(raw) = self.nodes.get_mut(index as usize) {
            raw.link = entry;
            raw.detail = u16::try_from(side).unwrap_or_default();
            if is_bytes {
                raw.kind = Kind::Truncated(Lost::Redacted);
            }
        }
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
