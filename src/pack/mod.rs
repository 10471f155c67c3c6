//! The rule pack: what is expected of a farm, checked against the vocabulary when it is loaded.

mod claim_pattern;
mod claim_types;
mod claim_words;
mod command;
pub mod condition;
pub mod documents;
pub mod example;
pub mod facts_read;
mod load;
pub mod rule;
pub(crate) mod sum;
pub mod template;
mod yaml;

use std::sync::Arc;

use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

use self::condition::Definitions;
use self::documents::Documents;
use self::load::Loader;
pub use self::rule::{Expectation, Rule, Target};
use crate::claims::types::ClaimTypes;
use crate::claims::words::Phrasebook;
use crate::error::Error;
use crate::farm::vocabulary::Vocabulary;
use crate::node::NodeRef;
use crate::read::read_yaml;
use crate::source::{Encoding, Sources, Span};

/// The rules that the program brings along.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// A file of a pack: path and text.
#[derive(Debug, Clone)]
pub struct PackFile {
    /// Path below the pack's folder, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A checked pack.
#[derive(Debug)]
pub struct Pack {
    /// The rules, by id.
    pub rules: Vec<Rule>,
    /// Named expressions.
    pub definitions: Definitions,
    /// The vocabulary.
    pub vocabulary: Arc<Vocabulary>,
    /// How claim types are spoken of.
    pub phrases: Phrasebook,
    /// What documents say.
    pub documents: Documents,
    /// What it is called.
    pub name: String,
    /// SHA-256 over all files, hex.
    pub sha256: String,
}

impl Pack {
    /// Loads the built-in rules, and those of `own` packs on top. `natives` are the functions that rules may
    /// name. All that is wrong is told at once; places point into `sources`, to which rule files are added.
    pub fn load(sources: &mut Sources, own: &[PackFile], natives: &[&str]) -> Result<Self, Vec<Error>> {
        let built_in: Vec<PackFile> =
            embedded().into_iter().filter(|file| !file.path.starts_with(PACKS)).collect();
        let mut digest = Sha256::new();
        for file in built_in.iter().chain(own) {
            digest.update(file.path.as_bytes());
            digest.update([0]);
            digest.update(file.text.as_bytes());
        }
        let sha256 = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut errors = Vec::new();
        let vocabulary = vocabulary(&built_in)?;
        let claim_types = claim_types(&vocabulary, sources, built_in.iter().chain(own), &mut errors);
        let vocabulary = vocabulary.with_claim_types(claim_types);
        let phrases = claim_words(&vocabulary, sources, built_in.iter().chain(own), &mut errors);
        let mut definitions = Definitions::default();
        for file in built_in.iter().chain(own).filter(|file| is_definitions(&file.path)) {
            let Some(tree) = tree(sources, file, &mut errors) else { continue };
            let (all, mut wrong) = Loader::definitions(&vocabulary, &tree, definitions);
            definitions = all;
            errors.append(&mut wrong);
        }
        let mut rules = Vec::new();
        let documents = documents(&vocabulary, sources, built_in.iter().chain(own), &mut errors);
        let mut loader =
            Loader { natives, documents: &documents, errors, ..Loader::new(&vocabulary, &definitions) };
        let files = built_in.iter().map(|file| (file, false)).chain(own.iter().map(|file| (file, true)));
        for (file, is_own) in files.filter(|(file, _)| is_rule(&file.path)) {
            let Some(tree) = tree(sources, file, &mut loader.errors) else { continue };
            rules.extend(loader.rule(tree, &file.path).map(|rule| Rule { is_own, ..rule }));
        }
        let mut errors = loader.errors;
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        duplicates(&rules, &mut errors);
        sum::sums_of_nothing(&rules, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let name = match (own.is_empty(), own.iter().all(|file| file.path.starts_with(PACKS))) {
            (true, _) => "adfslint",
            (false, true) => "adfslint with more packs",
            (false, false) => "adfslint and own rules",
        };
        Ok(Self {
            rules,
            definitions,
            vocabulary: Arc::new(vocabulary),
            phrases,
            documents,
            name: name.to_owned(),
            sha256,
        })
    }

    /// The rule of that id or name.
    pub fn find(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.is_called(name))
    }

    /// Ids and names that are like a wrong one.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let known = self.rules.iter().flat_map(|rule| [&*rule.id, &*rule.name]);
        crate::farm::nearest(name, known)
    }
}

fn vocabulary(files: &[PackFile]) -> Result<Vocabulary, Vec<Error>> {
    let text = files.iter().find(|file| file.path == "vocabulary.yaml").map_or("", |file| file.text.as_str());
    let wrong = |message: String| Error::usage(format!("rules/vocabulary.yaml: {message}"));
    let raw = yaml::typed(text).map_err(|trouble| vec![wrong(trouble.message)])?;
    Vocabulary::new(&raw).map_err(|troubles| troubles.into_iter().map(wrong).collect())
}

/// The claim types of all packs, the built-in ones first.
fn claim_types<'p>(
    vocabulary: &Vocabulary,
    sources: &mut Sources,
    files: impl Iterator<Item = &'p PackFile>,
    errors: &mut Vec<Error>,
) -> ClaimTypes {
    let mut types = ClaimTypes::default();
    each(vocabulary, sources, files.filter(|file| is_claim_types(&file.path)), errors, |loader, tree| {
        loader.claim_types(tree, &mut types);
    });
    types
}

/// How claim types are spoken of, of all packs, the built-in one first.
fn claim_words<'p>(
    vocabulary: &Vocabulary,
    sources: &mut Sources,
    files: impl Iterator<Item = &'p PackFile>,
    errors: &mut Vec<Error>,
) -> Phrasebook {
    let mut book = Phrasebook::default();
    each(vocabulary, sources, files.filter(|file| is_claim_words(&file.path)), errors, |loader, tree| {
        loader.claim_words(tree, &mut book);
    });
    book
}

/// What documents say, of all packs, the built-in one first.
fn documents<'p>(
    vocabulary: &Vocabulary,
    sources: &mut Sources,
    files: impl Iterator<Item = &'p PackFile>,
    errors: &mut Vec<Error>,
) -> Documents {
    let mut documents = Documents::default();
    each(vocabulary, sources, files.filter(|file| is_documents(&file.path)), errors, |loader, tree| {
        loader.documents(tree, &mut documents);
    });
    documents
}

/// Reads files that hold something other than rules.
fn each<'p>(
    vocabulary: &Vocabulary,
    sources: &mut Sources,
    files: impl Iterator<Item = &'p PackFile>,
    errors: &mut Vec<Error>,
    mut read: impl FnMut(&mut Loader<'_>, &crate::node::Tree),
) {
    let definitions = Definitions::default();
    for file in files {
        let Some(tree) = tree(sources, file, errors) else { continue };
        let mut loader = Loader::new(vocabulary, &definitions);
        read(&mut loader, &tree);
        errors.append(&mut loader.errors);
    }
}

/// Where the packs are that the program brings along and that are off by default.
const PACKS: &str = "packs/";

/// The files of a built-in pack that is off by default; add them to what [`Pack::load`] takes as own rules.
pub fn built_in(name: &str) -> Option<Vec<PackFile>> {
    let folder = format!("{PACKS}{name}/");
    let files: Vec<PackFile> = embedded().into_iter().filter(|file| file.path.starts_with(&folder)).collect();
    (!files.is_empty()).then_some(files)
}

/// Names of the built-in packs that are off by default.
pub fn built_in_names() -> Vec<String> {
    let name = |file: &PackFile| Some(file.path.strip_prefix(PACKS)?.split_once('/')?.0.to_owned());
    let mut names: Vec<String> = embedded().iter().filter_map(name).collect();
    names.dedup();
    names
}

/// The embedded files, by path.
fn embedded() -> Vec<PackFile> {
    fn walk(dir: &Dir<'_>, files: &mut Vec<PackFile>) {
        for file in dir.files() {
            if let Some(text) = file.contents_utf8() {
                let path = file.path().to_string_lossy().replace('\\', "/");
                files.push(PackFile { path, text: text.to_owned() });
            }
        }
        dir.dirs().for_each(|dir| walk(dir, files));
    }
    let mut files = Vec::new();
    walk(&EMBEDDED, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn is_yaml(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|ending| matches!(ending, "yaml" | "yml"))
}

fn is_definitions(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("definitions.yaml" | "definitions.yml"))
}

fn is_claim_types(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("claim-types.yaml" | "claim-types.yml"))
}

fn is_claim_words(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("claim-words.yaml" | "claim-words.yml"))
}

fn is_documents(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("documents.yaml" | "documents.yml"))
}

fn is_rule(path: &str) -> bool {
    is_yaml(path)
        && !is_definitions(path)
        && !is_claim_types(path)
        && !is_claim_words(path)
        && !is_documents(path)
        && path != "vocabulary.yaml"
}

fn tree(sources: &mut Sources, file: &PackFile, errors: &mut Vec<Error>) -> Option<crate::node::Tree> {
    let id = sources.add_file(file.path.clone(), file.text.clone(), Encoding::Utf8, 0)?;
    let document = read_yaml(sources, id);
    let is_broken = !document.problems.is_empty();
    errors.extend(document.problems.into_iter().map(|problem| {
        let error = Error::usage(problem.message).at(problem.span);
        match problem.help {
            Some(help) => error.help(help),
            None => error,
        }
    }));
    document.tree.filter(|_| !is_broken)
}

fn duplicates(rules: &[Rule], errors: &mut Vec<Error>) {
    for (index, rule) in rules.iter().enumerate() {
        let earlier = rules.get(..index).unwrap_or(&[]);
        let Some(other) = earlier.iter().find(|other| other.id == rule.id || other.name == rule.name) else {
            continue;
        };
        // A built-in rule is in its right.
        let (rule, other) = if other.is_own && !rule.is_own { (other, rule) } else { (rule, other) };
        let twice = if other.id == rule.id { "id" } else { "name" };
        let node = rule.file.root().and_then(|root| root.get(twice));
        let span = node.map_or_else(|| Span::new(rule.file.source(), 0, 0), NodeRef::span);
        let whose = if other.is_own { "the rule in" } else { "the built-in rule" };
        let message = format!("{} ({}) has the {twice} of {whose} {}.", rule.id, rule.name, other.path);
        errors
            .push(Error::usage(message).at(span).help("Ids and names are permanent and belong to one rule."));
    }
}
