//! Queries that are put together where the language takes one text in quotes.

use super::super::JOINED_QUERY;
use super::super::ast::Range;
use super::super::lexer::Token;
use super::super::repair::Mend;
use super::{Diagnosed, Diagnosis};

impl Diagnosis<'_> {
    /// `query = "..." + c.Value`: read as a query with a placeholder, so that everything else can be looked at.
    pub(super) fn joined_query(&self) -> Option<Diagnosed> {
        let start = self.start_of_query()?;
        let end = self.end_of_argument(start);
        let mut text = String::new();
        let mut parameters: Vec<&str> = Vec::new();
        let given =
            (end..self.tokens.len()).filter(|index| self.word_at(*index).eq_ignore_ascii_case("param"));
        let first = given.count();
        for piece in self.pieces(start, end) {
            let inside = piece.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            if let Some(inside) = inside.filter(|inside| !inside.contains('"')) {
                text.push_str(inside);
            } else {
                text.push_str(&format!("{{{}}}", first + parameters.len()));
                parameters.push(piece);
            }
        }
        if parameters.is_empty() {
            return None;
        }
        let last = self.range_at(end.checked_sub(1)?);
        let close = self.range_at(self.end_of_arguments(end)).start;
        let parameters: String = parameters.iter().map(|value| format!(", param = {value}")).collect();
        let whole = Range::new(self.range_at(start).start, last.end);
        let mend =
            Mend::Replace(vec![(whole, format!("\"{text}\"")), (Range::new(close, close), parameters)]);
        let mut said = self.say(
            JOINED_QUERY,
            "The query is put together with +, and the language takes one text in quotes.",
            "Write {0} into the query for each value, and param = ... behind it.",
            mend,
        );
        said.range = whole;
        Some(said)
    }

    /// Number of the token with which the query begins that the parser stopped in.
    fn start_of_query(&self) -> Option<usize> {
        if self.open.last() != Some(&'(') || !self.arrow {
            return None;
        }
        let is_query =
            |back: usize| self.before(back) == "=" && self.before(back + 1).eq_ignore_ascii_case("query");
        match self.word_at(self.here) {
            "+" if self.token_before() == Some(Token::Text) && is_query(2) => self.here.checked_sub(1),
            _ if self.token_at(self.here) == Some(Token::Word) && is_query(1) => Some(self.here),
            _ => None,
        }
    }

    /// The token behind the argument that begins at `start`: a comma, or what closes the action.
    fn end_of_argument(&self, start: usize) -> usize {
        self.end_of(start, &[",", ";"])
    }

    /// The token that closes the action.
    fn end_of_arguments(&self, start: usize) -> usize {
        self.end_of(start, &[";"])
    }

    fn end_of(&self, start: usize, stops: &[&str]) -> usize {
        let mut depth = 0_usize;
        for index in start..self.tokens.len() {
            match self.word_at(index) {
                "(" | "[" => depth += 1,
                ")" | "]" if depth == 0 => return index,
                ")" | "]" => depth -= 1,
                word if depth == 0 && stops.contains(&word) => return index,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// What stands between the `+` of an expression.
    fn pieces(&self, start: usize, end: usize) -> Vec<&str> {
        let mut pieces = Vec::new();
        let mut depth = 0_usize;
        let mut from = start;
        for index in start..=end {
            match self.word_at(index) {
                "(" | "[" => depth += 1,
                ")" | "]" if index < end => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_joint = index == end || depth == 0 && self.word_at(index) == "+";
            if is_joint && index > from {
                let last = self.range_at(index - 1).end;
                pieces.push(self.work.slice(Range::new(self.range_at(from).start, last)));
            }
            if is_joint {
                from = index + 1;
            }
        }
        pieces
    }
}
