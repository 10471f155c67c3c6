//! Whether a pattern takes very long on some value. .NET tries every way of matching before it gives up, and AD FS sets
//! no limit of time: one such value keeps a processor busy.
//!
//! The tree shows which loops are worth a try; whether they are slow is measured: the steps that the machine takes on
//! a value that just does not match, and on longer ones.

use super::Pattern;
use super::ast::{GroupKind, Kind, Node, Repeat, Span};
use super::extent::least_length;
use super::program::Program;
use super::set::CharSet;
use super::witness::{Wish, examples};

/// Loops of a pattern that are tried.
const LOOPS: usize = 16;
/// Values tried for one loop.
const PUMPS: usize = 20;
/// Bytes of what stands before a loop.
const LONG: usize = 400;
/// Ends that make a match fail.
const ENDS: [&str; 3] = ["", "!", "\n\n"];

/// A part of a pattern that takes very long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slow {
    /// The part that can be matched in too many ways.
    pub span: Span,
    /// A value that shows it.
    pub text: String,
    /// Each further character multiplies the time; else the time grows with the cube of the length, or faster.
    pub is_exponential: bool,
}

/// The first slow part.
pub(super) fn slow(pattern: &Pattern) -> Option<Slow> {
    let program = Program::new(pattern)?;
    let mut search = Search { program: &program, left: LOOPS, found: None };
    search.node(&pattern.root, "");
    search.found
}

struct Search<'p> {
    program: &'p Program,
    left: usize,
    found: Option<Slow>,
}

impl Search<'_> {
    /// Looks at a part behind a text that matches all before it.
    fn node(&mut self, node: &Node, before: &str) {
        if self.found.is_some() || self.left == 0 {
            return;
        }
        match &node.kind {
            Kind::Sequence(parts) => {
                self.neighbours(parts, before);
                let mut text = before.to_owned();
                for part in parts {
                    self.node(part, &text);
                    match examples(part, Wish::default()).first() {
                        Some(plainest) if text.len() + plainest.len() <= LONG => text.push_str(plainest),
                        _ => return,
                    }
                }
            }
            Kind::Repeat(repeat) => {
                self.repeated(repeat, node.span, before);
                self.node(&repeat.inner, before);
            }
            Kind::Look(look) if look.behind => {}
            _ => node.children().into_iter().for_each(|child| self.node(child, before)),
        }
    }

    /// A loop whose turns can be told apart in several ways.
    fn repeated(&mut self, repeat: &Repeat, span: Span, before: &str) {
        let is_endless = repeat.most.is_none();
        let is_long = is_endless || repeat.most.is_some_and(|most| most > 2);
        if !is_long || !is_ambiguous(&repeat.inner, is_endless) {
            return;
        }
        self.left -= 1;
        for pump in pumps(&repeat.inner) {
            self.attempt(&pump, span, before, is_endless);
        }
    }

    /// Three loops side by side that take the same character.
    fn neighbours(&mut self, parts: &[Node], before: &str) {
        let mut text = before.to_owned();
        for (index, part) in parts.iter().enumerate() {
            if let Some((common, end)) = run_of_loops(parts.get(index..).unwrap_or(&[]))
                && let Some(character) = common.sample()
                && self.left > 0
            {
                self.left -= 1;
                let span = Span::new(part.span.start, end);
                self.attempt(&character.to_string(), span, &text, false);
            }
            match examples(part, Wish::default()).first() {
                Some(plainest) if text.len() + plainest.len() <= LONG => text.push_str(plainest),
                _ => return,
            }
        }
    }

    fn attempt(&mut self, pump: &str, span: Span, before: &str, is_exponential: bool) {
        if self.found.is_some() {
            return;
        }
        let value = |times: usize, end: &str| format!("{before}{}{end}", pump.repeat(times));
        let grows = |end: &str| {
            let effort = |times| self.program.effort(&value(times, end), STEPS);
            if is_exponential { grows_exponentially(effort) } else { grows_as_cube(effort) }
        };
        let Some(end) = ENDS.into_iter().find(|end| grows(end)) else { return };
        let times = (30 / pump.chars().count().max(1)).max(3);
        self.found = Some(Slow { span, text: value(times, end), is_exponential });
    }
}

/// Steps for one value.
const STEPS: usize = 100_000;

/// Four more turns take at least five times as long, again and again; a polynomial would slow down.
fn grows_exponentially(effort: impl Fn(usize) -> (usize, bool)) -> bool {
    grows(&[4, 8, 12, 16], 5, effort)
}

/// Twice the length takes more than five times as long: four times would be the square.
fn grows_as_cube(effort: impl Fn(usize) -> (usize, bool)) -> bool {
    grows(&[8, 16, 32], 5, effort)
}

/// Whether the steps grow by a factor from the second value on. The last values may take more than are counted, if
/// the ones before them took far fewer.
fn grows(lengths: &[usize], factor: usize, effort: impl Fn(usize) -> (usize, bool)) -> bool {
    let mut last: Option<usize> = None;
    for (index, length) in lengths.iter().copied().enumerate() {
        let (steps, found) = effort(length);
        if found {
            return false;
        }
        if steps >= STEPS {
            return last.is_some_and(|last| index > 1 || last * 10 < STEPS);
        }
        if index > 1 && last.is_some_and(|last| steps < factor * last) {
            return false;
        }
        last = Some(steps);
    }
    true
}

/// Something in it can be matched in more than one way, as far as the tree shows.
fn is_ambiguous(inner: &Node, is_endless: bool) -> bool {
    let mut found = false;
    inner.walk(&mut |node| match &node.kind {
        Kind::Repeat(repeat) => {
            found |= repeat.most != Some(repeat.least) && (is_endless || repeat.most.is_none());
        }
        Kind::Alternation(_) => found |= is_endless,
        _ => {}
    });
    found
}

/// What the turns of a loop may consist of: its own texts, and characters that several of its parts take.
fn pumps(inner: &Node) -> Vec<String> {
    let mut found: Vec<String> =
        examples(inner, Wish::default()).into_iter().filter(|text| !text.is_empty()).collect();
    let mut sets = Vec::new();
    inner.walk(&mut |node| {
        if sets.len() < 8
            && let Some(set) = node.set()
        {
            sets.push(set);
        }
    });
    for (index, first) in sets.iter().enumerate() {
        for second in sets.iter().skip(index) {
            let common = first.common(second).sample();
            found.extend(common.map(|character| character.to_string()));
        }
    }
    let mut seen = Vec::new();
    found.retain(|text| {
        !seen.contains(text) && {
            seen.push(text.clone());
            true
        }
    });
    found.truncate(PUMPS);
    found
}

/// What three loops at the start of some parts have in common, and where the third ends. What stands between them must
/// be able to be missing, or be such a character too.
fn run_of_loops(parts: &[Node]) -> Option<(CharSet, u32)> {
    let mut common: Option<CharSet> = None;
    let mut loops = 0;
    for (index, part) in parts.iter().enumerate() {
        let set = match loop_set(part) {
            Some(set) => {
                loops += 1;
                Some(set)
            }
            None if index == 0 => return None,
            None if part.is_place() || least_length(part) == 0 => None,
            None => Some(part.set()?),
        };
        if let Some(set) = set {
            let both = common.map_or_else(|| (*set).clone(), |common| common.common(&set));
            if both.is_empty() {
                return None;
            }
            common = Some(both);
        }
        if loops == 3 {
            return common.map(|common| (common, part.span.end));
        }
    }
    None
}

/// The characters of an endless loop over single ones.
fn loop_set(node: &Node) -> Option<std::sync::Arc<CharSet>> {
    match &node.kind {
        Kind::Repeat(repeat) if repeat.most.is_none() => {
            repeat.inner.set().or_else(|| match &repeat.inner.kind {
                Kind::Group(group) => group.inner.set(),
                _ => None,
            })
        }
        Kind::Group(group) if group.kind != GroupKind::Atomic => loop_set(&group.inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    #[test]
    fn slow_patterns_are_shown() {
        for (text, part, exponential) in [
            (r"^(\w+\s?)*$", r"(\w+\s?)*", true),
            ("^(a+)+$", "(a+)+", true),
            ("^([a-zA-Z]+)*@", "([a-zA-Z]+)*", true),
            ("(a|aa)+$", "(a|aa)+", true),
            ("^(a|b|ab)*c", "(a|b|ab)*", true),
            (r"^(([a-z])+.)+[A-Z]([a-z])+$", "(([a-z])+.)+", true),
            (r"^(\d+|\d+x?)+z$", r"(\d+|\d+x?)+", true),
            ("^(.*,)*x$", "(.*,)*", true),
            ("(x+x+)+y", "(x+x+)+", true),
            (r"^CN=(?:[^,]+,?)*;$", "(?:[^,]+,?)*", true),
            (r"^.*.*.*x", ".*.*.*", false),
            (r"^\s*\w*\d*\w*!$", r"\w*\d*\w*", false),
            (r"^(.*a){12}$", "(.*a){12}", false),
            (r"^(?<all>.*)-?(.*)\s?(.*)x$", r"(?<all>.*)-?(.*)\s?(.*)", false),
        ] {
            let found = parse(text).unwrap().slow();
            let found = found.map(|slow| (slow.span.of(text).to_owned(), slow.is_exponential));
            assert_eq!(found, Some((part.to_owned(), exponential)), "{text}");
        }
    }

    #[test]
    fn quick_patterns_are_left_alone() {
        for text in [
            r"^[\w ]+$",
            r"^([^.]+\.?){2}$",
            r"^((.*)([.|@]))?(?<domain>[^.]*[.].*)$",
            r"^(?:[a-z]+\.)*[a-z]+$",
            "^(a|b)*c",
            "(?:a+)+$",
            "(a+)+",
            "^(?>a+)+$",
            ".*student.*",
            r"^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$",
            r"(?<domain>[^\\]+)\\(?<user>.+)",
            r".*DC=(?<domain>.+),DC=corp,DC=fabrikam,DC=com",
            r"^.*@.*\.example$",
            r"^(?:\w+@contoso\.com;?)+$",
            "^(a?){3}$",
        ] {
            assert_eq!(parse(text).unwrap().slow(), None, "{text}");
        }
    }
}
