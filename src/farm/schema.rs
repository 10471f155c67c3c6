//! Types of everything that a condition can ask for: what may be read, and what kind of value comes back.
//!
//! The schema is data: it is made from `rules/vocabulary.yaml` when the pack is loaded, and conditions are
//! checked against it before any export is read.

use std::collections::HashMap;
use std::sync::Arc;

/// Number of a record type in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordTypeId(pub u16);

/// Number of a field in its record type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Anything; checked when it is evaluated.
    Any,
    /// Only null.
    Null,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number with fraction.
    Double,
    /// A text.
    Text,
    /// A text of a closed set (an enum's names, a string set), so that a misspelt name can be refused.
    Choice(Arc<[String]>),
    /// A moment in time.
    Time,
    /// A length of time.
    Duration,
    /// Raw bytes.
    Bytes,
    /// A list of values of one type.
    List(Box<Type>),
    /// Values of one type by name, with names that only the data know.
    Map(Box<Type>),
    /// A record with named fields.
    Record(RecordTypeId),
}

impl Type {
    /// A list of `item`.
    pub fn list(item: Type) -> Self {
        Self::List(Box::new(item))
    }
}

/// One field of a record type.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name as written in conditions.
    pub name: String,
    /// Type of its value (which may always be null or missing as well).
    pub value: Type,
    /// One sentence for documentation and messages.
    pub about: String,
}

/// A record type: a kind of AD FS object, a nested object, a claim rule, a part of the facts file.
#[derive(Debug, Clone, Default)]
pub struct RecordType {
    /// Name as written after `for:` and in messages.
    pub name: String,
    /// Its fields; [`FieldId`] counts them.
    pub fields: Vec<Field>,
    by_name: HashMap<String, u16>,
}

impl RecordType {
    /// A record type without fields.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a field and says its number. A second field of the same name replaces nothing and gets `None`.
    pub fn add(&mut self, field: Field) -> Option<FieldId> {
        let number = u16::try_from(self.fields.len()).ok()?;
        if self.by_name.contains_key(&field.name) {
            return None;
        }
        self.by_name.insert(field.name.clone(), number);
        self.fields.push(field);
        Some(FieldId(number))
    }

    /// The field of exactly that name.
    pub fn field_id(&self, name: &str) -> Option<FieldId> {
        self.by_name.get(name).copied().map(FieldId)
    }

    /// The field of that number.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(usize::from(id.0))
    }
}

/// All record types.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    records: Vec<RecordType>,
    by_name: HashMap<String, u16>,
}

impl Schema {
    /// No record type yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record type.
    pub fn add(&mut self, record: RecordType) -> Option<RecordTypeId> {
        let number = u16::try_from(self.records.len()).ok()?;
        self.by_name.entry(record.name.clone()).or_insert(number);
        self.records.push(record);
        Some(RecordTypeId(number))
    }

    /// The record type of that number.
    pub fn record(&self, id: RecordTypeId) -> Option<&RecordType> {
        self.records.get(usize::from(id.0))
    }

    /// The same, to add fields later (types may refer to each other).
    pub fn record_mut(&mut self, id: RecordTypeId) -> Option<&mut RecordType> {
        self.records.get_mut(usize::from(id.0))
    }

    /// The record type of exactly that name.
    pub fn record_id(&self, name: &str) -> Option<RecordTypeId> {
        self.by_name.get(name).copied().map(RecordTypeId)
    }

    /// All record types in the order of adding.
    pub fn records(&self) -> impl Iterator<Item = &RecordType> {
        self.records.iter()
    }

    /// The type as a person writes it: `list(RelyingPartyTrust)`.
    pub fn type_name(&self, of: &Type) -> String {
        match of {
            Type::Any => "any".into(),
            Type::Null => "null".into(),
            Type::Bool => "bool".into(),
            Type::Int => "int".into(),
            Type::Double => "double".into(),
            Type::Text => "string".into(),
            Type::Choice(names) => format!("one of {}", names.join(", ")),
            Type::Time => "timestamp".into(),
            Type::Duration => "duration".into(),
            Type::Bytes => "bytes".into(),
            Type::List(item) => format!("list({})", self.type_name(item)),
            Type::Map(item) => format!("map({})", self.type_name(item)),
            Type::Record(id) => {
                self.record(*id).map_or_else(|| "record".into(), |record| record.name.clone())
            }
        }
    }
}
