//! Claim rules that AD FS refuses: for their spelling, or for their meaning.

use super::{Answer, Asked, Detail};
use crate::claims::JOINED_QUERY;
use crate::claims::meaning::problems;

/// Places that the strict grammar refuses. A query that is put together with `+` is a danger before it is a mistake in
/// spelling, and another function's matter.
pub(super) fn syntax(asked: &Asked<'_, '_>) -> Answer {
    let Some((site, set)) = asked.farm.parsed_rule_set(asked.subject) else { return Answer::NotApplicable };
    let details = set.problems.iter().filter(|problem| problem.code != JOINED_QUERY).map(|problem| Detail {
        message: problem.message.clone(),
        help: Some(problem.help.clone()),
        places: vec![(site.part(problem.range.0, problem.range.1), problem.code.to_owned())],
        span: None,
    });
    Answer::of(details.collect())
}

/// Codes of problems with patterns and replacements: conditions can ask for these.
const OF_PATTERNS: [&str; 2] = ["S109", "S116"];

/// Variables that nobody binds, functions that do not exist.
pub(super) fn meaning(asked: &Asked<'_, '_>) -> Answer {
    let Some((site, rule)) = asked.farm.parsed_rule(asked.subject) else { return Answer::NotApplicable };
    let others = problems(&rule.rule).into_iter().filter(|problem| !OF_PATTERNS.contains(&problem.code));
    let details = others.map(|problem| Detail {
        message: problem.message,
        help: Some(problem.help),
        places: vec![(
            site.part(rule.offset + problem.range.start, rule.offset + problem.range.end),
            problem.code.to_owned(),
        )],
        span: None,
    });
    Answer::of(details.collect())
}
