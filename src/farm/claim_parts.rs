//! Parts of claim rules as records: selectors, tests, issuances and texts. Each member is computed when a
//! condition asks for it.

use std::borrow::Cow;

use super::claim_flow as flow;
use super::claim_patterns::pattern;
use super::claim_rule::RuleRecord;
use super::claim_rules::{known, text};
use super::computed::Lazy;
use super::object::list;
use super::value::{Reading, Value};
use crate::claims::ast::{Condition, Literal, Range};
use crate::claims::facts::{self, Made};
use crate::claims::json_text;

fn condition(rule: &crate::claims::ClaimRule, number: usize) -> Option<&Condition> {
    rule.conditions.get(number)
}

/// The condition of that number.
pub(super) fn selector<'f>(of: &RuleRecord<'f>, number: usize) -> Option<Reading<'f>> {
    let rule = of.rule()?;
    let site = of.at(condition(&rule, number)?.range);
    let of = of.clone();
    Lazy::reading(of.farm(), "ClaimSelector", site, move |name| {
        let Some(condition) = condition(&rule, number) else { return known(Value::Null, site) };
        match name {
            "condition" => known(text(facts::condition_word(condition)), site),
            "variable" => known(facts::variable(condition).map_or(Value::Null, text), site),
            "claimType" => of.literal(condition.selector.claim_type()),
            "type" => claim_type(&of, condition.selector.claim_type()),
            "tests" => known(list(tests(&of, number), None), site),
            fact => flow::of_selector(&of, number, fact).unwrap_or_else(|| known(Value::Null, site)),
        }
    })
}

/// The comparisons of the condition of that number.
pub(super) fn tests<'f>(of: &RuleRecord<'f>, number: usize) -> Vec<Reading<'f>> {
    let count = of.rule().and_then(|rule| Some(condition(&rule, number)?.selector.tests.len()));
    (0..count.unwrap_or(0)).filter_map(|place| test(of, number, place)).collect()
}

pub(super) fn test<'f>(of: &RuleRecord<'f>, number: usize, place: usize) -> Option<Reading<'f>> {
    let rule = of.rule()?;
    let site = of.at(condition(&rule, number)?.selector.tests.get(place)?.range);
    let of = of.clone();
    Lazy::reading(of.farm(), "ClaimTest", site, move |name| {
        let found =
            condition(&rule, number).and_then(|found| Some((found, found.selector.tests.get(place)?)));
        let Some((condition, test)) = found else { return known(Value::Null, site) };
        match name {
            "condition" => known(text(facts::condition_word(condition)), site),
            "variable" => known(facts::variable(condition).map_or(Value::Null, text), site),
            "property" => known(text(test.property.word()), site),
            "operator" => known(text(test.operator.text()), site),
            "value" => of.literal(test.value.literal()),
            "claimType" => of.literal(condition.selector.claim_type()),
            "type" => claim_type(&of, condition.selector.claim_type()),
            _ => match test.value.literal().filter(|_| test.operator.is_pattern()) {
                Some(literal) => pattern(&of, literal),
                None => known(Value::Null, site),
            },
        }
    })
}

/// A claim that a rule makes.
pub(super) fn issuance<'f>(of: &RuleRecord<'f>, number: usize, made: &Made<'_>) -> Option<Reading<'f>> {
    let site = of.at(made.range);
    let action = of.rule()?.issuance.action;
    let copies = made.copies;
    let [value, value_type, issuer, store] =
        [made.value, made.value_type, made.issuer, made.store].map(|literal| of.literal(literal));
    let made_type = made.claim_type.cloned();
    let of = of.clone();
    Lazy::reading(of.farm(), "ClaimIssuance", site, move |name| match name {
        "claimType" => of.literal(made_type.as_ref()),
        "type" => claim_type(&of, made_type.as_ref()),
        "value" => value.clone(),
        "valueType" => value_type.clone(),
        "json" | "sources" | "properties" => made_part(&of, number, name),
        "issuer" => issuer.clone(),
        "store" => store.clone(),
        "copies" => known(Value::Bool(copies), site),
        "action" => known(text(action.word()), site),
        _ => flow::readers(&of, made_type.as_ref().map(Literal::text).as_deref()),
    })
}

/// What is asked of a claim less often, and looked up in the rule again.
fn made_part<'f>(of: &RuleRecord<'f>, number: usize, name: &str) -> Reading<'f> {
    let rule = of.rule();
    let made = rule.as_ref().and_then(|rule| Some((rule, facts::made(rule).into_iter().nth(number)?)));
    let Some((rule, made)) = made else { return known(Value::Null, None) };
    let site = of.at(made.range);
    match name {
        "json" => made.value.map_or_else(|| known(Value::Null, None), |value| json(of, value)),
        "sources" => {
            let numbers = made.computed.map(|value| facts::sources(rule, value)).unwrap_or_default();
            known(list(numbers.into_iter().filter_map(|number| selector(of, number)).collect(), None), site)
        }
        _ => {
            let entries = facts::bag(rule).into_iter().filter_map(|(name, value)| {
                let at = of.at(name.range);
                let (name, value) = (of.literal(Some(name)), of.literal(value));
                Lazy::reading(of.farm(), "ClaimProperty", at, move |member| match member {
                    "name" => name.clone(),
                    _ => value.clone(),
                })
            });
            known(list(entries.collect(), None), site)
        }
    }
}

/// A value as JSON.
fn json<'f>(of: &RuleRecord<'f>, value: &Literal) -> Reading<'f> {
    let site = of.at(value.range);
    let read = json_text::read(value);
    let at = read.problem.as_ref().map_or(site, |(at, _)| {
        let place = (value.range.start + at).min(value.range.end.saturating_sub(1)).max(value.range.start);
        of.at(Range::new(place, value.range.end))
    });
    let record = Lazy::reading(of.farm(), "JsonText", site, move |name| match (name, &read.problem) {
        ("valid", problem) => known(Value::Bool(problem.is_none()), at),
        ("problem", Some((_, problem))) => known(text(problem.as_str()), at),
        ("problem", None) => known(Value::Null, None),
        _ => known(Value::Bool(read.is_collection), site),
    });
    record.unwrap_or_else(|| known(Value::Null, site))
}

/// What is known of a claim type; null of one that nobody knows.
pub(super) fn claim_type<'f>(of: &RuleRecord<'f>, written: Option<&Literal>) -> Reading<'f> {
    let farm = of.farm();
    let found = written.and_then(|literal| {
        let found = farm.vocabulary().claim_types().get(&literal.text())?;
        let site = of.at(literal.range);
        Lazy::reading(farm, "ClaimType", site, move |name| match name {
            "name" => known(Value::Text(Cow::Borrowed(&found.name)), site),
            "group" => known(Value::Text(Cow::Borrowed(found.group.word())), site),
            "origin" => known(Value::Text(Cow::Borrowed(found.origin.word())), site),
            "meaning" => known(Value::Text(Cow::Borrowed(&found.meaning)), site),
            "many" => known(Value::Bool(found.many), site),
            "caseVaries" => known(Value::Bool(found.case_varies), site),
            _ => {
                let values = found.values.iter();
                let values = values.map(|value| known(Value::Text(Cow::Borrowed(value)), site));
                known(list(values.collect(), None), site)
            }
        })
    });
    found.unwrap_or_else(|| known(Value::Null, None))
}

/// A text in quotes.
pub(super) fn literal_record<'f>(
    of: &RuleRecord<'f>,
    role: facts::Role,
    literal: &Literal,
) -> Option<Reading<'f>> {
    let site = of.at(literal.range);
    let written = of.literal(Some(literal));
    let escaped = literal.raw.contains("\\x22");
    Lazy::reading(of.farm(), "ClaimLiteral", site, move |name| match name {
        "text" => written.clone(),
        "escaped" => known(Value::Bool(escaped), site),
        _ => known(text(role.name()), site),
    })
}
