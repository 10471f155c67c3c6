//! What went wrong at the place where a claim rule does not parse, in words, and what mends it.

mod actions;
mod joints;
mod queries;
pub(super) mod texts;

use super::ast::Range;
use super::lexer::{self, Token};
use super::repair::{Mend, Work, small};

const PROPERTIES: [&str; 6] = ["type", "value", "issuer", "originalissuer", "valuetype", "properties"];

/// What is wrong at one place, and what mends it.
pub(super) struct Diagnosed {
    pub code: &'static str,
    pub range: Range,
    pub message: String,
    pub help: String,
    pub mend: Mend,
}

/// Looks at the place at which the parser stopped.
pub(super) struct Diagnosis<'w> {
    work: &'w Work,
    tokens: Vec<(Token, Range)>,
    /// Number of the token at which the parser stopped; the number of tokens at the end of the text.
    here: usize,
    at: u32,
    /// Brackets open before that token, the innermost last.
    open: Vec<char>,
    arrow: bool,
}

impl<'w> Diagnosis<'w> {
    pub fn new(work: &'w Work, at: usize) -> Self {
        let at = small(at);
        let tokens = lexer::tokens(&work.text);
        let here = tokens.iter().position(|(_, range)| range.end > at).unwrap_or(tokens.len());
        let mut diagnosis = Self { work, tokens, here, at, open: Vec::new(), arrow: false };
        for index in 0..here {
            match diagnosis.word_at(index) {
                "(" => diagnosis.open.push('('),
                "[" => diagnosis.open.push('['),
                ")" | "]" => drop(diagnosis.open.pop()),
                "=>" => diagnosis.arrow = true,
                _ => {}
            }
        }
        diagnosis
    }

    fn token_at(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).map(|(token, _)| *token)
    }

    fn range_at(&self, index: usize) -> Range {
        let end = small(self.work.text.len());
        self.tokens.get(index).map_or(Range::new(end, end), |(_, range)| *range)
    }

    fn word_at(&self, index: usize) -> &'w str {
        self.work.slice(self.range_at(index))
    }

    /// The word `back` tokens before the failing one.
    fn before(&self, back: usize) -> &'w str {
        self.here.checked_sub(back).map_or("", |index| self.word_at(index))
    }

    fn token_before(&self) -> Option<Token> {
        self.here.checked_sub(1).and_then(|index| self.token_at(index))
    }

    /// What is wrong there.
    pub fn find(&self) -> Diagnosed {
        self.blank()
            .or_else(|| self.text_token())
            .or_else(|| self.entity())
            .or_else(|| self.missing_end())
            .or_else(|| self.joined_query())
            .or_else(|| self.operator())
            .or_else(|| self.comma())
            .or_else(|| self.store())
            .or_else(|| self.value())
            .or_else(|| self.arrow_sign())
            .or_else(|| self.variable())
            .or_else(|| self.stray_lines())
            .or_else(|| self.property())
            .unwrap_or_else(|| self.unexpected())
    }

    fn say(
        &self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        mend: Mend,
    ) -> Diagnosed {
        let range = self.range_at(self.here);
        let range = if range.start > self.at { Range::new(self.at, self.at + 1) } else { range };
        Diagnosed { code, range, message: message.into(), help: help.into(), mend }
    }

    fn operator(&self) -> Option<Diagnosed> {
        let range = self.range_at(self.here);
        let in_selector = self.open.last() == Some(&'[');
        match self.word_at(self.here) {
            "=" if in_selector => Some(self.say(
                "E006",
                "A condition compares with ==; a single = only assigns, behind =>.",
                format!("Write {} == ...", self.before(1)),
                Mend::one(range, "=="),
            )),
            "=" if !self.arrow && self.open.is_empty() && self.before(1) == ")" => Some(self.say(
                "E006",
                "A count is compared with ==; a single = only assigns, behind =>.",
                "Write COUNT([...]) == 1.",
                Mend::one(range, "=="),
            )),
            "=" if self.arrow && matches!(self.before(1), "(" | ",") => Some(self.say(
                "E001",
                "The name of the property is missing in front of the =.",
                "Write Type = ..., Value = ... or another property.",
                Mend::None,
            )),
            "==" if !in_selector && (self.arrow || self.before(2) == "@") => Some(self.say(
                "E007",
                "A claim's property is assigned with a single =; == compares, in conditions.",
                format!("Write {} = ...", self.before(1)),
                Mend::one(range, "="),
            )),
            "||" => Some(self.say(
                "E015",
                "The claim rule language has no or (||).",
                "Write two claim rules, or one pattern with | inside: Value =~ \"^(a|b)$\".",
                Mend::None,
            )),
            _ => None,
        }
    }

    fn is_property(&self, index: usize) -> bool {
        PROPERTIES.iter().any(|name| self.word_at(index).eq_ignore_ascii_case(name))
    }

    fn property(&self) -> Option<Diagnosed> {
        let in_place = matches!(self.before(1), "[" | "," | "(" | ".") && !self.open.is_empty();
        let is_word = self.token_at(self.here) == Some(Token::Word);
        let selector = self.open.last() == Some(&'[') || self.before(1) == ".";
        let assigns = self.arrow && self.word_at(self.here + 1) == "=";
        (in_place && is_word && (selector || assigns)).then(|| {
            let message = format!("A claim has no property {}.", self.word_at(self.here));
            let help = "It has Type, Value, Issuer, OriginalIssuer, ValueType and Properties[\"...\"].";
            self.say("E013", message, help, Mend::None)
        })
    }

    fn unexpected(&self) -> Diagnosed {
        let found = start_of(self.word_at(self.here));
        let message = if found.is_empty() {
            "The claim rule ends too early.".to_owned()
        } else {
            format!("{found} cannot stand here.")
        };
        self.say("E001", message, self.expected(), Mend::None)
    }

    fn expected(&self) -> &'static str {
        match (self.open.last(), self.arrow) {
            (Some('['), _) => {
                "Inside [ ] stand comparisons such as Type == \"...\", with commas between them."
            }
            (_, true) if self.open.is_empty() && self.before(1) == "=>" => {
                "Behind => stands issue(...) or add(...)."
            }
            (_, true) if self.open.is_empty() => {
                "Behind the action comes ;, and one claim rule has one action."
            }
            (_, true) => {
                "An action holds claim = c, or Type = \"...\", Value = ..., or store = \"...\", types = (...), query = \"...\"."
            }
            _ => {
                "A claim rule is: conditions such as c:[Type == \"...\"], joined by &&, then => and issue(...) or add(...), then ;."
            }
        }
    }
}

fn start_of(text: &str) -> String {
    const SHOWN: usize = 24;
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or("")),
        None => line.to_owned(),
    }
}
