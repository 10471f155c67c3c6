//! The way of claims through large rule sets: the work grows with the text and not with its square.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test that cannot go on stops

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use adfslint::check::{Options, native};
use adfslint::claims;
use adfslint::claims::flow::{Flow, cover};
use adfslint::pack::rule::Rule;
use adfslint::pack::{Pack, condition::functions::timestamp, example};
use adfslint::report::Verdict;
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};
use serde_json::Value;

const PERMIT: &str = "http://schemas.microsoft.com/authorization/claims/permit";

/// One kind of rule set, of any number of rules.
type Shape = fn(usize) -> String;

/// Rule sets that would hurt: one type made and read by all, one claim made by all, chains, copies of all, one rule.
const SHAPES: [(&str, Shape); 6] = [
    ("one type, many values", |number| {
        format!(
            "[Type == \"urn:a\", Value == \"{number}\"] => add(Type = \"urn:a\", Value = \"{}\");",
            number + 1
        )
    }),
    ("one decision, many groups", |number| {
        format!("[Type == \"urn:g\", Value == \"{number}\"] => issue(Type = \"{PERMIT}\", Value = \"1\");")
    }),
    ("one decision, many conditions", |number| {
        format!(
            "[Type == \"urn:g\", Value == \"{number}\"] && [Type == \"urn:h\", Value == \"x\"] => issue(Type = \"{PERMIT}\", Value = \"1\");"
        )
    }),
    ("a chain", |number| {
        format!("c:[Type == \"urn:{number}\"] => issue(Type = \"urn:{}\", Value = c.Value);", number + 1)
    }),
    ("everything, again and again", |_| "c:[] => issue(claim = c);".to_owned()),
    ("the same rule", |_| "c:[Type == \"urn:a\"] => issue(claim = c);".to_owned()),
];

fn set(shape: Shape, count: usize) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        writeln!(text, "@RuleName = \"{number}\"\n{}", shape(number)).unwrap();
        text
    })
}

#[test]
fn twice_the_rules_are_twice_the_work() {
    for (name, shape) in SHAPES {
        let work = |count| {
            let set = claims::parse(&set(shape, count));
            assert_eq!(set.rules.len(), count, "{name}");
            let flow = Flow::of(&set);
            flow.steps() + cover::covered(&set, &flow).comparisons
        };
        let (once, twice) = (work(1_000), work(2_000));
        assert!(twice <= once * 2 + 64, "{name}: {once} steps for 1,000 rules, {twice} for 2,000");
        // Comparisons are counted as well, and there are a few of them for each rule.
        assert!(once <= 1_000 * 64, "{name}: {once} steps for 1,000 rules");
    }
}

/// Rules of the way of a claim.
fn ours() -> Vec<String> {
    (11..=19).chain([22, 23, 24, 36, 50, 51]).map(|number| format!("CLM0{number}")).collect()
}

/// Verdicts of one rule on the exports of an example, by object.
fn verdicts(
    pack: &Pack,
    rule: &Rule,
    farm: &Value,
    facts: Option<&str>,
) -> BTreeMap<String, BTreeSet<Verdict>> {
    let mut sources = Sources::new();
    let mut texts = Vec::new();
    for (name, text, role) in [
        ("farm.json", Some(farm.to_string()), Role::Export),
        ("facts.yaml", facts.map(str::to_owned), Role::Facts),
    ] {
        if let Some(text) = text {
            let source = sources.add_file(name.into(), text, Encoding::Utf8, 0).unwrap();
            texts.push(Text { source, role });
        }
    }
    let options = Options {
        as_of: timestamp("2026-01-31").unwrap(),
        as_of_is_given: true,
        only: vec![rule.id.to_string()],
        every_verdict: true,
    };
    let mut found = BTreeMap::<String, BTreeSet<Verdict>>::new();
    for row in lint(&mut sources, &texts, pack, &options).verdicts.unwrap() {
        found.entry(row.object.to_string()).or_default().insert(row.verdict);
    }
    found
}

/// Who did not export the claims providers knows less, and never that all is well.
#[test]
fn an_example_without_one_of_its_exports_never_passes_instead() {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let mut held = 0;
    for rule in pack.rules.iter().filter(|rule| ours().contains(&rule.id.to_string())) {
        for example in &rule.examples {
            let inputs = example::inputs(rule, example);
            let Some(Ok(Value::Object(farm))) = inputs.farm.as_deref().map(serde_json::from_str) else {
                continue;
            };
            let whole = verdicts(&pack, rule, &Value::Object(farm.clone()), inputs.facts.as_deref());
            for export in farm.keys() {
                let mut less = farm.clone();
                less.remove(export);
                for (object, outcome) in verdicts(&pack, rule, &Value::Object(less), inputs.facts.as_deref())
                {
                    let Some(before) = whole.get(&object) else { continue };
                    held += 1;
                    let turned = outcome.contains(&Verdict::Pass) && !before.contains(&Verdict::Pass);
                    assert!(
                        !turned,
                        "{} \"{}\" without {export}: {object} was {before:?}",
                        rule.id, example.name
                    );
                }
            }
        }
    }
    assert!(held > 60, "{held}");
}

/// Lints these rules as those of a trust in a whole farm, or as a loose file.
fn findings(text: &str, is_loose: bool) -> usize {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let farm = serde_json::json!({
        "Get-AdfsRelyingPartyTrust": [{"Name": "Large", "Identifier": ["https://large.contoso.com"], "Enabled": true,
            "ClaimsProviderName": [], "AccessControlPolicyName": null, "IssuanceAuthorizationRules": text}],
        "Get-AdfsClaimsProviderTrust": [{"Name": "Active Directory", "Identifier": "AD AUTHORITY", "Enabled": true,
            "AcceptanceTransformRules": ""}],
        "Get-AdfsLocalClaimsProviderTrust": []});
    let (name, text) =
        if is_loose { ("large.claims", text.to_owned()) } else { ("farm.json", farm.to_string()) };
    let source = sources.add_file(name.into(), text, Encoding::Utf8, 0).unwrap();
    let options = Options {
        as_of: timestamp("2026-01-31").unwrap(),
        as_of_is_given: true,
        only: ours(),
        every_verdict: false,
    };
    let report = lint(&mut sources, &[Text { source, role: Role::Export }], &pack, &options);
    report.findings.len()
}

/// With work in the square of the rules these would not end before anybody's patience.
#[test]
fn two_thousand_rules_are_nothing_special() {
    // Nobody makes what these rules wait for.
    assert_eq!(findings(&set(SHAPES[1].1, 2_000), false), 2_000);
    // Every rule but the first says what the first one says, in one finding.
    assert_eq!(findings(&set(SHAPES[5].1, 2_000), true), 1);
}

#[test]
fn a_megabyte_of_rules_is_nothing_special() {
    let text = set(SHAPES[2].1, 6_500);
    assert!(text.len() > 1_000_000, "{}", text.len());
    assert_eq!(findings(&text, true), 0);
}
