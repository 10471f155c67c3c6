//! Rules that need Rust. A function here knows no id, severity, title or remedy: those are in the rule's file,
//! which names the function under `native:`.

mod claim_types;
mod claims;
mod files;
mod headers;
mod issuers;
mod stores;

use super::Remarks;
use crate::farm::Farm;
use crate::farm::value::{Missing, Reading, Site};
use crate::source::{Sources, Span};

/// What a function is asked.
#[derive(Debug)]
pub(crate) struct Asked<'a, 'f> {
    /// The farm.
    pub farm: &'f Farm,
    /// What is known of the files.
    pub remarks: Remarks<'a>,
    /// The texts.
    pub sources: &'a Sources,
    /// The object.
    pub subject: &'a Reading<'f>,
}

/// What it answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// As expected.
    Pass,
    /// Each of these becomes a finding.
    Fail(Vec<Detail>),
    /// Nothing wrong is proven, but these are missing to prove that nothing is.
    Unknown(Vec<Missing>),
    /// The rule does not apply.
    NotApplicable,
}

impl Answer {
    fn of(details: Vec<Detail>) -> Self {
        Self::unless(details, Vec::new())
    }

    /// What is proven wrong goes before what is missing, and that before a pass.
    fn unless(details: Vec<Detail>, missing: Vec<Missing>) -> Self {
        match (details.is_empty(), missing.is_empty()) {
            (false, _) => Self::Fail(details),
            (true, false) => Self::Unknown(missing),
            (true, true) => Self::Pass,
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Detail {
    /// What.
    pub message: String,
    /// How to mend just this.
    pub help: Option<String>,
    /// Where, the first place first, with words.
    pub places: Vec<(Site, String)>,
    /// Where, with words, as far as that is no value of the farm.
    pub spans: Vec<(Span, String)>,
}

type Function = fn(&Asked<'_, '_>) -> Answer;

/// All functions by name, in alphabetical order.
const FUNCTIONS: &[(&str, Function)] = &[
    ("claim-doubts", claims::doubts),
    ("claim-meaning", claims::meaning),
    ("claim-syntax", claims::syntax),
    ("content-policy", headers::content_policy),
    ("issuer-of-domain", issuers::of_domain),
    ("joined-store-queries", stores::joined_queries),
    ("look-alike-claim-types", claim_types::look_alikes),
    ("lost-values", files::lost),
    ("near-miss-claim-types", claim_types::near_misses),
    ("secrets", files::secrets),
    ("store-queries", stores::queries),
    ("unknown-facts", files::unknown_facts),
    ("unreadable-files", files::unreadable),
];

/// Names that a rule may give under `native:`.
pub fn names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).collect()
}

/// Asks the function of that name.
pub(crate) fn ask(name: &str, asked: &Asked<'_, '_>) -> Answer {
    match FUNCTIONS.iter().find(|(known, _)| *known == name) {
        Some((_, function)) => function(asked),
        // The pack was checked against the names, so this is a name without function.
        None => Answer::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        assert!(names().is_sorted());
    }
}
