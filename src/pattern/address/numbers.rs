//! The numbers that one place of an address accepts, and classes that were meant as ranges of numbers.

use super::{Kind, Node, Pattern, Program};

/// Numbers from 0 to 255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbers([bool; 256]);

impl Numbers {
    /// Tries them all on the parts of one place.
    pub fn of(parts: &[&Node], pattern: &Pattern) -> Option<Self> {
        let plain: Option<String> = parts
            .iter()
            .map(|part| match part.kind {
                Kind::Character { character, .. } => Some(character),
                _ => None,
            })
            .collect();
        let mut accepted = [false; 256];
        if let Some(digits) = plain {
            // Most places of real patterns are one number.
            let place = digits.parse::<usize>().ok().filter(|number| number.to_string() == digits);
            if let Some(accepts) = place.and_then(|number| accepted.get_mut(number)) {
                *accepts = true;
            }
            return Some(Self(accepted));
        }
        let program = Program::of(parts.iter().copied(), pattern)?;
        for (number, accepts) in accepted.iter_mut().enumerate() {
            *accepts = program.accepts_whole(&number.to_string());
        }
        Some(Self(accepted))
    }

    /// These and the ones that begin with the digits of one of them.
    pub fn longer(&self) -> Self {
        let mut all = self.0;
        for (number, accepts) in all.iter_mut().enumerate() {
            let mut shorter = number;
            while shorter > 9 {
                shorter /= 10;
                *accepts |= self.0.get(shorter).copied().unwrap_or(false);
            }
        }
        Self(all)
    }

    /// In order.
    pub fn all(&self) -> impl Iterator<Item = u32> {
        (0_u32..).zip(&self.0).filter(|(_, accepts)| **accepts).map(|(number, _)| number)
    }

    /// The smallest.
    pub fn first(&self) -> Option<u32> {
        self.all().next()
    }

    /// Whether a number is among them.
    pub fn has(&self, number: u32) -> bool {
        self.all().any(|known| known == number)
    }

    /// `*`, `7`, `{1-2,5}`
    pub fn shown(&self) -> String {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in self.all() {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        match ranges.as_slice() {
            [(0, 255)] => "*".to_owned(),
            [(first, last)] if first == last => first.to_string(),
            ranges => {
                let shown = ranges.iter().map(|(first, last)| {
                    if first == last { first.to_string() } else { format!("{first}-{last}") }
                });
                format!("{{{}}}", shown.collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// A class that reads like a range of numbers: `[1-25]` is one of the digits 1, 2 and 5.
pub(super) struct Misread {
    written: String,
    first: u32,
    last: u32,
    digits: String,
}

impl Misread {
    /// The numbers that were meant.
    pub fn meant(&self) -> impl Iterator<Item = u32> + use<> {
        self.first..=self.last.min(255)
    }

    /// What it stands for.
    pub fn message(&self) -> String {
        format!(
            "{} is one of the digits {}, not a number from {} to {}",
            self.written, self.digits, self.first, self.last
        )
    }
}

/// Such a class in a part of a place.
pub(super) fn misread(node: &Node, text: &str) -> Option<Misread> {
    let mut found = None;
    node.walk(&mut |node| {
        if let Kind::Class(class) = &node.kind
            && found.is_none()
        {
            let written = class.span.of(text);
            let inside = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            let Some((first, last)) = inside.and_then(|inside| inside.split_once('-')) else { return };
            let is_number =
                |text: &str| !text.is_empty() && text.len() < 4 && text.bytes().all(|b| b.is_ascii_digit());
            if !is_number(first) || !is_number(last) || first.len() + last.len() < 3 {
                return;
            }
            let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else { return };
            let digits: Vec<String> =
                ('0'..='9').filter(|digit| class.set.has(*digit)).map(|digit| digit.to_string()).collect();
            if first <= last {
                found = Some(Misread { written: written.to_owned(), first, last, digits: digits.join(", ") });
            }
        }
    });
    found
}
