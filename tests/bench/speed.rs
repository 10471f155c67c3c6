//! How long a check takes, as a ratio to what else was done in the same run: machines differ, and so do hours of the day.
//!
//! `cargo bench` prints a table. A farm is compared with `serde_json` reading the same text; a rule set with one half as
//! long, where linear work gives 2.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // the table is what this program is for, and it stops where it cannot go on

use std::time::{Duration, Instant};

use adfslint::check::{Options, native};
use adfslint::pack::Pack;
use adfslint::pack::condition::functions::timestamp;
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};

/// The best of so many runs counts: what disturbs a run only makes it longer.
const RUNS: usize = 5;

fn main() {
    println!("{:<46} {:>9} {:>9} {:>22}", "input", "size", "time", "ratio");
    farms();
    rule_sets("rules of one shape, each with another group", 2_000, grouped);
    rule_sets("rules that read what the rule before made", 2_000, chained);
    rule_sets("rules that permit, and one that permits all", 2_000, permitting);
    rule_sets("rules, 1 MB of them", 4_600, grouped);
    rule_sets("1 MB in one rule", 1, |_| long(1 << 20));
}

fn farms() {
    for trusts in [500, 1_000, 2_000] {
        let text = farm(trusts);
        let ours = check(&text, "Get-AdfsRelyingPartyTrust.json");
        let theirs = best(|| {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert!(value.is_array());
        });
        row(&format!("{trusts} trusts, whole pack"), &text, ours, theirs, "x serde_json");
    }
}

fn rule_sets(name: &str, rules: usize, rule: impl Fn(usize) -> String) {
    let set = |rules: usize| (0..rules).map(&rule).collect::<Vec<_>>().join("\n");
    let (half, whole) = match rules {
        1 => (long(1 << 19), long(1 << 20)),
        _ => (set(rules / 2), set(rules)),
    };
    let [half_time, whole_time] =
        [&half, &whole].map(|text| check(text, "Payroll.IssuanceAuthorizationRules.claims"));
    let name = if rules == 1 { name.to_owned() } else { format!("{rules} {name}") };
    row(&name, &whole, whole_time, half_time, "x half of it");
}

fn row(name: &str, text: &str, ours: Duration, other: Duration, unit: &str) {
    let ratio = ours.as_secs_f64() / other.as_secs_f64();
    let size = text.len().div_ceil(1024);
    println!("{name:<46} {size:>6} KB {:>6} ms {ratio:>8.2} {unit}", ours.as_millis());
}

fn check(text: &str, file: &str) -> Duration {
    let mut pack_sources = Sources::new();
    let pack = Pack::load(&mut pack_sources, &[], &native::names()).unwrap();
    let options = Options {
        as_of: timestamp("2026-01-31").unwrap(),
        as_of_is_given: true,
        only: Vec::new(),
        every_verdict: false,
    };
    best(|| {
        let mut sources = Sources::new();
        let source = sources.add_file(file.into(), text.into(), Encoding::Utf8, 0).unwrap();
        let report = lint(&mut sources, &[Text { source, role: Role::Export }], &pack, &options);
        assert!(!report.rules.is_empty());
    })
}

fn best(run: impl Fn()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..RUNS).map(once).min().unwrap_or_default()
}

/// Relying party trusts as `ConvertTo-Json` prints them.
fn farm(trusts: usize) -> String {
    let trust = |number: usize| {
        let authorization = [grouped(number), grouped(number + 1)].join("\r\n");
        let transform = format!(
            "@RuleTemplate = \"LdapClaims\"\r\n@RuleName = \"Mail\"\r\nc:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname\", Issuer == \"AD AUTHORITY\"]\r\n => issue(store = \"Active Directory\", types = (\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress\"), query = \";mail;{{0}}\", param = c.Value);\r\n{}",
            chained(number)
        );
        serde_json::json!({
            "Name": format!("Application {number}"),
            "Identifier": [format!("https://app{number}.contoso.com/")],
            "Enabled": true,
            "EncryptClaims": true,
            "SignatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "TokenLifetime": 60,
            "MonitoringEnabled": false,
            "AutoUpdateEnabled": false,
            "AccessControlPolicyName": null,
            "IssuanceAuthorizationRules": authorization,
            "IssuanceTransformRules": transform,
            "AdditionalAuthenticationRules": null,
            "DelegationAuthorizationRules": null,
            "ImpersonationAuthorizationRules": null,
            "Notes": "x".repeat(200),
        })
    };
    serde_json::to_string_pretty(&(0..trusts).map(trust).collect::<Vec<_>>()).unwrap()
}

fn grouped(number: usize) -> String {
    format!(
        "@RuleName = \"Group {number}\"\nc:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid\", Value == \"S-1-5-21-1-2-3-{number}\"]\n => issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");\n"
    )
}

fn chained(number: usize) -> String {
    format!(
        "@RuleName = \"Step {number}\"\nc:[Type == \"urn:contoso:step{number}\", Value =~ \"(?i)^step\\.{number}$\"]\n => issue(Type = \"urn:contoso:step{}\", Value = RegExReplace(c.Value, \"^step\", \"next\"));\n",
        number + 1
    )
}

fn permitting(number: usize) -> String {
    if number == 0 {
        return "=> issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");\n".to_owned();
    }
    grouped(number)
}

/// One claim rule of so many bytes.
fn long(bytes: usize) -> String {
    let mut text = String::from("c:[Type == \"urn:contoso:many\"");
    let mut number = 0;
    while text.len() < bytes {
        text.push_str(&format!(", Value != \"value number {number}\""));
        number += 1;
    }
    text.push_str("] => issue(claim = c);");
    text
}
