//! Groups the lines of a console into commands, objects and properties.

use std::collections::HashSet;

use super::form::{Form, form};
use crate::read::lines::Line;

/// One property: its name and the pieces of its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: (usize, usize),
    pub pieces: Vec<Line>,
    /// Column of the value.
    pub column: usize,
}

/// What a command printed besides objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remains {
    /// An error.
    Failure,
    /// A table, whose cells are cut.
    Table,
    /// Something else.
    Text,
}

/// The output of one command, or what stood around them.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub command: Option<(usize, usize)>,
    /// The command prints every object that there is.
    pub is_whole: bool,
    pub objects: Vec<Vec<Entry>>,
    /// What is no object: the first kind of it, and from where to where.
    pub remains: Option<(Remains, Line)>,
}

/// Groups lines.
pub(super) fn group(text: &str, lines: &[Line]) -> Vec<Block> {
    let mut grouping = Grouping { text, blocks: vec![Block::default()], ..Grouping::default() };
    for line in lines {
        grouping.take(*line);
    }
    let is_something = |block: &Block| {
        block.command.is_some()
            || !block.objects.is_empty()
            || block.remains.is_some_and(|(what, _)| what != Remains::Text)
    };
    grouping.blocks.retain(is_something);
    grouping.blocks
}

#[derive(Default)]
struct Grouping<'t> {
    text: &'t str,
    blocks: Vec<Block>,
    /// Column of the colons of the object that is read.
    colon: Option<usize>,
    /// Names of that object's properties.
    names: HashSet<&'t str>,
    /// Empty lines just before.
    blanks: usize,
    in_value: bool,
    /// Inside the words at the beginning or the end of a transcript.
    in_frame: bool,
    /// Below a table or an error, whose lines are no values.
    in_remains: bool,
    /// Text without indent below an object, and the column of its colons: where the object goes on behind the text,
    /// it was a value that lost its indent.
    pending: Option<(usize, Vec<Line>)>,
}

impl Grouping<'_> {
    fn take(&mut self, line: Line) {
        let found = form(self.text, line);
        if self.in_frame && !matches!(found, Form::Frame | Form::Prompt | Form::Command { .. }) {
            return;
        }
        match found {
            Form::Command { name, is_whole } => self.new_block(Some(name), is_whole),
            Form::Prompt => self.new_block(None, false),
            Form::Frame => {
                let was_in_frame = self.in_frame;
                self.new_block(None, false);
                self.in_frame = !was_in_frame;
            }
            Form::Ornament => {
                self.end_object();
                self.blanks += 1;
            }
            Form::Columns => self.begin_table(line),
            Form::Failure => {
                self.pending = None;
                self.remain(Remains::Failure, line);
            }
            Form::Blank => self.blanks += 1,
            Form::Entry { name, indent, colon, value, column } if self.belongs(indent, colon) => {
                self.begin(line, name, colon, value, column);
            }
            Form::Entry { .. } | Form::Text => self.go_on(line),
        }
    }

    fn new_block(&mut self, command: Option<(usize, usize)>, is_whole: bool) {
        let blocks = std::mem::take(&mut self.blocks);
        *self = Self { text: self.text, blocks, ..Self::default() };
        self.blocks.push(Block { command, is_whole, ..Block::default() });
    }

    fn end_object(&mut self) {
        self.colon = None;
        self.in_value = false;
        self.in_remains = false;
    }

    /// Whether a line that looks like an entry is one: its colon stands where the others stand, or a new object
    /// begins. Below an empty line a value goes on only with an indent.
    fn belongs(&self, indent: usize, colon: usize) -> bool {
        match self.colon {
            None => true,
            Some(known) if known == colon => true,
            Some(known) => self.blanks > 0 && (indent == 0 || !self.in_value || colon > known + 2),
        }
    }

    fn begin(&mut self, line: Line, name: (usize, usize), colon: usize, value: usize, column: usize) {
        let text = self.text;
        let Some(block) = self.blocks.last_mut() else { return };
        let label = text.get(name.0..name.1).unwrap_or("");
        let repeats = self.names.contains(label);
        let goes_on = self.pending.take().filter(|(known, _)| *known == colon && !repeats);
        if let Some((_, lines)) = goes_on
            && let Some(entry) = block.objects.last_mut().and_then(|object| object.last_mut())
        {
            entry.pieces.extend(lines);
            self.colon = Some(colon);
        }
        let moved = self.colon.is_some_and(|known| known != colon);
        // netsh separates bindings by empty lines, and names them by address or by host.
        let is_netsh = block.command.is_some_and(|(start, end)| start == end);
        let separated =
            (self.blanks > 0 || self.in_remains) && (is_netsh || repeats || moved || self.colon.is_none());
        if block.objects.is_empty() || separated {
            block.objects.push(Vec::new());
            self.names.clear();
        }
        self.names.insert(label);
        self.colon = Some(colon);
        self.blanks = 0;
        self.in_value = value < line.end;
        self.in_remains = false;
        let pieces = vec![Line { start: value.min(line.end), end: line.end }];
        if let Some(object) = block.objects.last_mut() {
            object.push(Entry { name, pieces, column });
        }
    }

    /// A further line of a value: it stands at the value's column, or is text that was pasted without indent.
    fn go_on(&mut self, line: Line) {
        let is_foreign = self.blanks > 0 && is_foreign(line.of(self.text));
        let blanks = std::mem::take(&mut self.blanks);
        let entry = self.blocks.last_mut().and_then(|block| block.objects.last_mut()?.last_mut());
        match entry {
            Some(entry) if self.colon.is_some() && !self.in_remains && !is_foreign => {
                let empty = Line { start: line.start, end: line.start };
                entry.pieces.extend(std::iter::repeat_n(empty, blanks));
                entry.pieces.push(line);
                self.in_value = true;
            }
            _ => {
                let empty = Line { start: line.start, end: line.start };
                let lines = std::iter::repeat_n(empty, blanks).chain([line]);
                match (&mut self.pending, self.colon) {
                    (Some((_, known)), _) => known.extend(lines),
                    (none, Some(colon)) => *none = Some((colon, lines.collect())),
                    _ => {}
                }
                self.remain(Remains::Text, line);
            }
        }
    }

    /// The headings of a table were taken for something else.
    fn begin_table(&mut self, line: Line) {
        let block = self.blocks.last_mut();
        if let Some(entry) = block.and_then(|block| block.objects.last_mut()?.last_mut())
            && self.colon.is_some()
            && entry.pieces.len() > 1
        {
            entry.pieces.pop();
        }
        self.pending = None;
        self.remain(Remains::Table, line);
    }

    fn remain(&mut self, what: Remains, line: Line) {
        self.colon = None;
        self.in_value = false;
        self.blanks = 0;
        self.in_remains = true;
        let Some(block) = self.blocks.last_mut() else { return };
        match &mut block.remains {
            Some((known, place)) => {
                place.end = line.end;
                if *known == Remains::Text {
                    *known = what;
                }
            }
            none => *none = Some((what, line)),
        }
    }
}

/// Text that stands below an object and is no part of it. Only a claim rule that was pasted goes on without indent.
fn is_foreign(line: &str) -> bool {
    if line.starts_with([' ', '\t']) {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    let begins =
        ["@rule", "=>", "&&", "[", "exists", "not ", "not(", "count", "issue", "add", "#", "//", "\""];
    let word = lower.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let is_named = word > 0 && lower.get(word..).is_some_and(|rest| rest.trim_start().starts_with(":["));
    !is_named && !begins.iter().any(|start| lower.starts_with(start))
}
