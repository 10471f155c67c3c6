//! Excerpts of texts for people: never a line of twenty megabytes, never a control character.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{Position, SourceId, Sources, Span};

/// Characters of a line that are shown around a label.
const BEFORE: usize = 48;
/// Characters of a line that are shown after a label begins.
const AFTER: usize = 96;
/// Lines between two labels of one excerpt.
const APART: u32 = 8;

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
    /// The labels.
    pub marks: Vec<Mark>,
}

impl Excerpt {
    /// Excerpts that show the given places of one source; places far from each other get one each.
    pub fn of(sources: &Sources, source: SourceId, name: &str, labels: &[(Span, String)]) -> Vec<Self> {
        let mut sorted: Vec<&(Span, String)> = labels.iter().collect();
        sorted.sort_by_key(|(span, _)| (span.start, span.end));
        let mut groups: Vec<Vec<&(Span, String)>> = Vec::new();
        let mut last_line = 0;
        for label in sorted {
            let line = sources.position(source, label.0.start).line;
            match groups.last_mut() {
                Some(group) if line <= last_line + APART => group.push(label),
                _ => groups.push(vec![label]),
            }
            last_line = sources.position(source, label.0.end).line.min(line + APART);
        }
        groups.into_iter().map(|group| Self::group(sources, source, name, &group)).collect()
    }

    fn group(sources: &Sources, source: SourceId, name: &str, labels: &[&(Span, String)]) -> Self {
        let text = sources.get(source).map_or("", |source| source.text().as_str());
        let first = labels.first().map_or(0, |label| label.0.start as usize);
        let last = labels.iter().map(|label| label.0.end.max(label.0.start) as usize).max().unwrap_or(first);
        let mut start = line_start(text, first);
        // One line before gives the eye something to hold on to.
        if start > 0 && start - line_start(text, start - 1) < 200 {
            start = line_start(text, start - 1);
        }
        let end = line_end(text, last.min(first + 4000).max(first));
        let mut excerpt = Self {
            name: name.to_owned(),
            text: String::new(),
            first_line: sources.position(source, small(start)).line as usize - 1,
            places: Vec::new(),
            marks: Vec::new(),
        };
        let mut at = start;
        for line in text.get(start..end).unwrap_or("").split_inclusive('\n') {
            excerpt.line(line, at, labels, sources, source);
            at += line.len();
        }
        excerpt
    }

    /// Adds one line, cut to what the labels on it need.
    fn line(
        &mut self,
        line: &str,
        at: usize,
        labels: &[&(Span, String)],
        sources: &Sources,
        source: SourceId,
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
                (back(body, start, BEFORE), forward(body, start, AFTER))
            }
            None => (0, forward(body, 0, BEFORE + AFTER)),
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
            marks.push(Mark { start, length, text: visible(text) });
            self.places.push((start, sources.position(source, span.start)));
        }
        self.marks.extend(marks);
        self.text.push('\n');
    }
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
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {
            into.push('\u{fffd}');
        }
        c if c < ' ' => into.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
        c if c.is_control() => into.push('\u{fffd}'),
        c => into.push(c),
    }
}

/// A text without characters that steer a terminal. Line breaks stay.
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
