//! One claim rule as a record. Its parts are computed when a condition asks for them.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::claim_rule_set::SetRecord;
use super::claim_rules::{RuleSetPlace, Set, known, record, text};
use super::object::list;
use super::schema::{FieldId, RecordTypeId};
use super::value::{Reading, Record, Site, Value};
use super::{Farm, claim_flow as flow, claim_parts as parts, claim_patterns, stores};
use crate::claims::RuleSet;
use crate::claims::ast::{Body, ClaimRule, Literal, Range};
use crate::claims::{facts, forms};

/// The rule of that place in a set.
pub(super) fn rule<'f>(set: &Rc<Set<'f>>, index: usize) -> Reading<'f> {
    let record = RuleRecord::new(Rc::clone(set), index);
    let site = record.here();
    Reading::at(Value::Record(Rc::new(record)), site)
}

/// A claim rule as a record.
#[derive(Debug, Clone)]
pub(super) struct RuleRecord<'f> {
    set: Rc<Set<'f>>,
    index: usize,
}

record!(RuleRecord, "ClaimRule", |this| this.set.farm(), |this| this.here());

impl<'f> RuleRecord<'f> {
    /// The rule of that place in a set.
    pub(super) fn new(set: Rc<Set<'f>>, index: usize) -> Self {
        Self { set, index }
    }

    pub(super) fn farm(&self) -> &'f Farm {
        self.set.farm()
    }

    pub(super) fn set(&self) -> &Rc<Set<'f>> {
        &self.set
    }

    /// Its place in the set, from 0.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// The rule itself.
    pub(super) fn rule(&self) -> Option<Arc<ClaimRule>> {
        self.set.rule(self.index).map(|placed| Arc::clone(&placed.rule))
    }

    fn here(&self) -> Site {
        let length = self.set.rule(self.index).map_or(0, |placed| placed.length);
        self.set.part(self.index, Range::new(0, length))
    }

    #[allow(clippy::unnecessary_wraps)] // readings hold an optional site
    pub(super) fn at(&self, range: Range) -> Option<Site> {
        Some(self.set.part(self.index, range))
    }

    /// Where the rule begins in the text of its set.
    pub(super) fn rule_offset(&self) -> u32 {
        self.set.rule(self.index).map_or(0, |placed| placed.offset)
    }

    /// The text of the whole set.
    pub(super) fn set_text(&self) -> Cow<'f, str> {
        self.set.text()
    }

    pub(super) fn literal(&self, literal: Option<&Literal>) -> Reading<'f> {
        match literal {
            Some(literal) => known(text(literal.text()), self.at(literal.range)),
            // What a rule does not say stands nowhere.
            None => known(Value::Null, None),
        }
    }

    fn member(&self, name: &str) -> Reading<'f> {
        let here = Some(self.here());
        let Some(placed) = self.set.rule(self.index) else { return known(Value::Null, here) };
        let rule = &placed.rule;
        match name {
            "title" => known(text(self.title()), here),
            "ruleSet" => {
                known(Value::Record(Rc::new(SetRecord(Rc::clone(&self.set)))), Some(self.set.site()))
            }
            "name" => self.literal(rule.annotation("RuleName")),
            "template" => self.literal(rule.annotation("RuleTemplate")),
            "number" => known(Value::Int(i64::try_from(self.index + 1).unwrap_or(i64::MAX)), here),
            "text" => {
                let range = placed.offset as usize..(placed.offset + placed.length) as usize;
                known(text(self.set.text().get(range).unwrap_or("")), here)
            }
            "action" => known(text(rule.issuance.action.word()), self.at(rule.issuance.range)),
            "unconditional" => known(Value::Bool(rule.conditions.is_empty()), here),
            "copies" => {
                known(Value::Bool(matches!(rule.issuance.body, Body::Copy(_))), self.at(rule.issuance.range))
            }
            _ => self.part(name),
        }
    }

    fn part(&self, name: &str) -> Reading<'f> {
        let here = Some(self.here());
        let Some(placed) = self.set.rule(self.index) else { return known(Value::Null, here) };
        let rule = &placed.rule;
        let store = match &rule.issuance.body {
            Body::Store { store, query, parameters, .. } => Some((store, query, parameters.len())),
            _ => None,
        };
        match name {
            "selectors" => {
                let all =
                    (0..rule.conditions.len()).filter_map(|number| parts::selector(self, number)).collect();
                known(list(all, None), here)
            }
            "tests" => {
                let all = (0..rule.conditions.len()).flat_map(|number| parts::tests(self, number)).collect();
                known(list(all, None), here)
            }
            "patterns" => known(list(claim_patterns::all(self), None), here),
            "issuances" => {
                let made = facts::made(rule);
                let all = made.iter().enumerate();
                let all = all.filter_map(|(number, made)| parts::issuance(self, number, made)).collect();
                known(list(all, None), self.at(rule.issuance.range))
            }
            "literals" => {
                let all = facts::literals(rule)
                    .into_iter()
                    .filter_map(|(role, literal)| parts::literal_record(self, role, literal));
                known(list(all.collect(), None), here)
            }
            "functions" => {
                let names = facts::functions(rule).into_iter().map(|name| known(text(name), here)).collect();
                known(list(names, None), here)
            }
            "unguarded" => known(Value::Bool(facts::is_unguarded(rule)), here),
            "forms" => {
                let names = forms::of(rule).into_iter().map(|name| known(text(name), here)).collect();
                known(list(names, None), here)
            }
            "lookup" => stores::lookup(self),
            "store" => self.literal(store.map(|(store, _, _)| store)),
            "query" => self.literal(store.map(|(_, query, _)| query)),
            "parameters" => {
                let count = store.and_then(|(_, _, count)| i64::try_from(count).ok());
                known(count.map_or(Value::Null, Value::Int), here)
            }
            fact => flow::of_rule(self, fact).unwrap_or_else(|| known(Value::Null, here)),
        }
    }

    fn title(&self) -> String {
        rule_title(self.set.place(), self.set.farm(), self.set.parsed(), self.index)
    }
}

/// `Payroll › IssuanceTransformRules › rule 2 "Send mail"`.
pub(crate) fn rule_title(place: &RuleSetPlace, farm: &Farm, set: &RuleSet, index: usize) -> String {
    format!("{} › {}", place.title(farm), short_title(set, index))
}

/// `rule 2 "Send mail"`.
pub(super) fn short_title(set: &RuleSet, index: usize) -> String {
    let name = set.rules.get(index).and_then(|placed| placed.rule.annotation("RuleName"));
    let name = name.map(|name| format!(" \"{}\"", name.text())).unwrap_or_default();
    format!("rule {}{name}", index + 1)
}
