//! Replacements of `RegExReplace`, as .NET reads them: `$1`, `${name}`, `$$`, `$&` and the rest. A group that the pattern
//! does not have is no error: its name goes into the claim as it stands.

use super::ast::Span;
use super::groups::Groups;
use super::set::CharSet;

/// A piece of a replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands.
    Text(String),
    /// What a group matched; 0 is the whole match.
    Group(u32),
    /// `` $` ``, `$'`, `$+`, `$_`: a part of the input.
    Special(char),
    /// Meant as a group, but the pattern has none of that name: text as it stands.
    Missing(String, Span),
}

/// Reads a replacement.
pub fn pieces(text: &str, groups: &Groups) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        plain.push_str(before);
        let at = text.len() - behind.len() - 1;
        let (piece, used) = dollar(behind, at, groups);
        rest = behind.get(used..).unwrap_or("");
        match piece {
            Piece::Text(text) => plain.push_str(&text),
            other => {
                if !plain.is_empty() {
                    found.push(Piece::Text(std::mem::take(&mut plain)));
                }
                found.push(other);
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        found.push(Piece::Text(plain));
    }
    found
}

/// Groups that a replacement names and a pattern lacks, as written and where.
pub fn missing_groups(text: &str, groups: &Groups) -> Vec<(String, Span)> {
    let missing = |piece| match piece {
        Piece::Missing(name, span) => Some((name, span)),
        _ => None,
    };
    pieces(text, groups).into_iter().filter_map(missing).collect()
}

/// What stands behind a `$`, and how many bytes of it belong to it.
fn dollar(behind: &str, at: usize, groups: &Groups) -> (Piece, usize) {
    let literal = (Piece::Text("$".into()), 0);
    let Some(first) = behind.chars().next() else { return literal };
    let (name, used) = match first {
        '{' => {
            let Some((name, _)) = behind.get(1..).and_then(|inside| inside.split_once('}')) else {
                return literal;
            };
            (name, name.len() + 2)
        }
        // Digits are read as far as they go: $12 is group 12.
        '0'..='9' => {
            let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
            (behind.get(..end).unwrap_or(""), end)
        }
        '$' => return (Piece::Text("$".into()), 1),
        '&' => return (Piece::Group(0), 1),
        '`' | '\'' | '+' | '_' => return (Piece::Special(first), 1),
        _ => return literal,
    };
    let word = CharSet::word();
    if name.is_empty() || !name.chars().all(|letter| word.has(letter)) {
        return literal;
    }
    if let Some(number) = groups.find(name) {
        return (Piece::Group(number), used);
    }
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (Piece::Missing(name.to_owned(), Span::new(small(at), small(at + 1 + used))), used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::parse;

    fn read(pattern: &str, replacement: &str) -> Vec<Piece> {
        pieces(replacement, &parse(pattern).unwrap().groups)
    }

    #[test]
    fn replacements_read_like_dot_net() {
        let text = |text: &str| Piece::Text(text.into());
        let pattern = "(?<user>a)(b)";
        assert_eq!(read(pattern, "x$1-${1}"), [text("x"), Piece::Group(1), text("-"), Piece::Group(1)]);
        assert_eq!(read(pattern, "${user}$2"), [Piece::Group(2), Piece::Group(2)]);
        assert_eq!(read(pattern, "$user $$ $ \\1 $"), [text("$user $ $ \\1 $")]);
        assert_eq!(
            read(pattern, "$&$0$`$'$+$_"),
            [
                Piece::Group(0),
                Piece::Group(0),
                Piece::Special('`'),
                Piece::Special('\''),
                Piece::Special('+'),
                Piece::Special('_')
            ]
        );
        assert_eq!(read(pattern, "${a-b}${user"), [text("${a-b}${user")]);
    }

    #[test]
    fn missing_groups_are_named() {
        let missing = |pattern: &str, replacement: &str| {
            let groups = parse(pattern).unwrap().groups;
            missing_groups(replacement, &groups).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(missing("(?<u>.+)@", "${user}"), ["user"]);
        assert_eq!(missing("(a)", "$10"), ["10"]);
        assert_eq!(missing("(a)", "$1$0$$2"), Vec::<String>::new());
        assert_eq!(missing("(?n)(a)", "$1"), ["1"]);
        assert_eq!(missing("(?<domain>[^\\\\]+)\\\\(?<user>.+)", "FABRIKAM\\${user}"), Vec::<String>::new());
        let groups = parse("(?<a>b)").unwrap().groups;
        assert_eq!(missing_groups("x${b}y", &groups), [("b".to_owned(), Span::new(1, 5))]);
    }
}
