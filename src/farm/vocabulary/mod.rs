//! The vocabulary of AD FS: kinds, properties, enums, releases and facts, as `rules/vocabulary.yaml` has them.
//!
//! [`RawVocabulary`] is what the file may say; [`Vocabulary`] is what the program works with: the same,
//! checked, with a [`Schema`] for conditions and look-up tables for names.

mod build;
mod raw;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::schema::{FieldId, RecordTypeId, Schema};
use crate::claims::stage::Stage;
use crate::claims::types::ClaimTypes;
use build::Builder;
pub use raw::RawVocabulary;

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
    /// From every federation server and every proxy.
    Server,
    /// From the tenant.
    Cloud,
}

impl Per {
    /// Whether objects come from one computer each.
    pub fn is_computer(self) -> bool {
        matches!(self, Self::Node | Self::Proxy | Self::Server)
    }
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
    /// A whole number, 0 or more.
    Count,
    /// A number, 0 or more.
    Amount,
    /// A text.
    Text,
    /// A moment.
    Time,
    /// A time span.
    Duration,
    /// A claim rule set of a stage of the claims pipeline.
    Claims(Stage),
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
    /// Whether it names the federation service that the export is of.
    pub names_service: bool,
    /// The property that holds the thumbprint of the certificate meant by this one.
    pub thumbprint_in: Option<FieldId>,
    /// How a label says its value; `None` for `Name is value`.
    pub label: Option<Phrase>,
    /// What its values are names of: `sts`, `wap`, `client`.
    pub names: Option<String>,
    /// What is known of a fact beside its type.
    pub fact: FactNotes,
}

/// What the vocabulary knows of a fact beside its type.
#[derive(Debug, Clone, Default)]
pub struct FactNotes {
    /// What shows an administrator the answer.
    pub shown_by: Option<String>,
    /// Whose names it is asked for, as in [`Property::names`].
    pub named_after: Vec<String>,
    /// The only ones of them that have it.
    pub only_for: Option<String>,
    /// What it is counted in.
    pub unit: Option<String>,
    /// The most that can be true.
    pub most: Option<i64>,
    /// All that can be true.
    pub among: Vec<i64>,
}

impl FactNotes {
    /// Whether a number can be true.
    pub fn allows(&self, number: f64) -> bool {
        #[allow(clippy::cast_precision_loss)] // bounds are small
        let is = |bound: i64| bound as f64;
        #[allow(clippy::float_cmp)] // years
        let is_known = self.among.is_empty() || self.among.iter().any(|one| is(*one) == number);
        is_known && self.most.is_none_or(|most| number <= is(most))
    }
}

/// Words that show a value at its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrase {
    /// Words for one value.
    pub by_value: BTreeMap<String, String>,
    /// Words for every other value; `{value}` stands for it.
    pub otherwise: String,
}

impl Phrase {
    /// The words for a value; empty if the place says enough, or nothing that matters.
    pub fn words(&self, value: &str) -> String {
        let words = self.by_value.get(value).unwrap_or(&self.otherwise);
        words.replace("{value}", value)
    }
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

/// What the vocabulary knows of one record type, beside its [`RecordType`](super::schema::RecordType).
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
    /// The line that exports it, where that is not the command alone.
    pub export: Option<String>,
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
    /// Further commands that print it.
    pub also_printed_by: Vec<String>,
    /// Names under which other tools wrap it.
    pub wrapped_as: Vec<String>,
    /// Resources of AdfsDsc that set it up, lower case, beside the one that is called like its command; and the
    /// property that a resource is, if it is not the object.
    pub resources: Vec<(String, Option<FieldId>)>,
    /// Kinds of which it holds some objects, but not all.
    pub holds_part_of: Vec<String>,
    /// Whether the tool that writes it ends the file's name with the moment of writing.
    pub dated_by_name: bool,
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
    claim_types: ClaimTypes,
}

/// Name of the record type of `farm`.
pub const FARM: &str = "Farm";
/// Name of the record type of `facts`.
pub const FACTS: &str = "Facts";
/// Name of the field that says which server an object was exported from.
pub const NODE: &str = "Node";
/// Name of the field that says whether that server is a proxy.
pub const IS_PROXY: &str = "IsProxy";
/// Name of the field that says which release of Windows that server runs.
pub const WINDOWS: &str = "Windows";

impl Vocabulary {
    /// Checks a vocabulary. The errors are sentences that name the wrong entry.
    pub fn new(raw: &RawVocabulary) -> Result<Self, Vec<String>> {
        let mut builder = Builder::default();
        builder.build(raw);
        if builder.errors.is_empty() { Ok(builder.vocabulary) } else { Err(builder.errors) }
    }

    /// The same vocabulary with these claim types.
    #[must_use]
    pub fn with_claim_types(self, claim_types: ClaimTypes) -> Self {
        Self { claim_types, ..self }
    }

    /// Well-known claim types.
    pub fn claim_types(&self) -> &ClaimTypes {
        &self.claim_types
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

    /// The stage of the claims pipeline whose property a file is called after, `Payroll.IssuanceTransformRules.claims`.
    pub fn stage_in(&self, path: &str) -> Option<Stage> {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        let properties = self.layouts.iter().flat_map(|layout| &layout.properties);
        let mut named = properties.filter_map(|property| match property.shape {
            Shape::Claims(stage) => Some((property.name.to_ascii_lowercase(), stage)),
            _ => None,
        });
        named.find(|(name, _)| file.contains(name.as_str())).map(|(_, stage)| stage)
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
