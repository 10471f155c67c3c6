//! What the way of a claim through a sign-in says about rules, conditions and the claims they make, for conditions.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::claim_rule::{self, RuleRecord};
use super::claim_rules::{Set, known, text};
use super::computed::Lazy;
use super::object::list;
use super::pipeline::{Maker, Makers, Pipeline, Provider};
use super::value::{Gap, Missing, Reading, Site, Value};
use super::{Farm, RuleSetPlace, claim_parts, left_out, pipeline};
use crate::claims::ast::{Condition, Literal, Property};
use crate::claims::flow::{Flow, canonical, clash, cover, need};
use crate::claims::stage::Stage;
use crate::claims::types::Origin;

/// Kind that holds the additional authentication rules of the whole farm.
pub(super) const FARM_WIDE: &str = "AdditionalAuthenticationRule";

impl Farm {
    /// The flow of claims through the rule set of that number.
    pub(crate) fn flow(&self, number: usize) -> Rc<Flow> {
        let cell = self.flows.get(number);
        cell.map_or_else(Rc::default, |cell| {
            Rc::clone(cell.get_or_init(|| Rc::new(Flow::of(&self.parsed(number)))))
        })
    }

    /// The way of a sign-in through the farm.
    pub(crate) fn pipeline(&self) -> &Pipeline {
        self.pipeline.get_or_init(|| Pipeline::new(self))
    }

    /// Where the claim is made that the rule of that place in the set of that number makes.
    pub(crate) fn rule_site(&self, number: usize, rule: usize) -> Option<Site> {
        let site = self.rule_sets().get(number)?.site;
        let parsed = self.parsed(number);
        let placed = parsed.rules.get(rule)?;
        let range = placed.rule.issuance.range;
        Some(site.part(placed.offset + range.start, placed.offset + range.end))
    }
}

/// Facts of a rule set; `None` for a name that is none of them.
pub(super) fn of_set<'f>(set: &Rc<Set<'f>>, name: &str) -> Option<Reading<'f>> {
    let (farm, place) = (set.farm(), set.place());
    let site = Some(place.site);
    Some(match name {
        "providers" => {
            let allowed = farm.pipeline().allowed(farm, place);
            let one = |number: &usize| provider_record(farm, farm.pipeline().provider(*number)?);
            known(list(allowed.providers.iter().filter_map(one).collect(), allowed.open), site)
        }
        "duplicates" => {
            let rules = set.repeated().iter().map(|(place, _)| claim_rule::rule(set, *place));
            known(list(rules.collect(), None), site)
        }
        "count" => {
            let count = i64::try_from(set.parsed().rules.len()).unwrap_or(i64::MAX);
            known(Value::Int(count), site)
        }
        "alsoFarmWide" => also_farm_wide(set),
        "leftOut" => left_out::left_out(set),
        "waysPast" => left_out::ways_past(set),
        _ => return None,
    })
}

/// Number of the farm-wide set of additional authentication rules.
pub(super) fn farm_wide(farm: &Farm) -> Option<usize> {
    let kind = farm.vocabulary().kind_id(FARM_WIDE)?;
    let object = farm.objects_of(kind).first()?;
    pipeline::rule_set_of(farm, *object, "AdditionalAuthenticationRules").map(|(number, _)| number)
}

/// A claims provider as the source of claims.
pub(super) fn provider_record<'f>(farm: &'f Farm, provider: &Provider) -> Option<Reading<'f>> {
    let maker = Maker {
        name: provider.name.clone(),
        origin: provider.origin(),
        everything: provider.has_everything(),
        filtered: false,
        site: farm.object(provider.id).map(|object| Site::node(object.tree, object.node)),
    };
    producer(farm, maker, None)
}

/// Rules of an application that the farm-wide set of additional authentication rules holds as well.
fn also_farm_wide<'f>(set: &Rc<Set<'f>>) -> Reading<'f> {
    let (farm, place) = (set.farm(), set.place());
    let is_own = place.object.is_some_and(|id| &*farm.name_of(id).kind != FARM_WIDE);
    if !is_own || place.stage != Some(Stage::AdditionalAuthentication) {
        return known(list(Vec::new(), None), Some(place.site));
    }
    let Some(wide) = farm_wide(farm) else {
        return Reading::missing(Gap::Export(Arc::from(FARM_WIDE)), Some(place.site));
    };
    let parsed = farm.parsed(wide);
    let known_there: HashSet<String> =
        parsed.rules.iter().map(|placed| canonical::rule(&placed.rule)).collect();
    let rules = set.parsed().rules.iter().enumerate();
    let found = rules.filter(|(_, placed)| known_there.contains(&canonical::rule(&placed.rule)));
    let found = found.map(|(index, _)| claim_rule::rule(set, index)).collect();
    known(list(found, None), Some(place.site))
}

/// Facts of a rule; `None` for a name that is none of them.
pub(super) fn of_rule<'f>(of: &RuleRecord<'f>, name: &str) -> Option<Reading<'f>> {
    let rule = of.rule()?;
    Some(match name {
        "impossible" | "idle" => {
            let wanted = clash::clashes(&rule).into_iter().filter(|clash| clash.always == (name == "idle"));
            let said = wanted.map(|clash| known(text(clash.says), of.at(clash.range)));
            known(list(said.collect(), None), of.at(rule.issuance.range))
        }
        "unmet" => unmet(of),
        "repeats" => {
            let repeated = of.set().repeated();
            let found = repeated.binary_search_by_key(&of.index(), |(place, _)| *place).ok();
            let first = found.and_then(|found| repeated.get(found)).map(|(_, first)| *first);
            first.map_or_else(|| known(Value::Null, None), |place| claim_rule::rule(of.set(), place))
        }
        "coveredBy" => {
            let general = of.set().covered(of.index());
            general.map_or_else(|| known(Value::Null, None), |place| claim_rule::rule(of.set(), place))
        }
        _ => return None,
    })
}

/// Conditions of a rule that wait for a claim which nobody makes before it runs.
fn unmet<'f>(of: &RuleRecord<'f>) -> Reading<'f> {
    let Some(rule) = of.rule() else { return known(Value::Null, None) };
    let mut open = None;
    let mut found = Vec::new();
    for (number, condition) in rule.conditions.iter().enumerate() {
        if need::presence(condition) != need::Presence::Required {
            continue;
        }
        let Some(makers) = makers(of, condition) else { continue };
        if makers.found.iter().any(|(maker, _)| !maker.everything) {
            continue;
        }
        match makers.open {
            Some(missing) => {
                open.get_or_insert(missing);
            }
            None => found.extend(claim_parts::selector(of, number)),
        }
    }
    known(list(found, open), of.at(rule.issuance.range))
}

/// Facts of the condition of that number; `None` for a name that is none of them.
pub(super) fn of_selector<'f>(of: &RuleRecord<'f>, number: usize, name: &str) -> Option<Reading<'f>> {
    let rule = of.rule()?;
    let condition = rule.conditions.get(number)?;
    let site = of.at(condition.range);
    Some(match name {
        "presence" => known(text(need::presence(condition).word()), site),
        "usedFor" => {
            let uses = need::uses(&rule, condition).into_iter().map(|word| known(text(word), site));
            known(list(uses.collect(), None), site)
        }
        "typeSlip" => {
            let written = condition.selector.claim_type().map(Literal::text);
            let types = of.farm().vocabulary().claim_types();
            let meant =
                written.and_then(|written| types.near(&written).map(|(meant, _)| Arc::clone(&meant.uri)));
            known(meant.map_or(Value::Null, |meant| text(&*meant)), site)
        }
        "producers" => producers(of, condition),
        "laterProducers" => later_producers(of, condition),
        "otherProducers" => other_producers(of, condition),
        _ => return None,
    })
}

/// Who may have made a claim when a rule runs: with its number, if that is a rule of the same set.
struct Before {
    found: Vec<(Maker, Option<usize>)>,
    open: Option<Missing>,
}

/// Who may have made a claim that fits a condition; `None` if its type is no plain text.
fn makers(of: &RuleRecord<'_>, condition: &Condition) -> Option<Before> {
    let claim_type = condition.selector.claim_type()?.text();
    let (farm, set, place) = (of.farm(), of.set(), of.index());
    let flow = farm.flow(set.number());
    let value = need::equals(condition, &Property::Value);
    let above = flow.makers_before(&claim_type, value.as_deref(), place).into_iter();
    let mut found: Vec<_> = above.map(|maker| (rule_maker(of, maker), Some(maker))).collect();
    let is_own = is_made_here(farm, set.place(), &claim_type, &flow, place);
    let from_outside =
        if is_own { Makers::default() } else { farm.pipeline().makers(farm, set.place(), &claim_type) };
    found.extend(from_outside.found.into_iter().map(|maker| (maker, None)));
    let anything = || {
        let maker = flow.maker_of_anything_before(place)?;
        Some(Missing { gap: gap_of_anything(maker), site: farm.rule_site(set.number(), maker) })
    };
    let partial = || set.parsed().is_partial().then(|| set.partial());
    Some(Before { found, open: from_outside.open.or_else(anything).or_else(partial) })
}

fn producers<'f>(of: &RuleRecord<'f>, condition: &Condition) -> Reading<'f> {
    let site = of.at(condition.range);
    let Some(before) = makers(of, condition) else { return known(Value::Null, site) };
    let found = before.found.into_iter().filter_map(|(maker, rule)| producer(of.farm(), maker, rule));
    known(list(found.collect(), before.open), site)
}

/// A loose file shows nothing of what comes before it. But a type that nobody knows and that a rule of the file makes
/// is a helper of the file's own.
fn is_made_here(farm: &Farm, place: &RuleSetPlace, claim_type: &str, flow: &Flow, rule: usize) -> bool {
    let known = farm.vocabulary().claim_types().get(claim_type);
    let is_helper = known.is_none_or(|known| known.origin == Origin::Rules);
    place.object.is_none() && is_helper && !flow.origins_after(claim_type, rule).is_empty()
}

fn gap_of_anything(maker: usize) -> Gap {
    let reason = format!("rule {} makes claims of types that its text does not tell", maker + 1);
    Gap::Undecidable(Arc::from(reason))
}

/// Rules above that make claims of the type, but with another value than the one asked for.
fn other_producers<'f>(of: &RuleRecord<'f>, condition: &Condition) -> Reading<'f> {
    let site = of.at(condition.range);
    let Some(literal) = condition.selector.claim_type() else { return known(Value::Null, site) };
    let flow = of.farm().flow(of.set().number());
    let (claim_type, value) = (literal.text(), need::equals(condition, &Property::Value));
    let fitting = flow.makers_before(&claim_type, value.as_deref(), of.index());
    let others = flow.makers_before(&claim_type, None, of.index()).into_iter();
    let others = others.filter(|maker| !fitting.contains(maker) && value.is_some());
    known(list(others.filter_map(|maker| rule_producer(of, maker)).collect(), None), site)
}

/// Rules below that make the claim too late.
fn later_producers<'f>(of: &RuleRecord<'f>, condition: &Condition) -> Reading<'f> {
    let site = of.at(condition.range);
    let Some(literal) = condition.selector.claim_type() else { return known(Value::Null, site) };
    let flow = of.farm().flow(of.set().number());
    let later = flow.origins_after(&literal.text(), of.index());
    known(list(later.into_iter().filter_map(|maker| rule_producer(of, maker)).collect(), None), site)
}

fn rule_maker(of: &RuleRecord<'_>, maker: usize) -> Maker {
    let site = of.farm().rule_site(of.set().number(), maker);
    Maker { name: of.set().short_title(maker), origin: "rule", everything: false, filtered: false, site }
}

fn rule_producer<'f>(of: &RuleRecord<'f>, maker: usize) -> Option<Reading<'f>> {
    producer(of.farm(), rule_maker(of, maker), Some(maker))
}

fn producer(farm: &Farm, maker: Maker, rule: Option<usize>) -> Option<Reading<'_>> {
    let site = maker.site;
    Lazy::reading(farm, "ClaimProducer", site, move |name| match name {
        "name" => known(text(maker.name.clone()), site),
        "origin" => known(text(maker.origin), site),
        "everything" => known(Value::Bool(maker.everything), site),
        "filtered" => known(Value::Bool(maker.filtered), site),
        _ => {
            let number = rule.and_then(|rule| i64::try_from(rule + 1).ok());
            known(number.map_or(Value::Null, Value::Int), site)
        }
    })
}

/// Rules below that look at claims of the type that a rule makes; null if the type is computed.
pub(super) fn readers<'f>(of: &RuleRecord<'f>, claim_type: Option<&str>) -> Reading<'f> {
    let Some(claim_type) = claim_type else { return known(Value::Null, None) };
    let flow = of.farm().flow(of.set().number());
    let readers = flow.readers_after(claim_type, of.index());
    let rest = of.set().parsed().is_partial().then(|| of.set().partial());
    known(list(readers.into_iter().map(|place| claim_rule::rule(of.set(), place)).collect(), rest), None)
}

/// Each rule that another one of its set covers, with that one.
pub(super) fn covered(set: &Set<'_>) -> Vec<(usize, usize)> {
    cover::covered(set.parsed(), &set.farm().flow(set.number())).pairs
}

/// Each rule that says the same as one above it, with that one.
pub(super) fn repeated(set: &Set<'_>) -> Vec<(usize, usize)> {
    canonical::repeated(set.parsed())
}
