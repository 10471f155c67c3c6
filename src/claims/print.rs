//! Claim rules as AD FS prints them: the layout that `Get-AdfsClaimRuleSet` and the console write.
//!
//! Only blanks, line breaks, the letter case of words and the order of annotations change. What stands in quotes
//! is printed as it was written.

use std::fmt::{self, Write as _};

use super::RuleSet;
use super::ast::{
    Annotation, Body, ClaimRule, Condition, ConditionKind, Expression, Literal, Property, Selector, Term,
};

/// Annotations in the order in which AD FS prints them, and as it spells them; others follow as they were.
const ANNOTATIONS: [&str; 2] = ["RuleTemplate", "RuleName"];

/// Prints a rule set in canonical layout, lines ended by LF. `None` if AD FS would refuse its text: what does not
/// parse strictly cannot be printed without the risk of losing some of it.
pub fn rule_set(set: &RuleSet) -> Option<String> {
    if !set.problems.is_empty() {
        return None;
    }
    let rules: Vec<String> = set.rules.iter().map(|placed| placed.rule.to_string()).collect();
    Some(rules.join("\n"))
}

impl fmt::Display for ClaimRule {
    /// The rule in canonical layout, with a line break at its end.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut annotations: Vec<&Annotation> = self.annotations.iter().collect();
        annotations.sort_by_key(|annotation| {
            ANNOTATIONS.iter().position(|name| annotation.name.is(name)).unwrap_or(ANNOTATIONS.len())
        });
        for Annotation { name, text } in annotations {
            let usual = ANNOTATIONS.into_iter().find(|usual| name.is(usual)).unwrap_or(&name.text);
            writeln!(out, "@{usual} = {text}")?;
        }
        for (index, condition) in self.conditions.iter().enumerate() {
            writeln!(out, "{}{condition}", if index == 0 { "" } else { " && " })?;
        }
        // AD FS indents the action below whatever stands before it.
        let indent = if self.annotations.is_empty() && self.conditions.is_empty() { "" } else { " " };
        writeln!(out, "{indent}=> {}({});", self.issuance.action.word(), self.issuance.body)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\"{}\"", self.raw)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let selector = &self.selector;
        match &self.kind {
            ConditionKind::Select(Some(variable)) => write!(out, "{}:{selector}", variable.text),
            ConditionKind::Select(None) => write!(out, "{selector}"),
            ConditionKind::Exists => write!(out, "EXISTS({selector})"),
            ConditionKind::NotExists => write!(out, "NOT EXISTS({selector})"),
            ConditionKind::Count { operator, number } => write!(out, "COUNT({selector}) {operator} {number}"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_char('[')?;
        listed(out, &self.tests, |out, test| {
            write!(out, "{} {} {}", test.property, test.operator.text(), test.value)
        })?;
        out.write_char(']')
    }
}

impl fmt::Display for Property {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(out, "Properties[{name}]"),
            other => out.write_str(other.word()),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            if index > 0 {
                out.write_str(" + ")?;
            }
            write!(out, "{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => write!(out, "{literal}"),
            Self::Reference { variable, property, .. } => write!(out, "{}.{property}", variable.text),
            Self::Call { function, arguments, .. } => {
                let name = if function.is("RegExReplace") { "RegExReplace" } else { &function.text };
                write!(out, "{name}(")?;
                listed(out, arguments, |out, argument| write!(out, "{argument}"))?;
                out.write_char(')')
            }
        }
    }
}

impl fmt::Display for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copy(variable) => write!(out, "claim = {}", variable.text),
            Self::New(assignments) => {
                listed(out, assignments, |out, (property, value)| write!(out, "{property} = {value}"))
            }
            Self::Store { store, types, query, parameters } => {
                write!(out, "store = {store}, types = (")?;
                listed(out, types, |out, claim_type| write!(out, "{claim_type}"))?;
                write!(out, "), query = {query}")?;
                parameters.iter().try_for_each(|parameter| write!(out, ", param = {parameter}"))
            }
        }
    }
}

/// Writes parts with `, ` between them.
fn listed<T>(
    out: &mut fmt::Formatter<'_>,
    parts: &[T],
    part: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, one) in parts.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        part(out, one)?;
    }
    Ok(())
}
