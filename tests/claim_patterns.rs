//! Rules with a pattern, from the rule file to the verdict.
#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::check::{Options, native};
use adfslint::pack::condition::functions::timestamp;
use adfslint::pack::{Pack, PackFile};
use adfslint::report::{Report, Verdict};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};

/// Lints files with one rule of one's own, of which `keys` are the keys that matter.
fn run(keys: &str, files: &[(&str, &str)]) -> Report {
    let rule = format!(
        "id: ACME001\nname: not-so\ntitle: Not so\nseverity: warning\nconfidence: high\nfor: ClaimRule\n{keys}\nwhy: So.\n"
    );
    let own = [PackFile { path: "not-so.yaml".into(), text: rule }];
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &own, &native::names()).unwrap();
    let texts: Vec<Text> = files
        .iter()
        .map(|(name, text)| {
            let source = sources.add_file((*name).into(), (*text).into(), Encoding::Utf8, 0).unwrap();
            Text { source, role: Role::Export }
        })
        .collect();
    let options = Options {
        as_of: timestamp("2026-01-31").unwrap(),
        as_of_is_given: true,
        only: vec!["ACME001".into()],
        every_verdict: true,
    };
    lint(&mut sources, &texts, &pack, &options)
}

/// Verdicts in order, and what was missing.
fn verdicts(report: &Report) -> (Vec<&'static str>, Vec<String>) {
    let verdicts = report.verdicts.iter().flatten().map(|row| row.verdict.name()).collect();
    let missing = report.rules.first().unwrap().missing.iter();
    (verdicts, missing.map(|one| format!("{}: {}", one.what, one.reason)).collect())
}

fn trust(authorization: &str, transform: &str) -> String {
    let trust = serde_json::json!([{
        "Name": "Payroll", "Identifier": ["https://payroll.contoso.com"], "Enabled": true,
        "IssuanceAuthorizationRules": authorization, "IssuanceTransformRules": transform,
    }]);
    serde_json::json!({"Get-AdfsRelyingPartyTrust": trust}).to_string()
}

const PERMIT: &str =
    r#"=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");"#;
const COPY: &str = r#"c:[Type == "urn:a"] => issue(claim = c);"#;

#[test]
fn in_names_the_rule_sets_that_count() {
    let farm = trust(PERMIT, COPY);
    let authorization = "in: [IssuanceAuthorizationRules]\npattern: '... => issue(...)'\nmessage: no";
    let report = run(authorization, &[("farm.json", &farm)]);
    assert_eq!(verdicts(&report).0, ["fail", "not-applicable"]);
    let everywhere = "pattern: '... => issue(...)'\nmessage: no";
    assert_eq!(verdicts(&run(everywhere, &[("farm.json", &farm)])).0, ["fail", "fail"]);
}

#[test]
fn a_loose_file_counts_by_its_stage_or_always() {
    let transform = "in: [IssuanceTransformRules]\npattern: '... => issue(...)'\nmessage: no";
    for (name, text, outcome) in [
        ("rules.claims", PERMIT, "not-applicable"),
        ("rules.claims", COPY, "fail"),
        ("Payroll.IssuanceTransformRules.claims", PERMIT, "fail"),
    ] {
        assert_eq!(verdicts(&run(transform, &[(name, text)])).0, [outcome], "{name} {text}");
    }
}

#[test]
fn what_no_export_can_hold_is_missing() {
    let farm = trust(PERMIT, COPY);
    let acceptance = "in: [AcceptanceTransformRules]\npattern: '... => issue(...)'\nmessage: no";
    let report = run(acceptance, &[("farm.json", &farm)]);
    let (verdicts, missing) = verdicts(&report);
    assert_eq!(verdicts.last(), Some(&"unknown"));
    assert!(missing.iter().any(|what| what.starts_with("Get-AdfsClaimsProviderTrust")), "{missing:?}");
}

#[test]
fn where_decides_and_may_be_unknown() {
    let rule = |condition: &str| {
        format!("pattern: '$_([Type == $T, ...]) && ... => $_(...)'\nwhere: {condition}\nmessage: '{{$T}}'")
    };
    let farm = trust("", COPY);
    let files = [("farm.json", farm.as_str())];
    assert_eq!(verdicts(&run(&rule("$T == 'urn:a'"), &files)).0, ["fail"]);
    assert_eq!(verdicts(&run(&rule("$T == 'urn:b'"), &files)).0, ["pass"]);
    let report = run(&rule("farm.claimsProviderTrusts.exists(p, p.Name == $T)"), &files);
    let (found, missing) = verdicts(&report);
    assert_eq!(found, ["unknown"]);
    assert!(missing.iter().any(|what| what.starts_with("Get-AdfsClaimsProviderTrust")), "{missing:?}");
    // What is proven goes before what is missing.
    let two = trust("", r#"a:[Type == "urn:a"] && b:[Type == "urn:b"] => issue(claim = a);"#);
    let either = rule("$T == 'urn:b' || farm.claimsProviderTrusts.exists(p, p.Name == $T)");
    let report = run(&either, &[("farm.json", &two)]);
    assert_eq!(verdicts(&report).0, ["fail"]);
    assert_eq!(report.findings.iter().map(|finding| &*finding.message).collect::<Vec<_>>(), ["urn:b"]);
}

#[test]
fn not_pattern_means_the_same_things() {
    let rule = "pattern: '[Type == $T, ...] && ... => issue(...)'\nnot-pattern: '[Type == $T, Issuer == $_, ...] && ... => issue(...)'\nmessage: '{$T}'";
    let text =
        r#"[Type == "urn:a", Issuer == "x"] && [Type == "urn:b"] => issue(Type = "urn:c", Value = "1");"#;
    let farm = trust("", text);
    let report = run(rule, &[("farm.json", &farm)]);
    assert_eq!(report.findings.iter().map(|finding| &*finding.message).collect::<Vec<_>>(), ["urn:b"]);
}

#[test]
fn a_rule_that_does_not_parse_hides_no_other() {
    let farm = trust("", &format!("c:[Type == \"a\" || Value == \"b\"] => issue(claim = c);\n{COPY}"));
    let report = run("pattern: 'c:[...] => issue(claim = c)'\nmessage: no", &[("farm.json", &farm)]);
    assert_eq!(verdicts(&report).0, ["fail"]);
}

#[test]
fn a_pattern_that_takes_too_long_is_unknown() {
    let many: Vec<String> = (0..2000).map(|number| format!("[Type == \"{number}\"]")).collect();
    let farm = trust("", &format!("{} => issue(Type = \"t\");", many.join(" && ")));
    let rule = "pattern: '[Type == $A] && [Type == $B] && [Type == $C] && [Type == $A] && ... => issue(...)'\nmessage: no";
    let report = run(rule, &[("farm.json", &farm)]);
    let (found, missing) = verdicts(&report);
    assert_eq!(found, ["unknown"]);
    assert!(missing.iter().any(|why| why.contains("too many steps on this claim rule")), "{missing:?}");
}

#[test]
fn one_claim_rule_gives_a_few_findings_and_one_verdict() {
    let many: Vec<String> = (0..40).map(|number| format!("[Type == \"{number}\"]")).collect();
    let farm = trust("", &format!("{} => issue(Type = \"t\");", many.join(" && ")));
    let report =
        run("pattern: '[Type == $T] && ... => issue(...)'\nmessage: '{$T}'", &[("farm.json", &farm)]);
    assert_eq!(report.findings.len(), 8);
    assert_eq!(report.verdicts.iter().flatten().filter(|row| row.verdict == Verdict::Fail).count(), 1);
}
