//! What AD FS refuses although it is well spelt: unbound variables, unknown functions.

use super::ast::{Body, ClaimRule, Condition, Expression, Literal, Name, Property, Range, Term};
use super::facts;
use crate::pattern;

/// A rule that parses and that AD FS refuses, or that fails whenever it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeaningProblem {
    /// A short code, `S101`.
    pub code: &'static str,
    /// Where, in bytes of the rule.
    pub range: Range,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// Everything of that kind in one rule, in reading order.
pub fn problems(rule: &ClaimRule) -> Vec<MeaningProblem> {
    let mut check = Check { rule, found: Vec::new() };
    check.variables();
    check.new_claim();
    check.functions();
    check.patterns();
    check.found.sort_by_key(|problem| (problem.range, problem.code));
    check.found
}

struct Check<'r> {
    rule: &'r ClaimRule,
    found: Vec<MeaningProblem>,
}

impl<'r> Check<'r> {
    fn say(&mut self, code: &'static str, range: Range, message: String, help: impl Into<String>) {
        self.found.push(MeaningProblem { code, range, message, help: help.into() });
    }

    fn variables(&mut self) {
        let conditions = &self.rule.conditions;
        for (index, condition) in conditions.iter().enumerate() {
            let earlier = conditions.get(..index).unwrap_or(&[]);
            if let Some(name) = facts::variable(condition)
                && earlier
                    .iter()
                    .any(|other| facts::variable(other).is_some_and(|known| known.eq_ignore_ascii_case(name)))
            {
                let message = format!("The variable {name} is bound twice.");
                self.say(
                    "S102",
                    condition.range,
                    message,
                    "Give each condition a variable of its own; letter case does not tell them apart.",
                );
            }
            for test in &condition.selector.tests {
                for name in references(&test.value) {
                    self.reference(name, condition, earlier);
                }
            }
        }
        for name in self.used_by_action() {
            if facts::binding(self.rule, &name.text).is_none() {
                let message = format!("No condition binds the variable {}.", name.text);
                let help = format!("Bind it: {}:[Type == \"...\"].", name.text);
                self.say("S101", name.range, message, help);
            }
        }
    }

    fn reference(&mut self, name: &Name, condition: &Condition, earlier: &[Condition]) {
        let is = |other: &Condition| facts::variable(other).is_some_and(|known| name.is(known));
        if is(condition) {
            let message = format!("The condition on {} refers to {} itself.", name.text, name.text);
            self.say("S103", name.range, message, "Compare with a claim that an earlier condition binds.");
        } else if earlier.iter().any(is) {
        } else if self.rule.conditions.iter().any(is) {
            let message = format!("{} is used before it is bound.", name.text);
            self.say(
                "S104",
                name.range,
                message,
                format!("Move the condition that binds {} to the front.", name.text),
            );
        } else {
            let message = format!("No condition binds the variable {}.", name.text);
            self.say("S101", name.range, message, format!("Bind it: {}:[Type == \"...\"].", name.text));
        }
    }

    fn used_by_action(&self) -> Vec<&'r Name> {
        match &self.rule.issuance.body {
            Body::Copy(name) => vec![name],
            Body::New(assignments) => assignments.iter().flat_map(|(_, value)| references(value)).collect(),
            Body::Store { parameters, .. } => parameters.iter().flat_map(references).collect(),
        }
    }

    fn new_claim(&mut self) {
        let Body::New(assignments) = &self.rule.issuance.body else { return };
        if !assignments.iter().any(|(property, _)| *property == Property::Type) {
            let range = self.rule.issuance.range;
            self.say("S105", range, "A new claim needs a Type.".into(), "Add Type = \"...\".");
        }
        for (index, (property, value)) in assignments.iter().enumerate() {
            let earlier = assignments.get(..index).unwrap_or(&[]);
            let same = |other: &Property| match (other, property) {
                (Property::Named(a), Property::Named(b)) => a.raw == b.raw,
                _ => other == property,
            };
            if earlier.iter().any(|(other, _)| same(other)) {
                let message = format!("{} is assigned twice.", property.word());
                self.say("S106", value.range, message, "Keep one of the two.");
            }
        }
    }

    fn functions(&mut self) {
        for expression in facts::expressions(self.rule) {
            self.calls(expression);
        }
    }

    fn calls(&mut self, expression: &Expression) {
        for term in &expression.terms {
            let Term::Call { function, arguments, range } = term else { continue };
            if !function.is("RegExReplace") {
                let message = format!("The claim rule language has no function {}.", function.text);
                self.say(
                    "S107",
                    function.range,
                    message,
                    "Its only function is RegExReplace(text, pattern, replacement).",
                );
            } else if arguments.len() != 3 {
                let message = format!("RegExReplace takes three arguments, here are {}.", arguments.len());
                self.say("S108", *range, message, "Write RegExReplace(text, pattern, replacement).");
            } else if let [_, pattern, replacement] = arguments.as_slice() {
                self.replacement(pattern.literal(), replacement.literal());
            }
            arguments.iter().for_each(|argument| self.calls(argument));
        }
    }

    fn replacement(&mut self, pattern: Option<&Literal>, replacement: Option<&Literal>) {
        let (Some(pattern), Some(replacement)) = (pattern, replacement) else { return };
        let Ok(parsed) = pattern::parse(&pattern.text()) else { return };
        let text = replacement.text();
        for (name, span) in pattern::missing_groups(&text, &parsed.groups) {
            let written = span.of(&text);
            let message = format!(
                "The pattern has no group {name}; the replacement puts {written} into the claim as it stands."
            );
            let range = Range::new(replacement.place(span.start), replacement.place(span.end));
            self.say("S116", range, message, format!("Name a group in the pattern: (?<{name}>...)."));
        }
    }

    fn patterns(&mut self) {
        for (role, literal) in facts::literals(self.rule) {
            if role != facts::Role::Pattern {
                continue;
            }
            if let Err(error) = pattern::parse(&literal.text())
                && !error.is_limit
            {
                let range = Range::new(literal.place(error.at), literal.range.end);
                let message = format!("This is no regular expression that .NET takes: {}.", error.message);
                let help = format!("The rule fails whenever it runs; {}.", error.help);
                self.say("S109", range, message, help);
            }
        }
    }
}

fn references(expression: &Expression) -> Vec<&Name> {
    let mut found = Vec::new();
    for term in &expression.terms {
        match term {
            Term::Reference { variable, .. } => found.push(variable),
            Term::Call { arguments, .. } => found.extend(arguments.iter().flat_map(references)),
            Term::Literal(_) => {}
        }
    }
    found
}
