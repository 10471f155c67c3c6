//! What a condition needs of the claims that are there.

use crate::claims::ast::{
    Body, ClaimRule, Condition, ConditionKind, Expression, Literal, Operator, Property, Term,
};
use crate::claims::facts;

/// Whether a condition needs a claim, or needs that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Without such a claim the rule does not run.
    Required,
    /// With such a claim the rule does not run.
    Absent,
    /// The rule may run with and without.
    Free,
}

impl Presence {
    /// The word that conditions see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Absent => "absent",
            Self::Free => "free",
        }
    }
}

/// How many claims must fit for a condition to hold: at least, and at most. `None` if that is no single range, or a
/// number beyond all counting.
pub fn counts(condition: &Condition) -> Option<(u64, u64)> {
    match &condition.kind {
        ConditionKind::Select(_) | ConditionKind::Exists => Some((1, u64::MAX)),
        ConditionKind::NotExists => Some((0, 0)),
        ConditionKind::Count { operator, number } => {
            let number: u64 = number.parse().ok().filter(|number| *number < u64::MAX)?;
            match operator.as_str() {
                "==" => Some((number, number)),
                ">=" => Some((number, u64::MAX)),
                ">" => Some((number + 1, u64::MAX)),
                "<=" => Some((0, number)),
                // Fewer than none: no number does.
                "<" => Some(number.checked_sub(1).map_or((1, 0), |most| (0, most))),
                _ => None,
            }
        }
    }
}

/// What a condition needs.
pub fn presence(condition: &Condition) -> Presence {
    match counts(condition) {
        Some((0, 0)) => Presence::Absent,
        Some((least, _)) if least > 0 => Presence::Required,
        _ => Presence::Free,
    }
}

/// The text that a property must be equal to.
pub fn equals(condition: &Condition, property: &Property) -> Option<String> {
    let tests = condition.selector.tests.iter();
    let mut equal = tests.filter(|test| test.property == *property && test.operator == Operator::Equal);
    equal.find_map(|test| test.value.literal()).map(Literal::text)
}

/// What the claim of a condition is read for, apart from being there: `claim` (it is passed on), `value` (something of
/// it goes into a new claim), `parameter` (something of it goes into a query), `condition` (another condition compares
/// with it).
pub fn uses(rule: &ClaimRule, condition: &Condition) -> Vec<&'static str> {
    let Some(variable) = facts::variable(condition) else { return Vec::new() };
    let mut found = Vec::new();
    match &rule.issuance.body {
        Body::Copy(name) if name.is(variable) => found.push("claim"),
        Body::New(parts) if parts.iter().any(|(_, part)| reads(part, variable)) => found.push("value"),
        Body::Store { parameters, .. } if parameters.iter().any(|part| reads(part, variable)) => {
            found.push("parameter");
        }
        _ => {}
    }
    let mut tests = facts::tests(rule).into_iter();
    if tests.any(|placed| reads(&placed.test.value, variable)) {
        found.push("condition");
    }
    found
}

/// Whether an expression reads a variable.
fn reads(expression: &Expression, name: &str) -> bool {
    expression.terms.iter().any(|term| match term {
        Term::Literal(_) => false,
        Term::Reference { variable, .. } => variable.is(name),
        Term::Call { arguments, .. } => arguments.iter().any(|argument| reads(argument, name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> ClaimRule {
        let set = crate::claims::parse(text);
        assert!(set.problems.is_empty(), "{:?}", set.problems);
        (*set.rules[0].rule).clone()
    }

    #[test]
    fn counting_says_whether_a_claim_is_needed() {
        for (condition, expected) in [
            (r#"[Type == "a"]"#, Presence::Required),
            (r#"EXISTS([Type == "a"])"#, Presence::Required),
            (r#"NOT EXISTS([Type == "a"])"#, Presence::Absent),
            (r#"COUNT([Type == "a"]) == 0"#, Presence::Absent),
            (r#"COUNT([Type == "a"]) < 1"#, Presence::Absent),
            (r#"COUNT([Type == "a"]) > 1"#, Presence::Required),
            (r#"COUNT([Type == "a"]) <= 3"#, Presence::Free),
            (r#"COUNT([Type == "a"]) != 3"#, Presence::Free),
            (r#"COUNT([Type == "a"]) >= 0"#, Presence::Free),
        ] {
            let rule = rule(&format!("{condition} => issue(Type = \"b\", Value = \"c\");"));
            assert_eq!(presence(&rule.conditions[0]), expected, "{condition}");
        }
    }

    #[test]
    fn a_variable_is_read_in_the_body_or_in_a_condition() {
        let rule = rule(
            r#"a:[Type == "a"] && b:[Type == "b", Value == A.Value] && c:[Type == "c"] => issue(Type = "d", Value = RegExReplace(B.Value, "x", "y"));"#,
        );
        let of = |place: usize| uses(&rule, &rule.conditions[place]);
        assert_eq!((of(0), of(1), of(2)), (vec!["condition"], vec!["value"], vec![]));
    }
}
