//! What went wrong at the place where a claim rule does not parse, in words, and what mends it.

use super::ast::Range;
use super::lexer::{self, Token};
use super::recover::{Mend, Work, small};

const PROPERTIES: [&str; 6] = ["type", "value", "issuer", "originalissuer", "valuetype", "properties"];
const STORE_PARTS: [&str; 4] = ["store", "types", "query", "param"];

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

    /// A blank that looks like one and is none to AD FS.
    fn blank(&self) -> Option<Diagnosed> {
        let odd = self.work.text.get(self.at as usize..)?.chars().next()?;
        let is_odd =
            !odd.is_ascii() && (odd.is_whitespace() || matches!(odd, '\u{200b}' | '\u{feff}' | '\u{200e}'));
        let range = Range::new(self.at, self.at + small(odd.len_utf8()));
        is_odd.then(|| Diagnosed {
            code: "L213",
            range,
            message: format!("U+{:04X} is not a blank that AD FS knows.", u32::from(odd)),
            help: "Type a plain blank instead; such characters come along when text is copied from a page."
                .into(),
            mend: Mend::one(range, " "),
        })
    }

    fn text_token(&self) -> Option<Diagnosed> {
        // A text that is never closed ends the rule's last line, and the parser stops behind it.
        let unclosed = self.here >= self.tokens.len() && self.token_before() == Some(Token::OpenText);
        let here = if unclosed { self.here - 1 } else { self.here };
        let range = self.range_at(here);
        match self.token_at(here)? {
            Token::Comment => Some(self.say(
                "E011",
                "The claim rule language has no comments.",
                "Remove it; say what the rule is for in @RuleName = \"...\".",
                Mend::one(range, ""),
            )),
            Token::CurlyText => {
                let text = self.work.slice(range);
                let first = text.chars().next().map_or(1, char::len_utf8);
                let last = text.chars().next_back().map_or(1, char::len_utf8);
                let mend = Mend::Replace(vec![
                    (Range::new(range.start, range.start + small(first)), "\"".into()),
                    (Range::new(range.end - small(last), range.end), "\"".into()),
                ]);
                let message =
                    "These are typographic quotes; AD FS only takes the straight quotation mark \".";
                Some(self.say("E004", message, format!("Write {}.", straight(text)), mend))
            }
            Token::OpenText => Some(Diagnosed {
                code: "E003",
                range: Range::new(self.at, self.at),
                message: format!(
                    "The text that begins with {} is not closed on its line.",
                    start_of(self.work.slice(range))
                ),
                help: "Put the closing quotation mark where the text ends.".into(),
                mend: Mend::None,
            }),
            Token::BrokenText => {
                let plain = self.work.slice(range).replace(['\r', '\n'], " ");
                let message = "A text must not hold a line break.";
                Some(self.say("E005", message, "Write the text on one line.", Mend::one(range, &plain)))
            }
            Token::Text if self.token_before() == Some(Token::Text) => {
                let touches =
                    self.here.checked_sub(1).map(|index| self.range_at(index).end) == Some(range.start);
                touches.then(|| {
                    let help = "Write \\x22 for a quotation mark inside a text (AD FS 2016 and later).";
                    self.say(
                        "E019",
                        "A doubled quotation mark ends the text; it is not an escape.",
                        help,
                        Mend::None,
                    )
                })
            }
            _ => None,
        }
    }

    fn entity(&self) -> Option<Diagnosed> {
        let near = [self.here, self.here + 1].into_iter().any(|i| self.token_at(i) == Some(Token::Entity));
        if !near {
            return None;
        }
        let entities = self.tokens.iter().filter(|(token, _)| *token == Token::Entity);
        let changes = entities
            .filter_map(|(_, range)| Some((*range, lexer::entity(self.work.slice(*range))?.to_owned())));
        let message = "The text holds HTML entities: it was copied from the source of a page or an XML file.";
        let help = "Write => for =&gt;, && for &amp;&amp; and \" for &quot;.";
        Some(self.say("E020", message, help, Mend::Replace(changes.collect())))
    }

    fn missing_end(&self) -> Option<Diagnosed> {
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

    fn comma(&self) -> Option<Diagnosed> {
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

    fn is_property(&self, index: usize) -> bool {
        PROPERTIES.iter().any(|name| self.word_at(index).eq_ignore_ascii_case(name))
    }

    fn is_store_part(&self, index: usize) -> bool {
        STORE_PARTS.iter().any(|name| self.word_at(index).eq_ignore_ascii_case(name))
    }

    fn store(&self) -> Option<Diagnosed> {
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

    fn value(&self) -> Option<Diagnosed> {
        let compares = |word: &str| matches!(word, "=" | "==" | "!=" | "=~" | "!~" | "+");
        let bare_number = self.token_at(self.here) == Some(Token::Number) && compares(self.before(1));
        let bare_word = self.token_before() == Some(Token::Word)
            && compares(self.before(2))
            && matches!(self.word_at(self.here), "]" | ")" | ",");
        if bare_number || bare_word && !self.before(3).eq_ignore_ascii_case("claim") {
            let word = if bare_number { self.word_at(self.here) } else { self.before(1) };
            let message = format!("A value is a text in quotes; {word} is none.");
            return Some(self.say("E017", message, format!("Write \"{word}\"."), Mend::None));
        }
        let counts = matches!(self.before(1), ">" | "<" | ">=" | "<=" | "==" | "!=") && self.before(2) == ")";
        (counts && self.token_at(self.here) == Some(Token::Text)).then(|| {
            let number = self.word_at(self.here).trim_matches('"');
            self.say(
                "E017",
                "COUNT compares with a number, without quotes.",
                format!("Write {number}."),
                Mend::None,
            )
        })
    }

    fn arrow_sign(&self) -> Option<Diagnosed> {
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

    fn variable(&self) -> Option<Diagnosed> {
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

    fn stray_lines(&self) -> Option<Diagnosed> {
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

fn straight(text: &str) -> String {
    let inner: String =
        text.chars().filter(|c| !matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '"')).collect();
    format!("\"{}\"", start_of(&inner))
}
