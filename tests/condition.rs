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

/// One line for each thing that the two languages share; CEL has an answer to all of them, and it is ours.
const SHARED: &str = r#"
7 / 2 == 3
-7 / 2 == -3
7 % 3 == 1
-7 % 3 == -1
7.5 / 2.5 == 3.0
1.5 + 2.25 == 3.75
-(3) < 0
!!true
2 + 3 * 4 == 14
(2 + 3) * 4 == 20
10 - 4 - 3 == 3
1 < 2 && 2 < 3
true || false && false
!(true ? false : true)
false ? true : false ? true : true
'a' + 'b' == 'ab'
'abc'.size() == 3
size('日本') == 2
'a\tb' == "a\tb"
r'a\d' == 'a\\d'
'it\'s' == "it's"
'\u0041' == 'A'
'abc'.matches('^a.c$')
'xabcx'.matches('abc')
!'abc'.matches('^b')
'Abc' != 'abc'
'b' > 'abc'
'' == ''
[1, 2] + [3] == [1, 2, 3]
[] == []
[1, 2] != [2, 1]
[[1], [2]][1] == [2]
['a', 'b'][0] == 'a'
size([1, [2, 3]]) == 2
[1, 2, 3].size() == 3
3 in [1, 2, 3]
!('c' in ['a', 'b'])
[1, 2, 3].all(x, x > 0)
[].all(x, x > 0)
![].exists(x, true)
[1, 2, 2].exists_one(x, x == 1)
![1, 2, 2].exists_one(x, x == 2)
[1, 2, 3].filter(x, x % 2 == 1) == [1, 3]
[1, 2].map(x, [x, x * 10]) == [[1, 10], [2, 20]]
[[1, 2], [3]].all(a, a.exists(b, b == 3 || b == 1))
[1, 2].exists(x, [x].exists(x, x == 2))
{'a': 1, 'b': 2}['b'] == 2
{'a': 1}.a == 1
'a' in {'a': 1}
!('z' in {'a': 1})
has({'a': 1}.a)
!has({'a': 1}.b)
size({'a': 1, 'b': 2}) == 2
{'a': 1, 'b': 2}.exists(k, k == 'b')
{'a': [1, 2]}.a.exists(x, x == 2)
null == null
!(null == 1)
1 != null
int('42') == 42
int(3.9) == 3
double('1.5') == 1.5
double(2) == 2.0
string(12) == '12'
string(true) == 'true'
timestamp('2026-01-31T00:00:00Z') < timestamp('2026-02-01T00:00:00Z')
timestamp('2026-01-31T00:00:00Z') == timestamp('2026-01-31T01:00:00+01:00')
timestamp('2026-01-31T12:00:00Z') - timestamp('2026-01-31T00:00:00Z') == duration('12h')
timestamp('2026-01-31T00:00:00Z') + duration('36h') == timestamp('2026-02-01T12:00:00Z')
timestamp('2026-01-31T00:00:00Z') - duration('24h') == timestamp('2026-01-30T00:00:00Z')
duration('90m') == duration('1h30m')
duration('1h') + duration('30m') == duration('90m')
duration('1h') > duration('59m')
duration('-1h') < duration('0s')
timestamp('2026-01-31T13:14:15Z').getFullYear() == 2026
timestamp('2026-01-31T13:14:15Z').getMonth() == 0
timestamp('2026-01-31T13:14:15Z').getDate() == 31
timestamp('2026-01-31T13:14:15Z').getHours() == 13
timestamp('2026-01-31T13:14:15Z').getMinutes() == 14
timestamp('2026-01-31T13:14:15Z').getSeconds() == 15
"#;

#[test]
fn what_the_two_languages_share_gives_the_same() {
    let world = world_once();
    let mut wrong = Vec::new();
    for text in SHARED.lines().filter(|line| !line.is_empty()) {
        let ours = world.run().read(&world.compile(text), None).value;
        let theirs = cel::Program::compile(text).unwrap().execute(&cel::Context::default());
        let (Ok(Value::Bool(true)), Ok(cel::Value::Bool(true))) = (&ours, &theirs) else {
            wrong.push(format!("{text}: CEL says {theirs:?}, we say {ours:?}"));
            continue;
        };
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Regular expressions as .NET reads them, which CEL has not.
#[test]
fn dotnet_is_asked_as_dotnet_answers() {
    let world = world_once();
    let asked = [
        (r"'Windows NT 10.0 Edg/120'.matchesDotNet(r'Windows\s*NT.*Edg.*')", Truth::True),
        (r"'Windows NT 10.0 Edg/120'.matchesDotNet('edg')", Truth::False),
        (r"'x'.matchesDotNet('(')", Truth::Unknown),
        (r"'(?<n>a)\k<n>'.dotNetFault() == null", Truth::True),
        (r"'a('.dotNetFault() == null", Truth::False),
        (r"'a$b'.dotNetFault() == 'no text fits it'", Truth::True),
    ];
    for (text, expected) in asked {
        assert_eq!(world.truth(text), expected, "{text}");
    }
}

/// Where CEL stops with an error, the answer is unknown; `rules/README.md` tells the other differences.
#[test]
fn where_cel_stops_the_answer_is_unknown() {
    let world = world_once();
    let asked = [
        "1 / 0 == 1",
        "1 % 0 == 1",
        "9223372036854775807 + 1 > 0",
        "-9223372036854775807 - 2 < 0",
        "9223372036854775807 * 2 > 0",
        "[1][1] == 1",
        "int('x') == 1",
        "timestamp('2026-01-31T00:00:00Z') + duration('999999999h') > asOf",
    ];
    for text in asked {
        assert_eq!(world.truth(text), Truth::Unknown, "{text}");
    }
    // CEL stops at a key that a map has not; here it is empty, as an export's dictionary is.
    assert_eq!(world.truth("{'a': 1}.b == null"), Truth::True);
    // CEL knows hours at most.
    assert_eq!(world.truth("duration('2d') == duration('48h')"), Truth::True);
}

fn world_once() -> &'static World {
    thread_local! {
        static WORLD: &'static World = Box::leak(Box::new(world()));
    }
    WORLD.with(|world| *world)
}
