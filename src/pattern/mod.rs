//! Regular expressions of .NET: whether they are well formed, and what they let through.
//!
//! Claim rules compare with `=~`, which looks for a match anywhere in the text. The words are in `grammar/pattern.pest`,
//! the tree in [`ast`]; each question about a pattern has a file of its own. What an answer says of an example is
//! tried out: [`Program`] takes the steps that .NET takes.

mod address;
mod anchored;
pub mod ast;
mod backslash;
mod blocks;
mod build;
mod class;
mod dots;
mod error;
mod extent;
mod groups;
mod letter_case;
mod matcher;
mod overreach;
mod parse;
mod program;
mod replacement;
pub mod set;
mod slow;
mod token;
mod witness;

use ast::{Kind, Node, Span};
use set::CharSet;

pub use address::{AddressFault, Addresses};
pub use dots::PlainDot;
pub use error::PatternError;
pub use groups::Groups;
pub use matcher::Outcome;
pub use overreach::Overreach;
pub use program::Program;
pub use replacement::missing_groups;
pub use slow::Slow;

/// A regular expression as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The whole of it.
    pub root: Node,
    /// Its groups.
    pub groups: Groups,
}

/// Parses a pattern, or says why .NET refuses it.
pub fn parse(text: &str) -> Result<Pattern, PatternError> {
    build::build(text)
}

impl Pattern {
    /// Whether every match begins where the text begins.
    pub fn is_anchored_at_start(&self) -> bool {
        anchored::at_start(&self.root)
    }

    /// Whether every match ends where the text ends.
    pub fn is_anchored_at_end(&self) -> bool {
        anchored::at_end(&self.root)
    }

    /// Whether every value passes that has a character and no line break.
    pub fn matches_everything(&self) -> bool {
        extent::takes_everything(&self.root)
    }

    /// Whether no value at all passes.
    pub fn matches_nothing(&self) -> bool {
        extent::takes_nothing(&self.root)
    }

    /// Whether it is written so that letter case does not count, in every letter of it.
    pub fn ignores_case(&self) -> bool {
        let (mut ignores, mut counts) = (false, false);
        self.root.walk(&mut |node| match &node.kind {
            Kind::Character { ignore_case: true, .. } => ignores = true,
            Kind::Character { character, .. } => counts |= has_case(*character),
            _ => {}
        });
        ignores && !counts
    }

    /// Whether every value that passes can stand between quotation marks as it is: without one, without backslashes and
    /// control characters. Where there may be more around the match, there may be anything.
    pub fn is_quotable(&self) -> bool {
        let harmful = CharSet::of_ranges(&[('\0', '\u{1f}'), ('"', '"'), ('\\', '\\')]);
        let mut is_met = false;
        self.root.walk(&mut |node| is_met |= node.set().is_some_and(|set| set.meets(&harmful)));
        self.is_anchored_at_start() && self.is_anchored_at_end() && !is_met
    }

    /// The text it stands for, if it is nothing but characters.
    pub fn literal(&self) -> Option<String> {
        let character = |node: &Node| match node.kind {
            Kind::Character { character, ignore_case } if !ignore_case || !has_case(character) => {
                Some(character)
            }
            _ => None,
        };
        self.root.parts().iter().map(character).collect()
    }

    /// Whether it has a group of that name or number; `0` is the whole match.
    pub fn has_group(&self, name: &str) -> bool {
        self.groups.has(name)
    }

    /// A value that passes although the pattern spells another, if one can be shown.
    pub fn overreach(&self) -> Option<Overreach> {
        overreach::overreach(self)
    }

    /// A part that takes very long on some values.
    pub fn slow(&self) -> Option<Slow> {
        slow::slow(self)
    }

    /// The addresses that it accepts, if it is a pattern for IPv4 addresses. `text` is the pattern's own.
    pub fn addresses(&self, text: &str) -> Option<Addresses> {
        address::addresses(self, text)
    }

    /// A value that passes because of such a dot.
    pub fn dot_value(&self, dot: &PlainDot) -> Option<String> {
        dots::value(self, dot)
    }

    /// Two words with a single backslash between them, which makes an escape of the letter behind it.
    pub fn lost_backslash(&self, text: &str) -> Option<Span> {
        backslash::lost(&self.root, text)
    }

    /// A value that is refused although the same value in another case passes.
    pub fn other_case(&self) -> Option<String> {
        letter_case::other_case(self)
    }

    /// Whether `\b` stands at every side that is open.
    pub fn has_word_edges(&self) -> bool {
        overreach::has_word_edges(&self.root)
    }

    /// Values that it matches, tried out: one for each of the first alternatives.
    pub fn examples(&self) -> Vec<String> {
        let Some(program) = Program::new(self) else { return Vec::new() };
        let wish = witness::Wish { words: true, odd_dot: None };
        witness::examples(&self.root, wish).into_iter().filter(|text| program.accepts(text)).collect()
    }

    /// Values that it lets in, tried out: its examples and longer ones around them. None where it lets everything in.
    pub fn values(&self) -> Vec<String> {
        let Some(program) = Program::new(self).filter(|_| !self.matches_everything()) else {
            return Vec::new();
        };
        let mut found = self.examples();
        let mut longer = Vec::new();
        for value in &found {
            for separator in ["", "-", "_", ".", "@", "\\", "/", " ", ",", "0"] {
                longer.push(format!("{value}{separator}user"));
                longer.push(format!("user{separator}{value}"));
                longer.push(format!("user{separator}{value}{separator}user"));
            }
        }
        found.extend(longer.into_iter().filter(|value| program.accepts(value)));
        found
    }

    /// Whether there is a match anywhere in a text; nothing where that takes too long to tell.
    pub fn finds(&self, text: &str) -> Option<bool> {
        match Program::new(self)?.search(text, matcher::ENOUGH) {
            Outcome::Found(..) => Some(true),
            Outcome::NotFound => Some(false),
            Outcome::GaveUp => None,
        }
    }

    /// Whether it matches one of some values, or that takes too long to tell.
    pub fn matches_some(&self, values: &[String]) -> bool {
        Program::new(self).is_none_or(|program| {
            values.iter().any(|value| program.search(value, matcher::ENOUGH) != Outcome::NotFound)
        })
    }

    /// Stretches like `contoso.com` or `10.0.0.1` whose dots match any character. `text` is the pattern's own.
    pub fn plain_dots(&self, text: &str) -> Vec<PlainDot> {
        dots::plain_dots(&self.root, text)
    }
}

/// Whether a letter has another case.
fn has_case(letter: char) -> bool {
    letter.is_lowercase() || letter.is_uppercase()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn what_can_stand_between_quotation_marks() {
        let quotable = |text: &str| parse(text).unwrap().is_quotable();
        for text in [r"^[\w .@-]+$", r"^(?i)[a-z0-9]+\.[a-z]{2,}$", "^(a|b)$", r"^S-1-5-21(-\d+)+$"] {
            assert!(quotable(text), "{text}");
        }
        for text in
            ["^.+$", "[a-z]+", "^[a-z]+", "^[^a]$", r"^\S+$", r"^CONTOSO\\[a-z]+$", "^[a-z\"]$", r"^a\sb$"]
        {
            assert!(!quotable(text), "{text}");
        }
    }
}
