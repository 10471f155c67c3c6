//! Values that a condition works on, each with the place it was read from, or with the reason why it is missing.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::schema::{FieldId, RecordTypeId};
use crate::node::{Lost, NodeIndex};

/// Where a value stands: a node of one of the farm's trees, or a part of the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// Number of the tree in the farm.
    pub tree: u32,
    /// The node in that tree.
    pub node: NodeIndex,
    /// A range of bytes in the node's *decoded* text (a token of a claim rule), if it is not the whole.
    pub within: Option<(u32, u32)>,
}

impl Site {
    /// A whole node.
    pub fn node(tree: u32, node: NodeIndex) -> Self {
        Self { tree, node, within: None }
    }

    /// A part of the node's decoded text.
    #[must_use]
    pub fn part(self, start: u32, end: u32) -> Self {
        Self { within: Some((start, end)), ..self }
    }
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// No export of this kind was given. Holds the kind's name in the vocabulary.
    Export(Arc<str>),
    /// The export is there, the object is there, the property is not.
    Property {
        /// Kind of the object.
        kind: Arc<str>,
        /// Name of the property.
        property: Arc<str>,
    },
    /// The export lost the value.
    Truncated {
        /// Kind of the object.
        kind: Arc<str>,
        /// Name of the property.
        property: Arc<str>,
        /// How it was lost.
        lost: Lost,
    },
    /// The value is there but cannot be understood: a date in an unknown culture, a claim rule that does not parse.
    Unreadable {
        /// Kind of the object.
        kind: Arc<str>,
        /// Name of the property.
        property: Arc<str>,
        /// What is wrong with it, in a few words.
        reason: Arc<str>,
    },
    /// The facts file does not say it. Holds the path, `users.population`.
    Fact(Arc<str>),
    /// An evaluation gave up at a bound, or met values that cannot be compared. Holds the reason.
    Undecidable(Arc<str>),
}

/// A missing value: why, and where its trace stands if there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Missing {
    /// Why it is not known.
    pub gap: Gap,
    /// The object or what is left of the value.
    pub site: Option<Site>,
}

/// A value.
#[derive(Debug, Clone)]
pub enum Value<'f> {
    /// Null: exported, and empty.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with fraction.
    Double(f64),
    /// A text.
    Text(Cow<'f, str>),
    /// A moment.
    Time(OffsetDateTime),
    /// A length of time.
    Duration(Duration),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A list.
    List(List<'f>),
    /// A record, or a map with names that only the data know.
    Record(Rc<dyn Record<'f> + 'f>),
}

/// A list of readings.
#[derive(Debug, Clone)]
pub struct List<'f> {
    /// The items that are known. Each has its own place; an item may itself be missing.
    pub items: Rc<[Reading<'f>]>,
    /// Why there may be more items than these, if so. Then "all" cannot be proven and "none" neither.
    pub rest: Option<Rc<Missing>>,
}

/// What came of reading something: the value, or why there is none, and the place.
#[derive(Debug, Clone)]
pub struct Reading<'f> {
    /// The value or the reason.
    pub value: Result<Value<'f>, Rc<Missing>>,
    /// Where it stands; `None` for what was computed or written in the rule.
    pub site: Option<Site>,
}

impl<'f> Reading<'f> {
    /// A known value without a place.
    pub fn of(value: Value<'f>) -> Self {
        Self { value: Ok(value), site: None }
    }

    /// A known value at a place.
    pub fn at(value: Value<'f>, site: Site) -> Self {
        Self { value: Ok(value), site: Some(site) }
    }

    /// A missing value.
    pub fn missing(gap: Gap, site: Option<Site>) -> Self {
        Self { value: Err(Rc::new(Missing { gap, site })), site }
    }
}

/// Something with named fields: an AD FS object, a nested object, a claim rule, a dictionary, the farm.
pub trait Record<'f>: fmt::Debug {
    /// Its type in the schema; `None` for a map with names that only the data know.
    fn record_type(&self) -> Option<RecordTypeId>;

    /// Reads a field of a record. `field` belongs to [`Record::record_type`].
    fn field(&self, field: FieldId) -> Reading<'f>;

    /// Reads an entry of a map by its name, without regard to letter case. A map knows all its names, so an
    /// absent one is null unless part of the map was lost.
    fn entry(&self, name: &str) -> Reading<'f>;

    /// Names of a map's entries, in order; empty for records.
    fn names(&self) -> Vec<Cow<'f, str>>;

    /// Why a map may have more entries than these, if so.
    fn rest(&self) -> Option<Rc<Missing>> {
        None
    }

    /// Where the record stands.
    fn site(&self) -> Option<Site>;

    /// Two records are the same thing if their identities are equal and not `None`.
    fn identity(&self) -> Option<u64> {
        self.site().map(|site| u64::from(site.tree) << 32 | u64::from(site.node))
    }
}
