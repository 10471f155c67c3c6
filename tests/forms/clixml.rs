//! `Export-Clixml`.

use serde_json::{Map, Value};

fn escaped(text: &str) -> String {
    let mut written = String::new();
    for character in text.chars() {
        match character {
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '&' => written.push_str("&amp;"),
            '\r' | '\n' | '\t' => written.push_str(&format!("_x{:04X}_", u32::from(character))),
            other => written.push(other),
        }
    }
    written
}

fn element(name: Option<&str>, value: &Value, count: &mut usize) -> String {
    let named = name.map(|name| format!(" N=\"{}\"", escaped(name))).unwrap_or_default();
    match value {
        Value::Null => format!("<Nil{named} />"),
        Value::Bool(value) => format!("<B{named}>{value}</B>"),
        Value::Number(number) => format!("<I32{named}>{number}</I32>"),
        Value::String(text) => format!("<S{named}>{}</S>", escaped(text)),
        Value::Array(items) => {
            *count += 1;
            let id = *count;
            let inside: String = items.iter().map(|item| element(None, item, count)).collect();
            format!("<Obj{named} RefId=\"{id}\"><LST>{inside}</LST></Obj>")
        }
        Value::Object(entries) => object(&named, entries, None, count),
    }
}

fn object(named: &str, entries: &Map<String, Value>, class: Option<&str>, count: &mut usize) -> String {
    *count += 1;
    let id = *count;
    let types =
        class.map(|class| format!("<TN RefId=\"{id}\"><T>Deserialized.{class}</T></TN>")).unwrap_or_default();
    let inside: String = entries.iter().map(|(name, value)| element(Some(name), value, count)).collect();
    format!("<Obj{named} RefId=\"{id}\">{types}<Props>{inside}</Props></Obj>")
}

/// Objects of a class, if it is known.
pub fn export(objects: &[&Map<String, Value>], class: Option<&str>) -> String {
    let mut count = 0;
    let inside: String = objects.iter().map(|one| object("", one, class, &mut count)).collect();
    format!(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">{inside}</Objs>"
    )
}
