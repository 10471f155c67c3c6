//! Founding documents and the tools of others: every statement has a rule, or says why it has none; and the rule reference
//! is what the rules say.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::collections::BTreeSet;
use std::fs;

use adfslint::check::native;
use adfslint::pack::Pack;
use adfslint::report::pages;
use adfslint::source::Sources;

const FOLDER: &str = "examples/rule-pages";

fn pack() -> Pack {
    Pack::load(&mut Sources::new(), &[], &native::names()).unwrap()
}

#[test]
fn the_documents_are_there_whole() {
    let pack = pack();
    let count = |name: &str| pack.documents.find(name).unwrap().statements.len();
    assert_eq!(count("troubleshooting") + count("faq"), 97);
    assert_eq!(count("toolbox"), 41);
    assert_eq!(count("migration-tool"), 30);
}

/// `adfslint rules --format markdown --output examples/rule-pages` writes them anew.
#[test]
fn the_rule_reference_is_current() {
    let pages = pages::pages(&pack());
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let there = fs::read_to_string(format!("{FOLDER}/{name}")).unwrap_or_default();
        if there.replace("\r\n", "\n") != *text {
            stale.push(name.clone());
        }
    }
    let known: BTreeSet<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    for entry in fs::read_dir(FOLDER).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !known.contains(name.as_str()) {
            stale.push(format!("{name} (no such rule)"));
        }
    }
    assert!(
        stale.is_empty(),
        "run `cargo run -- rules --format markdown --output {FOLDER}`; not current: {stale:?}"
    );
}
