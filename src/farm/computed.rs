//! Records that stand in no export as they are: their fields are computed.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::Farm;
use super::schema::{FieldId, RecordTypeId};
use super::value::{Gap, Reading, Record, Site, Value};

/// A record whose fields were all computed beforehand.
#[derive(Debug)]
pub(crate) struct Computed<'f> {
    /// Its type.
    pub record: RecordTypeId,
    /// Fields by number.
    pub fields: Vec<Reading<'f>>,
    /// Where it stands.
    pub site: Option<Site>,
}

impl<'f> Record<'f> for Computed<'f> {
    fn record_type(&self) -> Option<RecordTypeId> {
        Some(self.record)
    }

    fn field(&self, field: FieldId) -> Reading<'f> {
        self.fields.get(usize::from(field.0)).cloned().unwrap_or_else(|| {
            Reading::missing(Gap::Undecidable(Arc::from("there is no such member")), self.site)
        })
    }

    fn entry(&self, _: &str) -> Reading<'f> {
        Reading::of(Value::Null)
    }

    fn names(&self) -> Vec<Cow<'f, str>> {
        Vec::new()
    }

    fn site(&self) -> Option<Site> {
        self.site
    }
}

/// A record whose fields are computed when they are read.
pub(crate) struct Lazy<'f> {
    farm: &'f Farm,
    record: RecordTypeId,
    site: Option<Site>,
    member: Box<dyn Fn(&str) -> Reading<'f> + 'f>,
}

impl<'f> Lazy<'f> {
    /// A record of the named type; `None` if the vocabulary does not have it.
    pub fn reading(
        farm: &'f Farm,
        record: &str,
        site: Option<Site>,
        member: impl Fn(&str) -> Reading<'f> + 'f,
    ) -> Option<Reading<'f>> {
        let record = farm.vocabulary().schema.record_id(record)?;
        let lazy = Self { farm, record, site, member: Box::new(member) };
        Some(Reading { value: Ok(Value::Record(Rc::new(lazy))), site })
    }
}

impl std::fmt::Debug for Lazy<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Lazy")
            .field("record", &self.record)
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

impl<'f> Record<'f> for Lazy<'f> {
    fn record_type(&self) -> Option<RecordTypeId> {
        Some(self.record)
    }

    fn field(&self, field: FieldId) -> Reading<'f> {
        let record = self.farm.vocabulary().schema.record(self.record);
        let name = record.and_then(|record| record.field(field)).map_or("", |field| field.name.as_str());
        (self.member)(name)
    }

    fn entry(&self, _: &str) -> Reading<'f> {
        Reading::of(Value::Null)
    }

    fn names(&self) -> Vec<Cow<'f, str>> {
        Vec::new()
    }

    fn site(&self) -> Option<Site> {
        self.site
    }

    fn identity(&self) -> Option<u64> {
        // The same place is the same part only for parts of one kind.
        let site = self.site?;
        let within = site.within.map_or(0, |within| (u64::from(within.0) << 20) ^ u64::from(within.1) ^ 1);
        Some(
            (u64::from(site.tree) << 56)
                ^ (u64::from(site.node) << 30)
                ^ within
                ^ (u64::from(self.record.0) << 48),
        )
    }
}
