//! What flows through one claim rule set: which claim types its rules need and make, and which rule stands first.
//!
//! AD FS runs a set once, from top to bottom. What `issue` and `add` make is there for the rules below and never for
//! those above. Everything here is asked by claim type through an index, so a set of thousands of rules costs what its
//! text costs.

pub mod bypass;
pub mod canonical;
pub mod clash;
pub mod cover;
pub mod need;

use std::collections::HashMap;

use super::ast::ClaimRule;
use super::facts::{self, Made};
use super::{PlacedRule, RuleSet};

/// Rules that one answer names; nobody reads more.
pub const NAMED: usize = 8;

/// The flow of claims through one rule set. Rules go by their place in it, from 0.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    types: HashMap<String, Traffic>,
    /// Rules that make claims of a type that their text does not tell: `c:[] => issue(claim = c)`.
    makers_of_anything: Vec<usize>,
    /// The same, only those that issue.
    issuers_of_anything: Vec<usize>,
    /// Rules that look at claims whatever type they have.
    readers_of_anything: Vec<usize>,
    steps: usize,
}

/// Who makes and who reads one claim type.
#[derive(Debug, Clone, Default)]
struct Traffic {
    makers: Vec<usize>,
    issuers: Vec<usize>,
    /// Makers that do not need the type themselves: the claim begins there.
    origins: Vec<usize>,
    readers: Vec<usize>,
    /// First rule that makes it with a value that the text does not tell.
    first_with_any_value: Option<usize>,
    /// First rule for each value that is written down, in lower case.
    first_with: HashMap<String, usize>,
}

impl Flow {
    /// Goes through a rule set once.
    pub fn of(set: &RuleSet) -> Self {
        let mut flow = Self::default();
        for (place, placed) in set.rules.iter().enumerate() {
            flow.add(place, placed);
        }
        flow
    }

    fn add(&mut self, place: usize, placed: &PlacedRule) {
        let rule = &placed.rule;
        let reads_anything = rule.conditions.iter().any(|one| one.selector.claim_type().is_none());
        if reads_anything {
            self.readers_of_anything.push(place);
        }
        for condition in &rule.conditions {
            self.steps += 1;
            if let Some(literal) = condition.selector.claim_type() {
                note(&mut self.types.entry(literal.text()).or_default().readers, place);
            }
        }
        for made in facts::made(rule) {
            self.steps += 1;
            self.make(place, rule, &made);
        }
    }

    fn make(&mut self, place: usize, rule: &ClaimRule, made: &Made<'_>) {
        let is_issued = facts::is_issued(rule);
        let Some(literal) = made.claim_type else {
            note(&mut self.makers_of_anything, place);
            if is_issued {
                note(&mut self.issuers_of_anything, place);
            }
            return;
        };
        let traffic = self.types.entry(literal.text()).or_default();
        note(&mut traffic.makers, place);
        if is_issued {
            note(&mut traffic.issuers, place);
        }
        if traffic.readers.last() != Some(&place) {
            note(&mut traffic.origins, place);
        }
        match made.value {
            Some(value) => {
                traffic.first_with.entry(value.text().to_lowercase()).or_insert(place);
            }
            None => {
                traffic.first_with_any_value.get_or_insert(place);
            }
        }
    }

    /// Rules above `place` that make the type, with that value if one is asked for; the first few.
    pub fn makers_before(&self, claim_type: &str, value: Option<&str>, place: usize) -> Vec<usize> {
        let Some(traffic) = self.types.get(claim_type) else { return Vec::new() };
        let Some(value) = value else {
            return traffic.makers.iter().copied().take_while(|maker| *maker < place).take(NAMED).collect();
        };
        let written = traffic.first_with.get(&value.to_lowercase()).copied();
        let mut makers: Vec<usize> =
            traffic.first_with_any_value.into_iter().chain(written).filter(|maker| *maker < place).collect();
        makers.sort_unstable();
        makers
    }

    /// Rules below `place` where claims of the type begin; the first few. A rule that needs the type itself is no
    /// beginning.
    pub fn origins_after(&self, claim_type: &str, place: usize) -> Vec<usize> {
        let origins = self.types.get(claim_type).map_or(&[][..], |traffic| &traffic.origins);
        after(origins, place)
    }

    /// The first rule above `place` that may make any type at all.
    pub fn maker_of_anything_before(&self, place: usize) -> Option<usize> {
        self.makers_of_anything.first().copied().filter(|maker| *maker < place)
    }

    /// Rules below `place` that look at claims of the type; the first few.
    pub fn readers_after(&self, claim_type: &str, place: usize) -> Vec<usize> {
        let readers = self.types.get(claim_type).map_or(&[][..], |traffic| &traffic.readers);
        let mut found = after(readers, place);
        found.extend(after(&self.readers_of_anything, place));
        found.sort_unstable();
        found.dedup();
        found.truncate(NAMED);
        found
    }

    /// Whether the set makes a claim of the type between two of its rules.
    pub fn makes_between(&self, claim_type: &str, from: usize, to: usize) -> bool {
        let makers = self.types.get(claim_type).map_or(&[][..], |traffic| &traffic.makers);
        let is_between = |list: &[usize]| after(list, from).first().is_some_and(|maker| *maker < to);
        is_between(makers) || is_between(&self.makers_of_anything)
    }

    /// Claim types that leave the set, with the rules that issue them, in alphabetical order.
    pub fn output(&self) -> Vec<(&str, &[usize])> {
        let issued = self.types.iter().filter(|(_, traffic)| !traffic.issuers.is_empty());
        let mut issued: Vec<_> = issued.map(|(name, traffic)| (name.as_str(), &*traffic.issuers)).collect();
        issued.sort_unstable();
        issued
    }

    /// The rule by which claims of any type may leave the set.
    pub fn issues_anything(&self) -> Option<usize> {
        self.issuers_of_anything.first().copied()
    }

    /// Steps that it took; for holding the work against the size of the text.
    pub fn steps(&self) -> usize {
        self.steps
    }
}

fn note(list: &mut Vec<usize>, place: usize) {
    if list.last() != Some(&place) {
        list.push(place);
    }
}

/// The first few of an ascending list that are greater than `place`.
fn after(list: &[usize], place: usize) -> Vec<usize> {
    let from = list.partition_point(|one| *one <= place);
    list.iter().skip(from).take(NAMED).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(text: &str) -> Flow {
        let set = crate::claims::parse(text);
        assert!(set.problems.is_empty(), "{:?}", set.problems);
        Flow::of(&set)
    }

    const STEPS: &str = r#"
        c:[Type == "urn:account"] => add(store = "Active Directory", types = ("urn:group"), query = ";tokenGroups;{0}", param = c.Value);
        c:[Type == "urn:group", Value == "staff"] => add(Type = "urn:flag", Value = "Staff");
        [Type == "urn:flag", Value == "guest"] => issue(Type = "urn:role", Value = "guest");
        c:[Type == "urn:group"] => issue(Type = "urn:group", Value = c.Value);"#;

    #[test]
    fn makers_stand_above_and_origins_below() {
        let flow = flow(STEPS);
        assert_eq!(flow.makers_before("urn:group", None, 1), [0]);
        assert_eq!(flow.makers_before("urn:group", Some("staff"), 1), [0]);
        assert!(flow.makers_before("urn:group", None, 0).is_empty());
        assert_eq!(flow.origins_after("urn:flag", 0), [1]);
        // The last rule needs what it makes.
        assert!(flow.origins_after("urn:group", 0).is_empty());
    }

    #[test]
    fn a_written_value_is_another_claim_than_the_one_asked_for() {
        let flow = flow(STEPS);
        assert!(flow.makers_before("urn:flag", Some("guest"), 2).is_empty());
        assert_eq!(flow.makers_before("urn:flag", Some("STAFF"), 2), [1]);
        assert_eq!(flow.makers_before("urn:flag", None, 2), [1]);
    }

    #[test]
    fn only_what_is_issued_leaves_the_set() {
        let set = flow(STEPS);
        let output: Vec<&str> = set.output().into_iter().map(|(name, _)| name).collect();
        assert_eq!(output, ["urn:group", "urn:role"]);
        assert_eq!(set.issues_anything(), None);
        assert_eq!(flow("c:[] => issue(claim = c);").issues_anything(), Some(0));
        assert_eq!(flow("c:[] => add(claim = c);").issues_anything(), None);
    }

    #[test]
    fn a_selector_without_a_type_reads_everything() {
        let flow = flow(r#"=> add(Type = "urn:x", Value = "1"); c:[Value == "1"] => issue(claim = c);"#);
        assert_eq!(flow.readers_after("urn:x", 0), [1]);
    }
}
