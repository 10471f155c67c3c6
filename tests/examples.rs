//! Every rule proves itself on its own examples.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

use adfslint::check::{Options, native};
use adfslint::pack::condition::functions::timestamp;
use adfslint::pack::rule::Shows;
use adfslint::pack::{Pack, PackFile, built_in, built_in_names, example};
use adfslint::proof;
use adfslint::report::pretty::{self, Style};
use adfslint::source::Encoding;
use adfslint::source::Sources;
use adfslint::{Role, Text, lint};

/// All rules, those of packs that are off by default too.
fn pack(sources: &mut Sources) -> Pack {
    let more: Vec<PackFile> = built_in_names().iter().filter_map(|name| built_in(name)).flatten().collect();
    Pack::load(sources, &more, &native::names()).unwrap_or_else(|errors| {
        let said: Vec<String> = errors
            .iter()
            .map(|error| {
                let place = error.span.map(|span| {
                    let at = sources.position(span.source, span.start);
                    format!("{}:{}:{}: ", sources.get(span.source).unwrap().name(), at.line, at.column)
                });
                format!("{}{error} {}", place.unwrap_or_default(), error.help.clone().unwrap_or_default())
            })
            .collect();
        panic!("{}", said.join("\n"))
    })
}

#[test]
fn every_example_has_its_outcome() {
    let mut sources = Sources::new();
    let pack = pack(&mut sources);
    let mut wrong = Vec::new();
    for rule in &pack.rules {
        for example in &rule.examples {
            if let Some(why) = proof::judge(&pack, rule, example) {
                wrong.push(format!("{} {:?} \"{}\": {why}", rule.id, example.shows, example.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pack_of_ones_own_is_held_to_its_examples() {
    let files = [
        (
            "acme/trust-without-owner.yaml",
            include_str!("../examples/own-pack/rules/acme/trust-without-owner.yaml"),
        ),
        (
            "acme/personnel-data-leaves.yaml",
            include_str!("../examples/own-pack/rules/acme/personnel-data-leaves.yaml"),
        ),
    ];
    let own = files.map(|(path, text)| PackFile { path: path.into(), text: text.into() });
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &own, &native::names()).unwrap();
    for rule in pack.rules.iter().filter(|rule| rule.id.starts_with("ACME")) {
        for example in &rule.examples {
            assert_eq!(proof::judge(&pack, rule, example), None, "{} \"{}\"", rule.id, example.name);
        }
    }
}

/// What each failing example looks like on a terminal, to be read like code: `snapshots/rules/ID.snap`.
#[test]
fn every_finding_reads_well() {
    const PLAIN: Style = Style { color: false, unicode: true, width: 100, verbose: false };
    let mut sources = Sources::new();
    let pack = pack(&mut sources);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/rules");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for rule in &pack.rules {
        let mut shown = String::new();
        for example in rule.examples.iter().filter(|example| example.shows == Shows::Fails) {
            let (report, sources) = proof::run(&pack, rule, &example::inputs(rule, example)).unwrap();
            let written = pretty::write(&report, &sources, PLAIN);
            // Above the findings stands what was read, and below them the counts.
            let findings = written
                .split_once("\n\n")
                .unwrap()
                .1
                .lines()
                .take_while(|line| !line.starts_with(|c: char| c.is_ascii_digit()));
            shown.push_str(&format!("=== {} ===\n\n", example.name));
            findings.for_each(|line| shown.extend([line, "\n"]));
        }
        settings.bind(|| insta::assert_snapshot!(&*rule.id, shown));
    }
}

#[test]
fn every_rule_has_a_failing_a_passing_and_another_example() {
    let mut sources = Sources::new();
    let pack = pack(&mut sources);
    assert!(pack.rules.len() >= 50, "{} rules", pack.rules.len());
    for rule in &pack.rules {
        let count = |shows| rule.examples.iter().filter(|example| example.shows == shows).count();
        assert!(count(Shows::Fails) > 0, "{} has no failing example", rule.id);
        assert!(count(Shows::Passes) > 0, "{} has no passing example", rule.id);
        // What was read is known, with what it lacks and what it should not hold: these can always tell.
        let can_always_tell = ["READ001", "READ002", "DATA001", "DATA003"].contains(&&*rule.id);
        assert!(
            can_always_tell || count(Shows::Unknown) + count(Shows::NotApplicable) > 0,
            "{} has no example of what it cannot tell",
            rule.id
        );
        assert!(!rule.references.is_empty(), "{} names no source", rule.id);
    }
}

#[test]
fn a_rules_file_is_called_like_the_rule() {
    let mut sources = Sources::new();
    for rule in &pack(&mut sources).rules {
        let file = rule.path.rsplit('/').next().unwrap();
        assert_eq!(file, format!("{}.yaml", rule.name), "{}", rule.id);
    }
}

#[test]
fn the_readme_shows_a_real_finding() {
    let readme = include_str!("../README.md");
    let shown = include_str!("snapshots/farms__SSO001.snap").split("---\n").nth(2).unwrap();
    let finding = shown.split("\n\n1 finding").next().unwrap().trim_end();
    assert!(readme.contains(finding), "the README shows another text than the program");
}

/// Whoever follows the README exports all that rules ask for, apart from what comes from proxies, the cloud and tools.
#[test]
fn the_readme_exports_what_rules_ask_for() {
    let mut sources = Sources::new();
    let pack = pack(&mut sources);
    let text = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "CurrentFarmBehavior": 4}}"#;
    let source = sources.add_file("farm.json".into(), text.into(), Encoding::Utf8, 0).unwrap();
    let options = Options {
        as_of: timestamp("2026-01-31").unwrap(),
        as_of_is_given: true,
        only: Vec::new(),
        every_verdict: false,
    };
    let report = lint(&mut sources, &[Text { source, role: Role::Export }], &pack, &options);
    let readme = include_str!("../README.md");
    let asked: Vec<_> =
        report.coverage.not_found.iter().filter_map(|wanted| wanted.what.strip_prefix("Get-Adfs")).collect();
    assert!(asked.len() > 10, "{asked:?}");
    // adfsToolbox has a command that is called like those of AD FS.
    for name in asked.into_iter().filter(|name| *name != "ServerConfiguration") {
        assert!(readme.contains(&format!("'{name}'")), "the README does not export {name}");
    }
}
