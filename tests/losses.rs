//! Exports that lose things: cut at a depth, printed on a console. What is lost may make a verdict unknown; it
//! must never make a pass of a failure, nor a failure of a pass.
//!
//! Every example of every rule is written anew in these forms.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice)] // a test that cannot go on stops

mod forms;

use std::collections::{BTreeMap, BTreeSet};

use adfslint::check::{Options, native};
use adfslint::pack::rule::{Example, Rule};
use adfslint::pack::{Pack, built_in, condition::functions::timestamp, example};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};
use forms::{Csv, Files, console, desired, tables, text_of};
use serde_json::Value;

type Verdicts = BTreeMap<String, BTreeSet<&'static str>>;

/// Verdicts of one rule by object.
fn verdicts(pack: &Pack, rule: &Rule, example: &Example, files: &Files) -> Verdicts {
    let inputs = example::inputs(rule, example);
    let mut sources = Sources::new();
    let mut texts = Vec::new();
    let facts = inputs.facts.iter().map(|facts| ("adfslint.facts.yaml", facts, Role::Facts));
    let exports = files.iter().map(|(name, text)| (name.as_str(), text, Role::Export));
    for (name, text, role) in exports.chain(facts) {
        let source = sources.add_file(name.into(), text.clone(), Encoding::Utf8, 0).unwrap();
        texts.push(Text { source, role });
    }
    let options = Options {
        as_of: timestamp(inputs.as_of.as_deref().unwrap_or("2026-01-31")).unwrap(),
        as_of_is_given: true,
        only: vec![rule.id.to_string()],
        every_verdict: true,
    };
    let mut found = Verdicts::new();
    for row in lint(&mut sources, &texts, pack, &options).verdicts.unwrap() {
        found.entry(row.object.to_string()).or_default().insert(row.verdict.name());
    }
    found
}

/// Rules about the files themselves: what is lost is what they look for, or cannot disagree any more.
const ABOUT_FILES: [&str; 5] = ["READ001", "READ002", "DATA001", "DATA003", "DATA004"];

/// Writes every example in a form that loses things, and holds the verdicts against those of the whole export.
fn hold(form: &str, write: impl Fn(&Value) -> Files) {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &built_in("migration").unwrap(), &native::names()).unwrap();
    let mut wrong = Vec::new();
    let mut decided = 0;
    for rule in &pack.rules {
        // These are about the files themselves.
        if ABOUT_FILES.contains(&&*rule.id) {
            continue;
        }
        for example in &rule.examples {
            let Some(export) = example::inputs(rule, example).farm else { continue };
            let Ok(tree) = serde_json::from_str::<Value>(&export) else { continue };
            let whole = verdicts(&pack, rule, example, &vec![("farm.json".into(), export)]);
            let files = write(&tree);
            for (object, lossy) in verdicts(&pack, rule, example, &files) {
                let Some(before) = whole.get(&object) else {
                    // What nobody could tell before may be unknown now, and no more than that.
                    if lossy.contains("fail") {
                        wrong.push(format!("{} {} {object}: {lossy:?} is new", rule.id, example.name));
                    }
                    continue;
                };
                decided += usize::from(!lossy.contains("unknown"));
                let turned: Vec<_> =
                    lossy.iter().filter(|now| **now != "unknown" && !before.contains(*now)).collect();
                if !turned.is_empty() {
                    let text: String =
                        files.iter().map(|file| format!("--- {}\n{}\n", file.0, file.1)).collect();
                    wrong.push(format!(
                        "{} \"{}\" {object}: was {before:?}, is {turned:?}\n{text}",
                        rule.id, example.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{form}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(decided > 20, "{form}: only {decided} verdicts are left");
}

/// What `ConvertTo-Json -Depth` of Windows PowerShell leaves of a value at a level.
fn cut(value: &Value, level: usize, depth: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if level > depth => Value::String(text_of(value)),
        Value::Array(items) => items.iter().map(|item| cut(item, level + 1, depth)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, inside)| (key.clone(), cut(inside, level + 1, depth))).collect()
        }
        other => other.clone(),
    }
}

fn json_files(farm: &Value, depth: usize) -> Files {
    let commands = farm.as_object().unwrap();
    let file = |(name, value): (&String, &Value)| {
        (format!("{name}.json"), serde_json::to_string_pretty(&cut(value, 0, depth)).unwrap())
    };
    commands.iter().map(file).collect()
}

#[test]
fn json_that_was_cut_at_a_depth_never_makes_a_verdict() {
    for depth in [1, 2, 3] {
        let wrapped = |farm: &Value| vec![("farm.json".to_owned(), cut(farm, 0, depth).to_string())];
        hold(&format!("one object, -Depth {depth}"), wrapped);
    }
    for depth in [1, 2] {
        hold(&format!("one file a command, -Depth {depth}"), |farm| json_files(farm, depth));
    }
}

#[test]
fn a_console_never_makes_a_verdict() {
    for (columns, limit) in [(79, 4), (119, 1), (4095, usize::MAX)] {
        let form = format!("Format-List, {columns} columns, {limit} items");
        hold(&form, |farm| console::list_files(farm, columns, limit));
    }
    hold("one transcript", |farm| {
        let files = console::list_files(farm, 119, 4);
        let part = |(name, text): &(String, String)| {
            format!("PS C:\\Users\\admin> {}\r\n{text}", name.trim_end_matches(".txt"))
        };
        vec![("transcript.txt".into(), files.iter().map(part).collect())]
    });
}

/// The part of a farm that cmdlets print.
fn cmdlets(farm: &Value) -> Value {
    let entries = farm.as_object().into_iter().flatten().filter(|(command, _)| !command.starts_with("netsh"));
    Value::Object(entries.map(|(command, value)| (command.clone(), value.clone())).collect())
}

#[test]
fn csv_never_makes_a_verdict() {
    for (delimiter, typed, quoted) in [(',', true, true), (';', false, true), (',', false, false)] {
        let csv = Csv { delimiter, typed, quoted };
        // What is no object is not exported so.
        hold(&format!("{csv:?}"), |farm| tables::csv_files(&cmdlets(farm), csv));
    }
}

#[test]
fn yaml_never_makes_a_verdict() {
    hold("one map of commands in YAML", tables::yaml_map);
    hold("one YAML file a command", tables::yaml_files);
}

#[test]
fn a_configuration_never_makes_a_verdict() {
    hold("a MOF file", desired::mof_files);
    hold("a configuration script", desired::script_files);
}

/// The farm once for every property of every object, without that property.
fn without_each(farm: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (command, value) in farm.as_object().into_iter().flatten() {
        let count = value.as_array().map_or(1, Vec::len);
        for number in 0..count {
            let place = if value.is_array() { format!("/{command}/{number}") } else { format!("/{command}") };
            let names =
                farm.pointer(&place).and_then(Value::as_object).into_iter().flat_map(|one| one.keys());
            for name in names {
                let mut copy = farm.clone();
                copy.pointer_mut(&place).and_then(Value::as_object_mut).unwrap().remove(name);
                found.push((format!("{command}.{name}"), copy));
            }
        }
    }
    found
}

#[test]
fn a_property_that_was_left_out_never_makes_a_pass() {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &built_in("migration").unwrap(), &native::names()).unwrap();
    let mut wrong = BTreeSet::new();
    for rule in pack.rules.iter().filter(|rule| !ABOUT_FILES.contains(&&*rule.id)) {
        for example in &rule.examples {
            let Some(export) = example::inputs(rule, example).farm else { continue };
            let Ok(tree) = serde_json::from_str::<Value>(&export) else { continue };
            let whole = verdicts(&pack, rule, example, &vec![("farm.json".into(), export)]);
            for (left_out, copy) in without_each(&tree) {
                let files = vec![("farm.json".to_owned(), copy.to_string())];
                for (object, now) in verdicts(&pack, rule, example, &files) {
                    let Some(before) = whole.get(&object) else { continue };
                    if now.contains("pass") && !before.contains("pass") && !before.contains("not-applicable")
                    {
                        wrong.insert(format!("{} \"{}\" without {left_out}", rule.id, example.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
