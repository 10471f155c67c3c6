//! The rooms of the house: each uses only those to its left, and each third-party package has one home.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from left to right; those in one row do not know each other, except that errors and findings are plain data.
const LAYERS: [&[&str]; 11] = [
    &["source"],
    &["node", "finding", "error"],
    &["read", "pattern"],
    &["claims"],
    &["farm"],
    &["pack"],
    &["check"],
    &["report"],
    &["inputs", "lib"],
    &["proof"],
    &["cli", "main"],
];

/// What stands between a grammar and a tree.
const PARSERS: &[&str] = &[
    "read/format_list/form.rs",
    "read/desired_state/mof.rs",
    "read/desired_state/words.rs",
    "claims/parse.rs",
    "claims/sketch/parse.rs",
    "claims/sketch/lower.rs",
    "claims/query/parse.rs",
    "pattern/parse.rs",
    "pack/condition/parse.rs",
];

/// Packages and the files, or whole folders, that may use them.
const HOMES: [(&str, &[&str]); 16] = [
    ("pest", PARSERS),
    ("pest_derive", PARSERS),
    ("miette", &["report/pretty.rs", "report/window.rs"]),
    ("granit_parser", &["read/yaml.rs"]),
    ("serde_yaml", &["pack/yaml.rs"]),
    ("walkdir", &["inputs.rs"]),
    ("glob", &["inputs.rs"]),
    ("zip", &["inputs/archive.rs"]),
    ("clap", &["cli/"]),
    ("indicatif", &["cli/check.rs"]),
    ("terminal_size", &["cli/mod.rs"]),
    ("x509_parser", &["farm/certificate.rs"]),
    ("quick_xml", &["read/clixml.rs", "read/configuration.rs", "read/service_settings.rs", "farm/policy.rs"]),
    ("encoding_rs", &["read/encoding.rs"]),
    ("serde_sarif", &["report/sarif.rs"]),
    ("similar", &["report/diff.rs"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    assert!(found.len() > 40);
    let relative = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    found.iter().map(|path| (relative(path), fs::read_to_string(path).unwrap())).collect()
}

fn layer(room: &str) -> usize {
    LAYERS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| panic!("{room} is no room"))
}

/// Rooms that a line names: `crate::farm::…`.
fn rooms_named(line: &str) -> Vec<String> {
    let parts = line.split("crate::").skip(1);
    parts
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty() && name.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter(|name| name != "lint")
        .collect()
}

#[test]
fn every_room_uses_only_what_stands_to_its_left() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let room = path.split(['/', '.']).next().unwrap().to_owned();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for other in rooms_named(code) {
                if other != room && layer(&other) >= layer(&room) {
                    wrong.push(format!("src/{path}:{}: {room} uses {other}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_package_has_its_home() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (package, homes) in HOMES {
            let used = text.lines().any(|line| {
                let code = line.split("//").next().unwrap();
                code.contains(&format!("use {package}::"))
                    || code.contains(&format!(" {package}::"))
                    || code.contains(&format!("({package}::"))
            });
            let at_home = |home: &&str| path == *home || home.ends_with('/') && path.starts_with(*home);
            if used && !homes.iter().any(at_home) {
                wrong.push(format!("src/{path} uses {package}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_checks_see_a_step_to_the_right() {
    assert_eq!(rooms_named("use crate::report::Report;"), ["report"]);
    assert!(layer("report") > layer("check"));
}
