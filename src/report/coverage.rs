//! What was read: one row a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FileRow, FileState, ServerRow};
use crate::farm::{Content, Farm};
use crate::finding::Severity;
use crate::read::{Document, Format, command};
use crate::source::{Origin, SourceId, Sources};

/// A row for every document.
pub fn rows(sources: &Sources, documents: &[Document]) -> Vec<FileRow> {
    documents.iter().map(|document| row(sources, document)).collect()
}

fn row(sources: &Sources, document: &Document) -> FileRow {
    let source = sources.get(document.source);
    let encoding = match source.map(crate::source::Source::origin) {
        Some(Origin::File { encoding, .. }) => encoding.name(),
        _ => "",
    };
    let damaged = document.problems.iter().any(|problem| problem.severity > Severity::Note);
    let state = match (document.tree.is_some(), damaged) {
        (false, _) => FileState::NotRecognised,
        (true, true) => FileState::Degraded,
        (true, false) => FileState::Whole,
    };
    let mut notes: Vec<String> = document.problems.iter().map(|problem| problem.message.clone()).collect();
    match document.secrets.len() {
        0 => {}
        1 => notes.push("1 secret in it is masked".to_owned()),
        count => notes.push(format!("{count} secrets in it are masked")),
    }
    FileRow {
        name: source.map(|source| source.name().to_owned()).unwrap_or_default(),
        source: Some(document.source),
        format: document.format.name().to_owned(),
        encoding: encoding.to_owned(),
        objects: if document.format == Format::ClaimRules {
            vec![(Arc::from("ClaimRuleSet"), 1)]
        } else {
            Vec::new()
        },
        state,
        notes,
    }
}

/// Formats of files that hold something, the most frequent first.
pub fn formats(files: &[FileRow]) -> Vec<(&str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    files.iter().for_each(|file| *counts.entry(&file.format).or_default() += 1);
    let mut formats: Vec<_> = counts.into_iter().collect();
    formats.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    formats
}

/// The servers that exports are from: those of manifests, and those whose folders hold something.
pub fn servers(farm: &Farm) -> Vec<ServerRow> {
    let mut servers: BTreeMap<String, ServerRow> = BTreeMap::new();
    for server in &farm.manifests().servers {
        let row = servers.entry(server.name.to_lowercase()).or_insert_with(|| ServerRow {
            name: server.name.clone(),
            role: server.role,
            reached: server.reached,
            error: server.error.clone(),
        });
        row.role = row.role.or(server.role);
        // Of two snapshots one that got through is enough.
        row.reached |= server.reached;
    }
    for (_, object) in farm.objects() {
        let Some(host) = &object.host else { continue };
        let short = |name: &str| name.split('.').next().unwrap_or(name).to_lowercase();
        if !servers.keys().any(|known| known == &**host || short(known) == short(host)) {
            let row = ServerRow { name: host.to_string(), role: None, reached: true, error: None };
            servers.insert(host.to_string(), row);
        }
    }
    servers.into_values().collect()
}

/// Unknown property names that a note lists.
const LISTED: usize = 6;

/// Adds what the farm found in each file.
pub fn describe(rows: &mut [FileRow], farm: &Farm, sources: &Sources) {
    contents(rows, farm, sources);
    let mut lost: BTreeMap<SourceId, Vec<String>> = BTreeMap::new();
    for loss in farm.losses() {
        if let Some(export) = farm.export(loss.site.tree) {
            lost.entry(export.tree.source()).or_default().push(loss.name);
        }
    }
    for (source, mut names) in lost {
        let Some(row) = rows.iter_mut().find(|row| row.source == Some(source)) else { continue };
        let values = if names.len() == 1 { "1 value".to_owned() } else { format!("{} values", names.len()) };
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        let more = if names.len() > LISTED { ", …" } else { "" };
        let named = names.into_iter().take(LISTED).collect::<Vec<_>>().join(", ");
        let named = if named.is_empty() { String::new() } else { format!(" ({named}{more})") };
        row.notes.push(format!("the export lost {values}{named}"));
        if row.state == FileState::Whole {
            row.state = FileState::Degraded;
        }
    }
}

fn contents(rows: &mut [FileRow], farm: &Farm, sources: &Sources) {
    for (export, contribution) in farm.exports() {
        let Some(row) = rows.iter_mut().find(|row| row.source == Some(export.tree.source())) else {
            continue;
        };
        let kind = |id: &crate::farm::vocabulary::KindId| {
            farm.vocabulary().kind(*id).map(|kind| Arc::clone(&kind.name)).unwrap_or_default()
        };
        row.objects.extend(contribution.objects.iter().map(|(id, count)| (kind(id), *count)));
        row.objects.extend(contribution.empty.iter().map(|id| (kind(id), 0)));
        if export.content == Content::Facts {
            row.objects.push((Arc::from("Facts"), 1));
        }
        let nothing = row.objects.is_empty();
        if nothing {
            row.state = FileState::NotRecognised;
            let source = sources.get(export.tree.source());
            let command = source.and_then(|source| command(source.name(), source.text()));
            let is_needed = |name: &String| farm.vocabulary().kinds().any(|(_, kind)| kind.cmdlet == *name);
            row.notes.push(match command.filter(|name| !is_needed(name)) {
                Some(name) => format!("no rule asks for what {name} prints"),
                None => "no AD FS object of a known kind in it".to_owned(),
            });
        } else if !contribution.unknown_objects.is_empty() {
            let count = contribution.unknown_objects.len();
            let objects = if count == 1 { "object" } else { "objects" };
            row.notes.push(format!("{count} {objects} of a kind that adfslint does not know"));
        }
        if !contribution.unknown_properties.is_empty() {
            let names: Vec<&str> =
                contribution.unknown_properties.iter().map(|(_, name)| name.as_str()).take(LISTED).collect();
            let more = contribution.unknown_properties.len().saturating_sub(LISTED);
            let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
            row.notes.push(format!("properties that adfslint does not know: {}{tail}", names.join(", ")));
        }
    }
}
