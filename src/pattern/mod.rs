//! Regular expressions of .NET: whether they are well formed, and what they let through.
//!
//! Claim rules compare with `=~`, which looks for a match anywhere in the text. Most mistakes are a missing
//! `^` or `$`, and a dot that was meant as one.

mod parse;

pub use parse::{PatternError, parse};

/// A regular expression as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The alternatives; at least one.
    pub alternatives: Vec<Vec<Item>>,
}

/// One thing to match, perhaps repeated.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What.
    pub atom: Atom,
    /// How often at least.
    pub least: u32,
    /// How often at most; `None` is without bound.
    pub most: Option<u32>,
    /// First byte in the pattern's text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

/// What an item matches.
#[derive(Debug, Clone, PartialEq)]
pub enum Atom {
    /// One character.
    Character(char),
    /// Any character but a line break.
    Any,
    /// A set of characters, or an escape such as `\d` that stands for one.
    Set,
    /// `^`, `\A`, `\G`: only where the text begins.
    Start,
    /// `$`, `\z`, `\Z`: only where the text ends.
    End,
    /// `\b` and the like, look-around, flags, comments: matches no character.
    Nothing,
    /// A group; `None` for a group without name or number.
    Group(Option<String>, Pattern),
    /// What a group matched before.
    Reference,
    /// `(?i)`: letter case does not count from here on.
    IgnoreCase,
}

impl Pattern {
    /// Whether every match begins where the text begins.
    pub fn is_anchored_at_start(&self) -> bool {
        self.alternatives.iter().all(|sequence| {
            let first = sequence.iter().find(|item| !item.atom.is_empty());
            first.is_some_and(|item| match &item.atom {
                Atom::Start => true,
                Atom::Group(_, inner) => item.least > 0 && inner.is_anchored_at_start(),
                _ => false,
            })
        })
    }

    /// Whether every match ends where the text ends.
    pub fn is_anchored_at_end(&self) -> bool {
        self.alternatives.iter().all(|sequence| {
            let last = sequence.iter().rev().find(|item| !item.atom.is_empty());
            last.is_some_and(|item| match &item.atom {
                Atom::End => true,
                Atom::Group(_, inner) => item.least > 0 && inner.is_anchored_at_end(),
                _ => false,
            })
        })
    }

    /// Whether there is no text on one line that it refuses: some alternative can match an empty stretch, or
    /// `.*` from end to end.
    pub fn matches_everything(&self) -> bool {
        self.alternatives.iter().any(|sequence| {
            let starts = sequence.first().is_some_and(|item| item.atom == Atom::Start);
            let ends = sequence.last().is_some_and(|item| item.atom == Atom::End);
            let is_loose = |item: &Item| item.least == 0 || item.atom.matches_nothing();
            let between: Vec<&Item> =
                sequence.iter().filter(|item| !matches!(item.atom, Atom::Start | Atom::End)).collect();
            let has_free_run =
                between.iter().any(|item| item.atom == Atom::Any && item.least == 0 && item.most.is_none());
            between.iter().all(|item| is_loose(item)) && (!(starts && ends) || has_free_run)
        })
    }

    /// Whether letter case does not count.
    pub fn ignores_case(&self) -> bool {
        match self.alternatives.as_slice() {
            [only] => only.iter().any(|item| match &item.atom {
                Atom::IgnoreCase => true,
                Atom::Group(_, inner) => inner.ignores_case(),
                _ => false,
            }),
            several => {
                several.iter().all(|sequence| sequence.iter().any(|item| item.atom == Atom::IgnoreCase))
                    || several
                        .first()
                        .and_then(|first| first.first())
                        .is_some_and(|item| item.atom == Atom::IgnoreCase)
            }
        }
    }

    /// The text it stands for, if it is nothing but characters.
    pub fn literal(&self) -> Option<String> {
        let [only] = self.alternatives.as_slice() else { return None };
        only.iter()
            .map(|item| match item.atom {
                Atom::Character(character) if item.least == 1 && item.most == Some(1) => Some(character),
                _ => None,
            })
            .collect()
    }

    /// Whether it has a group of that name or number; `0` is the whole match.
    pub fn has_group(&self, name: &str) -> bool {
        name == "0" || self.groups().iter().any(|known| known == name)
    }

    fn groups(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.collect_groups(&mut names);
        let unnamed = names.iter().filter(|name| name.is_empty()).count();
        names.retain(|name| !name.is_empty());
        // .NET numbers the groups without name first, then the others.
        let numbers = (1..=unnamed + names.len()).map(|number| number.to_string());
        names.extend(numbers.collect::<Vec<_>>());
        names
    }

    fn collect_groups(&self, names: &mut Vec<String>) {
        for item in self.alternatives.iter().flatten() {
            if let Atom::Group(name, inner) = &item.atom {
                names.extend(name.clone());
                inner.collect_groups(names);
            }
        }
    }

    /// Stretches like `contoso.com` or `10.0.0.1` in `text`, the pattern's own, whose dots match any character.
    pub fn unescaped_dots<'t>(&self, text: &'t str) -> Vec<(u32, &'t str)> {
        let mut found = Vec::new();
        for sequence in &self.alternatives {
            for (index, item) in sequence.iter().enumerate() {
                if let Atom::Group(_, inner) = &item.atom {
                    found.extend(inner.unescaped_dots(text));
                }
                let is_plain_dot = item.atom == Atom::Any && (item.least, item.most) == (1, Some(1));
                let is_name = |item: Option<&Item>| {
                    item.is_some_and(|item| {
                        matches!(item.atom, Atom::Character(c) if c.is_ascii_alphanumeric() || c == '-')
                            && item.least == 1
                    })
                };
                let before = index.checked_sub(1).and_then(|at| sequence.get(at));
                if is_plain_dot && is_name(before) && is_name(sequence.get(index + 1)) {
                    found.push(stretch(sequence, index, text));
                }
            }
        }
        found.dedup();
        found
    }
}

/// The characters and dots around one dot.
fn stretch<'t>(sequence: &[Item], index: usize, text: &'t str) -> (u32, &'t str) {
    let belongs = |item: &Item| match item.atom {
        Atom::Character(c) => c.is_ascii_alphanumeric() || matches!(c, '-' | '.'),
        Atom::Any => (item.least, item.most) == (1, Some(1)),
        _ => false,
    };
    let before = sequence.get(..index).unwrap_or(&[]).iter().rev().take_while(|item| belongs(item)).last();
    let after = sequence.get(index..).unwrap_or(&[]).iter().take_while(|item| belongs(item)).last();
    let start = before.map_or(0, |item| item.start);
    let end = after.map_or(start, |item| item.end);
    (start, text.get(start as usize..end as usize).unwrap_or(""))
}

impl Atom {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Nothing | Self::IgnoreCase)
    }

    fn matches_nothing(&self) -> bool {
        match self {
            Self::Nothing | Self::IgnoreCase => true,
            Self::Group(_, inner) => inner.matches_everything(),
            _ => false,
        }
    }
}

/// Groups that a replacement names: `${name}`.
pub fn replacement_groups(replacement: &str) -> Vec<String> {
    let inside = replacement.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    inside.map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Pattern {
        parse(text).unwrap()
    }

    #[test]
    fn anchors() {
        for (text, start, end) in [
            ("^a$", true, true),
            ("(?i)^a", true, false),
            ("^(?i)a$", true, true),
            ("^a|b$", false, false),
            ("^(a|b)$", true, true),
            ("(^a$|^b$)", true, true),
            ("a", false, false),
            (r"\Aa\z", true, true),
        ] {
            let pattern = of(text);
            assert_eq!(
                (pattern.is_anchored_at_start(), pattern.is_anchored_at_end()),
                (start, end),
                "{text}"
            );
        }
    }

    #[test]
    fn what_lets_everything_through() {
        for text in ["", ".*", "^.*$", "a?", "(a|)", "^", "$", "(?i).*"] {
            assert!(of(text).matches_everything(), "{text}");
        }
        for text in [".+", "^a?$", "a", "^.$"] {
            assert!(!of(text).matches_everything(), "{text}");
        }
    }

    #[test]
    fn dots_in_names() {
        let dots = |text| {
            of(text).unescaped_dots(text).into_iter().map(|(_, part)| part.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(dots("^.+@corp.example.com$"), ["corp.example.com"]);
        assert_eq!(dots(r"^10\.0\.0\.1$"), Vec::<String>::new());
        assert_eq!(dots("^.*$"), Vec::<String>::new());
    }

    #[test]
    fn what_dot_net_refuses() {
        for text in ["*a", "(a", "a)", "[a", r"a\", "(?<n", "(?[^a]+)", "a{2}{3}", "a**", "(?z)a", r"\u12"] {
            assert!(parse(text).is_err(), "{text}");
        }
        for text in [
            r"(?<dom>[^\\]+)\\(?<usr>.+)",
            "[a-z-[aeiou]]",
            "(?=a)b",
            r"\p{L}+",
            "a{",
            "a{,3}",
            "[]a]",
            "(?:a)",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        assert!(
            of("(?<u>.+)@(b)").has_group("u") && of("(a)").has_group("1") && !of("(?<u>a)").has_group("user")
        );
    }
}
