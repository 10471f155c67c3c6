//! Rules that need Rust. A function here knows no id, severity, title or remedy: those are in the rule's file,
//! which names the function under `native:`.

mod claim_types;
mod claims;
mod files;

use crate::farm::Farm;
use crate::farm::value::{Reading, Site};
use crate::read::Problem;
use crate::source::Span;

/// What a function is asked.
#[derive(Debug)]
pub(crate) struct Asked<'a, 'f> {
    /// The farm.
    pub farm: &'f Farm,
    /// What the readers had to say.
    pub problems: &'a [Problem],
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
    /// The rule does not apply.
    NotApplicable,
}

impl Answer {
    fn of(details: Vec<Detail>) -> Self {
        if details.is_empty() { Self::Pass } else { Self::Fail(details) }
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
    /// Where, if that is no value of the farm.
    pub span: Option<Span>,
}

type Function = fn(&Asked<'_, '_>) -> Answer;

/// All functions by name.
const FUNCTIONS: [(&str, Function); 6] = [
    ("claim-meaning", claims::meaning),
    ("claim-syntax", claims::syntax),
    ("look-alike-claim-types", claim_types::look_alikes),
    ("near-miss-claim-types", claim_types::near_misses),
    ("unknown-facts", files::unknown_facts),
    ("unreadable-files", files::unreadable),
];

/// Names that a rule may give under `native:`.
pub const NAMES: [&str; 6] = [
    "claim-meaning",
    "claim-syntax",
    "look-alike-claim-types",
    "near-miss-claim-types",
    "unknown-facts",
    "unreadable-files",
];

/// Asks the function of that name.
pub(crate) fn ask(name: &str, asked: &Asked<'_, '_>) -> Answer {
    match FUNCTIONS.iter().find(|(known, _)| *known == name) {
        Some((_, function)) => function(asked),
        // The pack was checked against NAMES, so this is a name without function.
        None => Answer::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_functions_are_the_same() {
        assert_eq!(NAMES, FUNCTIONS.map(|(name, _)| name));
    }
}
