//! Whether a pattern is held at the start or the end of the text. `=~` looks for a match anywhere, so a pattern that is
//! not held lets longer values through.

use super::ast::{Anchor, Kind, Look, Node, Test};
use super::set::CharSet;

/// Every match begins where the text begins, in each alternative.
pub(super) fn at_start(node: &Node) -> bool {
    match &node.kind {
        Kind::Anchor(anchor) => matches!(anchor, Anchor::TextStart | Anchor::MatchStart),
        Kind::Sequence(parts) => first_holds(parts.iter(), at_start),
        Kind::Look(look) => look.behind && (look.is_edge() || !look.negative && at_start(&look.inner)),
        _ => throughout(node, at_start),
    }
}

/// Every match ends where the text ends, in each alternative.
pub(super) fn at_end(node: &Node) -> bool {
    match &node.kind {
        Kind::Anchor(anchor) => matches!(anchor, Anchor::TextEnd | Anchor::LastEnd),
        Kind::Sequence(parts) => first_holds(parts.iter().rev(), at_end),
        Kind::Look(look) => !look.behind && (look.is_edge() || !look.negative && at_end(&look.inner)),
        _ => throughout(node, at_end),
    }
}

/// The first part that matches something, or one before it, holds the match.
fn first_holds<'n>(parts: impl Iterator<Item = &'n Node>, holds: fn(&Node) -> bool) -> bool {
    for part in parts {
        if holds(part) {
            return true;
        }
        if !part.is_place() {
            return false;
        }
    }
    false
}

/// What holds for brackets holds inside of them, and for alternatives in each.
fn throughout(node: &Node, holds: fn(&Node) -> bool) -> bool {
    match &node.kind {
        Kind::Alternation(all) => all.iter().all(holds),
        Kind::Repeat(repeat) => repeat.least > 0 && holds(&repeat.inner),
        Kind::Group(group) => holds(&group.inner),
        Kind::Conditional(conditional) => {
            let by_test = matches!(&conditional.test, Test::Ahead(test) if holds(test));
            (by_test || holds(&conditional.yes)) && holds(&conditional.no)
        }
        _ => false,
    }
}

impl Look {
    /// Nothing may stand there: `(?<!.)`, `(?![\s\S])`.
    pub(super) fn is_edge(&self) -> bool {
        self.negative && self.inner.set().is_some_and(|set| set.covers(&CharSet::any_but_newline()))
    }
}

impl Node {
    /// It stands between characters and uses none up.
    pub(super) fn is_place(&self) -> bool {
        match &self.kind {
            Kind::Nothing | Kind::Anchor(_) | Kind::Look(_) => true,
            Kind::Group(group) => group.inner.is_place(),
            Kind::Sequence(parts) => parts.iter().all(Self::is_place),
            Kind::Alternation(all) => all.iter().all(Self::is_place),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    #[test]
    fn anchors_hold_each_alternative() {
        for (text, start, end) in [
            ("^a$", true, true),
            ("(?i)^a", true, false),
            ("^(?i)a$", true, true),
            ("^a|b$", false, false),
            ("^a$|^b$", true, true),
            ("^(a|b)$", true, true),
            ("(^a$|^b$)", true, true),
            ("(^a$|b)", false, false),
            ("a", false, false),
            ("", false, false),
            (r"\Aa\z", true, true),
            (r"(?#note)\Ga\Z", true, true),
            ("(?m)^a$", false, false),
            (r"(?<=^)a(?=$)", true, true),
            (r"(?<!.)a(?!.)", true, true),
            (r"(?<!\d)a(?!\d)", false, false),
            (r"\ba\b", false, false),
            ("(^a)?b($)?", false, false),
            ("^(?!192\\.0\\.2\\.7|198\\.51\\.100\\.2)", true, false),
            ("^(?!192\\.0\\.2\\.7$)", true, false),
            ("^(?=.*b$)a", true, false),
            ("(^|,)a(,|$)", false, false),
            ("(?(?=^)^a|^b)", true, false),
        ] {
            let pattern = parse(text).unwrap();
            let held = (pattern.is_anchored_at_start(), pattern.is_anchored_at_end());
            assert_eq!(held, (start, end), "{text}");
        }
    }
}
