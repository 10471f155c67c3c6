//! `Export-Csv`: what a cell says, what it has lost, and files that are damaged.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::node::{Kind, Lost, NodeRef};
use adfslint::read::{self, Document, Format};
use adfslint::source::{Encoding, Sources};

fn read_text(text: &str) -> Document {
    let mut sources = Sources::new();
    let source = sources.add_file("t.csv".into(), text.into(), Encoding::Utf8, 0).unwrap();
    let document = read::read(&sources, source);
    assert_eq!(document.format, Format::Csv, "{text}");
    document
}

fn kinds(record: NodeRef<'_>) -> Vec<(String, Kind, String)> {
    let text = |node: NodeRef<'_>| node.text().unwrap_or_default().into_owned();
    record.entries().map(|(name, value)| (text(name), value.kind(), text(value))).collect()
}

fn row(name: &str, kind: Kind, text: &str) -> (String, Kind, String) {
    (name.into(), kind, text.into())
}

#[test]
fn lists_and_objects_are_lost_and_nulls_are_told_from_empty_texts() {
    let document = read_text(concat!(
        "#TYPE Microsoft.IdentityServer.Management.Resources.RelyingPartyTrust\r\n",
        "\"Name\",\"Identifier\",\"SamlEndpoints\",\"Notes\",\"MetadataUrl\",\"Rules\"\r\n",
        "\"Payroll \"\"new\"\"\",\"System.String[]\",\"Microsoft.IdentityServer.Management.Resources.SamlEndpoint[]\",\"\",,\"a\r\nb\"\r\n",
    ));
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    let tree = document.tree.unwrap();
    let record = tree.root().unwrap().items().next().unwrap();
    assert_eq!(record.type_names(), ["Microsoft.IdentityServer.Management.Resources.RelyingPartyTrust"]);
    assert_eq!(
        kinds(record),
        [
            row("Name", Kind::Text, "Payroll \"new\""),
            row("Identifier", Kind::Truncated(Lost::Flat), "System.String[]"),
            row(
                "SamlEndpoints",
                Kind::Truncated(Lost::Flat),
                "Microsoft.IdentityServer.Management.Resources.SamlEndpoint[]"
            ),
            row("Notes", Kind::Text, ""),
            row("MetadataUrl", Kind::Null, ""),
            row("Rules", Kind::Text, "a\r\nb"),
        ]
    );
}

/// A spreadsheet, and `-UseQuotes AsNeeded`, write nothing both for a null and for an empty text.
#[test]
fn without_quotes_an_empty_cell_says_nothing() {
    for text in ["Name;Notes;Enabled\r\nPayroll;;True\r\n", "sep=;\r\nName;Notes;Enabled\r\nPayroll;;True"] {
        let document = read_text(text);
        let tree = document.tree.unwrap();
        let record = tree.root().unwrap().items().next().unwrap();
        let expected = [
            row("Name", Kind::Text, "Payroll"),
            row("Notes", Kind::Truncated(Lost::EmptyCell), ""),
            row("Enabled", Kind::Text, "True"),
        ];
        assert_eq!(kinds(record), expected);
    }
}

#[test]
fn tables_below_each_other_are_read_with_their_own_headers() {
    let document = read_text(concat!(
        "#TYPE A.B\n\"Name\",\"Notes\"\n\"a\",\"b\"\n",
        "\"Name\",\"Notes\"\n\"c\",\"d\"\n",
        "#TYPE A.C\n\"Other\";\"Thing\"\n\"e\";\"f\"\n"
    ));
    assert!(document.problems.is_empty());
    let tree = document.tree.unwrap();
    let records: Vec<_> =
        tree.root().unwrap().items().map(|record| (record.type_names(), kinds(record))).collect();
    let shown: Vec<_> = records
        .iter()
        .map(|(types, cells)| (types.concat(), cells.len(), cells.first().unwrap().2.as_str()))
        .collect();
    assert_eq!(shown, [("A.B".into(), 2, "a"), ("A.B".into(), 2, "c"), ("A.C".into(), 2, "e")]);
}

#[test]
fn damaged_files_are_read_as_far_as_they_go() {
    let header = "\"Name\",\"Notes\",\"Rules\"\r\n\"a\",\"b\",\"c\"\r\n";
    for (tail, message, lost) in [
        ("\"d\",\"e", "The text that begins here is not closed.", 2),
        ("\"d\",\"e\"\r\n", "This record has 2 cells, and the header 3.", 1),
        ("\"d\",\"e\",\"f\",\"g\"\r\n", "This record has 4 cells, and the header 3.", 3),
        ("\"d\",\"e\" x,\"f\"\r\n", "The text that begins here is not closed.", 1),
    ] {
        let document = read_text(&format!("{header}{tail}"));
        let [problem] = document.problems.as_slice() else { panic!("{:?}", document.problems) };
        assert_eq!(problem.message, message);
        assert!(problem.help.is_some());
        let tree = document.tree.unwrap();
        assert!(tree.root().unwrap().is_incomplete());
        let second = tree.root().unwrap().items().nth(1).unwrap();
        let gone =
            second.entries().filter(|(_, value)| value.kind() == Kind::Truncated(Lost::Damaged)).count();
        assert_eq!(gone, lost, "{tail}");
    }
}

/// `Get-AdfsAdditionalAuthenticationRule | Export-Csv` of Windows PowerShell.
#[test]
fn the_length_of_a_text_is_no_text() {
    let document = read_text("#TYPE System.String\r\n\"Length\"\r\n\"812\"\r\n");
    assert!(document.problems.iter().any(|problem| problem.message.contains("the length of a text")));
}

#[test]
fn a_huge_file_is_read_in_time() {
    let record = "\"a\",\"System.String[]\",,\"=> issue(Type = \"\"urn:a\"\", Value = \"\"b\"\");\"\r\n"
        .repeat(20_000);
    let document = read_text(&format!("\"Name\",\"Identifier\",\"Notes\",\"Rules\"\r\n{record}"));
    assert_eq!(document.tree.unwrap().root().unwrap().items().count(), 20_000);
    let quotes = format!("\"Name\",\"Notes\"\r\n{}", "\"".repeat(400_001));
    read_text(&quotes);
    let bare = format!("\"Name\",\"Notes\"\r\n{}", ",".repeat(200_000));
    read_text(&bare);
}
