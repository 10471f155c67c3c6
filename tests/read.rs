//! Readers: JSON against `serde_json`, places of every token, and nothing that makes them panic.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)] // a test that cannot go on stops

use adfslint::claims;
use adfslint::node::{Kind, NodeRef, Tree};
use adfslint::read::{self, Document, Format};
use adfslint::source::{Encoding, Sources};
use proptest::prelude::*;
use serde_json::{Map, Value};

fn read_text(text: &str) -> (Sources, Document) {
    let mut sources = Sources::new();
    let source = sources.add_file("t".into(), text.into(), Encoding::Utf8, 0).unwrap();
    let document = read::read(&sources, source);
    (sources, document)
}

fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(value),
        Kind::Number => serde_json::from_str(&node.text().unwrap()).unwrap(),
        Kind::List => node.items().map(value).collect(),
        Kind::Map => Value::Object(
            node.entries()
                .map(|(key, inside)| (key.text().unwrap().into_owned(), value(inside)))
                .collect::<Map<_, _>>(),
        ),
        Kind::Bytes => node.bytes().unwrap().into_iter().map(Value::from).collect(),
        _ => Value::String(node.text().unwrap().into_owned()),
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        (-1e9f64..1e9).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::String),
        "[\"\\\\/\u{1}\r\n\t<>&'é𝄞]{0,8}".prop_map(Value::String),
        Just(Value::String("System.Object[]".into())),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map("\\PC{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The raw text of every token decodes to the token's text, and a place inside the text leads to the same characters.
fn check_places(tree: &Tree, text: &str) {
    for index in 0..u32::try_from(tree.len()).unwrap() {
        let node = tree.node(index).unwrap();
        if !matches!(node.kind(), Kind::Text | Kind::Truncated(_)) {
            continue;
        }
        let span = node.span();
        let raw = &text[span.start as usize..span.end as usize];
        let decoded: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
        assert_eq!(node.text().unwrap(), decoded);
        let with_map = node.decoded().unwrap();
        assert_eq!(with_map.text, decoded);
        for (at, character) in decoded.char_indices() {
            let (start, end) = (at as u32, (at + character.len_utf8()) as u32);
            let part = &raw[with_map.map.raw_start(start) as usize..with_map.map.raw_end(end) as usize];
            let one: String = serde_json::from_str(&format!("\"{part}\"")).unwrap_or_default();
            // A character beyond the basic plane is written as two escapes, which belong together.
            assert!(one.contains(character), "{character:?} is written {part:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_is_read_as_serde_json_reads_it(wanted in json(), pretty in any::<bool>(), ascii in any::<bool>()) {
        prop_assume!(wanted.is_array() || wanted.is_object());
        let text = if pretty { serde_json::to_string_pretty(&wanted).unwrap() } else { wanted.to_string() };
        let text = if ascii { escape(&text) } else { text };
        let (_sources, document) = read_text(&text);
        prop_assume!(document.format == Format::Json);
        prop_assert!(document.problems.is_empty(), "{:?}", document.problems);
        let tree = document.tree.unwrap();
        prop_assert_eq!(value(tree.root().unwrap()), wanted);
        check_places(&tree, &text);
    }

    #[test]
    fn nothing_makes_a_reader_panic(text in "\\PC{0,200}") {
        read_text(&text);
    }

    /// Exports with a piece missing or doubled.
    #[test]
    fn damaged_exports_are_read_as_far_as_they_go(which in 0usize..7, from in 0usize..6000, length in 0usize..60, double in any::<bool>()) {
        let exports = [
            include_str!("exports/one-farm/csv/Get-AdfsProperties.csv"),
            include_str!("exports/desired-state/ContosoFarm.ps1"),
            include_str!("exports/one-farm/yaml/Get-AdfsProperties.yaml"),
            include_str!("exports/one-farm/json7/both.json"),
            include_str!("exports/one-farm/clixml/Get-AdfsRelyingPartyTrust.xml"),
            include_str!("exports/one-farm/list-79/Get-AdfsRelyingPartyTrust.txt"),
            "asOf: 2026-03-01\nnodes:\n  - {name: a, role: sts}\n  - name: b\n    os: 2022\n",
        ];
        let whole = exports[which];
        let cut = |at: usize| (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        let (start, end) = (cut(from), cut(from + length));
        let damaged = if double {
            format!("{}{}", &whole[..end], &whole[start..])
        } else {
            format!("{}{}", &whole[..start], &whole[end..])
        };
        let (sources, document) = read_text(&damaged);
        for problem in &document.problems {
            prop_assert!(problem.span.end as usize <= damaged.len());
            sources.position(problem.span.source, problem.span.start);
        }
    }

    #[test]
    fn claim_rules_never_panic_and_stay_in_their_text(text in "[a-z@:=>&\\[\\]();,.\"“”!~| \n#/]{0,120}") {
        let set = claims::parse(&text);
        for problem in &set.problems {
            prop_assert!(problem.range.0 <= problem.range.1 && problem.range.1 as usize <= text.len(), "{:?}", problem);
        }
        for rule in &set.rules {
            prop_assert!((rule.offset + rule.length) as usize <= text.len());
        }
    }
}

/// Every character beyond ASCII, and those that PowerShell escapes, as `\uXXXX`.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_ascii() && !matches!(character, '<' | '>' | '&' | '\'') {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

#[test]
fn formats_are_told_by_content() {
    let many = ", Value != \"another value\"".repeat(4_000);
    let long_rule = format!("c:[Type == \"urn:a\"{many}] => issue(claim = c);");
    for (text, expected) in [
        ("{\"a\": 1}", Format::Json),
        ("[\r\n    {\r\n", Format::Json),
        ("[Type == \"urn:a\"] => issue(Type = \"urn:b\", Value = \"c\");", Format::ClaimRules),
        ("c:[Type == \"urn:a\"]\r\n => issue(claim = c);", Format::ClaimRules),
        ("@RuleName = \"x\"\n=> issue(Type = \"urn:b\", Value = \"c\");", Format::ClaimRules),
        (&long_rule, Format::ClaimRules),
        ("<Objs Version=\"1.1.0.1\"", Format::Clixml),
        ("\r\n\r\nHostName  : sts\r\nHttpPort  : 80\r\n", Format::FormatList),
        (
            "AdditionalAuthenticationRules : => issue(Type = \"urn:b\", Value = \"c\");\r\n",
            Format::FormatList,
        ),
        (
            "SSL Certificate bindings:\r\n\r\n    IP:port                      : 0.0.0.0:443\r\n",
            Format::Netsh,
        ),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", Format::Certificate),
        ("asOf: 2026-03-01\n", Format::Yaml),
        ("#TYPE Microsoft.X\r\n\"A\",\"B\"\r\n", Format::Csv),
        ("\"Name\";\"Enabled\"\r\n\"a\";\"True\"\r\n", Format::Csv),
        ("\"=> issue(claim = c);\"", Format::Json),
        (
            "\"AdditionalAuthenticationRules\": \"=> issue(Type = \\\"a\\\", Value = \\\"b\\\");\"\n",
            Format::Yaml,
        ),
        ("AdditionalAuthenticationRules: => issue(Type = 'a', Value = 'b');\n", Format::Yaml),
        ("Get-AdfsProperties:\n  HostName: sts.contoso.com\n  BrowserSsoEnabled: false\n", Format::Yaml),
        ("/*\r\n@TargetNode='STS01'\r\n*/\r\ninstance of MSFT_AdfsFarm as $A1ref\r\n{\r\n", Format::Mof),
        (
            "# our farm\nconfiguration Farm\n{\n    Import-DscResource -ModuleName AdfsDsc\n",
            Format::DesiredState,
        ),
        ("Windows Registry Editor Version 5.00\r\n", Format::Registry),
        ("", Format::Empty),
        ("Dear colleague", Format::Text),
    ] {
        assert_eq!(read_text(text).1.format, expected, "{text}");
    }
}

#[test]
fn several_json_values_are_a_list() {
    let (_sources, document) = read_text("{\"a\": 1}\n{\"a\": 2}\n");
    let tree = document.tree.unwrap();
    assert_eq!(value(tree.root().unwrap()), serde_json::json!([{"a": 1}, {"a": 2}]));
}

#[test]
fn clixml_knows_types_enums_references_and_escapes() {
    let text = concat!(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">",
        "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Deserialized.A.B</T><T>System.Object</T></TN><Props>",
        "<S N=\"Text\">a_x000D__x000A_b &lt;c&gt; _x005F_x000D_</S><Nil N=\"Nothing\" /><B N=\"Yes\">true</B>",
        "<Obj N=\"Mode\" RefId=\"1\"><TN RefId=\"1\"><T>M</T><T>System.Enum</T></TN><ToString>Enforce</ToString><I32>4</I32></Obj>",
        "<Obj N=\"List\" RefId=\"2\"><TN RefId=\"2\"><T>System.String[]</T></TN><LST><S>x</S><S>y</S></LST></Obj>",
        "<Ref N=\"Same\" RefId=\"2\" /><Obj N=\"Cut\" RefId=\"3\"><TNRef RefId=\"0\" /><ToString>A.B</ToString></Obj>",
        "</Props></Obj></Objs>"
    );
    let (_sources, document) = read_text(text);
    assert!(document.problems.is_empty());
    let tree = document.tree.unwrap();
    let object = tree.root().unwrap().items().next().unwrap();
    assert_eq!(object.type_names(), ["A.B", "System.Object"]);
    assert_eq!(object.get("Text").unwrap().text().unwrap(), "a\r\nb <c> _x000D_");
    assert_eq!(object.get("Nothing").unwrap().kind(), Kind::Null);
    assert_eq!(object.get("Yes").unwrap().kind(), Kind::Bool(true));
    assert_eq!(object.get("Mode").unwrap().kind(), Kind::Enum);
    assert_eq!(object.get("Mode").unwrap().text().unwrap(), "Enforce");
    assert_eq!(object.get("Same").unwrap().items().count(), 2);
    assert!(matches!(object.get("Cut").unwrap().kind(), Kind::Truncated(_)));
}

/// Nodes of a tree with every mention followed.
fn nodes(node: NodeRef<'_>) -> u64 {
    1 + node.items().map(nodes).sum::<u64>() + node.entries().map(|(_, value)| nodes(value)).sum::<u64>()
}

/// Mentions of earlier objects cost nothing to write, and must not cost more than that to read.
#[test]
fn clixml_mentions_in_circles_and_by_the_thousand_end() {
    let open = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">";
    let circle =
        format!("{open}<Obj RefId=\"0\"><LST>{}</LST></Obj></Objs>", "<Ref RefId=\"0\" />".repeat(1000));
    let mut doubled = format!("{open}<Obj RefId=\"0\"><LST><S>a</S></LST></Obj>");
    for number in 1..60 {
        let mention = format!("<Ref RefId=\"{}\" />", number - 1);
        doubled.push_str(&format!("<Obj RefId=\"{number}\"><LST>{mention}{mention}</LST></Obj>"));
    }
    doubled.push_str("</Objs>");
    let types: String = (0..70_000)
        .map(|n| {
            format!(
                "<Obj RefId=\"{n}\"><TN RefId=\"{n}\"><T>A{n}</T></TN><Props><S N=\"A\">b</S></Props></Obj>"
            )
        })
        .collect();
    let types = format!("{open}{types}</Objs>");
    for (text, most) in [(circle, 2_000), (doubled, 1 << 26), (types, 1 << 20)] {
        let (_sources, document) = read_text(&text);
        let tree = document.tree.unwrap();
        assert!(nodes(tree.root().unwrap()) < most);
    }
}

#[test]
fn an_object_that_mentions_the_one_around_it_is_cut_there() {
    let text = concat!(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><Props>",
        "<S N=\"Name\">a</S><Obj N=\"List\" RefId=\"1\"><LST><Ref RefId=\"0\" /></LST></Obj><Ref N=\"Again\" RefId=\"1\" />",
        "</Props></Obj></Objs>"
    );
    let (_sources, document) = read_text(text);
    let tree = document.tree.unwrap();
    let object = tree.root().unwrap().items().next().unwrap();
    for name in ["List", "Again"] {
        let inside = object.get(name).unwrap().items().next().unwrap();
        assert!(matches!(inside.kind(), Kind::Truncated(_)), "{name}");
    }
}

/// Members may stand before or behind the items of a collection, the entries of a dictionary, or a text.
#[test]
fn clixml_collections_and_texts_with_members_of_their_own() {
    let text = concat!(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><Props>",
        "<Obj N=\"First\" RefId=\"1\"><Props><I32 N=\"Capacity\">4</I32></Props><LST><S>x</S><S>y</S></LST></Obj>",
        "<Obj N=\"Last\" RefId=\"2\"><LST><S>x</S></LST><MS><S N=\"PSComputerName\">sts</S></MS></Obj>",
        "<Obj N=\"Names\" RefId=\"3\"><Props><I32 N=\"Count\">1</I32></Props><DCT><En><S N=\"Key\">a</S><S N=\"Value\">b</S></En></DCT>",
        "<MS><S N=\"PSComputerName\">sts</S></MS></Obj>",
        "<Obj N=\"Text\" RefId=\"4\"><MS><S N=\"PSPath\">p</S></MS><S>words</S></Obj><S N=\"After\">z</S>",
        "</Props></Obj></Objs>"
    );
    let (_sources, document) = read_text(text);
    assert!(document.problems.is_empty());
    let tree = document.tree.unwrap();
    let object = tree.root().unwrap().items().next().unwrap();
    let items = |name: &str| {
        object.get(name).unwrap().items().map(|item| item.text().unwrap().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!((items("First"), items("Last")), (vec!["x".to_owned(), "y".to_owned()], vec!["x".to_owned()]));
    let names: Vec<_> =
        object.get("Names").unwrap().entries().map(|(name, _)| name.text().unwrap()).collect();
    assert_eq!(names, ["a"]);
    assert_eq!(object.get("Text").unwrap().text().unwrap(), "words");
    assert_eq!(object.get("After").unwrap().text().unwrap(), "z");
}
