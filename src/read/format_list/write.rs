//! From the lines of a value to the value, as the console wrapped it.

use super::blocks::{Block, Entry, Remains};
use super::collection::{Collection, collection};
use crate::node::{Coding, DecodedText, Lost, NodeIndex, Open, Tree, TreeBuilder};
use crate::read::lines::{self, Line};
use crate::read::{lost, small};
use crate::source::OffsetMap;

/// Writes the tree of a text.
pub(super) fn write(text: &str, builder: TreeBuilder, blocks: &[Block]) -> Tree {
    let has_trailing_blanks = text.contains(" \r\n") || text.contains(" \n");
    let mut writer = Writer { text, builder, width: width(text, blocks), has_trailing_blanks };
    writer.blocks(blocks);
    writer.builder.finish()
}

/// Widest console whose wrapping is told by the length of lines alone. A longer line that occurs twice is more likely a
/// claim rule that does.
const WIDEST: usize = 200;

/// Cells of a line at which the console wraps values; `None` if it does not wrap.
fn width(text: &str, blocks: &[Block]) -> Option<usize> {
    let (mut longest, mut times, mut breaks_at_blanks, mut goes_on) = (0, 0, false, false);
    for entry in blocks.iter().flat_map(|block| block.objects.iter().flatten()) {
        goes_on |= entry.pieces.len() > 1;
        for (number, piece) in entry.pieces.iter().enumerate() {
            let cells = cells(text, entry, *piece);
            if cells > longest {
                (longest, times) = (cells, 0);
            }
            times += usize::from(cells == longest);
            breaks_at_blanks |= number + 1 < entry.pieces.len()
                && piece.of(text).ends_with(' ')
                && !piece.of(text).trim().is_empty();
        }
    }
    let is_width = matches!(longest, 79 | 119) || times > 1 && (breaks_at_blanks || longest <= WIDEST);
    (goes_on && longest >= 20 && is_width).then_some(longest)
}

/// Columns that the physical line of a piece takes.
fn cells(text: &str, entry: &Entry, piece: Line) -> usize {
    let indent = if is_first(entry, piece) { entry.column } else { 0 };
    indent + lines::plain(piece.of(text)).chars().count()
}

fn is_first(entry: &Entry, piece: Line) -> bool {
    entry.pieces.first().is_some_and(|first| first.start == piece.start)
}

struct Writer<'t> {
    text: &'t str,
    builder: TreeBuilder,
    width: Option<usize>,
    has_trailing_blanks: bool,
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        let end = small(self.text.len());
        let root = self.builder.open_list(0);
        for block in blocks {
            match block.command {
                Some((start, stop)) if stop > start => {
                    let open = self.builder.open_map(small(start));
                    self.builder.text(small(start), small(stop), Coding::Plain);
                    self.printed(block, start, stop);
                    self.builder.close(open, end);
                }
                _ => self.objects(block),
            }
        }
        // A console that shows nothing but an error, or a table, does not say that there is nothing.
        let is_lost = blocks.iter().any(|block| block.remains.is_some() && block.objects.is_empty());
        if is_lost {
            self.builder.close_incomplete(root, end);
        } else {
            self.builder.close(root, end);
        }
    }

    /// What stands below a command: its objects, or what is left of them.
    fn printed(&mut self, block: &Block, start: usize, stop: usize) -> NodeIndex {
        if let (Some((what, place)), true) = (block.remains, block.objects.is_empty()) {
            let (from, to) = (small(place.start), small(place.end));
            return match what {
                Remains::Text => self.builder.text(from, to, Coding::Plain),
                Remains::Table => self.builder.truncated(from, to, Lost::Ellipsis, Coding::Plain),
                Remains::Failure => self.builder.truncated(from, to, Lost::CollectorError, Coding::Plain),
            };
        }
        let list = self.builder.open_list(small(start));
        let index = list.index();
        self.objects(block);
        if block.is_whole && block.remains.is_none_or(|(what, _)| what == Remains::Text) {
            self.builder.close(list, small(stop));
        } else {
            self.builder.close_incomplete(list, small(stop));
        }
        index
    }

    fn objects(&mut self, block: &Block) {
        for object in &block.objects {
            let (Some(first), Some(last)) = (object.first(), object.last()) else { continue };
            let open: Open = self.builder.open_map(small(first.name.0));
            for entry in object {
                self.builder.text(small(entry.name.0), small(entry.name.1), Coding::Plain);
                self.value(entry);
            }
            self.builder.close(open, small(last.pieces.last().map_or(last.name.1, |piece| piece.end)));
        }
    }

    fn value(&mut self, entry: &Entry) {
        let start = entry.pieces.first().map_or(entry.name.1, |piece| piece.start);
        let end = entry.pieces.last().map_or(start, |piece| piece.end);
        let joined = self.join(entry, start);
        let body = joined.text.trim_end();
        let raw = self.text.get(start..start + body.len());
        if body.is_empty() {
            self.builder.null(small(start), small(end));
        } else if let Some(parts) = collection(body) {
            self.collection(&parts, &joined, start, end);
        } else if let Some(how) = lost::trace(body) {
            self.builder.truncated(small(start), small(end), how, Coding::Plain);
        } else if entry.pieces.len() == 1 && raw == Some(body) {
            self.builder.text(small(start), small(start + body.len()), Coding::Plain);
        } else {
            let text = body.to_owned();
            self.builder.side_text(small(start), small(end), DecodedText { text, map: joined.map });
        }
    }

    /// Puts the pieces of a value together; offsets of the map count from `start`.
    fn join(&self, entry: &Entry, start: usize) -> DecodedText {
        let mut joined = DecodedText::default();
        let mut previous: Option<(Line, &str)> = None;
        for piece in &entry.pieces {
            let (from, body) = self.unindent(entry, *piece);
            if let Some((line, before)) = previous {
                let gap = self.gap(line, before, body, entry);
                let raw = from.saturating_sub(line.end);
                joined.map.push(
                    small(joined.text.len()),
                    small(gap.len()),
                    small(line.end - start),
                    small(raw),
                );
                joined.text.push_str(gap);
            }
            append(&mut joined, body, from - start);
            previous = Some((*piece, body));
        }
        joined
    }

    /// The part of a line that belongs to the value: without the indent to the value's column.
    fn unindent(&self, entry: &Entry, piece: Line) -> (usize, &str) {
        let body = piece.of(self.text);
        if is_first(entry, piece) {
            return (piece.start, body);
        }
        let indent = body.bytes().take(entry.column).take_while(|byte| *byte == b' ').count();
        (piece.start + indent, body.get(indent..).unwrap_or(""))
    }

    /// What stands between two lines of a value: nothing where the console wrapped, a line break otherwise.
    fn gap(&self, line: Line, before: &str, after: &str, entry: &Entry) -> &'static str {
        // A claim rule begins or ends here, also where the line happens to be full.
        let begins_rule = after.starts_with(" =>") || after.starts_with(" &&") || after.starts_with("@Rule");
        if after.is_empty() || before.is_empty() || begins_rule || before.ends_with(");") {
            return "\r\n";
        }
        if before.ends_with([' ', '\t']) {
            return "";
        }
        let Some(width) = self.width else { return "\r\n" };
        let cells = cells(self.text, entry, line);
        if cells >= width {
            return "";
        }
        // The file may have lost the blanks at its lines' ends: would the next word have fitted?
        let word = after.split(' ').next().unwrap_or("").chars().count();
        if self.has_trailing_blanks || cells + 1 + word < width { "\r\n" } else { " " }
    }

    fn collection(&mut self, parts: &Collection, joined: &DecodedText, start: usize, end: usize) {
        let list = self.builder.open_list(small(start));
        for item in &parts.items {
            self.part(*item, joined, start);
        }
        for (name, value) in &parts.entries {
            // The form that CLIXML gives to the entries of a dictionary.
            let open = self.builder.open_map(place(*name, joined, start).0);
            self.named("Key", *name, joined, start);
            self.named("Value", *value, joined, start);
            self.builder.close(open, place(*value, joined, start).1);
        }
        if parts.is_cut {
            self.builder.truncated(small(end), small(end), Lost::Ellipsis, Coding::Plain);
            self.builder.close_incomplete(list, small(end));
        } else {
            self.builder.close(list, small(end));
        }
    }

    fn named(&mut self, name: &str, part: (usize, usize), joined: &DecodedText, start: usize) {
        let (from, _) = place(part, joined, start);
        let text = name.to_owned();
        self.builder.side_text(from, from, DecodedText { text, map: OffsetMap::identity() });
        self.part(part, joined, start);
    }

    fn part(&mut self, part: (usize, usize), joined: &DecodedText, start: usize) {
        let text = joined.text.get(part.0..part.1).unwrap_or("");
        let (from, to) = place(part, joined, start);
        if let Some(how) = lost::trace(text) {
            self.builder.truncated(from, to, how, Coding::Plain);
        } else if self.text.get(from as usize..to as usize) == Some(text) {
            self.builder.text(from, to, Coding::Plain);
        } else {
            let map = joined.map.part(small(part.0), small(part.1), from - small(start));
            let text = text.to_owned();
            self.builder.side_text(from, to, DecodedText { text, map });
        }
    }
}

/// Bytes of the file that a part of a value stands at.
fn place(part: (usize, usize), joined: &DecodedText, start: usize) -> (u32, u32) {
    let raw = |offset: u32| small(start).saturating_add(offset);
    let from = raw(joined.map.raw_start(small(part.0)));
    (from, raw(joined.map.raw_end(small(part.1))).max(from))
}

/// Adds a piece without its colours, which stay out of the text and in the map.
fn append(joined: &mut DecodedText, body: &str, from: usize) {
    let mut at = 0;
    for (start, length) in lines::colours(body) {
        joined.text.push_str(body.get(at..start).unwrap_or(""));
        joined.map.push(small(joined.text.len()), 0, small(from + start), small(length));
        at = start + length;
    }
    joined.text.push_str(body.get(at..).unwrap_or(""));
}
