//! The claim rule sets in what the user names.

use super::{Color, complain, load, texts};
use crate::error::Error;
use crate::farm::RuleSetText;
use crate::inputs::{self, Gathered};
use crate::pack::Pack;
use crate::source::Sources;
use crate::{Found, Role, find};

/// What was found.
pub(super) struct RuleSets {
    /// The rule sets, in the order of the files.
    pub sets: Vec<RuleSetText>,
    /// What is known of claim types.
    pub pack: Pack,
    /// What was opened.
    pub gathered: Gathered,
    /// Exit code for what could not be read; 0 if everything could.
    pub trouble: u8,
}

/// Reads everything and looks for claim rule sets. An error is the exit code, and has been told.
pub(super) fn rule_sets(paths: &[String], own: &[String], sources: &mut Sources) -> Result<RuleSets, u8> {
    let gathered = inputs::gather(paths, sources);
    let pack = load(own, sources).map_err(|errors| complain(&errors, sources, Color::Auto))?;
    let texts = texts(&gathered, Role::Export);
    let trouble =
        if gathered.errors.is_empty() { 0 } else { complain(&gathered.errors, sources, Color::Auto) };
    let Found { farm, problems, .. } = find(sources, &texts, &pack.vocabulary);
    let sets = farm.rule_set_texts(sources);
    if sets.is_empty() && trouble == 0 {
        let mut errors: Vec<Error> =
            problems.iter().map(|problem| Error::input(&*problem.message).at(problem.span)).collect();
        let help =
            "Name rule files, or exports of trusts: Get-AdfsRelyingPartyTrust, Get-AdfsClaimsProviderTrust.";
        errors.push(Error::input("There are no claim rules in what was given.").help(help));
        return Err(complain(&errors, sources, Color::Auto));
    }
    if sets.is_empty() {
        return Err(trouble);
    }
    Ok(RuleSets { sets, pack, gathered, trouble })
}
