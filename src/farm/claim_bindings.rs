//! What the metavariables of a pattern stand for, as records that conditions can read.

use std::sync::Arc;

use super::claim_parts as parts;
use super::claim_patterns;
use super::claim_rule::RuleRecord;
use super::claim_rules::{known, text};
use super::computed::Lazy;
use super::object::list;
use super::value::{Gap, Missing, Reading, Site, Value};
use super::vocabulary::{Kind, Shape};
use super::{Farm, RuleSetPlace};
use crate::claims::ast::{Literal, Range};
use crate::claims::sketch::{Bound, Match, What};

impl Farm {
    /// A record of lists of texts, such as a rule sees that sums up others.
    pub(crate) fn lists<'f>(
        &'f self,
        record: &str,
        site: Option<Site>,
        lists: Vec<(&'static str, Vec<Arc<str>>)>,
    ) -> Option<Reading<'f>> {
        Lazy::reading(self, record, site, move |name| {
            let found = lists.iter().find(|(known, _)| *known == name);
            let items = found.into_iter().flat_map(|(_, items)| items).map(|item| known(text(&**item), None));
            known(list(items.collect(), None), site)
        })
    }

    /// The metavariables of a match in a claim rule, by number.
    pub(crate) fn bound<'f>(&'f self, rule: &Reading<'f>, found: &Match<'_>) -> Vec<Option<Reading<'f>>> {
        let Some(of) = self.rule_record(rule) else { return Vec::new() };
        found.bound.iter().map(|bound| reading(&of, bound.as_ref()?)).collect()
    }

    /// Whether a claim rule stands in a rule set of one of these properties. A loose file counts by its stage, and
    /// may be anything where nothing tells it.
    pub(crate) fn is_within(&self, rule: &Reading<'_>, properties: &[Arc<str>]) -> bool {
        if properties.is_empty() {
            return true;
        }
        let found = rule.site.and_then(|site| self.rule_set_at(site));
        found.is_some_and(|(number, place)| match place.object {
            Some(_) => properties.contains(&place.property),
            None => self.stage(number).is_none_or(|stage| {
                properties.iter().any(|property| self.vocabulary().stage_in(property) == Some(stage))
            }),
        })
    }

    /// What is missing if no export can hold a rule set of these properties.
    pub(crate) fn lacks_rule_sets(&self, properties: &[Arc<str>]) -> Option<Missing> {
        let is_there = |place: &RuleSetPlace| place.object.is_none() || properties.contains(&place.property);
        if properties.is_empty() || self.rule_sets().iter().any(is_there) {
            return None;
        }
        let holds = |kind: &Kind| self.rule_sets_of(kind).filter(|name| properties.contains(name)).count();
        let kinds: Vec<_> = self.vocabulary().kinds().filter(|(_, kind)| holds(kind) > 0).collect();
        if kinds.iter().any(|(id, _)| self.is_exported(*id)) {
            return None;
        }
        // Of several commands the one that prints most is worth naming.
        let most = kinds.iter().rev().max_by_key(|(_, kind)| (holds(kind), self.rule_sets_of(kind).count()));
        most.map(|(_, kind)| Missing { gap: Gap::Export(Arc::clone(&kind.name)), site: None })
    }

    /// Properties of a kind that hold claim rules.
    fn rule_sets_of<'v>(&'v self, kind: &Kind) -> impl Iterator<Item = &'v Arc<str>> + use<'v> {
        let properties = self.vocabulary().layout(kind.record).map_or(&[][..], |layout| &layout.properties);
        properties
            .iter()
            .filter(|property| matches!(property.shape, Shape::Claims(_)))
            .map(|property| &property.name)
    }
}

fn reading<'f>(of: &RuleRecord<'f>, bound: &Bound<'_>) -> Option<Reading<'f>> {
    match bound.what {
        What::Condition(number) => parts::selector(of, number),
        What::Test(condition, number) => parts::test(of, condition, number),
        What::Text(raw) => written(of, &Literal { raw: raw.to_owned(), range: bound.range }, true),
        What::Word(word) => written(of, &Literal { raw: word.to_owned(), range: bound.range }, false),
        What::Terms(_) => {
            let raw = of.written(bound.range);
            written(of, &Literal { raw, range: bound.range }, false)
        }
    }
}

/// A text, a word or an expression.
fn written<'f>(of: &RuleRecord<'f>, literal: &Literal, quoted: bool) -> Option<Reading<'f>> {
    let site = of.at(literal.range);
    let (of, literal) = (of.clone(), literal.clone());
    Lazy::reading(of.farm(), "Metavariable", site, move |name| match name {
        "text" if quoted => known(text(literal.text()), site),
        "text" => known(text(literal.raw.as_str()), site),
        "quoted" => known(Value::Bool(quoted), site),
        "pattern" if quoted => claim_patterns::pattern(&of, &literal),
        "pattern" => known(Value::Null, site),
        _ => parts::claim_type(&of, Some(&literal).filter(|_| quoted)),
    })
}

impl RuleRecord<'_> {
    /// A part of the rule as it stands in its set.
    fn written(&self, range: Range) -> String {
        let start = self.rule_offset();
        let part = (start + range.start) as usize..(start + range.end) as usize;
        self.set_text().get(part).unwrap_or("").to_owned()
    }
}
