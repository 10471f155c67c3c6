//! What holds a claim rule together: brackets, commas, colons, the arrow and the semicolon.

use super::super::ast::Range;
use super::super::lexer::Token;
use super::super::repair::{Mend, small};
use super::{Diagnosed, Diagnosis, PROPERTIES};

impl Diagnosis<'_> {
    pub(super) fn missing_end(&self) -> Option<Diagnosed> {
        let word = self.word_at(self.here);
        match self.open.last() {
            Some('[') if word == "=>" || word == ";" => {
                let help = "Put ] after the last comparison.";
                Some(self.say(
                    "E014",
                    "The [ of this condition is not closed.",
                    help,
                    Mend::insert(self.range_at(self.here).start, "]"),
                ))
            }
            Some('(') if word == ";" => {
                let mend = Mend::insert(self.range_at(self.here).start, ")");
                Some(self.say(
                    "E014",
                    "A ( is not closed before the claim rule ends.",
                    "Put ) before the ;.",
                    mend,
                ))
            }
            None if self.here >= self.tokens.len() && self.arrow => {
                let end = self.work.text.trim_end().len();
                let mend = Mend::insert(small(end), ";");
                let mut said = self.say(
                    "E002",
                    "The ; at the end of the claim rule is missing.",
                    "End the claim rule with ;.",
                    mend,
                );
                said.range = Range::new(small(end), small(end));
                Some(said)
            }
            Some(bracket) if self.here >= self.tokens.len() => {
                let help = format!("Close the {bracket} and end the claim rule with ;.");
                Some(self.say("E014", format!("The text ends while a {bracket} is open."), help, Mend::None))
            }
            _ => None,
        }
    }

    pub(super) fn comma(&self) -> Option<Diagnosed> {
        let range = self.range_at(self.here);
        let word = self.word_at(self.here);
        if self.before(1) == "," && matches!(word, "]" | ")" | ",") {
            let comma = self.here.checked_sub(1).map(|index| self.range_at(index))?;
            return Some(self.say(
                "E008",
                "There is one comma too many.",
                "Remove the comma.",
                Mend::one(comma, " "),
            ));
        }
        let after_value = matches!(self.token_before(), Some(Token::Text))
            || matches!(self.before(1), ")" | "]")
            || PROPERTIES.iter().any(|name| self.before(1).eq_ignore_ascii_case(name))
                && self.before(2) == ".";
        let is_property = self.is_property(self.here) || self.is_store_part(self.here);
        let inside = !self.open.is_empty();
        (after_value && is_property && inside).then(|| {
            let help = format!("Put a comma before {word}.");
            self.say("E009", "A comma is missing here.", help, Mend::insert(range.start, ", "))
        })
    }

    pub(super) fn arrow_sign(&self) -> Option<Diagnosed> {
        if self.arrow || !self.open.is_empty() {
            return None;
        }
        let range = self.range_at(self.here);
        let word = self.word_at(self.here);
        let message = "Between the conditions and the action stands =>.";
        if word.eq_ignore_ascii_case("issue") || word.eq_ignore_ascii_case("add") {
            let mend = Mend::insert(range.start, "=> ");
            return Some(self.say("E018", message, format!("Write => {word}(...)."), mend));
        }
        let after = self.range_at(self.here + 1);
        let wrong = match word {
            "-" | "=" | "==" if self.word_at(self.here + 1) == ">" => Range::new(range.start, after.end),
            "⇒" | "→" | ">" => range,
            _ => return None,
        };
        Some(self.say("E018", message, "Write =>.", Mend::one(wrong, "=>")))
    }

    pub(super) fn variable(&self) -> Option<Diagnosed> {
        let is_aggregate =
            ["not", "exists", "count"].iter().any(|word| self.before(1).eq_ignore_ascii_case(word));
        if self.token_before() != Some(Token::Word) || self.arrow || !self.open.is_empty() || is_aggregate {
            return None;
        }
        let name = self.before(1);
        let help = format!("Write {name}:[...].");
        match self.word_at(self.here) {
            "[" => {
                let mend = Mend::insert(self.range_at(self.here).start, ":");
                Some(self.say("E016", "A colon stands between the variable and its [.", help, mend))
            }
            ";" => Some(self.say(
                "E016",
                "A colon, not a semicolon, stands between the variable and its [.",
                help,
                Mend::None,
            )),
            _ => None,
        }
    }

    pub(super) fn stray_lines(&self) -> Option<Diagnosed> {
        if self.arrow || !self.open.is_empty() {
            return None;
        }
        let from = self.tokens.iter().position(|(_, range)| range.start >= self.at)?;
        let start = (from..self.tokens.len()).find(|index| {
            let before = self.work.text.get(..self.range_at(*index).start as usize).unwrap_or("");
            before.trim_end_matches([' ', '\t']).ends_with('\n') && self.starts_rule(*index)
        })?;
        let begin = self.range_at(0).start;
        let mend = Mend::one(Range::new(begin, self.range_at(start).start), "");
        let message = "This line does not belong to any claim rule.";
        Some(self.say("E012", message, "Remove it, or make it the rule's @RuleName = \"...\".", mend))
    }

    fn starts_rule(&self, index: usize) -> bool {
        let next = self.word_at(index + 1);
        match self.word_at(index) {
            "@" | "[" | "=>" => true,
            word if self.token_at(index) == Some(Token::Word) => {
                next == ":" || ["exists", "not", "count"].iter().any(|known| word.eq_ignore_ascii_case(known))
            }
            _ => false,
        }
    }
}
