//! Properties of objects by their names.

use crate::farm::object::ObjectRecord;
use crate::farm::value::{Reading, Record, Site, Value};
use crate::farm::{Farm, ObjectId};

/// The object of a kind that a farm has one of.
pub(super) fn only_one(farm: &Farm, kind: &str) -> Option<ObjectId> {
    farm.objects_of(farm.vocabulary().kind_id(kind)?).first().copied()
}

/// Windows Server 2012 R2 has no local claims provider trusts.
pub(super) fn is_before_2016(farm: &Farm) -> bool {
    ["FarmInformation", "Properties"].iter().any(|name| {
        let level = only_one(farm, name).and_then(|id| property(farm, id, "CurrentFarmBehavior"));
        matches!(level.map(|level| level.value), Some(Ok(Value::Int(1))))
    })
}

/// Where an object stands.
pub(super) fn object_site(farm: &Farm, id: ObjectId) -> Option<Site> {
    farm.object(id).map(|object| Site::node(object.tree, object.node))
}

/// A property of an object; `None` if objects of its kind have none of that name.
pub(super) fn property<'f>(farm: &'f Farm, id: ObjectId, name: &str) -> Option<Reading<'f>> {
    let kind = farm.vocabulary().kind(farm.object(id)?.kind)?;
    let field = farm.vocabulary().layout(kind.record)?.find(name)?;
    Some(ObjectRecord::new(farm, id).field(field))
}

/// A property of an object, if it is a text.
pub(super) fn text(farm: &Farm, id: ObjectId, name: &str) -> Option<String> {
    match property(farm, id, name)?.value {
        Ok(Value::Text(text)) => Some(text.into_owned()),
        _ => None,
    }
}

/// Number and place of the rule set in a property of an object.
pub(in crate::farm) fn rule_set_of(farm: &Farm, id: ObjectId, name: &str) -> Option<(usize, Site)> {
    let kind = farm.vocabulary().kind(farm.object(id)?.kind)?;
    let field = farm.vocabulary().layout(kind.record)?.find(name)?;
    let (tree, node) = farm.object(id)?.place(field)?;
    let site = Site::node(tree, node);
    farm.rule_set_at(site).map(|(number, _)| (number, site))
}
