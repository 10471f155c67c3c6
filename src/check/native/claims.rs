//! Claim rules that AD FS refuses, for their spelling or for their meaning, and those that are only in doubt.

use super::{Answer, Asked, Detail};
use crate::claims::meaning::{MeaningProblem, problems};
use crate::claims::{ClaimRule, JOINED_QUERY, codes, doubts};

/// Places that the strict grammar refuses. A query that is put together with `+` is a danger before it is a mistake in
/// spelling, and another function's matter.
pub(super) fn syntax(asked: &Asked<'_, '_>) -> Answer {
    let Some((site, set)) = asked.farm.parsed_rule_set(asked.subject) else { return Answer::NotApplicable };
    let details = set.problems.iter().filter(|problem| problem.code != JOINED_QUERY).map(|problem| Detail {
        message: problem.message.clone(),
        help: Some(problem.help.clone()),
        places: vec![(site.part(problem.range.0, problem.range.1), codes::words(problem.code).to_owned())],
        spans: Vec::new(),
    });
    Answer::of(details.collect())
}

/// Codes of problems with patterns and replacements: conditions can ask for these.
const OF_PATTERNS: [&str; 2] = ["S109", "S116"];

/// Variables that nobody binds, functions that do not exist.
pub(super) fn meaning(asked: &Asked<'_, '_>) -> Answer {
    in_rule(asked, |rule| {
        let mut found = problems(rule);
        found.retain(|problem| !OF_PATTERNS.contains(&problem.code));
        found
    })
}

/// Parts of a rule that have no effect, or another one than they seem to have.
pub(super) fn doubts(asked: &Asked<'_, '_>) -> Answer {
    in_rule(asked, doubts::doubts)
}

/// What is found in a rule.
fn in_rule(asked: &Asked<'_, '_>, look: fn(&ClaimRule) -> Vec<MeaningProblem>) -> Answer {
    let Some((site, rule)) = asked.farm.parsed_rule(asked.subject) else { return Answer::NotApplicable };
    let details = look(&rule.rule).into_iter().map(|problem| Detail {
        message: problem.message,
        help: Some(problem.help),
        places: vec![(
            site.part(rule.offset + problem.range.start, rule.offset + problem.range.end),
            codes::words(problem.code).to_owned(),
        )],
        spans: Vec::new(),
    });
    Answer::of(details.collect())
}
