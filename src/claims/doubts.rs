//! What AD FS takes and what hardly does what it seems to: parts without effect, and names that mislead.

use super::ast::{Body, ClaimRule, ConditionKind, Literal, Name, Property, Range};
use super::facts::{self, Role};
use super::meaning::MeaningProblem;

/// Annotations that AD FS knows.
const ANNOTATIONS: [&str; 2] = ["RuleName", "RuleTemplate"];

/// Words of the language, which a variable had better not be called.
const WORDS: [&str; 17] = [
    "type",
    "value",
    "issuer",
    "originalissuer",
    "valuetype",
    "properties",
    "issue",
    "add",
    "exists",
    "not",
    "count",
    "claim",
    "store",
    "types",
    "query",
    "param",
    "regexreplace",
];

/// What is doubtful in a rule, in reading order.
pub fn doubts(rule: &ClaimRule) -> Vec<MeaningProblem> {
    let mut found = Vec::new();
    annotations(rule, &mut found);
    conditions(rule, &mut found);
    action(rule, &mut found);
    found.extend(doubled_backslashes(rule));
    found.sort_by_key(|doubt| (doubt.range, doubt.code));
    found
}

fn doubt(code: &'static str, range: Range, message: String, help: &str) -> MeaningProblem {
    MeaningProblem { code, range, message, help: help.to_owned() }
}

fn annotations(rule: &ClaimRule, found: &mut Vec<MeaningProblem>) {
    for (index, annotation) in rule.annotations.iter().enumerate() {
        let name = &annotation.name;
        let earlier = rule.annotations.get(..index).unwrap_or(&[]);
        if !ANNOTATIONS.iter().any(|known| name.is(known)) {
            let message = format!("AD FS knows no annotation @{}.", name.text);
            let help = "Only @RuleName and @RuleTemplate are kept; put what there is to say into @RuleName.";
            found.push(doubt("L215", name.range, message, help));
        } else if earlier.iter().any(|other| other.name.is(&name.text)) {
            let message = format!("@{} stands here twice.", name.text);
            found.push(doubt("L215", name.range, message, "Keep one of the two."));
        }
    }
}

fn conditions(rule: &ClaimRule, found: &mut Vec<MeaningProblem>) {
    let selects = |kind: &ConditionKind| matches!(kind, ConditionKind::Select(_));
    let first = rule.conditions.iter().find(|condition| !selects(&condition.kind));
    if let Some(aggregate) = first
        && rule.conditions.iter().any(|condition| selects(&condition.kind))
    {
        let message = "A condition on claims and EXISTS or COUNT stand in one rule, which Microsoft's description of the language rules out.";
        let help =
            "Try the rule on a server, or let a rule before it add a helper claim for the EXISTS or COUNT.";
        found.push(doubt("L201", aggregate.range, message.to_owned(), help));
    }
    for condition in &rule.conditions {
        if let ConditionKind::Select(Some(name)) = &condition.kind
            && WORDS.iter().any(|word| name.is(word))
        {
            found.push(keyword(name));
        }
    }
}

fn keyword(name: &Name) -> MeaningProblem {
    let message = format!("The variable {} is called like a word of the language.", name.text);
    doubt("S117", name.range, message, "Call it c, or by what it holds.")
}

fn action(rule: &ClaimRule, found: &mut Vec<MeaningProblem>) {
    let range = rule.issuance.range;
    match &rule.issuance.body {
        Body::Copy(name) if !facts::is_issued(rule) => {
            let message = format!("add(claim = {}) adds a claim that is there already.", name.text);
            let help = "Write issue(claim = ...) if the claim shall be passed on; else remove the rule.";
            found.push(doubt("L209", range, message, help));
        }
        Body::New(assignments) => {
            let value = assignments.iter().find(|(property, _)| *property == Property::Value);
            let is_empty =
                value.is_none_or(|(_, value)| value.literal().is_some_and(|literal| literal.raw.is_empty()));
            let is_typed = assignments.iter().any(|(property, _)| *property == Property::Type);
            if is_empty && is_typed {
                let message = "A claim without a value is dropped: nothing comes of this rule.".to_owned();
                let help = "Set Value = \"...\". If PowerShell wrote the rule from a text in double quotes, it replaced what began with $.";
                found.push(doubt("L218", range, message, help));
            }
            found.extend(assignments.iter().flat_map(|(_, value)| emptied(value)));
        }
        _ => {}
    }
}

/// A pattern that names a part of the text, and a replacement that is nothing: PowerShell put the value of a
/// variable of its own where `${part}` stood.
fn emptied(value: &super::ast::Expression) -> Vec<MeaningProblem> {
    let mut found = Vec::new();
    for term in &value.terms {
        let super::ast::Term::Call { function, arguments, .. } = term else { continue };
        found.extend(arguments.iter().flat_map(emptied));
        let [_, pattern, replacement] = arguments.as_slice() else { continue };
        let (Some(pattern), Some(replacement)) = (pattern.literal(), replacement.literal()) else { continue };
        if function.is("RegExReplace") && replacement.raw.is_empty() && names_group(pattern) {
            let message =
                "The pattern names a part of the text, and the replacement uses none of it.".to_owned();
            let help = "If the rule was set from PowerShell, write it in single quotes: in double quotes PowerShell replaces ${name} by nothing.";
            found.push(doubt("L218", replacement.range, message, help));
        }
    }
    found
}

fn names_group(pattern: &Literal) -> bool {
    let mut openings = pattern.raw.match_indices("(?<");
    openings.any(|(at, found)| {
        let next = pattern.raw.get(at + found.len()..).and_then(|rest| rest.chars().next());
        next.is_some_and(|next| next.is_alphabetic() || next == '_')
    })
}

/// `"CORP\\" + ...`: two backslashes, because a backslash is no escape. At the beginning they are a server's.
fn doubled_backslashes(rule: &ClaimRule) -> Vec<MeaningProblem> {
    let values = facts::literals(rule).into_iter().filter(|(role, _)| *role == Role::Value);
    values
        .filter_map(|(_, literal)| {
            let at = literal.raw.find("\\\\").filter(|at| *at > 0)?;
            let start = literal.range.start + u32::try_from(at).ok()?;
            let message =
                format!("\"{}\" holds two backslashes: in a text a backslash is no escape.", literal.raw);
            Some(doubt("L225", Range::new(start, start + 2), message, "Write one backslash."))
        })
        .collect()
}
