//! What stands between the parentheses of issue and add.

use super::super::ast::Range;
use super::super::lexer::Token;
use super::super::repair::Mend;
use super::{Diagnosed, Diagnosis};

const STORE_PARTS: [&str; 4] = ["store", "types", "query", "param"];

impl Diagnosis<'_> {
    pub(super) fn store(&self) -> Option<Diagnosed> {
        if self.open.last() != Some(&'(') || !self.arrow {
            return None;
        }
        let range = self.range_at(self.here);
        if self.token_at(self.here) == Some(Token::Text) && self.before(2).eq_ignore_ascii_case("types") {
            let text = format!("({})", self.word_at(self.here));
            let help = format!("Write types = {text}.");
            return Some(self.say(
                "E021",
                "The claim types of a query stand in parentheses.",
                help,
                Mend::one(range, &text),
            ));
        }
        if self.before(3).eq_ignore_ascii_case("claim")
            && self.before(2) == "="
            && self.word_at(self.here) == ","
        {
            let end = self.closing(self.here)?;
            let message = "A rule that copies a claim can change nothing about it.";
            let help =
                "Make a new claim: issue(Type = c.Type, Value = ...), or copy it alone: issue(claim = c).";
            return Some(self.say("S115", message, help, Mend::one(Range::new(range.start, end), " ")));
        }
        self.store_order()
    }

    fn store_order(&self) -> Option<Diagnosed> {
        if !self.is_store_part(self.here) || self.before(1) != "," && self.before(1) != "(" {
            return None;
        }
        let opening =
            (0..self.here).rev().find(|index| self.word_at(*index) == "(" && self.is_action(*index))?;
        let end = self.closing(opening + 1)?;
        let start = self.range_at(opening).end;
        let mut parts = self.parts(opening + 1, end);
        let rank = |part: &Range| {
            let word = self.work.slice(*part).trim_start().to_ascii_lowercase();
            STORE_PARTS.iter().position(|name| word.starts_with(name)).unwrap_or(STORE_PARTS.len())
        };
        let before = parts.clone();
        parts.sort_by_key(rank);
        (parts != before && parts.iter().all(|part| rank(part) < STORE_PARTS.len())).then(|| {
            let help = "Write them in the order store, types, query, param.";
            let mend = Mend::Reorder(Range::new(start, end), parts);
            self.say("S114", "The parts of a query stand in the wrong order.", help, mend)
        })
    }

    fn is_action(&self, opening: usize) -> bool {
        let word = opening.checked_sub(1).map_or("", |index| self.word_at(index));
        word.eq_ignore_ascii_case("issue") || word.eq_ignore_ascii_case("add")
    }

    pub(super) fn is_store_part(&self, index: usize) -> bool {
        STORE_PARTS.iter().any(|name| self.word_at(index).eq_ignore_ascii_case(name))
    }

    /// Where the bracket closes that is open at token `from`.
    fn closing(&self, from: usize) -> Option<u32> {
        let mut depth = 0;
        for index in from..self.tokens.len() {
            match self.word_at(index) {
                "(" | "[" => depth += 1,
                ")" | "]" if depth == 0 => return Some(self.range_at(index).start),
                ")" | "]" => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// Ranges between the commas of one level.
    fn parts(&self, from: usize, end: u32) -> Vec<Range> {
        let mut parts = Vec::new();
        let mut depth = 0;
        let mut start = self.range_at(from).start;
        for index in from..self.tokens.len() {
            let range = self.range_at(index);
            if range.start >= end {
                break;
            }
            match self.word_at(index) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "," if depth == 0 => {
                    parts.push(Range::new(start, range.start));
                    start = range.end;
                }
                _ => {}
            }
        }
        parts.push(Range::new(start, end));
        parts
    }
}
