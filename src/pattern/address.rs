//! What a pattern for IPv4 addresses really accepts: the numbers of each of the four places, tried one by one.

use super::Pattern;
use super::anchored::{at_end, at_start};
use super::ast::{Anchor, Kind, Node, Span};
use super::program::Program;
use super::set::CharSet;

mod numbers;

use numbers::{Numbers, misread};

/// Alternatives of a pattern, brackets with dots in them multiplied out.
const ALTERNATIVES: usize = 128;
/// Alternatives that are printed.
const SHOWN: usize = 6;

/// The addresses that a pattern accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// In words: `192.168.1.{1-2,5}`; `*` is every number.
    pub accepted: String,
    /// What is wrong with them.
    pub faults: Vec<AddressFault>,
}

/// An address pattern that accepts other addresses than it seems to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressFault {
    /// The part that is to blame.
    pub span: Span,
    /// What is wrong with it.
    pub message: String,
    /// An address that was meant and is refused.
    pub misses: Option<String>,
    /// An address that is accepted and was not meant.
    pub extra: Option<String>,
}

/// The addresses, if the pattern is nothing but an address pattern.
pub(super) fn addresses(pattern: &Pattern, text: &str) -> Option<Addresses> {
    let flat = flat(&pattern.root)?;
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    for parts in &flat {
        let places = places(parts)?;
        let numbers: Option<Vec<Numbers>> =
            places.list.iter().map(|place| Numbers::of(&place.parts, pattern)).collect();
        let numbers = numbers?;
        lines.push(line(&numbers, &places));
        if faults.is_empty() {
            faults.extend(judge(&places, &numbers, text));
        }
    }
    lines.dedup();
    let rest = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    let mut accepted = lines.join(", ");
    if rest > 0 {
        accepted.push_str(&format!(" and {rest} more"));
    }
    Some(Addresses { accepted, faults })
}

fn has_dot(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| found |= is_dot(node));
    found
}

fn is_dot(node: &Node) -> bool {
    match &node.kind {
        Kind::Dot { .. } => true,
        _ => node.set().is_some_and(|set| *set == CharSet::character('.', false)),
    }
}

/// The pattern as alternatives of simple parts; what holds no dot stays together.
fn flat(node: &Node) -> Option<Vec<Vec<&Node>>> {
    match &node.kind {
        Kind::Nothing => Some(vec![Vec::new()]),
        Kind::Look(_) | Kind::Conditional(_) | Kind::Reference { .. } => None,
        Kind::Sequence(parts) => {
            let mut so_far: Vec<Vec<&Node>> = vec![Vec::new()];
            for part in parts {
                let next = flat(part)?;
                if let [only] = next.as_slice() {
                    so_far.iter_mut().for_each(|left| left.extend(only));
                    continue;
                }
                if so_far.len() * next.len() > ALTERNATIVES {
                    return None;
                }
                let joined = so_far.iter().flat_map(|left| {
                    next.iter().map(move |right| left.iter().chain(right).copied().collect())
                });
                so_far = joined.collect();
            }
            Some(so_far)
        }
        Kind::Alternation(all) if has_dot(node) => {
            let mut found = Vec::new();
            for alternative in all {
                found.extend(flat(alternative)?);
                if found.len() > ALTERNATIVES {
                    return None;
                }
            }
            Some(found)
        }
        Kind::Group(group) if has_dot(node) => flat(&group.inner),
        // (\d{1,3}\.){3}
        Kind::Repeat(repeat) if has_dot(node) && !is_dot(&repeat.inner) => {
            let [once] = &flat(&repeat.inner)?[..] else { return None };
            let times = repeat.most.filter(|most| *most == repeat.least && *most < 5)?;
            Some(vec![(0..times).flat_map(|_| once.iter().copied()).collect()])
        }
        _ => Some(vec![vec![node]]),
    }
}

/// One of the four numbers.
struct Place<'n> {
    parts: Vec<&'n Node>,
    span: Span,
}

/// The numbers of one alternative.
struct Places<'n> {
    list: Vec<Place<'n>>,
    /// It begins where the text begins.
    held_start: bool,
    /// It ends where the text or a word ends.
    held_end: bool,
    /// A dot stands behind the last number, or anything may.
    closed: bool,
}

fn places<'n>(parts: &[&'n Node]) -> Option<Places<'n>> {
    let is_anchor = |part: &&Node| matches!(part.kind, Kind::Anchor(_));
    let start = parts.iter().take_while(|part| is_anchor(part)).count();
    let end = parts.iter().rev().take_while(|part| is_anchor(part)).count();
    let middle = parts.get(start..parts.len().checked_sub(end)?)?;
    let is_edge = |part: &&Node| at_end(part) || matches!(part.kind, Kind::Anchor(Anchor::WordEdge));
    let mut places = Places {
        list: Vec::new(),
        held_start: parts.iter().take(start).any(|part| at_start(part)),
        held_end: parts.iter().rev().take(end).any(is_edge),
        closed: false,
    };
    let mut current = Vec::new();
    for part in middle {
        if is_dot(part) {
            places.push(std::mem::take(&mut current))?;
        } else if is_wild(part) && places.list.len() < 4 && current.is_empty() && !places.list.is_empty() {
            // `.*` behind a dot: the rest of the address.
            places.closed = true;
        } else if places.closed || !is_digits(part) {
            return None;
        } else {
            current.push(*part);
        }
    }
    if current.is_empty() {
        places.closed = true;
    } else {
        places.push(current)?;
    }
    let count = places.list.len();
    (count <= 4 && (count > 1 || count == 1 && places.closed && places.held_start)).then_some(places)
}

impl<'n> Places<'n> {
    fn push(&mut self, parts: Vec<&'n Node>) -> Option<()> {
        let span = Span::new(parts.first()?.span.start, parts.last()?.span.end);
        self.list.push(Place { parts, span });
        Some(())
    }

    /// More digits may follow the last number.
    fn is_open(&self) -> bool {
        !self.closed && !self.held_end
    }
}

fn is_wild(node: &Node) -> bool {
    match &node.kind {
        Kind::Repeat(repeat) => repeat.most.is_none() && is_dot_any(&repeat.inner),
        Kind::Group(group) => is_wild(&group.inner),
        _ => false,
    }
}

fn is_dot_any(node: &Node) -> bool {
    node.set().is_some_and(|set| set.covers(&CharSet::of_ranges(&[('0', '9'), ('.', '.')])))
}

fn is_digits(node: &Node) -> bool {
    let digits = CharSet::shorthand('d');
    let mut fits = true;
    node.walk(&mut |node| match &node.kind {
        Kind::Look(_) | Kind::Anchor(_) | Kind::Reference { .. } | Kind::Conditional(_) => fits = false,
        _ => fits &= node.set().is_none_or(|set| digits.covers(&set)),
    });
    fits
}

/// `10.1.{1,10-19}.*`
fn line(numbers: &[Numbers], places: &Places<'_>) -> String {
    if numbers.iter().any(|numbers| numbers.first().is_none()) {
        return "no address".to_owned();
    }
    let last = numbers.len().saturating_sub(1);
    let mut shown: Vec<String> = numbers
        .iter()
        .enumerate()
        .map(
            |(index, numbers)| {
                if index == last && places.is_open() { numbers.longer().shown() } else { numbers.shown() }
            },
        )
        .collect();
    shown.resize(shown.len().max(4), "*".to_owned());
    shown.join(".")
}

fn judge(places: &Places<'_>, numbers: &[Numbers], text: &str) -> Option<AddressFault> {
    let address = |at: usize, number: u32| {
        let others = numbers
            .iter()
            .enumerate()
            .map(|(index, numbers)| if index == at { number } else { numbers.first().unwrap_or(9) });
        let mut shown: Vec<String> = others.map(|number| number.to_string()).collect();
        shown.resize(shown.len().max(4), "9".to_owned());
        shown.join(".")
    };
    for (index, (place, numbers)) in places.list.iter().zip(numbers).enumerate() {
        if let Some(misread) = place.parts.iter().find_map(|part| misread(part, text)) {
            let whole = place.parts.len() == 1;
            let misses = misread.meant().find(|number| whole && !numbers.has(*number));
            let extra = numbers.all().find(|number| whole && !misread.meant().any(|meant| meant == *number));
            return Some(AddressFault {
                span: place.span,
                message: misread.message(),
                misses: misses.map(|number| address(index, number)),
                extra: extra.map(|number| address(index, number)),
            });
        }
        if numbers.first().is_none() {
            let message = format!("{} matches no number from 0 to 255", place.span.of(text));
            return Some(AddressFault { span: place.span, message, misses: None, extra: None });
        }
    }
    let last = numbers.len().checked_sub(1)?;
    let (place, numbers) = (places.list.get(last)?, numbers.get(last)?);
    let extra = numbers.longer().all().find(|number| !numbers.has(*number));
    if !places.is_open() || !places.held_start {
        return None;
    }
    let extra = extra?;
    let message = format!("nothing ends the number behind {}", place.span.of(text));
    Some(AddressFault { span: place.span, message, misses: None, extra: Some(address(last, extra)) })
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    fn accepted(text: &str) -> String {
        parse(text).unwrap().addresses(text).map_or_else(|| "none".into(), |found| found.accepted)
    }

    fn fault(text: &str) -> (Option<String>, Option<String>) {
        let faults = parse(text).unwrap().addresses(text).unwrap().faults;
        let fault = faults.into_iter().next().unwrap();
        (fault.misses, fault.extra)
    }

    #[test]
    fn ranges_are_printed() {
        for (text, ranges) in [
            (r"^192\.168\.1\.[1-25]$", "192.168.1.{1-2,5}"),
            (r"^192\.168\.1\.([1-9]|1\d|2[0-5])$", "192.168.1.{1-25}"),
            (r"^10\.", "10.*.*.*"),
            (r"^10\.1\.1", "10.1.{1,10-19,100-199}.*"),
            (r"\b10\.0\.0\.(1|2)\b|^192\.168\.", "10.0.0.{1-2}, 192.168.*.*"),
            (r"^(10\.1|10\.2)\.3\.4$", "10.1.3.4, 10.2.3.4"),
            (r"^(\d{1,3}\.){3}\d{1,3}$", "*.*.*.*"),
            (r"^(25[0-5]|2[0-4]\d|1?\d?\d)\.0\.0\.1$", "*.0.0.1"),
            (r"^172\.(1[6-9]|2\d|3[01])\..*$", "172.{16-31}.*.*"),
            ("^10.1.2.3$", "10.1.2.3"),
            (
                r"\b192\.168\.1\.([1-9]|[1-9][0-9]|1([0-1][0-9]|2[0-5]))\b|\b10\.0\.0\.1\b",
                "192.168.1.{1-125}, 10.0.0.1",
            ),
            (r"^(10\.|172\.(1[6-9]|2[0-9]|3[0-1])\.|192\.168\.)", "10.*.*.*, 172.{16-31}.*.*, 192.168.*.*"),
        ] {
            assert_eq!(accepted(text), ranges, "{text}");
        }
        for text in
            [r"^contoso\.com$", "^10$", r"^(?!10\.)", "", r"^10\.1\.1\.1\.1$", "^.*$", r"\d+", "^2001:db8::"]
        {
            assert_eq!(accepted(text), "none", "{text}");
        }
    }

    #[test]
    fn ranges_that_are_not_what_they_seem() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(fault(r"^192\.168\.1\.[1-25]$"), (some("192.168.1.3"), None));
        assert_eq!(fault(r"^10\.[10-25]\.0\.1$"), (some("10.10.0.1"), some("10.0.0.1")));
        assert_eq!(fault(r"^10\.1\.1"), (None, some("10.1.10.9")));
        assert_eq!(fault(r"^10\.300\.0\.1$"), (None, None));
        for text in [
            r"^192\.168\.1\.([1-9]|1\d|2[0-5])$",
            r"^10\.",
            r"^10\.1\.1$",
            r"^10\.1\.1\b",
            r"^10\.\d{1,3}\.0\.[0-9]+$",
            r"^10\.1\.[0-9]\.",
            r"^10\.0\.0\.(1|2|5)$",
        ] {
            assert_eq!(parse(text).unwrap().addresses(text).unwrap().faults, [], "{text}");
        }
    }
}
