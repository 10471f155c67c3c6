//! A single backslash between two words: `CORP\admins` asks for a bell before `dmins`, for `\a` is one.

use super::ast::{Anchor, Kind, Node, Span};

/// Letters of a word on either side.
const WORD: usize = 2;

/// The first such place, with the words on both sides.
pub(super) fn lost(root: &Node, text: &str) -> Option<Span> {
    let mut found = None;
    root.walk(&mut |node| {
        if let Kind::Sequence(parts) = &node.kind
            && found.is_none()
        {
            found = (0..parts.len()).find_map(|at| between_words(parts, at, text));
        }
    });
    found
}

fn between_words(parts: &[Node], at: usize, text: &str) -> Option<Span> {
    let escape = parts.get(at)?;
    let written = escape.span.of(text);
    if !written.starts_with('\\') || written.chars().count() != 2 {
        return None;
    }
    let before: Vec<&Node> =
        parts.get(..at)?.iter().rev().take_while(|part| letter(part, text).is_some()).collect();
    let behind: Vec<&Node> =
        parts.get(at + 1..)?.iter().take_while(|part| letter(part, text).is_some()).collect();
    if before.len() < WORD || behind.len() < WORD {
        return None;
    }
    let is_domain = before.iter().all(|part| letter(part, text).is_some_and(|c| !c.is_ascii_lowercase()));
    let is_meant = match &escape.kind {
        // No name holds a control character.
        Kind::Character { character, .. } => !character.is_control(),
        // `Domain\sAdmins` may be meant; nobody writes CORP\sales so.
        Kind::Shorthand(_) | Kind::Anchor(Anchor::WordEdge) => !is_domain,
        _ => true,
    };
    let (first, last) = (before.last()?, behind.last()?);
    (!is_meant).then(|| Span::new(first.span.start, last.span.end))
}

/// A letter or digit that stands for itself.
fn letter(node: &Node, text: &str) -> Option<char> {
    match node.kind {
        Kind::Character { character, .. }
            if character.is_ascii_alphanumeric() && !node.span.of(text).starts_with('\\') =>
        {
            Some(character)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    #[test]
    fn single_backslashes_between_words() {
        let lost =
            |text: &str| parse(text).unwrap().lost_backslash(text).map(|span| span.of(text).to_owned());
        for (text, found) in [
            (r"^CORP\admins$", r"CORP\admins"),
            (r"(?i)^contoso\test", r"contoso\test"),
            (r"^CORP\dave$", r"CORP\dave"),
            (r"^(CORP\sales|x)$", r"CORP\sales"),
            (r"CORP\build", r"CORP\build"),
        ] {
            assert_eq!(lost(text).as_deref(), Some(found), "{text}");
        }
        for text in [
            r"^CORP\\admins$",
            r"^Domain\sAdmins$",
            r"user\d+",
            r"\bfoo\b",
            r"a\.example",
            r"CORP\d",
            r"^CN=\w+$",
        ] {
            assert_eq!(lost(text), None, "{text}");
        }
    }
}
