//! What a missing value is called, why it is missing, and what would bring it.

use super::collector;
use super::verdict::MissingInput;
use crate::farm::Farm;
use crate::farm::value::Gap;
use crate::farm::vocabulary::{Kind, Per, Shape, Vocabulary};
use crate::node::Lost;
use crate::read::export_command;

/// Says a gap in the words of an administrator.
pub(crate) fn describe(farm: &Farm, gap: &Gap) -> MissingInput {
    let vocabulary = farm.vocabulary();
    match gap {
        Gap::Export(name) => match kind(vocabulary, name) {
            Some(kind) => {
                let stated = vocabulary.kind_id(name).and_then(|id| farm.why_absent(id));
                let why = stated.unwrap_or_else(|| "no export holds it".to_owned());
                let reason = format!("{why} ({})", lower_first(&kind.about));
                MissingInput { what: kind.cmdlet.clone(), reason, remedy: command(kind) }
            }
            None => input(format!("{name}"), "no export holds it", String::new()),
        },
        Gap::Property { kind: name, property } => {
            let owner = kind(vocabulary, name);
            let cmdlet = owner.map_or_else(|| name.to_string(), |kind| kind.cmdlet.clone());
            let since = owner
                .and_then(|kind| vocabulary.layout(kind.record))
                .and_then(|layout| layout.property(layout.find(property)?)?.since.clone());
            // What is no part of AD FS has no release.
            let since = since.filter(|since| since.starts_with(|first: char| first.is_ascii_digit()));
            let reason = match since {
                Some(since) => format!("the export does not show it; AD FS {since} and later print it"),
                None => "the export does not show it".to_owned(),
            };
            let remedy = owner.map(command).unwrap_or_default();
            MissingInput { what: format!("{property} of {cmdlet}"), reason, remedy }
        }
        Gap::Truncated { kind: name, property, lost } => {
            let owner = kind(vocabulary, name);
            let cmdlet = owner.map_or_else(|| name.to_string(), |kind| kind.cmdlet.clone());
            let remedy = match lost {
                Lost::Redacted => String::new(),
                _ => owner.map(command).unwrap_or_default(),
            };
            input(format!("{property} of {cmdlet}"), how(*lost), remedy)
        }
        Gap::Unreadable { kind: name, property, reason } => {
            let owner = kind(vocabulary, name);
            let cmdlet = owner.map_or_else(|| name.to_string(), |kind| kind.cmdlet.clone());
            // Exported as JSON, a date needs no culture.
            let remedy = owner.filter(|_| reason.contains("culture")).map(command).unwrap_or_default();
            input(format!("{property} of {cmdlet}"), reason, remedy)
        }
        Gap::Fact(path) => {
            let remedy = format!(
                "adfslint.facts.yaml: {}; `adfslint facts --init` asks for it",
                fact_line(vocabulary, path)
            );
            input(format!("facts: {path}"), "the facts file does not say it", remedy)
        }
        Gap::Undecidable(reason) => input("the rule's condition".to_owned(), reason, String::new()),
    }
}

fn input(what: String, reason: &str, remedy: String) -> MissingInput {
    MissingInput { what, reason: reason.to_owned(), remedy }
}

fn kind<'v>(vocabulary: &'v Vocabulary, name: &str) -> Option<&'v Kind> {
    vocabulary.kind_id(name).and_then(|id| vocabulary.kind(id))
}

/// The line that exports a kind whole, to be pasted into PowerShell.
pub(crate) fn command(kind: &Kind) -> String {
    let line = kind.export.clone().unwrap_or_else(|| export_command(&kind.cmdlet));
    let place = match kind.per {
        Per::Node => Some("on each federation server, into nodes/<its name>/".to_owned()),
        Per::Server => {
            Some("on each federation server and proxy, into nodes/ or proxies/<its name>/".to_owned())
        }
        Per::Proxy => Some("on each proxy, into proxies/<its name>/".to_owned()),
        Per::Farm | Per::Cloud => None,
    };
    let script =
        collector::line_of(&kind.cmdlet).map(|line| format!("line {line} of {} does it", collector::NAME));
    let notes: Vec<String> = place.into_iter().chain(script).collect();
    if notes.is_empty() { line } else { format!("{line} # {}", notes.join("; ")) }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn how(lost: Lost) -> &'static str {
    match lost {
        Lost::Depth => "the export cut it off at its depth",
        Lost::Ellipsis => "the console cut the list off (...)",
        Lost::CollectorError => "the collector wrote an error in its place",
        Lost::Damaged => "the file is damaged there",
        Lost::Redacted => "it was blanked out",
        Lost::Flat => "CSV shows the name of a type in its place",
        Lost::EmptyCell => "the cell is empty, and without quotes nothing tells no value from an empty text",
        Lost::Unmanaged => "the desired state leaves it as it is in the farm",
        Lost::Unevaluated => "it comes out only when the configuration script is run",
    }
}

/// `users: {population: …}` for `users.population`, `nodes: [{os: …}]` for `nodes.os`.
fn fact_line(vocabulary: &Vocabulary, path: &str) -> String {
    let mut record = Some(vocabulary.facts());
    let mut front = String::new();
    let mut back = String::new();
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        front.push_str(part);
        front.push_str(": ");
        let layout = record.and_then(|record| vocabulary.layout(record));
        let shape = layout.and_then(|layout| Some(&layout.property(layout.find(part)?)?.shape));
        let (open, close, inner) = match shape {
            Some(Shape::List(item)) => ("[{", "}]", Some(&**item)),
            Some(Shape::Map(item)) => ("{", "}", Some(&**item)),
            other => ("{", "}", other),
        };
        record = match inner {
            Some(Shape::Record(record)) => Some(*record),
            _ => None,
        };
        if parts.peek().is_some() {
            front.push_str(open);
            back.insert_str(0, close);
        }
    }
    format!("{front}…{back}")
}
