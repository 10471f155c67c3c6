//! `Format-List` at any width.

use serde_json::{Map, Value};

use super::{Files, object_text, objects, text_of};

/// A value as a console's list shows it.
fn item_text(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(" "),
        other => text_of(other),
    }
}

fn printed(value: &Value, limit: usize) -> String {
    let items: Vec<String> = match value {
        Value::Array(items) => items.iter().map(item_text).collect(),
        Value::Object(entries) if object_text(entries) == "System.Collections.Hashtable" => {
            entries.iter().map(|(key, value)| format!("[{key}, {}]", item_text(value))).collect()
        }
        other => return text_of(other),
    };
    let shown = items.iter().take(limit).cloned().collect::<Vec<_>>().join(", ");
    format!("{{{shown}{}}}", if items.len() > limit { "..." } else { "" })
}

/// Wraps a line as Format-List does: at blanks, which stay at the end of the line; too long a word is chopped.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let length = word.chars().count();
        if used + length > width && used > 0 && length <= width {
            lines.push(String::new());
            used = 0;
        }
        for character in word.chars() {
            if used == width {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().unwrap().push(character);
            used += 1;
        }
    }
    lines
}

/// One object.
pub fn list(object: &Map<String, Value>, columns: usize, limit: usize) -> String {
    let longest = object.keys().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in object {
        let shown = printed(value, limit);
        let lines: Vec<String> =
            shown.split("\r\n").flat_map(|line| wrap(line, columns - longest - 3)).collect();
        let indent = format!("\r\n{}", " ".repeat(longest + 3));
        text.push_str(&format!("{name:longest$} : {}\r\n", lines.join(&indent)));
    }
    text + "\r\n"
}

/// One list a command.
pub fn list_files(farm: &Value, columns: usize, limit: usize) -> Files {
    let commands = farm.as_object().unwrap();
    let file = |(name, value): (&String, &Value)| {
        let text = match value {
            Value::String(text) => format!("{text}\r\n"),
            Value::Bool(_) => format!("{}\r\n", text_of(value)),
            other => objects(other).into_iter().map(|object| list(object, columns, limit)).collect(),
        };
        (format!("{name}.txt"), format!("\r\n\r\n{text}\r\n\r\n"))
    };
    commands.iter().map(file).collect()
}
