//! The rule reference: a page for each rule, an index by group, and one by what founding documents say.

use std::fmt::Write as _;

use super::explain::rows;
use super::portrait;
use crate::pack::documents::{Document, Statement};
use crate::pack::rule::{Rule, Shows};
use crate::pack::{Pack, example};

/// Name of the index by group.
const INDEX: &str = "README.md";
/// Name of the index by document.
const DOCUMENTS: &str = "documents.md";

/// All pages: name of the file, text. The indexes come first, then the rules by id.
pub fn pages(pack: &Pack) -> Vec<(String, String)> {
    let mut pages = vec![(INDEX.to_owned(), index(pack)), (DOCUMENTS.to_owned(), documents(pack))];
    pages.extend(pack.rules.iter().map(|rule| (format!("{}.md", rule.id), page(pack, rule))));
    pages
}

/// Pages one below the other.
pub fn all(pages: &[(String, String)]) -> String {
    pages.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
}

/// The rules by group. Writing to a String cannot fail.
fn index(pack: &Pack) -> String {
    let mut out = format!(
        "# Rules\n\n{} rules, by group; [by what documents say]({DOCUMENTS}). Written by \
         `adfslint rules --format markdown`.\n",
        pack.rules.len()
    );
    let mut groups: Vec<&str> = pack.rules.iter().map(|rule| rule.group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let _ = writeln!(out, "\n## {group}\n\n| Rule | Severity | What is wrong |\n|---|---|---|");
        for rule in pack.rules.iter().filter(|rule| rule.group == group) {
            let _ = writeln!(
                out,
                "| [{}]({}.md) | {} | {} |",
                rule.id,
                rule.id,
                rule.worst().name(),
                cell(&rule.title)
            );
        }
    }
    out
}

/// What documents say, with the rules that are about it.
fn documents(pack: &Pack) -> String {
    let mut out = format!(
        "# What documents say\n\nEvery statement about a configuration, in our words, and the rules that hold a farm \
         to it. [By group]({INDEX}).\n"
    );
    for document in pack.documents.iter() {
        let _ = writeln!(
            out,
            "\n## [{}]({})\n\n| | It says | Rules |\n|---|---|---|",
            document.title, document.url
        );
        for statement in &document.statements {
            let heading = statement.heading.as_ref().map(|heading| format!("{heading}: "));
            let said = format!("{}{}", heading.unwrap_or_default(), statement.says);
            let rules = about(pack, document, statement);
            let rules = match &statement.no_rule {
                Some(because) if rules.is_empty() => format!("none: {}", cell(because)),
                _ => rules.join(", "),
            };
            let _ = writeln!(out, "| {} | {} | {rules} |", statement.id, cell(&said));
        }
    }
    out
}

/// Links to the rules that name a statement.
fn about(pack: &Pack, document: &Document, statement: &Statement) -> Vec<String> {
    let names = |rule: &&Rule| {
        let mut named = rule.references.iter().filter_map(|reference| reference.statement.as_ref());
        named.any(|(name, id)| *name == document.name && *id == statement.id)
    };
    pack.rules.iter().filter(names).map(|rule| format!("[{0}]({0}.md)", rule.id)).collect()
}

fn page(pack: &Pack, rule: &Rule) -> String {
    let mut out = format!("# {}: {}\n\n`{}`\n\n{}\n", rule.id, rule.title, rule.name, rule.why.trim());
    out.push_str("\n| | |\n|---|---|\n");
    for (heading, text) in rows(pack, rule) {
        let is_code = matches!(heading, "Applies if" | "Expects" | "Looks for");
        let text = if is_code { format!("`{}`", text.replace('|', "\\|")) } else { cell(&text) };
        let _ = writeln!(out, "| {heading} | {text} |");
    }
    shown(rule, Shows::Fails, "Fails", &mut out);
    let fix = rule.fix.plain();
    if fix.trim().is_empty() {
        out.push_str("\n## Fix\n\nEvery finding says how to mend its own place.\n");
    } else {
        let _ = writeln!(out, "\n## Fix\n\n{}", fenced("powershell", fix.trim_end()));
    }
    shown(rule, Shows::Passes, "Passes", &mut out);
    open(rule, Shows::Unknown, "Cannot tell", &mut out);
    open(rule, Shows::NotApplicable, "Does not apply", &mut out);
    references(pack, rule, &mut out);
    out
}

/// The first example of an outcome as it would be met, the others by name.
fn shown(rule: &Rule, shows: Shows, heading: &str, out: &mut String) {
    let mut examples = rule.examples.iter().filter(|example| example.shows == shows);
    let Some(first) = examples.next() else { return };
    let _ = writeln!(out, "\n## {heading}\n\n{}:\n", sentence(&first.name));
    let lines: Vec<String> =
        portrait::lines(rule, first).iter().map(|line| line.trim_end().to_owned()).collect();
    let _ = writeln!(out, "{}", fenced("text", &lines.join("\n")));
    let others: Vec<_> = examples.map(|example| format!("- {}", example.name)).collect();
    if !others.is_empty() {
        let _ = writeln!(out, "\nAlso:\n\n{}", others.join("\n"));
    }
}

/// When the rule does not decide, and what would let it.
fn open(rule: &Rule, shows: Shows, heading: &str, out: &mut String) {
    let lines: Vec<String> = rule
        .examples
        .iter()
        .filter(|example| example.shows == shows)
        .map(|one| {
            let missing = example::inputs(rule, one).missing.map(|missing| format!(" (needs `{missing}`)"));
            format!("- {}{}", one.name, missing.unwrap_or_default())
        })
        .collect();
    if !lines.is_empty() {
        let _ = writeln!(out, "\n## {heading}\n\n{}", lines.join("\n"));
    }
}

fn references(pack: &Pack, rule: &Rule, out: &mut String) {
    if rule.references.is_empty() {
        return;
    }
    out.push_str("\n## References\n\n");
    for reference in &rule.references {
        let named = reference.statement.as_ref().and_then(|(name, id)| {
            let document = pack.documents.find(name)?;
            Some((document, document.find(id)?))
        });
        let _ = match named {
            Some((document, statement)) => writeln!(
                out,
                "- [{}]({}), {}: {}",
                document.title, document.url, statement.id, statement.says
            ),
            None => writeln!(out, "- <{}>", reference.url),
        };
    }
}

/// A text in a fence that it does not end itself.
fn fenced(language: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{text}\n{fence}")
}

/// A text in a cell of a table: on one line, its bars and angle brackets not taken for markup.
fn cell(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('*', "\\*")
        .replace('_', "\\_")
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
