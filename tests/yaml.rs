//! YAML: `ConvertTo-Yaml`, configuration kept by hand, and scalars that other readers take for something else.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::node::{Kind, NodeRef};
use adfslint::read::{self, Document, Format};
use adfslint::source::{Encoding, Sources};

fn read_text(text: &str) -> Document {
    let mut sources = Sources::new();
    let source = sources.add_file("t.yaml".into(), text.into(), Encoding::Utf8, 0).unwrap();
    let document = read::read(&sources, source);
    assert_eq!(document.format, Format::Yaml, "{text}");
    document
}

fn text(node: NodeRef<'_>, name: &str) -> String {
    node.get(name).unwrap_or_else(|| panic!("{name}")).text().unwrap_or_default().into_owned()
}

/// YAML 1.1 makes a number of `12:30:00`, and true of `on`; the property knows better.
#[test]
fn odd_scalars_keep_their_text() {
    let document = read_text(concat!(
        "BrowserSsoEnabled: on\nKmsiEnabled: Yes\nExtranetObservationWindow: 12:30:00\nExtranetLockoutMode: 3\n",
        "LastUpdateTime: 2026-03-01\nClientId: 0123\nNotes: !!str true\nHostName: NO\nQuoted: 'true'\nOctal: 0o17\n"
    ));
    assert!(document.problems.is_empty());
    let tree = document.tree.unwrap();
    let root = tree.root().unwrap();
    for (name, kind, shown) in [
        ("BrowserSsoEnabled", Kind::Text, "on"),
        ("KmsiEnabled", Kind::Text, "Yes"),
        ("ExtranetObservationWindow", Kind::Text, "12:30:00"),
        ("ExtranetLockoutMode", Kind::Number, "3"),
        ("LastUpdateTime", Kind::Text, "2026-03-01"),
        ("ClientId", Kind::Number, "0123"),
        ("Notes", Kind::Text, "true"),
        ("HostName", Kind::Text, "NO"),
        ("Quoted", Kind::Text, "true"),
        ("Octal", Kind::Text, "0o17"),
    ] {
        assert_eq!((root.get(name).unwrap().kind(), text(root, name)), (kind, shown.into()), "{name}");
    }
}

#[test]
fn several_documents_are_a_list() {
    for file in ["---\nName: a\n---\nName: b\n...\n", "# two\nName: a\n---\nName: b\n"] {
        let tree = read_text(file).tree.unwrap();
        let names: Vec<_> = tree.root().unwrap().items().map(|item| text(item, "Name")).collect();
        assert_eq!(names, ["a", "b"]);
    }
    assert_eq!(read_text("---\nName: a\n").tree.unwrap().root().unwrap().kind(), Kind::Map);
}

/// powershell-yaml writes an alias where one object stands in two places.
#[test]
fn anchors_are_followed_and_maps_merged() {
    let document = read_text(concat!(
        "- &first\n  Name: a\n  Enabled: true\n  Identifier: &o0 [urn:a]\n",
        "- Name: b\n  <<: *first\n  Identifier: *o0\n"
    ));
    assert!(document.problems.is_empty());
    let tree = document.tree.unwrap();
    let second = tree.root().unwrap().items().nth(1).unwrap();
    assert_eq!((text(second, "Name"), text(second, "Enabled")), ("b".into(), "true".into()));
    assert_eq!(second.get("Identifier").unwrap().items().next().unwrap().text().unwrap(), "urn:a");
}

#[test]
fn aliases_that_have_no_end_or_make_too_much_are_refused() {
    let circle = read_text("Name: a\nList: &all\n- *all\n");
    assert!(circle.problems.iter().any(|problem| problem.message.contains("alias")));
    let mut doubled = "a0: &a0 [x]\n".to_owned();
    for number in 1..60 {
        doubled.push_str(&format!("a{number}: &a{number} [*a{0}, *a{0}]\n", number - 1));
    }
    let document = read_text(&doubled);
    assert!(document.problems.iter().any(|problem| problem.message == "This alias is not followed."));
    let other = read_text("Name: a\n<<: {Enabled: true}\nNotes: b\n");
    assert_eq!(other.problems.len(), 1);
    assert_eq!(text(other.tree.unwrap().root().unwrap(), "Notes"), "b");
}
