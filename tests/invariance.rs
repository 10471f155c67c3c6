//! What must not change a finding: the order of objects, the spacing and the order of clauses of a claim rule.
//!
//! Every example of every rule is written anew in these ways and must keep its verdicts and messages.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

use std::collections::{BTreeMap, BTreeSet};

use adfslint::check::{Options, native};
use adfslint::claims::ast::{Body, ConditionKind, Expression, Range, Term};
use adfslint::claims::sketch::{self, Names};
use adfslint::claims::{self, facts};
use adfslint::pack::rule::{Example, Rule};
use adfslint::pack::{Pack, condition::functions::timestamp, example};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};
use serde_json::Value;

/// Verdicts and messages of one run, counted, without regard to their order.
fn outcome(pack: &Pack, rule: &Rule, example: &Example, farm: &str) -> BTreeMap<String, usize> {
    let inputs = example::inputs(rule, example);
    let mut sources = Sources::new();
    let mut texts = Vec::new();
    for (name, text, role) in [
        ("farm.json", Some(farm.to_owned()), Role::Export),
        ("adfslint.facts.yaml", inputs.facts.clone(), Role::Facts),
    ] {
        if let Some(text) = text {
            let source = sources.add_file(name.into(), text, Encoding::Utf8, 0).unwrap();
            texts.push(Text { source, role });
        }
    }
    let options = Options {
        as_of: timestamp(inputs.as_of.as_deref().unwrap_or("2026-01-31")).unwrap(),
        as_of_is_given: true,
        only: vec![rule.id.to_string()],
        every_verdict: true,
    };
    let report = lint(&mut sources, &texts, pack, &options);
    let mut said = BTreeMap::new();
    for row in report.verdicts.unwrap_or_default() {
        *said.entry(format!("{} {}", row.object, row.verdict.name())).or_default() += 1;
    }
    for finding in &report.findings {
        // A message names several things in the order of the export.
        let mut words: Vec<&str> = finding.message.split([' ', ',', '.', ':', '(', ')', ';']).collect();
        words.sort_unstable();
        *said.entry(format!("{} {}", finding.severity.name(), words.join(" "))).or_default() += 1;
    }
    said
}

/// Runs every example as it is and as `change` writes it; the change returns `None` where it has nothing to do.
fn hold(change: impl Fn(&mut Value) -> bool) -> usize {
    hold_all_but(&[], change)
}

/// The same without some rules.
fn hold_all_but(left_out: &[&str], change: impl Fn(&mut Value) -> bool) -> usize {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let mut changed = 0;
    let mut wrong = Vec::new();
    for rule in pack.rules.iter().filter(|rule| !left_out.contains(&&*rule.id)) {
        for example in &rule.examples {
            let Some(farm) = example::inputs(rule, example).farm else { continue };
            let Ok(mut tree) = serde_json::from_str::<Value>(&farm) else { continue };
            if !change(&mut tree) {
                continue;
            }
            changed += 1;
            let before = outcome(&pack, rule, example, &farm);
            let after = outcome(&pack, rule, example, &tree.to_string());
            if before != after {
                wrong.push(format!(
                    "{} \"{}\": {before:#?}\nbecame {after:#?}\nin {tree}",
                    rule.id, example.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    changed
}

/// Hands every claim rule set that parses whole to `rewrite`; says whether any of them changed.
fn rule_sets(tree: &mut Value, rewrite: &impl Fn(&str) -> String) -> bool {
    match tree {
        Value::String(text) if text.contains("=>") && claims::parse(text).problems.is_empty() => {
            let new = rewrite(text);
            assert!(claims::parse(&new).problems.is_empty(), "{new}");
            let is_new = new != *text;
            *text = new;
            is_new
        }
        // The rewriting has to go on behind the first change.
        Value::Array(items) => items.iter_mut().fold(false, |any, item| rule_sets(item, rewrite) | any),
        Value::Object(entries) => {
            entries.values_mut().fold(false, |any, item| rule_sets(item, rewrite) | any)
        }
        _ => false,
    }
}

/// The text with blanks and line breaks around everything that stands outside of quotes.
fn spread(text: &str) -> String {
    let mut written = String::new();
    let mut quoted = false;
    for character in text.chars() {
        let open = !quoted && "[](),;".contains(character);
        quoted ^= character == '"';
        if open {
            written.extend(["\r\n\t ", &character.to_string(), "  \n"]);
        } else {
            written.push(character);
        }
    }
    written
}

/// The text with the comparisons of every selector in opposite order.
fn turn(text: &str) -> String {
    let set = claims::parse(text);
    let mut written = text.to_owned();
    // From the end, so that the places before stay right.
    for placed in set.rules.iter().rev() {
        for condition in placed.rule.conditions.iter().rev() {
            let at = |place: u32| (placed.offset + place) as usize;
            let tests = &condition.selector.tests;
            let (Some(first), Some(last)) = (tests.first(), tests.last()) else { continue };
            let parts: Vec<&str> =
                tests.iter().rev().map(|test| &text[at(test.range.start)..at(test.range.end)]).collect();
            written.replace_range(at(first.range.start)..at(last.range.end), &parts.join(", "));
        }
    }
    written
}

/// The text with everything outside of quotes in capitals, or in small letters.
fn shout(text: &str, loud: bool) -> String {
    let mut quoted = false;
    let change = |character: char| {
        quoted ^= character == '"';
        match (quoted, loud) {
            (true, _) => character,
            (false, true) => character.to_ascii_uppercase(),
            (false, false) => character.to_ascii_lowercase(),
        }
    };
    text.chars().map(change).collect()
}

/// The text with every variable called otherwise.
fn rename(text: &str) -> String {
    fn of_expression(expression: &Expression, found: &mut Vec<Range>) {
        for term in &expression.terms {
            match term {
                Term::Reference { variable, .. } => found.push(variable.range),
                Term::Call { arguments, .. } => arguments.iter().for_each(|one| of_expression(one, found)),
                Term::Literal(_) => {}
            }
        }
    }
    let mut written = text.to_owned();
    for placed in claims::parse(text).rules.iter().rev() {
        let mut places = Vec::new();
        for condition in &placed.rule.conditions {
            if let ConditionKind::Select(Some(name)) = &condition.kind {
                places.push(name.range);
            }
        }
        if let Body::Copy(name) = &placed.rule.issuance.body {
            places.push(name.range);
        }
        facts::expressions(&placed.rule).into_iter().for_each(|one| of_expression(one, &mut places));
        places.sort_unstable();
        for place in places.iter().rev() {
            written.insert_str((placed.offset + place.start) as usize, "other_");
        }
    }
    written
}

/// The text with the conditions of every rule in opposite order, where none refers to another.
fn turn_conditions(text: &str) -> String {
    let mut written = text.to_owned();
    for placed in claims::parse(text).rules.iter().rev() {
        let at = |place: u32| (placed.offset + place) as usize;
        let conditions = &placed.rule.conditions;
        let (Some(first), Some(last)) = (conditions.first(), conditions.last()) else { continue };
        let tests = facts::tests(&placed.rule);
        if tests.iter().any(|placed| placed.test.value.literal().is_none()) {
            continue;
        }
        let parts: Vec<&str> =
            conditions.iter().rev().map(|one| &text[at(one.range.start)..at(one.range.end)]).collect();
        written.replace_range(at(first.range.start)..at(last.range.end), &parts.join(" && "));
    }
    written
}

/// Rules that speak of variables, and call them as they are called: those that nobody binds, and those called like a word.
const SPEAK_OF_VARIABLES: &[&str] = &["CLM053", "CLM054"];

#[test]
fn the_letter_case_of_words_does_not_matter() {
    for loud in [true, false] {
        let change = |tree: &mut Value| rule_sets(tree, &|text| shout(text, loud));
        assert!(hold_all_but(SPEAK_OF_VARIABLES, change) > 30);
    }
}

#[test]
fn the_names_of_variables_do_not_matter() {
    assert!(hold_all_but(SPEAK_OF_VARIABLES, |tree| rule_sets(tree, &rename)) > 30);
}

#[test]
fn the_order_of_conditions_does_not_matter() {
    assert!(hold(|tree| rule_sets(tree, &turn_conditions)) > 5);
}

#[test]
fn spacing_does_not_matter() {
    assert!(hold(|tree| rule_sets(tree, &|text| spread(text))) > 30);
}

#[test]
fn the_order_of_clauses_does_not_matter() {
    assert!(hold(|tree| rule_sets(tree, &|text| turn(text))) > 10);
}

#[test]
fn the_order_of_objects_does_not_matter() {
    let reverse = |tree: &mut Value| {
        let Value::Object(commands) = tree else { return false };
        let lists = commands.values_mut().filter_map(Value::as_array_mut).filter(|list| list.len() > 1);
        lists.map(|list| list.reverse()).count() > 0
    };
    assert!(hold(reverse) > 5);
}

/// Claim rules of all examples, each once.
fn claim_rules() -> BTreeSet<String> {
    fn walk(tree: &Value, found: &mut BTreeSet<String>) {
        match tree {
            Value::String(text) if text.contains("=>") => {
                let set = claims::parse(text);
                let whole = set.rules.iter().filter(|_| set.problems.is_empty());
                found.extend(whole.map(|placed| {
                    text[placed.offset as usize..(placed.offset + placed.length) as usize].to_owned()
                }));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Value::Object(entries) => entries.values().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let mut found = BTreeSet::new();
    for rule in &pack.rules {
        for farm in rule.examples.iter().filter_map(|example| example::inputs(rule, example).farm) {
            if let Ok(tree) = serde_json::from_str(&farm) {
                walk(&tree, &mut found);
            }
        }
    }
    found
}

/// A claim rule is a pattern of itself, however it is written, and of no rule with another text in it.
#[test]
fn a_claim_rule_fits_itself() {
    let all = claim_rules();
    assert!(all.len() > 100, "{}", all.len());
    for text in all.iter().filter(|text| !text.contains("...") && !text.contains('$')) {
        let mut names = Names::default();
        let pattern = sketch::parse(text, &mut names).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
        let fits = |text: &str| {
            let set = claims::parse(text);
            !pattern.find(&set.rules[0].rule, names.len()).matches.is_empty()
        };
        for written in [
            text.clone(),
            spread(text),
            shout(text, true),
            shout(text, false),
            rename(text),
            turn(text),
            turn_conditions(text),
        ] {
            assert!(fits(&written), "{text}\ndoes not fit\n{written}");
        }
        let other = text.replacen("\"http", "\"urn", 1);
        assert!(other == *text || !fits(&other), "{text}\nfits\n{other}");
    }
}
