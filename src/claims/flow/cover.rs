//! Rules that add nothing because another rule of the set does the same for more claims.
//!
//! Rules are compared only with those that make the same claim, and of these with those that ask for one of the same
//! things: the work stays in step with the text.

use std::collections::{BTreeSet, HashMap};

use super::{Flow, canonical};
use crate::claims::RuleSet;
use crate::claims::ast::{Body, ClaimRule, Condition, ConditionKind};
use crate::claims::facts;

/// Rules that one rule is compared with for each of its comparisons.
const COMPARED: usize = 8;

/// What a rule needs to run, in a form that can be compared.
struct Shape {
    /// The claim that is made, with the variable that it is taken from called `it`.
    consequent: String,
    /// Comparisons on the claim that it is taken from.
    own: BTreeSet<String>,
    /// Claims that must be there as well.
    also: Vec<BTreeSet<String>>,
    /// Claims that must not be there.
    never: BTreeSet<String>,
    /// Claim types that the conditions look at.
    types: BTreeSet<String>,
    /// What the rule is found by.
    keys: Vec<String>,
}

/// A rule's shape; `None` where it is too intricate to tell.
fn shape(rule: &ClaimRule) -> Option<Shape> {
    let used: Vec<&Condition> =
        rule.conditions.iter().filter(|one| !super::need::uses(rule, one).is_empty()).collect();
    let it = match used.as_slice() {
        [] => None,
        [only] => Some(*only),
        _ => return None,
    };
    if matches!(rule.issuance.body, Body::Store { .. }) {
        return None;
    }
    let mut names = HashMap::new();
    if let Some(name) = it.and_then(facts::variable) {
        names.insert(name.to_lowercase(), "it".to_owned());
    }
    let consequent = canonical::consequent(rule, &names);
    let mut shape = Shape {
        consequent,
        own: BTreeSet::new(),
        also: Vec::new(),
        never: BTreeSet::new(),
        types: BTreeSet::new(),
        keys: Vec::new(),
    };
    for condition in &rule.conditions {
        let selector = &condition.selector;
        // A comparison with another claim, or with a claim of any type, is beyond comparing.
        if selector.tests.iter().any(|test| test.value.literal().is_none()) {
            return None;
        }
        shape.types.insert(selector.claim_type()?.text());
        let tests: BTreeSet<String> =
            selector.tests.iter().map(|test| canonical::test(test, &names)).collect();
        match condition.kind {
            _ if it.is_some_and(|it| std::ptr::eq(it, condition)) => shape.own = tests,
            ConditionKind::Select(_) | ConditionKind::Exists => shape.also.push(tests),
            ConditionKind::NotExists => {
                shape.never.insert(tests.into_iter().collect::<Vec<_>>().join(", "));
            }
            ConditionKind::Count { .. } => return None,
        }
    }
    // Many rules ask for one claim type, few for one value.
    let telling = |test: &&String| (!test.starts_with("Type "), test.len());
    let longest = |tests: &BTreeSet<String>| tests.iter().max_by_key(telling).cloned();
    shape.keys = std::iter::once(&shape.own).chain(&shape.also).filter_map(longest).collect();
    Some(shape)
}

impl Shape {
    /// Whether this rule runs whenever the other one does.
    fn covers(&self, special: &Self) -> bool {
        let all = |wanted: &BTreeSet<String>| {
            std::iter::once(&special.own).chain(&special.also).any(|given| wanted.is_subset(given))
        };
        self.own.is_subset(&special.own) && self.also.iter().all(all) && self.never.is_subset(&special.never)
    }

    /// All comparisons of the rule: a more general rule is found by one of them.
    fn tests(&self) -> impl Iterator<Item = &String> {
        self.own.iter().chain(self.also.iter().flatten())
    }
}

/// Rules that others cover.
#[derive(Debug, Clone, Default)]
pub struct Covered {
    /// Places of such rules, each with the place of the general one; repeated rules are not among them.
    pub pairs: Vec<(usize, usize)>,
    /// Comparisons that it took; for holding the work against the size of the text.
    pub comparisons: usize,
}

/// Finds the rules that another rule of the set covers.
pub fn covered(set: &RuleSet, flow: &Flow) -> Covered {
    let shapes: Vec<Option<Shape>> = set.rules.iter().map(|placed| shape(&placed.rule)).collect();
    let mut index: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (place, shape) in shapes.iter().enumerate() {
        let Some(shape) = shape else { continue };
        // The key must be asked for by every special rule; without any condition everything is special.
        let key = shape.keys.first().map_or("", String::as_str);
        let found = index.entry((&shape.consequent, key)).or_default();
        if found.len() < COMPARED {
            found.push(place);
        }
    }
    let mut all = Covered::default();
    for (place, special) in shapes.iter().enumerate() {
        let Some(special) = special else { continue };
        // A rule without conditions covers everything; a closer one says more.
        let keys = special.tests().map(String::as_str).chain(std::iter::once(""));
        let candidates = keys.filter_map(|key| index.get(&(special.consequent.as_str(), key))).flatten();
        let general = candidates.copied().find(|candidate| {
            all.comparisons += 1;
            let wide = shapes.get(*candidate).and_then(Option::as_ref).filter(|_| *candidate != place);
            wide.is_some_and(|wide| {
                wide.covers(special) && !special.covers(wide) && sees_the_same(flow, wide, *candidate, place)
            })
        });
        all.pairs.extend(general.map(|general| (place, general)));
    }
    all
}

/// Whether nothing that the general rule looks at is made between the two.
fn sees_the_same(flow: &Flow, general: &Shape, one: usize, other: usize) -> bool {
    let (from, to) = (one.min(other), one.max(other));
    !general.types.iter().any(|name| flow.makes_between(name, from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(usize, usize)> {
        let set = crate::claims::parse(text);
        assert!(set.problems.is_empty(), "{:?}", set.problems);
        covered(&set, &Flow::of(&set)).pairs
    }

    const PERMIT: &str = r#"issue(Type = "permit", Value = "true");"#;

    #[test]
    fn more_conditions_for_the_same_claim_add_nothing() {
        let text = format!(
            r#"[Type == "g", Value == "a"] => {PERMIT} [Type == "g", Value == "a"] && [Type == "upn", Value == "x"] => {PERMIT}"#
        );
        assert_eq!(pairs(&text), [(1, 0)]);
        let text = format!(
            r#"[Type == "g", Value == "a", Issuer == "AD"] => {PERMIT} EXISTS([Type == "g", Value == "a"]) => {PERMIT}"#
        );
        assert_eq!(pairs(&text), [(0, 1)]);
        let text =
            r#"c:[Type == "g", Value == "a"] => issue(claim = c); x:[Type == "g"] => issue(claim = x);"#;
        assert_eq!(pairs(text), [(0, 1)]);
    }

    #[test]
    fn other_conditions_and_other_claims_stay() {
        for text in [
            format!(r#"[Type == "g", Value == "a"] => {PERMIT} [Type == "g", Value == "b"] => {PERMIT}"#),
            format!(r#"[Type == "g", Value == "a"] => {PERMIT} [Type == "g", Value == "a"] && [Type == "u"] => issue(Type = "deny", Value = "true");"#),
            format!(r#"[Type == "g"] && NOT EXISTS([Type == "x"]) => {PERMIT} [Type == "g"] && [Type == "u"] => {PERMIT}"#),
            format!(r#"[Type == "g"] && COUNT([Type == "x"]) > 1 => {PERMIT} [Type == "h"] => {PERMIT}"#),
            r#"c:[Type == "g", Value == "a"] => issue(claim = c); x:[Type == "g"] => issue(Type = "h", Value = x.Value);"#.to_owned(),
        ] {
            assert!(pairs(&text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_made_between_two_rules_may_tell_them_apart() {
        let between = format!(
            r#"[Type == "flag"] => {PERMIT} => add(Type = "flag", Value = "1"); [Type == "flag"] && [Type == "u"] => {PERMIT}"#
        );
        assert!(pairs(&between).is_empty());
    }
}
