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
fn every_statement_has_a_rule_or_a_reason() {
    let pack = pack();
    let named: BTreeSet<_> = pack
        .rules
        .iter()
        .flat_map(|rule| rule.references.iter().filter_map(|reference| reference.statement.clone()))
        .collect();
    let mut wrong = Vec::new();
    for document in pack.documents.iter() {
        for statement in &document.statements {
            let key = (document.name.clone(), statement.id.clone());
            match (named.contains(&key), &statement.no_rule) {
                (false, None) => wrong.push(format!("{}#{}: no rule and no reason", key.0, key.1)),
                (true, Some(_)) => wrong.push(format!("{}#{}: a rule and a reason for none", key.0, key.1)),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
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
