//! Sets of characters: ranges, and what .NET means by `\d`, `\w`, `\s` and `\p{...}`.

use std::sync::{Arc, LazyLock};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange, HirKind};

use super::blocks;

/// Characters, as ranges in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharSet(ClassUnicode);

/// Characters that read well in an example, the plainest first.
const PLEASANT: &str = "a0x1b-ZA9. @_/!#%&,:;=~+*$^|()[]{}<>'\"`?\\";

impl CharSet {
    /// No character.
    pub fn empty() -> Self {
        Self(ClassUnicode::empty())
    }

    /// One character; with its other case if case does not count.
    pub fn character(character: char, ignore_case: bool) -> Self {
        let mut set = Self::of_ranges(&[(character, character)]);
        if ignore_case {
            set.ignore_case();
        }
        set
    }

    /// All characters of some ranges.
    pub fn of_ranges(ranges: &[(char, char)]) -> Self {
        Self(ClassUnicode::new(ranges.iter().map(|(first, last)| ClassUnicodeRange::new(*first, *last))))
    }

    /// Every character.
    pub fn any() -> Arc<Self> {
        static ANY: LazyLock<Arc<CharSet>> =
            LazyLock::new(|| Arc::new(CharSet::of_ranges(&[('\0', char::MAX)])));
        Arc::clone(&ANY)
    }

    /// Every character but a line feed: what `.` stands for.
    pub fn any_but_newline() -> Arc<Self> {
        static MOST: LazyLock<Arc<CharSet>> =
            LazyLock::new(|| Arc::new(CharSet::character('\n', false).negated()));
        Arc::clone(&MOST)
    }

    /// `\w`: letters, marks without width, decimal digits, connectors.
    pub fn word() -> Arc<Self> {
        static WORD: LazyLock<Arc<CharSet>> =
            LazyLock::new(|| Arc::new(CharSet::of_syntax(r"[\p{L}\p{Mn}\p{Nd}\p{Pc}]")));
        Arc::clone(&WORD)
    }

    /// `\d`, `\w`, `\s` and their opposites by letter.
    pub fn shorthand(letter: char) -> Arc<Self> {
        static DIGIT: LazyLock<Arc<CharSet>> = LazyLock::new(|| Arc::new(CharSet::of_syntax(r"\p{Nd}")));
        static SPACE: LazyLock<Arc<CharSet>> = LazyLock::new(|| Arc::new(CharSet::of_syntax(r"\s")));
        let set = match letter.to_ascii_lowercase() {
            'd' => Arc::clone(&DIGIT),
            's' => Arc::clone(&SPACE),
            _ => Self::word(),
        };
        if letter.is_ascii_uppercase() { Arc::new(set.negated()) } else { set }
    }

    /// What `\p{name}` stands for: a general category or a block. `None` for a name that .NET does not know.
    pub fn property(name: &str) -> Option<Self> {
        if let Some((first, last)) = blocks::range(name) {
            // Blocks of surrogates hold no character of their own.
            let range = char::from_u32(first).zip(char::from_u32(last));
            return Some(range.map_or_else(Self::empty, |range| Self::of_ranges(&[range])));
        }
        match name {
            // .NET's Other is controls, formats, surrogates, private use and what is not assigned.
            name if blocks::CATEGORIES.contains(&name) => {
                Some(if name == "Cs" { Self::empty() } else { Self::of_syntax(&format!(r"\p{{{name}}}")) })
            }
            _ => None,
        }
    }

    /// From the syntax of the `regex` crate, whose tables of Unicode are the ones we use.
    fn of_syntax(syntax: &str) -> Self {
        let class = regex_syntax::parse(syntax).ok().and_then(|hir| match hir.into_kind() {
            HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => Some(class),
            _ => None,
        });
        class.map_or_else(Self::empty, Self)
    }

    /// Adds another set.
    pub fn add(&mut self, other: &Self) {
        self.0.union(&other.0);
    }

    /// Takes another set away.
    pub fn remove(&mut self, other: &Self) {
        self.0.difference(&other.0);
    }

    /// Adds the other case of each character, one character for one.
    pub fn ignore_case(&mut self) {
        // Unicode folds ſ to s, .NET does not.
        let long_s = Self::of_ranges(&[('ſ', 'ſ')]);
        let has_long_s = self.has('ſ');
        // The tables are compiled in; without them the set stays as it is.
        self.0.try_case_fold_simple().ok();
        if !has_long_s {
            self.remove(&long_s);
        }
    }

    /// Every character that is not in it.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut class = self.0.clone();
        class.negate();
        Self(class)
    }

    /// What is in both.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        let mut class = self.0.clone();
        class.intersect(&other.0);
        Self(class)
    }

    /// Whether some character is in both.
    pub fn meets(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self.0.ranges().iter().peekable(), other.0.ranges().iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            if a.end() < b.start() {
                left.next();
            } else if b.end() < a.start() {
                right.next();
            } else {
                return true;
            }
        }
        false
    }

    /// Whether every character of another set is in it.
    pub fn covers(&self, other: &Self) -> bool {
        let ranges = self.0.ranges();
        other.0.ranges().iter().all(|wanted| {
            // Ranges are in order and never touch, so one of them holds all of it or none does.
            let place = ranges.partition_point(|range| range.end() < wanted.start());
            ranges
                .get(place)
                .is_some_and(|range| range.start() <= wanted.start() && wanted.end() <= range.end())
        })
    }

    /// Whether a character is in it.
    pub fn has(&self, character: char) -> bool {
        let ranges = self.0.ranges();
        let place = ranges.partition_point(|range| range.end() < character);
        ranges.get(place).is_some_and(|range| range.start() <= character)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.ranges().is_empty()
    }

    /// A character of it that reads well.
    pub fn sample(&self) -> Option<char> {
        let pleasant = PLEASANT.chars().find(|character| self.has(*character));
        pleasant.or_else(|| {
            let visible = self.0.ranges().iter().map(ClassUnicodeRange::start).find(|first| *first > ' ');
            visible.or_else(|| self.0.ranges().first().map(ClassUnicodeRange::end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_know_their_characters() {
        let mut set = CharSet::of_ranges(&[('a', 'z')]);
        set.remove(&CharSet::of_ranges(&[('e', 'e'), ('i', 'i')]));
        assert!(set.has('a') && set.has('z') && !set.has('e') && !set.has('A'));
        set.ignore_case();
        assert!(set.has('A') && !set.has('E'));
        assert!(set.meets(&CharSet::of_ranges(&[('x', 'ü')])) && !set.meets(&CharSet::shorthand('d')));
        assert!(CharSet::shorthand('w').covers(&set) && !set.covers(&CharSet::shorthand('w')));
        assert!(CharSet::shorthand('S').common(&CharSet::shorthand('s')).is_empty());
        assert_eq!(CharSet::shorthand('d').sample(), Some('0'));
        assert_eq!(CharSet::character('\n', false).sample(), Some('\n'));
    }

    #[test]
    fn properties_are_those_of_dot_net() {
        assert!(CharSet::property("Lu").unwrap().has('Ä'));
        assert!(CharSet::property("IsCyrillic").unwrap().has('Ж'));
        assert!(CharSet::property("IsBasicLatin").unwrap().has('a'));
        assert!(CharSet::property("Cs").unwrap().is_empty());
        for name in ["Greek", "isGreek", "IsGreek ", "lu", "Letter", ""] {
            assert_eq!(CharSet::property(name), None, "{name}");
        }
    }
}
