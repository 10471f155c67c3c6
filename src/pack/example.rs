//! Examples of rules as exports: the small farm of an example, written as the JSON that PowerShell would print.

use std::fmt::Write as _;

use super::rule::{Example, Rule};
use crate::node::{Kind, NodeRef};

/// The inputs of an example, and what it promises besides the outcome.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Objects by their command, as JSON.
    pub farm: Option<String>,
    /// The facts file, as JSON, which YAML contains.
    pub facts: Option<String>,
    /// The day on which it is checked.
    pub as_of: Option<String>,
    /// The severity that is reported.
    pub severity: Option<String>,
    /// What the missing inputs must mention.
    pub missing: Option<String>,
}

/// Reads the inputs of an example.
pub fn inputs(rule: &Rule, example: &Example) -> Inputs {
    let Some(node) = rule.file.node(example.node) else { return Inputs::default() };
    let text = |key: &str| node.get(key).and_then(NodeRef::text).map(std::borrow::Cow::into_owned);
    Inputs {
        farm: node.get("farm").map(|farm| match farm.kind() {
            // A text is taken as the file itself, damage included.
            Kind::Text => farm.text().unwrap_or_default().into_owned(),
            _ => json(farm),
        }),
        facts: node.get("facts").map(json),
        as_of: text("as-of"),
        severity: text("severity"),
        missing: text("missing"),
    }
}

/// A tree as JSON.
pub fn json(node: NodeRef<'_>) -> String {
    let mut written = String::new();
    write(node, &mut written);
    written
}

fn write(node: NodeRef<'_>, into: &mut String) {
    match node.kind() {
        Kind::Null => into.push_str("null"),
        Kind::Bool(value) => into.push_str(if value { "true" } else { "false" }),
        Kind::Number => into.push_str(&node.text().unwrap_or_default()),
        Kind::List => {
            into.push('[');
            for (index, item) in node.items().enumerate() {
                if index > 0 {
                    into.push(',');
                }
                write(item, into);
            }
            into.push(']');
        }
        Kind::Map => {
            into.push('{');
            for (index, (key, value)) in node.entries().enumerate() {
                if index > 0 {
                    into.push(',');
                }
                quote(&key.text().unwrap_or_default(), into);
                into.push(':');
                write(value, into);
            }
            into.push('}');
        }
        _ => quote(&node.text().unwrap_or_default(), into),
    }
}

fn quote(text: &str, into: &mut String) {
    into.push('"');
    for character in text.chars() {
        match character {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\r\\n"),
            other if other < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(into, "\\u{:04x}", u32::from(other));
            }
            other => into.push(other),
        }
    }
    into.push('"');
}
