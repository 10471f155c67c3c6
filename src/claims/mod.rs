//! The claim rule language of AD FS: from the text of a rule set to claim rules with places.
//!
//! Parsing always gives what can be made out, and the problems beside it: one bad rule hides no other.

pub mod ast;
pub mod codes;
mod diagnose;
pub mod doubts;
pub mod facts;
pub mod flow;
pub mod forms;
pub mod json_text;
mod lexer;
pub mod meaning;
mod parse;
pub mod pattern_uses;
pub mod print;
pub mod query;
mod recover;
mod repair;
pub mod sketch;
pub mod spelling;
pub mod stage;
pub mod types;
pub mod words;

use std::collections::HashMap;
use std::sync::Arc;

use self::diagnose::texts;

pub use ast::ClaimRule;

/// A rule set, parsed.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// Its claim rules in order. Rules that nobody can make sense of are missing here.
    pub rules: Vec<PlacedRule>,
    /// Where AD FS would refuse the text.
    pub problems: Vec<SyntaxProblem>,
}

impl RuleSet {
    /// Whether part of the text is not among the rules.
    pub fn is_partial(&self) -> bool {
        self.problems.iter().any(|problem| !problem.lenient)
    }
}

/// A claim rule and its place in the rule set.
#[derive(Debug, Clone)]
pub struct PlacedRule {
    /// First byte of the rule in the rule set; ranges in the rule count from here.
    pub offset: u32,
    /// Bytes of the rule, its `;` included.
    pub length: u32,
    /// The rule.
    pub rule: Arc<ClaimRule>,
}

/// A place that the strict grammar refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// A short code, `E004`.
    pub code: &'static str,
    /// Where, in bytes of the text that was parsed.
    pub range: (u32, u32),
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
    /// The rule was understood nevertheless, and is among the rules.
    pub lenient: bool,
}

/// The code of the problem that a query is put together from a text and claims.
pub const JOINED_QUERY: &str = "E022";

/// Parses a rule set.
pub fn parse(text: &str) -> RuleSet {
    Memo::default().parse(text)
}

/// What one claim rule's text gave.
#[derive(Debug)]
struct Parsed {
    rule: Option<Arc<ClaimRule>>,
    problems: Vec<SyntaxProblem>,
}

/// Rule texts that are remembered; a farm of a thousand trusts has a few hundred different claim rules.
const REMEMBERED: usize = 20_000;

/// Remembers claim rules by their text: wizards and templates write the same rule into every trust.
#[derive(Debug, Default)]
pub struct Memo {
    known: HashMap<(String, bool), Arc<Parsed>>,
}

impl Memo {
    /// Parses a rule set, each different claim rule once.
    pub fn parse(&mut self, text: &str) -> RuleSet {
        let mut set = RuleSet::default();
        let chunks = lexer::chunks(text);
        let mut before = 0;
        for (index, chunk) in chunks.iter().enumerate() {
            let (start, end) = (chunk.range.start, chunk.range.end);
            set.problems.extend(odd_blank(text, before, start));
            before = end;
            let parsed = self.rule(text.get(start as usize..end as usize).unwrap_or(""), chunk.runs_on);
            let shifted = parsed.problems.iter().map(|problem| SyntaxProblem {
                range: (problem.range.0 + start, problem.range.1 + start),
                ..problem.clone()
            });
            set.problems.extend(shifted);
            if chunk.runs_on && parsed.rule.is_some() {
                let next = chunks.get(index + 1).map_or(end, |next| next.range.start);
                set.problems.push(missing_semicolon(next));
            }
            match &parsed.rule {
                Some(rule) => {
                    set.rules.push(PlacedRule { offset: start, length: end - start, rule: Arc::clone(rule) });
                }
                None => self.rest(text, start, end, &mut set.rules),
            }
        }
        set.problems.extend(odd_blank(text, before, u32::try_from(text.len()).unwrap_or(u32::MAX)));
        set
    }

    /// A piece that is no rule may hold rules all the same: what stands in front of them was never ended. The
    /// piece's problem is told already; what cannot be read here needs no second one.
    fn rest(&mut self, text: &str, start: u32, end: u32, rules: &mut Vec<PlacedRule>) {
        let piece = text.get(start as usize..end as usize).unwrap_or("");
        let starts: Vec<u32> = lexer::fresh_starts(piece).into_iter().map(|at| start + at).collect();
        for (index, from) in starts.iter().enumerate() {
            let to = starts.get(index + 1).copied().unwrap_or(end);
            let one = text.get(*from as usize..to as usize).unwrap_or("").trim_end();
            if let Some(rule) = &self.rule(one, false).rule {
                let length = u32::try_from(one.len()).unwrap_or(0);
                rules.push(PlacedRule { offset: *from, length, rule: Arc::clone(rule) });
            }
        }
    }

    fn rule(&mut self, text: &str, runs_on: bool) -> Arc<Parsed> {
        let key = (text.to_owned(), runs_on);
        if let Some(known) = self.known.get(&key) {
            return Arc::clone(known);
        }
        let (rule, problems) = recover::read(text, runs_on);
        let parsed = Arc::new(Parsed { rule: rule.map(Arc::new), problems });
        if self.known.len() < REMEMBERED {
            self.known.insert(key, Arc::clone(&parsed));
        }
        parsed
    }
}

/// The first character between two rules that looks like a blank and is none. A byte order mark before the first
/// rule is AD FS's own.
fn odd_blank(text: &str, start: u32, end: u32) -> Option<SyntaxProblem> {
    let between = text.get(start as usize..end as usize)?;
    let found = |(at, character): &(usize, char)| {
        lexer::is_odd_blank(*character) && (start, *at, *character) != (0, 0, '\u{feff}')
    };
    let (at, character) = between.char_indices().find(found)?;
    let at = start + u32::try_from(at).unwrap_or(0);
    let length = u32::try_from(character.len_utf8()).unwrap_or(1);
    Some(SyntaxProblem {
        code: "L213",
        range: (at, at + length),
        message: texts::odd_blank(character),
        help: texts::ODD_BLANK_HELP.to_owned(),
        lenient: true,
    })
}

fn missing_semicolon(at: u32) -> SyntaxProblem {
    SyntaxProblem {
        code: "E002",
        range: (at, at),
        message: "The ; of the claim rule before is missing.".to_owned(),
        help: "End every claim rule with ;.".to_owned(),
        lenient: true,
    }
}
