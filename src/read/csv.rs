//! `Export-Csv`: a line of names, then a record an object; with or without `#TYPE`, whatever the delimiter.
//!
//! A cell holds what `ToString()` gives. A list or an object becomes the name of its type: a loss, and no value.
//! PowerShell quotes every cell but that of a null, so there `""` is an empty text and nothing is a null. Where a file
//! has values without quotes (a spreadsheet wrote it, or `-UseQuotes AsNeeded`), an empty cell may be either, and is lost.

use super::{Troubles, lost, small};
use crate::node::{Coding, Lost, Tree, TreeBuilder};

/// What may stand between cells: the comma, what `-UseCulture` takes in most of Europe, and what people ask for.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Most names of a header; AD FS's own objects have less than a hundred.
const COLUMNS: usize = 2_000;
/// What Excel writes, and reads, before the header to tell the delimiter.
const SEPARATOR: &str = "sep=";

const UNCLOSED: &str = "The file is cut off or damaged here; export it again. What stands before was read.";

/// One cell: where its text stands, and whether in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    start: usize,
    end: usize,
    quoted: bool,
    /// The closing quote is there, and nothing behind it.
    whole: bool,
}

impl Cell {
    fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Whether a text begins like CSV: `#TYPE`, or a line of names.
pub(super) fn is_csv(head: &str) -> bool {
    if head.starts_with("#TYPE ") || head.starts_with(SEPARATOR) {
        return true;
    }
    let line = head.lines().next().unwrap_or("");
    let delimiter = delimiter(line);
    let names = Scanner { text: line, at: 0, delimiter }.record();
    let is_header = names.iter().all(|cell| cell.whole && is_name(cell.of(line)));
    // Words without quotes are a header only if there are several, and as many cells below them; a single word is one
    // only above quotes.
    let quoted = names.iter().all(|cell| cell.quoted);
    let below = head.get(line.len()..).map_or("", |rest| rest.trim_start_matches(['\r', '\n']));
    let cells = Scanner { text: below, at: 0, delimiter }.record();
    is_header
        && match names.len() {
            1 => below.starts_with('"') && !line.contains([' ', ':']),
            _ => quoted || cells.len() == names.len(),
        }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. :".contains(&byte))
}

/// The delimiter that makes the most of a header.
fn delimiter(header: &str) -> u8 {
    let told = header.strip_prefix(SEPARATOR).and_then(|rest| rest.bytes().next());
    let cells = |delimiter: u8| Scanner { text: header, at: 0, delimiter }.record().len();
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| cells(*delimiter));
    told.or(best).unwrap_or(b',')
}

/// Reads a text: a list of maps.
pub(super) fn read(text: &str, mut builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let root = builder.open_list(0);
    let mut reader = Reader { text, builder, troubles, table: Table::default(), damaged: false };
    let mut at = 0;
    while let Some(next) = reader.line(at) {
        at = next;
    }
    let Reader { mut builder, damaged, .. } = reader;
    if damaged {
        builder.close_incomplete(root, small(text.len()));
    } else {
        builder.close(root, small(text.len()));
    }
    builder.finish()
}

/// The header above the records that are read.
#[derive(Debug, Default)]
struct Table {
    types: Vec<String>,
    delimiter: Option<u8>,
    names: Vec<Cell>,
    /// Every value stands in quotes, so that a cell without them is a null.
    quotes_all: bool,
}

struct Reader<'t, 'p> {
    text: &'t str,
    builder: TreeBuilder,
    troubles: &'p mut Troubles,
    table: Table,
    damaged: bool,
}

impl Reader<'_, '_> {
    /// Reads the record, header or type that begins at `at`, and gives the place behind it.
    fn line(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..).filter(|rest| !rest.is_empty())?;
        let line = rest.get(..rest.find(['\r', '\n']).unwrap_or(rest.len())).unwrap_or("");
        let next = at + line.len() + line_end(rest.get(line.len()..).unwrap_or(""));
        if line.trim().is_empty() {
            return Some(next);
        }
        if let Some(name) = line.strip_prefix("#TYPE ") {
            // Below it another table begins.
            self.table = Table { types: vec![name.trim().to_owned()], ..Table::default() };
            return Some(next);
        }
        if self.table.names.is_empty() && line.starts_with(SEPARATOR) {
            self.table.delimiter = Some(delimiter(line));
            return Some(next);
        }
        let delimiter = *self.table.delimiter.get_or_insert_with(|| delimiter(line));
        let mut scanner = Scanner { text: self.text, at, delimiter };
        let cells = scanner.record();
        if self.table.names.is_empty() {
            self.header(cells, scanner.at);
        } else if !self.is_header_again(&cells) {
            self.record(&cells);
        }
        Some(scanner.at)
    }

    fn header(&mut self, names: Vec<Cell>, body: usize) {
        let (start, end) = places(&names);
        if let [only] = names.as_slice()
            && only.of(self.text) == "Length"
        {
            let help = "Texts have no properties to export but their length. Use `| Out-File` for a text.";
            self.troubles.warn(start, end, "Export-Csv wrote the length of a text, and not the text.", help);
            self.damaged = true;
        }
        self.table.names = names;
        self.table.names.truncate(COLUMNS);
        self.table.quotes_all = self.quotes_all(body);
    }

    /// Whether no record, to the end of the file, has a value without quotes.
    fn quotes_all(&self, body: usize) -> bool {
        let Some(delimiter) = self.table.delimiter else { return false };
        let mut scanner = Scanner { text: self.text, at: body, delimiter };
        let mut quotes = self.table.names.iter().all(|name| name.quoted);
        while quotes && scanner.at < self.text.len() {
            let at = scanner.at;
            let is_type = self.text.get(at..).is_some_and(|rest| rest.starts_with("#TYPE "));
            let cells = scanner.record();
            quotes = is_type || cells.iter().all(|cell| cell.quoted || cell.of(self.text).trim().is_empty());
        }
        quotes
    }

    /// The same line of names once more: files that were put together.
    fn is_header_again(&self, cells: &[Cell]) -> bool {
        let same = |(one, other): (&Cell, &Cell)| one.of(self.text) == other.of(self.text);
        cells.len() == self.table.names.len() && cells.iter().zip(&self.table.names).all(same)
    }

    fn record(&mut self, cells: &[Cell]) {
        let names = std::mem::take(&mut self.table.names);
        let (start, end) = places(cells);
        let too_many = cells.len() > names.len();
        let unclosed = cells.iter().find(|cell| !cell.whole);
        if let Some(cell) = unclosed {
            let told = self.text.get(cell.start..).and_then(|rest| rest.find(['\r', '\n']));
            let to = told.map_or(cell.end, |length| cell.start + length);
            self.troubles.error(cell.start, to, "The text that begins here is not closed.", UNCLOSED);
        } else if cells.len() != names.len() {
            let first = self.text.get(start..end).and_then(|rest| rest.find(['\r', '\n']));
            let to = first.map_or(end, |length| start + length);
            let message = format!("This record has {} cells, and the header {}.", cells.len(), names.len());
            self.troubles.error(
                start,
                to,
                message,
                "Export it again; or quote the cells that hold a delimiter.",
            );
        }
        self.damaged |= unclosed.is_some() || cells.len() != names.len();
        let open = self.builder.open_typed_map(small(start), &self.table.types);
        for (number, name) in names.iter().enumerate() {
            self.builder.text(small(name.start), small(name.end), coding(*name));
            match cells.get(number) {
                // Which cell belongs to which name, nobody can tell.
                Some(cell) if too_many || !cell.whole => self.lost(*cell, Lost::Damaged),
                Some(cell) => self.value(*cell),
                None => self.lost(Cell { start: end, end, quoted: false, whole: false }, Lost::Damaged),
            }
        }
        self.builder.close(open, small(end));
        self.table.names = names;
    }

    fn lost(&mut self, cell: Cell, how: Lost) {
        self.builder.truncated(small(cell.start), small(cell.end), how, coding(cell));
    }

    fn value(&mut self, cell: Cell) {
        let raw = cell.of(self.text);
        let trace = lost::trace(raw).map(|how| if how == Lost::Depth { Lost::Flat } else { how });
        match trace {
            Some(how) => self.lost(cell, how),
            None if raw.is_empty() && !cell.quoted && !self.table.quotes_all => {
                self.lost(cell, Lost::EmptyCell);
            }
            None if raw.is_empty() && !cell.quoted => {
                self.builder.null(small(cell.start), small(cell.end));
            }
            None => {
                self.builder.text(small(cell.start), small(cell.end), coding(cell));
            }
        }
    }
}

fn coding(cell: Cell) -> Coding {
    if cell.quoted { Coding::Doubled } else { Coding::Plain }
}

fn places(cells: &[Cell]) -> (usize, usize) {
    (cells.first().map_or(0, |cell| cell.start), cells.last().map_or(0, |cell| cell.end))
}

fn line_end(rest: &str) -> usize {
    if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}

/// Goes through a text record by record.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    delimiter: u8,
}

impl Scanner<'_> {
    /// The cells up to the end of a line that stands in no quotes.
    fn record(&mut self) -> Vec<Cell> {
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell());
            let next = self.text.as_bytes().get(self.at).copied();
            if next == Some(self.delimiter) {
                self.at += 1;
            } else {
                self.at += line_end(self.text.get(self.at..).unwrap_or(""));
                return cells;
            }
        }
    }

    /// A cell; stands behind it at the delimiter, the end of the line or the end of the text.
    fn cell(&mut self) -> Cell {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) != Some(&b'"') {
            let start = self.at;
            self.at = self.plain_end(start);
            return Cell { start, end: self.at, quoted: false, whole: true };
        }
        let start = self.at + 1;
        let mut at = start;
        loop {
            let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) else {
                self.at = bytes.len();
                return Cell { start, end: bytes.len(), quoted: true, whole: false };
            };
            at += found;
            if bytes.get(at + 1) != Some(&b'"') {
                break;
            }
            at += 2;
        }
        self.at = self.plain_end(at + 1);
        let whole = self.text.get(at + 1..self.at).is_some_and(|behind| behind.trim_matches(' ').is_empty());
        Cell { start, end: at, quoted: true, whole }
    }

    fn plain_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or(&[]);
        from + memchr::memchr3(self.delimiter, b'\r', b'\n', rest).unwrap_or(rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_told_from_other_texts() {
        for text in [
            "#TYPE A\r\n\"Name\"\r\n",
            "\"Name\",\"Enabled\"\r\n\"a\",\"True\"\r\n",
            "\"Name\"\n\"a\"\n",
            "Name;Enabled;Identifier\na;True;x\n",
            "Name\tEnabled\tIdentifier\na\tTrue\tx\n",
            "sep=;\r\nName;Enabled\r\na;True\r\n",
        ] {
            assert!(is_csv(text), "{text}");
        }
        for text in [
            "\"a text\"",
            "Dear colleague, read this, please",
            "\"c:[Type == \\\"urn:a\\\"]\"",
            "one two\nthree\n",
            "Name: a\nEnabled: true\n",
        ] {
            assert!(!is_csv(text), "{text}");
        }
    }
}
