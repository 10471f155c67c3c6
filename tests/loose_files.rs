//! Files that no command of AD FS prints: dumps of the database, policies by themselves, backups; and exports of which no
//! rule asks anything. Each is read, or says why not.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use adfslint::check::{Options, native};
use adfslint::node::{Kind, Lost, NodeRef};
use adfslint::pack::Pack;
use adfslint::pack::condition::functions::timestamp;
use adfslint::read::{self, Document, Format};
use adfslint::report::pretty::{self, Style};
use adfslint::report::{Report, json, sarif};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};

fn read_text(name: &str, text: &str) -> Document {
    let mut sources = Sources::new();
    let source = sources.add_file(name.into(), text.into(), Encoding::Utf8, 0).unwrap();
    read::read(&sources, source)
}

fn check(name: &str, text: &str) -> (Report, Sources) {
    let mut sources = Sources::new();
    let source = sources.add_file(name.into(), text.into(), Encoding::Utf8, 0).unwrap();
    let pack = Pack::load(&mut sources, &[], &native::names()).unwrap();
    let options = Options {
        as_of: timestamp("2026-03-01").unwrap(),
        as_of_is_given: true,
        only: Vec::new(),
        every_verdict: true,
    };
    let report = lint(&mut sources, &[Text { source, role: Role::Export }], &pack, &options);
    (report, sources)
}

fn text(node: NodeRef<'_>, name: &str) -> String {
    node.get(name).unwrap_or_else(|| panic!("{name}")).text().unwrap_or_default().into_owned()
}

const DUMP: &str = include_str!("exports/adfsdump.txt");

#[test]
fn trusts_of_a_database_are_read_as_far_as_the_dump_shows_them() {
    let document = read_text("dump.txt", DUMP);
    assert_eq!(document.format, Format::Database);
    let tree = document.tree.unwrap();
    let list = tree.root().unwrap().get("RelyingPartyTrust").unwrap();
    assert!(list.is_incomplete());
    let trusts: Vec<_> = list.items().collect();
    let [expense, wiki] = trusts.as_slice() else { panic!("{}", trusts.len()) };
    assert_eq!((text(*expense, "Name"), text(*wiki, "Name")), ("Fabrikam Expense".into(), "Wiki".into()));
    assert_eq!((text(*expense, "Enabled"), text(*wiki, "Enabled")), ("True".into(), "False".into()));
    assert!(text(*expense, "IssuanceTransformRules").ends_with("Value = c.Value);"));
    assert_eq!(text(*wiki, "WSFedEndpoint"), "https://wiki.contoso.com/");
    // One identifier of several, one endpoint of several.
    assert!(
        expense.get("Identifier").unwrap().is_incomplete()
            && expense.get("SamlEndpoints").unwrap().is_incomplete()
    );
    assert!(text(expense.get("ResultantPolicy").unwrap(), "Serialized").ends_with("</PolicyMetadata>"));
    assert_eq!(
        expense.get("IssuanceAuthorizationRules").unwrap().kind(),
        Kind::Truncated(Lost::CollectorError)
    );
    assert!(wiki.get("IssuanceAuthorizationRules").is_none() && wiki.get("ResultantPolicy").is_none());
    for cut in (0..DUMP.len()).step_by(97).filter(|cut| DUMP.is_char_boundary(*cut)) {
        read_text("dump.txt", DUMP.get(..cut).unwrap());
    }
}

/// Whoever has both keys can sign in as anybody.
#[test]
fn keys_in_a_dump_are_told_and_never_shown() {
    let (report, sources) = check("dump.txt", DUMP);
    assert!(report.findings.iter().any(|finding| finding.message.contains("token-signing key")));
    let style = Style { color: false, unicode: true, width: 100, verbose: true };
    for written in [
        pretty::write(&report, &sources, style),
        json::write(&report, &sources).unwrap(),
        sarif::write(&report, &sources).unwrap(),
    ] {
        assert!(!written.contains("AAAAAQAAAAA") && !written.contains("9C-2F-0F"));
    }
}

const POLICY: &str = "<PolicyMetadata xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><IssuanceAuthorizationRules><Rule>\
    <Conditions><Condition i:type=\"AlwaysCondition\"><Operator>IsPresent</Operator><Values /></Condition></Conditions></Rule>\
    </IssuanceAuthorizationRules></PolicyMetadata>";

#[test]
fn a_policy_by_itself_is_called_like_its_file() {
    for text in [POLICY.to_owned(), format!("<?xml version=\"1.0\"?>\r\n{POLICY}\r\n")] {
        let document = read_text("policies/Permit staff.xml", &text);
        assert_eq!((document.format, document.problems.len()), (Format::Policy, 0));
        let tree = document.tree.unwrap();
        let list = tree.root().unwrap().get("AccessControlPolicy").unwrap();
        let policy = list.items().next().unwrap();
        assert!(list.is_incomplete());
        assert_eq!(self::text(policy, "Name"), "Permit staff");
        assert_eq!(self::text(policy.get("PolicyMetadata").unwrap(), "Serialized"), POLICY);
    }
    let cut = read_text("a.xml", POLICY.get(..120).unwrap());
    assert!(cut.problems.iter().any(|problem| problem.message.contains("cut off") && problem.help.is_some()));
}

#[test]
fn a_data_file_leads_to_what_becomes_of_it() {
    let document = read_text("Farm.psd1", "@{\r\n    AllNodes = @(@{ NodeName = 'sts01' })\r\n}\r\n");
    let told: Vec<_> = document.problems.iter().filter_map(|problem| problem.help.as_deref()).collect();
    assert_eq!(told, ["Run the script, and check the MOF files that it writes."]);
}

#[test]
fn a_backup_says_that_it_is_one() {
    let mut sources = Sources::new();
    let path = "backup/adfsBackup_1a2b_2026-02-28-09-12-00/Configuration.bin";
    let source = sources.add_file(path.into(), String::new(), Encoding::Utf8, 0).unwrap();
    let told = read::binary(&sources, source).problems;
    assert!(told.iter().all(|problem| problem.message.contains("Rapid Restore") && problem.message.contains("encrypted")));
}

#[test]
fn what_no_rule_asks_for_is_said_to_be_that() {
    for (name, text) in [
        (
            "themes.txt",
            "PS C:\\> Get-AdfsWebTheme\r\n\r\nName           : Default\r\nIsBuiltinTheme : True\r\n",
        ),
        ("Get-AdfsWebTheme.json", "[{\"Name\": \"Default\", \"IsBuiltinTheme\": true}]"),
    ] {
        let (report, _) = check(name, text);
        let notes: Vec<_> = report.coverage.files.iter().flat_map(|row| row.notes.clone()).collect();
        assert_eq!(notes, ["no rule asks for what Get-AdfsWebTheme prints"], "{name}");
    }
}
