//! What other commands than `ConvertTo-Json` write of the same objects: a farm in JSON, command by command, in their forms.

#![allow(dead_code, clippy::unwrap_used)] // every test takes the forms that it needs, and stops where it cannot go on

pub mod clixml;
pub mod console;
pub mod desired;
pub mod tables;

use serde_json::{Map, Value};
pub use tables::Csv;

/// Names of files and what stands in them.
pub type Files = Vec<(String, String)>;

/// `ToString()`: items joined with blanks, the type of an object.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => if *value { "True" } else { "False" }.into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(" "),
        Value::Object(entries) => object_text(entries),
    }
}

pub fn object_text(entries: &Map<String, Value>) -> String {
    let has = |name: &str| entries.contains_key(name);
    if has("Thumbprint") && (has("Subject") || has("RawData")) {
        let line = |name: &str| entries.get(name).map(text_of).unwrap_or_default();
        return format!(
            "[Subject]\r\n  {}\r\n\r\n[Issuer]\r\n  {}\r\n\r\n[Thumbprint]\r\n  {}\r\n",
            line("Subject"),
            line("Issuer"),
            line("Thumbprint")
        );
    }
    if has("Serialized") {
        return "RequireFreshAuthentication:False\r\nIssuanceAuthorizationRules:\r\n{\r\n  Permit everyone\r\n}\r\n".into();
    }
    if has("Location") {
        return "Microsoft.IdentityServer.Management.Resources.SamlEndpoint".into();
    }
    if has("ClaimType") {
        return String::new();
    }
    "System.Collections.Hashtable".into()
}

/// The objects of a command.
pub fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        Value::Object(object) => vec![object],
        _ => Vec::new(),
    }
}
