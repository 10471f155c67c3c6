//! What is wrong with the administrator's files: findings, and the labels that point at the places.

use std::fmt;
use std::sync::Arc;

use crate::source::Span;

/// How bad a failed expectation is. Ordered: a note is less than a warning, a warning less than an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing: hygiene, or a question for a review.
    Note,
    /// A protection is weaker than it should be, or something breaks at a date or at the next change.
    Warning,
    /// Sign-in breaks, a protection is missing, or somebody can become somebody else.
    Error,
}

impl Severity {
    /// All severities, the mildest first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The word used in rule files, options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How sure a rule is of its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Plausible; a person has to look.
    Low,
    /// Documented, but depends on a version, on facts that the user stated, or on inference.
    Medium,
    /// Documented behaviour and complete inputs.
    High,
}

impl Confidence {
    /// All levels, the least sure first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word used in rule files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.name() == name)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A place with words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place; may lie in an embedded source.
    pub span: Span,
    /// What is to be seen there, in a few words.
    pub text: String,
}

/// The object that a verdict is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// Kind as in the vocabulary (`RelyingPartyTrust`), or `Farm`.
    pub kind: Arc<str>,
    /// What an administrator calls the object; empty where there is only one.
    pub name: String,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            formatter.write_str(&self.kind)
        } else {
            write!(formatter, "{} \"{}\"", self.kind, self.name)
        }
    }
}

/// One failed expectation.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Id of the rule: `TB001`.
    pub rule: Arc<str>,
    /// Name of the rule: `token-binding-left-on`.
    pub name: Arc<str>,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// The object that failed.
    pub object: ObjectName,
    /// What is wrong, in one or two sentences that name the object and the values.
    pub message: String,
    /// The place to look at first.
    pub primary: Label,
    /// Other places that matter, also in other files.
    pub related: Vec<Label>,
    /// Why it matters; the rule's words.
    pub why: Arc<str>,
    /// How to mend it: text and commands, with this object's values filled in.
    pub help: Option<String>,
}
