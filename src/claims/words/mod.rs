//! Claim rules in plain words: for each part of a rule one template, so that the same rule always reads the same.

mod action;
mod condition;
mod pattern;
mod value;

use std::collections::HashMap;
use std::sync::Arc;

use self::action::Action;
use super::ast::{Body, ClaimRule, Condition, Expression, Name, Term};
use super::facts;
use super::stage::Stage;
use super::types::{ClaimType, ClaimTypes};

/// How a claim type is spoken of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrases {
    /// One claim of it, without article.
    pub noun: Option<Arc<str>>,
    /// A clause for a claim with just this value, `{value}`.
    pub is: Option<Arc<str>>,
    /// A clause for: there is no claim with this value.
    pub is_not: Option<Arc<str>>,
    /// A clause for: there is such a claim.
    pub exists: Option<Arc<str>>,
    /// A clause for: there is none.
    pub exists_not: Option<Arc<str>>,
    /// A clause for the value `true`.
    pub if_true: Option<Arc<str>>,
    /// A clause for the value `false`.
    pub if_false: Option<Arc<str>>,
}

/// How claim types and well-known values are spoken of.
#[derive(Debug, Clone, Default)]
pub struct Phrasebook {
    types: HashMap<Arc<str>, Phrases>,
    values: HashMap<Arc<str>, Arc<str>>,
}

impl Phrasebook {
    /// Adds a claim type by its short name. What was there stays.
    pub fn add_type(&mut self, name: Arc<str>, phrases: Phrases) {
        self.types.entry(name).or_insert(phrases);
    }

    /// Adds what a well-known value stands for. What was there stays.
    pub fn add_value(&mut self, value: Arc<str>, words: Arc<str>) {
        self.values.entry(value).or_insert(words);
    }
}

/// Tells claim rules in plain words.
#[derive(Debug, Clone, Copy)]
pub struct Words<'b> {
    /// What claim types mean.
    pub types: &'b ClaimTypes,
    /// How they are spoken of.
    pub book: &'b Phrasebook,
}

impl<'b> Words<'b> {
    /// What the rule sets of a stage are for; `owner` is what they belong to, empty for the whole farm.
    pub fn purpose(stage: Option<Stage>, owner: &str) -> String {
        let at = if owner.is_empty() { "every application".to_owned() } else { owner.to_owned() };
        match stage {
            Some(Stage::Acceptance) => {
                format!("Which claims are taken from {at}. What no rule issues is dropped.")
            }
            Some(Stage::AdditionalAuthentication) => {
                format!("When a second factor is asked for at {at}. One rule that asks is enough.")
            }
            Some(Stage::Authorization) => format!(
                "Who gets a token for {at}. Without a permit nobody does, and one refusal outweighs every permit."
            ),
            Some(Stage::Delegation) => format!(
                "Which services may act for a user at {at} (ActAs). One refusal outweighs every permit."
            ),
            Some(Stage::Impersonation) => format!(
                "Which services may stand in for a user at {at} (OnBehalfOf). One refusal outweighs every permit."
            ),
            Some(Stage::Transform) => {
                format!("What the token for {at} says. Only what is issued here gets into it.")
            }
            None => "Claim rules; nothing tells what they are used for.".to_owned(),
        }
    }

    /// A rule in one or two sentences.
    pub fn rule(&self, rule: &ClaimRule, stage: Option<Stage>) -> String {
        Speech::new(*self, rule, stage).sentence()
    }

    fn phrases(&self, known: &ClaimType) -> Option<&'b Phrases> {
        self.book.types.get(&known.name)
    }

    /// What one claim of a type is called, without article.
    fn noun(&self, claim_type: &str) -> String {
        let Some(known) = self.types.get(claim_type) else { return format!("claim \"{claim_type}\"") };
        if let Some(noun) = self.phrases(known).and_then(|phrases| phrases.noun.as_ref()) {
            return noun.to_string();
        }
        known.meaning.split([',', ';']).next().unwrap_or("").trim().to_owned()
    }

    /// A value as it is shown: what it stands for, if that is well known, and else the value in quotes.
    fn shown(&self, value: &str) -> String {
        match self.book.values.get(value) {
            Some(words) if is_sid(value) => format!("{value} ({words})"),
            Some(words) => words.to_string(),
            None if is_sid(value) => value.to_owned(),
            None => format!("\"{value}\""),
        }
    }
}

fn is_sid(value: &str) -> bool {
    value.starts_with("S-1-")
        && value.bytes().all(|byte| byte == b'S' || byte == b'-' || byte.is_ascii_digit())
}

/// One rule that is being told.
struct Speech<'b, 'r> {
    words: Words<'b>,
    rule: &'r ClaimRule,
    stage: Option<Stage>,
    /// Conditions whose claim the rule goes on to use, in their order.
    subjects: Vec<&'r Condition>,
}

impl<'b, 'r> Speech<'b, 'r> {
    fn new(words: Words<'b>, rule: &'r ClaimRule, stage: Option<Stage>) -> Self {
        let used = used_variables(rule);
        let is_used = |condition: &&Condition| {
            facts::variable(condition).is_some_and(|name| used.iter().any(|used| used.is(name)))
        };
        let subjects = rule.conditions.iter().filter(is_used).collect();
        Self { words, rule, stage, subjects }
    }

    /// The whole rule.
    fn sentence(&self) -> String {
        let is_subject =
            |condition: &Condition| self.subjects.iter().any(|subject| std::ptr::eq(*subject, condition));
        let rest = self.rule.conditions.iter().filter(|condition| !is_subject(condition));
        let clauses: Vec<String> = rest.map(|condition| self.clause(condition)).collect();
        let Action { text, names_subject, everybody } = self.action();
        let mut parts = Vec::new();
        if !clauses.is_empty() {
            parts.push(format!("if {}", and(&clauses)));
        }
        if !names_subject && !self.subjects.is_empty() {
            parts.push(format!("for {}", self.subject_list()));
        }
        if parts.is_empty() && everybody {
            return capital(&format!("{text} to everybody."));
        }
        if parts.is_empty() && !names_subject {
            parts.push("always".to_owned());
        }
        let text = if parts.is_empty() { text } else { format!("{}, {text}", parts.join(", ")) };
        capital(&format!("{text}."))
    }

    fn subject_list(&self) -> String {
        match self.subjects.as_slice() {
            [one] => format!("every {}", self.described(one)),
            several => {
                let all: Vec<String> = several
                    .iter()
                    .map(|condition| {
                        let name = if self.is_ambiguous(condition) {
                            facts::variable(condition).map(|name| format!(" ({name})")).unwrap_or_default()
                        } else {
                            String::new()
                        };
                        let noun = self.described(condition);
                        format!("{}{name}", article(&noun))
                    })
                    .collect();
                format!("every combination of {}", and(&all))
            }
        }
    }

    /// Whether two subjects are called the same.
    fn is_ambiguous(&self, condition: &Condition) -> bool {
        let noun = self.noun_of(condition);
        self.subjects.iter().filter(|other| self.noun_of(other) == noun).count() > 1
    }

    /// What the claims of a condition are called.
    fn noun_of(&self, condition: &Condition) -> String {
        condition
            .selector
            .claim_type()
            .map_or_else(|| "claim".to_owned(), |literal| self.words.noun(&literal.text()))
    }

    /// What a bound claim is called where it is used.
    fn claim_of(&self, variable: &Name) -> String {
        match facts::binding(self.rule, &variable.text) {
            Some(condition) if !self.is_ambiguous(condition) => {
                let is_known = condition
                    .selector
                    .claim_type()
                    .is_some_and(|literal| self.words.types.get(&literal.text()).is_some());
                if is_known {
                    format!("the {}", self.noun_of(condition))
                } else if self.subjects.len() == 1 {
                    "the claim".to_owned()
                } else {
                    format!("the {}", self.noun_of(condition))
                }
            }
            _ => format!("the claim {}", variable.text),
        }
    }
}

/// Variables that the action or a later condition refers to.
fn used_variables(rule: &ClaimRule) -> Vec<&Name> {
    fn of<'r>(expression: &'r Expression, found: &mut Vec<&'r Name>) {
        for term in &expression.terms {
            match term {
                Term::Reference { variable, .. } => found.push(variable),
                Term::Call { arguments, .. } => arguments.iter().for_each(|argument| of(argument, found)),
                Term::Literal(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    facts::expressions(rule).into_iter().for_each(|expression| of(expression, &mut found));
    if let Body::Copy(variable) = &rule.issuance.body {
        found.push(variable);
    }
    found
}

/// `a, b and c`.
fn and(parts: &[String]) -> String {
    listed(parts, "and")
}

fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

/// The noun with its article.
fn article(noun: &str) -> String {
    let first = noun.chars().next().unwrap_or(' ').to_ascii_lowercase();
    let sounds_open = matches!(first, 'a' | 'e' | 'i' | 'o') || noun.starts_with("un");
    format!("{} {noun}", if sounds_open { "an" } else { "a" })
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
