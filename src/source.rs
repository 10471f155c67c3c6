//! Texts, byte ranges in them, and the way from a range back to the file on disk.
//!
//! Every message of adfslint points somewhere, and that somewhere is a [`Span`]: a range of bytes in the
//! UTF-8 text of one [`Source`]. A source is either a file (decoded once, whatever its encoding was) or a
//! text that was *embedded* in another one: a claim rule inside a JSON string, say. An embedded source
//! carries an [`OffsetMap`], so a range in the decoded rule can be said in bytes of the raw file.

mod index;
mod offset_map;

use std::sync::{Arc, OnceLock};

use self::index::TextIndex;
pub use self::offset_map::OffsetMap;

/// Names one text of a run. Small and `Copy`; meaningless outside the [`Sources`] that handed it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

impl SourceId {
    /// The number of the source, counted from zero in the order of adding.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in the UTF-8 text of one source: `start` is included, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that the range lies in.
    pub source: SourceId,
    /// First byte of the range.
    pub start: u32,
    /// Byte after the last one of the range.
    pub end: u32,
}

impl Span {
    /// A range of `source` from byte `start` up to byte `end`.
    pub fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end: end.max(start) }
    }

    /// Number of bytes in the range.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the range holds no byte at all.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// How the bytes of a file became text, as far as places need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, least significant byte first: what Windows PowerShell writes by default.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
    /// Windows code page 1252: what is left when a file is neither of the others.
    Windows1252,
}

impl Encoding {
    /// The name that a person knows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Where a source comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A file, or standard input: `bom` bytes of byte order mark were dropped before decoding.
    File {
        /// How its bytes were decoded.
        encoding: Encoding,
        /// Length of the byte order mark in bytes (0, 2 or 3).
        bom: u32,
    },
    /// A text that stood inside another source, decoded.
    Embedded {
        /// The raw text (without its quotes) in the source around it.
        within: Span,
        /// The way from an offset of the decoded text to an offset of the raw one.
        map: OffsetMap,
    },
}

/// A place as people count it: both from 1, columns in Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1. Lines end at LF.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// One text: a file, or a text embedded in another source.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: Arc<String>,
    /// The text before secrets were masked in it, if there were any.
    unmasked: Option<Arc<String>>,
    origin: Origin,
    index: OnceLock<TextIndex>,
}

impl Source {
    /// Path as the user gave it, `<stdin>`, or the title of an embedded text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, UTF-8, without byte order mark.
    pub fn text(&self) -> &Arc<String> {
        &self.text
    }

    /// The text with its secrets, if it holds any: for putting a file back on disk, and never for showing.
    pub fn unmasked(&self) -> Option<&Arc<String>> {
        self.unmasked.as_ref()
    }

    /// Where the text comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    fn index(&self) -> &TextIndex {
        self.index.get_or_init(|| TextIndex::of(&self.text))
    }
}

/// All texts of one run.
#[derive(Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// No text yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text read from `name`. Texts of 4 GiB and more cannot be addressed and are refused with `None`.
    pub fn add_file(&mut self, name: String, text: String, encoding: Encoding, bom: u32) -> Option<SourceId> {
        u32::try_from(text.len()).ok()?;
        self.push(name, text, Origin::File { encoding, bom })
    }

    /// Adds a decoded text that stands at `within` in another source; `title` is what a person calls it.
    pub fn embed(&mut self, title: String, text: String, within: Span, map: OffsetMap) -> Option<SourceId> {
        u32::try_from(text.len()).ok()?;
        self.push(title, text, Origin::Embedded { within, map })
    }

    fn push(&mut self, name: String, text: String, origin: Origin) -> Option<SourceId> {
        let id = SourceId(u32::try_from(self.list.len()).ok()?);
        let (text, index) = (Arc::new(text), OnceLock::new());
        self.list.push(Source { name, text, unmasked: None, origin, index });
        Some(id)
    }

    /// Takes back the mask, so that the text can be read once more from the beginning.
    pub fn unmask(&mut self, id: SourceId) {
        if let Some(source) = self.list.get_mut(id.index())
            && let Some(unmasked) = source.unmasked.take()
        {
            source.text = unmasked;
        }
    }

    /// Takes the text of a source in which secrets were masked. It must have the same lines, and characters of the same
    /// lengths: every place stays what it was.
    pub fn mask(&mut self, id: SourceId, masked: Arc<String>) {
        if let Some(source) = self.list.get_mut(id.index()) {
            let before = std::mem::replace(&mut source.text, masked);
            source.unmasked.get_or_insert(before);
        }
    }

    /// The source named by `id`, if `id` was handed out by this collection.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.index())
    }

    /// All sources with their names, in the order of adding.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(self.list.iter())
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The text of a range; empty when the range does not fit its source.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|source| source.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// The same place in the file on disk: follows embedded texts outwards until a file is reached.
    pub fn on_disk(&self, span: Span) -> Span {
        let mut here = span;
        // A text can only be embedded in an older one, so this ends.
        while let Some(Origin::Embedded { within, map }) = self.get(here.source).map(Source::origin) {
            let start = within.start + map.raw_start(here.start);
            let end = within.start + map.raw_end(here.end);
            here = Span::new(within.source, start.min(within.end), end.min(within.end));
        }
        here
    }

    /// Line and column of a byte of a source.
    pub fn position(&self, source: SourceId, offset: u32) -> Position {
        self.get(source)
            .map_or(Position { line: 1, column: 1 }, |found| found.index().position(&found.text, offset))
    }

    /// Offset in the bytes of the file on disk, which differ from the text's own if the file is not plain UTF-8.
    ///
    /// For an embedded source this is the offset in its decoded text: ask [`Sources::on_disk`] first.
    pub fn file_offset(&self, source: SourceId, offset: u32) -> u64 {
        let Some(found) = self.get(source) else { return u64::from(offset) };
        let Origin::File { encoding, bom } = found.origin else { return u64::from(offset) };
        let body = match encoding {
            Encoding::Utf8 => u64::from(offset),
            Encoding::Utf16Le | Encoding::Utf16Be => 2 * found.index().utf16_units(&found.text, offset),
            Encoding::Windows1252 => found.index().code_points(&found.text, offset),
        };
        body + u64::from(bom)
    }
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    fn file(text: &str, encoding: Encoding, bom: u32) -> (Sources, SourceId) {
        let mut sources = Sources::new();
        let id = sources.add_file("t".into(), text.into(), encoding, bom).unwrap();
        (sources, id)
    }

    #[test]
    fn positions_count_code_points_and_lines_from_one() {
        let (sources, id) = file("añ\n𝄞x", Encoding::Utf8, 0);
        assert_eq!(sources.position(id, 0), Position { line: 1, column: 1 });
        assert_eq!(sources.position(id, 3), Position { line: 1, column: 3 });
        assert_eq!(sources.position(id, 4), Position { line: 2, column: 1 });
        assert_eq!(sources.position(id, 8), Position { line: 2, column: 2 });
    }

    #[test]
    fn positions_agree_with_a_plain_count_across_blocks() {
        let text: String = (0..9000).map(|i| if i % 701 == 0 { '\n' } else { 'é' }).collect();
        let (sources, id) = file(&text, Encoding::Utf8, 0);
        for (offset, _) in text.char_indices().step_by(97) {
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            let found = sources.position(id, u32::try_from(offset).unwrap());
            assert_eq!((found.line as usize, found.column as usize), (line, column));
        }
    }

    #[test]
    fn file_offsets_count_the_bytes_on_disk() {
        let (sources, id) = file("é𝄞x", Encoding::Utf16Le, 2);
        assert_eq!(sources.file_offset(id, 2), 4);
        assert_eq!(sources.file_offset(id, 6), 8);
        let (sources, id) = file("é𝄞x", Encoding::Utf8, 3);
        assert_eq!(sources.file_offset(id, 6), 9);
    }

    #[test]
    fn escapes_map_to_their_whole_raw_text() {
        // decoded: a>b   raw: a\u003eb
        let mut map = OffsetMap::identity();
        map.push(1, 1, 1, 6);
        assert_eq!((map.raw_start(0), map.raw_end(1)), (0, 1));
        assert_eq!((map.raw_start(1), map.raw_end(2)), (1, 7));
        assert_eq!((map.raw_start(2), map.raw_end(3)), (7, 8));
    }

    #[test]
    fn dropped_text_lies_outside_both_neighbours() {
        // decoded: ab   raw: a<10 blanks>b
        let mut map = OffsetMap::identity();
        map.push(1, 0, 1, 10);
        assert_eq!((map.raw_start(0), map.raw_end(1)), (0, 1));
        assert_eq!((map.raw_start(1), map.raw_end(2)), (11, 12));
    }

    #[test]
    fn a_replaced_stretch_stands_for_all_that_was_written_there() {
        // decoded: a>SECRET>b   raw: a\u003eSEC<10 blanks>RET\u003eb
        let mut map = OffsetMap::identity();
        map.push(1, 1, 1, 6);
        map.push(5, 0, 10, 10);
        map.push(8, 1, 23, 6);
        let map = map.replaced(2, 8, 3);
        assert_eq!((map.raw_start(1), map.raw_end(2)), (1, 7));
        assert_eq!((map.raw_start(2), map.raw_end(5)), (7, 23));
        assert_eq!((map.raw_start(5), map.raw_end(6)), (23, 29));
        assert_eq!((map.raw_start(6), map.raw_end(7)), (29, 30));
    }

    #[test]
    fn an_embedded_place_is_found_on_disk() {
        let (mut sources, id) = file(r#"{"r": "a\u003eb"}"#, Encoding::Utf8, 0);
        let mut map = OffsetMap::identity();
        map.push(1, 1, 1, 6);
        let rule = sources.embed("rule".into(), "a>b".into(), Span::new(id, 7, 15), map).unwrap();
        assert_eq!(sources.slice(sources.on_disk(Span::new(rule, 1, 2))), r"\u003e");
        assert_eq!(sources.slice(sources.on_disk(Span::new(rule, 2, 3))), "b");
    }
}
