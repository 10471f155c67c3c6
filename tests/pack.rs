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
        ("a sum of nothing", "expect: self.Notes.contains('owner')", "sums: acmee"),
        ("a sum and a condition", "tags: [acme]", "sums: acme\ntags: [acme]"),
        ("a verdict of no sum", "tags: [acme]", "settled: fine\ntags: [acme]"),
        ("a sum without its name", "\"Nobody owns {self.Name}.\"", "\"{$SUM.errors}\""),
    ];
    let mut told = String::new();
    for (name, right, wrong) in mistakes {
        assert!(GOOD.contains(right), "{name}");
        let error = load(&GOOD.replacen(right, wrong, 1)).expect_err(name);
        told.push_str(&format!("=== {name}\n{error}\n"));
    }
    insta::assert_snapshot!(told);
}

const PATTERN: &str = r#"id: ACME002
name: personnel-data-leaves
title: Personnel data is passed on
severity: warning
confidence: high
for: ClaimRule
in: [IssuanceTransformRules]
pattern:
  - 'c:[Type == "http://acme.example/$FIELD", Value =~ $V, ...] && ... => issue(claim = c)'
  - 'c:[Type == "http://acme.example/$FIELD"] && $TEST => issue(Type = $V, ...)'
not-pattern: '... && EXISTS([Type == $OTHER, ...]) && ... => issue(...)'
where: $V.quoted && $FIELD != 'name'
message: "{$FIELD} leaves the house."
labels:
  - at: $FIELD
    text: this field
why: |
  It is personal.
fix: |
  # leave out {$FIELD}
references: [https://wiki.acme.example]
tags: [acme]
"#;

#[test]
fn mistakes_in_patterns_are_told_with_place_and_suggestion() {
    load(PATTERN).unwrap();
    let mistakes = [
        ("a metavariable that is not there", "where: $V.quoted", "where: $W.quoted"),
        ("a metavariable that is almost there", "{$FIELD} leaves", "{$FELD} leaves"),
        (
            "a metavariable that one alternative lacks",
            "where: $V.quoted",
            "where: $TEST.condition == 'exists'",
        ),
        ("a metavariable of not-pattern", "where: $V.quoted", "where: $OTHER.quoted"),
        ("a metavariable before there is a match", "where: $V.quoted &&", "when: $V.quoted\nwhere:"),
        ("a member that does not exist", "where: $V.quoted", "where: $V.quotd"),
        ("a name that is never so", "where: $V.quoted", "where: $V.type.group == 'grup'"),
        ("small letters", "Value =~ $V", "Value =~ $v"),
        ("one thing and another", "&& $TEST =>", "&& $V =>"),
        (
            "a single equals sign",
            "[Type == \"http://acme.example/$FIELD\"]",
            "[Type = \"http://acme.example/$FIELD\"]",
        ),
        ("a text without end", "$FIELD\"] && $TEST", "$FIELD] && $TEST"),
        ("two blanks side by side", "example/$FIELD\"]", "example/$FIELD...\"]"),
        ("no implication", "&& ... => issue(claim = c)", "&& ... issue(claim = c)"),
        ("an unknown action", "=> issue(claim = c)", "=> isue(claim = c)"),
        ("an or", "Value =~ $V, ...]", "Value =~ $V || ...]"),
        ("a metavariable for a variable", "issue(claim = c)", "issue(claim = $C)"),
        ("two dots", "Value =~ $V, ...]", "Value =~ $V, ..]"),
        ("a rule set that does not exist", "[IssuanceTransformRules]", "[IssuanceTransformRule]"),
        ("another kind", "for: ClaimRule", "for: RelyingPartyTrust"),
        ("pattern and expect", "where: $V.quoted", "expect: self.copies\nwhere: $V.quoted"),
        ("no pattern at all", "pattern:\n", "tags:\n"),
        (
            "over several lines",
            r#"'c:[Type == "http://acme.example/$FIELD", Value =~ $V, ...] && ... => issue(claim = c)'"#,
            ">-\n    c:[Type == \"http://acme.example/$FIELD\", Value =~ $V, ...]\n    && ... =>\n    issue(claims = c)",
        ),
    ];
    let mut told = String::new();
    for (name, right, wrong) in mistakes {
        assert!(PATTERN.contains(right), "{name}");
        let error = load(&PATTERN.replacen(right, wrong, 1)).expect_err(name);
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
