//! Trouble with the files themselves.

use super::{Answer, Asked, Detail};
use crate::farm::value::Site;
use crate::finding::Severity;

/// Files that could not be read whole.
pub(super) fn unreadable(asked: &Asked<'_, '_>) -> Answer {
    let serious = asked.problems.iter().filter(|problem| problem.severity > Severity::Note);
    let details = serious.map(|problem| Detail {
        message: problem.message.clone(),
        help: problem.help.clone(),
        span: Some(problem.span),
        places: Vec::new(),
    });
    Answer::of(details.collect())
}

/// Keys of the facts file that do not exist, and values that are none: what they say is not heard.
pub(super) fn unknown_facts(asked: &Asked<'_, '_>) -> Answer {
    let mut details = Vec::new();
    for (number, (_, contribution)) in (0..).zip(asked.farm.exports()) {
        for (node, name, nearest) in &contribution.unknown_facts {
            details.push(Detail {
                message: format!("The facts file says `{name}`, which no rule asks for."),
                help: nearest.as_ref().map(|name| format!("Did you mean `{name}`?")),
                places: vec![(Site::node(number, *node), "no such fact".to_owned())],
                span: None,
            });
        }
    }
    details.extend(asked.farm.unfit_facts().into_iter().map(|fact| Detail {
        message: format!("The facts file says something of `{}` that nobody understands.", fact.path),
        help: Some(format!("Write {} there.", fact.wanted)),
        places: vec![(fact.site, format!("not {}", fact.wanted))],
        span: None,
    }));
    Answer::of(details)
}
