//! Partners whose users a rule set does nothing for, though they may sign in there, and ways past a second factor.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::claim_rules::{Set, known, text};
use super::object::list;
use super::pipeline::Provider;
use super::value::{Gap, Missing, Reading, Site};
use super::{Farm, claim_flow, pipeline};
use crate::claims::ast::{Body, ClaimRule, Condition, Literal, Operator, Property};
use crate::claims::facts;
use crate::claims::flow::bypass::{self, Knowledge};
use crate::claims::flow::need::{Presence, presence};
use crate::claims::stage::Stage;
use crate::claims::types::ClaimType;

/// Partners that are looked at for one application.
const MOST: usize = 100;
/// The claim that permits.
const PERMIT: &str = "http://schemas.microsoft.com/authorization/claims/permit";
/// Who issues the claims of a sign-in at Active Directory.
const DIRECTORY: &str = "AD AUTHORITY";

/// Partners whose users no rule of the set permits, or says anything about.
pub(super) fn left_out<'f>(set: &Rc<Set<'f>>) -> Reading<'f> {
    let (farm, place) = (set.farm(), set.place());
    let parsed = set.parsed();
    let counts: Vec<bool> = parsed.rules.iter().map(|placed| matters(place.stage, &placed.rule)).collect();
    let allowed = farm.pipeline().allowed(farm, place);
    let mut open = allowed.open;
    if !counts.contains(&true) {
        return known(list(Vec::new(), None), Some(place.site));
    }
    if parsed.is_partial() {
        open = open.or_else(|| Some(set.partial()));
    }
    let mut found = Vec::new();
    let partners =
        allowed.providers.iter().filter_map(|number| Some((*number, farm.pipeline().provider(*number)?)));
    let mut partners = partners.filter(|(_, provider)| {
        !provider.is_directory && (provider.says_something() || provider.open.is_some())
    });
    for (number, provider) in partners.by_ref().take(MOST) {
        if let Some(missing) = &provider.open {
            open.get_or_insert_with(|| missing.clone());
            continue;
        }
        let rules = parsed.rules.iter().zip(&counts).map(|(placed, counts)| (&*placed.rule, *counts));
        if !provider.has_everything() && !handles(farm, number, rules) && !parsed.is_partial() {
            found.extend(claim_flow::provider_record(farm, provider));
        }
    }
    if partners.next().is_some() {
        let reason = format!("only the first {MOST} partners were looked at");
        open.get_or_insert(Missing { gap: Gap::Undecidable(Arc::from(reason)), site: None });
    }
    known(list(found, open), Some(place.site))
}

/// Whether a rule permits somebody, or says who somebody is.
fn matters(stage: Option<Stage>, rule: &ClaimRule) -> bool {
    let makes = |wanted: &str| {
        facts::made(rule).iter().any(|made| made.claim_type.is_some_and(|name| name.text() == wanted))
    };
    facts::is_issued(rule)
        && match (stage, &rule.issuance.body) {
            (Some(Stage::Authorization), _) => makes(PERMIT),
            (_, Body::New(parts)) => parts
                .iter()
                .any(|(property, value)| *property == Property::Value && value.literal().is_none()),
            _ => true,
        }
}

/// Whether a rule that matters runs for users of a partner.
fn handles<'r>(farm: &Farm, partner: usize, rules: impl Iterator<Item = (&'r ClaimRule, bool)>) -> bool {
    let mut made: HashSet<String> = HashSet::new();
    for (rule, counts) in rules {
        let needs = rule.conditions.iter().filter(|condition| presence(condition) == Presence::Required);
        if !needs.into_iter().all(|condition| is_met(farm, partner, condition, &made)) {
            continue;
        }
        if counts {
            return true;
        }
        made.extend(facts::made(rule).iter().filter_map(|made| made.claim_type).map(Literal::text));
    }
    false
}

fn is_met(farm: &Farm, partner: usize, condition: &Condition, made: &HashSet<String>) -> bool {
    let Some(literal) = condition.selector.claim_type() else { return !asks_for_directory(condition) };
    let claim_type = literal.text();
    made.contains(&claim_type)
        || pipeline::is_made_by_adfs(farm, &claim_type)
        || farm.pipeline().lets_in(partner, &claim_type) && !asks_for_directory(condition)
}

/// Only claims of a sign-in at Active Directory fit.
fn asks_for_directory(condition: &Condition) -> bool {
    let tests = condition.selector.tests.iter();
    let mut issuers =
        tests.filter(|test| matches!(test.property, Property::Issuer | Property::OriginalIssuer));
    issuers.any(|test| {
        let text = test.value.literal().map(Literal::text).unwrap_or_default();
        matches!(test.operator, Operator::Equal | Operator::Matches) && text.contains(DIRECTORY)
    })
}

struct Known<'f> {
    farm: &'f Farm,
    /// A claim was looked for that a partner may send.
    asked: Cell<bool>,
}

impl Knowledge for Known<'_> {
    fn known(&self, claim_type: &str) -> Option<&ClaimType> {
        self.farm.vocabulary().claim_types().get(claim_type)
    }

    fn sender(&self, claim_type: &str) -> Option<String> {
        self.asked.set(true);
        self.farm.pipeline().free_sender(claim_type).map(|provider: &Provider| provider.name.clone())
    }
}

/// What a request must say so that neither the set nor the farm-wide rules ask for a second factor.
pub(super) fn ways_past<'f>(set: &Rc<Set<'f>>) -> Reading<'f> {
    let (farm, place) = (set.farm(), set.place());
    let wide = claim_flow::farm_wide(farm);
    let is_own = wide != Some(set.number());
    let Some(wide) = wide.filter(|_| is_own || place.object.is_some()) else {
        return Reading::missing(Gap::Export(Arc::from(claim_flow::FARM_WIDE)), Some(place.site));
    };
    let wide_site = farm.rule_sets().get(wide).map_or(place.site, |place| place.site);
    let parsed_wide = farm.parsed(wide);
    let mut rules: Vec<(Site, u32, &ClaimRule)> =
        set.parsed().rules.iter().map(|placed| (place.site, placed.offset, &*placed.rule)).collect();
    if is_own {
        rules.extend(parsed_wide.rules.iter().map(|placed| (wide_site, placed.offset, &*placed.rule)));
    }
    if set.parsed().is_partial() || is_own && parsed_wide.is_partial() {
        let missing = set.partial();
        return Reading::missing(missing.gap, missing.site);
    }
    let plain: Vec<&ClaimRule> = rules.iter().map(|(_, _, rule)| *rule).collect();
    let knowledge = Known { farm, asked: Cell::new(false) };
    let steps = bypass::way_past(&plain, &knowledge).unwrap_or_default();
    if let (true, true, Some(missing)) = (steps.is_empty(), knowledge.asked.get(), farm.pipeline().openness())
    {
        return Reading::missing(missing.gap.clone(), missing.site);
    }
    let said = steps.into_iter().map(|step| {
        let at = rules
            .get(step.rule)
            .map(|(site, offset, _)| site.part(offset + step.range.start, offset + step.range.end));
        known(text(step.says), at)
    });
    known(list(said.collect(), None), Some(place.site))
}
