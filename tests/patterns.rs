//! Regular expressions: what .NET refuses and takes (`patterns/dialect.txt`), held against another engine where the
//! dialects agree, and against nonsense.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

use std::fmt::Write as _;

use adfslint::pattern::{self, Outcome, Pattern, Program};
use proptest::prelude::*;

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

/// Asks everything that can be asked. What the answers show was tried out; here it is tried again.
fn ask(text: &str, pattern: &Pattern) -> String {
    let mut answers = String::new();
    let program = Program::new(pattern);
    let matches = |value: &str| {
        program.as_ref().is_some_and(|program| matches!(program.search(value, STEPS), Outcome::Found(..)))
    };
    for value in pattern.examples() {
        assert!(matches(&value), "{text}: {value:?} is no example");
    }
    if let Some(found) = pattern.overreach() {
        assert_eq!(matches(&found.text), !found.refuses, "{text}: {found:?}");
        assert_eq!(matches(&found.meant), !found.refuses, "{text}: {found:?}");
        assert_ne!(found.text, found.meant);
    }
    for dot in pattern.plain_dots(text) {
        assert_eq!(dot.span.of(text), dot.text);
        assert!(pattern.dot_value(&dot).is_none_or(|value| matches(&value)), "{text}: {dot:?}");
    }
    if let Some(value) = pattern.other_case() {
        assert!(!matches(&value), "{text}: {value}");
    }
    if pattern.matches_nothing() {
        assert_eq!(pattern.examples(), [""; 0], "{text}");
    }
    if pattern.matches_everything() && program.is_some() {
        assert!(["a", "B 7", "\u{e9}@x.y"].iter().all(|value| matches(value)), "{text}");
    }
    write!(
        answers,
        "{:?} {:?} {:?} {:?} {} {} {}",
        pattern.slow(),
        pattern.addresses(text),
        pattern.literal(),
        pattern.ignores_case(),
        pattern.is_anchored_at_start(),
        pattern.is_anchored_at_end(),
        pattern.has_word_edges()
    )
    .unwrap();
    pattern.root.walk(&mut |node| assert!(node.span.end as usize <= text.len(), "{text}: {node:?}"));
    answers
}

/// Patterns in which .NET and the other engine agree.
fn common_pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => "[abc1]".prop_map(|text| text),
        1 => Just(".".to_owned()),
        1 => Just("[ab]".to_owned()),
        1 => Just("[^a1]".to_owned()),
        1 => Just(r"\d".to_owned()),
        1 => Just(r"\w".to_owned()),
        1 => Just("^".to_owned()),
        1 => Just(r"\z".to_owned()),
        1 => Just(r"\b".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            4 => prop::collection::vec(inner.clone(), 1..4).prop_map(|all| all.concat()),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|all| format!("(?:{})", all.join("|"))),
            1 => inner.clone().prop_map(|one| format!("({one})")),
            1 => inner.clone().prop_map(|one| format!("(?i:{one})")),
            1 => inner.clone().prop_map(|one| format!("(?>{one})")),
            1 => inner.clone().prop_map(|one| format!("(?={one})")),
            1 => inner.clone().prop_map(|one| format!("(?!{one})")),
            3 => (inner, prop::sample::select(vec!["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"]))
                .prop_map(|(one, often)| format!("(?:{one}){often}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn matches_are_those_of_another_engine(pattern in common_pattern(), text in "[abcAB1 -]{0,8}") {
        // The other engine repeats no anchor.
        let Ok(other) = fancy_regex::RegexBuilder::new(&pattern).backtrack_limit(100_000).build() else { return Ok(()) };
        let program = Program::new(&pattern::parse(&pattern).unwrap()).unwrap();
        if let (Ok(expected), Outcome::Found(..) | Outcome::NotFound) =
            (other.is_match(&text), program.search(&text, STEPS))
        {
            let found = matches!(program.search(&text, STEPS), Outcome::Found(..));
            prop_assert_eq!(found, expected, "{} on {:?}", pattern, text);
        }
    }

    #[test]
    fn examples_match_in_another_engine(pattern in common_pattern()) {
        let Ok(other) = fancy_regex::Regex::new(&pattern) else { return Ok(()) };
        let parsed = pattern::parse(&pattern).unwrap();
        for value in parsed.examples() {
            prop_assert!(other.is_match(&value).unwrap_or(true), "{} on {:?}", pattern, value);
        }
        ask(&pattern, &parsed);
    }

    #[test]
    fn nonsense_is_answered(text in r"[a-c0-3(){}\[\]|*+?\\^$.,:=!<>#'xi \n@&_-]{0,40}") {
        match pattern::parse(&text) {
            Ok(parsed) => {
                ask(&text, &parsed);
            }
            Err(error) => prop_assert!(error.at as usize <= text.len() && !error.message.is_empty()),
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*", replacement in "[$a-c0-3{}<>&`'+_]{0,12}") {
        if let Ok(parsed) = pattern::parse(&text) {
            ask(&text, &parsed);
            for (name, span) in pattern::missing_groups(&replacement, &parsed.groups) {
                prop_assert!(span.of(&replacement).contains(&name));
            }
        }
    }
}

#[test]
fn large_patterns_are_answered_in_time() {
    let brackets = |count: usize| format!("{}a{}", "(".repeat(count), ")".repeat(count));
    let domains = |count: usize| {
        let all: Vec<String> = (0..count).map(|number| format!(r"d{number}\.contoso\.com")).collect();
        format!("^(?i)[^@]+@(?:{})$", all.join("|"))
    };
    let addresses: Vec<String> =
        (0..400).map(|number| format!(r"10\.{}\.1\.{}", number / 250, number % 250)).collect();
    let texts = [
        brackets(100),
        brackets(100_000),
        "(".repeat(60_000),
        "[a-".repeat(20_000),
        "[a-[".repeat(15_000),
        format!("{}{}", "[a-[b".repeat(100), "]".repeat(200)),
        "(?x)(?-x)".repeat(7_000),
        "(?x:a)".repeat(10_000),
        "(?(a)b|c)".repeat(7_000),
        "a?".repeat(30_000),
        "(a*)*".repeat(10_000),
        "a{1000}".repeat(100),
        "((a{1000}){1000}){1000}".to_owned(),
        domains(100),
        domains(2_000),
        addresses.join("|"),
        format!("^(?:{})$", addresses.join("|")),
        "[a-zA-Z0-9_]".repeat(5_000),
        format!("[{}]", r"\w\d\s".repeat(10_000)),
        r"\p{IsGreek}".repeat(5_000),
        "(?<n>a)".repeat(9_000),
        r"\1".repeat(20_000) + "(a)",
        ".*".repeat(30_000),
        "x".repeat(1 << 20),
    ];
    for text in texts {
        if let Ok(parsed) = pattern::parse(&text) {
            ask(&text, &parsed);
        }
    }
}
