//! Which issuer the trust for Entra ID writes into the tokens of a domain, worked out for one user of it.

use regex::Regex;

use super::{Answer, Asked, Detail};
use crate::claims::PlacedRule;
use crate::claims::ast::{Action, Condition, ConditionKind, Expression, Operator, Property, Selector, Term};
use crate::claims::facts;
use crate::farm::domain;
use crate::farm::value::{Gap, Missing, Reading, Site, Value};

const ISSUER_ID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/issuerid";
const ACCOUNT_TYPE: &str = "http://schemas.microsoft.com/ws/2012/01/accounttype";
const ENTRA: &str = "urn:federation:MicrosoftOnline";
/// Claim types that hold `user@domain`.
const NAMES: [&str; 3] = [
    "http://schemas.xmlsoap.org/claims/UPN",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/implicitupn",
];

/// Compares the issuer that tokens name with the one that Entra ID expects for the domain.
pub(super) fn of_domain(asked: &Asked<'_, '_>) -> Answer {
    let Some(domain) = domain::of_federation(asked.farm, asked.subject) else {
        return unknown("the export does not say which domain it is about", asked.subject.site);
    };
    let expected = asked.farm.property_of(asked.subject, "IssuerUri");
    let expected = match (&expected.value, text(&expected)) {
        (_, Some(text)) => (text, expected.site),
        (Err(missing), _) => return Answer::Unknown(vec![(**missing).clone()]),
        _ => return Answer::NotApplicable,
    };
    let rules = match issuer_rules(asked) {
        Ok(rules) => rules,
        Err(answer) => return answer,
    };
    // Names come as somebody once typed them: a pattern must take capital letters too.
    let names = [format!("user@{domain}"), format!("User@{}", domain.to_uppercase())];
    let mut open = None;
    for name in names {
        match issuers_for(&User { name: name.clone() }, &rules) {
            Ok(issuers) => match compare(asked, &name, &expected, issuers) {
                Answer::Pass => {}
                Answer::Unknown(missing) => open = open.or(Some(Answer::Unknown(missing))),
                answer => return answer,
            },
            Err(answer) => open = open.or(Some(answer)),
        }
    }
    open.unwrap_or(Answer::Pass)
}

/// What the rules make for a user, with the places where they do.
fn issuers_for(user: &User, rules: &[(Site, PlacedRule)]) -> Result<Vec<(String, Site)>, Answer> {
    let mut issuers: Vec<(String, Site)> = Vec::new();
    for (site, placed) in rules {
        let place = site.part(
            placed.offset + placed.rule.issuance.range.start,
            placed.offset + placed.rule.issuance.range.end,
        );
        match user.issuer(placed) {
            Ok(Some(issuer)) => issuers.push((issuer, place)),
            Ok(None) => {}
            Err(reason) => return Err(unknown(reason, Some(place))),
        }
    }
    Ok(issuers)
}

fn text(reading: &Reading<'_>) -> Option<String> {
    match &reading.value {
        Ok(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether a list of texts holds one; the error says what of the list is missing.
fn names(list: &Reading<'_>, wanted: &str) -> Result<bool, Missing> {
    match &list.value {
        Ok(Value::List(list)) => {
            if list.items.iter().any(|item| text(item).as_deref() == Some(wanted)) {
                return Ok(true);
            }
            let open = list.items.iter().find_map(|item| item.value.as_ref().err());
            open.or(list.rest.as_ref()).map_or(Ok(false), |missing| Err((**missing).clone()))
        }
        Ok(_) => Ok(false),
        Err(missing) => Err((**missing).clone()),
    }
}

fn unknown(reason: &str, site: Option<Site>) -> Answer {
    Answer::Unknown(vec![Missing { gap: Gap::Undecidable(reason.into()), site }])
}

fn compare(
    asked: &Asked<'_, '_>,
    user: &str,
    (expected, expected_at): &(String, Option<Site>),
    mut issuers: Vec<(String, Site)>,
) -> Answer {
    if issuers.is_empty() {
        // Without a rule the tokens name the farm itself.
        let vocabulary = asked.farm.vocabulary();
        let farm =
            vocabulary.kind_id("Properties").and_then(|kind| asked.farm.objects_of(kind).first().copied());
        let Some(farm) = farm else {
            return Answer::Unknown(vec![Missing { gap: Gap::Export("Properties".into()), site: None }]);
        };
        let identifier = asked.farm.property_of(&asked.farm.reading(farm), "Identifier");
        match (text(&identifier), identifier.site, identifier.value) {
            (Some(text), Some(site), _) => issuers.push((text, site)),
            (_, _, Err(missing)) => return Answer::Unknown(vec![(*missing).clone()]),
            _ => return unknown("the farm's identifier is not known", None),
        }
    }
    let mut wrong = issuers.into_iter().filter(|(issuer, _)| plain(issuer) != plain(expected));
    let Some((issuer, place)) = wrong.next() else { return Answer::Pass };
    let mut places = vec![(place, format!("makes {issuer}"))];
    places.extend(expected_at.map(|site| (site, "Entra ID expects this".to_owned())));
    Answer::of(vec![Detail {
        message: format!("The token of {user} names the issuer {issuer}; Entra ID expects {expected}."),
        help: None,
        places,
        spans: Vec::new(),
    }])
}

/// A slash at the end does not matter, nor does letter case.
fn plain(issuer: &str) -> String {
    issuer.trim().trim_end_matches('/').to_lowercase()
}

/// The rules of the trust for Entra ID that issue an issuer.
fn issuer_rules(asked: &Asked<'_, '_>) -> Result<Vec<(Site, PlacedRule)>, Answer> {
    let farm = asked.farm;
    let export =
        || Answer::Unknown(vec![Missing { gap: Gap::Export("RelyingPartyTrust".into()), site: None }]);
    let kind = farm
        .vocabulary()
        .kind_id("RelyingPartyTrust")
        .filter(|kind| farm.is_exported(*kind))
        .ok_or_else(export)?;
    let mut entra: Vec<Reading<'_>> = Vec::new();
    let mut open = farm
        .incomplete(kind)
        .map(|site| Missing { gap: Gap::Export("RelyingPartyTrust".into()), site: Some(site) });
    for trust in farm.objects_of(kind).iter().map(|id| farm.reading(*id)) {
        match names(&farm.property_of(&trust, "Identifier"), ENTRA) {
            Ok(true) => entra.push(trust),
            Ok(false) => {}
            Err(missing) => open = open.or(Some(missing)),
        }
    }
    if entra.is_empty() {
        return Err(open.map_or(Answer::NotApplicable, |missing| Answer::Unknown(vec![missing])));
    }
    let mut rules = Vec::new();
    for trust in &entra {
        let reading = farm.property_of(trust, "IssuanceTransformRules");
        if let Err(missing) = &reading.value {
            return Err(Answer::Unknown(vec![(**missing).clone()]));
        }
        let Some((site, set)) = farm.parsed_rule_set(&reading) else { continue };
        if set.is_partial() {
            return Err(unknown("a claim rule of the trust for Entra ID does not parse", Some(site)));
        }
        let issues = |placed: &&PlacedRule| {
            placed.rule.issuance.action == Action::Issue
                && facts::made(&placed.rule)
                    .iter()
                    .any(|made| made.claim_type.is_some_and(|made| made.text() == ISSUER_ID))
        };
        rules.extend(set.rules.iter().filter(issues).map(|placed| (site, placed.clone())));
    }
    Ok(rules)
}

/// A person of the domain, known by the name alone.
struct User {
    name: String,
}

impl User {
    /// What a rule issues for this user; `None` where it does not fire.
    fn issuer(&self, placed: &PlacedRule) -> Result<Option<String>, &'static str> {
        for condition in &placed.rule.conditions {
            if !self.holds(condition)? {
                return Ok(None);
            }
        }
        let crate::claims::ast::Body::New(assignments) = &placed.rule.issuance.body else {
            return Err("the issuer comes from an attribute store, or is passed on");
        };
        let value = assignments.iter().find(|(property, _)| *property == Property::Value);
        let (_, value) = value.ok_or("the rule gives the issuer no value")?;
        self.value(placed, value).map(Some)
    }

    fn holds(&self, condition: &Condition) -> Result<bool, &'static str> {
        let fits = self.fits(&condition.selector)?;
        match condition.kind {
            ConditionKind::Select(_) | ConditionKind::Exists => Ok(fits),
            ConditionKind::NotExists => Ok(!fits),
            ConditionKind::Count { .. } => Err("a rule for the issuer counts claims"),
        }
    }

    /// The user's claim of a type.
    fn claim(&self, asked: &Selector) -> Result<&str, &'static str> {
        match asked.claim_type().map(crate::claims::ast::Literal::text).as_deref() {
            Some(ACCOUNT_TYPE) => Ok("User"),
            Some(name) if NAMES.contains(&name) => Ok(&self.name),
            _ => Err("a rule for the issuer depends on a claim whose value nobody knows"),
        }
    }

    fn fits(&self, selector: &Selector) -> Result<bool, &'static str> {
        let value = self.claim(selector)?;
        for test in selector.tests.iter().filter(|test| test.property == Property::Value) {
            let with = test.value.literal().ok_or("a rule for the issuer compares two claims")?.text();
            let is_same = match test.operator {
                Operator::Equal | Operator::NotEqual => value == with,
                Operator::Matches | Operator::MatchesNot => pattern(&with)?.is_match(value),
            };
            if is_same == matches!(test.operator, Operator::NotEqual | Operator::MatchesNot) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn value(&self, placed: &PlacedRule, expression: &Expression) -> Result<String, &'static str> {
        let mut made = String::new();
        for term in &expression.terms {
            match term {
                Term::Literal(text) => made.push_str(&text.text()),
                Term::Reference { variable, property: Property::Value, .. } => {
                    let bound = facts::binding(&placed.rule, &variable.text);
                    made.push_str(self.claim(&bound.ok_or("a variable is not bound")?.selector)?);
                }
                Term::Reference { .. } => return Err("the issuer is made of more than the user's name"),
                Term::Call { arguments, .. } => match arguments.as_slice() {
                    [text, with, by] => made.push_str(&self.replaced(placed, text, with, by)?),
                    _ => return Err("a function is called wrongly"),
                },
            }
        }
        Ok(made)
    }

    fn replaced(
        &self,
        placed: &PlacedRule,
        text: &Expression,
        with: &Expression,
        by: &Expression,
    ) -> Result<String, &'static str> {
        let text = self.value(placed, text)?;
        let with = self.value(placed, with)?;
        let by = self.value(placed, by)?;
        Ok(pattern(&with)?.replace_all(&text, by.as_str()).into_owned())
    }
}

/// The pattern, where our engine reads it like .NET.
fn pattern(text: &str) -> Result<Regex, &'static str> {
    Regex::new(text).map_err(|_| "a rule for the issuer has a pattern that cannot be tried out here")
}
