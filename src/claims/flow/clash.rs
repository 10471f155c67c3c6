//! Conditions of one rule that exclude each other, and conditions that hold whatever the claims are.
//!
//! Two selectors over one claim type may both hold, because a user has many claims: only comparisons inside one
//! selector exclude each other, and how many claims must fit (EXISTS against NOT EXISTS).

use std::collections::{BTreeSet, HashMap};

use super::canonical;
use super::need::counts;
use crate::claims::ast::{ClaimRule, Condition, ConditionKind, Literal, Operator, Range, Test};
use crate::pattern::ast::{Anchor, Kind, Node};
use crate::pattern::{self, Outcome, Program};

/// Conditions that are held against each other in one rule; people write a handful.
const COMPARED: usize = 64;

/// Comparisons of one selector that are held against each other; patterns are tried, and that takes time.
const COMPARED_INSIDE: usize = 12;

/// Conditions that no set of claims fulfils, or that every one does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// What they say, in words.
    pub says: String,
    /// Where.
    pub range: Range,
    /// They always hold; else they never do.
    pub always: bool,
}

/// All clashes of a rule.
pub fn clashes(rule: &ClaimRule) -> Vec<Clash> {
    let mut found: Vec<Clash> = rule.conditions.iter().flat_map(inside).collect();
    found.extend(rule.conditions.iter().filter_map(idle));
    found.extend(between(rule));
    found
}

/// Comparisons in one selector of which at most one can hold.
fn inside(condition: &Condition) -> Vec<Clash> {
    let tests: Vec<(&Test, &Literal)> = condition
        .selector
        .tests
        .iter()
        .filter_map(|test| Some((test, test.value.literal()?)))
        .take(COMPARED_INSIDE)
        .collect();
    let mut found = Vec::new();
    for (number, (test, text)) in tests.iter().enumerate() {
        for (other, other_text) in tests.iter().skip(number + 1) {
            if is_same_property(test, other) && exclude(test.operator, text, other.operator, other_text) {
                let mut both = [say(test, text), say(other, other_text)];
                // However a person orders them, they read the same.
                both.sort();
                let range = Range::new(test.range.start, other.range.end);
                found.push(Clash { says: both.join(" and "), range, always: false });
            }
        }
    }
    // A selector that no claim fits is no clash where there must be none.
    if counts(condition).is_some_and(|(least, _)| least == 0) { Vec::new() } else { found }
}

fn is_same_property(one: &Test, other: &Test) -> bool {
    use crate::claims::ast::Property::Named;
    match (&one.property, &other.property) {
        (Named(a), Named(b)) => a.text() == b.text(),
        (a, b) => a == b,
    }
}

fn say(test: &Test, with: &Literal) -> String {
    format!("{} {} \"{}\"", test.property.word(), test.operator.text(), with.text())
}

fn exclude(one: Operator, text: &Literal, other: Operator, other_text: &Literal) -> bool {
    use Operator::{Equal, Matches, MatchesNot, NotEqual};
    let (text, other_text) = (text.text(), other_text.text());
    match (one, other) {
        // Whether letter case counts is said differently in different places: case alone proves nothing.
        (Equal, Equal) => text.to_lowercase() != other_text.to_lowercase(),
        (Equal, NotEqual) | (NotEqual, Equal) => text == other_text,
        (Matches, MatchesNot) | (MatchesNot, Matches) => text == other_text,
        (Equal, Matches) => misses(&other_text, &text),
        (Matches, Equal) => misses(&text, &other_text),
        (Equal, MatchesNot) => hits(&other_text, &text),
        (MatchesNot, Equal) => hits(&text, &other_text),
        (Matches, Matches) => apart(&text, &other_text),
        _ => false,
    }
}

/// What a pattern asks of the two ends of a text, in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ends {
    /// The text begins like this.
    head: String,
    /// The text ends like this.
    tail: String,
}

/// `None` for a pattern that cannot be seen through.
fn ends(written: &str) -> Option<Ends> {
    let parsed = pattern::parse(written).ok()?;
    let [only] = parsed.root.alternatives() else { return None };
    let items = only.parts();
    let starts = items.first().is_some_and(|item| item.kind == Kind::Anchor(Anchor::TextStart));
    let stops = items.last().is_some_and(|item| {
        matches!(item.kind, Kind::Anchor(Anchor::TextEnd | Anchor::LastEnd)) && !(starts && items.len() == 1)
    });
    let middle = items.get(usize::from(starts)..items.len() - usize::from(stops)).unwrap_or(&[]);
    let run = |item: &Node| match item.kind {
        Kind::Character { character, .. } => Some(character),
        _ => None,
    };
    let head: String = middle.iter().map_while(run).collect();
    let mut tail: Vec<char> = middle.iter().rev().map_while(run).collect();
    tail.reverse();
    Some(Ends {
        head: if starts { head.to_lowercase() } else { String::new() },
        tail: if stops { tail.into_iter().collect::<String>().to_lowercase() } else { String::new() },
    })
}

/// Steps that one comparison of a text with a pattern may take.
const STEPS: usize = 5_000;

/// Whether a pattern surely does not match a text, whatever letter case counts for.
fn misses(written: &str, text: &str) -> bool {
    search(&format!("(?i){written}"), text) == Outcome::NotFound
}

/// Whether a pattern surely matches a text.
fn hits(written: &str, text: &str) -> bool {
    search(written, text).is_found()
}

fn search(written: &str, text: &str) -> Outcome {
    let program = pattern::parse(written).ok().and_then(|parsed| Program::new(&parsed));
    program.map_or(Outcome::GaveUp, |program| program.search(text, STEPS))
}

/// Whether no text surely matches both patterns.
fn apart(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (ends(one), ends(other)) else { return false };
    let heads = !one.head.starts_with(&other.head) && !other.head.starts_with(&one.head);
    let tails = !one.tail.ends_with(&other.tail) && !other.tail.ends_with(&one.tail);
    heads || tails
}

/// A count that says nothing: any number is at least none.
fn idle(condition: &Condition) -> Option<Clash> {
    let ConditionKind::Count { operator, number } = &condition.kind else { return None };
    let (least, most) = counts(condition)?;
    let always = least == 0 && most == u64::MAX;
    (always || least > most).then(|| Clash {
        says: format!("COUNT {operator} {number}"),
        range: condition.range,
        always,
    })
}

/// A condition whose claims are among those of another one, with how many of them there must be.
struct Counted<'r> {
    condition: &'r Condition,
    tests: BTreeSet<String>,
    /// Every comparison is with a text.
    is_plain: bool,
    least: u64,
    most: u64,
}

impl<'r> Counted<'r> {
    fn of(condition: &'r Condition) -> Option<Self> {
        let (least, most) = counts(condition)?;
        let tests = &condition.selector.tests;
        let plain = tests.iter().filter(|test| test.value.literal().is_some());
        let names = HashMap::new();
        let written: BTreeSet<String> = plain.clone().map(|test| canonical::test(test, &names)).collect();
        Some(Self { condition, tests: written, is_plain: plain.count() == tests.len(), least, most })
    }

    /// There must be more of the narrow kind than there may be of the wide one.
    fn excludes(&self, wide: &Self) -> bool {
        wide.is_plain && self.least > wide.most && wide.tests.is_subset(&self.tests)
    }
}

fn between(rule: &ClaimRule) -> Vec<Clash> {
    let counted: Vec<Counted<'_>> = rule
        .conditions
        .iter()
        .filter_map(Counted::of)
        .take(COMPARED)
        .filter(|one| one.least <= one.most)
        .collect();
    let mut found = Vec::new();
    for narrow in &counted {
        for wide in counted.iter().filter(|wide| narrow.excludes(wide)) {
            let says = format!("{} and {}", shape(narrow.condition), shape(wide.condition));
            found.push(Clash { says, range: narrow.condition.range, always: false });
        }
    }
    found
}

/// `EXISTS([Type == "...", Value == "..."])`, as a person would write it.
fn shape(condition: &Condition) -> String {
    let names = HashMap::new();
    let mut tests: Vec<String> =
        condition.selector.tests.iter().map(|test| canonical::test(test, &names)).collect();
    tests.sort();
    let tests = tests.join(", ");
    match &condition.kind {
        ConditionKind::Select(_) => format!("[{tests}]"),
        ConditionKind::Exists => format!("EXISTS([{tests}])"),
        ConditionKind::NotExists => format!("NOT EXISTS([{tests}])"),
        ConditionKind::Count { operator, number } => format!("COUNT([{tests}]) {operator} {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(conditions: &str) -> Vec<String> {
        let set = crate::claims::parse(&format!("{conditions} => issue(Type = \"x\", Value = \"y\");"));
        assert!(set.problems.is_empty(), "{:?}", set.problems);
        clashes(&set.rules[0].rule)
            .into_iter()
            .map(|clash| format!("{}{}", if clash.always { "always: " } else { "" }, clash.says))
            .collect()
    }

    #[test]
    fn comparisons_inside_one_selector_exclude_each_other() {
        for wrong in [
            r#"[Type == "a", Type == "b"]"#,
            r#"[Type == "a", Value == "x", Value != "x"]"#,
            r#"[Type == "a", Value =~ "@a\.com$", Value =~ "@b\.com$"]"#,
            r#"[Type == "a", Value =~ "^10\.", Value =~ "^192\."]"#,
            r#"[Type == "a", Value == "guest", Value =~ "^(?i)staff$"]"#,
            r#"[Type == "a", Value == "guest", Value =~ "admin"]"#,
            r#"[Type == "a", Value =~ "^x", Value !~ "^x"]"#,
            r#"[Type == "a", Value == "S-1-5-32-544", Value =~ "^S-1-5-21-(\d+-){3}\d+$"]"#,
            r#"[Type == "a", Value == "S-1-5-32-544", Value !~ "^S-1-5-32-"]"#,
            r#"[Type == "a", Properties["k"] == "1", Properties["k"] == "2"]"#,
        ] {
            assert_eq!(said(wrong).len(), 1, "{wrong}: {:?}", said(wrong));
        }
        assert_eq!(said(r#"[Type == "b", Type == "a"]"#), [r#"Type == "a" and Type == "b""#]);
    }

    #[test]
    fn what_may_hold_is_left_alone() {
        for right in [
            r#"[Type == "a", Value == "x"] && [Type == "a", Value == "y"]"#,
            r#"[Type == "a", Value =~ "@(a|b)\.com$"]"#,
            r#"[Type == "a", Value =~ "@a\.com$", Value =~ "^(?i)x"]"#,
            r#"[Type == "a", Value =~ "com$", Value =~ "@b\.com$"]"#,
            r#"[Type == "a", Value == "Guest", Value == "guest"]"#,
            r#"[Type == "a", Value == "staff-1", Value =~ "^(?i)STAFF"]"#,
            r#"[Type == "a", Value == "staff-1", Value =~ "^STAFF-[0-9]$"]"#,
            r#"[Type == "a", Value == "staff-1", Value !~ "^STAFF"]"#,
            r#"[Type == "a", Value == "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", Value =~ "^(a+)+$"]"#,
            r#"[Type == "a", Properties["k"] == "1", Properties["l"] == "2"]"#,
            r#"[Type == "a"] && NOT EXISTS([Type == "a", Value == "x"])"#,
            r#"COUNT([Type == "a"]) > 1 && COUNT([Type == "a"]) <= 5"#,
            // There is no such claim, and there must be none: odd, and true.
            r#"NOT EXISTS([Type == "a", Type == "b"])"#,
        ] {
            assert!(said(right).is_empty(), "{right}: {:?}", said(right));
        }
    }

    #[test]
    fn numbers_of_claims_exclude_each_other() {
        for wrong in [
            r#"EXISTS([Type == "a"]) && NOT EXISTS([Type == "a"])"#,
            r#"c:[Type == "a", Value == "x"] && NOT EXISTS([Type == "a"])"#,
            r#"COUNT([Type == "a"]) > 2 && NOT EXISTS([Type == "a"])"#,
            r#"COUNT([Type == "a"]) > 2 && COUNT([Type == "a"]) == 1"#,
            r#"COUNT([Type == "a"]) < 0"#,
        ] {
            assert_eq!(said(wrong).len(), 1, "{wrong}: {:?}", said(wrong));
        }
        assert_eq!(said(r#"COUNT([Type == "a"]) >= 0"#), ["always: COUNT >= 0"]);
    }
}
