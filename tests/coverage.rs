//! What a report rests on: files, servers, manifests, and what each missing export would decide.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test that cannot go on stops

use adfslint::check::{Options, native};
use adfslint::pack::Pack;
use adfslint::pack::condition::functions::timestamp;
use adfslint::report::pretty::{self, Style};
use adfslint::report::{Report, json, sarif};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};

const PLAIN: Style = Style { color: false, unicode: true, width: 80, verbose: false };

fn run(files: &[(&str, &str)]) -> (Report, Sources) {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let add = |(name, text): &(&str, &str)| {
        let source = sources.add_file((*name).into(), (*text).into(), Encoding::Utf8, 0).unwrap();
        Text { source, role: Role::Export }
    };
    let texts: Vec<Text> = files.iter().map(add).collect();
    let as_of = timestamp("2026-11-30").unwrap();
    let options = Options { as_of, as_of_is_given: false, only: Vec::new(), every_verdict: false };
    (lint(&mut sources, &texts, &pack, &options), sources)
}

fn manifest(more: &str) -> String {
    format!(
        r#"{{"schema": "adfs-snapshot/1", "createdUtc": "2026-03-01T09:15:00Z", "farm": {{"hostName": "sts.contoso.com"}},
        "nodes": [{{"fqdn": "sts01.contoso.com", "kind": "federation", "role": "PrimaryComputer", "reached": true}},
                  {{"fqdn": "STS02.contoso.com", "kind": "federation", "role": "SecondaryComputer", "reached": false, "error": "access denied"}},
                  {{"fqdn": "wap01.contoso.com", "kind": "proxy"}}],
        "files": [{more}]}}"#
    )
}

fn file(cmdlet: &str, status: &str) -> String {
    format!(
        r#"{{"path": "farm/{cmdlet}.json", "cmdlet": "{cmdlet}", "node": "sts01.contoso.com", "status": "{status}"}}"#
    )
}

const PROPERTIES: &str = r#"{"HostName": "sts.contoso.com", "Identifier": "http://sts", "SsoLifetime": 480, "ExtendedProtectionTokenCheck": "Allow"}"#;

fn reason(report: &Report, what: &str) -> Option<String> {
    report.coverage.not_found.iter().find(|export| export.what == what).map(|export| export.reason.clone())
}

#[test]
fn every_undecided_rule_is_counted_once() {
    let folder = [("farm/Get-AdfsProperties.json", PROPERTIES)];
    let (report, _) = run(&folder);
    let [_, undecided, ..] = report.rule_counts();
    let wants = &report.coverage.wants;
    let mut rules: Vec<_> = wants.iter().flat_map(|want| want.rules.iter().cloned()).collect();
    assert!(undecided > 40 && wants.len() > 8, "{undecided}");
    assert_eq!(rules.len(), undecided);
    rules.sort();
    rules.dedup();
    assert_eq!(rules.len(), undecided);
    assert!(wants.iter().map(|want| want.rules.len()).is_sorted_by(|one, next| one >= next));
}

#[test]
fn a_manifest_says_why_an_export_is_missing() {
    let files = [
        file("Get-AdfsEndpoint", "error"),
        file("Get-AdfsResponseHeaders", "cmdlet-missing"),
        file("Get-AdfsCertificate", "skipped"),
        file("Get-AdfsGlobalAuthenticationPolicy", "ok"),
        file("Get-AdfsCertificateAuthority", "not-applicable"),
    ];
    let text = manifest(&files.join(","));
    let (report, _) = run(&[("s/manifest.json", &text), ("s/farm/Get-AdfsProperties.json", PROPERTIES)]);
    for (what, expected) in [
        ("Get-AdfsEndpoint", "it failed on sts01.contoso.com ("),
        (
            "Get-AdfsResponseHeaders",
            "the release of Windows on sts01.contoso.com does not have this command (",
        ),
        ("Get-AdfsCertificate", "the collector left it out on sts01.contoso.com ("),
        (
            "Get-AdfsGlobalAuthenticationPolicy",
            "the manifest says that it was written to farm/Get-AdfsGlobalAuthenticationPolicy.json, which was not given (",
        ),
        ("Get-AdfsCertificateAuthority", "the manifest says that it does not apply on sts01.contoso.com ("),
        ("Get-AdfsRelyingPartyTrust", "no export holds it ("),
    ] {
        let reason = reason(&report, what).unwrap_or_default();
        assert!(reason.starts_with(expected), "{what}: {reason}");
    }
}

#[test]
fn what_printed_nothing_is_decided() {
    let properties = ("s/farm/Get-AdfsProperties.json", PROPERTIES);
    let (without, _) = run(&[properties]);
    assert!(reason(&without, "Get-AdfsNonClaimsAwareRelyingPartyTrust").is_some());
    let text = manifest(&file("Get-AdfsNonClaimsAwareRelyingPartyTrust", "empty"));
    let (empty, _) = run(&[properties, ("s/manifest.json", &text)]);
    assert_eq!(reason(&empty, "Get-AdfsNonClaimsAwareRelyingPartyTrust"), None);
    // Empty on one server and refused by another: nobody knows.
    let both = [
        file("Get-AdfsNonClaimsAwareRelyingPartyTrust", "empty"),
        file("Get-AdfsNonClaimsAwareRelyingPartyTrust", "error"),
    ];
    let text = manifest(&both.join(","));
    let (mixed, _) = run(&[properties, ("s/manifest.json", &text)]);
    assert!(reason(&mixed, "Get-AdfsNonClaimsAwareRelyingPartyTrust").is_some());
}

#[test]
fn the_day_of_the_manifest_counts_unless_the_facts_file_names_one() {
    let text = manifest("");
    let day = |files: &[(&str, &str)]| run(files).0.as_of.date().to_string();
    assert_eq!(day(&[("p.json", PROPERTIES)]), "2026-11-30");
    assert_eq!(day(&[("p.json", PROPERTIES), ("manifest.json", &text)]), "2026-03-01");
    let facts = ("adfslint.facts.yaml", "asOf: 2026-02-11\n");
    assert_eq!(day(&[("p.json", PROPERTIES), ("manifest.json", &text), facts]), "2026-02-11");
}

#[test]
fn servers_are_told_with_their_notes() {
    let text = manifest("");
    let sync = r#"{"Role": "PrimaryComputer"}"#;
    let notes =
        r#"{"fqdn": "wap02.contoso.com", "kind": "proxy", "osBuild": "10.0.20348.2849", "culture": "de-DE"}"#;
    let (report, _) = run(&[
        ("s/manifest.json", &text),
        ("s/nodes/sts01.contoso.com/Get-AdfsSyncProperties.json", sync),
        ("s/proxies/wap02.contoso.com/node.json", notes),
    ]);
    let said: Vec<_> = report
        .coverage
        .servers
        .iter()
        .map(|server| format!("{} {} {}", server.name, server.role.unwrap_or("-"), server.reached))
        .collect();
    let expected = [
        "sts01.contoso.com primary true",
        "STS02.contoso.com secondary false",
        "wap01.contoso.com proxy true",
        "wap02.contoso.com - true",
    ];
    assert_eq!(said, expected);
    let kinds: Vec<_> = report.coverage.files[2].objects.iter().map(|(kind, _)| kind.to_string()).collect();
    assert_eq!(kinds, ["ServerNotes"]);
}

#[test]
fn the_top_of_the_report_reads_well() {
    let text = manifest(&file("Get-AdfsEndpoint", "error"));
    let trusts = r#"[{"Name": "Payroll", "Identifier": ["urn:p"], "Enabled": true, "SamlResponseSignature": "AssertionOnly", "WSFedEndpoint": null, "IssuanceTransformRules": "", "SamlEndpoints": ["Microsoft.IdentityServer.Management.Resources.SamlEndpoint"]}]"#;
    let store = r#"[{"Name": "HR", "StoreClassification": "SQL", "Configuration": {"Connection": "Server=s;Password=made-up-7Gq2"}}]"#;
    let (report, sources) = run(&[
        ("snapshot/manifest.json", &text),
        ("snapshot/farm/Get-AdfsProperties.json", PROPERTIES),
        ("snapshot/farm/Get-AdfsRelyingPartyTrust.json", trusts),
        ("snapshot/farm/Get-AdfsAttributeStore.json", store),
        ("snapshot/farm/cut.json", r#"{"Get-AdfsWebConfig": {"ActiveThemeName": "x", "#),
        ("snapshot/read me.txt", "nothing of interest\n"),
    ]);
    let top = |style| pretty::write(&report, &sources, style).split("\n\n").next().unwrap().to_owned();
    insta::assert_snapshot!("top_of_a_report", top(PLAIN));
    insta::assert_snapshot!("top_of_a_report_verbose", top(Style { verbose: true, width: 140, ..PLAIN }));
}

#[test]
fn programs_get_the_same() {
    let text = manifest(&file("Get-AdfsEndpoint", "error"));
    let (report, sources) = run(&[("s/manifest.json", &text), ("s/p.json", PROPERTIES)]);
    let own: serde_json::Value = serde_json::from_str(&json::write(&report, &sources).unwrap()).unwrap();
    let coverage = &own["coverage"];
    assert_eq!(coverage["formats"], serde_json::json!([{"format": "JSON", "files": 2}]));
    assert_eq!(coverage["servers"][1]["error"], "access denied");
    let counted: usize = coverage["undecided"]
        .as_array()
        .unwrap()
        .iter()
        .map(|want| want["rules"].as_array().unwrap().len())
        .sum();
    assert_eq!(counted, usize::try_from(own["summary"]["rules"]["unknown"].as_u64().unwrap()).unwrap());
    let sarif: serde_json::Value = serde_json::from_str(&sarif::write(&report, &sources).unwrap()).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(&run["properties"]["coverage"], coverage);
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let said =
        |words: &str| notes.iter().any(|note| note["message"]["text"].as_str().unwrap().contains(words));
    assert!(
        said("STS02.contoso.com was not reached: access denied")
            && said("undecided for want of Get-AdfsRelyingPartyTrust: ")
    );
}
