//! Dots that stand for any character and look like the dots of a domain name or an address.

use std::sync::LazyLock;

use super::Pattern;
use super::ast::{Anchor, Kind, Node, Span};
use super::program::Program;
use super::set::CharSet;
use super::witness::{Wish, examples};

/// A name or an address whose dots match any character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainDot {
    /// The name or address, `contoso.com`.
    pub text: String,
    /// Its place in the pattern.
    pub span: Span,
    /// The dots that are none.
    pub dots: Vec<Span>,
    /// It is an address of digits.
    pub is_address: bool,
}

/// Ends of domain names that are not two letters of a country.
const TOP_LEVEL: &[&str] = &[
    "aero",
    "app",
    "arpa",
    "asia",
    "biz",
    "cloud",
    "com",
    "coop",
    "corp",
    "dev",
    "edu",
    "example",
    "gov",
    "home",
    "info",
    "int",
    "intern",
    "internal",
    "intra",
    "invalid",
    "jobs",
    "lan",
    "local",
    "localdomain",
    "mil",
    "mobi",
    "name",
    "net",
    "online",
    "org",
    "priv",
    "private",
    "pro",
    "shop",
    "site",
    "store",
    "tech",
    "test",
    "travel",
    "xyz",
];

/// All of them, in reading order.
pub(super) fn plain_dots(root: &Node, text: &str) -> Vec<PlainDot> {
    let mut found = Vec::new();
    root.walk(&mut |node| {
        if let Kind::Sequence(parts) = &node.kind {
            found.extend(stretches(parts).filter_map(|stretch| judge(&stretch, text)));
        }
    });
    found.sort_by_key(|dot: &PlainDot| dot.span);
    found
}

/// What a part of a sequence is to a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Digit,
    Letter,
    PlainDot,
    EscapedDot,
}

struct Stretch<'n> {
    parts: Vec<(Role, &'n Node)>,
    before: Option<&'n Node>,
    after: Option<&'n Node>,
}

fn role(node: &Node) -> Option<Role> {
    match &node.kind {
        Kind::Dot { .. } => Some(Role::PlainDot),
        Kind::Character { character: '.', .. } => Some(Role::EscapedDot),
        Kind::Character { character, .. } if character.is_ascii_digit() => Some(Role::Digit),
        Kind::Character { character, .. } if character.is_ascii_alphabetic() => Some(Role::Letter),
        Kind::Repeat(repeat) => role(&repeat.inner).filter(|role| !role.is_dot()),
        Kind::Group(group) => role(&group.inner).filter(|role| !role.is_dot()),
        Kind::Sequence(all) | Kind::Alternation(all) => {
            let mut roles = all.iter().map(role);
            let first = roles.next().flatten()?;
            let all = roles
                .try_fold(first, |so_far, next| Some(if next? == so_far { so_far } else { Role::Letter }));
            all.filter(|role| !role.is_dot())
        }
        _ => {
            let set = node.set()?;
            if set.is_empty() || !NAME.covers(&set) {
                // A class that is nothing but a dot is how some people escape it.
                return (*set == CharSet::character('.', false)).then_some(Role::EscapedDot);
            }
            let digits = CharSet::shorthand('d');
            Some(if digits.covers(&set) { Role::Digit } else { Role::Letter })
        }
    }
}

/// Characters of names; all that is a decimal digit counts as one.
static NAME: LazyLock<CharSet> = LazyLock::new(|| {
    let mut set = CharSet::of_ranges(&[('-', '-'), ('A', 'Z'), ('a', 'z')]);
    set.add(&CharSet::shorthand('d'));
    set
});

impl Role {
    fn is_dot(self) -> bool {
        matches!(self, Self::PlainDot | Self::EscapedDot)
    }
}

/// Runs of names and dots.
fn stretches(parts: &[Node]) -> impl Iterator<Item = Stretch<'_>> {
    let mut found: Vec<Stretch<'_>> = Vec::new();
    let mut is_open = false;
    for (index, part) in parts.iter().enumerate() {
        let Some(role) = role(part) else {
            is_open = false;
            continue;
        };
        if !is_open {
            let before = index.checked_sub(1).and_then(|at| parts.get(at));
            found.push(Stretch { parts: Vec::new(), before, after: None });
            is_open = true;
        }
        if let Some(last) = found.last_mut() {
            last.parts.push((role, part));
            last.after = parts.get(index + 1);
        }
    }
    found.into_iter().filter(|stretch| stretch.parts.iter().any(|(role, _)| *role == Role::PlainDot))
}

fn judge(stretch: &Stretch<'_>, text: &str) -> Option<PlainDot> {
    let first = stretch.parts.iter().position(|(role, _)| !role.is_dot())?;
    let parts = stretch.parts.get(first..)?;
    let span = Span::new(parts.first()?.1.span.start, parts.last()?.1.span.end);
    let written = span.of(text);
    let found = |dots: Vec<Span>, is_address| {
        (!dots.is_empty()).then(|| PlainDot { text: written.to_owned(), span, dots, is_address })
    };
    if is_address(parts, stretch, first == 0) {
        return found(
            dots_of(parts, |before, after| before == Some(Role::Digit) && after != Some(Role::Letter)),
            true,
        );
    }
    if !is_domain(parts, stretch, written) {
        return None;
    }
    let is_name = |role: Option<Role>| role.is_some_and(|role| !role.is_dot());
    found(dots_of(parts, |before, after| is_name(before) && is_name(after)), false)
}

/// Plain dots by what stands beside them.
fn dots_of(parts: &[(Role, &Node)], wanted: impl Fn(Option<Role>, Option<Role>) -> bool) -> Vec<Span> {
    let role = |at: Option<usize>| at.and_then(|at| parts.get(at)).map(|(role, _)| *role);
    let dots = parts.iter().enumerate().filter(|(index, (kind, _))| {
        *kind == Role::PlainDot && wanted(role(index.checked_sub(1)), role(Some(index + 1)))
    });
    dots.map(|(_, (_, node))| node.span).collect()
}

/// Digits and dots: at least three numbers, or the first ones of an address.
fn is_address(parts: &[(Role, &Node)], stretch: &Stretch<'_>, is_whole: bool) -> bool {
    let dots = parts.iter().filter(|(role, _)| role.is_dot()).count();
    let only_digits = parts.iter().all(|(role, _)| *role != Role::Letter);
    let starts = stretch.before.is_none_or(|before| matches!(before.kind, Kind::Anchor(Anchor::TextStart)));
    only_digits && (dots > 1 || starts && is_whole && stretch.before.is_some())
}

/// It ends like a domain name, or stands behind `@`.
fn is_domain(parts: &[(Role, &Node)], stretch: &Stretch<'_>, written: &str) -> bool {
    let letters = parts.iter().any(|(role, _)| *role == Role::Letter);
    let behind_at =
        matches!(stretch.before.map(|node| &node.kind), Some(Kind::Character { character: '@', .. }));
    let end = written.trim_end_matches('.').rsplit(['.', '\\', ']']).next().unwrap_or("");
    let is_country = end.len() == 2 && end.bytes().all(|letter| letter.is_ascii_lowercase());
    let is_top_level = TOP_LEVEL.contains(&end.to_ascii_lowercase().as_str()) || is_country;
    // `name.com` in front of more letters is another word, and a class or a group says nothing about the end.
    let goes_on =
        stretch.after.is_some_and(|after| matches!(after.kind, Kind::Character { character: '_', .. }));
    letters && !goes_on && (behind_at || is_top_level)
}

/// A value that passes because a dot stands for any character; tried out.
pub(super) fn value(pattern: &Pattern, dot: &PlainDot) -> Option<String> {
    let program = Program::new(pattern)?;
    let alternative = pattern
        .root
        .alternatives()
        .iter()
        .find(|node| node.span.start <= dot.span.start && dot.span.end <= node.span.end)?;
    let with = |span: Span, character| {
        let usual = examples(alternative, Wish { words: true, odd_dot: Some((span, '.')) });
        let odd = examples(alternative, Wish { words: true, odd_dot: Some((span, character)) });
        odd.into_iter().zip(usual).find(|(odd, usual)| odd != usual).map(|(odd, _)| odd)
    };
    let addresses = dot.dots.iter().rev().flat_map(|span| {
        let digits = ['0', '1', '5'].into_iter().filter(|_| dot.is_address);
        digits.filter_map(|digit| address(&with(*span, digit)?))
    });
    let names = dot.dots.iter().filter_map(|span| with(*span, 'x'));
    addresses.chain(names).find(|value| program.accepts(value))
}

/// The address that some first numbers begin, if they are numbers of an address.
fn address(text: &str) -> Option<String> {
    let text = text.trim_end_matches('.');
    let numbers: Vec<&str> = text.split('.').collect();
    let fits = |number: &&str| number.len() < 4 && number.parse::<u32>().is_ok_and(|number| number < 256);
    let missing = 4_usize.checked_sub(numbers.len())?;
    numbers.iter().all(fits).then(|| format!("{text}{}", ".9".repeat(missing)))
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    fn dots(text: &str) -> Vec<String> {
        parse(text).unwrap().plain_dots(text).into_iter().map(|dot| dot.text).collect()
    }

    #[test]
    fn dots_in_names_and_addresses() {
        for (text, found) in [
            ("^.+@corp.example.com$", &["corp.example.com"][..]),
            ("(?i)@(corp|emea).example.com", &["(corp|emea).example.com"]),
            ("^10.1.2.3$", &["10.1.2.3"]),
            ("(?i)@desk.contoso.com$", &["desk.contoso.com"]),
            ("^192.168.", &["192.168."]),
            ("^10.", &["10."]),
            (r"^10\.0.0\.1$", &[r"10\.0.0\.1"]),
            (r"^192.168.\d{1,3}.[0-9]+$", &[r"192.168.\d{1,3}.[0-9]+"]),
            ("a@b.com|c@d.org", &["b.com", "d.org"]),
            ("^[a-z]+.example.local$", &["[a-z]+.example.local"]),
            ("fabrikam.de", &["fabrikam.de"]),
        ] {
            assert_eq!(dots(text), found, "{text}");
        }
    }

    #[test]
    fn dots_that_are_meant_or_say_nothing() {
        for text in [
            r"^10\.0\.0\.1$",
            "^.*$",
            "^.+@example[.]com$",
            "Microsoft.Exchange",
            "Windows NT 10.0",
            "a.b",
            ".*staff.*",
            "^. +@",
            "^S-1-5-.+$",
            "CN=.+,DC=",
            r"@example\.com",
            "^.com",
        ] {
            assert_eq!(dots(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn values_that_pass_through_a_dot() {
        for (text, value) in [
            ("^10.1.2.3$", "10x1.2.3"),
            ("^10.", "100.9.9.9"),
            (r"^192.168.1.", "192.168.10.9"),
            ("^.+@corp.example.com$", "user@corpxexample.com"),
            ("(?i)a@b.com|c@d.org", "a@bxcom"),
            (r"^sts\.contoso.com$", "sts.contosoxcom"),
        ] {
            let pattern = parse(text).unwrap();
            let dot = pattern.plain_dots(text).into_iter().next().unwrap();
            assert_eq!(pattern.dot_value(&dot).as_deref(), Some(value), "{text}");
        }
    }
}
