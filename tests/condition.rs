//! The condition language: Kleene's logic on a real farm, and CEL's answers where the two overlap.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use std::sync::Arc;

use adfslint::check::evaluate::{Run, Truth};
use adfslint::check::native;
use adfslint::farm::value::Value;
use adfslint::farm::{Content, Export, Farm};
use adfslint::pack::Pack;
use adfslint::pack::condition::functions::timestamp;
use adfslint::pack::condition::{Condition, Scope, compile};
use adfslint::read;
use adfslint::source::{Encoding, Sources};
use proptest::prelude::*;

/// One trust is whole, one has no rules exported, the endpoints of a third were cut off; properties are not exported.
const FARM: &str = r#"{"Get-AdfsRelyingPartyTrust": [
    {"Name": "A", "Enabled": true, "TokenLifetime": 60, "Identifier": ["urn:a"], "Notes": null, "SamlEndpoints": [{"Protocol": "SAMLLogout", "Location": "https://a"}]},
    {"Name": "B", "Enabled": false, "TokenLifetime": 0, "Identifier": ["urn:b", "urn:c"]},
    {"Name": "C", "Enabled": "True", "Identifier": "urn:x urn:y", "SamlEndpoints": "Microsoft.IdentityServer.Management.Resources.SamlEndpoint"}],
  "Get-AdfsClaimsProviderTrust": []}"#;

struct World {
    pack: Pack,
    farm: Farm,
}

fn world() -> World {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let source = sources.add_file("farm.json".into(), FARM.into(), Encoding::Utf8, 0).unwrap();
    let tree = read::read(&sources, source).tree.unwrap();
    let export = Export { path: "farm.json".into(), tree, content: Content::Objects };
    let farm = Farm::new(Arc::clone(&pack.vocabulary), vec![export]);
    World { pack, farm }
}

impl World {
    fn compile(&self, text: &str) -> Condition {
        let scope = Scope {
            schema: &self.pack.vocabulary.schema,
            this: None,
            farm: self.pack.vocabulary.farm(),
            facts: self.pack.vocabulary.facts(),
            definitions: &self.pack.definitions,
            metavariables: None,
        };
        compile(text, &scope).unwrap_or_else(|troubles| panic!("{text}: {troubles:?}"))
    }

    fn run(&self) -> Run<'_, '_> {
        Run::new(
            &self.pack.definitions,
            self.farm.record(),
            self.farm.facts(),
            timestamp("2026-03-01").unwrap(),
        )
    }

    fn truth(&self, text: &str) -> Truth {
        let condition = self.compile(text);
        let run = self.run();
        let plain = run.truth(&condition, None);
        assert_eq!(plain, run.decide(&condition, None).truth, "{text}: with a trace it is something else");
        plain
    }
}

#[test]
fn kleene() {
    use Truth::{False, True, Unknown};
    let world = world();
    let cases = [
        ("true && farm.properties.KmsiEnabled", Unknown),
        ("false && farm.properties.KmsiEnabled", False),
        ("farm.properties.KmsiEnabled && false", False),
        ("true || farm.properties.KmsiEnabled", True),
        ("farm.properties.KmsiEnabled || true", True),
        ("false || farm.properties.KmsiEnabled", Unknown),
        ("!farm.properties.KmsiEnabled", Unknown),
        ("farm.properties.KmsiEnabled ? true : true", True),
        ("farm.properties.KmsiEnabled ? true : false", Unknown),
        ("farm.properties.SsoLifetime > 5", Unknown),
        ("farm.properties.SsoLifetime == null", Unknown),
        ("has(farm.properties.SsoLifetime)", Unknown),
        ("farm.relyingPartyTrusts.exists(t, t.Enabled)", True),
        ("farm.relyingPartyTrusts.all(t, t.Enabled)", False),
        ("farm.relyingPartyTrusts.exists(t, t.TokenLifetime > 100)", Unknown),
        ("farm.relyingPartyTrusts.all(t, t.TokenLifetime < 100)", Unknown),
        ("farm.relyingPartyTrusts.exists(t, t.TokenLifetime == 60)", True),
        ("farm.relyingPartyTrusts.exists(t, t.SamlEndpoints.exists(e, e.Location == 'https://z'))", Unknown),
        ("farm.relyingPartyTrusts.exists(t, t.SamlEndpoints.exists(e, e.Location == 'https://a'))", True),
        ("farm.relyingPartyTrusts.exists(t, has(t.Notes))", False),
        ("farm.relyingPartyTrusts.exists(t, has(t.SamlEndpoints) && t.Name == 'B')", False),
        ("farm.relyingPartyTrusts.filter(t, t.Name == 'C').all(t, has(t.SamlEndpoints))", Unknown),
        ("farm.relyingPartyTrusts.exists(t, 'urn:y' in t.Identifier)", True),
        ("size(farm.relyingPartyTrusts) == 3", True),
        ("size(farm.relyingPartyTrusts.filter(t, t.TokenLifetime == 0)) == 1", Unknown),
        ("size(farm.claimsProviderTrusts) == 0", True),
        ("farm.claimsProviderTrusts.all(t, t.Enabled)", True),
        ("farm.claimsProviderTrusts.exists(t, t.Enabled)", False),
        ("size(farm.endpoints) == 0", Unknown),
        ("facts.lab", Unknown),
        ("facts.users.population > 5", Unknown),
        ("firstKnown(farm.properties.SsoLifetime, 7) == 7", True),
        ("farm.relyingPartyTrusts.exists(t, t.Notes == null)", True),
        ("asOf - timestamp('2026-02-01') == duration('28d')", True),
        ("'a' in ['a', farm.properties.HostName]", True),
        ("'b' in ['a', farm.properties.HostName]", Unknown),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| world.truth(text) != *expected)
        .map(|(text, expected)| format!("{text}: expected {expected:?}, got {:?}", world.truth(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_missing_is_named_and_what_decided_is_shown() {
    let world = world();
    let told: Vec<String> = [
        "farm.properties.KmsiEnabled && farm.properties.SsoLifetime > 5",
        "farm.relyingPartyTrusts.all(t, t.Enabled)",
        "farm.relyingPartyTrusts.exists(t, t.TokenLifetime > 100)",
        "farm.relyingPartyTrusts.exists(t, t.Enabled && t.TokenLifetime == 60)",
        "facts.users.population > 5",
    ]
    .iter()
    .map(|text| {
        let decision = world.run().decide(&world.compile(text), None);
        let evidence: Vec<_> =
            decision.evidence.iter().map(|one| format!("{} is {}", one.path, one.value)).collect();
        let missing: Vec<_> = decision.missing.iter().map(|one| format!("{:?}", one.gap)).collect();
        format!(
            "{text}\n  {:?}\n  evidence: {}\n  missing: {}\n",
            decision.truth,
            evidence.join("; "),
            missing.join("; ")
        )
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// Expressions over constants that both languages understand.
fn expression() -> impl Strategy<Value = String> {
    let number = prop_oneof![(-20i64..20).prop_map(|n| if n < 0 { format!("({n})") } else { n.to_string() })];
    let number = number.prop_recursive(2, 8, 2, |inner| {
        (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*")], inner)
            .prop_map(|(a, sign, b)| format!("({a} {sign} {b})"))
    });
    let text = prop_oneof![Just("''"), Just("'a'"), Just("'ab'"), Just("'b\\'c'"), Just("\"Ab\"")]
        .prop_map(str::to_owned);
    let list =
        prop::collection::vec(number.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", ")));
    let comparison = prop_oneof![Just("=="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")];
    let truth = prop_oneof![
        Just("true".to_owned()),
        Just("false".to_owned()),
        (number.clone(), comparison.clone(), number.clone())
            .prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (text.clone(), comparison, text.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (text.clone(), prop_oneof![Just("contains"), Just("startsWith"), Just("endsWith")], text.clone())
            .prop_map(|(a, name, b)| format!("{a}.{name}({b})")),
        (number.clone(), list.clone()).prop_map(|(item, list)| format!("{item} in {list}")),
        (list.clone(), prop_oneof![Just("exists"), Just("all"), Just("exists_one")], number.clone())
            .prop_map(|(list, name, bound)| format!("{list}.{name}(x, x > {bound})")),
        (list.clone(), number.clone())
            .prop_map(|(list, bound)| format!("size({list}.filter(x, x < {bound})) > 1")),
        (list, text).prop_map(|(list, text)| format!("size({list}.map(x, x * 2)) == size({text})")),
    ];
    truth.prop_recursive(4, 32, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop_oneof![Just("&&"), Just("||")], inner.clone())
                .prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn where_cel_has_an_answer_it_is_ours(text in expression()) {
        let world = world_once();
        let condition = world.compile(&text);
        let ours = world.run().read(&condition, None);
        let theirs = cel::Program::compile(&text).unwrap().execute(&cel::Context::default());
        if let Ok(cel::Value::Bool(theirs)) = theirs {
            prop_assert!(matches!(ours.value, Ok(Value::Bool(ours)) if ours == theirs), "{text}: CEL says {theirs}, we say {:?}", ours.value);
        }
    }

    #[test]
    fn no_text_makes_the_compiler_panic(text in ".{0,80}") {
        let world = world_once();
        let scope = Scope {
            schema: &world.pack.vocabulary.schema,
            this: None,
            farm: world.pack.vocabulary.farm(),
            facts: world.pack.vocabulary.facts(),
            definitions: &world.pack.definitions,
            metavariables: None,
        };
        if let Err(troubles) = compile(&text, &scope) {
            for trouble in troubles {
                prop_assert!(trouble.range.0 <= trouble.range.1 && trouble.range.1 as usize <= text.len());
            }
        }
    }
}

fn world_once() -> &'static World {
    thread_local! {
        static WORLD: &'static World = Box::leak(Box::new(world()));
    }
    WORLD.with(|world| *world)
}
