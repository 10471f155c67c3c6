//! Claim types that are almost a well-known one, or one of the farm's own.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Answer, Asked, Detail};
use crate::claims::PlacedRule;
use crate::claims::facts::{Role, literals, made};
use crate::claims::spelling::Slip;
use crate::farm::value::{Gap, Missing, Value};

/// What types of values begin with.
const VALUE_TYPES: &str = "http://www.w3.org/2001/XMLSchema#";

/// `https://` where the product has `http://`: written so on many pages, and never equal.
pub(super) fn look_alikes(asked: &Asked<'_, '_>) -> Answer {
    let declared = Declared::new(asked);
    let mut details = compare(asked, |text, _, slip| slip == Slip::Https && !declared.has(text));
    details.extend(values(asked));
    details.sort_by_key(|detail| detail.places.first().map(|(site, _)| site.within));
    Answer::of(details)
}

/// Well-known values, and types of values, that begin with `https://`.
fn values(asked: &Asked<'_, '_>) -> Vec<Detail> {
    let Some((site, rule)) = asked.farm.parsed_rule(asked.subject) else { return Vec::new() };
    let known = asked.farm.vocabulary().claim_types();
    let is_known = |twin: &str| {
        twin.starts_with(VALUE_TYPES)
            || known.iter().any(|known| known.values.iter().any(|value| &**value == twin))
    };
    let mut details = Vec::new();
    for (role, literal) in literals(&rule.rule) {
        let text = literal.text();
        let twin = text.strip_prefix("https://").map(|rest| format!("http://{rest}"));
        let Some(twin) = twin.filter(|twin| matches!(role, Role::Value | Role::ValueType) && is_known(twin))
        else {
            continue;
        };
        let place = site.part(rule.offset + literal.range.start, rule.offset + literal.range.end);
        details.push(Detail {
            message: format!(
                "\"{text}\" is no value that AD FS knows; {twin} begins with http://, not https://."
            ),
            help: Some(format!("Write \"{twin}\".")),
            places: vec![(place, "never equal to the well-known value".to_owned())],
            spans: Vec::new(),
        });
    }
    details
}

/// A blank, a letter, the case: almost a claim type that exists.
pub(super) fn near_misses(asked: &Asked<'_, '_>) -> Answer {
    let declared = Declared::new(asked);
    let mut details = compare(asked, |text, is_made, slip| match slip {
        Slip::Https => false,
        // An application may want its own spelling; a condition that asks for it never meets a claim, unless a rule before it
        // makes one.
        Slip::Case => !is_made && !declared.has(text) && !is_made_before(asked, text),
        // What somebody declared is meant as it is.
        _ => !declared.has(text),
    });
    let (slips, is_open) = own(asked);
    details.extend(slips);
    details.sort_by_key(|detail| detail.places.first().map(|(site, _)| site.within));
    Answer::unless(details, if is_open { not_exported(asked) } else { Vec::new() })
}

/// Kinds of objects that declare claim types or make them.
const MAKERS: [&str; 5] = [
    "ClaimDescription",
    "ClaimsProviderTrust",
    "LocalClaimsProviderTrust",
    "RelyingPartyTrust",
    "WebApiApplication",
];

/// What may hold the type that was meant, and is not there to be looked at.
fn not_exported(asked: &Asked<'_, '_>) -> Vec<Missing> {
    let farm = asked.farm;
    let is_there = |name: &str| farm.vocabulary().kind_id(name).is_some_and(|kind| farm.is_exported(kind));
    let lacking = MAKERS.into_iter().filter(|name| !is_there(name));
    lacking.map(|name| Missing { gap: Gap::Export(Arc::from(name)), site: None }).collect()
}

/// Shorter addresses are too often meant as they are.
const SHORTEST: usize = 16;

/// Conditions on a type that nobody makes or declares, while there is one almost like it; and whether some condition asks
/// for a type of which nothing is known, so that another export might show what was meant.
fn own(asked: &Asked<'_, '_>) -> (Vec<Detail>, bool) {
    let Some((site, rule)) = asked.farm.parsed_rule(asked.subject) else { return (Vec::new(), false) };
    let mut is_open = false;
    let (well_known, own) = (asked.farm.vocabulary().claim_types(), asked.farm.own_types());
    let mut details = Vec::new();
    for literal in rule.rule.conditions.iter().filter_map(|condition| condition.selector.claim_type()) {
        let text = literal.text();
        if text.len() < SHORTEST || well_known.get(&text).is_some() || well_known.near(&text).is_some() {
            continue;
        }
        let near = own
            .near(&text)
            .filter(|(meant, slip)| *slip != Slip::Segment && numbers(meant) == numbers(&text));
        let Some((meant, slip)) = near else {
            is_open |= !own.contains(&text);
            continue;
        };
        let place = site.part(rule.offset + literal.range.start, rule.offset + literal.range.end);
        details.push(Detail {
            message: format!("Nothing here makes or declares \"{text}\"; {meant} {}.", difference(slip)),
            help: Some(format!("Write \"{meant}\".")),
            places: vec![(place, "never equal to the type that there is".to_owned())],
            spans: Vec::new(),
        });
    }
    (details, is_open)
}

/// The digits of an address: step1 and step2 are two types, and neither is a slip of the other.
fn numbers(address: &str) -> String {
    address.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a rule of the same set makes claims of that type.
fn is_made_before(asked: &Asked<'_, '_>, text: &str) -> bool {
    let Some((_, set)) = asked.farm.parsed_rule_set(asked.subject) else { return false };
    let makes = |placed: &PlacedRule| {
        made(&placed.rule).iter().any(|made| made.claim_type.is_some_and(|made| made.text() == text))
    };
    let start = asked.subject.site.and_then(|site| site.within).map_or(0, |within| within.0);
    set.rules.iter().take_while(|placed| placed.offset < start).any(makes)
}

fn compare(asked: &Asked<'_, '_>, is_wrong: impl Fn(&str, bool, Slip) -> bool) -> Vec<Detail> {
    let Some((site, rule)) = asked.farm.parsed_rule(asked.subject) else { return Vec::new() };
    let known = asked.farm.vocabulary().claim_types();
    let mut details = Vec::new();
    for (role, literal) in literals(&rule.rule) {
        if role != Role::ClaimType {
            continue;
        }
        let text = literal.text();
        let is_made = literal.range.start >= rule.rule.issuance.range.start;
        if let Some((meant, slip)) = known.near(&text)
            && is_wrong(&text, is_made, slip)
        {
            let (meant, how) = (&meant.uri, difference(slip));
            let place = site.part(rule.offset + literal.range.start, rule.offset + literal.range.end);
            details.push(Detail {
                message: format!("\"{text}\" is no claim type that AD FS makes; {meant} {how}."),
                help: Some(format!("Write \"{meant}\".")),
                places: vec![(place, "never equal to the well-known type".to_owned())],
                spans: Vec::new(),
            });
        }
    }
    details
}

/// What the right address has that the wrong one has not.
fn difference(slip: Slip) -> &'static str {
    match slip {
        Slip::Https => "begins with http://, not https://",
        Slip::Blank => "has no blank at its ends or inside",
        Slip::Case => "differs in letter case, which counts",
        Slip::Slash => "has a slash less",
        Slip::Segment => "has another path",
        Slip::Letters => "is almost the same",
    }
}

/// Types of the claim descriptions: somebody declared them, so they are meant. Read when a type looks wrong.
struct Declared<'a, 'f> {
    asked: &'a Asked<'a, 'f>,
    types: OnceCell<BTreeSet<String>>,
}

impl<'a, 'f> Declared<'a, 'f> {
    fn new(asked: &'a Asked<'a, 'f>) -> Self {
        Self { asked, types: OnceCell::new() }
    }

    fn has(&self, text: &str) -> bool {
        self.types.get_or_init(|| self.read()).contains(text)
    }

    fn read(&self) -> BTreeSet<String> {
        let farm = self.asked.farm;
        let kind = farm.vocabulary().kind_id("ClaimDescription");
        let objects = kind.map(|kind| farm.objects_of(kind)).unwrap_or_default();
        let types = objects.iter().map(|id| farm.property_of(&farm.reading(*id), "ClaimType").value);
        types
            .filter_map(|found| match found {
                Ok(Value::Text(text)) => Some(text.into_owned()),
                _ => None,
            })
            .collect()
    }
}
