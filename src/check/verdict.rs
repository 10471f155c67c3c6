//! What a check says of a rule and an object.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::farm::value::Site;
use crate::finding::{Confidence, ObjectName, Severity};
use crate::source::Span;

/// The outcome of a rule for one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As expected.
    Pass,
    /// Not as expected.
    Fail,
    /// An input is missing.
    Unknown,
    /// The rule does not apply, and that is proven.
    NotApplicable,
}

impl Verdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// Something that a verdict would need.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingInput {
    /// What: `Get-AdfsFarmInformation`, `facts: users.population`.
    pub what: String,
    /// Why it is not there.
    pub reason: String,
    /// The command or line that would decide.
    pub remedy: String,
}

/// A fact that an unknown verdict waits for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedFact {
    /// Its name, `nodes.ramFreeGb`.
    pub path: Arc<str>,
    /// Where the facts file would say it, if there is such a place.
    pub site: Option<Site>,
}

/// One value that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// As the condition names it.
    pub path: String,
    /// The value.
    pub value: String,
    /// Where it stands.
    pub span: Option<Span>,
}

/// One rule and one object.
#[derive(Debug, Clone)]
pub struct VerdictRow {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The object.
    pub object: ObjectName,
    /// The outcome.
    pub verdict: Verdict,
    /// What is missing, if the outcome is unknown.
    pub missing: Vec<MissingInput>,
    /// What it rests on.
    pub evidence: Vec<EvidenceRow>,
}

/// One rule with its counts.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// `TB001`.
    pub id: Arc<str>,
    /// `token-binding-left-on`.
    pub name: Arc<str>,
    /// One line.
    pub title: Arc<str>,
    /// The worst that it can report.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Folder of the rule.
    pub group: String,
    /// Words to find it by.
    pub tags: Vec<Arc<str>>,
    /// Why it matters.
    pub why: Arc<str>,
    /// How to mend it, in general.
    pub fix: String,
    /// Where that is written.
    pub references: Vec<Arc<str>>,
    /// Objects that are as expected.
    pub pass: u32,
    /// Objects that are not.
    pub fail: u32,
    /// Objects of which nobody can tell.
    pub unknown: u32,
    /// Objects that it does not apply to.
    pub not_applicable: u32,
    /// What would decide the unknown ones.
    pub missing: Vec<MissingInput>,
    /// What can be said of them all the same.
    pub undecided: Vec<String>,
    /// Facts that would decide them, or a part of them.
    pub facts: BTreeSet<WantedFact>,
    /// What the rule says of those that are as expected.
    pub settled: Vec<String>,
    /// It sums up what other rules say.
    pub sums: bool,
}

/// An export that was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// The command.
    pub what: String,
    /// Why it is not there.
    pub reason: String,
    /// How to get it.
    pub remedy: String,
    /// Rules that are undecided for want of it.
    pub decides: usize,
}

/// Undecided rules, each counted once, under what decides most of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// The command, the facts file, or values that exports lack.
    pub what: String,
    /// The rules.
    pub rules: Vec<Arc<str>>,
}
