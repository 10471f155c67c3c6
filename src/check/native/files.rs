//! Trouble with the files themselves.

use super::{Answer, Asked, Detail};
use crate::farm::{FactTrouble, WrongFact};
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

/// What the facts file says and nobody hears.
pub(super) fn unknown_facts(asked: &Asked<'_, '_>) -> Answer {
    Answer::of(asked.farm.fact_troubles().into_iter().map(told).collect())
}

fn told(trouble: FactTrouble) -> Detail {
    let (message, help, here, there) = match trouble.wrong {
        WrongFact::Unknown { path, nearest } => (
            format!("The facts file says `{path}`, which no rule asks for."),
            nearest.map(|name| format!("Did you mean `{name}`?")),
            "no such fact".to_owned(),
            "",
        ),
        WrongFact::Unfit { path, wanted } => (
            format!("The facts file says something of `{path}` that nobody understands."),
            Some(format!("Write {wanted} there.")),
            format!("not {wanted}"),
            "",
        ),
        WrongFact::Unanswered { path } => (
            format!("The facts file does not answer `{path}` yet."),
            Some("Write the answer in the place of <...>, or put a # before the line.".to_owned()),
            "no answer".to_owned(),
            "",
        ),
        WrongFact::Twice { path } => (
            format!("The facts file says `{path}` twice, and nobody knows which is meant."),
            Some("Keep one of them.".to_owned()),
            "said again".to_owned(),
            "said here",
        ),
        WrongFact::SameName { path, name } => (
            format!("Two entries of `{path}` in the facts file are called {name}."),
            Some("Make one entry of the two.".to_owned()),
            "the same name".to_owned(),
            "the first",
        ),
        WrongFact::OtherFile { counts } => (
            format!(
                "This facts file is not heard: {counts} counts, and facts of several files are not merged."
            ),
            Some("Keep one facts file, or name the one that counts with --facts.".to_owned()),
            "not heard".to_owned(),
            "this one counts",
        ),
    };
    let mut places = vec![(trouble.site, here)];
    places.extend(trouble.other.map(|site| (site, there.to_owned())));
    Detail { message, help, places, span: None }
}
