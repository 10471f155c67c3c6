//! Tables and YAML: what `Export-Csv` leaves of objects, and `ConvertTo-Yaml`, which leaves everything.

use serde_json::{Map, Value};

use super::{Files, objects};

/// How a CSV file is written.
#[derive(Debug, Clone, Copy)]
pub struct Csv {
    /// Between two cells.
    pub delimiter: char,
    /// With the line that Windows PowerShell begins with.
    pub typed: bool,
    /// Quotes around every cell, or only where they must be.
    pub quoted: bool,
}

/// What `ToString()` gives for a cell; nothing for a null.
fn cell(value: &Value, csv: Csv) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(_) => "System.Collections.ObjectModel.ReadOnlyCollection`1[System.String]".to_owned(),
        Value::Object(entries) => super::object_text(entries),
    };
    let must = text.contains([csv.delimiter, '"', '\r', '\n']);
    if csv.quoted || must { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// The columns are those of the first object.
fn table(all: &[&Map<String, Value>], csv: Csv) -> String {
    let Some(first) = all.first() else { return String::new() };
    let between = csv.delimiter.to_string();
    let line = |cells: Vec<String>| format!("{}\r\n", cells.join(&between));
    let name = |name: &String| cell(&Value::String(name.clone()), csv);
    let mut text =
        if csv.typed { "#TYPE Selected.System.Management.Automation.PSCustomObject\r\n" } else { "" }
            .to_owned();
    text.push_str(&line(first.keys().map(name).collect()));
    for one in all {
        let cells = first.keys().map(|name| cell(one.get(name).unwrap_or(&Value::Null), csv));
        text.push_str(&line(cells.collect()));
    }
    text
}

/// One CSV file a command; what is no object is exported as JSON.
pub fn csv_files(farm: &Value, csv: Csv) -> Files {
    let commands = farm.as_object().unwrap();
    let file = |(name, value): (&String, &Value)| {
        let all = objects(value);
        if all.is_empty() {
            return (format!("{name}.json"), value.to_string());
        }
        (format!("{name}.csv"), table(&all, csv))
    };
    commands.iter().map(file).collect()
}

/// Plain scalars where YAML allows them, literal blocks for texts of several lines.
fn yaml(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match value {
        Value::Null => " null\n".into(),
        Value::Bool(_) | Value::Number(_) => format!(" {value}\n"),
        Value::String(text) if text.contains('\n') && !text.starts_with([' ', '\n', '\r']) => {
            let keep = if text.ends_with('\n') { "+" } else { "-" };
            let lines: String = text
                .trim_end_matches('\n')
                .replace('\r', "")
                .split('\n')
                .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{pad}{line}\n") })
                .collect();
            format!(" |{keep}\n{lines}")
        }
        Value::String(text) => format!(" {}\n", serde_json::to_string(text).unwrap()),
        Value::Array(items) if items.is_empty() => " []\n".into(),
        Value::Object(entries) if entries.is_empty() => " {}\n".into(),
        Value::Array(items) => {
            let item = |item: &Value| format!("{pad}-{}", yaml(item, indent + 2));
            format!("\n{}", items.iter().map(item).collect::<String>())
        }
        Value::Object(entries) => {
            let entry = |(key, inside): (&String, &Value)| {
                format!("{pad}{}:{}", serde_json::to_string(key).unwrap(), yaml(inside, indent + 2))
            };
            format!("\n{}", entries.iter().map(entry).collect::<String>())
        }
    }
}

/// One map of commands, kept by hand.
pub fn yaml_map(farm: &Value) -> Files {
    vec![("farm.yaml".into(), yaml(farm, 0).trim_start().to_owned())]
}

/// `ConvertTo-Yaml`, one file a command.
pub fn yaml_files(farm: &Value) -> Files {
    let commands = farm.as_object().unwrap();
    let file = |(name, value): (&String, &Value)| {
        (format!("{name}.yaml"), yaml(value, 0).trim_start_matches([' ', '\n']).to_owned())
    };
    commands.iter().map(file).collect()
}
