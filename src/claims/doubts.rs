//! What AD FS takes and what hardly does what it seems to: parts without effect, and names that mislead.

use super::ast::{Body, ClaimRule, ConditionKind, Expression, Literal, Name, Property, Range, Term};
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
    facts::expressions(rule).into_iter().for_each(|value| replacements(value, &mut found));
    conditions(rule, &mut found);
    action(rule, &mut found);
    found.extend(doubled_backslashes(rule));
    found.extend(single_backslashes(rule));
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
        Body::Copy(_) if !facts::is_issued(rule) => {
            let message = "A claim is added that is there already: the rule does nothing.".to_owned();
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
        }
        _ => {}
    }
}

/// Calls of `RegExReplace` that leave something else than they seem to.
fn replacements(value: &Expression, found: &mut Vec<MeaningProblem>) {
    for term in &value.terms {
        let Term::Call { function, arguments, .. } = term else { continue };
        arguments.iter().for_each(|argument| replacements(argument, found));
        let [_, pattern, by] = arguments.as_slice() else { continue };
        if let (true, Some(pattern), Some(by)) =
            (function.is("RegExReplace"), pattern.literal(), by.literal())
        {
            found.extend(emptied(pattern, by).or_else(|| untouched(pattern, by)));
        }
    }
}

/// A pattern that names a part of the text, and a replacement that is nothing: PowerShell put the value of a
/// variable of its own where `${part}` stood.
fn emptied(pattern: &Literal, by: &Literal) -> Option<MeaningProblem> {
    (by.raw.is_empty() && names_group(pattern)).then(|| {
        let message = "The pattern names a part of the text, and the replacement uses none of it.".to_owned();
        let help = "If the rule was set from PowerShell, write it in single quotes: in double quotes PowerShell replaces ${name} by nothing.";
        let range = Range::new(by.range.start.saturating_sub(1), by.range.end + 1);
        doubt("L218", range, message, help)
    })
}

/// A replacement that is one part of the text, where the rest of the text stays: what the pattern does not match is
/// kept as it is.
fn untouched(pattern: &Literal, by: &Literal) -> Option<MeaningProblem> {
    let group =
        by.raw.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).or(by.raw.strip_prefix('$'))?;
    if group.is_empty() || !group.chars().all(|character| character.is_alphanumeric() || character == '_') {
        return None;
    }
    let core = pattern.raw.replace("(?i)", "");
    let (starts, inner) = core.strip_prefix('^').map_or((false, core.as_str()), |rest| (true, rest));
    let (ends, inner) = inner.strip_suffix('$').map_or((false, inner), |rest| (true, rest));
    if is_one_group(inner) && !(starts && ends) {
        let message = "What matches is replaced by itself: the text stays as it is.".to_owned();
        return Some(doubt(
            "L229",
            pattern.range,
            message,
            "Let the pattern match the whole text: ^.*(?<part>...)$.",
        ));
    }
    // A group that holds nothing but characters is one of a few texts; all others pass unchanged.
    let last = inner.rfind("(?<").and_then(|at| inner.get(at..)).filter(|last| is_one_group(last))?;
    let inside = last.split_once('>')?.1.strip_suffix(')')?;
    let is_plain =
        inside.chars().all(|character| character.is_alphanumeric() || "\\.-|()_".contains(character));
    (starts && ends && is_plain).then(|| {
        let message = "A text that does not match is passed on whole, not left out.".to_owned();
        doubt("L229", pattern.range, message, "Ask for the pattern in the condition too: Value =~ \"...\".")
    })
}

/// Whether a pattern is one pair of parentheses with what stands in it.
fn is_one_group(pattern: &str) -> bool {
    let mut depth = 0_u32;
    let mut escaped = false;
    let mut in_set = false;
    let last = pattern.len().saturating_sub(1);
    for (at, character) in pattern.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_set = true,
            ']' => in_set = false,
            '(' if !in_set => depth += 1,
            ')' if !in_set => {
                depth = depth.saturating_sub(1);
                if depth == 0 && at != last {
                    return false;
                }
            }
            _ => {}
        }
        if depth == 0 && at != last {
            return false;
        }
    }
    pattern.starts_with('(') && pattern.ends_with(')') && depth == 0
}

/// `"^CORP\admins$"`: the backslash takes the next letter with it, and what was meant is a backslash.
fn single_backslashes(rule: &ClaimRule) -> Vec<MeaningProblem> {
    let patterns = facts::literals(rule).into_iter().filter(|(role, _)| *role == Role::Pattern);
    let found = patterns.filter_map(|(_, literal)| {
        let raw =
            literal.raw.trim_start_matches(['^', '(']).trim_start_matches("?i)").trim_start_matches('^');
        let (domain, rest) = raw.split_once('\\')?;
        let is_domain = domain.len() >= 2
            && domain.chars().all(|character| character.is_ascii_uppercase() || character == '-');
        let mut letters = rest.chars();
        let is_escape = letters.next().is_some_and(|letter| "abdefnrstvw".contains(letter));
        let is_word = letters.next().is_some_and(|letter| letter.is_ascii_lowercase());
        (is_domain && is_escape && is_word).then(|| {
            let escape = rest.chars().next().unwrap_or(' ');
            let at = literal.raw.len() - rest.len() - 1;
            let start = literal.range.start + u32::try_from(at).unwrap_or(0);
            let message =
                format!("\\{escape} is no backslash and {escape}: in a pattern the two mean something else.");
            doubt("L224", Range::new(start, start + 2), message, "Write two backslashes: \\\\.")
        })
    });
    found.collect()
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
