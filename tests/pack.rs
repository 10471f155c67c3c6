//! Rule files with mistakes: each is refused with its place and what may have been meant.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::check::native;
use adfslint::pack::{Pack, PackFile};
use adfslint::report::pretty::{self, Style};
use adfslint::source::Sources;

const GOOD: &str = r#"id: ACME001
name: trust-without-owner
title: A relying party trust names no owner
severity: warning
confidence: high
for: RelyingPartyTrust
when: self.Enabled
expect: self.Notes.contains('owner')
message: "Nobody owns {self.Name}."
why: |
  Somebody has to be asked.
fix: |
  Set-AdfsRelyingPartyTrust -TargetName "{self.Name}"
references: [https://wiki.acme.example]
tags: [acme]
"#;

fn load(text: &str) -> Result<(), String> {
    let mut sources = Sources::new();
    let file = PackFile { path: "rules/acme/trust-without-owner.yaml".into(), text: text.into() };
    let style = Style { color: false, unicode: true, width: 100, verbose: false };
    Pack::load(&mut sources, &[file], &native::names())
        .map(|_| ())
        .map_err(|errors| errors.iter().map(|error| pretty::write_error(error, &sources, style)).collect())
}

#[test]
fn a_good_rule_is_taken() {
    load(GOOD).unwrap();
}

#[test]
fn mistakes_are_told_with_place_and_suggestion() {
    let mistakes = [
        ("an unknown key", "severity: warning", "severty: warning"),
        ("an unknown kind", "for: RelyingPartyTrust", "for: RelyingPartTrust"),
        ("an unknown property", "self.Notes.contains", "self.Note.contains"),
        ("an unknown function", ".contains('owner')", ".contain('owner')"),
        ("an unknown root", "when: self.Enabled", "when: sefl.Enabled"),
        ("an unknown collection", "when: self.Enabled", "when: size(farm.relyingPartyTrust) > 0"),
        (
            "an unknown name of an enum",
            "self.Notes.contains('owner')",
            "self.SamlResponseSignature == 'AssertionsOnly'",
        ),
        ("types that do not go together", "self.Notes.contains('owner')", "self.TokenLifetime == 'long'"),
        ("no truth", "expect: self.Notes.contains('owner')", "expect: self.Notes"),
        (
            "a condition that does not parse",
            "self.Notes.contains('owner')",
            "self.Notes.contains('owner') and self.Enabled",
        ),
        ("a single equals sign", "self.Notes.contains('owner')", "self.Notes = 'owner'"),
        ("a wrong severity", "severity: warning", "severity: critical"),
        ("a wrong confidence", "confidence: high", "confidence: sure"),
        ("a wrong id", "id: ACME001", "id: acme-1"),
        ("a wrong name", "name: trust-without-owner", "name: Trust Without Owner"),
        ("a missing key", "why: |\n  Somebody has to be asked.\n", ""),
        ("a placeholder that is not closed", "{self.Name}.\"", "{self.Name.\""),
        (
            "a placeholder with an unknown property",
            "\"Nobody owns {self.Name}.\"",
            "\"Nobody owns {self.Nme}.\"",
        ),
        ("an unknown native function", "expect: self.Notes.contains('owner')", "native: claim-sintax"),
        ("an id that is taken", "id: ACME001", "id: TB001"),
        ("no YAML", "tags: [acme]", "tags: [acme"),
        ("a property of a list", "self.Notes.contains('owner')", "self.SamlEndpoints.Location == ''"),
        ("self in a wrong place", "when: self.Enabled", "when: has(self)"),
        ("a regular expression that is none", ".contains('owner')", ".matches('(owner')"),
    ];
    let mut told = String::new();
    for (name, right, wrong) in mistakes {
        assert!(GOOD.contains(right), "{name}");
        let error = load(&GOOD.replacen(right, wrong, 1)).expect_err(name);
        told.push_str(&format!("=== {name}\n{error}\n"));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn hostile_rule_files_end_in_an_error() {
    let deep = format!("expect: {}true{}", "(".repeat(5000), ")".repeat(5000));
    for text in [
        "",
        "- a\n- b\n",
        "id: [",
        "\u{0}",
        &GOOD.replace("expect: self.Notes.contains('owner')", &deep),
        "a: &a [*a]\n",
    ] {
        assert!(load(text).is_err(), "{}", text.chars().take(60).collect::<String>());
    }
}
