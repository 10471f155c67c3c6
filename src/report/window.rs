//! Excerpts of texts for people: never a line of twenty megabytes, never a control character.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{Position, SourceId, Sources, Span};

/// Columns that the number of a line, the frame and the marks of what was cut away take.
const FRAME: usize = 14;

/// Characters of a long line that are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    before: usize,
    after: usize,
}

impl Room {
    /// As much as helps to find the place.
    pub const ROOMY: Self = Self { before: 48, after: 96 };

    /// What fits into a terminal, so that the line under the text stays under it.
    pub fn within(columns: usize) -> Self {
        let all = columns.saturating_sub(FRAME).clamp(30, Self::ROOMY.before + Self::ROOMY.after);
        Self { before: all / 3, after: all - all / 3 }
    }
}
/// Lines between two labels of one excerpt.
const APART: u32 = 8;
/// Bytes that one excerpt may cover.
const REACH: u32 = 4000;
/// Characters of a name or a sentence that are shown.
const LONGEST: usize = 600;

/// A label in an excerpt: offset and length there, and words.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Offset in the excerpt.
    pub start: usize,
    /// Length there.
    pub length: usize,
    /// What to say.
    pub text: String,
}

/// Some lines of a source, fit to be shown.
#[derive(Debug, Clone)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    first_line: usize,
    /// Where each label really stands, by its offset in the excerpt.
    places: Vec<(usize, Position)>,
    /// Offset of the label that the heading names, if it is not simply the first one.
    pub main: Option<usize>,
    /// The labels.
    pub marks: Vec<Mark>,
}

impl Excerpt {
    /// Excerpts that show the given places of one source; places far from each other get one each.
    pub fn of(
        sources: &Sources,
        source: SourceId,
        name: &str,
        labels: &[(Span, String)],
        room: Room,
    ) -> Vec<Self> {
        let mut sorted: Vec<&(Span, String)> = labels.iter().collect();
        sorted.sort_by_key(|(span, _)| (span.start, span.end));
        let mut groups: Vec<Vec<&(Span, String)>> = Vec::new();
        for label in sorted {
            let is_near = groups.last().is_some_and(|group| is_near(sources, source, group, label.0, room));
            match groups.last_mut().filter(|_| is_near) {
                Some(group) => group.push(label),
                None => groups.push(vec![label]),
            }
        }
        // The first label given is the one to look at first, wherever in the text it stands.
        groups.sort_by_key(|group| !group.iter().any(|label| labels.first() == Some(*label)));
        let mut excerpts: Vec<Self> =
            groups.iter().map(|group| Self::group(sources, source, name, group, room)).collect();
        let first = labels.first().map(|label| sources.position(source, label.0.start));
        for excerpt in &mut excerpts {
            excerpt.main = first.and_then(|first| {
                excerpt.places.iter().find(|(_, position)| *position == first).map(|(at, _)| *at)
            });
        }
        excerpts
    }

    fn group(
        sources: &Sources,
        source: SourceId,
        name: &str,
        labels: &[&(Span, String)],
        room: Room,
    ) -> Self {
        let text = sources.get(source).map_or("", |source| source.text().as_str());
        let first = labels.first().map_or(0, |label| label.0.start as usize);
        let last = labels.iter().map(|label| label.0.end.max(label.0.start) as usize).max().unwrap_or(first);
        let mut start = line_start(text, first);
        // One line before gives the eye something to hold on to.
        if start > 0 && start - line_start(text, start - 1) < 200 {
            start = line_start(text, start - 1);
        }
        let end = line_end(text, last.min(first + REACH as usize).max(first));
        let mut excerpt = Self {
            name: name.to_owned(),
            text: String::new(),
            first_line: sources.position(source, small(start)).line as usize - 1,
            places: Vec::new(),
            main: None,
            marks: Vec::new(),
        };
        let mut at = start;
        for line in text.get(start..end).unwrap_or("").split_inclusive('\n') {
            excerpt.line(line, at, labels, (sources, source), room);
            at += line.len();
        }
        if excerpt.marks.is_empty() {
            // The place is the end of a text whose last line is closed.
            excerpt.line("", at, labels, (sources, source), room);
        }
        excerpt
    }

    /// Adds one line, cut to what the labels on it need.
    fn line(
        &mut self,
        line: &str,
        at: usize,
        labels: &[&(Span, String)],
        (sources, source): (&Sources, SourceId),
        room: Room,
    ) {
        let body = line.trim_end_matches(['\n', '\r']);
        let end = at + body.len();
        let here: Vec<_> = labels
            .iter()
            .filter(|(span, _)| (span.start as usize) >= at && (span.start as usize) <= end)
            .collect();
        let (from, to) = match here.first() {
            Some((span, _)) => {
                let start = span.start as usize - at;
                (back(body, start, room.before), forward(body, start, room.after))
            }
            None => (0, forward(body, 0, room.before + room.after)),
        };
        if from > 0 {
            self.text.push('…');
        }
        let mut offsets = Vec::new();
        for (place, character) in body.get(from..to).unwrap_or("").char_indices() {
            offsets.push((from + place, self.text.len()));
            push_visible(character, &mut self.text);
        }
        offsets.push((to, self.text.len()));
        if to < body.len() {
            self.text.push('…');
        }
        let shown = |wanted: usize| {
            offsets.iter().rev().find(|(raw, _)| *raw <= wanted).map_or(self.text.len(), |(_, shown)| *shown)
        };
        let mut marks = Vec::new();
        for (span, text) in here {
            let start = shown(span.start as usize - at);
            let length = shown((span.end as usize).min(end).max(at) - at).saturating_sub(start);
            marks.push(Mark { start, length, text: visible_line(text) });
            self.places.push((start, sources.position(source, span.start)));
        }
        self.marks.extend(marks);
        self.text.push('\n');
    }
}

/// Whether a place can be shown in the excerpt that shows `group`: few lines below the last place, and on a line
/// of its own or within what is shown of the first place's line.
fn is_near(sources: &Sources, source: SourceId, group: &[&(Span, String)], span: Span, room: Room) -> bool {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return false };
    let here = sources.position(source, span.start);
    let end = sources.position(source, last.0.end).line;
    let first_on_line = group
        .iter()
        .map(|label| sources.position(source, label.0.start))
        .find(|other| other.line == here.line);
    let last_line = end.min(sources.position(source, last.0.start).line + APART);
    let is_in_window = first_on_line.is_none_or(|other| {
        sources.position(source, span.end).column.saturating_sub(other.column) <= small(room.after)
    });
    here.line <= last_line + APART && is_in_window && span.start.saturating_sub(first.0.start) <= REACH
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes().get(..at).and_then(|head| memchr::memrchr(b'\n', head)).map_or(0, |place| place + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.as_bytes()
        .get(at..)
        .and_then(|rest| memchr::memchr(b'\n', rest))
        .map_or(text.len(), |place| at + place)
}

/// `count` characters before `at`.
fn back(text: &str, at: usize, count: usize) -> usize {
    let head = text.get(..at).unwrap_or("");
    head.char_indices().rev().nth(count).map_or(0, |(place, _)| place)
}

/// `count` characters after `at`.
fn forward(text: &str, at: usize, count: usize) -> usize {
    let tail = text.get(at..).unwrap_or("");
    tail.char_indices().nth(count).map_or(text.len(), |(place, _)| at + place)
}

/// Characters that steer a terminal, or turn the direction of writing, become marks that can be seen.
fn push_visible(character: char, into: &mut String) {
    match character {
        '\t' => into.push_str("    "),
        hidden if has_no_picture(hidden) => into.push('\u{fffd}'),
        c if c < ' ' => into.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
        c if c.is_control() => into.push('\u{fffd}'),
        c => into.push(c),
    }
}

/// Marks of direction, blanks without width, separators of lines, and the tags that hide text in text.
fn has_no_picture(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text without characters that steer a terminal. Line breaks stay: only for text of a rule's author.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push('\n'),
            '\r' => {}
            other => push_visible(other, &mut shown),
        }
    }
    shown
}

/// The same on one line and of bounded length, for what holds a name of an export: no name begins a line of a
/// report.
pub(super) fn visible_line(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.trim_end().chars();
    characters.by_ref().take(LONGEST).for_each(|character| push_visible(character, &mut shown));
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.as_str().read_span(span, before, after)?;
        let place = self.places.iter().find(|(at, _)| *at == span.offset()).map(|(_, position)| *position);
        let (line, column) = match place {
            // The place that the heading shows is that in the source, not in the excerpt.
            Some(position) if before == 0 => (position.line as usize - 1, position.column as usize - 1),
            _ => (inner.line() + self.first_line, inner.column()),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            line,
            column,
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Encoding;

    fn excerpts(text: &str, labels: &[(usize, usize)]) -> Vec<Excerpt> {
        let mut sources = Sources::new();
        let id = sources.add_file("a.json".into(), text.into(), Encoding::Utf8, 0).unwrap();
        let labels: Vec<_> = labels
            .iter()
            .map(|(start, end)| (Span::new(id, small(*start), small(*end)), String::new()))
            .collect();
        Excerpt::of(&sources, id, "a.json", &labels, Room::ROOMY)
    }

    fn marked(excerpt: &Excerpt) -> Vec<&str> {
        let cut = |mark: &Mark| excerpt.text.get(mark.start..mark.start + mark.length).unwrap();
        excerpt.marks.iter().map(cut).collect()
    }

    #[test]
    fn a_line_of_megabytes_is_cut_around_its_label() {
        let text = format!("{}NEEDLE{}", "é".repeat(2_000_000), "x".repeat(2_000_000));
        let found = excerpts(&text, &[(4_000_000, 4_000_006)]);
        assert_eq!(marked(&found[0]), ["NEEDLE"]);
        assert!(found[0].text.chars().count() < Room::ROOMY.before + Room::ROOMY.after + 8);
        assert_eq!(found[0].places[0].1, Position { line: 1, column: 2_000_001 });
    }

    #[test]
    fn labels_far_apart_on_one_line_get_an_excerpt_each() {
        let text = format!("FIRST{}SECOND{}", "x".repeat(300), "y".repeat(300));
        let found = excerpts(&text, &[(305, 311), (0, 5)]);
        let all: Vec<_> = found.iter().map(marked).collect();
        assert_eq!(all, [["SECOND"], ["FIRST"]], "the first label given comes first");
    }

    #[test]
    fn marks_stand_under_their_text_in_spite_of_hostile_characters() {
        let text = "a\t\u{1b}[2J\u{202e}\u{e0041}日本 NEEDLE b\r\nnext";
        let at = text.find("NEEDLE").unwrap();
        let found = excerpts(text, &[(at, at + 6)]);
        assert_eq!(marked(&found[0]), ["NEEDLE"]);
        assert!(!found[0].text.contains(['\u{1b}', '\u{202e}', '\u{e0041}', '\r', '\t']));
    }

    #[test]
    fn the_end_of_a_text_is_a_place() {
        for (text, line) in [("[1,2\n", 2), ("[1,2", 1), ("", 1)] {
            let found = excerpts(text, &[(text.len(), text.len())]);
            assert_eq!((found.len(), found[0].marks.len()), (1, 1), "{text:?}");
            assert_eq!(found[0].places[0].1.line, line);
        }
    }

    #[test]
    fn a_terminal_is_not_overrun() {
        for columns in [0, 40, 80, 132, 4000] {
            let room = Room::within(columns);
            assert!(room.before + room.after + FRAME <= columns.max(44), "{columns}");
        }
    }

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(visible_line("Evil\nerror[TB001] forged\u{2028}x"), "Evil␊error[TB001] forged\u{fffd}x");
        assert_eq!(visible_line(&"L".repeat(5000)).chars().count(), LONGEST + 1);
    }
}
