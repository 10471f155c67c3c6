//! The regular expressions of a claim rule, and what each is held against.

use super::ast::{Condition, Expression, Literal, Operator, Property, Term};
use super::facts;
use super::{ClaimRule, ast::Body};

/// A regular expression in its place.
#[derive(Debug, Clone, Copy)]
pub struct PatternUse<'r> {
    /// `=~`, `!~` or `RegExReplace`.
    pub operator: &'static str,
    /// The pattern.
    pub pattern: &'r Literal,
    /// What takes the place of a match.
    pub replacement: Option<&'r Literal>,
    /// The property that is looked at, if it is one and nothing else.
    pub property: Option<&'r Property>,
    /// The condition that asks for the claim.
    pub condition: Option<&'r Condition>,
}

/// What a condition asks of the same property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'r> {
    /// It must be this text.
    Text(&'r Literal),
    /// It must match this pattern.
    Pattern(&'r Literal),
}

impl<'r> PatternUse<'r> {
    /// What the condition that binds the claim asks of the property that `RegExReplace` works on.
    pub fn asked(&self) -> Option<Asked<'r>> {
        let condition = self.condition.filter(|_| self.operator == "RegExReplace")?;
        condition.selector.tests.iter().filter(|test| Some(&test.property) == self.property).find_map(
            |test| {
                let literal = test.value.literal()?;
                match test.operator {
                    Operator::Equal => Some(Asked::Text(literal)),
                    Operator::Matches => Some(Asked::Pattern(literal)),
                    _ => None,
                }
            },
        )
    }

    /// The claim type that is looked at.
    pub fn claim_type(&self) -> Option<&'r Literal> {
        self.condition.and_then(|condition| condition.selector.claim_type())
    }
}

/// All of them, in reading order.
pub fn pattern_uses(rule: &ClaimRule) -> Vec<PatternUse<'_>> {
    let mut found = Vec::new();
    for placed in facts::tests(rule) {
        let test = placed.test;
        if let Some(pattern) = test.value.literal().filter(|_| test.operator.is_pattern()) {
            found.push(PatternUse {
                operator: test.operator.text(),
                pattern,
                replacement: None,
                property: Some(&test.property),
                condition: Some(placed.condition),
            });
        }
        replaced(rule, &test.value, &mut found);
    }
    match &rule.issuance.body {
        Body::Copy(_) => {}
        Body::New(assignments) => assignments.iter().for_each(|(_, value)| replaced(rule, value, &mut found)),
        Body::Store { parameters, .. } => {
            parameters.iter().for_each(|value| replaced(rule, value, &mut found));
        }
    }
    found
}

fn replaced<'r>(rule: &'r ClaimRule, expression: &'r Expression, found: &mut Vec<PatternUse<'r>>) {
    for term in &expression.terms {
        let Term::Call { function, arguments, .. } = term else { continue };
        if let [input, pattern, replacement] = arguments.as_slice()
            && function.is("RegExReplace")
            && let Some(pattern) = pattern.literal()
        {
            let (property, condition) = match input.terms.as_slice() {
                [Term::Reference { variable, property, .. }] => {
                    (Some(property), facts::binding(rule, &variable.text))
                }
                _ => (None, None),
            };
            let replacement = replacement.literal();
            found.push(PatternUse { operator: "RegExReplace", pattern, replacement, property, condition });
        }
        arguments.iter().for_each(|argument| replaced(rule, argument, found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_found() {
        let text = r#"c:[Type == "urn:a", Value =~ "^x"] && [Type =~ "urn:b", Issuer !~ "y"]
            => issue(Type = "urn:c", Value = RegExReplace(RegExReplace(c.Value, "p", "$1"), "q", "r") + "s");"#;
        let set = crate::claims::parse(text);
        let rule = &set.rules[0].rule;
        let found: Vec<_> = pattern_uses(rule)
            .iter()
            .map(|one| {
                let of = one.claim_type().map(|literal| literal.raw.as_str());
                (one.operator, one.pattern.raw.as_str(), of, one.property.map(Property::word))
            })
            .collect();
        assert_eq!(
            found,
            [
                ("=~", "^x", Some("urn:a"), Some("Value")),
                ("=~", "urn:b", None, Some("Type")),
                ("!~", "y", None, Some("Issuer")),
                ("RegExReplace", "q", None, None),
                ("RegExReplace", "p", Some("urn:a"), Some("Value")),
            ]
        );
    }
}
