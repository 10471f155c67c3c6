//! Claim types of the farm itself: declared in claim descriptions, made by its claim rules, or let in from a partner.

use super::Farm;
use super::value::Value;
use crate::claims::facts::made;
use crate::claims::spelling::Spellings;
use crate::claims::stage::Stage;

impl Farm {
    /// Claim types of the farm, gathered when somebody asks for them first.
    pub(crate) fn own_types(&self) -> &Spellings {
        self.own_types.get_or_init(|| gather(self))
    }
}

fn gather(farm: &Farm) -> Spellings {
    let mut types = Spellings::default();
    let kind = farm.vocabulary().kind_id("ClaimDescription");
    for id in kind.map(|kind| farm.objects_of(kind)).unwrap_or_default() {
        if let Ok(Value::Text(text)) = farm.property_of(&farm.reading(*id), "ClaimType").value {
            types.add(&text);
        }
    }
    for (number, place) in farm.rule_sets().iter().enumerate() {
        let set = farm.parsed(number);
        // Only an acceptance rule brings in what it copies; elsewhere a wrong type would vouch for itself.
        let copies_count = place.stage == Some(Stage::Acceptance);
        for claim in set.rules.iter().flat_map(|placed| made(&placed.rule)) {
            if let (Some(literal), true) = (claim.claim_type, copies_count || !claim.copies) {
                types.add(&literal.text());
            }
        }
    }
    types
}
