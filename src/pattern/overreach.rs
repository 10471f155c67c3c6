//! Whether a pattern lets through more than it spells, with a value that shows it: `contoso\.com` passes
//! `evil-contoso.com.attacker.net`. What is open on purpose is left alone: `-512$`, `^10\.`, `@contoso\.com$`, `.*staff.*`.

use super::Pattern;
use super::anchored::{at_end, at_start};
use super::ast::{Anchor, Kind, Look, Node};
use super::program::Program;
use super::set::CharSet;
use super::witness::{Wish, examples};

/// Alternatives of a pattern that are looked at.
const ALTERNATIVES: usize = 64;

/// A value that a pattern treats like another one that it spells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overreach {
    /// The value.
    pub text: String,
    /// What the pattern spells.
    pub meant: String,
    /// Both are refused: the pattern says what must not be there.
    pub refuses: bool,
}

/// Which way a side of a pattern is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Held,
    /// `.*`: on purpose.
    Wild,
    Open,
}

/// The first value that shows it; `None` also where trying takes too long. Lists of addresses, as a header may hold
/// them, come last.
pub(super) fn overreach(pattern: &Pattern) -> Option<Overreach> {
    let program = Program::new(pattern)?;
    let alternatives = || pattern.root.alternatives().iter().take(ALTERNATIVES);
    let alone = alternatives().find_map(|alternative| match refused(alternative) {
        Some(look) => refusal(look, &program),
        None => acceptance(alternative, &program, |text| !text.contains(',')),
    });
    alone.or_else(|| {
        let mut accepting = alternatives().filter(|alternative| refused(alternative).is_none());
        accepting.find_map(|alternative| acceptance(alternative, &program, |_| true))
    })
}

fn acceptance(alternative: &Node, program: &Program, is_fit: fn(&str) -> bool) -> Option<Overreach> {
    let open_start = side(alternative, false) == Side::Open;
    let open_end = side(alternative, true) == Side::Open;
    if !open_start && !open_end {
        return None;
    }
    let found = examples(alternative, Wish { words: true, odd_dot: None });
    found.into_iter().filter(|meant| !meant.is_empty() && program.accepts(meant)).find_map(|meant| {
        let mut longer = longer(&meant, open_start, open_end).into_iter();
        let text = longer.find(|text| is_fit(text) && program.accepts(text))?;
        Some(Overreach { text, meant, refuses: false })
    })
}

/// `^(?!...)`: what must not be there, if that is what an alternative says first.
fn refused(alternative: &Node) -> Option<&Look> {
    let first =
        alternative.parts().iter().find(|part| !matches!(part.kind, Kind::Anchor(_) | Kind::Nothing))?;
    match &first.kind {
        Kind::Look(look) if look.negative && !look.behind => Some(look),
        _ => None,
    }
}

fn refusal(look: &Look, program: &Program) -> Option<Overreach> {
    let alternatives = look.inner.alternatives().iter().take(ALTERNATIVES);
    alternatives.filter(|inner| side(inner, true) == Side::Open).find_map(|inner| {
        let found = examples(inner, Wish { words: true, odd_dot: None });
        found.into_iter().filter(|meant| !meant.is_empty() && !program.accepts(meant)).find_map(|meant| {
            let mut longer = longer(&meant, false, true).into_iter();
            let text = longer.find(|text| !text.contains(',') && !program.accepts(text))?;
            Some(Overreach { text, meant, refuses: true })
        })
    })
}

fn side(node: &Node, is_end: bool) -> Side {
    let holds = if is_end { at_end } else { at_start };
    if holds(node) {
        return Side::Held;
    }
    match &node.kind {
        Kind::Group(group) => side(&group.inner, is_end),
        Kind::Alternation(all) => {
            let sides: Vec<Side> = all.iter().map(|one| side(one, is_end)).collect();
            let one = |wanted| sides.contains(&wanted);
            if one(Side::Open) {
                Side::Open
            } else if one(Side::Wild) {
                Side::Wild
            } else {
                Side::Held
            }
        }
        Kind::Sequence(parts) => {
            let outer: Option<&Node> = if is_end {
                parts.iter().rev().find(|part| !part.is_place())
            } else {
                parts.iter().find(|part| !part.is_place())
            };
            outer.map_or(Side::Open, |part| side(part, is_end))
        }
        Kind::Repeat(repeat) => {
            let is_wide = repeat.inner.set().is_some_and(|set| is_wide(&set));
            if repeat.most.is_none() && is_wide { Side::Wild } else { Side::Open }
        }
        _ => Side::Open,
    }
}

/// It stands for more than letters and digits.
fn is_wide(set: &CharSet) -> bool {
    set.covers(&CharSet::of_ranges(&[('a', 'z'), ('0', '9'), ('-', '-')]))
}

/// Longer values around the one that is meant, the most telling first.
fn longer(meant: &str, open_start: bool, open_end: bool) -> Vec<String> {
    let is_numeric = |character: char| character.is_ascii_digit();
    if meant.starts_with("S-1-") {
        return if open_end && meant.ends_with(is_numeric) { vec![format!("{meant}0")] } else { Vec::new() };
    }
    if meant.starts_with('/') {
        return Vec::new();
    }
    if meant.contains('.') && meant.chars().all(|c| is_numeric(c) || c == '.') {
        return addresses(meant, open_start, open_end);
    }
    let is_number = meant.chars().all(is_numeric);
    let is_host = meant.contains('.') && !meant.contains(' ');
    let (head, tail) = match (is_number, is_host) {
        (true, _) => ("1", "0"),
        (_, true) => ("evil-", ".attacker.net"),
        _ => ("not-", "-x"),
    };
    // A value that begins or ends with a separator says where the rest goes.
    let is_suffix = meant.starts_with(['@', '.', '-', '\\', '/', ',', '=', ':', ' ']);
    let is_prefix = meant.ends_with(['@', '.', '-', '\\', '/', ',', '=', ':', ' ', '_', '(']);
    let before = match (open_start, is_suffix) {
        (true, true) if meant.starts_with('@') => "mallory",
        (true, true) => "",
        (true, false) => head,
        _ => "",
    };
    let before_it = open_start && !is_suffix;
    let behind_it = open_end && !is_prefix;
    match (before_it, behind_it) {
        (_, true) => vec![format!("{before}{meant}{tail}"), format!("{meant}{tail}")],
        (true, false) => vec![format!("{head}{meant}")],
        (false, false) => Vec::new(),
    }
}

/// Other addresses in which an address, or the first numbers of one, stands somewhere.
fn addresses(meant: &str, open_start: bool, open_end: bool) -> Vec<String> {
    let numbers: Vec<&str> = meant.split('.').collect();
    let (first, last) = (numbers.first().copied().unwrap_or(""), numbers.last().copied().unwrap_or(""));
    let rest = 4_usize.saturating_sub(numbers.len());
    let is_octet = |text: &str| text.parse::<u32>().is_ok_and(|number| number < 256);
    let close =
        |text: String| format!("{text}{}{}", if last.is_empty() { "9" } else { "" }, ".9".repeat(rest));
    let mut found = Vec::new();
    if open_end && !last.is_empty() && last != "0" {
        let digits = (0..10).filter(|digit| is_octet(&format!("{last}{digit}")));
        found.extend(digits.map(|digit| format!("{meant}{digit}{}", ".9".repeat(rest))));
    }
    if open_start && !first.is_empty() {
        let digits = (1..10).filter(|digit| is_octet(&format!("{digit}{first}")));
        found.extend(digits.map(|digit| close(format!("{digit}{meant}"))));
        if rest > 0 || last.is_empty() && numbers.len() < 5 {
            let close = if last.is_empty() { "9".to_owned() } else { ".9".repeat(rest.saturating_sub(1)) };
            let fill = ".9".repeat(if last.is_empty() { rest.saturating_sub(1) } else { 0 });
            found.push(format!("7.{meant}{close}{fill}"));
        }
    }
    if numbers.len() == 4 && !first.is_empty() && !last.is_empty() {
        found.extend(open_end.then(|| format!("{meant},203.0.113.9")));
        found.extend(open_start.then(|| format!("203.0.113.9,{meant}")));
    }
    found
}

/// `\b` stands at every side that is open: the words are whole, but more may stand beside them.
pub(super) fn has_word_edges(root: &Node) -> bool {
    let is_edge =
        |part: Option<&Node>| part.is_some_and(|part| matches!(part.kind, Kind::Anchor(Anchor::WordEdge)));
    root.alternatives().iter().all(|alternative| {
        let parts = alternative.parts();
        let start = at_start(alternative) || is_edge(parts.iter().find(|part| part.kind != Kind::Nothing));
        let end = at_end(alternative) || is_edge(parts.iter().rev().find(|part| part.kind != Kind::Nothing));
        start && end
    })
}

#[cfg(test)]
mod tests {
    use crate::pattern::parse;

    fn shown(text: &str) -> Option<String> {
        parse(text).unwrap().overreach().map(|found| found.text)
    }

    #[test]
    fn values_that_pass_and_should_not() {
        for (text, value) in [
            (r"contoso\.com", "evil-contoso.com.attacker.net"),
            (r"@contoso\.com", "mallory@contoso.com.attacker.net"),
            (r"^[^@]+@contoso\.com", "user@contoso.com.attacker.net"),
            (r"contoso\.com$", "evil-contoso.com"),
            (r"192\.0\.2\.1", "192.0.2.10"),
            (r"^192\.0\.2\.1", "192.0.2.10"),
            (r"192\.0\.2\.1$", "203.0.113.9,192.0.2.1"),
            (r"10\.0\.0\.1$", "110.0.0.1"),
            (r"^10\.|192\.168\.", "7.192.168.9"),
            (r"^a\.example$|b\.example", "evil-b.example.attacker.net"),
            (r"^(a\.example$|b\.example)", "b.example.attacker.net"),
            (r"\b192\.0\.2\.250\b", "192.0.2.250,203.0.113.9"),
            ("515$", "1515"),
            ("S-1-5-21-1-2-3-1117", "S-1-5-21-1-2-3-11170"),
            ("^Domain Admins", "Domain Admins-x"),
            (r"^(?!192\.0\.2\.7|198\.51\.100\.2)", "192.0.2.70"),
            (r"^10\.1\.1", "10.1.10.9"),
            (r"^(?!192\.168\.1\.77|10\.83\.118\.23)", "10.83.118.230"),
            (r"192\.0\.2\.250$|^198\.51\.100\.7", "198.51.100.70"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_open_on_purpose() {
        for text in [
            r"^[^@]+@contoso\.com$",
            r"(?i)@contoso\.com$",
            r"\.contoso\.com$",
            "-512$",
            "^S-1-5-21-1-2-3-",
            r"^10\.",
            r"^10\.1\.(2|3)\.",
            "^/adfs/services/trust/2005/",
            ".*staff.*",
            "^OU=.*",
            ".*",
            "",
            r"^(?!192\.0\.2\.7$|198\.51\.100\.2$)",
            r"^(?:a\.example|b\.example)$",
            r"(?<!.)a\.example(?!.)",
            r"\\administrator$",
            "$a",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
