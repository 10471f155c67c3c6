//! The claim rule language of AD FS: from the text of a rule set to claim rules with places.
//!
//! Parsing always gives what can be made out, and the problems beside it: one bad rule hides no other.

pub mod ast;
mod diagnose;
pub mod facts;
mod lexer;
pub mod meaning;
mod parse;
mod recover;
mod repair;
pub mod spelling;
pub mod stage;
pub mod types;

use std::collections::HashMap;
use std::sync::Arc;

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
        for (index, chunk) in chunks.iter().enumerate() {
            let (start, end) = (chunk.range.start, chunk.range.end);
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
            if let Some(rule) = &parsed.rule {
                set.rules.push(PlacedRule { offset: start, length: end - start, rule: Arc::clone(rule) });
            }
        }
        set
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

fn missing_semicolon(at: u32) -> SyntaxProblem {
    SyntaxProblem {
        code: "E002",
        range: (at, at),
        message: "The ; of the claim rule before is missing.".to_owned(),
        help: "End every claim rule with ;.".to_owned(),
        lenient: true,
    }
}
