//! Desired State Configuration: what a script and its MOF file say of the farm, and what they leave open.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use adfslint::node::{Kind, Lost, NodeRef};
use adfslint::read::{self, Document, Format, encoding};
use adfslint::source::Sources;

fn read_bytes(bytes: Vec<u8>) -> Document {
    let decoded = encoding::decode(bytes);
    let mut sources = Sources::new();
    let source = sources.add_file("t".into(), decoded.text, decoded.encoding, decoded.bom).unwrap();
    read::read(&sources, source)
}

fn read_file(name: &str) -> Document {
    read_bytes(std::fs::read(format!("tests/exports/desired-state/{name}")).unwrap())
}

fn find<'t>(root: NodeRef<'t>, resource: &str) -> NodeRef<'t> {
    let named = |item: &NodeRef<'_>| item.type_names().concat() == format!("AdfsDsc.{resource}");
    root.items().find(named).unwrap_or_else(|| panic!("{resource}"))
}

fn text(node: NodeRef<'_>, name: &str) -> String {
    node.get(name).unwrap_or_else(|| panic!("{name}")).text().unwrap_or_default().into_owned()
}

fn texts(node: NodeRef<'_>, name: &str) -> Vec<String> {
    node.get(name).unwrap().items().map(|item| item.text().unwrap().into_owned()).collect()
}

const RULES: &str = concat!(
    "@RuleTemplate = \"LdapClaims\"\r\n@RuleName = \"Mail\"\r\n",
    "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname\", Issuer == \"AD AUTHORITY\"]\r\n",
    "=> issue(store = \"Active Directory\", types = (\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress\", ",
    "\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name\"), query = \";mail,displayName;{0}\", param = c.Value);\r\n",
    "@RuleName = \"Cost centre\"\r\n",
    "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid\", Value =~ \"^(?i)S-1-5-21-1-2-3-2601$\"]\n",
    " => issue(Type = \"http://schemas.fabrikam.example/claims/costcentre\", Value = \"R&D's\");\r\n"
);

#[test]
fn a_script_and_its_mof_file_say_the_same() {
    for (name, format) in [("ContosoFarm.ps1", Format::DesiredState), ("STS01.mof", Format::Mof)] {
        let document = read_file(name);
        assert_eq!(document.format, format);
        let tree = document.tree.unwrap();
        let root = tree.root().unwrap();
        // There may be more in the farm.
        assert!(root.is_incomplete());
        let farm = find(root, "AdfsFarm");
        assert_eq!(text(farm, "FederationServiceDisplayName"), "Contoso 'intern'");
        assert!(farm.get("ServiceAccountCredential").is_none());
        let properties = find(root, "AdfsProperties");
        assert_eq!(properties.get("EnableExtranetLockout").unwrap().kind(), Kind::Bool(true));
        assert_eq!(properties.get("ExtranetLockoutThreshold").unwrap().kind(), Kind::Number);
        assert_eq!(texts(properties, "LogLevel"), ["Errors", "SuccessAudits", "FailureAudits"]);
        let trusts: Vec<_> =
            root.items().filter(|item| item.type_names().concat().ends_with("Trust")).collect();
        let [trust] = trusts.as_slice() else { panic!("{name}: what is to be absent is not there") };
        assert_eq!(
            texts(*trust, "Identifier"),
            ["https://expense.fabrikam.com/saml", "https://expense-dr.fabrikam.com/saml"]
        );
        let endpoint = trust.get("SamlEndpoint").unwrap().items().next().unwrap();
        assert_eq!(text(endpoint, "Uri"), "https://expense.fabrikam.com/saml/acs");
        assert_eq!(text(*trust, "IssuanceTransformRules").replace("\r\n", "\n"), RULES.replace("\r\n", "\n"));
    }
}

#[test]
fn what_only_a_run_can_tell_is_lost() {
    let document = read_file("ContosoFarm.ps1");
    let tree = document.tree.unwrap();
    let root = tree.root().unwrap();
    let kind = |resource: &str, name: &str| find(root, resource).get(name).unwrap().kind();
    assert_eq!(kind("AdfsFarm", "CertificateThumbprint"), Kind::Truncated(Lost::Unevaluated));
    assert_eq!(kind("AdfsProperties", "SSOLifetime"), Kind::Truncated(Lost::Unevaluated));
    assert_eq!(kind("AdfsRelyingPartyTrust", "Notes"), Kind::Truncated(Lost::Unevaluated));
    assert!(find(root, "AdfsContactPerson").get("TelephoneNumber").unwrap().is_incomplete());
    let told: Vec<_> = document.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(told.iter().any(|message| message.starts_with("Whether this resource is there")), "{told:?}");
    assert!(told.iter().any(|message| message.starts_with("4 values come out only")), "{told:?}");
    let others = root.items().filter(|item| !item.type_names().concat().starts_with("AdfsDsc.Adfs")).count();
    assert_eq!(others, 0);
}

/// The SID of a group stands in the directory alone.
#[test]
fn a_rule_about_a_group_leaves_its_rule_set_open() {
    let script = "Configuration A {\n Node B {\n AdfsRelyingPartyTrust C {\n Name = 'x'\n IssuanceTransformRules = @(\n \
                  MSFT_AdfsIssuanceTransformRule { TemplateName = 'EmitGroupClaims'; Name = 'g'; GroupName = 'Staff' }\n )\n }\n }\n}\n";
    let tree = read_bytes(script.into()).tree.unwrap();
    let trust = find(tree.root().unwrap(), "AdfsRelyingPartyTrust");
    assert_eq!(trust.get("IssuanceTransformRules").unwrap().kind(), Kind::Truncated(Lost::Unevaluated));
}

#[test]
fn secrets_are_not_kept() {
    let mof = concat!(
        "instance of MSFT_Credential as $C1ref\n{\n UserName = \"a\";\n Password = \"geheim\";\n};\n",
        "instance of MSFT_AdfsRelyingPartyTrust as $T1ref\n{\n ResourceID = \"[AdfsRelyingPartyTrust]A\";\n Name = \"A\";\n Other = $C1ref;\n};\n"
    );
    let tree = read_bytes(mof.into()).tree.unwrap();
    let other = find(tree.root().unwrap(), "AdfsRelyingPartyTrust").get("Other").unwrap();
    assert_eq!(other.get("Password").unwrap().kind(), Kind::Truncated(Lost::Redacted));
}

#[test]
fn files_that_are_cut_off_say_so_and_give_what_stands_before() {
    for (name, whole) in [("ContosoFarm.ps1", "AdfsProperties"), ("STS01.mof", "AdfsProperties")] {
        let bytes = std::fs::read(format!("tests/exports/desired-state/{name}")).unwrap();
        let decoded = encoding::decode(bytes).text;
        let cut = decoded.find("displayName").unwrap();
        let document = read_bytes(decoded.get(..cut).unwrap().into());
        assert!(
            document.problems.iter().any(|problem| problem.message.contains("cut off or damaged")),
            "{name}"
        );
        assert!(
            document.problems.iter().all(
                |problem| problem.severity == adfslint::finding::Severity::Note || problem.help.is_some()
            )
        );
        let tree = document.tree.unwrap();
        assert_eq!(text(find(tree.root().unwrap(), whole), "AuditLevel"), "Verbose");
    }
}

#[test]
fn nesting_mentions_and_length_are_bounded() {
    let mut doubled = "instance of MSFT_AdfsA as $a0\n{\n X = 1;\n};\n".to_owned();
    for number in 1..60 {
        doubled.push_str(&format!(
            "instance of MSFT_AdfsA as $a{number}\n{{\n X = {{$a{0}, $a{0}}};\n}};\n",
            number - 1
        ));
    }
    doubled.push_str("instance of MSFT_AdfsA as $b\n{\n X = {$b, $b};\n};\n");
    doubled.push_str("instance of MSFT_AdfsA as $c\n{\n ResourceID = \"c\";\n X = $a59;\n Y = $b;\n};\n");
    assert_eq!(read_bytes(doubled.into()).format, Format::Mof);
    for open in [
        "{",
        "(",
        "@(",
        "@{",
        "x = @( ",
        "AdfsA b { ",
        "Node b { ",
        "x = a { ",
        "'",
        "\"",
        "<#",
        "node ",
        "x ",
    ] {
        let script = format!(
            "Configuration A {{ Import-DscResource -Name AdfsDsc\nAdfsB c {{ x = {}",
            open.repeat(8_000)
        );
        assert_eq!(read_bytes(script.into()).format, Format::DesiredState);
        let script = format!("Configuration A {{ Import-DscResource -Name AdfsDsc\n{}", open.repeat(8_000));
        read_bytes(script.into());
        let mof = format!("instance of MSFT_AdfsA as $x\n{{ ResourceID = \"a\"; X = {}", open.repeat(8_000));
        assert_eq!(read_bytes(mof.into()).format, Format::Mof);
    }
    let trust = "AdfsRelyingPartyTrust A { Name = 'a'; Identifier = @('urn:a', 'urn:b') }\n".repeat(20_000);
    let tree = read_bytes(format!("Configuration A {{\n{trust}}}\n").into()).tree.unwrap();
    assert_eq!(tree.root().unwrap().items().count(), 20_000);
}
