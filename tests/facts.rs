//! The facts file: what is wrong in it is told with its place and not heard, and the schema for editors agrees.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use adfslint::check::{Options, native};
use adfslint::finding::Finding;
use adfslint::pack::Pack;
use adfslint::report::{Report, facts as form};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};
use serde_json::Value;
use tempfile::TempDir;

const PROPERTIES: &str = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com"}}"#;

fn adfslint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_adfslint")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    let output = adfslint(arguments);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn report(arguments: &[&str]) -> Value {
    let output = adfslint(&[&["check", "--format", "json", "--as-of", "2026-03-01"], arguments].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

thread_local! {
    static PACK: Pack = Pack::load(&mut Sources::new(), &[], &native::names()).unwrap();
}

/// One rule over an export and a facts file.
fn check(rule: &str, properties: &str, name: &str, facts: &str) -> (Report, Sources) {
    let mut sources = Sources::new();
    let mut texts = Vec::new();
    for (name, text) in [("p.json", properties), (name, facts)] {
        let source = sources.add_file(name.into(), text.into(), Encoding::Utf8, 0).unwrap();
        texts.push(Text { source, role: Role::Export });
    }
    let as_of = time::macros::datetime!(2026-03-01 00:00 UTC);
    let options = Options { as_of, as_of_is_given: true, only: vec![rule.to_owned()], every_verdict: false };
    let report = PACK.with(|pack| lint(&mut sources, &texts, pack, &options));
    (report, sources)
}

/// Findings about a facts file beside one export: line, column and message.
fn troubles(name: &str, facts: &str) -> Vec<(u32, u32, String)> {
    let (report, sources) = check("READ002", PROPERTIES, name, facts);
    let told = |finding: &Finding| {
        let place = sources.get(finding.primary.span.source).unwrap();
        assert_eq!(place.name(), name);
        let at = sources.position(finding.primary.span.source, finding.primary.span.start);
        (at.line, at.column, format!("{} {}", finding.message, finding.help.clone().unwrap_or_default()))
    };
    report.findings.iter().map(told).collect()
}

fn schema() -> jsonschema::Validator {
    let schema = PACK.with(|pack| form::schema(&pack.vocabulary));
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// What is wrong, where, and what is said of it.
const MISTAKES: &[(&str, (u32, u32), &str)] = &[
    ("users: {populaton: 5}", (1, 9), "Did you mean `population`?"),
    ("lab: true\nsmartLockout: true", (2, 1), "which no rule asks for"),
    ("users: {population: many}", (1, 21), "Write a whole number, 0 or more there."),
    ("users: {population: -5}", (1, 21), "Write a whole number, 0 or more there."),
    ("users: {population: 5.5}", (1, 21), "Write a whole number, 0 or more there."),
    ("users: 5", (1, 8), "Write names with values of their own there."),
    ("lab: perhaps", (1, 6), "Write true or false there."),
    ("asOf: tomorrow", (1, 7), "Write a day such as 2026-01-31 there."),
    ("upnSuffixes: contoso.com fabrikam.com", (1, 14), "Write a list such as [one, another] there."),
    ("nodes:\n  - name: sts01\n    role: server", (3, 11), "Write one of sts, wap there."),
    (
        "nodes:\n  - {name: sts01, os: 2018}",
        (2, 23),
        "Write one of 2008, 2012, 2016, 2019, 2022, 2025 there.",
    ),
    ("nodes: [{name: sts01, widDriveFreeGb: -1}]", (1, 39), "Write a number, 0 or more there."),
    (
        "nodes: [{name: sts01, widDriveFreeGb: 64424509440}]",
        (1, 39),
        "Write a number, 0 or more in GB, at most 1000000",
    ),
    ("events: {'441': -1}", (1, 17), "Write a whole number, 0 or more there."),
    ("proxy: {kind: WAF}", (1, 15), "Write one of none, wap, third-party there."),
    ("users:\n  population: <a whole number, 0 or more>", (2, 15), "does not answer `users.population` yet"),
    ("serviceAccount: {name: <a text>}", (1, 24), "does not answer `serviceAccount.name` yet"),
    ("certs: {sslChainServed: {<server>: full}}", (1, 26), "does not answer `certs.sslChainServed` yet"),
    ("- lab", (1, 1), "something of `the file`"),
];

#[test]
fn mistakes_are_told_with_place_and_suggestion() {
    let schema = schema();
    for (facts, place, said) in MISTAKES {
        let found = troubles("adfslint.facts.yaml", facts);
        assert_eq!(found.len(), 1, "{facts}: {found:?}");
        assert_eq!((found[0].0, found[0].1), *place, "{facts}: {found:?}");
        assert!(found[0].2.contains(said), "{facts}: {found:?}");
        assert!(!schema.is_valid(&yaml(facts)), "the schema takes {facts}");
    }
}

/// A YAML file with one name twice is refused by most readers, and so no schema sees it.
#[test]
fn what_is_said_twice_is_told_and_not_heard() {
    let facts = "legacyAuthNeeded: true\nusers: {population: 5}\nLegacyAuthNeeded: true\n";
    let found = troubles("adfslint.facts.yaml", facts);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, 3, 1), "{found:?}");
    assert!(found[0].2.contains("`LegacyAuthNeeded` twice"), "{found:?}");
    let found =
        troubles("adfslint.facts.yaml", "nodes:\n  - {name: STS01, os: 2019}\n  - {os: 2022, name: sts01}\n");
    assert_eq!((found.len(), found[0].0, found[0].1), (1, 3, 22), "{found:?}");
    let found = troubles("adfslint.facts.yaml", "events: {'441': 0, 441: 7}");
    assert_eq!((found.len(), found[0].0, found[0].1), (1, 1, 20), "{found:?}");
}

fn verdict_of(facts: &str, rule: &str, properties: &str) -> (u32, u32, u32) {
    let (report, _) = check(rule, properties, "adfslint.facts.yaml", facts);
    let row = &report.rules[0];
    (row.pass, row.fail, row.unknown)
}

/// A wrong fact is as good as none, and the rest of the file still counts.
#[test]
fn a_wrong_fact_is_unknown_and_not_a_pass() {
    let properties = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "CurrentFarmBehavior": 4, "ExtranetLockoutEnabled": true,
        "ExtranetLockoutMode": 4, "ArtifactDbConnection": "Data Source=SQL01;Initial Catalog=AdfsArtifactStore"}}"#;
    let verdict = |facts: &str| verdict_of(facts, "ESL001", properties);
    assert_eq!(verdict("users: {population: 450000}\nsql: {artifactFreeGb: 40}"), (1, 0, 0));
    assert_eq!(verdict("users: {population: 450000}\nsql: {artifactFreeGb: 4}"), (0, 1, 0));
    for wrong in ["40000000", "-1", "plenty", "<a number>", "[40]", "{a: 40}", "null", "''"] {
        let facts = format!("users: {{population: 450000}}\nsql: {{artifactFreeGb: {wrong}}}");
        assert_eq!(verdict(&facts), (0, 0, 1), "{wrong}");
    }
    let twice = "users: {population: 450000}\nsql: {artifactFreeGb: 40, ArtifactFreeGb: 40}";
    assert_eq!(verdict(twice), (0, 0, 1));
    // What is wrong elsewhere does not matter.
    let others = "user: 5\nlab: perhaps\nusers: {population: 450000}\nsql: {artifactFreeGb: 40}";
    assert_eq!(verdict(others), (1, 0, 0));
}

#[test]
fn one_facts_file_counts_and_the_others_are_told() {
    let folder = folder(&[
        ("p.json", PROPERTIES),
        ("a.facts.yaml", "users: {population: 1}\n"),
        ("b.facts.yaml", "users: {population: wrong}\n"),
    ]);
    let root = folder.path().to_str().unwrap();
    let said = |arguments: &[&str]| {
        let report = report(&[&[root, "--rule", "READ002"], arguments].concat());
        let findings = report["findings"].as_array().unwrap().clone();
        findings.iter().map(|finding| finding["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let told = said(&[]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(&format!("{root}/a.facts.yaml counts")), "{told:?}");
    // The file that the user names counts, and it is read once although it lies among the rest.
    let told = said(&["--facts", &format!("{root}/b.facts.yaml")]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains(&format!("{root}/b.facts.yaml counts")), "{told:?}");
    assert!(told[1].contains("users.population"), "{told:?}");
}

#[test]
fn facts_may_be_json_too() {
    let found = troubles("adfslint.facts.json", r#"{"users": {"populaton": 5}}"#);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, 1, 13), "{found:?}");
    assert!(troubles("adfslint.facts.json", r#"{"users": {"population": 5}}"#).is_empty());
}

#[test]
fn the_published_schema_is_that_of_the_vocabulary() {
    let path = "src/report/schema/facts-v1.json";
    let published = fs::read_to_string(path).unwrap();
    assert!(published == stdout(&["schema", "facts"]), "write {path} anew: adfslint schema facts > {path}");
}

#[test]
fn the_schema_takes_the_facts_of_the_examples() {
    let schema = schema();
    for farm in ["contoso-hardened", "contoso-weak", "fabrikam-weak"] {
        let text = fs::read_to_string(Path::new("examples").join(farm).join("adfslint.facts.yaml")).unwrap();
        // The weak farm misspells one, to show what happens.
        let wrong: Vec<String> = schema.iter_errors(&yaml(&text)).map(|error| error.to_string()).collect();
        let expected = usize::from(farm == "contoso-weak");
        assert_eq!(wrong.len(), expected, "{farm}: {}", wrong.join("\n"));
    }
}
