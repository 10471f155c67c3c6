//! No output ever holds a secret: planted in every format, looked for in every command and every report.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods
)] // a test that cannot go on stops

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Files with the secrets in them.
struct Planted {
    folder: TempDir,
    /// File and secret.
    secrets: Vec<(&'static str, String)>,
}

/// A secret that stands nowhere else, with characters that formats escape.
fn secret(number: usize, odd: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let mut state = 0x9E37_79B9_u64.wrapping_mul(number as u64 + 1);
    let mut made = String::new();
    for place in 0..32 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        made.push(char::from(LETTERS[(state >> 33) as usize % LETTERS.len()]));
        if place == 15 {
            made.push_str(odd);
        }
    }
    made
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// Text with lines of a console of that width: `Name : value`, the value broken anywhere.
fn console(label: &str, value: &str, width: usize) -> String {
    let indent = " ".repeat(label.len() + 3);
    let letters: Vec<char> = value.chars().collect();
    let lines: Vec<String> = letters.chunks(width).map(|line| line.iter().collect()).collect();
    format!("{label} : {}\r\n", lines.join(&format!("\r\n{indent}")))
}

const FILES: &[&str] = &[
    "json51.json",
    "json7.json",
    "pairs.json",
    "rules.json",
    "cut.json",
    "bare.json",
    "token.json",
    "jwk.json",
    "credential.xml",
    "hashtable.xml",
    "settings.xml",
    "list.txt",
    "store.txt",
    "artifact.txt",
    "transcript.txt",
    "kept.yaml",
    "comment.yaml",
    "key.pem",
    "both.pem",
    "good.claims",
    "broken.claims",
    "dsc.mof",
    "registry.reg",
    "adfslint.facts.yaml",
    "dump.txt",
    "application.csv",
    "key.der",
];

const PERMIT: &str = "http://schemas.microsoft.com/authorization/claims/permit";

#[allow(clippy::too_many_lines)] // one arm a file
fn bytes_of(file: &str, secret: &str) -> Vec<u8> {
    let json = serde_json::to_string(secret).unwrap().replace('&', "\\u0026").replace('<', "\\u003c");
    let json = &json[1..json.len() - 1];
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;");
    let text = match file {
        "json51.json" => {
            return utf16(&format!(
                "[\r\n    {{\r\n        \"Name\":  \"Portal\",\r\n        \"Identifier\":  \"6f1c\",\r\n        \"ApplicationGroupIdentifier\":  \"P\",\r\n        \"RedirectUri\":  [\r\n                            \"http://portal.contoso.com/callback\"\r\n                        ],\r\n        \"ClientSecret\":  \"{json}\"\r\n    }}\r\n]\r\n"
            ));
        }
        "json7.json" => format!(
            r#"[{{"Name":"HR","StoreClassification":"SQL","StoreTypeQualifiedName":null,"Configuration":{{"Connection":"Server=sql;User Id=a;Password={json};Encrypt=True"}}}}]"#
        ),
        "pairs.json" => format!(
            r#"{{"Get-AdfsAttributeStore":[{{"Name":"P","StoreClassification":"SQL","Configuration":[{{"Key":"Password","Value":"{json}"}}]}}]}}"#
        ),
        "rules.json" => format!(
            r#"[{{"Name":"Payroll","Identifier":["urn:p"],"Enabled":true,"SamlResponseSignature":"AssertionOnly","WSFedEndpoint":"http://x","IssuanceTransformRules":"@RuleName = \"Look up\"\r\n=> issue(store = \"SQL\", types = (\"https://schemas.xmlsoap.org/claims/Group\"), query = \"exec q 'Server=s;Password={json}'\");\r\nc:[Type == ] => issue(store = \"SQL\", types = (\"urn:a\"), query = \"Password={json};\");","IssuanceAuthorizationRules":""}}]"#
        ),
        "cut.json" => format!(
            r#"{{"Get-AdfsClient":[{{"Name":"C","ClientId":"c","ClientType":4,"BuiltIn":false,"ClientSecret":"{json}"#
        ),
        "bare.json" => format!(
            "{{\"Get-AdfsClient\": [{{\"Name\": \"D\", \"ClientId\": \"d\", \"ClientType\": 4, \"BuiltIn\": false, \"ClientSecret\": {secret}}}]}}"
        ),
        "token.json" => format!(
            r#"{{"AllTests":[{{"Name":"TestAdfsAuditPolicyEnabled","ComputerName":"STS01","Result":2,"Detail":"<t:RequestedSecurityToken><saml:Assertion ID=\"_1\">{json}</saml:Assertion></t:RequestedSecurityToken>","ExceptionMessage":"SCRIPTERROR: login failed: Server=s;Pwd={json}"}}]}}"#
        ),
        "jwk.json" => format!(r#"{{"keys":[{{"kty":"RSA","n":"abc","d":"{json}"}}]}}"#),
        "credential.xml" => format!(
            "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n  <Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Management.Automation.PSCredential</T></TN><Props><S N=\"UserName\">a</S><SS N=\"Password\">{xml}</SS></Props></Obj>\r\n</Objs>"
        ),
        "hashtable.xml" => format!(
            "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n  <Obj RefId=\"0\"><TN RefId=\"0\"><T>Microsoft.IdentityServer.Management.Resources.AttributeStore</T></TN><Props><S N=\"Name\">X</S><S N=\"StoreClassification\">SQL</S><Obj N=\"Configuration\" RefId=\"1\"><TN RefId=\"1\"><T>System.Collections.Hashtable</T></TN><DCT><En><S N=\"Key\">Connection</S><S N=\"Value\">Server=s;Pwd={xml};Encrypt=True</S></En></DCT></Obj></Props></Obj>\r\n</Objs>"
        ),
        "settings.xml" => format!(
            "<ServiceSettingsData><SigningToken><EncryptedPfx>{xml}</EncryptedPfx></SigningToken><PolicyStore><AuthorizationPolicy>=&gt; issue(Type = \"{PERMIT}\", Value = \"x\");</AuthorizationPolicy><AuthorizationPolicyReadOnly /></PolicyStore></ServiceSettingsData>"
        ),
        "list.txt" => format!(
            "\r\n\r\n{}{}{}{}{}\r\n",
            console("Name                      ", "Console portal", 20),
            console("Identifier                ", "6f1e", 20),
            console("ApplicationGroupIdentifier", "P", 20),
            console("RedirectUri               ", "{}", 20),
            console("ClientSecret              ", secret, 20)
        ),
        "store.txt" => format!(
            "\r\n\r\n{}{}{}{}\r\n",
            console("Name                  ", "Console store", 40),
            console("StoreClassification   ", "SQL", 40),
            console("StoreTypeQualifiedName", "", 40),
            console(
                "Configuration         ",
                &format!("{{[Connection, Server=sql1;User Id=adfs;Password={secret};Encrypt=True]}}"),
                40
            )
        ),
        "artifact.txt" => format!(
            "\r\n\r\n{}{}{}{}\r\n",
            console("HostName                     ", "sts.contoso.com", 60),
            console("Identifier                   ", "http://sts", 60),
            console("SsoLifetime                  ", "480", 60),
            console(
                "ArtifactDbConnection         ",
                &format!("Data Source=sql1;User ID=adfs;Password={secret}"),
                60
            )
        ),
        "transcript.txt" => format!(
            "PS C:\\> Set-AdfsServerApplication -TargetName a -ClientSecret '{secret}'\r\nPS C:\\> Get-AdfsSyncProperties\r\n\r\n\r\nRole : PrimaryComputer\r\n\r\n"
        ),
        "kept.yaml" => format!(
            "Get-AdfsServerApplication:\n  - Name: Kept\n    Identifier: 6f1f\n    ApplicationGroupIdentifier: P\n    RedirectUri: []\n    ClientSecret: |\n      {secret}\n"
        ),
        "comment.yaml" => {
            format!("# password: {secret}\nGet-AdfsCertificateAuthority:\n  CertificateAuthorityMode: None\n")
        }
        "key.pem" => {
            format!("-----BEGIN RSA PRIVATE KEY-----\n{secret}\n{secret}\n-----END RSA PRIVATE KEY-----\n")
        }
        "both.pem" => format!(
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n{secret}\n-----END ENCRYPTED PRIVATE KEY-----\n"
        ),
        "good.claims" => format!(
            "@RuleName=\"Look up\"\n=>issue(store=\"SQL\",types=(\"https://schemas.xmlsoap.org/claims/Group\"),query=\"exec q 'Server=s;Password={secret}'\");\n"
        ),
        "broken.claims" => format!(
            "@RuleName = \"Look up\"\n=> issue(store = \"SQL\" types = (\"urn:a\"), query = \"Server=s;Password={secret}\");\n"
        ),
        "dsc.mof" => format!(
            "/*\n@TargetNode='sts01'\n*/\ninstance of MSFT_Credential as $MSFT_Credential1ref\n{{\nPassword = \"{secret}\";\nUserName = \"adfs\";\n}};\n"
        ),
        "registry.reg" => {
            return utf16(&format!(
                "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n\"DefaultPassword\"=\"{secret}\"\r\n"
            ));
        }
        "adfslint.facts.yaml" => format!("lab: false\nsqlPassword: {secret}\n"),
        "dump.txt" => {
            format!("[-] Encrypted Token Signing Key Begin\n{secret}\n[-] Encrypted Token Signing Key End\n")
        }
        "application.csv" => format!(
            "\"Name\",\"Identifier\",\"ApplicationGroupIdentifier\",\"ClientSecret\"\r\n\"Csv\",\"6f20\",\"P\",\"{secret}\"\r\n"
        ),
        "key.der" => {
            let mut der = vec![0x30, 0x82, 0x00, 0xff, 0x02, 0x01, 0x00, 0x30, 0x0d];
            der.extend(secret.bytes().cycle().take(250));
            return der;
        }
        other => panic!("{other}"),
    };
    text.into_bytes()
}

/// What cannot stand in a format unescaped, or would end the secret there.
fn odd(file: &str) -> &'static str {
    match file {
        "json51.json" | "pairs.json" => "\\\"&é<",
        "json7.json" => "'&é",
        "credential.xml" | "list.txt" => "&é",
        "hashtable.xml" => "'&\"",
        _ => "",
    }
}

fn plant() -> Planted {
    let folder = TempDir::new().unwrap();
    let mut secrets = Vec::new();
    for (number, file) in FILES.iter().enumerate() {
        let secret = secret(number, odd(file));
        fs::write(folder.path().join(file), bytes_of(file, &secret)).unwrap();
        secrets.push((*file, secret));
    }
    Planted { folder, secrets }
}

fn run(arguments: &[&str], folder: &Path) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_adfslint")).args(arguments).current_dir(folder).output().unwrap();
    assert!(
        output.status.code().is_some_and(|code| code != 101),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn base64(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut made = String::new();
    for group in text.as_bytes().chunks_exact(3) {
        let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        made.extend((0..4).map(|place| char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize])));
    }
    made
}

/// Parts by which a secret would be known: any ten letters in a row, and its base64 from any byte on.
fn traces(secret: &str) -> Vec<String> {
    let halves = [&secret[..16], &secret[secret.len() - 16..]];
    let parts = halves.iter().flat_map(|half| (0..=6).map(|at| half[at..at + 10].to_owned()));
    let coded = halves.iter().flat_map(|half| (0..3).map(|at| base64(&half[at..])));
    parts.chain(coded).collect()
}

fn hold(planted: &Planted, what: &str, said: &str) {
    // Whatever a report puts between the lines of a value, blanks and line breaks do not hide it.
    let joined: String =
        said.chars().filter(|letter| !letter.is_whitespace() && *letter != '│' && *letter != '·').collect();
    let traces: Vec<String> = planted.secrets.iter().flat_map(|(_, secret)| traces(secret)).collect();
    let any = traces.iter().map(|trace| regex::escape(trace)).collect::<Vec<_>>().join("|");
    if let Some(found) = regex::Regex::new(&any).unwrap().find(&joined) {
        let is_of =
            |(_, secret): &&(&str, String)| self::traces(secret).iter().any(|trace| trace == found.as_str());
        let file = planted.secrets.iter().find(is_of).unwrap().0;
        let from = (0..=found.start().saturating_sub(200))
            .rev()
            .find(|from| joined.is_char_boundary(*from))
            .unwrap();
        let around: String = joined[from..].chars().take(400).collect();
        panic!("{what} shows the secret of {file} ({}): {around}", found.as_str());
    }
}

#[test]
fn no_output_shows_a_secret() {
    let planted = plant();
    let folder = planted.folder.path();
    for more in [
        &["pretty", "--verbose"][..],
        &["pretty", "--color", "always"],
        &["json", "--evidence", "full"],
        &["sarif"],
    ] {
        let arguments = [&["check", ".", "--as-of", "2026-01-31", "--format"][..], more].concat();
        let said = run(&arguments, folder);
        assert!(said.contains("DATA003"), "{said}");
        hold(&planted, &arguments.join(" "), &said);
    }
    for arguments in [
        &["fmt", "."][..],
        &["fmt", "--check", "."],
        &["fmt", "--diff", "."],
        &["parse", "."],
        &["parse", "--explain", "."],
    ] {
        let said = run(arguments, folder);
        assert!(said.len() > 20, "{said}");
        hold(&planted, &arguments.join(" "), &said);
    }
    // One by one a file may be shown that is not among many.
    for file in FILES {
        if ["good.claims", "broken.claims", "key.pem", "both.pem"].contains(file) {
            hold(&planted, &format!("parse {file}"), &run(&["parse", file], folder));
            hold(&planted, &format!("fmt {file}"), &run(&["fmt", "--diff", file], folder));
        }
    }
}

/// DATA003 tells each file and the place, in whatever format it is.
#[test]
fn every_planted_secret_is_found() {
    let planted = plant();
    let said = run(&["check", ".", "--rule", "DATA003", "--format", "json"], planted.folder.path());
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let found: Vec<&serde_json::Value> = report["findings"].as_array().unwrap().iter().collect();
    for (file, secret) in &planted.secrets {
        let finding = found.iter().find(|one| one["primary"]["file"].as_str().unwrap().ends_with(file));
        let finding = finding.unwrap_or_else(|| panic!("nothing is said of {file}"));
        let length = format!(": {} characters, SHA-256 ", secret.chars().count());
        let label = finding["primary"]["text"].as_str().unwrap();
        // A console does not tell whether a blank stood where it broke the line; a damaged file not where a value ends.
        let is_alone = ![
            "key.pem",
            "token.json",
            "key.der",
            "bare.json",
            "cut.json",
            "list.txt",
            "store.txt",
            "artifact.txt",
            "rules.json",
        ]
        .contains(file);
        assert!(!is_alone || label.contains(&length), "{file}: {label}");
    }
}

/// The place of a finding is where it would be without the mask, and columns do not move.
#[test]
fn masks_keep_places() {
    let folder = TempDir::new().unwrap();
    let text = "[{\"ClientSecret\": \"geheim-é-\\u00e9-xyz\", \"Name\": \"C\", \"ClientId\": \"c\", \"ClientType\": 4, \"BuiltIn\": false}]";
    fs::write(folder.path().join("a.json"), text).unwrap();
    let said = run(&["check", "a.json", "--rule", "DATA003", "--format", "json"], folder.path());
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let place = &report["findings"][0]["primary"];
    let start = text.find("geheim").unwrap();
    assert_eq!(place["byte_offset"], start);
    assert_eq!(place["column"], start + 1);
    assert_eq!(place["byte_end"], text.find("\", \"Name").unwrap());
    let shown = run(&["check", "a.json", "--rule", "DATA003"], folder.path());
    assert!(shown.contains("\"ClientSecret\": \"*******¤***********\", \"Name\""), "{shown}");
}

/// A file is put back with its secret, which is shown nowhere on the way.
#[test]
fn formatting_a_file_keeps_its_secret() {
    let planted = plant();
    let said = run(&["fmt", "--write", "good.claims"], planted.folder.path());
    hold(&planted, "fmt --write", &said);
    let text = fs::read_to_string(planted.folder.path().join("good.claims")).unwrap();
    let (_, secret) = planted.secrets.iter().find(|(file, _)| *file == "good.claims").unwrap();
    assert!(text.starts_with("@RuleName = \"Look up\"\n") && text.contains(secret.as_str()), "{text}");
}

#[test]
fn secrets_from_standard_input_are_masked_too() {
    let planted = plant();
    let file = fs::read(planted.folder.path().join("json51.json")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_adfslint"))
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&file).unwrap();
    let said = child.wait_with_output().unwrap().stdout;
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("DATA003"), "{said}");
    hold(&planted, "check -", &said);
}
