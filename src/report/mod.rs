//! What a run found, as data, and the forms it is written in.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::finding::{Confidence, Finding, ObjectName, Severity};
use crate::source::{SourceId, Span};

/// Everything that one run has to say.
#[derive(Debug, Clone)]
pub struct Report {
    /// Failed expectations, sorted by place on disk, then by rule id.
    pub findings: Vec<Finding>,
    /// One row a rule, sorted by id.
    pub rules: Vec<RuleRow>,
    /// One row per rule and object; kept only when somebody asked for the full evidence.
    pub verdicts: Option<Vec<VerdictRow>>,
    /// What was read, and what would have been worth reading.
    pub coverage: Coverage,
    /// The day that dates are compared with.
    pub as_of: OffsetDateTime,
    /// The rules that ran.
    pub pack: PackInfo,
    /// Findings that are not in `findings` because they are below the severity that was asked for.
    pub hidden: usize,
}

impl Report {
    /// How many verdicts of each sort the rules gave.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for row in &self.rules {
            totals.pass += u64::from(row.pass);
            totals.fail += u64::from(row.fail);
            totals.unknown += u64::from(row.unknown);
            totals.not_applicable += u64::from(row.not_applicable);
        }
        totals
    }

    /// The row of a rule.
    pub fn rule(&self, id: &str) -> Option<&RuleRow> {
        self.rules.iter().find(|row| &*row.id == id)
    }

    /// Number of findings of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Verdicts by sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Expectation met.
    pub pass: u64,
    /// Expectation not met.
    pub fail: u64,
    /// Not enough was exported to tell.
    pub unknown: u64,
    /// The rule has nothing to say about the object.
    pub not_applicable: u64,
}

/// Which rules ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackInfo {
    /// Name of the pack.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over its files, in hexadecimal digits.
    pub sha256: String,
    /// How many rules it holds.
    pub rules: usize,
}

/// One rule and how it went.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// Id of the rule: `TB001`.
    pub id: Arc<str>,
    /// Name of the rule: `token-binding-left-on`.
    pub name: Arc<str>,
    /// One line for people.
    pub title: Arc<str>,
    /// The worst that it can report.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The topic, which is the folder of its file: `token-binding`.
    pub group: String,
    /// Words to find it by.
    pub tags: Vec<Arc<str>>,
    /// Why it matters.
    pub why: Arc<str>,
    /// Where that is written.
    pub references: Vec<Arc<str>>,
    /// Objects that are as expected.
    pub pass: u32,
    /// Objects that are not.
    pub fail: u32,
    /// Objects about which the exports do not say enough.
    pub unknown: u32,
    /// Objects that the rule has nothing to say about.
    pub not_applicable: u32,
    /// What is missing, without repetition, sorted.
    pub missing: Vec<MissingInput>,
}

/// Something that would have decided a verdict and was not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MissingInput {
    /// What: `Get-AdfsFarmInformation`, `facts: users.population`, `IgnoreTokenBinding of Properties`.
    pub what: String,
    /// Why it is missing: not exported, cut off, not readable.
    pub reason: String,
    /// The command, or the line of the facts file, that would supply it.
    pub remedy: String,
}

/// What a rule says about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// As expected.
    Pass,
    /// Not as expected: there is a finding.
    Fail,
    /// The exports do not say enough.
    Unknown,
    /// The rule has nothing to say about the object.
    NotApplicable,
}

impl Verdict {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// What one rule says about one object, and what decided it.
#[derive(Debug, Clone)]
pub struct VerdictRow {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The object.
    pub object: ObjectName,
    /// The verdict.
    pub verdict: Verdict,
    /// What was missing; empty unless the verdict is unknown.
    pub missing: Vec<MissingInput>,
    /// The values that were looked at.
    pub evidence: Vec<EvidenceRow>,
}

/// A value that a rule looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// How the rule calls it: `self.IgnoreTokenBinding`.
    pub path: String,
    /// The value as text.
    pub value: String,
    /// Where it stands, if it was read from a file.
    pub span: Option<Span>,
}

/// What the run could look at.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Every file that was given, in the order of reading.
    pub files: Vec<FileRow>,
    /// Exports and facts that were not there and would decide something, the most valuable first.
    pub not_found: Vec<NotFound>,
}

/// One file.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// Its text.
    pub source: SourceId,
    /// Its path as the user gave it.
    pub name: String,
    /// How it is written: `ConvertTo-Json`.
    pub format: String,
    /// How its bytes became text: `UTF-16LE`.
    pub encoding: String,
    /// Kinds of objects found in it, with their number.
    pub objects: Vec<(Arc<str>, usize)>,
    /// How much of it could be used.
    pub state: FileState,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

/// How much of a file could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileState {
    /// All of it.
    Whole,
    /// The export, or damage, lost a part.
    Degraded,
    /// It is no export of AD FS that adfslint knows.
    NotRecognised,
    /// It could not be read at all.
    Unreadable,
}

impl FileState {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Degraded => "degraded",
            Self::NotRecognised => "not-recognised",
            Self::Unreadable => "unreadable",
        }
    }
}

/// An export or a fact that was not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// What: `Get-AdfsFarmInformation`.
    pub what: String,
    /// The command, or the line of the facts file, that would supply it.
    pub remedy: String,
    /// Number of rules that stay undecided for want of it.
    pub decides: usize,
}
