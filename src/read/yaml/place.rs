//! Where the lines of a scalar stand, however they were folded, indented and quoted.

use crate::read::small;
use crate::source::OffsetMap;

/// Blanks and signs in front of a line.
const INDENT: usize = 1000;

/// Follows a line that was written over several lines, or with quotes doubled or escaped. Gives the place behind it.
fn rewritten(raw: &str, mut at: usize, line: &str, mut decoded: usize, map: &mut OffsetMap) -> Option<usize> {
    let quote = raw.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let head = line.split([' ', '\'', '"', '\\']).next().unwrap_or("");
    let begin = raw.get(at..)?.find(head)?.max(usize::from(at == 0 && quote.is_some()));
    map.push(small(decoded), 0, small(at), small(begin));
    at += begin;
    let mut plain_blanks = 0; // up to here no line ends
    for character in line.chars() {
        let rest = raw.get(at..)?;
        let blank =
            if character == ' ' && at >= plain_blanks { rest.len() - rest.trim_start().len() } else { 0 };
        let folds = rest.get(..blank)?.contains('\n');
        if !folds {
            plain_blanks = plain_blanks.max(at + blank);
        }
        let length = match (character, quote) {
            // Where a line is folded a blank stands for its end and the indent of the next one.
            (' ', _) if folds => blank,
            (_, Some('"')) if rest.starts_with('\\') => escape(rest),
            ('\'', Some('\'')) => 2,
            _ if rest.starts_with(character) => character.len_utf8(),
            _ => return None,
        };
        if length != character.len_utf8() {
            map.push(small(decoded), small(character.len_utf8()), small(at), small(length));
        }
        at += length;
        decoded += character.len_utf8();
    }
    Some(at)
}

/// Bytes of an escape in double quotes.
fn escape(text: &str) -> usize {
    match text.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    }
}

/// Finds the lines of a decoded scalar in its raw text, so that places inside a claim rule point at the file.
pub(super) fn aligned(raw: &str, value: &str) -> OffsetMap {
    let mut map = OffsetMap::identity();
    let (mut decoded, mut at) = (0, 0);
    for line in value.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        // A line stands right behind its indent, or it was written otherwise.
        let near = raw.get(at..).map(|rest| {
            let end = body.len() + INDENT;
            (0..4).find_map(|back| rest.get(..end - back)).unwrap_or(rest)
        });
        if let Some(found) = near.and_then(|rest| rest.find(body)) {
            map.push(small(decoded), 0, small(at), small(found));
            at += found + body.len();
        } else if let Some(end) = rewritten(raw, at, body, decoded, &mut map) {
            at = end;
        } else {
            break;
        }
        decoded += body.len();
        if line.len() > body.len() {
            let ending = raw.get(at..).map_or(0, |rest| rest.find('\n').map_or(0, |place| place + 1));
            map.push(small(decoded), 1, small(at), small(ending));
            decoded += 1;
            at += ending;
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The raw text at the place of a word in the decoded one.
    fn raw_of<'r>(raw: &'r str, value: &str, word: &str) -> &'r str {
        let map = aligned(raw, value);
        let start = value.find(word).unwrap();
        let (from, to) = (map.raw_start(small(start)), map.raw_end(small(start + word.len())));
        raw.get(from as usize..to as usize).unwrap()
    }

    #[test]
    fn places_survive_folding_and_quoting() {
        let folded = ">-\n    one two\n    three four\n    five";
        for word in ["one", "two", "three", "four", "five"] {
            assert_eq!(raw_of(folded, "one two three four five", word), word);
        }
        assert_eq!(raw_of("|\n  one\n  two\n", "one\ntwo\n", "two"), "two");
        assert_eq!(raw_of("'it''s so'", "it's so", "so"), "so");
        assert_eq!(raw_of(r#""a \"b\" \u00e9 c""#, "a \"b\" é c", "c"), "c");
        assert_eq!(raw_of(r#""\"b\" c""#, "\"b\" c", "b"), "b");
        // What cannot be followed is taken as it stands.
        assert_eq!(raw_of("xyz", "abc", "abc"), "xyz");
    }
}
