//! Claim rules as the console's wizards write them. A rule with `@RuleTemplate` is shown in the wizard's form, and what
//! the form cannot hold is lost when somebody saves it there.

use super::ast::{
    Action, Body, ClaimRule, Condition, ConditionKind, Expression, Issuance, Literal, Operator, Property,
    Term, Test,
};
use super::query::{self, StoreKind};

const ACCOUNT_NAME: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
const GROUP_SID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid";
/// How permit and deny end; how their addresses begin is spelt wrongly often enough, and another rule's matter.
const PERMIT: &str = "/authorization/claims/permit";
const DENY: &str = "/authorization/claims/deny";

type Form = fn(&ClaimRule) -> bool;

/// The templates of the console, and whether a rule has the form that each of them writes.
const FORMS: [(&str, Form); 6] = [
    ("AllowAllAuthzRule", allows_all),
    ("Authorization", authorizes),
    ("EmitGroupClaims", emits_group),
    ("LdapClaims", sends_attributes),
    ("MapClaims", maps),
    ("PassThroughClaims", passes_through),
];

/// Names of all templates.
pub fn names() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(name, _)| *name)
}

/// Templates whose form a rule has.
pub fn of(rule: &ClaimRule) -> Vec<&'static str> {
    if rule.issuance.action != Action::Issue {
        return Vec::new();
    }
    FORMS.iter().filter(|(_, has_form)| has_form(rule)).map(|(name, _)| *name).collect()
}

/// The only condition of a rule, which takes claims one by one.
fn only(rule: &ClaimRule) -> Option<&Condition> {
    match rule.conditions.as_slice() {
        [condition] if matches!(condition.kind, ConditionKind::Select(_)) => Some(condition),
        _ => None,
    }
}

fn literal(test: &Test) -> Option<&Literal> {
    test.value.literal()
}

fn asks_type(condition: &Condition, wanted: &str) -> bool {
    condition.selector.claim_type().is_some_and(|asked| asked.text() == wanted)
}

/// One comparison of the type, and of `others` as many as the form may have.
fn has_only(condition: &Condition, others: &[&Property]) -> bool {
    let tests = &condition.selector.tests;
    let count = |property: &Property| tests.iter().filter(|test| test.property == *property).count();
    condition.selector.claim_type().is_some()
        && count(&Property::Type) == 1
        && others.iter().all(|property| count(property) <= 1)
        && tests.iter().all(|test| {
            test.property == Property::Type
                || literal(test).is_some() && others.contains(&&test.property)
                || matches!(test.property, Property::Named(_)) && literal(test).is_some()
        })
}

fn assignment<'r>(issuance: &'r Issuance, wanted: &Property) -> Option<&'r Expression> {
    let Body::New(assignments) = &issuance.body else { return None };
    assignments.iter().find(|(property, _)| property == wanted).map(|(_, value)| value)
}

fn text(issuance: &Issuance, wanted: &Property) -> Option<String> {
    assignment(issuance, wanted).and_then(Expression::literal).map(Literal::text)
}

/// `Value = c.Value` and the like.
fn takes_over(issuance: &Issuance, property: &Property) -> bool {
    let value = assignment(issuance, property).map(|value| value.terms.as_slice());
    matches!(value, Some([Term::Reference { property: taken, .. }]) if taken == property)
}

fn allows_all(rule: &ClaimRule) -> bool {
    rule.conditions.is_empty()
        && text(&rule.issuance, &Property::Type).is_some_and(|made| made.ends_with(PERMIT))
}

fn authorizes(rule: &ClaimRule) -> bool {
    let made = text(&rule.issuance, &Property::Type);
    let decides = made.is_some_and(|made| made.ends_with(PERMIT) || made.ends_with(DENY));
    decides && only(rule).is_some_and(|condition| has_only(condition, &[&Property::Value, &Property::Issuer]))
}

fn emits_group(rule: &ClaimRule) -> bool {
    let Some(condition) = only(rule) else { return false };
    let names_group = condition
        .selector
        .tests
        .iter()
        .any(|test| test.property == Property::Value && test.operator == Operator::Equal);
    names_group
        && asks_type(condition, GROUP_SID)
        && has_only(condition, &[&Property::Value, &Property::Issuer])
        && text(&rule.issuance, &Property::Type).is_some()
        && text(&rule.issuance, &Property::Value).is_some()
}

fn sends_attributes(rule: &ClaimRule) -> bool {
    let Body::Store { store, query, parameters, .. } = &rule.issuance.body else { return false };
    let has_form = match query::built_in(&store.text()) {
        Some(StoreKind::Directory) => {
            let filter = query::read(&query.raw, Some(StoreKind::Directory)).filter;
            filter.is_some_and(|filter| filter.start == filter.end)
        }
        Some(_) => false,
        None => true,
    };
    let takes_account = only(rule).is_some_and(|condition| {
        asks_type(condition, ACCOUNT_NAME) && has_only(condition, &[&Property::Issuer])
    });
    has_form && takes_account && parameters.len() == 1
}

/// A claim of another type with what the first one says; the value may be replaced by a text, or its suffix.
fn maps(rule: &ClaimRule) -> bool {
    let Some(condition) = only(rule) else { return false };
    has_only(condition, &[&Property::Value, &Property::Issuer])
        && text(&rule.issuance, &Property::Type).is_some()
        && takes_over(&rule.issuance, &Property::Issuer)
        && takes_over(&rule.issuance, &Property::OriginalIssuer)
        && takes_over(&rule.issuance, &Property::ValueType)
        && assignment(&rule.issuance, &Property::Value).is_some()
}

fn passes_through(rule: &ClaimRule) -> bool {
    matches!(rule.issuance.body, Body::Copy(_))
        && only(rule).is_some_and(|condition| has_only(condition, &[&Property::Value, &Property::Issuer]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str) -> Vec<&'static str> {
        let set = crate::claims::parse(text);
        assert!(set.problems.is_empty(), "{text}");
        of(&set.rules[0].rule)
    }

    #[test]
    fn what_the_wizards_write_has_its_form() {
        let cases = [
            (
                "=> issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");",
                "AllowAllAuthzRule",
            ),
            (
                "c:[Type == \"urn:t\", Value =~ \"^(?i)V$\"] => issue(Type = \"http://schemas.microsoft.com/authorization/claims/deny\", Value = \"DenyUsersWithClaim\");",
                "Authorization",
            ),
            (
                "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid\", Value == \"S-1\", Issuer == \"AD AUTHORITY\"] => issue(Type = \"urn:r\", Value = \"v\", Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer, ValueType = c.ValueType);",
                "EmitGroupClaims",
            ),
            (
                "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname\", Issuer == \"AD AUTHORITY\"] => issue(store = \"Active Directory\", types = (\"urn:m\"), query = \";mail;{0}\", param = c.Value);",
                "LdapClaims",
            ),
            (
                "c:[Type == \"urn:t\"] => issue(Type = \"urn:u\", Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer, Value = c.Value, ValueType = c.ValueType, Properties[\"urn:f\"] = \"urn:g\");",
                "MapClaims",
            ),
            ("c:[Type == \"urn:t\", Value =~ \"^(?i)v$\"] => issue(claim = c);", "PassThroughClaims"),
        ];
        for (text, template) in cases {
            assert!(of_text(text).contains(&template), "{template}: {:?}", of_text(text));
        }
    }

    #[test]
    fn what_was_changed_by_hand_has_not() {
        for text in [
            "c:[Type == \"urn:t\"] && EXISTS([Type == \"urn:u\"]) => issue(claim = c);",
            "c:[] => issue(claim = c);",
            "c:[Type == \"urn:t\"] => add(claim = c);",
            "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname\"] => issue(store = \"Active Directory\", types = (\"urn:m\"), query = \"cn={0};mail;{0}\", param = c.Value);",
            "c:[Type == \"urn:t\"] => issue(Type = \"urn:u\", Value = c.Value);",
        ] {
            assert!(of_text(text).is_empty(), "{text}: {:?}", of_text(text));
        }
    }
}
