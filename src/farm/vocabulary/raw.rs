//! What `rules/vocabulary.yaml` may say, as it stands there.

use std::collections::BTreeMap;

use serde::Deserialize;

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
    pub(super) wrapped_as: Vec<String>,
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
    pub(super) about: Option<String>,
    #[serde(default)]
    pub(super) thumbprint_in: Option<String>,
    #[serde(default)]
    pub(super) label: Option<RawPhrase>,
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
    pub(super) types: BTreeMap<String, BTreeMap<String, RawProperty>>,
    pub(super) properties: BTreeMap<String, RawProperty>,
}
