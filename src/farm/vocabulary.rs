//! The vocabulary of AD FS: kinds, properties, enums, releases and facts, as `rules/vocabulary.yaml` has them.
//!
//! [`RawVocabulary`] is what the file may say; [`Vocabulary`] is what the program works with: the same,
//! checked, with a [`Schema`] for conditions and look-up tables for names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::schema::{Field, FieldId, RecordType, RecordTypeId, Schema, Type};

/// What `rules/vocabulary.yaml` may say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawVocabulary {
    versions: BTreeMap<String, RawVersion>,
    enums: BTreeMap<String, RawEnum>,
    sets: BTreeMap<String, Vec<String>>,
    types: BTreeMap<String, RawType>,
    kinds: BTreeMap<String, RawKind>,
    facts: RawFacts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersion {
    #[allow(dead_code)] // read by people; the loader only checks that it is there
    windows: String,
    level: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnum {
    #[serde(default)]
    flags: bool,
    names: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawType {
    #[serde(default)]
    about: String,
    #[serde(default)]
    named_by: Vec<String>,
    properties: BTreeMap<String, RawProperty>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawKind {
    about: String,
    cmdlet: String,
    collection: String,
    #[serde(default)]
    one: bool,
    #[serde(default)]
    per: Per,
    #[serde(default)]
    named_by: Vec<String>,
    #[serde(default)]
    dotnet_type: Option<String>,
    #[serde(default)]
    recognise: RawRecognise,
    #[serde(default)]
    wrapped_as: Vec<String>,
    #[serde(default)]
    holds_part_of: Vec<String>,
    #[serde(default)]
    since: Option<String>,
    properties: BTreeMap<String, RawProperty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecognise {
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawProperty {
    #[serde(rename = "type")]
    value: String,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    since: Option<String>,
    #[serde(default)]
    #[allow(dead_code)] // documentation of the product; a default never stands in for a missing value
    default: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    computed: bool,
    #[serde(default)]
    about: Option<String>,
    #[serde(default)]
    thumbprint_in: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    types: BTreeMap<String, BTreeMap<String, RawProperty>>,
    properties: BTreeMap<String, RawProperty>,
}

/// Where objects of a kind come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Once for the farm.
    #[default]
    Farm,
    /// From every federation server.
    Node,
    /// From every Web Application Proxy.
    Proxy,
    /// From the tenant.
    Cloud,
}

/// Number of a kind in its vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u16);

/// How the raw value of a property becomes a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Whatever it is.
    Any,
    /// True or false, in any of PowerShell's spellings.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A moment.
    Time,
    /// A time span.
    Duration,
    /// A claim rule set.
    Claims,
    /// Bytes.
    Bytes,
    /// A certificate, whole or as the few lines that a toolbox prints of it.
    Certificate,
    /// One or several names of an enum; the number of the enum in the vocabulary.
    Enum(usize),
    /// One of a closed set of texts, as far as anybody knows them.
    Set(Arc<[String]>),
    /// A certificate's SHA-1, in whatever spelling it was copied.
    Thumbprint,
    /// A list.
    List(Box<Shape>),
    /// Names that only the data know.
    Map(Box<Shape>),
    /// A nested record.
    Record(RecordTypeId),
}

/// What the vocabulary knows of one property.
#[derive(Debug, Clone)]
pub struct Property {
    /// Name as the getter prints it.
    pub name: Arc<str>,
    /// How its value is read.
    pub shape: Shape,
    /// First AD FS release that prints it.
    pub since: Option<String>,
    /// Computed by the program, not looked up under this name.
    pub computed: bool,
    /// The property that holds the thumbprint of the certificate meant by this one.
    pub thumbprint_in: Option<FieldId>,
}

/// A .NET enum.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Whether several names may hold at once.
    pub flags: bool,
    /// Names and numbers, in order of the numbers.
    pub names: Vec<(Arc<str>, i64)>,
}

impl Enum {
    /// The name in its usual spelling, whatever the letter case.
    pub fn canonical(&self, name: &str) -> Option<&Arc<str>> {
        self.names.iter().map(|(known, _)| known).find(|known| known.eq_ignore_ascii_case(name))
    }

    /// The names that make up `number`; `None` if it has a part without a name.
    pub fn named(&self, number: i64) -> Option<Vec<Arc<str>>> {
        if let Some((name, _)) = self.names.iter().find(|(_, known)| *known == number) {
            // The name of zero stands for "no flag at all".
            return Some(if self.flags && number == 0 { Vec::new() } else { vec![Arc::clone(name)] });
        }
        if !self.flags || number == 0 {
            return (self.flags && number == 0).then(Vec::new);
        }
        let held: Vec<_> =
            self.names.iter().filter(|(_, bit)| *bit != 0 && number & bit == *bit).cloned().collect();
        let sum = held.iter().fold(0, |sum, (_, bit)| sum | bit);
        (sum == number).then(|| held.into_iter().map(|(name, _)| name).collect())
    }
}

/// What the vocabulary knows of one record type, beside its [`RecordType`].
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Properties by [`FieldId`].
    pub properties: Vec<Property>,
    /// Fields that name the record, the best first.
    pub named_by: Vec<FieldId>,
    by_name: HashMap<String, FieldId>,
}

impl Layout {
    /// The property of that name, an alias or another letter case included.
    pub fn find(&self, name: &str) -> Option<FieldId> {
        let mut buffer = [0u8; 64];
        let bytes = buffer.get_mut(..name.len())?;
        bytes.copy_from_slice(name.as_bytes());
        bytes.make_ascii_lowercase();
        self.by_name.get(std::str::from_utf8(bytes).ok()?).copied()
    }

    /// What is known of a property.
    pub fn property(&self, field: FieldId) -> Option<&Property> {
        self.properties.get(usize::from(field.0))
    }
}

/// What tells an object of a kind from others, lower case.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Properties that it must show.
    pub all: Vec<String>,
    /// Properties of which it must show one, if there are any.
    pub any: Vec<String>,
    /// Properties that it must not show.
    pub none: Vec<String>,
}

/// A kind of AD FS object.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Name as in `for:`.
    pub name: Arc<str>,
    /// One sentence on it.
    pub about: String,
    /// The command that prints it.
    pub cmdlet: String,
    /// Its record type.
    pub record: RecordTypeId,
    /// The field of the farm that holds it.
    pub farm_field: FieldId,
    /// Whether a farm has just one.
    pub one: bool,
    /// Where it is exported.
    pub per: Per,
    /// Last part of the .NET type name.
    pub dotnet_type: Option<String>,
    /// What tells it apart.
    pub marks: Marks,
    /// Names under which other tools wrap it.
    pub wrapped_as: Vec<String>,
    /// Kinds of which it holds some objects, but not all.
    pub holds_part_of: Vec<String>,
    /// First AD FS release that has it.
    pub since: Option<String>,
}

/// The vocabulary, checked.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Types of everything that a condition can ask for.
    pub schema: Schema,
    kinds: Vec<Kind>,
    layouts: Vec<Layout>,
    enums: Vec<Enum>,
    levels: BTreeMap<String, Option<i64>>,
    farm: Option<RecordTypeId>,
    facts: Option<RecordTypeId>,
}

/// Name of the record type of `farm`.
pub const FARM: &str = "Farm";
/// Name of the record type of `facts`.
pub const FACTS: &str = "Facts";
/// Name of the field that says which server an object was exported from.
pub const NODE: &str = "Node";

impl Vocabulary {
    /// Checks a vocabulary. The errors are sentences that name the wrong entry.
    pub fn new(raw: &RawVocabulary) -> Result<Self, Vec<String>> {
        let mut builder = Builder::default();
        builder.build(raw);
        if builder.errors.is_empty() { Ok(builder.vocabulary) } else { Err(builder.errors) }
    }

    /// All kinds, by name.
    pub fn kinds(&self) -> impl Iterator<Item = (KindId, &Kind)> {
        (0..).map(KindId).zip(self.kinds.iter())
    }

    /// The kind of that number.
    pub fn kind(&self, id: KindId) -> Option<&Kind> {
        self.kinds.get(usize::from(id.0))
    }

    /// The kind of exactly that name.
    pub fn kind_id(&self, name: &str) -> Option<KindId> {
        let place = self.kinds.iter().position(|kind| &*kind.name == name)?;
        u16::try_from(place).ok().map(KindId)
    }

    /// The kind that has `name` as a member of the farm: `relyingPartyTrusts`.
    pub fn kind_of_field(&self, field: FieldId) -> Option<KindId> {
        let place = self.kinds.iter().position(|kind| kind.farm_field == field)?;
        u16::try_from(place).ok().map(KindId)
    }

    /// What is known of a record type beside its fields' types.
    pub fn layout(&self, record: RecordTypeId) -> Option<&Layout> {
        self.layouts.get(usize::from(record.0))
    }

    /// The enum of that number.
    pub fn enumeration(&self, number: usize) -> Option<&Enum> {
        self.enums.get(number)
    }

    /// Record type of the farm.
    pub fn farm(&self) -> RecordTypeId {
        self.farm.unwrap_or(RecordTypeId(u16::MAX))
    }

    /// Record type of the facts file.
    pub fn facts(&self) -> RecordTypeId {
        self.facts.unwrap_or(RecordTypeId(u16::MAX))
    }

    /// Farm behaviour level of an AD FS release such as `2019`.
    pub fn level_of(&self, release: &str) -> Option<i64> {
        self.levels.get(release).copied().flatten()
    }
}

#[derive(Default)]
struct Builder {
    vocabulary: Vocabulary,
    enum_numbers: HashMap<String, usize>,
    sets: HashMap<String, Arc<[String]>>,
    errors: Vec<String>,
}

impl Builder {
    fn build(&mut self, raw: &RawVocabulary) {
        self.vocabulary.levels =
            raw.versions.iter().map(|(name, version)| (name.clone(), version.level)).collect();
        self.read_enums(raw);
        for name in raw.types.keys().chain(raw.kinds.keys()).chain(raw.facts.types.keys()) {
            self.declare(name);
        }
        self.vocabulary.farm = self.declare(FARM);
        self.vocabulary.facts = self.declare(FACTS);
        for (name, raw) in &raw.types {
            self.fill(name, &raw.about, &raw.properties, &raw.named_by);
        }
        for (name, properties) in &raw.facts.types {
            self.fill(name, "", properties, &["name".to_owned()]);
        }
        self.fill(FACTS, "", &raw.facts.properties, &[]);
        for (name, raw) in &raw.kinds {
            self.fill(name, &raw.about, &raw.properties, &raw.named_by);
            self.add_kind(name, raw);
        }
        self.add_farm_list("claimRuleSets", "ClaimRuleSet", "every claim rule set of every object and file");
        self.add_farm_list("certificates", "Certificate", "every certificate seen in any export");
    }

    fn read_enums(&mut self, raw: &RawVocabulary) {
        for (name, entry) in &raw.enums {
            let mut names: Vec<_> =
                entry.names.iter().map(|(name, number)| (Arc::from(name.as_str()), *number)).collect();
            names.sort_by_key(|(_, number)| *number);
            self.enum_numbers.insert(name.clone(), self.vocabulary.enums.len());
            self.vocabulary.enums.push(Enum { flags: entry.flags, names });
        }
        for (name, texts) in &raw.sets {
            self.sets.insert(name.clone(), texts.iter().cloned().collect());
        }
    }

    fn declare(&mut self, name: &str) -> Option<RecordTypeId> {
        if self.vocabulary.schema.record_id(name).is_some() {
            self.errors.push(format!("the record type `{name}` is defined twice"));
            return None;
        }
        self.vocabulary.layouts.push(Layout::default());
        self.vocabulary.schema.add(RecordType::new(name))
    }

    fn fill(
        &mut self,
        name: &str,
        about: &str,
        properties: &BTreeMap<String, RawProperty>,
        named_by: &[String],
    ) {
        let Some(id) = self.vocabulary.schema.record_id(name) else { return };
        let _ = about;
        let mut layout = Layout::default();
        for (property, raw) in properties {
            let (shape, value) = self.shape(name, property, &raw.value);
            let about = describe(raw);
            self.add_field(id, Field { name: property.clone(), value, about });
            layout.properties.push(Property {
                name: Arc::from(property.as_str()),
                shape,
                since: raw.since.clone(),
                computed: raw.computed,
                thumbprint_in: None,
            });
            let field = FieldId(u16::try_from(layout.properties.len() - 1).unwrap_or(u16::MAX));
            layout.by_name.insert(property.to_ascii_lowercase(), field);
        }
        for (property, raw) in properties {
            let Some(field) = layout.find(property) else { continue };
            for alias in &raw.aliases {
                layout.by_name.entry(alias.to_ascii_lowercase()).or_insert(field);
            }
            if let Some(source) = &raw.thumbprint_in {
                let found = layout.find(source);
                if found.is_none() {
                    self.errors.push(format!("`{name}.{property}` takes its thumbprint from `{source}`, which `{name}` does not have"));
                }
                if let Some(entry) = layout.properties.get_mut(usize::from(field.0)) {
                    entry.thumbprint_in = found;
                }
            }
        }
        for field in named_by {
            match layout.find(field) {
                Some(id) => layout.named_by.push(id),
                None if field == "name" => {}
                None => self.errors.push(format!("`{name}` is named by `{field}`, which it does not have")),
            }
        }
        if let Some(place) = self.vocabulary.layouts.get_mut(usize::from(id.0)) {
            *place = layout;
        }
    }

    fn add_field(&mut self, record: RecordTypeId, field: Field) -> Option<FieldId> {
        self.vocabulary.schema.record_mut(record)?.add(field)
    }

    fn add_kind(&mut self, name: &str, raw: &RawKind) {
        let (Some(record), Some(farm)) = (self.vocabulary.schema.record_id(name), self.vocabulary.farm)
        else {
            return;
        };
        if raw.per == Per::Node || raw.per == Per::Proxy {
            self.add_node_field(record);
        }
        let value = if raw.one { Type::Record(record) } else { Type::list(Type::Record(record)) };
        let field = Field { name: raw.collection.clone(), value, about: raw.about.clone() };
        let Some(farm_field) = self.add_field(farm, field) else {
            self.errors.push(format!("two kinds are called `farm.{}`", raw.collection));
            return;
        };
        let lower = |names: &[String]| names.iter().map(|name| name.to_ascii_lowercase()).collect();
        self.vocabulary.kinds.push(Kind {
            name: Arc::from(name),
            about: raw.about.clone(),
            cmdlet: raw.cmdlet.clone(),
            record,
            farm_field,
            one: raw.one,
            per: raw.per,
            dotnet_type: raw.dotnet_type.clone(),
            marks: Marks {
                all: lower(&raw.recognise.all),
                any: lower(&raw.recognise.any),
                none: lower(&raw.recognise.none),
            },
            wrapped_as: lower(&raw.wrapped_as),
            holds_part_of: raw.holds_part_of.clone(),
            since: raw.since.clone(),
        });
    }

    /// Objects that are exported from every server say which server that was.
    fn add_node_field(&mut self, record: RecordTypeId) {
        let about = "the server it was exported from".to_owned();
        self.add_field(record, Field { name: NODE.into(), value: Type::Text, about });
        if let Some(layout) = self.vocabulary.layouts.get_mut(usize::from(record.0)) {
            layout.properties.push(Property {
                name: Arc::from(NODE),
                shape: Shape::Text,
                since: None,
                computed: true,
                thumbprint_in: None,
            });
        }
    }

    fn add_farm_list(&mut self, field: &str, item: &str, about: &str) {
        let (Some(farm), Some(record)) = (self.vocabulary.farm, self.vocabulary.schema.record_id(item))
        else {
            self.errors.push(format!("the vocabulary lacks the type `{item}`"));
            return;
        };
        let value = Type::list(Type::Record(record));
        self.add_field(farm, Field { name: field.into(), value, about: about.into() });
    }

    fn shape(&mut self, owner: &str, property: &str, text: &str) -> (Shape, Type) {
        let text = text.trim();
        if let Some((outer, inner)) = text.split_once('(').and_then(|(a, b)| Some((a, b.strip_suffix(')')?)))
        {
            return self.composed(owner, property, outer, inner);
        }
        match text {
            "any" => (Shape::Any, Type::Any),
            "bool" => (Shape::Bool, Type::Bool),
            "int" => (Shape::Int, Type::Int),
            "number" => (Shape::Number, Type::Double),
            "text" | "uri" | "guid" => (Shape::Text, Type::Text),
            "thumbprint" => (Shape::Thumbprint, Type::Text),
            "time" => (Shape::Time, Type::Time),
            "duration" => (Shape::Duration, Type::Duration),
            "bytes" => (Shape::Bytes, Type::Bytes),
            "claims" => (Shape::Claims, self.record_type(owner, property, "ClaimRuleSet")),
            "Certificate" => (Shape::Certificate, self.record_type(owner, property, "Certificate")),
            name => match self.vocabulary.schema.record_id(name) {
                Some(id) => (Shape::Record(id), Type::Record(id)),
                None => self.wrong(owner, property, name),
            },
        }
    }

    fn composed(&mut self, owner: &str, property: &str, outer: &str, inner: &str) -> (Shape, Type) {
        match outer {
            "list" => {
                let (shape, value) = self.shape(owner, property, inner);
                (Shape::List(Box::new(shape)), Type::list(value))
            }
            "map" => {
                let (shape, value) = self.shape(owner, property, inner);
                (Shape::Map(Box::new(shape)), Type::Map(Box::new(value)))
            }
            "set" => match self.sets.get(inner) {
                Some(names) => (Shape::Set(Arc::clone(names)), Type::Choice(Arc::clone(names))),
                None => self.wrong(owner, property, inner),
            },
            "enum" => match self.enum_numbers.get(inner).copied() {
                Some(number) => self.enum_type(number),
                None => self.wrong(owner, property, inner),
            },
            other => self.wrong(owner, property, other),
        }
    }

    fn enum_type(&self, number: usize) -> (Shape, Type) {
        let Some(entry) = self.vocabulary.enums.get(number) else { return (Shape::Any, Type::Any) };
        let names: Arc<[String]> = entry.names.iter().map(|(name, _)| name.to_string()).collect();
        let name = Type::Choice(names);
        (Shape::Enum(number), if entry.flags { Type::list(name) } else { name })
    }

    fn record_type(&mut self, owner: &str, property: &str, name: &str) -> Type {
        match self.vocabulary.schema.record_id(name) {
            Some(id) => Type::Record(id),
            None => self.wrong(owner, property, name).1,
        }
    }

    fn wrong(&mut self, owner: &str, property: &str, name: &str) -> (Shape, Type) {
        self.errors.push(format!("`{owner}.{property}` has the type `{name}`, which nobody defines"));
        (Shape::Any, Type::Any)
    }
}

fn describe(raw: &RawProperty) -> String {
    match (&raw.about, &raw.unit) {
        (Some(about), Some(unit)) => format!("{about}; in {unit}"),
        (Some(about), None) => about.clone(),
        (None, Some(unit)) => format!("in {unit}"),
        (None, None) => String::new(),
    }
}
