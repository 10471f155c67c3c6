//! Physical lines of a text, and what terminals put between their letters.

use std::borrow::Cow;

/// One physical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// First byte.
    pub start: usize,
    /// Byte after the last one, without the line's end.
    pub end: usize,
}

impl Line {
    /// What stands on the line.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Lines that end with LF, CR LF, or a lone CR.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(length) = bytes.get(start..).and_then(|rest| memchr::memchr2(b'\n', b'\r', rest)) {
        let end = start + length;
        let returns = bytes.iter().skip(end).take_while(|byte| **byte == b'\r').count();
        let is_fed = bytes.get(end + returns) == Some(&b'\n');
        found.push(Line { start, end });
        // Several CR before one LF are one end: a file that was converted twice.
        start = if is_fed { end + returns + 1 } else { end + 1 };
    }
    if start < text.len() {
        found.push(Line { start, end: text.len() });
    }
    found
}

const ESCAPE: char = '\u{1b}';

/// Places of the sequences that colour a text on a terminal: start and length, in order.
pub(super) fn colours(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\x1b', rest)) {
        let start = at + next;
        let mut end = start + 1;
        if bytes.get(end) == Some(&b'[') {
            end += 1;
            while bytes.get(end).is_some_and(|byte| (0x20..0x40).contains(byte)) {
                end += 1;
            }
            // The last byte of a sequence is a letter.
            end += usize::from(bytes.get(end).is_some_and(|byte| (0x40..0x7f).contains(byte)));
        }
        found.push((start, end - start));
        at = end;
    }
    found
}

/// A text without the sequences that colour it.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(ESCAPE) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (start, length) in colours(text) {
        kept.push_str(text.get(at..start).unwrap_or(""));
        at = start + length;
    }
    kept.push_str(text.get(at..).unwrap_or(""));
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_of_windows_and_of_others() {
        let text = "a\r\nb\nc\rd\r\r\n\ne";
        let found: Vec<&str> = lines(text).into_iter().map(|line| line.of(text)).collect();
        assert_eq!(found, ["a", "b", "c", "d", "", "e"]);
        assert!(lines("").is_empty());
    }

    #[test]
    fn colours_are_no_part_of_a_text() {
        assert_eq!(plain("\u{1b}[32;1mName : \u{1b}[0mx\u{1b}"), "Name : x");
        assert_eq!(plain("plain"), "plain");
    }
}
