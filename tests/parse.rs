//! `adfslint parse`: trees that the schema describes, places that are right on disk, and words that read well.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods
)] // a test that cannot go on stops

use std::fs;
use std::process::{Command, Output};

use adfslint::check::native;
use adfslint::claims::words::Words;
use adfslint::claims::{self, stage::Stage};
use adfslint::pack::Pack;
use adfslint::source::Sources;
use serde_json::Value;
use tempfile::TempDir;

fn adfslint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_adfslint")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn tree(path: &str) -> Value {
    let output = adfslint(&["parse", path]);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Every node with a `span`, with what it is written as where it says so.
fn spans(node: &Value, parent: (u64, u64), found: &mut Vec<(u64, u64, Option<String>)>) {
    let span = node.get("span").map(|span| {
        let number = |key: &str| span[key].as_u64().unwrap();
        (number("byte_offset"), number("byte_end"))
    });
    if let Some((start, end)) = span {
        assert!(
            parent.0 <= start && start <= end && end <= parent.1,
            "{start}..{end} outside {parent:?}: {node}"
        );
        let written = ["written", "text"].iter().find_map(|key| node.get(*key).and_then(Value::as_str));
        found.push((start, end, written.map(str::to_owned)));
    }
    let inner = span.unwrap_or(parent);
    match node {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| *key != "span")
            .for_each(|(_, member)| spans(member, inner, found)),
        Value::Array(items) => items.iter().for_each(|item| spans(item, inner, found)),
        _ => {}
    }
}

const RULES: &str = "@RuleName = \"Grüße\"\r\nu:[Type == \"urn:first\", Properties[\"k\"] =~ \"^(?i)a\\\"] && NOT EXISTS([Issuer != \"x\"]) && count([]) >= 2\r\n => issue(Type = \"urn:full\", Value = u.Value + RegExReplace(u.Properties[\"k\"], \"<\", \"\\x22\"));\r\n=> add(store = \"HR\", types = (\"urn:a\", \"urn:b\"), query = \"q {0}\", param = \"\");\r\nu:[] => issue(claim = u);";

#[test]
fn places_are_right_on_disk() {
    let folder = TempDir::new().unwrap();
    let json = serde_json::to_string(&serde_json::json!({"Get-AdfsRelyingPartyTrust": [
        {"Name": "Payroll", "IssuanceTransformRules": RULES}]}))
    .unwrap();
    let json = json.replace("=>", "=\\u003e").replace('&', "\\u0026");
    let wide: Vec<u8> = format!("\u{feff}{RULES}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [
        ("plain.claims", RULES.as_bytes().to_vec()),
        ("marked.claims", format!("\u{feff}{RULES}").into_bytes()),
        ("wide.claims", wide),
        ("farm.json", json.into_bytes()),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, &bytes).unwrap();
        let tree = tree(path.to_str().unwrap());
        let mut found = Vec::new();
        spans(&tree["rule_sets"][0]["rules"], (0, bytes.len() as u64), &mut found);
        assert!(found.len() > 40, "{name}");
        for (start, end, written) in found {
            let raw = &bytes[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
            let Some(written) = written else { continue };
            let text = match name {
                "wide.claims" => {
                    let units: Vec<u16> =
                        raw.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
                    String::from_utf16(&units).unwrap()
                }
                "farm.json" => {
                    serde_json::from_str(&format!("\"{}\"", std::str::from_utf8(raw).unwrap())).unwrap()
                }
                _ => String::from_utf8(raw.to_vec()).unwrap(),
            };
            assert_eq!(text, written, "{name}");
        }
    }
}

#[test]
fn the_schema_describes_every_tree() {
    let schema: Value = serde_json::from_str(include_str!("../src/report/schema/claims-v1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("rules.claims"), RULES).unwrap();
    fs::write(folder.path().join("bad.claims"), "c:[Type = “urn:a”] => issue(claim = c)\nd:[ => issue(")
        .unwrap();
    fs::write(
        folder.path().join("lost.txt"),
        "Name : Payroll\nIdentifier : {urn:payroll}\nIssuanceTransformRules : c:[Type == \"urn:a...\n",
    )
    .unwrap();
    for path in ["examples/contoso-weak", "examples/contoso-hardened", folder.path().to_str().unwrap()] {
        let tree = tree(path);
        let wrong: Vec<String> =
            validator.iter_errors(&tree).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{path}: {}", wrong.join("\n"));
        assert!(!tree["rule_sets"].as_array().unwrap().is_empty());
    }
}

#[test]
fn problems_stand_beside_the_rules() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.claims");
    fs::write(&path, "c:[Type = \"urn:a\"] => issue(claim = c);\nx:[] || y:[] => issue(claim = x);\nz:[] => issue(claim = z);\n").unwrap();
    let output = adfslint(&["parse", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let tree: Value = serde_json::from_slice(&output.stdout).unwrap();
    let set = &tree["rule_sets"][0];
    assert_eq!((set["complete"].as_bool(), set["rules"].as_array().unwrap().len()), (Some(false), 2));
    let told: Vec<(&str, bool, u64, u64)> = set["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            let span = &problem["span"];
            (
                problem["code"].as_str().unwrap(),
                problem["understood"].as_bool().unwrap(),
                span["line"].as_u64().unwrap(),
                span["column"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("E006", true, 1, 9), ("E015", false, 2, 6)]);
    let words = adfslint(&["parse", "--explain", path.to_str().unwrap()]);
    assert_eq!(words.status.code(), Some(1));
    let text = String::from_utf8(words.stdout).unwrap();
    assert!(text.contains("not all of them can be told") && text.contains("2:6 "), "{text}");
}

#[test]
fn exports_and_exit_codes() {
    assert_eq!(adfslint(&["parse", "examples/contoso-hardened"]).status.code(), Some(0));
    assert_eq!(adfslint(&["parse", "no/such/file"]).status.code(), Some(3));
    assert_eq!(adfslint(&["parse"]).status.code(), Some(2));
}

#[test]
fn an_export_is_told_set_by_set() {
    let permit = "@RuleName = \"Staff\" [Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid\", Value == \"S-1-5-21-7-8-9-1104\"] => issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");";
    let farm = serde_json::json!({
        "Get-AdfsRelyingPartyTrust": [{"Name": "Payroll", "IssuanceAuthorizationRules": permit,
            "IssuanceTransformRules": "c:[] => issue(claim = c)", "AdditionalAuthenticationRules": ""}],
        "Get-AdfsClaimsProviderTrust": [{"Name": "Fabrikam", "AcceptanceTransformRules": "c:[] => issue(claim = c);"}],
        "Get-AdfsAdditionalAuthenticationRule": {"AdditionalAuthenticationRules": "=> issue(Type = \"http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod\", Value = \"http://schemas.microsoft.com/claims/multipleauthn\");"},
    });
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("farm.json");
    fs::write(&path, farm.to_string()).unwrap();
    let output = adfslint(&["parse", "--explain", path.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!("words_of_an_export", text.replace(path.to_str().unwrap(), "farm.json"));
}

/// Rules of every shape, by stage, and how they read.
#[test]
fn rules_of_every_shape_in_words() {
    let mut sources = Sources::new();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let words = Words { types: pack.vocabulary.claim_types(), book: &pack.phrases };
    let mut told = String::new();
    let mut stage = None;
    let blocks = include_str!("claims/spread.claims").split("\n\n");
    for block in blocks.map(str::trim).filter(|block| !block.is_empty()) {
        if let Some(word) = block.strip_prefix("== ") {
            stage = Stage::from_word(word);
            told.push_str(&format!("== {word}\n\n"));
            continue;
        }
        let set = claims::parse(block);
        assert!(set.problems.is_empty(), "{block}\n{:?}", set.problems);
        for placed in &set.rules {
            told.push_str(&format!("{}  {}\n\n", placed.rule, words.rule(&placed.rule, stage)));
        }
    }
    insta::assert_snapshot!("words_of_every_shape", told);
}
