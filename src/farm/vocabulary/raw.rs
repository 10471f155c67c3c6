//! What `rules/vocabulary.yaml` may say, as it stands there.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Per;

/// What `rules/vocabulary.yaml` may say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawVocabulary {
    pub(super) versions: BTreeMap<String, RawVersion>,
    pub(super) enums: BTreeMap<String, RawEnum>,
    pub(super) sets: BTreeMap<String, Vec<String>>,
    pub(super) types: BTreeMap<String, RawType>,
    pub(super) kinds: BTreeMap<String, RawKind>,
    pub(super) facts: RawFacts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVersion {
    #[allow(dead_code)] // read by people; the loader only checks that it is there
    pub(super) windows: String,
    pub(super) level: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEnum {
    #[serde(default)]
    pub(super) flags: bool,
    pub(super) names: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawType {
    #[serde(default)]
    #[allow(dead_code)] // read by people
    pub(super) about: String,
    #[serde(default)]
    pub(super) named_by: Vec<String>,
    pub(super) properties: BTreeMap<String, RawProperty>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawKind {
    pub(super) about: String,
    pub(super) cmdlet: String,
    #[serde(default)]
    pub(super) export: Option<String>,
    pub(super) collection: String,
    #[serde(default)]
    pub(super) one: bool,
    #[serde(default)]
    pub(super) per: Per,
    #[serde(default)]
    pub(super) named_by: Vec<String>,
    #[serde(default)]
    pub(super) dotnet_type: Option<String>,
    #[serde(default)]
    pub(super) recognise: RawRecognise,
    #[serde(default)]
    pub(super) also_printed_by: Vec<String>,
    #[serde(default)]
    pub(super) wrapped_as: Vec<String>,
    #[serde(default)]
    pub(super) resources: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub(super) holds_part_of: Vec<String>,
    #[serde(default)]
    pub(super) dated_by_name: bool,
    #[serde(default)]
    pub(super) since: Option<String>,
    pub(super) properties: BTreeMap<String, RawProperty>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRecognise {
    #[serde(default)]
    pub(super) all: Vec<String>,
    #[serde(default)]
    pub(super) any: Vec<String>,
    #[serde(default)]
    pub(super) none: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawProperty {
    #[serde(rename = "type")]
    pub(super) value: String,
    #[serde(default)]
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) since: Option<String>,
    #[serde(default)]
    #[allow(dead_code)] // documentation of the product; a default never stands in for a missing value
    pub(super) default: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) computed: bool,
    #[serde(default)]
    pub(super) names_service: bool,
    #[serde(default)]
    pub(super) about: Option<String>,
    #[serde(default)]
    pub(super) thumbprint_in: Option<String>,
    #[serde(default)]
    pub(super) label: Option<RawPhrase>,
    #[serde(default)]
    pub(super) names: Option<String>,
    #[serde(default)]
    pub(super) shown_by: Option<String>,
    #[serde(default)]
    pub(super) named_after: Vec<String>,
    #[serde(default)]
    pub(super) only_for: Option<String>,
    #[serde(default)]
    pub(super) most: Option<i64>,
    #[serde(default)]
    pub(super) among: Vec<i64>,
}

/// Words for a label: one text, or one for each value, where `*` stands for every other value.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawPhrase {
    Always(String),
    ByValue(BTreeMap<String, String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFacts {
    pub(super) types: BTreeMap<String, Ordered<RawProperty>>,
    pub(super) properties: Ordered<RawProperty>,
}

/// Entries in the order of the file, which is that of the questions put to an administrator.
#[derive(Debug)]
pub(super) struct Ordered<V>(pub(super) Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Ordered<V>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}
