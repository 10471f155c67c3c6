//! Whole farms: the examples, one farm in every format, and what happens when an export is missing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods
)] // a test that cannot go on stops

mod common;

use std::collections::{BTreeMap, BTreeSet};

use adfslint::check::Options;
use adfslint::inputs;
use adfslint::pack::condition::functions::timestamp;
use adfslint::report::pretty::{self, Style};
use adfslint::report::{Report, Verdict, json, sarif};
use adfslint::source::Sources;
use adfslint::{Role, Text, lint};

struct Run {
    report: Report,
    sources: Sources,
}

/// Lints a folder, without the files that `leave_out` names.
fn run(folder: &str, leave_out: Option<&str>, only: &[&str]) -> Run {
    let mut sources = Sources::new();
    let gathered = inputs::gather(&[folder.to_owned()], &mut sources);
    assert!(gathered.errors.is_empty(), "{:?}", gathered.errors);
    let texts: Vec<Text> = gathered
        .files
        .iter()
        .filter(|file| Some(file.path.as_str()) != leave_out)
        .map(|file| Text { source: file.source, role: Role::Export })
        .collect();
    let pack = common::pack();
    let options = Options {
        as_of: timestamp("2026-03-01").unwrap(),
        as_of_is_given: true,
        only: only.iter().map(|name| (*name).to_owned()).collect(),
        every_verdict: true,
    };
    let report = lint(&mut sources, &texts, pack, &options);
    Run { report, sources }
}

fn fired(folder: &str) -> BTreeSet<String> {
    run(folder, None, &[]).report.findings.iter().map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn every_rule_fires_on_the_weak_farms() {
    let mut fired_somewhere = fired("examples/contoso-weak");
    fired_somewhere.extend(fired("examples/fabrikam-weak"));
    // A farm in the middle of an upgrade, one without any proxy, one of AD FS 2.0: each contradicts what the others need.
    fired_somewhere.extend(fired("examples/tailspin-weak"));
    fired_somewhere.extend(fired("examples/northwind-weak"));
    fired_somewhere.extend(fired("examples/adatum-weak"));
    let report = run("examples/contoso-weak", None, &[]).report;
    let silent: Vec<_> = report
        .rules
        .iter()
        .filter(|rule| !fired_somewhere.contains(&*rule.id))
        .map(|rule| &rule.id)
        .collect();
    assert!(silent.is_empty(), "these rules are silent: {silent:?}");
}

#[test]
fn the_hardened_farm_is_silent_and_nothing_is_unknown() {
    let report = run("examples/contoso-hardened", None, &[]).report;
    let said: Vec<_> =
        report.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message)).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    let open: Vec<_> =
        report.rules.iter().filter(|rule| rule.unknown > 0).map(|rule| (&rule.id, &rule.missing)).collect();
    assert!(open.is_empty(), "{open:?}");
    assert!(report.coverage.not_found.is_empty());
}

/// Rules about the files themselves: whether they can be read, lack something, hold a secret, belong together.
const ABOUT_FILES: [&str; 5] = ["READ001", "READ002", "DATA001", "DATA003", "DATA004"];

type Verdicts = BTreeMap<(String, String), BTreeSet<&'static str>>;

/// Verdicts by rule and object; objects of one name share a row.
fn verdicts(report: &Report) -> Verdicts {
    let mut found = Verdicts::new();
    for row in report.verdicts.as_ref().unwrap() {
        found.entry((row.rule.to_string(), row.object.to_string())).or_default().insert(row.verdict.name());
    }
    found
}

/// Deleting an export may make a verdict unknown, or take the object away. It must never make a pass of a fail or of
/// an unknown.
#[test]
fn a_missing_export_never_makes_a_pass() {
    for folder in ["examples/contoso-weak", "examples/contoso-hardened"] {
        let whole = verdicts(&run(folder, None, &[]).report);
        let mut sources = Sources::new();
        let files = inputs::gather(&[folder.to_owned()], &mut sources).files;
        for file in &files {
            let without = verdicts(&run(folder, Some(&file.path), &[]).report);
            for (key, outcome) in &without {
                // What is wrong with a file goes away with the file.
                if ABOUT_FILES.contains(&key.0.as_str()) {
                    continue;
                }
                let Some(before) = whole.get(key) else { continue };
                let was_open = before.contains("fail") || before.contains("unknown");
                let turned = outcome.contains("pass") && !before.contains("pass") && was_open;
                assert!(!turned, "without {}: {key:?} was {before:?} and is {outcome:?}", file.path);
            }
        }
    }
}

fn findings(folder: &str) -> BTreeSet<(String, String, String, &'static str)> {
    let report = run(folder, None, &[]).report;
    let row = |finding: &adfslint::finding::Finding| {
        (
            finding.rule.to_string(),
            finding.object.to_string(),
            finding.message.clone(),
            finding.severity.name(),
        )
    };
    report.findings.iter().map(row).collect()
}

#[test]
fn one_farm_in_every_format_gives_the_same_findings() {
    let json = findings("tests/exports/one-farm/json");
    assert!(json.len() >= 12, "{json:#?}");
    for other in ["json7", "clixml", "yaml"] {
        assert_eq!(json, findings(&format!("tests/exports/one-farm/{other}")), "{other}");
    }
}

/// A console and CSV lose things, and a configuration leaves things alone, so a finding may be missing there, but then the verdict is unknown; and nothing new
/// appears.
#[test]
fn forms_that_lose_things_give_the_same_findings_or_unknown() {
    let json = findings("tests/exports/one-farm/json");
    for width in ["list-79", "list-119", "list-4095", "csv", "dsc"] {
        let folder = format!("tests/exports/one-farm/{width}");
        let list = findings(&folder);
        let new: Vec<_> = list.difference(&json).collect();
        assert!(new.is_empty(), "{width}: {new:#?}");
        let open = verdicts(&run(&folder, None, &[]).report);
        for lost in json.difference(&list) {
            let verdict = open.get(&(lost.0.clone(), lost.1.clone()));
            assert!(
                verdict.is_some_and(|verdict| verdict.contains("unknown")),
                "{width}: {lost:?} became {verdict:?}"
            );
        }
    }
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut sources = Sources::new();
    let mut files = inputs::gather(&["examples/contoso-weak".to_owned()], &mut sources).files;
    let pack = common::pack();
    let options = Options {
        as_of: timestamp("2026-03-01").unwrap(),
        as_of_is_given: true,
        only: Vec::new(),
        every_verdict: false,
    };
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let texts: Vec<Text> =
            files.iter().map(|file| Text { source: file.source, role: Role::Export }).collect();
        let report = lint(&mut sources, &texts, pack, &options);
        let said: BTreeSet<_> =
            report.findings.iter().map(|f| (f.rule.to_string(), f.object.to_string(), f.severity)).collect();
        outcomes.push(said);
        files.reverse();
    }
    assert_eq!(outcomes[0], outcomes[1]);
}

const PLAIN: Style = Style { color: false, unicode: true, width: 100, verbose: false };

/// The findings of one rule on the weak farm. What was read above them, and the counts below, grow with every file and rule.
fn findings_of(rule: &str) -> String {
    let run = run("examples/contoso-weak", None, &[rule]);
    let written = pretty::write(&run.report, &run.sources, PLAIN);
    let findings = written
        .split_once("\n\n")
        .unwrap()
        .1
        .lines()
        .take_while(|line| !line.starts_with(|c: char| c.is_ascii_digit()));
    findings.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_named_rules_read_well() {
    for rule in ["TB001", "SSO001", "ESL001", "ESL002", "ESL003", "EPT001", "EPT002"] {
        insta::assert_snapshot!(rule, findings_of(rule));
    }
}

#[test]
fn claim_rules_read_well() {
    for rule in ["CLM001", "CLM002", "CLM006", "CLM021", "CLM053", "AUTHZ001"] {
        insta::assert_snapshot!(rule, findings_of(rule));
    }
}

#[test]
fn a_whole_report_reads_well() {
    let run = run("tests/exports/one-farm/json", None, &["TB001"]);
    insta::assert_snapshot!(pretty::write(&run.report, &run.sources, PLAIN));
}

#[test]
fn reports_for_programs_fit_their_schemas() {
    // The official schema has one pattern with a stray bracket, which a strict validator refuses.
    let sarif_schema = include_str!("schema/sarif-2.1.0.json").replace("{2}]?$", "{2}?$");
    let sarif_schema: serde_json::Value = serde_json::from_str(&sarif_schema).unwrap();
    let sarif_schema = jsonschema::validator_for(&sarif_schema).unwrap();
    let own_schema: serde_json::Value = serde_json::from_str(json::SCHEMA).unwrap();
    let own_schema = jsonschema::validator_for(&own_schema).unwrap();
    let weak = ["contoso-weak", "fabrikam-weak", "northwind-weak", "tailspin-weak"];
    for name in weak.into_iter().chain(["contoso-hardened"]) {
        let folder = &format!("examples/{name}");
        let run = run(folder, None, &[]);
        let own: serde_json::Value =
            serde_json::from_str(&json::write(&run.report, &run.sources).unwrap()).unwrap();
        let wrong: Vec<String> = own_schema.iter_errors(&own).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{folder}: {}", wrong.join("\n"));
        let own: serde_json::Value =
            serde_json::from_str(&sarif::write(&run.report, &run.sources).unwrap()).unwrap();
        let wrong: Vec<String> = sarif_schema.iter_errors(&own).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{folder}: {}", wrong.join("\n"));
    }
}

#[test]
fn counts_add_up() {
    let report = run("examples/contoso-weak", None, &[]).report;
    let rows = report.verdicts.as_ref().unwrap();
    for rule in &report.rules {
        let count = |wanted| {
            u32::try_from(rows.iter().filter(|row| row.rule == rule.id && row.verdict == wanted).count())
                .unwrap()
        };
        assert_eq!(
            (rule.pass, rule.fail, rule.unknown, rule.not_applicable),
            (
                count(Verdict::Pass),
                count(Verdict::Fail),
                count(Verdict::Unknown),
                count(Verdict::NotApplicable)
            ),
            "{}",
            rule.id
        );
    }
}

/// For every place that a report gives, the bytes on disk are what the place says.
#[test]
fn places_point_at_the_text_that_they_show() {
    let run = run("examples/contoso-weak", None, &[]);
    let rows = run
        .report
        .findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.related));
    for label in rows {
        let raw = run.sources.on_disk(label.span);
        let file = run.sources.get(raw.source).unwrap();
        let bytes = std::fs::read(file.name()).unwrap();
        let start = usize::try_from(run.sources.file_offset(raw.source, raw.start)).unwrap();
        let end = usize::try_from(run.sources.file_offset(raw.source, raw.end)).unwrap();
        // A place stays where it is when the secret in it is masked.
        let text = file.unmasked().unwrap_or_else(|| file.text());
        let shown = &text[raw.start as usize..raw.end as usize];
        let wide: Vec<u8> = shown.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(
            bytes[start..end] == *shown.as_bytes() || bytes[start..end] == wide,
            "{}: {shown}",
            file.name()
        );
    }
}
