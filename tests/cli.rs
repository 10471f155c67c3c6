//! The program from outside: exit codes, and what it does with input that is broken.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn adfslint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_adfslint")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn code(arguments: &[&str]) -> i32 {
    adfslint(arguments).status.code().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const GOOD: &str = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "IgnoreTokenBinding": true, "CurrentFarmBehavior": 4}}"#;
const BAD: &str = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "IgnoreTokenBinding": false, "CurrentFarmBehavior": 3}}"#;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn path(folder: &TempDir) -> String {
    folder.path().to_str().unwrap().to_owned()
}

#[test]
fn exit_codes() {
    let good = folder(&[("p.json", GOOD.as_bytes())]);
    let bad = folder(&[("p.json", BAD.as_bytes())]);
    let (good, bad) = (path(&good), path(&bad));
    assert_eq!(code(&["check", &good, "--rule", "TB001"]), 0);
    assert_eq!(code(&["check", &bad, "--rule", "TB001"]), 1);
    assert_eq!(code(&["check", &bad, "--rule", "token-binding-left-on", "--fail-on", "error"]), 0);
    assert_eq!(code(&["check", &bad, "--rule", "TB001", "--fail-on", "none"]), 0);
    assert_eq!(code(&["check", &good, "--rule", "SSO001", "--fail-on-unknown"]), 4);
    assert_eq!(code(&["check", &bad, "--rule", "TB001", "--rule", "SSO001", "--fail-on-unknown"]), 1);
    assert_eq!(code(&["check", &good, "--rule", "TB01"]), 2);
    assert_eq!(code(&["check", &good, "--as-of", "yesterday"]), 2);
    assert_eq!(code(&["check"]), 2);
    assert_eq!(code(&["check", "no/such/file"]), 3);
    assert_eq!(code(&["check", &good, "no/such/file"]), 3);
    assert_eq!(code(&["explain", "TB001"]), 0);
    assert_eq!(code(&["explain", "TB999"]), 2);
    assert_eq!(code(&["rules"]), 0);
    assert_eq!(code(&["--help"]), 0);
    assert_eq!(code(&["--version"]), 0);
}

#[test]
fn a_wrong_rule_name_gets_a_suggestion() {
    let output = adfslint(&["explain", "token-binding-left-onn"]);
    assert!(said(&output).contains("Did you mean token-binding-left-on?"), "{}", said(&output));
}

#[test]
fn standard_input_is_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_adfslint"))
        .args(["check", "-", "--rule", "TB001", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(BAD.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.pointer("/findings/0/primary/file").unwrap(), "<stdin>");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ["pretty", "json", "sarif"] {
        let arguments = ["check", "examples/contoso-weak", "--as-of", "2026-03-01", "--format", format];
        assert_eq!(adfslint(&arguments).stdout, adfslint(&arguments).stdout, "{format}");
    }
}

#[test]
fn severity_filters_hide_and_count() {
    let output = adfslint(&[
        "check",
        "examples/contoso-weak",
        "--as-of",
        "2026-03-01",
        "--min-severity",
        "error",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.pointer("/summary/warning").unwrap(), 0);
    assert!(report.pointer("/summary/hidden").unwrap().as_u64().unwrap() > 10);
}

#[test]
fn a_pack_of_ones_own_is_added() {
    let arguments =
        ["check", "examples/contoso-weak", "--pack", "examples/own-pack/rules", "--rule", "ACME001"];
    let output = adfslint(&arguments);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("Nobody is named as owner of "), "{}", said(&output));
    assert!(said(&output).contains("HR portal"), "{}", said(&output));
}

/// What nobody can tell is computed as far as it goes, so that the administrator can compare.
#[test]
fn the_room_for_lockout_is_computed_where_nobody_says_what_is_free() {
    let properties = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "CurrentFarmBehavior": 4, "ExtranetLockoutEnabled": true,
        "ExtranetLockoutMode": 4, "ArtifactDbConnection": "Data Source=SQL01;Initial Catalog=AdfsArtifactStore"}}"#;
    let farm = folder(&[
        ("p.json", properties.as_bytes()),
        ("adfslint.facts.yaml", b"users: {population: 450000}\n"),
    ]);
    let output = adfslint(&["check", &path(&farm), "--rule", "ESL001"]);
    assert!(said(&output).contains("ESL001: 450000 users may need 4.5 GB"), "{}", said(&output));
    let output = adfslint(&["check", &path(&farm), "--rule", "ESL001", "--format", "json"]);
    assert!(said(&output).contains("\"450000 users may need 4.5 GB"), "{}", said(&output));
}

/// Everything that walks a condition recurses: chains of every kind are bounded, also through definitions.
#[test]
fn a_condition_cannot_exhaust_the_stack() {
    let rule = fs::read_to_string("examples/own-pack/rules/acme/trust-without-owner.yaml").unwrap();
    let line = rule.lines().find(|line| line.starts_with("expect:")).unwrap();
    let chains = [
        "!".repeat(60_000) + "true",
        "- ".repeat(30_000) + "1 == 1",
        "1 + ".repeat(16_000) + "1 == 2",
        "1 < ".repeat(16_000) + "2",
        format!("self.Name{} == 'x'", ".trim()".repeat(9_000)),
        format!("self.Name{} == 'x'", "[0]".repeat(20_000)),
        format!("{}self.Enabled{}", "(".repeat(59), " == true)".repeat(59)) + &" == true".repeat(180),
    ];
    for chain in chains {
        let text = rule.replace(line, &format!("expect: \"{chain}\""));
        let pack = folder(&[("trust-without-owner.yaml", text.as_bytes())]);
        let output = adfslint(&["rules", "--pack", &path(&pack)]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("chains more than"), "{}", said(&output));
    }
    let mut named = String::from("- {name: d0, about: x, is: 'true'}\n");
    for number in 1..5_000 {
        named.push_str(&format!("- {{name: d{number}, about: x, is: '!d{}'}}\n", number - 1));
    }
    let pack =
        folder(&[("trust-without-owner.yaml", rule.as_bytes()), ("definitions.yaml", named.as_bytes())]);
    let output = adfslint(&["rules", "--test", "--pack", &path(&pack)]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn the_examples_of_a_pack_are_run() {
    let own = adfslint(&["rules", "--test", "--pack", "examples/own-pack/rules"]);
    assert!(own.status.success() && said(&own).contains(" examples hold (rules: "), "{}", said(&own));
    let rule = fs::read_to_string("examples/own-pack/rules/acme/trust-without-owner.yaml").unwrap();
    let wrong = folder(&[(
        "trust-without-owner.yaml",
        rule.replacen("Notes: \"\"", "Notes: 'owner: jo@acme.example'", 1).as_bytes(),
    )]);
    let output = adfslint(&["rules", "--test", "--pack", &path(&wrong)]);
    assert_eq!(output.status.code(), Some(1));
    let told = said(&output);
    assert!(told.contains("1 of 3 examples do not hold (rules: 1).\n"), "{told}");
    assert!(told.contains("under fails does not hold") && told.contains("It gives 1 pass."), "{told}");
    assert!(told.contains("trust-without-owner.yaml:"), "{told}");
}

#[test]
fn changes_that_no_example_notices_are_told() {
    let own = adfslint(&["rules", "--test", "--flips", "--pack", "examples/own-pack/rules"]);
    assert!(own.status.success() && said(&own).starts_with("0 of "), "{}", said(&own));
    let rule = fs::read_to_string("examples/own-pack/rules/acme/trust-without-owner.yaml").unwrap();
    let wider = rule.replace("[^ ]+')\"", "[^ ]+') && size(self.Name) >= 0\"");
    assert_ne!(rule, wider);
    let output = adfslint(&[
        "rules",
        "--test",
        "--flips",
        "--pack",
        &path(&folder(&[("trust-without-owner.yaml", wider.as_bytes())])),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("ACME001: `>=` became `>`: size(self.Name) >= 0"), "{}", said(&output));
}

/// Broken input of every kind: what it must say, and with which code it must end. A good file beside it is checked
/// all the same.
#[test]
fn broken_input_is_told_and_loses_nothing() {
    let deep = "[".repeat(100_000);
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Objs><S>&b;</S></Objs>"#;
    let half = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n<Obj RefId=\"0\"><TN RefId=\"0\"><T>Microsoft.IdentityServer.Management.Resources.RelyingPartyTrust</T></TN><Props><S N=\"Name\">Pay";
    let long = format!("{{\"Get-AdfsWebConfig\": {{\"ActiveThemeName\": \"{}\"", "x".repeat(5_000_000));
    let cases: [(&str, &[u8], &str); 9] = [
        ("truncated.json", br#"{"Get-AdfsProperties": {"HostName": "sts", "SsoLife"#, "is not closed"),
        ("half.xml", half.as_bytes(), "The file ends in the middle of an object"),
        ("binary.bin", &[0, 1, 2, 3, 0xff, 0, 0, 7, 9], "not text"),
        ("empty.json", b"", "The file is empty"),
        ("deep.json", deep.as_bytes(), "nested more than 256 deep"),
        ("bomb.xml", bomb.as_bytes(), "document type definition"),
        ("long.json", long.as_bytes(), "ends in the middle"),
        ("page.txt", b"Dear colleague,\nhere is nothing of interest.\n", "no AD FS configuration"),
        ("table.txt", b"Name      Enabled Identifier\n----      ------- ----------\nPayroll   True    {https://pay...}\n", "Format-Table"),
    ];
    for (name, bytes, expected) in cases {
        let folder = folder(&[(name, bytes), ("good.json", BAD.as_bytes())]);
        let output = adfslint(&["check", &path(&folder)]);
        let text = said(&output);
        assert!(text.contains(expected), "{name}: {}", text.chars().take(3000).collect::<String>());
        assert!(text.contains("TB001"), "{name}: the good file is not checked");
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(text.lines().all(|line| line.chars().count() < 4000), "{name}: an endless line");
    }
}

#[test]
fn folders_without_exports_and_links_in_a_circle() {
    let empty = TempDir::new().unwrap();
    let output = adfslint(&["check", &path(&empty)]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("holds no exports"), "{}", said(&output));

    let nothing = folder(&[("page.txt", b"nothing of interest\n")]);
    assert_eq!(code(&["check", &path(&nothing)]), 3);
}

#[cfg(unix)]
#[test]
fn a_link_in_a_circle_is_told_and_the_rest_is_checked() {
    let circle = folder(&[("good.json", BAD.as_bytes())]);
    std::os::unix::fs::symlink(circle.path(), circle.path().join("again")).unwrap();
    std::os::unix::fs::symlink(Path::new("/no/such/place"), circle.path().join("dangling.json")).unwrap();
    let output = adfslint(&["check", &path(&circle)]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("leads back") && text.contains("TB001"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let locked = folder(&[("locked.json", GOOD.as_bytes()), ("good.json", BAD.as_bytes())]);
    let file = locked.path().join("locked.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    // Nothing is locked for the superuser.
    if fs::read(&file).is_ok() {
        return;
    }
    let output = adfslint(&["check", &path(&locked)]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("may not be read") && said(&output).contains("TB001"));
}

#[test]
fn archives_are_opened() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    archive.start_file("farm/p.json", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(BAD.as_bytes()).unwrap();
    archive.finish().unwrap();
    let folder = folder(&[("farm.zip", bytes.get_ref())]);
    let output = adfslint(&["check", &path(&folder), "--rule", "TB001", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = report.pointer("/findings/0/primary/file").unwrap().as_str().unwrap();
    assert!(file.ends_with("farm.zip!/farm/p.json"), "{file}");

    let broken = self::folder(&[("broken.zip", b"PK\x03\x04 and nothing more")]);
    assert_eq!(code(&["check", &path(&broken)]), 3);
}

/// A name from the directory may hold anything; a terminal must not obey it.
#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let name = "Pay\\u001b[2Jroll\\u202e\\u0007";
    let text = format!(
        r#"{{"Get-AdfsRelyingPartyTrust": [{{"Name": "{name}", "Enabled": true, "SignatureAlgorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}}]}}"#
    );
    let folder = folder(&[("t.json", text.as_bytes())]);
    let output = adfslint(&["check", &path(&folder), "--rule", "TRUST001"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("TRUST001"));
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
}

#[test]
fn a_hostile_name_forges_neither_a_line_nor_a_command() {
    let name = r#"Evil\nerror[TB001] forged\n  fix: Remove-AdfsFarm\u2028$(Stop-Service adfssrv)\u201d; \"x"#;
    let export = format!(
        r#"{{"Get-AdfsRelyingPartyTrust":[{{"Name":"{name}","Identifier":["urn:1"],"Enabled":true,
        "SignatureAlgorithm":"http://www.w3.org/2000/09/xmldsig#rsa-sha1"}}]}}"#
    );
    let folder = folder(&[("export.json", export.as_bytes())]);
    let shown = said(&adfslint(&["check", "--rule", "TRUST001", "--color", "never", &path(&folder)]));
    let remedy = shown.lines().find(|line| line.contains("fix: Set-")).unwrap();
    assert!(
        remedy
            .contains("`n  fix: Remove-AdfsFarm$([char]8232)`$(Stop-Service adfssrv)`\u{201d}; `\"x\" -Sig"),
        "{remedy}"
    );
    let forged =
        |line: &&str| line.starts_with("error[TB001]") || line.trim_start().starts_with("fix: Remove");
    assert_eq!(shown.lines().find(forged), None);
    assert!(!shown.contains('\u{2028}'));
}

/// A facts file is called so; a name that only holds these letters is no such name.
#[test]
fn an_export_with_facts_in_its_name_is_an_export() {
    let text = "HostName: sts.contoso.com\nIdentifier: http://sts\nSsoLifetime: 480\nExtendedProtectionTokenCheck: Allow\n";
    let folder = folder(&[("artifacts.yaml", text.as_bytes())]);
    let output = adfslint(&["check", &path(&folder), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.pointer("/coverage/files/0/objects/0/kind").unwrap(), "Properties");
}
