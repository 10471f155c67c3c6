//! Console text: `Format-List` wrapped at any width, and `netsh http show sslcert`.
//!
//! A value goes on over several lines; where a line was wrapped by the console, the pieces are joined as they were,
//! and where the value itself had a line break, it stays one. What the console cut off (`...`) is lost.

use pest::Parser;
use pest_derive::Parser;

use super::{Troubles, lost, small};
use crate::node::{Coding, DecodedText, Lost, Open, Tree, TreeBuilder};
use crate::source::OffsetMap;

#[derive(Parser)]
#[grammar = "../grammar/format_list.pest"]
struct Grammar;

/// Longest line that may hold a name; a longer one is only text.
const LONGEST: usize = 400;

/// One physical line.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    /// Without the line's end.
    end: usize,
}

/// What the grammar makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Blank,
    /// A command whose output follows.
    Command(usize, usize),
    /// A prompt without command, a row of dashes.
    Ornament,
    /// `Name : value`; places of the name, the colon and the value.
    Entry {
        name: (usize, usize),
        colon: usize,
        value: usize,
    },
    Text,
}

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder, _: &mut Troubles) -> Tree {
    let text_of_lines = lines(text);
    let blocks = blocks(text, &text_of_lines);
    let mut writer = Writer { text, builder, width: width(text, &text_of_lines, &blocks) };
    writer.write(&blocks);
    writer.builder.finish()
}

fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive('\n') {
        let body = piece.trim_end_matches(['\n', '\r']);
        found.push(Line { start, end: start + body.len() });
        start += piece.len();
    }
    found
}

fn form(text: &str, line: Line) -> Form {
    let body = text.get(line.start..line.end).unwrap_or("");
    if body.trim().is_empty() {
        return Form::Blank;
    }
    let head = (0..=LONGEST.min(body.len())).rev().find(|cut| body.is_char_boundary(*cut)).unwrap_or(0);
    let Some(parsed) = body.get(..head).and_then(|head| Grammar::parse(Rule::line, head).ok()) else {
        return Form::Text;
    };
    let Some(inner) = parsed.flatten().nth(1) else { return Form::Text };
    let at = |span: pest::Span<'_>| (line.start + span.start(), line.start + span.end());
    let form = inner.as_rule();
    let part = |wanted: Rule| inner.clone().into_inner().find(|part| part.as_rule() == wanted);
    match form {
        Rule::prompt | Rule::heading => match part(Rule::cmdlet) {
            Some(cmdlet) => {
                let (start, end) = at(cmdlet.as_span());
                Form::Command(start, end)
            }
            None => Form::Ornament,
        },
        Rule::rule => Form::Ornament,
        Rule::netsh_heading => Form::Command(line.start, line.start),
        Rule::entry => match (part(Rule::name), part(Rule::colon)) {
            (Some(name), Some(colon)) => {
                let colon = at(colon.as_span());
                let value = part(Rule::value).map_or(colon.1, |value| at(value.as_span()).0);
                Form::Entry { name: at(name.as_span()), colon: colon.0 - line.start, value }
            }
            _ => Form::Text,
        },
        _ => Form::Text,
    }
}

/// One property: its name and the pieces of its value.
#[derive(Debug)]
struct Entry {
    name: (usize, usize),
    pieces: Vec<Line>,
    /// Column of the value.
    column: usize,
}

/// The output of one command, or what stood before the first.
#[derive(Debug, Default)]
struct Block {
    command: Option<(usize, usize)>,
    objects: Vec<Vec<Entry>>,
}

/// Groups lines into commands, objects and properties.
fn blocks(text: &str, lines: &[Line]) -> Vec<Block> {
    let mut blocks = vec![Block::default()];
    let mut grouping = Grouping::default();
    for line in lines {
        let form = form(text, *line);
        grouping.take(text, *line, &form, &mut blocks);
    }
    blocks.retain(|block| block.command.is_some() || !block.objects.is_empty());
    blocks
}

#[derive(Default)]
struct Grouping {
    /// Column of the colons of the object that is read.
    colon: Option<usize>,
    after_blank: bool,
    blanks: usize,
    in_value: bool,
}

impl Grouping {
    fn take(&mut self, text: &str, line: Line, form: &Form, blocks: &mut Vec<Block>) {
        match form {
            Form::Command(start, end) => {
                blocks.push(Block { command: Some((*start, *end)), objects: Vec::new() });
                *self = Self::default();
            }
            Form::Ornament => {
                self.in_value = false;
                self.colon = None;
                self.after_blank = true;
            }
            Form::Blank => {
                self.blanks += 1;
                self.after_blank = true;
            }
            Form::Entry { name, colon, value } if self.belongs(text, *colon, *name, blocks) => {
                self.begin(text, line, *name, *colon, *value, blocks);
            }
            Form::Entry { .. } | Form::Text => self.go_on(line, blocks),
        }
    }

    /// Whether a line that looks like an entry is one: its colon stands where the others stand, or a new object
    /// begins.
    fn belongs(&self, text: &str, colon: usize, name: (usize, usize), blocks: &[Block]) -> bool {
        let _ = (text, name, blocks);
        match self.colon {
            None => true,
            Some(known) => {
                known == colon
                    || (self.after_blank && !self.in_value)
                    || self.after_blank && colon > known + 2
            }
        }
    }

    fn begin(
        &mut self,
        text: &str,
        line: Line,
        name: (usize, usize),
        colon: usize,
        value: usize,
        blocks: &mut [Block],
    ) {
        let Some(block) = blocks.last_mut() else { return };
        let label = text.get(name.0..name.1).unwrap_or("");
        let repeats = block.objects.last().is_some_and(|object| {
            object.iter().any(|entry| text.get(entry.name.0..entry.name.1) == Some(label))
        });
        let moved = self.colon.is_some_and(|known| known != colon);
        // netsh separates bindings by empty lines, and names them by address or by host.
        let is_netsh = block.command.is_some_and(|(start, end)| start == end);
        let separated = self.after_blank && (is_netsh || repeats || moved || self.colon.is_none());
        if block.objects.is_empty() || separated {
            block.objects.push(Vec::new());
        }
        self.colon = Some(colon);
        self.after_blank = false;
        self.blanks = 0;
        self.in_value = value < line.end;
        let column = (value - line.start).max(colon + 2);
        let pieces = vec![Line { start: value.min(line.end), end: line.end }];
        if let Some(object) = block.objects.last_mut() {
            object.push(Entry { name, pieces, column });
        }
    }

    /// A further line of a value: it stands at the value's column, or is text that was pasted without indent.
    fn go_on(&mut self, line: Line, blocks: &mut [Block]) {
        let entry =
            blocks.last_mut().and_then(|block| block.objects.last_mut()).and_then(|object| object.last_mut());
        let Some(entry) = entry else { return };
        if self.colon.is_none() {
            return;
        }
        for _ in 0..self.blanks {
            entry.pieces.push(Line { start: line.start, end: line.start });
        }
        self.blanks = 0;
        self.after_blank = false;
        self.in_value = true;
        entry.pieces.push(line);
    }
}

/// Cells of a value's line at which the console wraps, for the whole file; `None` if it does not wrap.
fn width(text: &str, lines: &[Line], blocks: &[Block]) -> Option<usize> {
    let cells = |line: &Line| text.get(line.start..line.end).map_or(0, |body| body.chars().count());
    let longest = lines.iter().map(cells).max()?;
    let times = lines.iter().filter(|line| cells(line) == longest).count();
    let indented =
        blocks.iter().flat_map(|block| block.objects.iter().flatten()).any(|entry| entry.pieces.len() > 1);
    (indented && longest >= 20 && (times > 1 || matches!(longest, 79 | 119))).then_some(longest)
}

struct Writer<'t> {
    text: &'t str,
    builder: TreeBuilder,
    width: Option<usize>,
}

impl Writer<'_> {
    fn write(&mut self, blocks: &[Block]) {
        let end = small(self.text.len());
        let root = self.builder.open_list(0);
        for block in blocks {
            match block.command {
                Some((start, stop)) if stop > start => {
                    let start = small(start);
                    let open = self.builder.open_map(start);
                    self.builder.text(start, small(stop), Coding::Plain);
                    let list = self.builder.open_list(start);
                    self.objects(block);
                    self.builder.close(list, end);
                    self.builder.close(open, end);
                }
                _ => self.objects(block),
            }
        }
        self.builder.close(root, end);
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
        if body.is_empty() {
            self.builder.null(small(start), small(end));
        } else if body.starts_with('{') && is_collection(body) {
            self.collection(body, &joined, start, end);
        } else if let Some(how) = lost::trace(body) {
            self.builder.truncated(small(start), small(end), how, Coding::Plain);
        } else if entry.pieces.len() == 1 {
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
            let gap = match previous {
                None => "",
                Some((line, before)) => self.gap(line, before, body, entry),
            };
            let raw_end = previous.map_or(from, |(line, _)| line.end);
            if previous.is_some() {
                let decoded = small(joined.text.len());
                joined.map.push(
                    decoded,
                    small(gap.len()),
                    small(raw_end - start),
                    small(from.saturating_sub(raw_end)),
                );
            }
            joined.text.push_str(gap);
            joined.text.push_str(body);
            previous = Some((*piece, body));
        }
        if entry.pieces.len() == 1 {
            joined.map = OffsetMap::identity();
        }
        joined
    }

    /// The part of a line that belongs to the value: without the indent to the value's column.
    fn unindent(&self, entry: &Entry, piece: Line) -> (usize, &str) {
        let body = self.text.get(piece.start..piece.end).unwrap_or("");
        if entry.pieces.first().is_some_and(|first| first.start == piece.start) {
            return (piece.start, body);
        }
        let indent = body.bytes().take(entry.column).take_while(|byte| *byte == b' ').count();
        (piece.start + indent, body.get(indent..).unwrap_or(""))
    }

    /// What stands between two lines of a value: nothing where the console wrapped, a line break otherwise.
    fn gap(&self, line: Line, before: &str, after: &str, entry: &Entry) -> &'static str {
        let begins_rule = after.starts_with(" =>") || after.starts_with(" &&") || after.starts_with("@Rule");
        if after.is_empty() || before.is_empty() || begins_rule {
            return "\r\n";
        }
        if before.ends_with([' ', '\t']) {
            return "";
        }
        let Some(width) = self.width else { return "\r\n" };
        let first = entry.pieces.first().is_some_and(|first| first.start == line.start);
        let indent = if first { entry.column } else { 0 };
        let cells = indent + self.text.get(line.start..line.end).map_or(0, |text| text.chars().count());
        if cells >= width {
            return "";
        }
        // The file may have lost the blanks at its lines' ends: would the next word have fitted?
        let word = after.split(' ').next().unwrap_or("").chars().count();
        if self.has_trailing_blanks() || cells + 1 + word < width { "\r\n" } else { " " }
    }

    fn has_trailing_blanks(&self) -> bool {
        self.text.contains(" \r\n") || self.text.contains(" \n")
    }

    fn collection(&mut self, body: &str, joined: &DecodedText, start: usize, end: usize) {
        let place = |at: usize, is_end: bool| {
            let at = small(at);
            let raw = if is_end { joined.map.raw_end(at) } else { joined.map.raw_start(at) };
            small(start) + raw
        };
        let list = self.builder.open_list(small(start));
        let inside = body.get(1..body.len().saturating_sub(1)).unwrap_or("");
        let cut = inside.ends_with("...") || inside.ends_with('…');
        let inside = inside.trim_end_matches(['.', '…']).len();
        let inside = body.get(1..=inside).unwrap_or("");
        let mut at = 1;
        for item in inside.split(", ").filter(|_| !inside.is_empty()) {
            let text = item.trim();
            let from = at + (item.len() - item.trim_start().len());
            let (raw_start, raw_end) = (place(from, false), place(from + text.len(), true));
            if let Some(how) = lost::trace(text) {
                self.builder.truncated(raw_start, raw_end, how, Coding::Plain);
            } else {
                let text = text.to_owned();
                self.builder.side_text(raw_start, raw_end, DecodedText { text, map: OffsetMap::identity() });
            }
            at += item.len() + 2;
        }
        if cut {
            self.builder.truncated(small(end), small(end), Lost::Ellipsis, Coding::Plain);
            self.builder.close_incomplete(list, small(end));
        } else {
            self.builder.close(list, small(end));
        }
    }
}

/// `{a, b}` and not a text that happens to begin with a brace, such as `{0}` or a GUID.
fn is_collection(body: &str) -> bool {
    let is_guid = body.len() == 38 && body.bytes().filter(|byte| *byte == b'-').count() == 4;
    body.ends_with('}') && !is_guid
}
