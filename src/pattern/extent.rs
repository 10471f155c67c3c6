//! How much a pattern takes: every value, or none.

use super::ast::{Anchor, Kind, Node, Test};
use super::set::CharSet;

/// Fewest characters of a match.
pub(super) fn least_length(node: &Node) -> u32 {
    match &node.kind {
        Kind::Character { .. } | Kind::Dot { .. } | Kind::Shorthand(_) | Kind::Class(_) => 1,
        Kind::Nothing | Kind::Anchor(_) | Kind::Look(_) | Kind::Reference { .. } => 0,
        Kind::Sequence(parts) => parts.iter().map(least_length).fold(0, u32::saturating_add),
        Kind::Alternation(all) => all.iter().map(least_length).min().unwrap_or(0),
        Kind::Repeat(repeat) => repeat.least.saturating_mul(least_length(&repeat.inner)),
        Kind::Group(group) => least_length(&group.inner),
        Kind::Conditional(conditional) => least_length(&conditional.yes).min(least_length(&conditional.no)),
    }
}

/// It matches an empty stretch, wherever that is.
fn is_loose(node: &Node) -> bool {
    match &node.kind {
        Kind::Nothing => true,
        Kind::Sequence(parts) => parts.iter().all(is_loose),
        Kind::Alternation(all) => all.iter().any(is_loose),
        Kind::Repeat(repeat) => repeat.least == 0 || is_loose(&repeat.inner),
        Kind::Group(group) => is_loose(&group.inner),
        _ => false,
    }
}

/// It runs over any characters, at least one or none: `.*`, `.+`, `[\s\S]*`.
fn is_free_run(node: &Node) -> bool {
    match &node.kind {
        Kind::Repeat(repeat) => repeat.most.is_none() && repeat.least < 2 && takes_any(&repeat.inner),
        Kind::Group(group) => is_free_run(&group.inner),
        Kind::Alternation(all) => all.iter().any(is_free_run),
        _ => false,
    }
}

fn takes_any(node: &Node) -> bool {
    match &node.kind {
        Kind::Group(group) => takes_any(&group.inner),
        _ => node.set().is_some_and(|set| set.covers(&CharSet::any_but_newline())),
    }
}

/// Every value that has a character and no line break matches.
pub(super) fn takes_everything(node: &Node) -> bool {
    match &node.kind {
        Kind::Alternation(all) => all.iter().any(takes_everything),
        Kind::Group(group) => takes_everything(&group.inner),
        _ => sequence_takes_everything(node.parts()),
    }
}

fn sequence_takes_everything(parts: &[Node]) -> bool {
    let is = |node: &Node, wanted: fn(Anchor) -> bool| matches!(&node.kind, Kind::Anchor(a) if wanted(*a));
    let starts = |anchor| matches!(anchor, Anchor::TextStart | Anchor::LineStart | Anchor::MatchStart);
    let ends = |anchor| matches!(anchor, Anchor::TextEnd | Anchor::LastEnd | Anchor::LineEnd);
    let parts: Vec<&Node> = parts.iter().filter(|part| part.kind != Kind::Nothing).collect();
    let (mut middle, held_start) = match parts.split_first() {
        Some((first, rest)) if is(first, starts) => (rest, true),
        _ => (parts.as_slice(), false),
    };
    let mut held_end = false;
    if let Some((last, rest)) = middle.split_last()
        && is(last, ends)
    {
        (middle, held_end) = (rest, true);
    }
    let held = held_start && held_end;
    if let [only] = middle {
        return match &only.kind {
            // In brackets on its own: the same question inside, unless both sides are held.
            Kind::Group(group) if !held => takes_everything(&group.inner),
            _ => is_free_run(only) || !held && (is_loose(only) || takes_any(only)),
        };
    }
    if held {
        let runs = middle.iter().filter(|part| is_free_run(part)).count();
        return runs > 0
            && middle.iter().filter(|part| !is_loose(part)).all(|part| is_free_run(part))
            && middle.iter().filter(|part| !is_loose(part)).count() <= 1;
    }
    middle.iter().all(|part| is_loose(part))
}

/// No value matches: something is asked for behind the end or before the start, or a class is empty.
pub(super) fn takes_nothing(node: &Node) -> bool {
    match &node.kind {
        Kind::Alternation(all) => all.iter().all(takes_nothing),
        Kind::Group(group) => takes_nothing(&group.inner),
        Kind::Repeat(repeat) => repeat.least > 0 && takes_nothing(&repeat.inner),
        Kind::Look(look) if look.negative => is_loose(&look.inner),
        Kind::Look(look) => takes_nothing(&look.inner),
        Kind::Sequence(parts) => parts.iter().any(takes_nothing) || contradicts(parts),
        Kind::Conditional(conditional) => {
            let never = matches!(&conditional.test, Test::Ahead(test) if takes_nothing(test));
            (never || takes_nothing(&conditional.yes)) && takes_nothing(&conditional.no)
        }
        _ => node.set().is_some_and(|set| set.is_empty()),
    }
}

/// `$a`, `a^`, `a\bb`.
fn contradicts(parts: &[Node]) -> bool {
    let mut before = 0_u32;
    let mut ended = None;
    for (index, part) in parts.iter().enumerate() {
        let least = least_length(part);
        if let Some(room) = ended.as_mut() {
            // Behind `$` there is room for one line feed.
            let fits = part.set().is_none_or(|set| set.has('\n'));
            if least > *room || least > 0 && !fits {
                return true;
            }
            *room -= least;
        }
        match &part.kind {
            Kind::Anchor(Anchor::TextStart | Anchor::MatchStart) if before > 0 => return true,
            Kind::Anchor(Anchor::TextEnd) => ended = Some(0),
            Kind::Anchor(Anchor::LastEnd) => ended = Some(ended.unwrap_or(1)),
            Kind::Anchor(edge @ (Anchor::WordEdge | Anchor::NoWordEdge)) => {
                let left = index.checked_sub(1).and_then(|at| parts.get(at)).and_then(is_word);
                let right = parts.get(index + 1).and_then(is_word);
                if let (Some(left), Some(right)) = (left, right)
                    && (left != right) != (*edge == Anchor::WordEdge)
                {
                    return true;
                }
            }
            _ => {}
        }
        before = before.saturating_add(least);
    }
    false
}

/// Whether it matches one character that belongs to a word (or, certainly, does not).
fn is_word(node: &Node) -> Option<bool> {
    let set = node.set().filter(|set| !set.is_empty())?;
    let word = CharSet::word();
    if word.covers(&set) { Some(true) } else { (!word.meets(&set)).then_some(false) }
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    #[test]
    fn what_lets_everything_through() {
        for text in [
            "",
            ".*",
            "^.*$",
            "a?",
            "(a|)",
            "^",
            "$",
            "(?i).*",
            ".+",
            "^.+$",
            ".",
            "^.",
            "(.*)",
            "(?:.+)$",
            "^(.+)$",
            "a|.*",
            "^.*.*$",
            r"[\s\S]*",
            "^(?:.*)$",
            "(?<all>.*)",
            ".*?",
            r"^\d*",
            "^a*.+$",
        ] {
            assert!(parse(text).unwrap().matches_everything(), "{text}");
        }
        for text in [
            "^a?$", "a", "^.$", "..", r"\w+", "^.*a$", "^.{2,}$", "(?=a)", r"\b", r"^\d*$", "^.+.+$",
            "[^@]+", ".+@",
        ] {
            assert!(!parse(text).unwrap().matches_everything(), "{text}");
        }
    }

    #[test]
    fn what_lets_nothing_through() {
        for text in [
            "$a", "a^", "^a$b", r"\za", r"[^\w\W]", "[a-[a]]", "(?!)", "a(?!.*)", r"a\bb", r"a\B-",
            "(a^|$b)", "$a|b^", "(a^)+", r"[^\s\S]", r"$\n\n",
        ] {
            assert!(parse(text).unwrap().matches_nothing(), "{text}");
        }
        for text in [
            "", "^$", "a|b^", "(a^)*", "$^", r"a$\n", "(?m)a$b^", r"a\b-", r"a\Bb", "(?!a)", "^a$", r"\n^|a",
            "$|a",
        ] {
            assert!(!parse(text).unwrap().matches_nothing(), "{text}");
        }
    }
}
