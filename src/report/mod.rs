//! What a run found, and the styles in which that is told.

pub mod coverage;
pub mod diff;
pub mod explain;
pub mod facts;
pub mod json;
mod overview;
pub mod pages;
mod portrait;
pub mod pretty;
pub mod sarif;
mod style;
mod summary;
pub mod tree;
mod window;
pub mod words;

use std::sync::Arc;

use time::OffsetDateTime;

pub use crate::check::verdict::{EvidenceRow, MissingInput, NotFound, RuleRow, Verdict, VerdictRow, Want};
use crate::finding::{Finding, Severity};
use crate::source::SourceId;

/// How much of a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// All of it.
    Whole,
    /// Something is lost or damaged.
    Degraded,
    /// It holds no AD FS configuration.
    NotRecognised,
    /// It could not be opened.
    Unreadable,
}

impl FileState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Degraded => "degraded",
            Self::NotRecognised => "not-recognised",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One file that was given.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// Its path.
    pub name: String,
    /// Its text; `None` if it could not be opened.
    pub source: Option<SourceId>,
    /// How it is written.
    pub format: String,
    /// How its bytes are written.
    pub encoding: String,
    /// Kinds and numbers of objects.
    pub objects: Vec<(Arc<str>, usize)>,
    /// How much was read.
    pub state: FileState,
    /// What else there is to say.
    pub notes: Vec<String>,
}

/// A server that exports are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRow {
    /// Its name.
    pub name: String,
    /// What it is, if somebody says so: `primary`, `secondary`, `proxy`.
    pub role: Option<&'static str>,
    /// Whether the collector got through to it.
    pub reached: bool,
    /// Why not.
    pub error: Option<String>,
}

/// What was read, and what was not there.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// The files, in order.
    pub files: Vec<FileRow>,
    /// The servers that they are from, in alphabetical order.
    pub servers: Vec<ServerRow>,
    /// What is missing, the most valuable first.
    pub not_found: Vec<NotFound>,
    /// What undecided rules wait for, each rule once; what decides most first.
    pub wants: Vec<Want>,
}

/// The pack that was used.
#[derive(Debug, Clone)]
pub struct PackInfo {
    /// Its name.
    pub name: String,
    /// SHA-256 over its files.
    pub sha256: String,
    /// Number of rules.
    pub rules: usize,
}

/// Everything that a run found.
#[derive(Debug, Clone)]
pub struct Report {
    /// What is not as expected, by place.
    pub findings: Vec<Finding>,
    /// Every rule that ran.
    pub rules: Vec<RuleRow>,
    /// Every rule with every object, if asked for.
    pub verdicts: Option<Vec<VerdictRow>>,
    /// What was read.
    pub coverage: Coverage,
    /// The day that certificates and dates were compared with.
    pub as_of: OffsetDateTime,
    /// The rules.
    pub pack: PackInfo,
    /// Findings that are not shown, being milder than asked for.
    pub hidden: usize,
}

impl Report {
    /// Whether no file gave anything that could be checked.
    pub fn is_of_nothing(&self) -> bool {
        self.coverage.files.iter().all(|file| file.objects.is_empty())
    }

    /// The worst finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// Verdicts by outcome: pass, fail, unknown, not applicable.
    pub fn counts(&self) -> [u32; 4] {
        self.rules.iter().fold([0; 4], |[pass, fail, unknown, not_applicable], row| {
            [pass + row.pass, fail + row.fail, unknown + row.unknown, not_applicable + row.not_applicable]
        })
    }

    /// Rules by their most telling outcome: failed, undecided, passed, not applicable.
    pub fn rule_counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for row in &self.rules {
            let [failed, unknown, passed, not_applicable] = &mut counts;
            *(if row.fail > 0 {
                failed
            } else if row.unknown > 0 {
                unknown
            } else if row.pass > 0 {
                passed
            } else {
                not_applicable
            }) += 1;
        }
        counts
    }
}
