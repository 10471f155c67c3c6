//! The claim rule language: every case of `claims/cases.txt` has its outcome.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

use adfslint::claims::{self, meaning, query};

struct Case {
    name: String,
    outcome: Vec<String>,
    text: String,
}

fn cases() -> Vec<Case> {
    let file = include_str!("claims/cases.txt");
    let blocks = file.split("\n== ").skip(1);
    blocks
        .map(|block| {
            let (head, text) = block.split_once('\n').unwrap();
            let mut words = head.split(' ').map(str::to_owned);
            Case {
                name: words.next().unwrap(),
                outcome: words.collect(),
                text: text.trim_end_matches('\n').to_owned(),
            }
        })
        .collect()
}

fn position(text: &str, at: u32) -> String {
    let before = &text[..at as usize];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    format!("{line}:{column}")
}

/// What AD FS refuses, and queries that cannot run.
fn problems(rule: &claims::ClaimRule) -> Vec<meaning::MeaningProblem> {
    let mut found = meaning::problems(rule);
    found.extend(query::built_in_problems(rule));
    found
}

fn outcome(text: &str) -> String {
    let set = claims::parse(text);
    if let Some(problem) = set.problems.iter().min_by_key(|problem| problem.range) {
        return format!("refused {} {}", position(text, problem.range.0), problem.code);
    }
    let wrong: Vec<_> = set.rules.iter().flat_map(|placed| problems(&placed.rule)).collect();
    match wrong.first() {
        Some(problem) => format!("wrong {}", problem.code),
        None => "ok".to_owned(),
    }
}

#[test]
fn every_case_has_its_outcome() {
    let cases = cases();
    assert_eq!(cases.len(), 100);
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| outcome(&case.text) != case.outcome.join(" "))
        .map(|case| {
            format!("{}: expected {}, got {}", case.name, case.outcome.join(" "), outcome(&case.text))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_bad_rule_hides_no_other() {
    for case in cases().iter().filter(|case| case.outcome[0] == "refused") {
        let text = format!("{}\n{GOOD}", case.text);
        let set = claims::parse(&text);
        assert!(
            set.rules.iter().any(|placed| &text[placed.offset as usize..][..placed.length as usize] == GOOD),
            "{}: the good rule behind it is lost",
            case.name
        );
    }
}

const GOOD: &str = "z:[Type == \"urn:last\"] => issue(claim = z);";
