//! Claim rule sets as records: what conditions can ask of claim rules.
//!
//! A rule set is parsed when a condition first looks into it. Its parts are records over the shared tree; nothing
//! is copied until somebody asks for a text.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::claim_rule::{RuleRecord, rule, rule_title, short_title};
use super::claim_rule_set::SetRecord;
use super::object::list;
use super::schema::FieldId;
use super::value::{Gap, Missing, Reading, Site, Value};
use super::vocabulary::Shape;
use super::{Content, Farm, ObjectId, claim_flow as flow};
use crate::claims::ast::{Body, ClaimRule, Range};
use crate::claims::stage::Stage;
use crate::claims::{PlacedRule, RuleSet};
use crate::node::{Kind, Lost, NodeRef};

/// A claim rule set and whose it is.
#[derive(Debug, Clone)]
pub struct RuleSetPlace {
    /// Where its text stands.
    pub site: Site,
    /// The object that it belongs to; `None` for a loose file.
    pub object: Option<ObjectId>,
    /// The property that holds it; for a loose file its path.
    pub property: Arc<str>,
    /// Its stage of the claims pipeline, as its property says it; for a loose file as its name does, if it does.
    pub stage: Option<Stage>,
}

impl RuleSetPlace {
    /// Owner and property, `Payroll › IssuanceTransformRules`.
    pub fn title(&self, farm: &Farm) -> String {
        match self.object.map(|id| farm.name_of(id)) {
            Some(owner) if owner.name.is_empty() => format!("{} › {}", owner.kind, self.property),
            Some(owner) => format!("{} › {}", owner.name, self.property),
            None => self.property.to_string(),
        }
    }
}

/// Finds all claim rule sets of a farm, in the order of trees and nodes.
pub(super) fn places(farm: &Farm) -> Vec<RuleSetPlace> {
    let mut places = Vec::new();
    for (id, object) in farm.objects() {
        let layout =
            farm.vocabulary().kind(object.kind).and_then(|kind| farm.vocabulary().layout(kind.record));
        let properties = layout.map_or(&[][..], |layout| &layout.properties);
        for (field, property) in (0..).zip(properties) {
            if let (Shape::Claims(stage), Some((tree, node))) =
                (&property.shape, object.place(FieldId(field)))
            {
                let (site, stage) = (Site::node(tree, node), Some(*stage));
                places.push(RuleSetPlace {
                    site,
                    object: Some(id),
                    property: Arc::clone(&property.name),
                    stage,
                });
            }
        }
    }
    for (number, (export, _)) in (0..).zip(farm.exports()) {
        if export.content == Content::ClaimRules {
            let property = Arc::from(export.path.as_str());
            let stage = farm.vocabulary().stage_in(&export.path);
            places.push(RuleSetPlace { site: Site::node(number, 0), object: None, property, stage });
        }
    }
    places.sort_by_key(|place| (place.site.tree, place.site.node));
    places
}

/// `farm.claimRuleSets`.
pub(super) fn all(farm: &Farm) -> Reading<'_> {
    if farm.rule_sets().is_empty() {
        return Reading::missing(Gap::Export(Arc::from("RelyingPartyTrust")), None);
    }
    let sets = farm.rule_sets().iter().map(|place| rule_set(farm, place.site)).collect();
    Reading::of(list(sets, None))
}

/// The rule set whose text stands at a node.
pub(super) fn rule_set(farm: &Farm, site: Site) -> Reading<'_> {
    let Some((number, place)) = farm.rule_set_at(site) else {
        return Reading::missing(
            Gap::Undecidable(Arc::from("a claim rule set stands in an odd place")),
            Some(site),
        );
    };
    if let Some(lost) = lost(farm, site) {
        return Reading::missing(gap(farm, place, lost), Some(site));
    }
    let set = Set::new(farm, place, site, number);
    Reading::at(Value::Record(Rc::new(SetRecord(Rc::new(set)))), site)
}

/// How the export lost the text of a rule set, if it did.
fn lost(farm: &Farm, site: Site) -> Option<Lost> {
    match farm.tree(site.tree).and_then(|tree| tree.node(site.node)).map(NodeRef::kind) {
        Some(Kind::Text | Kind::Null) => None,
        Some(Kind::Truncated(lost)) => Some(lost),
        _ => Some(Lost::Depth),
    }
}

fn gap(farm: &Farm, place: &RuleSetPlace, lost: Lost) -> Gap {
    let kind =
        place.object.and_then(|id| farm.object(id)).and_then(|object| farm.vocabulary().kind(object.kind));
    let kind = kind.map_or_else(|| Arc::from("ClaimRuleSet"), |kind| Arc::clone(&kind.name));
    Gap::Truncated { kind, property: Arc::clone(&place.property), lost }
}

/// A rule set; its text is decoded and parsed on demand.
#[derive(Debug)]
pub(crate) struct Set<'f> {
    farm: &'f Farm,
    place: &'f RuleSetPlace,
    site: Site,
    number: usize,
    parsed: OnceCell<Rc<RuleSet>>,
    /// Rules that others of the set cover, with those.
    covered: OnceCell<Vec<(usize, usize)>>,
    /// Rules that say the same as one above them, with that.
    repeated: OnceCell<Vec<(usize, usize)>>,
}

impl<'f> Set<'f> {
    fn new(farm: &'f Farm, place: &'f RuleSetPlace, site: Site, number: usize) -> Self {
        let (covered, repeated) = (OnceCell::new(), OnceCell::new());
        Self { farm, place, site, number, parsed: OnceCell::new(), covered, repeated }
    }

    /// The parsed rule set.
    pub fn parsed(&self) -> &RuleSet {
        self.parsed.get_or_init(|| self.farm.parsed(self.number))
    }

    pub(super) fn farm(&self) -> &'f Farm {
        self.farm
    }

    pub(super) fn place(&self) -> &'f RuleSetPlace {
        self.place
    }

    /// Its number in the farm.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The rule of the set that covers the one at a place.
    pub(super) fn covered(&self, place: usize) -> Option<usize> {
        let covered = self.covered.get_or_init(|| flow::covered(self));
        let found = covered.binary_search_by_key(&place, |(special, _)| *special).ok()?;
        covered.get(found).map(|(_, general)| *general)
    }

    /// Rules that say the same as one above them, with that, in order.
    pub(super) fn repeated(&self) -> &[(usize, usize)] {
        self.repeated.get_or_init(|| flow::repeated(self))
    }

    /// `rule 3 "Add the flag"`.
    pub(super) fn short_title(&self, index: usize) -> String {
        short_title(self.parsed(), index)
    }

    /// Whether there is nothing but blanks. A long text is not decoded to find that out.
    pub(super) fn is_empty(&self) -> bool {
        const SHORT: usize = 64;
        let node = self.farm.tree(self.site.tree).and_then(|tree| tree.node(self.site.node));
        node.is_none_or(|node| node.raw_text().len() <= SHORT) && self.text().trim().is_empty()
    }

    pub(super) fn stage(&self) -> Option<Stage> {
        self.farm.stage(self.number)
    }

    /// The text of the set.
    pub(super) fn text(&self) -> Cow<'f, str> {
        let node = self.farm.tree(self.site.tree).and_then(|tree| tree.node(self.site.node));
        node.and_then(NodeRef::text).unwrap_or_default()
    }

    /// Where its text stands.
    pub(super) fn site(&self) -> Site {
        self.site
    }

    /// The rule of that place.
    pub(super) fn rule(&self, index: usize) -> Option<&PlacedRule> {
        self.parsed().rules.get(index)
    }

    /// A part of a rule's text.
    pub(super) fn part(&self, index: usize, range: Range) -> Site {
        let offset = self.rule(index).map_or(0, |placed| placed.offset);
        self.site.part(offset + range.start, offset + range.end)
    }

    pub(super) fn rules(self: &Rc<Self>) -> Reading<'f> {
        self.some_rules(|_| true)
    }

    pub(super) fn look_ups(self: &Rc<Self>) -> Reading<'f> {
        self.some_rules(|rule| matches!(rule.issuance.body, Body::Store { .. }))
    }

    /// The rules of one sort. Where a rule does not parse there may be more.
    fn some_rules(self: &Rc<Self>, is_meant: impl Fn(&ClaimRule) -> bool) -> Reading<'f> {
        let all = self.parsed().rules.iter().enumerate();
        let meant = all.filter(|(_, placed)| is_meant(&placed.rule));
        let rules = meant.map(|(index, _)| rule(self, index)).collect();
        let rest = self.parsed().is_partial().then(|| self.partial());
        Reading::at(list(rules, rest), self.site)
    }

    /// Why there may be more rules than those that were understood.
    pub(super) fn partial(&self) -> Missing {
        let gap = Gap::Unreadable {
            kind: Arc::from("ClaimRuleSet"),
            property: Arc::from(self.place.title(self.farm)),
            reason: Arc::from("holds a claim rule that does not parse"),
        };
        Missing { gap, site: Some(self.site) }
    }
}

pub(super) fn text<'f>(text: impl Into<String>) -> Value<'f> {
    Value::Text(Cow::Owned(text.into()))
}

pub(super) fn known(value: Value<'_>, site: Option<Site>) -> Reading<'_> {
    Reading { value: Ok(value), site }
}

/// Implements what all records of this file have in common; the fields go by their names.
macro_rules! record {
    ($name:ident, $type:literal, $farm:expr, $site:expr) => {
        impl<'f> Record<'f> for $name<'f> {
            fn record_type(&self) -> Option<RecordTypeId> {
                let farm: fn(&Self) -> &'f Farm = $farm;
                farm(self).vocabulary().schema.record_id($type)
            }

            fn field(&self, field: FieldId) -> Reading<'f> {
                let farm: fn(&Self) -> &'f Farm = $farm;
                let schema = &farm(self).vocabulary().schema;
                let record = schema.record_id($type).and_then(|id| schema.record(id));
                let name =
                    record.and_then(|record| record.field(field)).map_or("", |field| field.name.as_str());
                self.member(name)
            }

            fn entry(&self, _: &str) -> Reading<'f> {
                Reading::of(Value::Null)
            }

            fn names(&self) -> Vec<Cow<'f, str>> {
                Vec::new()
            }

            fn site(&self) -> Option<Site> {
                let site: fn(&Self) -> Site = $site;
                Some(site(self))
            }

            fn identity(&self) -> Option<u64> {
                let site = self.site()?;
                let start = site.within.map_or(0, |within| u64::from(within.0) + 1);
                Some((u64::from(site.tree) << 56) ^ (u64::from(site.node) << 24) ^ start)
            }
        }
    };
}

pub(super) use record;

impl Farm {
    /// Every claim rule set, in the order of [`Farm::rule_sets`].
    pub(crate) fn rule_set_readings(&self) -> Vec<Reading<'_>> {
        self.rule_sets().iter().map(|place| rule_set(self, place.site)).collect()
    }

    /// The claim rules of a rule set.
    pub(crate) fn rules_of<'f>(&'f self, set: &Reading<'f>) -> Vec<Reading<'f>> {
        let Some(set) = self.set_of(set) else { return Vec::new() };
        (0..set.parsed().rules.len()).map(|index| rule(&set, index)).collect()
    }

    /// What a claim rule is called: its rule set, its number and its name.
    pub(crate) fn title_of_rule(&self, reading: &Reading<'_>) -> String {
        let found = reading.site.and_then(|site| Some((site.within?.0, self.rule_set_at(site)?)));
        let Some((start, (number, place))) = found else { return String::new() };
        let set = self.parsed(number);
        let index = set.rules.binary_search_by_key(&start, |placed| placed.offset).unwrap_or(0);
        rule_title(place, self, &set, index)
    }

    /// The claim rule that a reading is.
    pub(super) fn rule_record<'f>(&'f self, reading: &Reading<'f>) -> Option<RuleRecord<'f>> {
        let start = reading.site?.within?.0;
        let set = self.set_of(reading)?;
        let index = set.parsed().rules.binary_search_by_key(&start, |placed| placed.offset).ok()?;
        Some(RuleRecord::new(set, index))
    }

    fn set_of<'f>(&'f self, reading: &Reading<'f>) -> Option<Rc<Set<'f>>> {
        let site = reading.site?;
        let (number, place) = self.rule_set_at(site)?;
        let site = Site::node(site.tree, site.node);
        Some(Rc::new(Set::new(self, place, site, number)))
    }

    /// Whether the export lost the text of a rule set.
    pub(crate) fn rule_set_is_lost(&self, site: Site) -> bool {
        lost(self, site).is_some()
    }

    /// The parsed rule set that a reading is, and where its text stands.
    pub(crate) fn parsed_rule_set(&self, reading: &Reading<'_>) -> Option<(Site, Rc<RuleSet>)> {
        let site = reading.site?;
        let (number, _) = self.rule_set_at(site)?;
        Some((Site::node(site.tree, site.node), self.parsed(number)))
    }

    /// The parsed rule that a reading is, and where the text of its rule set stands.
    pub(crate) fn parsed_rule(&self, reading: &Reading<'_>) -> Option<(Site, PlacedRule)> {
        let start = reading.site?.within?.0;
        let (site, set) = self.parsed_rule_set(reading)?;
        let place = set.rules.binary_search_by_key(&start, |placed| placed.offset).ok()?;
        set.rules.get(place).cloned().map(|placed| (site, placed))
    }

    /// `Payroll › IssuanceTransformRules › rule 2 "Send mail"`.
    pub(crate) fn rule_title(&self, place: &RuleSetPlace, set: &RuleSet, index: usize) -> String {
        rule_title(place, self, set, index)
    }
}
