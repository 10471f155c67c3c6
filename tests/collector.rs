//! The collector, held to what it promises. It cannot be run here: its syntax is checked with tree-sitter's grammar of
//! PowerShell, and what it does is read off its tree.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops
#![allow(clippy::indexing_slicing, clippy::string_slice)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use adfslint::check::{collector, native};
use adfslint::pack::Pack;
use adfslint::source::Sources;
use tempfile::TempDir;
use tree_sitter::{Node, Parser, Tree};

const SCRIPT: &str = collector::SCRIPT;

/// Commands that change nothing but the new folder, the screen and the memory of the script.
const HARMLESS: &[&str] = &[
    "ConvertTo-Json",
    "Export-Clixml",
    "ForEach-Object",
    "Invoke-Command",
    "Join-Path",
    "New-Object",
    "Out-String",
    "Select-Object",
    "Sort-Object",
    "Split-Path",
    "Test-Path",
    "Where-Object",
    "Write-Host",
    "Write-Verbose",
    "Write-Warning",
];

/// Static methods that it calls. Two of them write: into the new folder.
const METHODS: &[&str] = &[
    "[Convert]::ToBase64String",
    "[Diagnostics.Stopwatch]::StartNew",
    "[IO.Directory]::CreateDirectory",
    "[IO.File]::WriteAllText",
    "[Math]::Round",
    "[Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties",
    "[Security.Principal.WindowsIdentity]::GetCurrent",
];

/// Commands that rules can ask for and the script does not run, and why.
const NOT_RUN: &[(&str, &str)] = &[
    (
        "Export-AdfsDiagnosticsFile",
        "adfsToolbox is a module that may have to be installed, and it tests live",
    ),
    ("Test-AdfsServerHealth", "the same"),
    ("Get-AdfsServerConfiguration", "the same"),
    ("applicationHost.config", "only AD FS 2.x has it, and no cmdlets that the script could run"),
    ("PolicyStore.json", "no public command shows it; the way there is for somebody who wants it"),
];

/// Files that are for people, or for readers that tell them by content.
const PLAIN: &[&str] = &[
    "manifest.json",
    "node.json",
    "schannel.reg",
    "dotnet-crypto.reg",
    "http-parameters.reg",
    "Microsoft.IdentityServer.Servicehost.exe.config",
];

fn tree() -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    parser.parse(SCRIPT, None).unwrap()
}

fn walk<'t>(node: Node<'t>, seen: &mut dyn FnMut(Node<'t>)) {
    seen(node);
    let mut cursor = node.walk();
    let children: Vec<_> = node.children(&mut cursor).collect();
    children.into_iter().for_each(|child| walk(child, seen));
}

fn texts(kind: &str) -> Vec<(usize, String)> {
    let tree = tree();
    let mut found = Vec::new();
    walk(tree.root_node(), &mut |node| {
        if node.kind() == kind {
            found.push((node.start_position().row + 1, SCRIPT[node.byte_range()].to_owned()));
        }
    });
    found
}

fn functions() -> BTreeSet<String> {
    texts("function_name").into_iter().map(|(_, name)| name).collect()
}

#[test]
fn it_parses() {
    let tree = tree();
    let mut wrong = Vec::new();
    walk(tree.root_node(), &mut |node| {
        if node.is_error() || node.is_missing() {
            let text: String = SCRIPT[node.byte_range()].chars().take(80).collect();
            wrong.push(format!("line {}: {text}", node.start_position().row + 1));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        SCRIPT.is_ascii(),
        "Windows PowerShell reads a script without byte order mark in the local code page"
    );
}

/// The check of syntax sees what is wrong.
#[test]
fn the_parser_refuses_what_is_no_powershell() {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    for broken in [
        SCRIPT.replacen("{ Get-AdfsEndpoint }", "{ Get-AdfsEndpoint", 1),
        SCRIPT.replacen("'farm'", "'farm", 1),
    ] {
        assert!(parser.parse(&broken, None).unwrap().root_node().has_error());
    }
}

#[test]
fn it_only_reads() {
    let own = functions();
    let commands = texts("command_name");
    assert!(commands.len() > 80);
    for (line, name) in commands {
        let is_fine = name.starts_with("Get-")
            || HARMLESS.contains(&name.as_str())
            || own.contains(&name)
            || matches!(name.as_str(), "netsh" | "reg");
        assert!(is_fine, "line {line} runs {name}");
    }
    for (line, text) in texts("command") {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.first().copied() {
            Some("netsh") => assert_eq!(words[1..4], ["http", "show", "sslcert"], "line {line}"),
            Some("reg") => assert_eq!(words[1], "query", "line {line}"),
            Some("&") => assert_eq!(words[1], "$Read", "line {line}"),
            _ => {}
        }
    }
    // No text is run, nothing is redirected into a file, no session is opened but the one that was asked for.
    for word in [
        "Invoke-Expression",
        "iex ",
        "Add-Type",
        "DownloadString",
        "Net.WebClient",
        "Start-Process",
        " >",
        "Install-",
        "Import-Module",
    ] {
        let lines: Vec<&str> = SCRIPT.lines().filter(|line| line.contains(word)).collect();
        assert!(lines.is_empty(), "{word}: {lines:?}");
    }
    let called = regex::Regex::new(r"\[[A-Za-z.]+\]::[A-Za-z0-9]+\(").unwrap();
    let called: BTreeSet<&str> =
        called.find_iter(SCRIPT).map(|found| found.as_str().trim_end_matches('(')).collect();
    assert_eq!(called.into_iter().collect::<Vec<_>>(), METHODS);
    assert_eq!(SCRIPT.matches("Invoke-Command").count(), 1);
    assert!(SCRIPT.contains("Invoke-Command -ComputerName $On"));
}

/// A misspelt variable is empty in PowerShell, and nobody is told.
#[test]
fn every_variable_comes_from_somewhere() {
    let automatic = [
        "_",
        "null",
        "true",
        "false",
        "env:COMPUTERNAME",
        "env:windir",
        "PSCommandPath",
        "PSVersionTable",
        "ExecutionContext",
        "ErrorActionPreference",
    ];
    let assigned = regex::Regex::new(
        r"(?i)\$([a-z]+)\s*=|foreach \(\$([a-z]+) in|\[[a-z\[\]]+\] \$([a-z]+)|function [a-z-]+\(\$([a-z]+)",
    )
    .unwrap();
    let known: BTreeSet<String> = assigned
        .captures_iter(SCRIPT)
        .filter_map(|found| found.iter().skip(1).flatten().next().map(|name| name.as_str().to_lowercase()))
        .collect();
    let used = texts("variable");
    assert!(used.len() > 150);
    for (line, name) in used {
        let bare = name.trim_start_matches('$').trim_matches(['{', '}']);
        let is_known = automatic.iter().any(|known| known.eq_ignore_ascii_case(bare))
            || known.contains(&bare.to_lowercase());
        assert!(is_known, "line {line}: nobody says what {name} is");
    }
}

#[test]
fn functions_are_called_with_as_many_arguments_as_they_take() {
    let head = regex::Regex::new(r"(?m)^function ([A-Za-z-]+)\((.*)\) \{$").unwrap();
    let takes: Vec<(&str, usize)> = head
        .captures_iter(SCRIPT)
        .map(|found| (found.get(1).unwrap().as_str(), found.get(2).unwrap().as_str().matches('$').count()))
        .collect();
    assert_eq!(takes.len() + 1, functions().len(), "all but Get-FullName have parameters");
    let tree = tree();
    walk(tree.root_node(), &mut |node| {
        if node.kind() != "command" {
            return;
        }
        let text = &SCRIPT[node.byte_range()];
        let Some((name, most)) = takes.iter().find(|(name, _)| text.starts_with(&format!("{name} "))) else {
            return;
        };
        let elements = node.child_by_field_name("command_elements").unwrap();
        let mut cursor = elements.walk();
        let arguments =
            elements.children(&mut cursor).filter(|child| child.kind() != "command_argument_sep").count();
        assert!(arguments <= *most, "line {}: {name} takes {most}: {text}", node.start_position().row + 1);
    });
}

/// Every command that an unknown names is in the script, and the line that is named holds it.
#[test]
fn whatever_rules_ask_for_is_collected() {
    let pack = Pack::load(&mut Sources::new(), &[], &native::names()).unwrap();
    let lines: Vec<&str> = SCRIPT.lines().collect();
    for (_, kind) in pack.vocabulary.kinds() {
        let command = kind.cmdlet.as_str();
        let line = collector::line_of(command);
        if NOT_RUN.iter().any(|(known, _)| *known == command) {
            assert!(line.is_none() && !SCRIPT.contains(command), "{command}");
            continue;
        }
        let line = line.unwrap_or_else(|| panic!("{command} is not in the collector"));
        let text = lines[line - 1];
        assert!(
            text.contains(command)
                || command.starts_with("certs/") && text.contains("Save-Certificate")
                || command == "node.json" && text.contains("Save-Node"),
            "{text}"
        );
    }
    assert_eq!(collector::line_of("Get-AdfsNothing"), None);
    assert_eq!(collector::line_of("Get-Adfs"), None);
}

/// The names under which the script saves exports.
fn saved() -> Vec<(String, String)> {
    let save = regex::Regex::new(
        r"Save-(?:Export|Text) (?:'([a-z]+)'|\$folder|\$Folder|.cloud/\$domain.) '([A-Za-z.-]+)'",
    )
    .unwrap();
    save.captures_iter(SCRIPT)
        .map(|found| {
            let name = found.get(2).unwrap().as_str().to_owned();
            let folder = match found.get(1).map(|folder| folder.as_str().to_owned()) {
                Some(folder) => folder,
                None if name.contains("WebApplicationProxy") => "proxies/wap01.contoso.com".to_owned(),
                None if name.contains("-Mg") => "cloud/contoso.com".to_owned(),
                None => "nodes/sts01.contoso.com".to_owned(),
            };
            (folder, name)
        })
        .collect()
}

#[test]
fn every_file_that_it_writes_is_known_by_its_name() {
    let folder = TempDir::new().unwrap();
    let saved = saved();
    assert_eq!(
        saved.len(),
        SCRIPT
            .lines()
            .filter(|line| {
                let line = line.trim_start();
                line.starts_with("Save-Export ") || line.starts_with("Save-Text ")
            })
            .count()
    );
    for (below, name) in &saved {
        let place = folder.path().join(below);
        fs::create_dir_all(&place).unwrap();
        if name.starts_with("Get-") {
            // What it writes where a cmdlet found nothing.
            fs::write(place.join(format!("{name}.json")), "[\r\n\r\n]").unwrap();
        } else if name.starts_with("netsh") {
            fs::copy(
                "examples/contoso-hardened/nodes/sts01.contoso.com/netsh-http-show-sslcert.txt",
                place.join(name),
            )
            .unwrap();
        } else {
            assert!(PLAIN.contains(&name.as_str()), "{name}");
        }
    }
    let output = Command::new(env!("CARGO_BIN_EXE_adfslint"))
        .args(["check", folder.path().to_str().unwrap(), "--format", "json", "--rule", "READ001"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let pack = Pack::load(&mut Sources::new(), &[], &native::names()).unwrap();
    let files = report["coverage"]["files"].as_array().unwrap();
    let mut kinds = BTreeSet::new();
    for file in files {
        let name = file["file"].as_str().unwrap_or_else(|| panic!("{file}"));
        let objects = file["objects"].as_array().unwrap();
        assert_eq!(objects.len(), 1, "{file}");
        let kind = objects[0]["kind"].as_str().unwrap();
        let cmdlet = &pack.vocabulary.kind(pack.vocabulary.kind_id(kind).unwrap()).unwrap().cmdlet;
        let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
        assert!(cmdlet == stem || cmdlet.replace(' ', "-") == stem, "{name} is taken for {kind}");
        kinds.insert(kind.to_owned());
    }
    assert_eq!(files.len(), kinds.len());
}

/// What the script does to texts before it writes them, tried with its own regular expressions.
#[test]
fn passwords_are_left_out_and_claim_rules_are_not() {
    let between = |text: &str, from: &str, to: &str| -> String {
        let start = text.find(from).unwrap_or_else(|| panic!("{from}")) + from.len();
        text[start..start + text[start..].find(to).unwrap()].replace("''", "'")
    };
    let body = between(SCRIPT, "function Hide-Secret(", "\n}\n");
    assert!(body.contains("if ($Name -match 'Rules$') { return $Text }"));
    let names = fancy_regex::Regex::new(&format!("(?i){}", between(&body, "-match '", "' -and"))).unwrap();
    for name in ["ClientSecret", "Password", "Credential", "EncryptedPfx"] {
        assert!(names.is_match(name).unwrap(), "{name}");
    }
    for name in ["ChangePasswordUrl", "Name", "CertificateSharingContainer", "IssuanceTransformRules"] {
        assert!(!names.is_match(name).unwrap(), "{name}");
    }
    let password = fancy_regex::Regex::new(&between(&body, "$Text = $Text -replace '", "', (")).unwrap();
    let hidden = |text: &str| password.replace_all(text, "$1=<redacted>").to_string();
    assert_eq!(
        hidden("Server=SQL1;User Id=adfs;Password=p;w;Database=HR"),
        "Server=SQL1;User Id=adfs;Password=<redacted>;w;Database=HR"
    );
    assert_eq!(hidden("Server=SQL1;PWD = 'a;b';Database=HR"), "Server=SQL1;PWD=<redacted>;Database=HR");
    assert_eq!(hidden("Server=SQL1;pwd=\"a;b\""), "Server=SQL1;pwd=<redacted>");
    assert_eq!(hidden("Server=SQL1;Integrated Security=True"), "Server=SQL1;Integrated Security=True");
    let key = fancy_regex::Regex::new(&between(&body, "$Text -replace '(?s)", "', $Redacted")).unwrap();
    assert!(key.is_match("-----BEGIN RSA PRIVATE KEY-----").unwrap());
    assert!(!key.is_match("-----BEGIN CERTIFICATE-----").unwrap());
}

#[test]
fn the_program_prints_the_script() {
    let output = Command::new(env!("CARGO_BIN_EXE_adfslint")).arg("collect").output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout, fs::read("examples/collect/Export-AdfsFarm.ps1").unwrap());
}

/// An unknown names the line of the script that would have exported what is missing.
#[test]
fn an_unknown_names_the_line_of_the_script() {
    let folder = TempDir::new().unwrap();
    let export = r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com", "IgnoreTokenBinding": false}}"#;
    fs::write(folder.path().join("p.json"), export).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_adfslint"))
        .args(["check", folder.path().to_str().unwrap(), "--format", "json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = report["coverage"]["not_found"].as_array().unwrap();
    assert!(rows.len() > 8);
    for row in rows {
        let (what, remedy) = (row["what"].as_str().unwrap(), row["remedy"].as_str().unwrap());
        if NOT_RUN.iter().any(|(known, _)| *known == what) {
            continue;
        }
        let line = collector::line_of(what).unwrap();
        assert!(remedy.contains(&format!("line {line} of Export-AdfsFarm.ps1 does it")), "{remedy}");
        assert!(remedy.split(" # ").count() == 2 || what.starts_with("certs/"), "{remedy}");
    }
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("adfslint.facts.yaml: nodes: …; `adfslint facts --init` asks for it"));
}
