//! A way past rules that ask for a second factor: what a request must say, or must leave out, so that none of them runs.
//!
//! Only what the caller decides counts: headers, an endpoint, a device that is not registered, claims that somebody
//! outside may send. Being inside, and being a member of an exempted group, are what such rules are for.

use std::collections::BTreeSet;

use super::canonical;
use super::need::{self, Presence};
use crate::claims::ast::{ClaimRule, Condition, Operator, Property, Range};
use crate::claims::facts;
use crate::claims::types::{ClaimType, Group, Origin};

/// The claim by which a rule asks for a second factor.
const METHOD: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod";
/// Its value.
const SEVERAL: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// Choices that are tried; people write a handful of rules.
const TRIED: usize = 2_000;

/// Whether a rule asks for a second factor.
pub fn asks(rule: &ClaimRule) -> bool {
    let is = |text: Option<&crate::claims::ast::Literal>, wanted: &str| {
        text.is_some_and(|text| text.text() == wanted)
    };
    facts::is_issued(rule)
        && facts::made(rule).iter().any(|made| is(made.claim_type, METHOD) && is(made.value, SEVERAL))
}

/// One thing that the caller does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Number of the rule that does not run for it, among those given.
    pub rule: usize,
    /// The condition that does not hold.
    pub range: Range,
    /// In words, after "a request".
    pub says: String,
}

/// What is known of claim types.
pub trait Knowledge {
    /// A well-known claim type.
    fn known(&self, claim_type: &str) -> Option<&ClaimType>;

    /// Somebody outside who may send claims of that type with any value.
    fn sender(&self, claim_type: &str) -> Option<String>;
}

/// A claim that fits these comparisons is there, or is not.
#[derive(Debug, Clone)]
struct Choice {
    claim_type: String,
    tests: BTreeSet<String>,
    is_there: bool,
    step: Step,
}

impl Choice {
    fn excludes(&self, other: &Self) -> bool {
        let (there, absent) = if self.is_there { (self, other) } else { (other, self) };
        there.is_there
            && !absent.is_there
            && there.claim_type == absent.claim_type
            && absent.tests.is_subset(&there.tests)
    }
}

/// The way past all rules that ask for a second factor; `None` if there is none, or none of the rules asks.
pub fn way_past(rules: &[&ClaimRule], knowledge: &dyn Knowledge) -> Option<Vec<Step>> {
    let mut ways = Vec::new();
    for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| asks(rule)) {
        let choices: Vec<Choice> =
            rule.conditions.iter().filter_map(|one| choice(number, one, knowledge)).collect();
        if choices.is_empty() {
            return None;
        }
        ways.push(choices);
    }
    let mut tried = 0;
    let chosen = (!ways.is_empty()).then(|| choose(&ways, Vec::new(), &mut tried)).flatten()?;
    let mut steps: Vec<Step> = Vec::new();
    for choice in chosen {
        if !steps.iter().any(|known| known.says == choice.step.says) {
            steps.push(choice.step);
        }
    }
    Some(steps)
}

/// One choice for each rule, so that no two exclude each other.
fn choose(ways: &[Vec<Choice>], chosen: Vec<Choice>, tried: &mut usize) -> Option<Vec<Choice>> {
    let mut chosen = chosen;
    // Most rules have one way; only where several are left a search is needed.
    let mut open = vec![(0, chosen.len())];
    while let Some((next, length)) = open.pop() {
        *tried += 1;
        if *tried > TRIED {
            return None;
        }
        chosen.truncate(length);
        let place = chosen.len();
        let Some(choices) = ways.get(place) else { return Some(chosen) };
        let fits = |choice: &Choice| !chosen.iter().any(|other| choice.excludes(other));
        let found = choices.iter().enumerate().skip(next).find(|(_, choice)| fits(choice));
        if let Some((number, choice)) = found {
            open.push((number + 1, place));
            chosen.push(choice.clone());
            open.push((0, place + 1));
        }
    }
    None
}

/// What the caller does so that a condition does not hold.
fn choice(rule: usize, condition: &Condition, knowledge: &dyn Knowledge) -> Option<Choice> {
    let claim_type = condition.selector.claim_type()?.text();
    let known = knowledge.known(&claim_type);
    let value = need::equals(condition, &Property::Value);
    let (is_there, says) = match need::presence(condition) {
        Presence::Required => (false, leave_out(condition, known?, value.as_deref())?),
        Presence::Absent => (true, bring(condition, &claim_type, known, knowledge)?),
        Presence::Free => return None,
    };
    let names = std::collections::HashMap::new();
    let tests = condition.selector.tests.iter();
    let tests = tests.filter(|test| test.value.literal().is_some()).map(|test| canonical::test(test, &names));
    let step = Step { rule, range: condition.range, says };
    Some(Choice { claim_type, tests: tests.collect(), is_there, step })
}

fn leave_out(condition: &Condition, known: &ClaimType, value: Option<&str>) -> Option<String> {
    let name = &known.name;
    let asks_for_value = condition.selector.tests.iter().any(|test| test.property == Property::Value);
    match (known.origin, known.group) {
        (Origin::Client, _) if asks_for_value => Some(format!("with another {name}")),
        (Origin::Client, _) => Some(format!("without {name}")),
        // AD FS says of every device whether the user registered it, and of the others nothing else.
        (Origin::Device, _)
            if &**name == "isregistereduser"
                && value.is_some_and(|value| value.eq_ignore_ascii_case("false")) =>
        {
            None
        }
        (Origin::Device, _) => Some(format!("from a device without {name}")),
        (_, Group::Request) if &**name == "x-ms-endpoint-absolute-path" => other_endpoint(condition),
        _ => None,
    }
}

/// Rules that name the browser's and the OAuth endpoint leave only those out that cannot show a second factor.
fn other_endpoint(condition: &Condition) -> Option<String> {
    let tests = condition.selector.tests.iter().filter(|test| test.property == Property::Value);
    let paths: Vec<String> = tests
        .filter(|test| matches!(test.operator, Operator::Equal | Operator::Matches))
        .filter_map(|test| test.value.literal())
        .map(|literal| literal.text().to_lowercase())
        .collect();
    let names = |part: &str| paths.iter().any(|path| path.contains(part));
    let is_one = names("/adfs/ls") != names("oauth2");
    is_one.then(|| if names("oauth2") { "to /adfs/ls" } else { "to /adfs/oauth2" }.to_owned())
}

fn bring(
    condition: &Condition,
    claim_type: &str,
    known: Option<&ClaimType>,
    knowledge: &dyn Knowledge,
) -> Option<String> {
    let asked = |property: &Property| condition.selector.tests.iter().any(|test| test.property == *property);
    if let Some(known) = known.filter(|known| known.origin == Origin::Client) {
        let how = if asked(&Property::Value) { "the right " } else { "" };
        return Some(format!("with {how}{}", known.name));
    }
    if known.is_some_and(|known| matches!(known.origin, Origin::Adfs | Origin::Device)) {
        return None;
    }
    if asked(&Property::Issuer) || asked(&Property::OriginalIssuer) {
        return None;
    }
    let sender = knowledge.sender(claim_type)?;
    let name = known.map_or(claim_type, |known| &known.name);
    Some(format!("from a user of {sender} with the right {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Types(Vec<ClaimType>);

    impl Knowledge for Types {
        fn known(&self, claim_type: &str) -> Option<&ClaimType> {
            self.0.iter().find(|known| &*known.uri == claim_type)
        }

        fn sender(&self, claim_type: &str) -> Option<String> {
            (claim_type == "group").then(|| "Fabrikam".to_owned())
        }
    }

    fn types() -> Types {
        let one = |name: &str, group, origin| ClaimType {
            name: name.into(),
            uri: name.into(),
            meaning: "".into(),
            group,
            origin,
            values: Vec::new(),
            many: false,
            case_varies: false,
            comes_along: false,
        };
        Types(vec![
            one("agent", Group::Request, Origin::Client),
            one("inside", Group::Request, Origin::Adfs),
            one("isregistereduser", Group::Device, Origin::Device),
            one("ismanaged", Group::Device, Origin::Device),
            one("x-ms-endpoint-absolute-path", Group::Request, Origin::Adfs),
            one("group", Group::Group, Origin::Directory),
        ])
    }

    fn past(conditions: &[&str]) -> Option<String> {
        let rules: Vec<String> = conditions
            .iter()
            .map(|one| format!("{one} => issue(Type = \"{METHOD}\", Value = \"{SEVERAL}\");"))
            .collect();
        let set = crate::claims::parse(&rules.join("\n"));
        assert!(set.problems.is_empty(), "{:?}", set.problems);
        let rules: Vec<&ClaimRule> = set.rules.iter().map(|placed| &*placed.rule).collect();
        let says = |step: Step| step.says;
        way_past(&rules, &types()).map(|steps| steps.into_iter().map(says).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn headers_devices_endpoints_and_partners_lead_past() {
        for (condition, way) in [
            (r#"NOT EXISTS([Type == "agent", Value =~ "Teams"])"#, "with the right agent"),
            (r#"EXISTS([Type == "agent"])"#, "without agent"),
            (r#"[Type == "ismanaged", Value == "false"]"#, "from a device without ismanaged"),
            (r#"[Type == "x-ms-endpoint-absolute-path", Value == "/adfs/ls/"]"#, "to /adfs/oauth2"),
            (
                r#"NOT EXISTS([Type == "group", Value == "x"])"#,
                "from a user of Fabrikam with the right group",
            ),
        ] {
            assert_eq!(past(&[condition]).as_deref(), Some(way), "{condition}");
        }
    }

    #[test]
    fn what_the_caller_does_not_decide_leads_nowhere() {
        for condition in [
            "",
            r#"[Type == "inside", Value == "false"]"#,
            r#"NOT EXISTS([Type == "inside", Value == "true"])"#,
            r#"[Type == "isregistereduser", Value == "false"]"#,
            r#"NOT EXISTS([Type == "isregistereduser", Value == "true"])"#,
            r#"[Type == "group", Value == "x"]"#,
            r#"NOT EXISTS([Type == "group", Value == "x", Issuer == "AD AUTHORITY"])"#,
            r#"[Type == "x-ms-endpoint-absolute-path", Value =~ "(/adfs/ls)|(/adfs/oauth2)"]"#,
        ] {
            assert_eq!(past(&[condition]), None, "{condition}");
        }
    }

    #[test]
    fn one_way_must_lead_past_all_rules() {
        let agents = [r#"EXISTS([Type == "agent"])"#, r#"NOT EXISTS([Type == "agent", Value =~ "Teams"])"#];
        assert_eq!(past(&agents), None);
        let two = [
            r#"[Type == "agent", Value =~ "Outlook"]"#,
            r#"NOT EXISTS([Type == "agent", Value =~ "Teams"])"#,
        ];
        assert_eq!(past(&two).as_deref(), Some("with another agent, with the right agent"));
        assert_eq!(past(&[agents[0], ""]), None);
    }
}
