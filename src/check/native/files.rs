//! Trouble with the files themselves.

use std::collections::BTreeMap;

use super::{Answer, Asked, Detail};
use crate::check::missing::command;
use crate::farm::manifest::Status;
use crate::farm::value::Site;
use crate::farm::vocabulary::KindId;
use crate::farm::{FactTrouble, Loss, WrongFact};
use crate::finding::Severity;
use crate::node::Lost;
use crate::read::Secret;
use crate::source::SourceId;

/// Files that could not be read whole.
pub(super) fn unreadable(asked: &Asked<'_, '_>) -> Answer {
    let serious = asked.remarks.problems.iter().filter(|problem| problem.severity > Severity::Note);
    let details = serious.map(|problem| Detail {
        message: problem.message.clone(),
        help: problem.help.clone(),
        spans: vec![(problem.span, String::new())],
        places: Vec::new(),
    });
    Answer::of(details.collect())
}

/// Secrets that stood in the files: one answer for each kind of secret in each file.
pub(super) fn secrets(asked: &Asked<'_, '_>) -> Answer {
    let mut groups: BTreeMap<(SourceId, &str), Vec<&Secret>> = BTreeMap::new();
    for secret in asked.remarks.secrets {
        groups.entry((secret.span.source, secret.kind)).or_default().push(secret);
    }
    let detail = |((_, kind), group): (&(SourceId, &str), &Vec<&Secret>)| {
        let count = group.len();
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let what = if count == 1 { format!("{article} {kind}") } else { format!("{count} {kind}s") };
        let file = group.first().and_then(|secret| asked.sources.get(secret.span.source));
        let file = file.map_or("", |file| file.name()).rsplit('/').next().unwrap_or_default();
        Detail {
            message: format!("{file} holds {what}."),
            help: None,
            places: Vec::new(),
            spans: group.iter().map(|secret| (secret.span, label(secret))).collect(),
        }
    };
    Answer::of(groups.iter().map(detail).collect())
}

/// Values that were not collected: one answer for each file, and one for each command and server that a manifest calls failed.
pub(super) fn lost(asked: &Asked<'_, '_>) -> Answer {
    let mut files: BTreeMap<u32, Vec<Loss>> = BTreeMap::new();
    for loss in asked.farm.losses() {
        files.entry(loss.site.tree).or_default().push(loss);
    }
    let mut details: Vec<Detail> = files
        .iter()
        .map(|(tree, losses)| {
            let path = asked.farm.export(*tree).map_or("", |export| &export.path);
            let file = path.rsplit('/').next().unwrap_or(path);
            let count = losses.len();
            let values = if count == 1 { "value was" } else { "values were" };
            Detail {
                message: format!("{file}: {count} {values} not exported."),
                help: Some(again(asked, losses.iter().map(|loss| loss.kind))),
                places: losses.iter().take(PLACES).map(|loss| (loss.site, words(loss))).collect(),
                spans: Vec::new(),
            }
        })
        .collect();
    let manifests = asked.farm.manifests();
    for failed in manifests.statements.iter().filter(|statement| statement.status == Status::Error) {
        let server = if failed.server.is_empty() { String::new() } else { format!(" on {}", failed.server) };
        let help = again(asked, std::iter::once(failed.kind));
        details.push(told(
            format!("{} failed{server}", failed.cmdlet),
            failed.error.as_deref(),
            failed.site,
            help,
        ));
    }
    for server in manifests.servers.iter().filter(|server| !server.reached) {
        let what = format!("The collector did not reach {}", server.name);
        let help = "Run the collector there, or once more with an account that may.".to_owned();
        details.push(told(what, server.error.as_deref(), server.site, help));
    }
    Answer::of(details)
}

/// Places of lost values that are shown of one file.
const PLACES: usize = 4;

/// The lines that export again what was lost.
fn again(asked: &Asked<'_, '_>, kinds: impl Iterator<Item = Option<KindId>>) -> String {
    let mut lines = vec!["# as administrator on the primary federation server".to_owned()];
    for kind in kinds.flatten().filter_map(|kind| asked.farm.vocabulary().kind(kind)) {
        let line = command(kind);
        if !lines.contains(&line) && lines.len() <= COMMANDS {
            lines.push(line);
        }
    }
    if lines.len() == 1 {
        return "Run the collector again, as administrator on the primary federation server.".to_owned();
    }
    lines.join("\n")
}

/// Commands that are told of one file.
const COMMANDS: usize = 3;

fn told(what: String, error: Option<&str>, site: Site, help: String) -> Detail {
    let message = match error {
        Some(error) => format!("{what}: {}.", error.trim_end_matches('.')),
        None => format!("{what}."),
    };
    Detail {
        message,
        help: Some(help),
        places: vec![(site, "says the manifest".to_owned())],
        spans: Vec::new(),
    }
}

/// What is to be seen where a value was.
fn words(loss: &Loss) -> String {
    let how = match loss.lost {
        Lost::Ellipsis => "cut off by the console",
        Lost::CollectorError => "an error in place of the value",
        _ => "below the depth of the export",
    };
    if loss.name.is_empty() { how.to_owned() } else { format!("{}: {how}", loss.name) }
}

/// `ClientSecret: 43 characters, SHA-256 1a2b3c4d`
fn label(secret: &Secret) -> String {
    let name = secret.name.as_deref().unwrap_or(secret.kind);
    format!("{name}: {} characters, SHA-256 {}", secret.characters, secret.fingerprint)
}

/// What the facts file says and nobody hears.
pub(super) fn unknown_facts(asked: &Asked<'_, '_>) -> Answer {
    Answer::of(asked.farm.fact_troubles().into_iter().map(wrong_fact).collect())
}

fn wrong_fact(trouble: FactTrouble) -> Detail {
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
    Detail { message, help, places, spans: Vec::new() }
}
