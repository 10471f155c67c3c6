//! From a text in quotes to what it says, with the way back.

use crate::node::DecodedText;
use crate::read::small;

/// Replaces what `escape` knows at the beginning of a rest: what it stands for, and its length in bytes.
fn replaced(raw: &str, escape: impl Fn(&str) -> Option<(String, usize)>) -> DecodedText {
    let mut decoded = DecodedText::default();
    let mut at = 0;
    while let Some(rest) = raw.get(at..)
        && let Some(first) = rest.chars().next()
    {
        if let Some((text, length)) = escape(rest) {
            decoded.map.push(small(decoded.text.len()), small(text.len()), small(at), small(length));
            decoded.text.push_str(&text);
            at += length;
        } else {
            decoded.text.push(first);
            at += first.len_utf8();
        }
    }
    decoded
}

/// A text of a MOF file: backslashes.
pub(super) fn mof(raw: &str) -> DecodedText {
    replaced(raw, |rest| {
        let letter = rest.strip_prefix('\\')?.chars().next()?;
        let simple = match letter {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'b' => "\u{8}",
            'f' => "\u{c}",
            'x' | 'X' => return hexadecimal(rest),
            other => return Some((other.to_string(), 1 + other.len_utf8())),
        };
        Some((simple.to_owned(), 2))
    })
}

/// `\x41`: up to four digits.
fn hexadecimal(rest: &str) -> Option<(String, usize)> {
    let digits: String = rest.chars().skip(2).take(4).take_while(char::is_ascii_hexdigit).collect();
    let character = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?;
    Some((character.to_string(), 2 + digits.len()))
}

/// A text of PowerShell in single quotes.
pub(super) fn single(raw: &str) -> DecodedText {
    replaced(raw, |rest| rest.starts_with("''").then(|| ("'".to_owned(), 2)))
}

/// A text of PowerShell in double quotes; `None` if something is put into it when the script is run.
pub(super) fn double(raw: &str, here: bool) -> Option<DecodedText> {
    if expands(raw) {
        return None;
    }
    Some(replaced(raw, |rest| {
        if !here && rest.starts_with("\"\"") {
            return Some(("\"".to_owned(), 2));
        }
        let letter = rest.strip_prefix('`')?.chars().next()?;
        let simple = match letter {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '0' => "\0",
            'a' => "\u{7}",
            'b' => "\u{8}",
            'f' => "\u{c}",
            'v' => "\u{b}",
            other => return Some((other.to_string(), 1 + other.len_utf8())),
        };
        Some((simple.to_owned(), 2))
    }))
}

/// Whether a variable or an expression stands in a text: `$name`, `${name}`, `$(...)`, `$?` and its like.
fn expands(raw: &str) -> bool {
    let mut letters = raw.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '`' => {
                letters.next();
            }
            '$' if letters.peek().is_some_and(|next| {
                next.is_alphanumeric() || matches!(next, '_' | '{' | '(' | '$' | '?' | '^' | ':')
            }) =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_own_escapes() {
        assert_eq!(mof(r#"a\"b\\c\r\n\x41;\q"#).text, "a\"b\\c\r\nA;q");
        assert_eq!(single("it''s").text, "it's");
        assert_eq!(double("a \"\"b\"\" `$c`n^x$", false).unwrap().text, "a \"b\" $c\n^x$");
        assert_eq!(double("say \"\"so\"\"", true).unwrap().text, "say \"\"so\"\"");
        for text in ["$Node.Name", "a $(Get-Date)", "${x}", "a$_b"] {
            assert!(double(text, false).is_none(), "{text}");
        }
        for text in ["^(?i)a$", "costs 5$ a piece", "`$Node"] {
            assert!(double(text, false).is_some(), "{text}");
        }
    }
}
