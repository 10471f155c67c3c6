//! One rule as it runs: every condition compiled, every name looked up.

use std::sync::Arc;

use super::condition::Condition;
use super::template::Template;
use crate::claims::sketch::{Names, Sketch};
use crate::farm::vocabulary::KindId;
use crate::finding::{Confidence, Severity};
use crate::node::{NodeIndex, Tree};

/// What a rule looks at, one verdict each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The farm as a whole.
    Farm,
    /// Every object of a kind.
    Kind(KindId),
    /// Every claim rule set, wherever it belongs.
    ClaimRuleSet,
    /// Every claim rule.
    ClaimRule,
}

/// What a rule expects.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// A condition that should be true.
    Condition(Condition),
    /// Claim rules that should not be.
    Pattern(Box<ClaimPattern>),
    /// A function of the program.
    Native(String),
    /// That no rule with this tag finds anything in the object.
    Sum(Arc<str>),
}

/// What claim rules should not look like.
#[derive(Debug, Clone)]
pub struct ClaimPattern {
    /// As written, one text for each alternative.
    pub texts: Vec<String>,
    /// One of these fits.
    pub any: Vec<Sketch>,
    /// None of these fits as well.
    pub none: Vec<Sketch>,
    /// The metavariables of all.
    pub names: Names,
    /// What must hold of them.
    pub condition: Option<Condition>,
}

/// A severity and when it holds.
#[derive(Debug, Clone)]
pub struct Level {
    /// How bad.
    pub severity: Severity,
    /// When; `None` is always.
    pub when: Option<Condition>,
}

/// An extra place with words.
#[derive(Debug, Clone)]
pub struct LabelRule {
    /// What to point at.
    pub at: Condition,
    /// What to say there.
    pub text: Template,
}

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The rule fails.
    Fails,
    /// The rule passes.
    Passes,
    /// The rule cannot tell.
    Unknown,
    /// The rule does not apply.
    NotApplicable,
}

impl Shows {
    /// The four, with their key in a rule file.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Fails, "fails"),
        (Self::Passes, "passes"),
        (Self::Unknown, "unknown"),
        (Self::NotApplicable, "not-applicable"),
    ];

    /// Its key in a rule file.
    pub fn key(self) -> &'static str {
        Self::ALL.into_iter().find(|(shows, _)| *shows == self).map_or("", |(_, key)| key)
    }
}

/// A small farm on which the outcome is known.
#[derive(Debug, Clone)]
pub struct Example {
    /// The outcome.
    pub shows: Shows,
    /// What it is an example of.
    pub name: String,
    /// Its node in the rule's file.
    pub node: NodeIndex,
}

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its address.
    pub url: Arc<str>,
    /// A document of `documents.yaml` and the statement in it.
    pub statement: Option<(Arc<str>, Arc<str>)>,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `TB001`; permanent.
    pub id: Arc<str>,
    /// `token-binding-left-on`; says the bad thing.
    pub name: Arc<str>,
    /// One line for people.
    pub title: Arc<str>,
    /// The first level whose condition holds.
    pub levels: Vec<Level>,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it looks at.
    pub target: Target,
    /// Properties whose claim rule sets it looks at; empty for all.
    pub within: Vec<Arc<str>>,
    /// The same rule for further kinds, compiled against each of them.
    pub also: Vec<Self>,
    /// Whether it applies.
    pub when: Option<Condition>,
    /// What should be.
    pub expectation: Expectation,
    /// What to say when it is not. A native function may say it itself.
    pub message: Option<Template>,
    /// What to say while nobody can tell, so that the reader can judge.
    pub undecided: Option<Template>,
    /// What to say of an object that is as expected.
    pub settled: Option<Template>,
    /// Places to point at besides the evidence.
    pub labels: Vec<LabelRule>,
    /// Why it matters.
    pub why: Arc<str>,
    /// How to mend it.
    pub fix: Template,
    /// Where that is written.
    pub references: Vec<Reference>,
    /// Words to find it by.
    pub tags: Vec<Arc<str>>,
    /// The folder of its file.
    pub group: String,
    /// Proof.
    pub examples: Vec<Example>,
    /// Whether it comes from a folder of the user's.
    pub is_own: bool,
    /// Its file.
    pub path: String,
    /// Its file as a tree, for the examples.
    pub file: Arc<Tree>,
}

impl Expectation {
    /// Its condition, if it has one.
    pub fn condition(&self) -> Option<&Condition> {
        match self {
            Self::Condition(expect) => Some(expect),
            Self::Pattern(pattern) => pattern.condition.as_ref(),
            Self::Native(_) | Self::Sum(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn condition_mut(&mut self) -> Option<&mut Condition> {
        match self {
            Self::Condition(expect) => Some(expect),
            Self::Pattern(pattern) => pattern.condition.as_mut(),
            Self::Native(_) | Self::Sum(_) => None,
        }
    }
}

impl Rule {
    /// The conditions that decide: whether it applies, how bad it is, what it expects.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let levels = self.levels.iter().filter_map(|level| level.when.as_ref());
        self.when.iter().chain(levels).chain(self.expectation.condition())
    }

    /// The same, to be changed.
    pub fn conditions_mut(&mut self) -> impl Iterator<Item = &mut Condition> {
        let levels = self.levels.iter_mut().filter_map(|level| level.when.as_mut());
        self.when.iter_mut().chain(levels).chain(self.expectation.condition_mut())
    }

    /// The worst that it can report.
    pub fn worst(&self) -> Severity {
        self.levels.iter().map(|level| level.severity).max().unwrap_or(Severity::Note)
    }

    /// Addresses where that is written, each once.
    pub fn urls(&self) -> Vec<&Arc<str>> {
        let mut urls: Vec<&Arc<str>> = Vec::new();
        for reference in &self.references {
            if !urls.contains(&&reference.url) {
                urls.push(&reference.url);
            }
        }
        urls
    }

    /// Whether somebody names it so.
    pub fn is_called(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.name.eq_ignore_ascii_case(name)
    }
}
