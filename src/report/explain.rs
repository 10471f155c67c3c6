//! What a rule is: for people who met it in a report, and for those who look what there is.

use std::fmt::Write as _;

use serde::Serialize;

use super::portrait;
use super::words::paragraph;
use crate::pack::condition::Condition;
use crate::pack::rule::{Expectation, Rule, Shows, Target};
use crate::pack::{Pack, example};

/// Columns in which a page is easy to read.
const WIDTH: usize = 100;

/// Explains a rule. Writing to a String cannot fail.
pub fn explain(pack: &Pack, rule: &Rule) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}", rule.id, rule.name);
    let _ = writeln!(out, "{}\n", rule.title);
    facts(pack, rule, &mut out);
    let _ = writeln!(out, "\nWhy");
    paragraph(&rule.why, 2, WIDTH, &mut out);
    example(rule, Shows::Fails, &mut out);
    example(rule, Shows::Passes, &mut out);
    let fix = rule.fix.plain();
    let fix =
        if fix.trim().is_empty() { "Every finding says how to mend its own place." } else { fix.trim_end() };
    let _ = writeln!(out, "\nFix\n{}", indent(fix));
    undecided(rule, Shows::Unknown, "Cannot tell", &mut out);
    undecided(rule, Shows::NotApplicable, "Does not apply", &mut out);
    if !rule.references.is_empty() {
        let _ = writeln!(out, "\nReferences");
        for url in rule.urls() {
            let _ = writeln!(out, "  {url}");
        }
        for said in statements(pack, rule) {
            paragraph(&said, 2, WIDTH, &mut out);
        }
    }
    out
}

/// What documents say that the rule is about.
pub(super) fn statements(pack: &Pack, rule: &Rule) -> Vec<String> {
    let all = rule.references.iter().filter_map(|reference| reference.statement.as_ref());
    all.filter_map(|(name, id)| {
        let document = pack.documents.find(name)?;
        let statement = document.find(id)?;
        let heading = statement.heading.as_ref().map(|heading| format!(", {heading}"));
        Some(format!("{}{}: {}", document.title, heading.unwrap_or_default(), statement.says))
    })
    .collect()
}

/// What the rule looks at, and how it decides.
fn facts(pack: &Pack, rule: &Rule, out: &mut String) {
    for (heading, text) in rows(pack, rule) {
        row(heading, &text, out);
    }
}

/// The same as headings and texts.
pub(super) fn rows(pack: &Pack, rule: &Rule) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let levels: Vec<String> = rule
        .levels
        .iter()
        .map(|level| match &level.when {
            Some(when) => format!("{} if {}", level.severity, when.text().trim()),
            None if rule.levels.len() > 1 => format!("else {}", level.severity),
            None => level.severity.to_string(),
        })
        .collect();
    rows.push(("Severity", levels.join("; ")));
    rows.push(("Confidence", rule.confidence.to_string()));
    rows.push(("Looks at", targets(pack, rule)));
    if !rule.within.is_empty() {
        rows.push(("In", rule.within.join(", ")));
    }
    if let Some(when) = &rule.when {
        rows.push(("Applies if", flat(when.text())));
    }
    match &rule.expectation {
        Expectation::Condition(expect) => rows.push(("Expects", flat(expect.text()))),
        Expectation::Pattern(pattern) => {
            rows.extend(pattern.texts.iter().map(|text| ("Looks for", flat(text))));
            if let Some(condition) = &pattern.condition {
                rows.push(("Where", flat(condition.text())));
            }
        }
        Expectation::Sum(tag) => rows.push(("Sums up", format!("what the rules with the tag {tag} say"))),
        Expectation::Native(name) => rows.push(("Decided by", format!("the program ({name})"))),
    }
    named(pack, rule, &mut rows);
    if let Some(message) = &rule.message {
        rows.push(("Says", flat(&message.outline())));
    }
    let inputs = inputs(rule);
    if !inputs.is_empty() {
        rows.push(("Reads", inputs.join(", ")));
    }
    let commands = portrait::commands(rule);
    if !commands.is_empty() {
        rows.push(("Exports", commands.join(", ")));
    }
    rows
}

/// What the named conditions mean that the rule's own conditions use.
fn named(pack: &Pack, rule: &Rule, rows: &mut Vec<(&'static str, String)>) {
    let conditions: Vec<&Condition> = rule.conditions().collect();
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    for definition in pack.definitions.iter() {
        let uses = |condition: &&Condition| {
            let words = condition.text().split(|character| !is_word(character));
            words.into_iter().any(|word| word == definition.name)
        };
        if conditions.iter().any(uses) {
            rows.push(("Where", format!("{}: {}", definition.name, flat(&definition.about))));
        }
    }
}

/// A line with a heading in front; longer texts go on below themselves.
fn row(heading: &str, text: &str, out: &mut String) {
    const HEADING: usize = 12;
    let mut block = String::new();
    paragraph(text, HEADING, WIDTH, &mut block);
    let _ = write!(out, "{heading:<HEADING$}{}", block.trim_start());
}

/// The first example of an outcome, as it would be met.
fn example(rule: &Rule, shows: Shows, out: &mut String) {
    let Some(first) = rule.examples.iter().find(|example| example.shows == shows) else { return };
    let word = if shows == Shows::Fails { "Fails" } else { "Passes" };
    let _ = writeln!(out, "\n{word}: {}", first.name);
    for line in portrait::lines(rule, first) {
        let _ = writeln!(out, "{}", format!("  {line}").trim_end());
    }
}

/// When the rule does not decide, and what would let it.
fn undecided(rule: &Rule, shows: Shows, heading: &str, out: &mut String) {
    let examples: Vec<_> = rule.examples.iter().filter(|example| example.shows == shows).collect();
    if examples.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for one in examples {
        let missing = example::inputs(rule, one).missing.map(|missing| format!(" (needs {missing})"));
        let _ = writeln!(out, "  {}{}", one.name, missing.unwrap_or_default());
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

fn targets(pack: &Pack, rule: &Rule) -> String {
    let all = std::iter::once(rule).chain(&rule.also);
    all.map(|rule| target(pack, rule.target)).collect::<Vec<_>>().join(", ")
}

fn target(pack: &Pack, target: Target) -> String {
    match target {
        Target::Farm => "the farm".to_owned(),
        Target::ClaimRuleSet => "every claim rule set".to_owned(),
        Target::ClaimRule => "every claim rule".to_owned(),
        Target::Kind(kind) => pack
            .vocabulary
            .kind(kind)
            .map(|kind| format!("{} ({})", kind.name, kind.cmdlet))
            .unwrap_or_default(),
    }
}

fn inputs(rule: &Rule) -> Vec<String> {
    let conditions = rule.when.iter().chain(rule.expectation.condition());
    let mut inputs: Vec<String> = conditions.flat_map(Condition::inputs).collect();
    inputs.sort();
    inputs.dedup();
    inputs
}

/// Lists all rules for people.
pub fn list(pack: &Pack) -> String {
    let mut out = String::new();
    let mut groups: Vec<&str> = pack.rules.iter().map(|rule| rule.group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let _ = writeln!(out, "{group}");
        for rule in pack.rules.iter().filter(|rule| rule.group == group) {
            let _ = writeln!(out, "  {:<9} {:<8} {}", rule.id, rule.worst().name(), rule.title);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{} rules. `adfslint explain ID` tells all about one.", pack.rules.len());
    out
}

#[derive(Serialize)]
struct Row<'p> {
    id: &'p str,
    name: &'p str,
    title: &'p str,
    group: &'p str,
    severity: &'static str,
    confidence: &'static str,
    why: &'p str,
    references: Vec<&'p str>,
    tags: Vec<&'p str>,
}

/// Lists all rules for programs.
pub fn list_json(pack: &Pack) -> Result<String, serde_json::Error> {
    let rows: Vec<Row<'_>> = pack
        .rules
        .iter()
        .map(|rule| Row {
            id: &rule.id,
            name: &rule.name,
            title: &rule.title,
            group: &rule.group,
            severity: rule.worst().name(),
            confidence: rule.confidence.name(),
            why: &rule.why,
            references: rule.urls().into_iter().map(|url| &**url).collect(),
            tags: rule.tags.iter().map(|tag| &**tag).collect(),
        })
        .collect();
    serde_json::to_string_pretty(&rows).map(|text| text + "\n")
}
