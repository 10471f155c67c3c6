//! What a rule is: for people who met it in a report, and for those who look what there is.

use std::fmt::Write as _;

use serde::Serialize;

use crate::pack::rule::{Expectation, Rule, Shows, Target};
use crate::pack::{Pack, example};

/// Explains a rule. Writing to a String cannot fail.
pub fn explain(pack: &Pack, rule: &Rule) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}", rule.id, rule.name);
    let _ = writeln!(out, "{}\n", rule.title);
    let levels: Vec<String> = rule
        .levels
        .iter()
        .map(|level| match &level.when {
            Some(when) => format!("{} if {}", level.severity, when.text().trim()),
            None if rule.levels.len() > 1 => format!("else {}", level.severity),
            None => level.severity.to_string(),
        })
        .collect();
    let _ = writeln!(out, "Severity    {}", levels.join("; "));
    let _ = writeln!(out, "Confidence  {}", rule.confidence);
    let _ = writeln!(out, "Looks at    {}", targets(pack, rule));
    if !rule.within.is_empty() {
        let _ = writeln!(out, "In          {}", rule.within.join(", "));
    }
    if let Some(when) = &rule.when {
        let _ = writeln!(out, "Applies if  {}", flat(when.text()));
    }
    match &rule.expectation {
        Expectation::Condition(expect) => {
            let _ = writeln!(out, "Expects     {}", flat(expect.text()));
        }
        Expectation::Pattern(pattern) => {
            for text in &pattern.texts {
                let _ = writeln!(out, "Looks for   {}", flat(text));
            }
            if let Some(condition) = &pattern.condition {
                let _ = writeln!(out, "Where       {}", flat(condition.text()));
            }
        }
        Expectation::Native(name) => {
            let _ = writeln!(out, "Decided by  the program ({name})");
        }
    }
    let inputs = inputs(rule);
    if !inputs.is_empty() {
        let _ = writeln!(out, "Also reads  {}", inputs.join(", "));
    }
    let _ = writeln!(out, "\nWhy\n{}", indent(&rule.why));
    let fix = rule.fix.plain();
    if !fix.trim().is_empty() {
        let _ = writeln!(out, "\nFix\n{}", indent(fix.trim_end()));
    }
    examples(rule, &mut out);
    if !rule.references.is_empty() {
        let _ = writeln!(out, "\nReferences");
        for reference in &rule.references {
            let _ = writeln!(out, "  {reference}");
        }
    }
    out
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
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
    let mut inputs: Vec<String> =
        rule.when.iter().flat_map(crate::pack::condition::Condition::inputs).collect();
    match &rule.expectation {
        Expectation::Condition(expect) => inputs.extend(expect.inputs()),
        Expectation::Pattern(pattern) => {
            inputs.extend(pattern.condition.iter().flat_map(crate::pack::condition::Condition::inputs));
        }
        Expectation::Native(_) => {}
    }
    inputs.sort();
    inputs.dedup();
    inputs
}

/// One example of each outcome, as JSON.
fn examples(rule: &Rule, out: &mut String) {
    for (shows, word) in Shows::ALL {
        let Some(first) = rule.examples.iter().find(|example| example.shows == shows) else { continue };
        let inputs = example::inputs(rule, first);
        let _ = writeln!(out, "\n{}: {}", capital(word), first.name);
        for (what, text) in [("farm", &inputs.farm), ("facts", &inputs.facts)] {
            if let Some(text) = text {
                let _ = writeln!(out, "  {what}: {text}");
            }
        }
    }
}

fn capital(word: &str) -> String {
    match word {
        "fails" => "Fails".to_owned(),
        "passes" => "Passes".to_owned(),
        "unknown" => "Cannot tell".to_owned(),
        _ => "Does not apply".to_owned(),
    }
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
            references: rule.references.iter().map(|reference| &**reference).collect(),
            tags: rule.tags.iter().map(|tag| &**tag).collect(),
        })
        .collect();
    serde_json::to_string_pretty(&rows).map(|text| text + "\n")
}
