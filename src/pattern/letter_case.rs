//! Whether letter case counts, with a value that shows it.

use super::Pattern;
use super::program::Program;

/// A value that is refused although the same value in another case passes; `None` where case does not count.
pub(super) fn other_case(pattern: &Pattern) -> Option<String> {
    let program = Program::new(pattern)?;
    pattern.examples().into_iter().find_map(|text| {
        let other = swapped(&text);
        (other != text && !program.accepts(&other)).then_some(other)
    })
}

/// In capital letters; in small ones where all are capital already.
fn swapped(text: &str) -> String {
    if text.chars().any(char::is_lowercase) {
        text.chars().map(|letter| one(letter, letter.to_uppercase())).collect()
    } else {
        text.chars().map(|letter| one(letter, letter.to_lowercase())).collect()
    }
}

/// .NET compares letter by letter: ß stays as it is.
fn one(letter: char, mut other: impl Iterator<Item = char>) -> char {
    match (other.next(), other.next()) {
        (Some(other), None) => other,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    #[test]
    fn values_in_another_case() {
        for (text, value) in [
            (r"@contractor\.contoso\.com$", Some("@CONTRACTOR.CONTOSO.COM")),
            (r"(?i)@contoso\.com$", None),
            (r"^(?i)@contoso\.com$", None),
            (r"^10\.", None),
            ("^ADMIN", Some("admin")),
            ("^[a-z]+$", Some("USER")),
            ("^[a-zA-Z]+$", None),
            ("(?i)a|b", None),
            ("(?i:a)|b", Some("B")),
            ("^(?!x)", None),
            (".*", None),
        ] {
            assert_eq!(parse(text).unwrap().other_case().as_deref(), value, "{text}");
        }
    }
}
