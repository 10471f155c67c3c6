//! A claim rule set as a record: whose it is, which stage it belongs to, and its claim rules.

use std::borrow::Cow;
use std::rc::Rc;

use super::Farm;
use super::claim_flow as flow;
use super::claim_rules::{Set, known, record, text};
use super::object::{ObjectRecord, list};
use super::schema::{FieldId, RecordTypeId};
use super::value::{Reading, Record, Site, Value};

/// A rule set as a record.
#[derive(Debug)]
pub(super) struct SetRecord<'f>(pub(super) Rc<Set<'f>>);

record!(SetRecord, "ClaimRuleSet", |this| this.0.farm(), |this| this.0.site());

impl<'f> SetRecord<'f> {
    fn member(&self, name: &str) -> Reading<'f> {
        let set = &self.0;
        let owner = || set.place().object.map(|id| set.farm().name_of(id));
        let value = match name {
            "title" => text(set.place().title(set.farm())),
            "owner" => text(owner().map(|owner| owner.name).unwrap_or_default()),
            "ownerKind" => text(self.owner_kind()),
            // What cannot be switched off is on.
            "ownerEnabled" => {
                return self
                    .owner_property("Enabled")
                    .unwrap_or_else(|| known(Value::Bool(true), Some(set.site())));
            }
            // What names no claims provider takes them all.
            "ownerProviders" => {
                let all = || known(list(Vec::new(), None), Some(set.site()));
                return self.owner_property("ClaimsProviderName").unwrap_or_else(all);
            }
            "property" => text(set.place().property.to_string()),
            "stage" => set.stage().map_or(Value::Null, |stage| Value::Text(Cow::Borrowed(stage.word()))),
            "text" => Value::Text(set.text()),
            "empty" => Value::Bool(set.is_empty()),
            "rules" => return set.rules(),
            "lookUps" => return set.look_ups(),
            "relyingPartyTrust" => return self.owner_of("RelyingPartyTrust"),
            "webApiApplication" => return self.owner_of("WebApiApplication"),
            "claimsProviderTrust" => return self.owner_of("ClaimsProviderTrust"),
            fact => return flow::of_set(set, fact).unwrap_or_else(|| known(Value::Null, Some(set.site()))),
        };
        known(value, Some(set.site()))
    }

    fn owner_kind(&self) -> &'f str {
        let farm = self.0.farm();
        let object = self.0.place().object.and_then(|id| farm.object(id));
        object.and_then(|object| farm.vocabulary().kind(object.kind)).map_or("File", |kind| &kind.name)
    }

    /// The object that the rule set belongs to if it is of that kind, else null.
    fn owner_of(&self, kind: &str) -> Reading<'f> {
        let owner = self.0.place().object.filter(|_| self.owner_kind() == kind);
        owner.map_or_else(|| known(Value::Null, None), |id| self.0.farm().reading(id))
    }

    /// A property of the owner; `None` where its kind has no such property.
    fn owner_property(&self, property: &str) -> Option<Reading<'f>> {
        let farm = self.0.farm();
        let id = self.0.place().object?;
        let kind = farm.vocabulary().kind(farm.object(id)?.kind)?;
        let field = farm.vocabulary().layout(kind.record)?.find(property)?;
        Some(ObjectRecord::new(farm, id).field(field))
    }
}
