//! The examples of a rule are its tests: this runs them.

pub mod flips;

use crate::check::Options;
use crate::pack::Pack;
use crate::pack::condition::functions::timestamp;
use crate::pack::example::{self, Inputs};
use crate::pack::rule::{Example, Rule, Shows};
use crate::report::{Report, RuleRow, Verdict};
use crate::source::{Encoding, Sources};
use crate::{Role, Text, lint};

/// The day of examples that name none.
const DAY: &str = "2026-01-31";

/// Lints the small farm of an example with the rule that it belongs to; `None` if its day is no day or its farm is
/// larger than a source may be.
pub fn run(pack: &Pack, rule: &Rule, inputs: &Inputs) -> Option<(Report, Sources)> {
    let mut sources = Sources::new();
    let mut texts = Vec::new();
    for (name, text, role) in
        [("farm.json", &inputs.farm, Role::Export), ("adfslint.facts.yaml", &inputs.facts, Role::Facts)]
    {
        if let Some(text) = text {
            let source = sources.add_file(name.into(), text.clone(), Encoding::Utf8, 0)?;
            texts.push(Text { source, role });
        }
    }
    let as_of = timestamp(inputs.as_of.as_deref().unwrap_or(DAY))?;
    let options =
        Options { as_of, as_of_is_given: true, only: vec![rule.id.to_string()], every_verdict: true };
    let report = lint(&mut sources, &texts, pack, &options);
    Some((report, sources))
}

/// Runs an example, and says in one sentence what is wrong with it, if anything is.
pub fn judge(pack: &Pack, rule: &Rule, example: &Example) -> Option<String> {
    let inputs = example::inputs(rule, example);
    let Some((report, _)) = run(pack, rule, &inputs) else {
        return Some("Its day is no day.".to_owned());
    };
    let row = report.rules.first()?;
    if !has_outcome(example.shows, row) {
        return Some(outcome(row));
    }
    if let Some(severity) = inputs.severity {
        let found: Vec<_> = report.findings.iter().map(|finding| finding.severity.name()).collect();
        if !found.contains(&severity.as_str()) {
            return Some(format!("It promises the severity {severity} and gives {}.", found.join(", ")));
        }
    }
    if let Some(missing) = inputs.missing
        && !row.missing.iter().any(|one| one.what.contains(&missing))
    {
        let said: Vec<_> = row.missing.iter().map(|one| one.what.as_str()).collect();
        return Some(format!("It promises that {missing} is missing; {} is.", said.join(", ")));
    }
    hollow(&report)
}

/// Whether the verdicts are those that the example promises. Objects to which a rule does not apply do no harm.
fn has_outcome(shows: Shows, row: &RuleRow) -> bool {
    match shows {
        Shows::Fails => row.fail > 0,
        Shows::Passes => row.pass > 0 && row.fail == 0 && row.unknown == 0,
        Shows::Unknown => row.unknown > 0 && row.fail == 0 && row.pass == 0,
        Shows::NotApplicable => row.not_applicable > 0 && row.fail == 0 && row.pass == 0 && row.unknown == 0,
    }
}

fn outcome(row: &RuleRow) -> String {
    let counts = [
        (row.fail, Verdict::Fail),
        (row.unknown, Verdict::Unknown),
        (row.pass, Verdict::Pass),
        (row.not_applicable, Verdict::NotApplicable),
    ];
    let found: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, verdict)| format!("{count} {}", verdict.name()))
        .collect();
    let missing: Vec<String> =
        row.missing.iter().map(|one| format!("{} ({})", one.what, one.reason)).collect();
    let found = if found.is_empty() { "no verdict at all".to_owned() } else { found.join(", ") };
    if missing.is_empty() {
        format!("It gives {found}.")
    } else {
        format!("It gives {found}; missing: {}.", missing.join("; "))
    }
}

/// A message whose placeholders had nothing to show.
fn hollow(report: &Report) -> Option<String> {
    let hollow = report.findings.iter().find(|finding| {
        finding.message.is_empty()
            || finding.message.contains("unknown")
            || finding.message.contains("an object")
    });
    hollow.map(|finding| format!("Its message says nothing: {}", finding.message))
}
