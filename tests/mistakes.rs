//! Mistakes that people make in claim rules: each is found by the rule or the code that names it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test that cannot go on stops

use std::collections::BTreeSet;

use adfslint::check::{Options, native};
use adfslint::claims::{self, doubts, meaning, query};
use adfslint::pack::{Pack, condition::functions::timestamp};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};

struct Mistake {
    name: String,
    property: String,
    found: Vec<String>,
    text: String,
}

/// The blocks of `claims/mistakes.txt`.
fn mistakes() -> Vec<Mistake> {
    let file = include_str!("claims/mistakes.txt");
    file.split("\n== ")
        .skip(1)
        .map(|block| {
            let mut lines = block.splitn(4, '\n');
            let name = lines.next().unwrap().to_owned();
            let property = lines.next().unwrap().strip_prefix("in: ").unwrap().to_owned();
            let found = lines.next().unwrap().strip_prefix("found: ").unwrap();
            let found = found.split(", ").map(str::to_owned).collect();
            Mistake { name, property, found, text: lines.next().unwrap().trim_end().to_owned() }
        })
        .collect()
}

/// Codes of the parser for a text.
fn codes(text: &str) -> BTreeSet<String> {
    let set = claims::parse(text);
    let rules = || set.rules.iter().map(|placed| &*placed.rule);
    let wrong = rules().flat_map(meaning::problems).chain(rules().flat_map(query::built_in_problems));
    let wrong = wrong.chain(rules().flat_map(doubts::doubts));
    let refused = set.problems.iter().map(|problem| problem.code.to_owned());
    refused.chain(wrong.map(|problem| problem.code.to_owned())).collect()
}

/// Rules of the pack that fail on a small farm whose only application has the text in a property.
fn rules(pack: &Pack, property: &str, text: &str) -> BTreeSet<String> {
    let mut trust = serde_json::json!({
        "Name": "Shop", "Identifier": ["urn:shop"], "Enabled": true, "AccessControlPolicyName": null,
        "IssuanceAuthorizationRules": "", "IssuanceTransformRules": "", "AdditionalAuthenticationRules": "",
        "SamlEndpoints": [{"Protocol": "SAMLAssertionConsumer", "Binding": "POST", "Location": "https://shop.example/acs"}],
        "DelegationAuthorizationRules": "", "ImpersonationAuthorizationRules": "", "ClaimsProviderName": [],
    });
    trust[property] = text.into();
    let pass = |name: &str| format!("c:[Type == \"{name}\"] => issue(claim = c);");
    let partner = pass("http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid");
    let farm = serde_json::json!({
        "Get-AdfsProperties": {"HostName": "sts.shop.example", "CurrentFarmBehavior": 4},
        "Get-AdfsRelyingPartyTrust": [trust],
        "Get-AdfsClaimsProviderTrust": [
            {"Name": "Active Directory", "Identifier": "AD AUTHORITY", "Enabled": true, "AcceptanceTransformRules": ""},
            {"Name": "Partner", "Identifier": "http://partner.example/trust", "Enabled": true, "AcceptanceTransformRules": partner},
        ],
        "Get-AdfsAdditionalAuthenticationRule": {"AdditionalAuthenticationRules": ""},
        "Get-AdfsWebApiApplication": [], "Get-AdfsAccessControlPolicy": [], "Get-AdfsClaimDescription": [],
        "Get-AdfsLocalClaimsProviderTrust": [],
    });
    let mut sources = Sources::new();
    let source = sources.add_file("farm.json".into(), farm.to_string(), Encoding::Utf8, 0).unwrap();
    let as_of = timestamp("2026-01-31").unwrap();
    let options = Options { as_of, as_of_is_given: true, only: Vec::new(), every_verdict: false };
    let report = lint(&mut sources, &[Text { source, role: Role::Export }], pack, &options);
    report.findings.iter().map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn every_mistake_is_found() {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let mistakes = mistakes();
    let numbers: BTreeSet<u32> = mistakes
        .iter()
        .map(|mistake| mistake.name.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap())
        .collect();
    assert!(numbers.into_iter().eq(1..=65));
    let mut wrong = Vec::new();
    for mistake in &mistakes {
        let mut all = codes(&mistake.text);
        all.extend(rules(&pack, &mistake.property, &mistake.text));
        let missed: Vec<&str> =
            mistake.found.iter().map(String::as_str).filter(|one| !all.contains(*one)).collect();
        if !missed.is_empty() {
            wrong.push(format!("{}: not found by {}, only by {all:?}", mistake.name, missed.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
