//! JSON in claim values: since AD FS 2016 a claim with the value type of JSON goes into a JSON Web Token as an object, not
//! as a text.

use serde::de::IgnoredAny;

use super::ast::Literal;

/// The value type that makes AD FS put a value into the token as it stands.
pub const VALUE_TYPE: &str = "http://www.w3.org/2001/XMLSchema#json";

/// What a value is as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText {
    /// Why it is none, and the byte of the written text where that shows.
    pub problem: Option<(u32, String)>,
    /// It is an object or a list, or was meant as one: brackets at both ends, and quotes of some kind between them.
    pub is_collection: bool,
}

/// Looks at a value as JSON.
pub fn read(literal: &Literal) -> JsonText {
    let text = literal.text();
    let problem = serde_json::from_str::<IgnoredAny>(&text).err().map(|error| {
        let at = offset(&text, error.line(), error.column());
        let mut words = error.to_string();
        if let Some(place) = words.rfind(" at line ") {
            words.truncate(place);
        }
        (written(&literal.raw, at), words)
    });
    let trimmed = text.trim();
    let has_brackets = trimmed.starts_with('{') && trimmed.ends_with('}')
        || trimmed.starts_with('[') && trimmed.ends_with(']');
    let has_quotes = text.contains('"') || text.contains("&quot;");
    JsonText { is_collection: has_brackets && (has_quotes || problem.is_none()), problem }
}

/// Byte of a line and column, which count from 1; column 0 is the line break before.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// Where a byte of the text stands in what is written, in which a quotation mark takes four bytes.
fn written(raw: &str, at: usize) -> u32 {
    let mut decoded = 0;
    let mut rest = raw;
    while decoded < at && !rest.is_empty() {
        let step = if rest.starts_with("\\x22") { 4 } else { rest.chars().next().map_or(1, char::len_utf8) };
        decoded += if rest.starts_with("\\x22") { 1 } else { step };
        rest = rest.get(step..).unwrap_or("");
    }
    u32::try_from(raw.len() - rest.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::ast::Range;

    fn looked_at(raw: &str) -> JsonText {
        read(&Literal { raw: raw.to_owned(), range: Range::default() })
    }

    #[test]
    fn quotation_marks_are_written_as_escapes() {
        assert_eq!(looked_at(r"{\x22a\x22:1}"), JsonText { problem: None, is_collection: true });
        let (at, words) = looked_at(r"{\x22ä\x22:1,}").problem.unwrap();
        assert_eq!((at, words.as_str()), (14, "key must be a string"));
    }

    #[test]
    fn scalars_are_json_and_single_quotes_are_not() {
        assert_eq!(looked_at("42"), JsonText { problem: None, is_collection: false });
        assert!(looked_at("{'a':1}").problem.is_some());
        assert!(looked_at(r"{\x22a\x22:1} x").problem.is_some());
        assert!(looked_at("").problem.is_some());
    }

    #[test]
    fn braces_alone_are_no_json() {
        for text in ["{0}", "{5d2b1f0e-0c5e-4b8e-9a53-000000000038}", "[draft]", "yes"] {
            assert!(!looked_at(text).is_collection, "{text}");
        }
        assert!(looked_at("{&quot;a&quot;:1}").is_collection);
        assert!(looked_at("[]").is_collection);
    }
}
