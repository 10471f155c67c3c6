//! `adfslint fmt` from outside: what it prints, what it writes, and what it must never touch.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const UGLY: &str = "@rulename=\"Send mail\" @RuleTemplate = \"LdapClaims\" c:[ type==\"urn:account\",ISSUER == \"AD AUTHORITY\" ]&&not exists([type==\"urn:guest\"])=>ISSUE(store=\"Active Directory\",types=(\"urn:mail\",\"urn:name\"),query=\";mail,displayName;{0}\",param=regexreplace(c.value,\"a  b\",\"\")+\"\\\");\n=>add(type=\"urn:done\",value=\"1\");";
const FINE: &str = r#"@RuleTemplate = "LdapClaims"
@RuleName = "Send mail"
c:[Type == "urn:account", Issuer == "AD AUTHORITY"]
 && NOT EXISTS([Type == "urn:guest"])
 => issue(store = "Active Directory", types = ("urn:mail", "urn:name"), query = ";mail,displayName;{0}", param = RegExReplace(c.Value, "a  b", "") + "\");

=> add(Type = "urn:done", Value = "1");
"#;
const REFUSED: &str = "c:[Type == “urn:a”] => issue(claim = c);\n";

fn adfslint(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_adfslint"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends without reading closes its end first.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
    folder
}

fn at(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

fn trust(rules: &str) -> String {
    let rules = serde_json::to_string(rules).unwrap();
    format!(r#"{{"Get-AdfsRelyingPartyTrust": [{{"Name": "Payroll", "IssuanceTransformRules": {rules}}}]}}"#)
}

#[test]
fn a_rule_file_is_printed_as_it_should_be() {
    let folder = folder(&[("a.claims", UGLY.as_bytes())]);
    let output = adfslint(&["fmt", &at(&folder, "a.claims")], b"");
    assert_eq!(out(&output), FINE, "{}", err(&output));
    assert_eq!(output.status.code(), Some(0));
    let piped = adfslint(&["fmt", "-"], UGLY.as_bytes());
    assert_eq!(out(&piped), FINE);
    assert_eq!(out(&adfslint(&["fmt", "-"], FINE.as_bytes())), FINE);
}

#[test]
fn check_and_diff_tell_what_differs() {
    let folder = folder(&[("fine.claims", FINE.as_bytes()), ("ugly.claims", UGLY.as_bytes())]);
    let path = folder.path().to_str().unwrap();
    let check = adfslint(&["fmt", "--check", path], b"");
    assert_eq!(check.status.code(), Some(1));
    assert_eq!(out(&check), format!("{path}/ugly.claims\n"));
    let diff = adfslint(&["fmt", "--diff", path], b"");
    assert_eq!(diff.status.code(), Some(1));
    assert!(out(&diff).contains("-=>add(type=\"urn:done\",value=\"1\");\n"), "{}", out(&diff));
    assert!(out(&diff).contains("+=> add(Type = \"urn:done\", Value = \"1\");\n"), "{}", out(&diff));
    let fine = at(&folder, "fine.claims");
    for flag in ["--check", "--diff"] {
        let output = adfslint(&["fmt", flag, &fine], b"");
        assert_eq!((output.status.code(), out(&output)), (Some(0), String::new()), "{flag}");
    }
}

#[test]
fn writing_keeps_encoding_mark_and_line_ends() {
    let windows = |text: &str| text.replace('\n', "\r\n").replace("Send mail", "Größe");
    let wide = |text: &str| -> Vec<u8> {
        let units: Vec<u16> = format!("\u{feff}{text}").encode_utf16().collect();
        units.into_iter().flat_map(u16::to_le_bytes).collect()
    };
    let western =
        |text: &str| -> Vec<u8> { text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect() };
    let marked = |text: &str| -> Vec<u8> { format!("\u{feff}{text}").into_bytes() };
    let (before, after) = (windows(UGLY), windows(FINE));
    let files = [
        ("wide.txt", wide(&before), wide(&after)),
        ("western.claims", western(&before), western(&after)),
        ("marked.claims", marked(&before), marked(&after)),
        ("plain.claims", UGLY.into(), FINE.into()),
        ("refused.claims", REFUSED.into(), REFUSED.into()),
    ];
    let list: Vec<(&str, &[u8])> = files.iter().map(|(name, before, _)| (*name, before.as_slice())).collect();
    let folder = folder(&list);
    let output = adfslint(&["fmt", "--write", folder.path().to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(1), "the refused file: {}", err(&output));
    for (name, _, after) in &files {
        assert_eq!(&fs::read(folder.path().join(name)).unwrap(), after, "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), files.len());
}

#[test]
fn what_does_not_parse_is_told_and_left() {
    let folder = folder(&[("bad.claims", REFUSED.as_bytes())]);
    let output = adfslint(&["fmt", &at(&folder, "bad.claims")], b"");
    assert_eq!((output.status.code(), out(&output)), (Some(1), REFUSED.to_owned()));
    let told = err(&output);
    assert!(told.contains("typographic quotes") && told.contains("left as it is"), "{told}");
}

#[test]
fn exports_are_printed_and_never_written() {
    let export = trust(UGLY);
    let folder = folder(&[("farm.json", export.as_bytes()), ("ugly.claims", UGLY.as_bytes())]);
    let file = at(&folder, "farm.json");
    let output = adfslint(&["fmt", &file], b"");
    assert_eq!(out(&output), format!("# {file} › Payroll › IssuanceTransformRules\n{FINE}"));
    let output = adfslint(&["fmt", "--write", folder.path().to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("this is an export"), "{}", err(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), export);
    assert_eq!(fs::read_to_string(at(&folder, "ugly.claims")).unwrap(), UGLY, "nothing at all is written");
    assert_eq!(adfslint(&["fmt", "--write", "-"], UGLY.as_bytes()).status.code(), Some(2));
    // Blanks around a rule set and line ends are the export's own.
    let blanks_around = trust(&format!("\r\n{}\r\n", FINE.replace('\n', "\r\n")));
    let folder = self::folder(&[("farm.json", blanks_around.as_bytes())]);
    assert_eq!(adfslint(&["fmt", "--check", &at(&folder, "farm.json")], b"").status.code(), Some(0));
}

#[test]
fn nothing_to_format_is_said() {
    let folder = folder(&[("p.json", br#"{"Get-AdfsProperties": {"HostName": "sts"}}"#)]);
    let output = adfslint(&["fmt", &at(&folder, "p.json")], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("no claim rules"), "{}", err(&output));
    assert_eq!(adfslint(&["fmt", "no/such/file"], b"").status.code(), Some(3));
    assert_eq!(adfslint(&["fmt"], b"").status.code(), Some(2));
}
