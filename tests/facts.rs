//! The facts file: what is wrong in it is told with its place and not heard, and the schema for editors agrees.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops
#![allow(clippy::indexing_slicing, clippy::string_slice)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use adfslint::check::Options;
use adfslint::finding::Finding;
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
    let report = lint(&mut sources, &texts, common::pack(), &options);
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
    let schema = form::schema(&common::pack().vocabulary);
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
    ("nodes: [{name: sts01, widDriveFreeGb: -1}]", (1, 39), "Write a number in GB, from 0 to 1000000 there."),
    (
        "nodes: [{name: sts01, widDriveFreeGb: 64424509440}]",
        (1, 39),
        "Write a number in GB, from 0 to 1000000",
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

/// The lines of a form without the `#` in front of names: everything answered, by the words in `<...>`.
fn filled(form: &str) -> String {
    let mut text = String::new();
    for line in form.lines() {
        let body = line.trim_start();
        let Some(name) = body.strip_prefix('#').filter(|rest| !rest.starts_with(' ') && !rest.is_empty())
        else {
            continue;
        };
        let indent = &line[..line.len() - body.len()];
        let name = name.replace("<name>", "sts01");
        let (front, asked) = name.split_once('<').unwrap_or((&name, ""));
        let answer = match asked {
            "" => "",
            _ if asked.starts_with("true") => "false",
            _ if asked.starts_with("a whole") => "5",
            _ if asked.starts_with("a number") => "50",
            _ if asked.starts_with("a day") => "2026-02-01",
            _ if asked.starts_with("one of 2008") => "2019",
            _ if asked.starts_with("one of ") => asked["one of ".len()..].split([',', '>']).next().unwrap(),
            _ => "x",
        };
        text.push_str(&format!("{indent}{front}{answer}\n"));
    }
    text
}

/// Adds answers to those that are there; entries of lists go together by their first name.
fn add(to: &mut serde_yaml::Value, more: serde_yaml::Value) {
    use serde_yaml::Value as Yaml;
    match (to, more) {
        (Yaml::Mapping(to), Yaml::Mapping(more)) => {
            for (name, value) in more {
                match to.get_mut(&name) {
                    Some(there) => add(there, value),
                    None => {
                        to.insert(name, value);
                    }
                }
            }
        }
        (Yaml::Sequence(to), Yaml::Sequence(more)) => {
            for item in more {
                match to.iter_mut().find(|there| there.get("name") == item.get("name")) {
                    Some(there) => add(there, item),
                    None => to.push(item),
                }
            }
        }
        (to, more) => *to = more,
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_name() != "adfslint.facts.yaml" {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Rules that wait for a fact.
fn waiting(root: &str) -> Vec<String> {
    let report = report(&[root]);
    let rules = report["rules"].as_array().unwrap().iter();
    let waits = |rule: &&Value| {
        let missing = rule["missing"].as_array().unwrap();
        rule["unknown"] != 0 && missing.iter().any(|one| one["what"].as_str().unwrap().starts_with("facts:"))
    };
    rules.filter(waits).map(|rule| rule["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_form_asks_until_every_rule_that_waits_for_facts_is_decided() {
    let schema = schema();
    for farm in ["contoso-weak", "contoso-hardened"] {
        let folder = TempDir::new().unwrap();
        copy(&Path::new("examples").join(farm), folder.path());
        let root = folder.path().to_str().unwrap();
        let facts = folder.path().join("adfslint.facts.yaml");
        let asked = waiting(root);
        assert!(asked.len() > 8, "{farm}: {asked:?}");
        let mut answers = yaml_of("{}");
        let mut rounds = 0;
        loop {
            let output = adfslint(&["facts", "--init", root, "--as-of", "2026-03-01"]);
            assert!(output.status.success());
            let form = String::from_utf8(output.stdout).unwrap();
            if form.is_empty() {
                assert!(String::from_utf8_lossy(&output.stderr).starts_with("No rule waits for a fact"));
                break;
            }
            if rounds == 0 {
                // As it stands it says nothing, and is no mistake.
                fs::write(&facts, &form).unwrap();
                assert_eq!(waiting(root), asked);
                assert!(schema.is_valid(&yaml(&form)), "{form}");
                for rule in &asked {
                    assert!(form.contains(rule.as_str()), "{rule} waits and is not asked for");
                }
                let again = adfslint(&["facts", "--init", root, "--as-of", "2026-03-01"]).stdout;
                let body = |form: &str| form.split_once("\n\n").unwrap().1.to_owned();
                assert_eq!(body(&form), body(&String::from_utf8(again).unwrap()));
            }
            let filled = filled(&form);
            let wrong: Vec<_> = schema.iter_errors(&yaml(&filled)).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{}\n{filled}", wrong.join("\n"));
            add(&mut answers, yaml_of(&filled));
            fs::write(&facts, serde_yaml::to_string(&answers).unwrap()).unwrap();
            rounds += 1;
            assert!(rounds < 6, "{farm}: still asked\n{form}");
        }
        assert_eq!(waiting(root), Vec::<String>::new(), "{farm}");
        let report = report(&[root, "--rule", "READ002"]);
        assert_eq!(report["summary"]["findings"], 0, "{farm}: {}", report["findings"]);
    }
}

fn yaml_of(text: &str) -> serde_yaml::Value {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn the_form_of_everything_asks_for_everything_and_fits_the_schema() {
    let form = stdout(&["facts", "--init"]);
    assert_eq!(yaml(&form), Value::Null);
    let filled = filled(&form);
    let wrong: Vec<_> = schema().iter_errors(&yaml(&filled)).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{}\n{filled}", wrong.join("\n"));
    let schema: Value = serde_json::from_str(&stdout(&["schema", "facts"])).unwrap();
    let all = schema["properties"].as_object().unwrap();
    let asked = yaml(&filled);
    for name in all.keys() {
        assert!(asked.get(name).is_some(), "{name} is not asked for");
    }
    assert!(form.contains("TB001"));
}

#[test]
fn the_form_names_the_servers_and_asks_only_for_what_is_missing() {
    let lockout = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "CurrentFarmBehavior": 4, "ExtranetLockoutEnabled": true,
        "ExtranetLockoutMode": 4, "ArtifactDbConnection": "Data Source=np:\\\\.\\pipe\\microsoft##wid\\tsql\\query"},
        "Get-AdfsFarmInformation": {"CurrentFarmBehavior": 4, "FarmNodes": [{"FQDN": "STS01.contoso.com"}, {"FQDN": "sts02.contoso.com"}]}}"#;
    let folder = folder(&[
        ("p.json", lockout),
        (
            "adfslint.facts.yaml",
            "users: {population: 5000}\nnodes:\n  - {name: sts01, role: sts, ramFreeGb: 4}\n  - {name: sts02, role: sts, widDriveFreeGb: 9}\n",
        ),
    ]);
    let root = folder.path().to_str().unwrap();
    let form = stdout(&["facts", "--init", root]);
    let asked = yaml_of(&filled(&form));
    let is_asked = |node: usize, name: &str| asked["nodes"][node].get(name).is_some();
    assert_eq!(asked["nodes"][0]["name"], "sts01");
    assert!(is_asked(0, "widDriveFreeGb") && !is_asked(0, "ramFreeGb") && !is_asked(0, "role"), "{form}");
    assert!(!is_asked(1, "widDriveFreeGb") && is_asked(1, "ramFreeGb"), "{form}");
    assert!(
        form.contains("What") && form.contains("adfslint.facts.yaml answers is not asked again"),
        "{form}"
    );
    assert!(!form.contains("population:"), "{form}");
    fs::remove_file(folder.path().join("adfslint.facts.yaml")).unwrap();
    let asked = yaml_of(&filled(&stdout(&["facts", "--init", root])));
    let names: Vec<_> =
        asked["nodes"].as_sequence().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sts01.contoso.com", "sts02.contoso.com"]);
}

#[test]
fn a_facts_file_is_not_overwritten_unless_asked() {
    let folder = folder(&[]);
    let path = folder.path().join("adfslint.facts.yaml");
    let name = path.to_str().unwrap();
    assert_eq!(adfslint(&["facts", "--init", "--output", name]).status.code(), Some(0));
    fs::write(&path, "lab: true\n").unwrap();
    let output = adfslint(&["facts", "--init", "--output", name]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is there already"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "lab: true\n");
    assert_eq!(adfslint(&["facts", "--init", "--output", name, "--force"]).status.code(), Some(0));
    assert!(fs::read_to_string(&path).unwrap().len() > 1000);
    assert_eq!(adfslint(&["facts"]).status.code(), Some(2));
    assert_eq!(adfslint(&["facts", "--init", "no/such/folder"]).status.code(), Some(3));
}
