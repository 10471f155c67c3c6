//! The one place that knows the YAML package for typed files.

use serde::de::DeserializeOwned;

/// Why a file is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlTrouble {
    /// What is wrong, with line and column where the package knows them.
    pub message: String,
}

/// Reads a text into a type.
pub fn typed<T: DeserializeOwned>(text: &str) -> Result<T, YamlTrouble> {
    serde_yaml::from_str(text).map_err(|error| YamlTrouble { message: error.to_string() })
}
