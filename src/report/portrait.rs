//! Examples of rules as an administrator would meet them: objects as a console lists them, claim rules as rules.

use crate::claims;
use crate::claims::print::rule_set;
use crate::node::{Kind, NodeRef};
use crate::pack::example::json;
use crate::pack::rule::{Example, Rule, Shows};
use crate::read::without_secrets;

/// Objects of one command that are shown.
const OBJECTS: usize = 3;
/// Lines of a whole file that are shown.
const LINES: usize = 12;
/// Characters of a line that are shown.
const LONGEST: usize = 120;

/// The lines of an example's inputs.
pub(super) fn lines(rule: &Rule, example: &Example) -> Vec<String> {
    let Some(node) = rule.file.node(example.node) else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(farm) = node.get("farm") {
        match farm.kind() {
            // A text is the file itself, damage included.
            Kind::Text => file(&farm.text().unwrap_or_default(), &mut lines),
            _ => farm.entries().for_each(|(command, value)| {
                objects(&command.text().unwrap_or_default(), value, &mut lines);
            }),
        }
    }
    if let Some(facts) = node.get("facts") {
        lines.push("adfslint.facts.yaml".to_owned());
        properties(facts, &mut lines);
    }
    if let Some(day) = node.get("as-of").and_then(NodeRef::text) {
        lines.push(format!("checked on {day}"));
    }
    // Examples are made up, but a pack of somebody's own may quote what was met.
    without_secrets(&lines.join("\n")).lines().map(str::to_owned).collect()
}

/// Commands whose output decides the examples of a rule, in alphabetical order.
pub(super) fn commands(rule: &Rule) -> Vec<String> {
    let decided =
        rule.examples.iter().filter(|example| matches!(example.shows, Shows::Fails | Shows::Passes));
    let farms = decided.filter_map(|example| rule.file.node(example.node)?.get("farm"));
    let keys = farms.flat_map(NodeRef::entries).filter_map(|(key, _)| key.text());
    let mut names: Vec<String> =
        keys.filter(|name| name.starts_with("Get-")).map(std::borrow::Cow::into_owned).collect();
    names.sort();
    names.dedup();
    names
}

fn file(text: &str, lines: &mut Vec<String>) {
    lines.extend(text.lines().take(LINES).map(cut));
    if text.lines().count() > LINES {
        lines.push("…".to_owned());
    }
}

fn objects(command: &str, value: NodeRef<'_>, lines: &mut Vec<String>) {
    match value.kind() {
        Kind::Map => {
            lines.push(command.to_owned());
            properties(value, lines);
        }
        Kind::List => {
            let count = value.items().count();
            if count == 0 {
                lines.push(format!("{command} prints nothing"));
            }
            value.items().take(OBJECTS).for_each(|item| objects(command, item, lines));
            if count > OBJECTS {
                lines.push(format!("… and {} more", count - OBJECTS));
            }
        }
        _ => lines.push(format!("{command} prints {}", plain(value))),
    }
}

fn properties(object: NodeRef<'_>, lines: &mut Vec<String>) {
    let width = object.entries().filter_map(|(key, _)| key.text()).map(|key| key.chars().count()).max();
    let width = width.unwrap_or(0);
    for (key, value) in object.entries() {
        let key = key.text().unwrap_or_default();
        let text = value.text().filter(|text| value.kind() == Kind::Text && text.contains("=>"));
        let Some(text) = text else {
            lines.push(cut(format!("  {key:<width$} : {}", plain(value)).trim_end()));
            continue;
        };
        lines.push(format!("  {key:<width$} :"));
        // What AD FS would refuse is shown as it stands.
        let printed = rule_set(&claims::parse(&text)).unwrap_or_else(|| text.into_owned());
        lines.extend(printed.trim_end().lines().map(|line| format!("    {line}").trim_end().to_owned()));
    }
}

/// A value as a console shows it.
fn plain(value: NodeRef<'_>) -> String {
    match value.kind() {
        Kind::Null => String::new(),
        Kind::Bool(true) => "True".to_owned(),
        Kind::Bool(false) => "False".to_owned(),
        Kind::List if value.items().all(|item| !matches!(item.kind(), Kind::Map | Kind::List)) => {
            let items: Vec<String> = value.items().map(plain).collect();
            format!("{{{}}}", items.join(", "))
        }
        Kind::Map | Kind::List => json(value),
        _ => value.text().unwrap_or_default().into_owned(),
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("")),
        None => line.to_owned(),
    }
}
