//! adfslint reads exported AD FS configuration, offline, and says what is wrong with it, where, and why.
//!
//! The whole pipeline is [`lint`]: texts and a rule pack go in, a report comes out. It reads no file, no clock,
//! no environment and no network; [`inputs`] and [`cli`] do the rest.

pub mod check;
pub mod claims;
pub mod cli;
pub mod error;
pub mod farm;
pub mod finding;
pub mod inputs;
pub mod node;
pub mod pack;
pub mod pattern;
pub mod proof;
pub mod read;
pub mod report;
pub mod source;

use std::sync::Arc;

use crate::check::{Options, Remarks};
use crate::farm::vocabulary::Vocabulary;
use crate::farm::{Content, Export, Farm};
use crate::pack::Pack;
use crate::read::{Document, Format, Problem, Secret};
use crate::report::{Coverage, FileRow, PackInfo, Report};
use crate::source::{SourceId, Sources};

/// A text to be linted.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Where it is.
    pub source: SourceId,
    /// What the user says it is.
    pub role: Role,
}

/// What a text is, as far as the user says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Whatever its content says.
    Export,
    /// The facts file.
    Facts,
    /// Bytes that are no text.
    Binary,
}

/// What stands in some texts.
#[derive(Debug)]
pub struct Found {
    /// The farm that they describe.
    pub farm: Farm,
    /// What the readers had to say.
    pub problems: Vec<Problem>,
    /// The secrets that stood in the texts and are masked now.
    pub secrets: Vec<Secret>,
    /// A row for each text, without the objects in it.
    pub files: Vec<FileRow>,
}

/// Reads texts and finds the farm in them.
pub fn find(sources: &mut Sources, texts: &[Text], vocabulary: &Arc<Vocabulary>) -> Found {
    let documents: Vec<Document> = texts.iter().map(|text| read_text(sources, *text)).collect();
    let problems = documents.iter().flat_map(|document| document.problems.clone()).collect();
    let secrets = documents.iter().flat_map(|document| document.secrets.clone()).collect();
    let files = report::coverage::rows(sources, &documents);
    let read = documents.into_iter().zip(texts);
    let mut exports: Vec<(Export, Role)> = read
        .filter_map(|(document, text)| Some((export(sources, document, text.role)?, text.role)))
        .collect();
    // Of several facts files the first counts, and that is the one the user names.
    exports.sort_by_key(|(export, role)| (export.content == Content::Facts, *role != Role::Facts));
    let exports = exports.into_iter().map(|(export, _)| export).collect();
    let farm = Farm::new(Arc::clone(vocabulary), exports);
    Found { farm, problems, secrets, files }
}

/// Lints texts: reads them, finds the farm in them, asks every rule of the pack, and reports.
pub fn lint(sources: &mut Sources, texts: &[Text], pack: &Pack, options: &Options) -> Report {
    let Found { farm, problems, secrets, files: mut rows } = find(sources, texts, &pack.vocabulary);
    let stated = farm.as_of().filter(|_| !options.as_of_is_given);
    let options = &Options { as_of: stated.unwrap_or(options.as_of), ..options.clone() };
    let outcome =
        check::check(&farm, &Remarks { problems: &problems, secrets: &secrets }, sources, pack, options);
    report::coverage::describe(&mut rows, &farm, sources);
    Report {
        findings: outcome.findings,
        rules: outcome.rules,
        verdicts: outcome.verdicts,
        coverage: Coverage {
            files: rows,
            servers: report::coverage::servers(&farm),
            not_found: outcome.not_found,
            wants: outcome.wants,
        },
        as_of: options.as_of,
        pack: PackInfo { name: pack.name.clone(), sha256: pack.sha256.clone(), rules: pack.rules.len() },
        hidden: 0,
    }
}

/// Reads a text, and masks its secrets before anybody else sees it.
fn read_text(sources: &mut Sources, text: Text) -> Document {
    sources.unmask(text.source);
    let mut document = match text.role {
        // The facts file is ours, and may hold nothing but comments: its name says what it is.
        Role::Export if is_facts_yaml(sources, text.source) => read::read_yaml(sources, text.source),
        Role::Export => read::read(sources, text.source),
        Role::Facts => read::read_yaml(sources, text.source),
        Role::Binary => read::binary(sources, text.source),
    };
    read::mask(&mut document, sources);
    document
}

fn is_facts_yaml(sources: &Sources, source: SourceId) -> bool {
    let name = sources.get(source).map_or("", source::Source::name);
    is_called(name, "facts") && (is_called(name, "yaml") || is_called(name, "yml"))
}

/// Whether a file has that word in its name.
fn is_called(path: &str, word: &str) -> bool {
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    file.split(|c: char| !c.is_alphanumeric()).any(|part| part.eq_ignore_ascii_case(word))
}

fn export(sources: &Sources, document: Document, role: Role) -> Option<Export> {
    let path = sources.get(document.source)?.name().to_owned();
    let is_facts = role == Role::Facts
        || document.format == Format::Yaml && is_called(&path, "facts")
        || document.format == Format::Json && is_called(&path, "adfslint") && is_called(&path, "facts");
    let content = match document.format {
        Format::ClaimRules => Content::ClaimRules,
        _ if is_facts => Content::Facts,
        _ => Content::Objects,
    };
    document.tree.map(|tree| Export { path, tree, content })
}
