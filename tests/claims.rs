//! The claim rule language: every case of `claims/cases.txt` has its outcome.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

mod common;

use adfslint::check::Options;
use adfslint::claims::{self, meaning, query};
use adfslint::pack::condition::functions::timestamp;
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};

/// Marks the place at which a text is refused.
const MARK: char = '▲';

struct Case {
    name: String,
    outcome: String,
    /// The rule of the pack that finds something in a text that AD FS takes.
    rule: Option<String>,
    place: Option<usize>,
    text: String,
}

fn cases() -> Vec<Case> {
    let file = include_str!("claims/cases.txt");
    let blocks = file.split("\n== ").skip(1);
    blocks
        .map(|block| {
            let (head, text) = block.split_once('\n').unwrap();
            let (name, outcome) = head.split_once(' ').unwrap();
            let (outcome, rule) = match outcome.split_once(", ") {
                Some((outcome, rule)) => (outcome, Some(rule.to_owned())),
                None => (outcome, None),
            };
            let text = text.trim_end_matches('\n');
            assert_eq!(text.contains(MARK), outcome.starts_with("refused"), "{head}");
            Case {
                name: name.to_owned(),
                outcome: outcome.to_owned(),
                rule,
                place: text.find(MARK),
                text: text.replace(MARK, ""),
            }
        })
        .collect()
}

/// Outcome, and the place of a refusal.
fn outcome(text: &str) -> (String, Option<usize>) {
    let set = claims::parse(text);
    if let Some(problem) = set.problems.iter().min_by_key(|problem| problem.range) {
        return (format!("refused {}", problem.code), Some(problem.range.0 as usize));
    }
    let rules = || set.rules.iter().map(|placed| &*placed.rule);
    let wrong = rules().flat_map(meaning::problems).chain(rules().flat_map(query::built_in_problems));
    match wrong.map(|problem| problem.code).next() {
        Some(code) => (format!("wrong {code}"), None),
        None => ("ok".to_owned(), None),
    }
}

#[test]
fn every_case_has_its_outcome() {
    let cases = cases();
    let numbered = cases.iter().filter(|case| case.name.starts_with('P')).map(|case| case.name.clone());
    assert!(numbered.eq((1..=100).map(|number| format!("P{number:02}"))));
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| outcome(&case.text) != (case.outcome.clone(), case.place))
        .map(|case| {
            let (found, place) = outcome(&case.text);
            let (head, tail) = case.text.split_at(place.unwrap_or(0));
            format!("{}: expected {}, got {found}: {head}{MARK}{tail}", case.name, case.outcome)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_doubtful_has_a_rule_that_finds_it() {
    let pack = common::pack();
    let mut missed = Vec::new();
    for case in cases() {
        let Some(rule) = &case.rule else { continue };
        let mut sources = Sources::new();
        let source = sources.add_file("shop.claims".into(), case.text, Encoding::Utf8, 0).unwrap();
        let as_of = timestamp("2026-01-31").unwrap();
        let options = Options { as_of, as_of_is_given: true, only: vec![rule.clone()], every_verdict: false };
        let report = lint(&mut sources, &[Text { source, role: Role::Export }], pack, &options);
        if report.findings.is_empty() {
            missed.push(format!("{} {rule}", case.name));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join(", "));
}

#[test]
fn one_bad_rule_hides_no_other() {
    for case in cases().iter().filter(|case| case.outcome.starts_with("refused")) {
        let text = format!("{}\n{GOOD}", case.text);
        let set = claims::parse(&text);
        assert!(
            // An annotation that nothing follows becomes the next rule's.
            set.rules
                .iter()
                .any(|placed| text[placed.offset as usize..][..placed.length as usize].ends_with(GOOD)),
            "{}: the good rule behind it is lost",
            case.name
        );
    }
}

const GOOD: &str = "z:[Type == \"urn:last\"] => issue(claim = z);";
