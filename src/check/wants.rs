//! What undecided rules wait for: each rule is counted once, under the export that lets most of them decide.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::verdict::Want;

/// Where facts are stated.
const FACTS: &str = "adfslint.facts.yaml, for what no command exports";
/// What is left where every export is there.
const VALUES: &str = "values that the exports lack or cannot tell";

/// One undecided rule.
#[derive(Debug)]
pub(super) struct Open {
    /// The rule.
    pub rule: Arc<str>,
    /// Commands whose output is missing.
    pub exports: BTreeSet<String>,
    /// A fact is missing.
    pub facts: bool,
}

/// Counts the rules, the largest number first. Where a command, the facts file and a tool would do, the command is named.
pub(super) fn count(open: Vec<Open>) -> Vec<Want> {
    let is_command = |what: &str| what.starts_with("Get-");
    let mut wants = Vec::new();
    let open = take(open, &mut wants, |one| one.exports.iter().filter(|what| is_command(what)).collect());
    let (facts, open): (Vec<_>, Vec<_>) = open.into_iter().partition(|one| one.facts);
    let values = take(open, &mut wants, |one| one.exports.iter().collect());
    wants.push(Want { what: FACTS.to_owned(), rules: names(facts) });
    wants.push(Want { what: VALUES.to_owned(), rules: names(values) });
    wants.retain(|want| !want.rules.is_empty());
    wants.sort_by_key(|want| std::cmp::Reverse(want.rules.len()));
    wants
}

/// Gives the rules to what most of them wait for, again and again; what is left waits for none of these.
fn take(mut open: Vec<Open>, wants: &mut Vec<Want>, of: impl Fn(&Open) -> Vec<&String>) -> Vec<Open> {
    loop {
        let mut demand: BTreeMap<&String, usize> = BTreeMap::new();
        open.iter().flat_map(&of).for_each(|export| *demand.entry(export).or_default() += 1);
        // Of several the first in the alphabet.
        let most = demand.iter().rev().max_by_key(|(_, count)| **count);
        let Some(what) = most.map(|(export, _)| (*export).clone()) else { return open };
        let (decided, rest) = open.into_iter().partition(|one| one.exports.contains(&what));
        open = rest;
        wants.push(Want { what, rules: names(decided) });
    }
}

fn names(open: Vec<Open>) -> Vec<Arc<str>> {
    open.into_iter().map(|one| one.rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_counted_once_under_what_decides_most() {
        let open = |rule: &str, exports: &[&str], facts: bool| Open {
            rule: Arc::from(rule),
            exports: exports.iter().map(|name| (*name).to_owned()).collect(),
            facts,
        };
        let wants = count(vec![
            open("A", &["Get-X", "Get-Y"], false),
            open("B", &["Get-Y", "Tool"], true),
            open("C", &["Get-X", "Get-Z"], false),
            open("D", &["Get-Y"], false),
            open("E", &[], true),
            open("F", &[], false),
            open("G", &["Tool"], true),
            open("H", &["Tool"], false),
        ]);
        let word = |want: &Want| want.what.split([' ', ',']).next().unwrap().to_owned();
        let said: Vec<String> =
            wants.iter().map(|want| format!("{} {}", word(want), want.rules.join(""))).collect();
        assert_eq!(said, ["Get-Y ABD", "adfslint.facts.yaml EG", "Get-X C", "Tool H", "values F"]);
    }
}
