//! The farm and its objects as records that conditions can read.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::schema::{FieldId, RecordTypeId};
use super::value::{Gap, List, Missing, Reading, Record, Site, Value};
use super::vocabulary::{IS_PROXY, KindId, NODE, Property, Shape, WINDOWS};
use super::{Farm, ObjectId, certificates, claim_rules, domain, normalise, policy, schannel, server};
use crate::node::{Kind, Lost, NodeRef};

/// What a value belongs to, for saying what is missing.
#[derive(Debug, Clone)]
pub enum Owner {
    /// A property of an object of a kind.
    Property {
        /// The kind.
        kind: Arc<str>,
        /// The property; empty for the object itself.
        property: Arc<str>,
    },
    /// A place in the facts file, `users.population`.
    Fact(Arc<str>),
}

impl Owner {
    /// The value was there and the export lost it.
    pub(crate) fn truncated(&self, lost: Lost) -> Gap {
        match self {
            Self::Fact(path) => Gap::Fact(Arc::clone(path)),
            Self::Property { kind, property } => {
                Gap::Truncated { kind: Arc::clone(kind), property: Arc::clone(property), lost }
            }
        }
    }

    /// The value is not there.
    fn absent(&self) -> Gap {
        match self {
            Self::Fact(path) => Gap::Fact(Arc::clone(path)),
            Self::Property { kind, property } => {
                Gap::Property { kind: Arc::clone(kind), property: Arc::clone(property) }
            }
        }
    }

    /// The same for a member of the value.
    fn member(&self, name: &str) -> Self {
        match self {
            Self::Fact(path) if path.is_empty() => Self::Fact(Arc::from(name)),
            Self::Fact(path) => Self::Fact(Arc::from(format!("{path}.{name}"))),
            Self::Property { kind, property } if property.is_empty() => {
                Self::Property { kind: Arc::clone(kind), property: Arc::from(name) }
            }
            Self::Property { kind, property } => {
                Self::Property { kind: Arc::clone(kind), property: Arc::from(format!("{property}.{name}")) }
            }
        }
    }
}

/// `farm` in a condition.
#[derive(Debug)]
pub(crate) struct FarmRecord<'f>(pub &'f Farm);

impl<'f> Record<'f> for FarmRecord<'f> {
    fn record_type(&self) -> Option<RecordTypeId> {
        Some(self.0.vocabulary().farm())
    }

    fn field(&self, field: FieldId) -> Reading<'f> {
        let farm = self.0;
        if let Some(kind) = farm.vocabulary().kind_of_field(field) {
            return farm.collection(kind);
        }
        let record = farm.vocabulary().schema.record(farm.vocabulary().farm());
        match record.and_then(|record| record.field(field)).map(|field| field.name.as_str()) {
            Some("claimRuleSets") => claim_rules::all(farm),
            Some("certificates") => certificates::all(farm),
            Some("exportTimes") => farm.export_times(),
            Some("serviceNames") => farm.service_names(),
            Some("commands") => farm.commands(),
            _ => Reading::missing(Gap::Undecidable(Arc::from("the farm has no such member")), None),
        }
    }

    fn entry(&self, _: &str) -> Reading<'f> {
        Reading::of(Value::Null)
    }

    fn names(&self) -> Vec<Cow<'f, str>> {
        Vec::new()
    }

    fn site(&self) -> Option<Site> {
        None
    }

    fn identity(&self) -> Option<u64> {
        Some(u64::MAX)
    }
}

impl Farm {
    /// Whether the kind of an object knows such a property.
    pub(crate) fn has_property(&self, object: &Reading<'_>, name: &str) -> bool {
        let Ok(Value::Record(record)) = &object.value else { return false };
        let layout = record.record_type().and_then(|record| self.vocabulary().layout(record));
        layout.is_some_and(|layout| layout.find(name).is_some())
    }

    /// A property of an object, by its name.
    pub(crate) fn property_of<'f>(&self, object: &Reading<'f>, name: &str) -> Reading<'f> {
        let record = match &object.value {
            Ok(Value::Record(record)) => record,
            Ok(_) => return Reading::missing(Gap::Undecidable(Arc::from("this is no object")), object.site),
            Err(_) => return object.clone(),
        };
        let layout = record.record_type().and_then(|record| self.vocabulary().layout(record));
        match layout.and_then(|layout| layout.find(name)) {
            Some(field) => record.field(field),
            None => Reading::missing(Gap::Undecidable(Arc::from("there is no such property")), object.site),
        }
    }
}

/// An object of the farm.
#[derive(Debug)]
pub(crate) struct ObjectRecord<'f> {
    farm: &'f Farm,
    id: ObjectId,
}

impl<'f> ObjectRecord<'f> {
    pub fn new(farm: &'f Farm, id: ObjectId) -> Self {
        Self { farm, id }
    }

    fn missing(&self, kind: KindId, property: &Property) -> Reading<'f> {
        let kind = self.farm.vocabulary().kind(kind).map(|kind| Arc::clone(&kind.name)).unwrap_or_default();
        let property = Arc::clone(&property.name);
        let is_desired = self.farm.object(self.id).is_some_and(|object| object.desired);
        let gap = if is_desired {
            Gap::Truncated { kind, property, lost: Lost::Unmanaged }
        } else {
            Gap::Property { kind, property }
        };
        Reading::missing(gap, self.site())
    }

    fn computed(&self, kind: KindId, property: &Property) -> Reading<'f> {
        if let Some(source) = property.thumbprint_in {
            return certificates::by_thumbprint(self.farm, &self.field(source));
        }
        let object = self.farm.reading(self.id);
        match &*property.name {
            "domain" => return domain::reading(self.farm, &object),
            "partnerCertificates" => return certificates::of_partner(self.farm, &object),
            _ => {}
        }
        let object = self.farm.object(self.id);
        let value = match &*property.name {
            NODE => object.and_then(|one| one.host.as_deref()).map(|host| Value::Text(Cow::Borrowed(host))),
            _ => None,
        };
        if let Some(object) = object.filter(|_| value.is_none()) {
            match &*property.name {
                IS_PROXY => return server::is_proxy(self.farm, object),
                WINDOWS => return server::windows(self.farm, object),
                "Accepts" => return schannel::states(self.farm, self.id, "Server"),
                "AsksFor" => return schannel::states(self.farm, self.id, "Client"),
                _ => {}
            }
        }
        value.map_or_else(|| self.missing(kind, property), Reading::of)
    }
}

impl<'f> Record<'f> for ObjectRecord<'f> {
    fn record_type(&self) -> Option<RecordTypeId> {
        let object = self.farm.object(self.id)?;
        self.farm.vocabulary().kind(object.kind).map(|kind| kind.record)
    }

    fn field(&self, field: FieldId) -> Reading<'f> {
        let vocabulary = self.farm.vocabulary();
        let found = self.farm.object(self.id).and_then(|object| {
            let kind = vocabulary.kind(object.kind)?;
            let property = vocabulary.layout(kind.record)?.property(field)?;
            Some((object, kind, property))
        });
        let Some((object, kind, property)) = found else {
            return Reading::missing(Gap::Undecidable(Arc::from("there is no such property")), None);
        };
        if property.computed || property.thumbprint_in.is_some() {
            return self.computed(object.kind, property);
        }
        let place = object.place(field);
        let node = place.and_then(|(tree, node)| Some((tree, self.farm.tree(tree)?.node(node)?)));
        match node {
            None => self.missing(object.kind, property),
            Some((_, node)) if object.nulls_are_gaps && node.kind() == Kind::Null => {
                self.missing(object.kind, property)
            }
            Some((tree, node)) => {
                let owner =
                    Owner::Property { kind: Arc::clone(&kind.name), property: Arc::clone(&property.name) };
                normalise::normalise(self.farm, &owner, &property.shape, node, tree)
            }
        }
    }

    fn entry(&self, _: &str) -> Reading<'f> {
        Reading::of(Value::Null)
    }

    fn names(&self) -> Vec<Cow<'f, str>> {
        Vec::new()
    }

    fn site(&self) -> Option<Site> {
        self.farm.object(self.id).map(|object| Site::node(object.tree, object.node))
    }
}

/// A map inside an object, or in the facts file: a record of known fields, or a dictionary.
#[derive(Debug)]
pub(crate) struct MapRecord<'f> {
    farm: &'f Farm,
    record: Option<RecordTypeId>,
    owner: Owner,
    tree: u32,
    node: Option<NodeRef<'f>>,
    /// What it would stand in, where it is not there.
    within: Option<Site>,
    values: Shape,
}

impl<'f> MapRecord<'f> {
    /// The map at `node`; `record` is its type if its fields are known.
    pub fn new(
        farm: &'f Farm,
        record: Option<RecordTypeId>,
        owner: Owner,
        tree: u32,
        node: NodeRef<'f>,
    ) -> Self {
        Self { farm, record, owner, tree, node: Some(node), within: None, values: Shape::Any }
    }

    /// A record of which nothing at all is known.
    pub fn blank(farm: &'f Farm, record: RecordTypeId, owner: Owner, within: Option<Site>) -> Self {
        Self { farm, record: Some(record), owner, tree: 0, node: None, within, values: Shape::Any }
    }

    /// Says what the entries of a dictionary are.
    pub fn with_values(self, values: Shape) -> Self {
        Self { values, ..self }
    }

    fn lookup(&self, field: FieldId) -> Option<NodeRef<'f>> {
        let layout = self.farm.vocabulary().layout(self.record?)?;
        let is_it = |name: &str| layout.find(name) == Some(field);
        let mut found = self.node?.entries().filter(|(key, _)| key.text().is_some_and(|name| is_it(&name)));
        let first = found.next()?;
        // Of a fact that is said twice nobody knows which was meant.
        let is_doubtful = matches!(self.owner, Owner::Fact(_)) && found.next().is_some();
        (!is_doubtful).then_some(first.1)
    }

    /// Facts that nobody stated are unknown down to the last name, so that a report can ask for it.
    fn absent(&self, owner: Owner, shape: &Shape) -> Reading<'f> {
        if let (Owner::Fact(_), Shape::Record(record)) = (&owner, shape) {
            return Reading::of(Value::Record(Rc::new(Self::blank(self.farm, *record, owner, self.site()))));
        }
        Reading::missing(owner.absent(), self.site())
    }

    /// Entries of a dictionary: those of a map, or of a list of `Key` and `Value` pairs.
    fn pairs(&self) -> Vec<(Cow<'f, str>, NodeRef<'f>)> {
        let Some(node) = self.node else { return Vec::new() };
        if node.kind() == Kind::List {
            let pair = |item: NodeRef<'f>| Some((item.get("Key")?.text()?, item.get("Value")?));
            return node.items().filter_map(pair).collect();
        }
        node.entries().filter_map(|(key, value)| Some((key.text()?, value))).collect()
    }
}

impl<'f> Record<'f> for MapRecord<'f> {
    fn record_type(&self) -> Option<RecordTypeId> {
        self.record
    }

    fn field(&self, field: FieldId) -> Reading<'f> {
        let property = self
            .record
            .and_then(|record| self.farm.vocabulary().layout(record))
            .and_then(|layout| layout.property(field));
        let Some(property) = property else {
            return Reading::missing(Gap::Undecidable(Arc::from("there is no such member")), self.site());
        };
        let owner = self.owner.member(&property.name);
        if property.computed {
            return policy::computed(self.farm, self, property)
                .unwrap_or_else(|| Reading::missing(owner.absent(), self.site()));
        }
        match self.lookup(field) {
            Some(node) if matches!(owner, Owner::Fact(_)) && node.kind() == Kind::Null => {
                self.absent(owner, &property.shape)
            }
            Some(node) => {
                let reading = normalise::normalise(self.farm, &owner, &property.shape, node, self.tree);
                let is_possible = match reading.value {
                    Ok(Value::Double(number)) => property.fact.allows(number),
                    #[allow(clippy::cast_precision_loss)] // bounds are small
                    Ok(Value::Int(number)) => property.fact.allows(number as f64),
                    _ => true,
                };
                if is_possible { reading } else { Reading::missing(owner.absent(), reading.site) }
            }
            None => self.absent(owner, &property.shape),
        }
    }

    fn entry(&self, name: &str) -> Reading<'f> {
        let found = self.pairs().into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        match found {
            Some((_, node)) => {
                normalise::normalise(self.farm, &self.owner.member(name), &self.values, node, self.tree)
            }
            None if self.node.is_none() => Reading::missing(self.owner.absent(), None),
            None if self.rest().is_some() => {
                Reading { value: self.rest().map_or(Ok(Value::Null), Err), site: self.site() }
            }
            None => Reading { value: Ok(Value::Null), site: self.site() },
        }
    }

    fn names(&self) -> Vec<Cow<'f, str>> {
        self.pairs().into_iter().map(|(name, _)| name).collect()
    }

    fn rest(&self) -> Option<Rc<Missing>> {
        let node = self.node?;
        let lost = node.items().find_map(|item| match item.kind() {
            Kind::Truncated(lost) => Some(lost),
            _ => None,
        });
        let lost = lost.or_else(|| node.is_incomplete().then_some(Lost::Ellipsis))?;
        Some(Rc::new(Missing { gap: self.owner.truncated(lost), site: self.site() }))
    }

    fn site(&self) -> Option<Site> {
        self.node.map(|node| Site::node(self.tree, node.index())).or(self.within)
    }
}

/// A list of readings, all known.
pub(crate) fn list(items: Vec<Reading<'_>>, rest: Option<Missing>) -> Value<'_> {
    Value::List(List { items: Rc::from(items), rest: rest.map(Rc::new) })
}
