//! Groups by number and name, as .NET counts them: those without name first, from left to right, then the named ones;
//! a group called by a number keeps it.

use std::collections::{BTreeSet, HashMap, HashSet};

/// The groups of a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    numbers: BTreeSet<u32>,
    names: HashMap<String, u32>,
}

impl Groups {
    /// Whether there is a group of that number; 0 is the whole match.
    pub fn has_number(&self, number: u32) -> bool {
        number == 0 || self.numbers.contains(&number)
    }

    /// The number of a named group.
    pub fn number_of(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied()
    }

    /// The group that a name or a number stands for.
    pub fn find(&self, name: &str) -> Option<u32> {
        match name.parse::<u32>() {
            Ok(number) if name.starts_with(|c: char| c.is_ascii_digit()) => {
                self.has_number(number).then_some(number)
            }
            _ => self.number_of(name),
        }
    }

    /// Whether it has a group of that name or number.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The highest number.
    pub fn highest(&self) -> u32 {
        self.numbers.last().copied().unwrap_or(0)
    }
}

/// Groups while they are counted.
#[derive(Debug, Default)]
pub(super) struct Counting {
    unnamed: u32,
    numbers: BTreeSet<u32>,
    names: Vec<String>,
    known: HashSet<String>,
}

impl Counting {
    /// A group without name; its number.
    pub fn unnamed(&mut self) -> u32 {
        self.unnamed += 1;
        self.numbers.insert(self.unnamed);
        self.unnamed
    }

    /// A group called by a number.
    pub fn numbered(&mut self, number: u32) {
        self.numbers.insert(number);
    }

    /// A group with a name.
    pub fn named(&mut self, name: &str) {
        if self.known.insert(name.to_owned()) {
            self.names.push(name.to_owned());
        }
    }

    /// All groups with their numbers.
    pub fn finish(self) -> Groups {
        let mut groups = Groups { numbers: self.numbers, names: HashMap::new() };
        let mut next = self.unnamed + 1;
        for name in self.names {
            while groups.numbers.contains(&next) {
                next += 1;
            }
            groups.numbers.insert(next);
            groups.names.insert(name, next);
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_without_name_come_first() {
        let mut counting = Counting::default();
        counting.named("a");
        assert_eq!(counting.unnamed(), 1);
        counting.numbered(3);
        counting.named("b");
        counting.named("a");
        assert_eq!(counting.unnamed(), 2);
        let groups = counting.finish();
        assert_eq!(
            ["a", "b", "c", "3", "2", "0", "9"].map(|name| groups.find(name)),
            [Some(4), Some(5), None, Some(3), Some(2), Some(0), None]
        );
        assert_eq!(groups.highest(), 5);
    }
}
