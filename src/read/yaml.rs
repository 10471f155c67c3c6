//! YAML: configuration kept by hand, `ConvertTo-Yaml`, and the facts file.
//!
//! Scalars keep their text: what a number, a date or `on` means is for the property to say. Several documents of one
//! file are the items of a list. An alias (`*name`) is a second mention of its anchor, and `<<` takes the entries of
//! another map for those that the map does not have itself.

mod place;

use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle};

use super::{Troubles, small};
use crate::node::{Coding, DecodedText, Lost, NodeIndex, Open, Tree, TreeBuilder};

/// Collections in collections.
const DEPTH: usize = 128;
/// Nodes that a file may come to when every alias is followed: copies of copies make any number of a few lines.
const MENTIONED: u64 = 1 << 24;

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let (anchors, open) = (HashMap::new(), Vec::new());
    let mut walk = Walk { text, builder, open, skipped: 0, anchors, mentioned: 0 };
    if has_several_documents(text) {
        let list = walk.builder.open_list(0);
        walk.open.push(Frame::new(list, None, 0));
    }
    walk.run(troubles);
    walk.builder.finish()
}

/// Whether a line of dashes has something above it.
fn has_several_documents(text: &str) -> bool {
    let mut content = false;
    text.lines().any(|line| {
        let begins = line.trim_end() == "---" || line.starts_with("--- ");
        let is_second = begins && content;
        content |= begins || !line.trim().is_empty() && !line.starts_with(['#', '%']);
        is_second
    })
}

/// A collection that is read.
struct Frame {
    open: Open,
    /// Entries so far, of a map: is a name next, or its value?
    is_value_next: Option<bool>,
    /// `<<` stood before.
    is_merging: bool,
    merged: Vec<NodeIndex>,
    anchor: usize,
    mentioned_before: u64,
}

impl Frame {
    fn new(open: Open, is_value_next: Option<bool>, mentioned_before: u64) -> Self {
        Self { open, is_value_next, is_merging: false, merged: Vec::new(), anchor: 0, mentioned_before }
    }
}

struct Walk<'t> {
    text: &'t str,
    builder: TreeBuilder,
    open: Vec<Frame>,
    /// Collections that are open and not read.
    skipped: usize,
    /// Node of every anchor, and how many nodes it comes to.
    anchors: HashMap<usize, (NodeIndex, u64)>,
    mentioned: u64,
}

impl Walk<'_> {
    fn run(&mut self, troubles: &mut Troubles) {
        let text = self.text;
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => {
                    let start = byte(&span.start, text);
                    let end = byte(&span.end, text);
                    self.take(event, start, end, troubles);
                }
                Err(error) => {
                    let at = byte(error.marker(), text);
                    let message = format!("This is no YAML: {}.", error.info());
                    troubles.error(at, at, message, "What stands before was read.");
                    break;
                }
            }
        }
        while let Some(frame) = self.open.pop() {
            self.builder.close(frame.open, small(text.len()));
        }
    }

    fn take(&mut self, event: Event<'_>, start: usize, end: usize, troubles: &mut Troubles) {
        let is_collection = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
        let is_merging = self.open.last().is_some_and(|frame| frame.is_merging);
        match event {
            Event::SequenceEnd | Event::MappingEnd if self.skipped > 0 => self.skipped -= 1,
            _ if self.skipped > 0 => self.skipped += usize::from(is_collection),
            Event::Alias(anchor) if is_merging => self.merge(anchor, start, end, troubles),
            Event::SequenceStart(..) | Event::MappingStart(..) | Event::Scalar(..) if is_merging => {
                let help = "Write the entries out, or merge one map with *name.";
                troubles.error(start, end, "What << names here is not followed.", help);
                self.skipped += usize::from(is_collection);
                self.after_value();
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if self.open.len() >= DEPTH => {
                self.builder.truncated(small(start), small(end), Lost::Damaged, Coding::Plain);
                troubles.error(start, end, format!("Values are nested more than {DEPTH} deep."), "");
                self.skipped += 1;
                self.after_value();
            }
            Event::SequenceStart(_, anchor, _) => {
                let open = self.builder.open_list(small(start));
                let frame = Frame::new(open, None, self.mentioned);
                self.open.push(Frame { anchor, ..frame });
            }
            Event::MappingStart(_, anchor, _) => {
                let open = self.builder.open_map(small(start));
                let frame = Frame::new(open, Some(false), self.mentioned);
                self.open.push(Frame { anchor, ..frame });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end),
            Event::Scalar(value, style, anchor, tag) => {
                if value == "<<" && style == ScalarStyle::Plain && self.is_name_next() {
                    self.set_merging();
                    return;
                }
                let index = self.builder.len();
                let style = if tag.is_some() { ScalarStyle::SingleQuoted } else { style };
                self.scalar(&value, style, start, end);
                self.note(anchor, index, 1);
                self.after_value();
            }
            Event::Alias(anchor) => {
                self.alias(anchor, start, end, troubles);
                self.after_value();
            }
            _ => {}
        }
    }

    fn is_name_next(&self) -> bool {
        self.open.last().is_some_and(|frame| frame.is_value_next == Some(false))
    }

    fn set_merging(&mut self) {
        if let Some(frame) = self.open.last_mut() {
            frame.is_merging = true;
        }
    }

    /// A name or a value is complete.
    fn after_value(&mut self) {
        if let Some(frame) = self.open.last_mut()
            && !std::mem::take(&mut frame.is_merging)
        {
            frame.is_value_next = frame.is_value_next.map(|is_value| !is_value);
        }
    }

    fn note(&mut self, anchor: usize, index: NodeIndex, mentioned: u64) {
        if anchor > 0 {
            let own = u64::from(self.builder.len().saturating_sub(index));
            self.anchors.insert(anchor, (index, own + mentioned));
        }
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.open.pop() else { return };
        // A map's own entries stand before those that it takes over, and the first of a name counts.
        for target in &frame.merged {
            self.builder.mention_entries(*target);
        }
        let index = frame.open.index();
        self.builder.close(frame.open, small(end));
        self.note(frame.anchor, index, self.mentioned.saturating_sub(frame.mentioned_before));
        self.after_value();
    }

    /// The node that an alias stands for, if it is complete and not one mention too many.
    fn target(
        &mut self,
        anchor: usize,
        start: usize,
        end: usize,
        troubles: &mut Troubles,
    ) -> Option<NodeIndex> {
        let found = self.anchors.get(&anchor).copied();
        let found = found.filter(|(_, size)| self.mentioned.saturating_add(*size) <= MENTIONED);
        if let Some((index, size)) = found {
            self.mentioned += size;
            return Some(index);
        }
        troubles.error(start, end, "This alias is not followed.", "Write the value out.");
        None
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize, troubles: &mut Troubles) {
        match self.target(anchor, start, end, troubles) {
            Some(index) => self.builder.alias(small(start), small(end), index),
            None => self.builder.truncated(small(start), small(end), Lost::Damaged, Coding::Plain),
        };
    }

    fn merge(&mut self, anchor: usize, start: usize, end: usize, troubles: &mut Troubles) {
        let target = self.target(anchor, start, end, troubles);
        if let Some(frame) = self.open.last_mut() {
            frame.merged.extend(target);
        }
        self.after_value();
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, start: usize, end: usize) {
        let raw = self.text.get(start..end).unwrap_or("");
        let (from, to) = (small(start), small(end));
        if style == ScalarStyle::Plain {
            match value {
                "" | "~" | "null" | "Null" | "NULL" => {
                    self.builder.null(from, to);
                    return;
                }
                "true" | "True" | "TRUE" => {
                    self.builder.boolean(from, to, true);
                    return;
                }
                "false" | "False" | "FALSE" => {
                    self.builder.boolean(from, to, false);
                    return;
                }
                _ if is_number(value) => {
                    self.builder.number(from, to);
                    return;
                }
                _ => {}
            }
        }
        if raw == value {
            self.builder.text(from, to, Coding::Plain);
        } else {
            let map = place::aligned(raw, value);
            self.builder.side_text(from, to, DecodedText { text: value.to_owned(), map });
        }
    }
}

/// The byte that a mark stands at.
fn byte(mark: &Marker, text: &str) -> usize {
    mark.byte_offset().unwrap_or(0).min(text.len())
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit()) && text.parse::<f64>().is_ok()
}
