//! Regular expressions: what .NET refuses and takes (`patterns/dialect.txt`), held against another engine where the
//! dialects agree, and against nonsense.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

use adfslint::pattern::{self, Outcome, Program};

const STEPS: usize = 100_000;

/// The symbols for control characters are told from others by their place in the block.
fn plain(text: &str) -> String {
    text.chars()
        .map(|symbol| match symbol {
            '⏎' => '\n',
            '␀'..='␟' => char::from_u32(symbol as u32 - '␀' as u32).unwrap(),
            other => other,
        })
        .collect()
}

fn outcome(pattern: &str, text: &str) -> String {
    match pattern::parse(pattern) {
        Err(error) => format!("refused\t{} {} {}", error.at, error.message, error.help),
        Ok(parsed) => match Program::new(&parsed).map(|program| program.search(&plain(text), STEPS)) {
            Some(Outcome::Found(..)) => "matches".into(),
            Some(Outcome::NotFound) => "does not".into(),
            Some(Outcome::GaveUp) | None => "accepted".into(),
        },
    }
}

#[test]
fn patterns_mean_what_they_mean_to_dot_net() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("patterns/dialect.txt").lines() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        count += 1;
        let [wanted, pattern, text] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let got = outcome(pattern, if wanted == "refused" { "" } else { text });
        let fits = match wanted {
            "refused" => got.starts_with("refused") && got.contains(text),
            other => got == other,
        };
        if !fits {
            wrong.push(format!("{line}: {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 250, "{count}");
}
