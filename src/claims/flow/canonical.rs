//! One spelling for every way to write a claim rule: variables get numbers, conditions and comparisons an order, blanks
//! and annotations go.

use std::collections::HashMap;

use crate::claims::RuleSet;
use crate::claims::ast::{Body, ClaimRule, Condition, ConditionKind, Expression, Property, Term, Test};
use crate::claims::facts;

/// Names of variables, in lower case, and what stands for them.
type Names = HashMap<String, String>;

/// A rule without anything that AD FS does not look at.
pub fn rule(rule: &ClaimRule) -> String {
    let blind = Names::new();
    let mut conditions: Vec<(String, &Condition)> =
        rule.conditions.iter().map(|one| (condition(one, &blind), one)).collect();
    conditions.sort_by(|a, b| a.0.cmp(&b.0));
    let bound = conditions.iter().filter_map(|(_, one)| facts::variable(one)).enumerate();
    let names: Names = bound.map(|(number, name)| (name.to_lowercase(), format!("v{number}"))).collect();
    let mut written: Vec<String> = conditions
        .iter()
        .map(|(_, one)| {
            let name = facts::variable(one).and_then(|name| names.get(&name.to_lowercase()));
            format!("{}{}", name.map(|name| format!("{name}:")).unwrap_or_default(), condition(one, &names))
        })
        .collect();
    written.dedup();
    format!("{} => {}", written.join(" && "), consequent(rule, &names))
}

/// A condition without its own variable.
fn condition(condition: &Condition, names: &Names) -> String {
    let mut tests: Vec<String> = condition.selector.tests.iter().map(|one| test(one, names)).collect();
    tests.sort();
    tests.dedup();
    let kind = match &condition.kind {
        ConditionKind::Count { operator, number } => {
            format!("count {operator} {}", number.trim_start_matches('0'))
        }
        _ => facts::condition_word(condition).to_owned(),
    };
    format!("{kind}[{}]", tests.join(", "))
}

/// A comparison.
pub fn test(test: &Test, names: &Names) -> String {
    format!("{} {} {}", property(&test.property), test.operator.text(), expression(&test.value, names))
}

/// What a rule makes, with the names given to its variables.
pub fn consequent(rule: &ClaimRule, names: &Names) -> String {
    let action = rule.issuance.action.word();
    match &rule.issuance.body {
        Body::Copy(name) => format!("{action}(claim = {})", variable(&name.text, names)),
        Body::New(assignments) => {
            let parts = assignments.iter();
            let mut parts: Vec<String> = parts
                .map(|(name, value)| format!("{} = {}", property(name), expression(value, names)))
                .collect();
            parts.sort();
            format!("{action}({})", parts.join(", "))
        }
        Body::Store { store, types, query, parameters } => {
            let types: Vec<String> = types.iter().map(|one| quoted(&one.text())).collect();
            let parameters: Vec<String> = parameters.iter().map(|one| expression(one, names)).collect();
            let (store, query) = (quoted(&store.text()), quoted(&query.text()));
            format!("{action}({store}, ({}), {query}, {})", types.join(", "), parameters.join(", "))
        }
    }
}

fn property(property: &Property) -> String {
    match property {
        Property::Named(name) => format!("Properties[{}]", quoted(&name.text())),
        _ => property.word().to_owned(),
    }
}

fn expression(expression: &Expression, names: &Names) -> String {
    let terms: Vec<String> = expression.terms.iter().map(|term| self::term(term, names)).collect();
    terms.join(" + ")
}

fn term(term: &Term, names: &Names) -> String {
    match term {
        Term::Literal(literal) => quoted(&literal.text()),
        Term::Reference { variable: name, property: of, .. } => {
            format!("{}.{}", variable(&name.text, names), property(of))
        }
        Term::Call { function, arguments, .. } => {
            let arguments: Vec<String> = arguments.iter().map(|one| expression(one, names)).collect();
            format!("{}({})", function.text.to_lowercase(), arguments.join(", "))
        }
    }
}

fn variable(name: &str, names: &Names) -> String {
    names.get(&name.to_lowercase()).cloned().unwrap_or_else(|| "?".to_owned())
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Places of rules that say the same as one above them, each with the place of that one.
pub fn repeated(set: &RuleSet) -> Vec<(usize, usize)> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::new();
    for (place, placed) in set.rules.iter().enumerate() {
        match first.entry(rule(&placed.rule)) {
            std::collections::hash_map::Entry::Occupied(known) => found.push((place, *known.get())),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(place);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let set = crate::claims::parse(&format!("{one}\n{other}"));
        assert!(set.problems.is_empty() && set.rules.len() == 2, "{:?}", set.problems);
        repeated(&set) == [(1, 0)]
    }

    #[test]
    fn names_order_blanks_and_letter_case_of_words_do_not_count() {
        assert!(same(
            r#"@RuleName = "a" c:[Type == "t", Value =~ "p"] && NOT EXISTS([Type == "u"]) => issue(Type = "x", Value = c.Value);"#,
            r#"not exists([type=="u"])&&Who:[value=~"p",type=="t"]=>ISSUE(Value=who.value,Type="x");"#,
        ));
    }

    #[test]
    fn texts_and_the_claim_that_is_passed_on_do_count() {
        assert!(!same(r#"c:[Type == "t"] => issue(claim = c);"#, r#"c:[Type == "T"] => issue(claim = c);"#));
        assert!(!same(r#"c:[Type == "t"] => issue(claim = c);"#, r#"c:[Type == "t"] => add(claim = c);"#));
        assert!(!same(
            r#"a:[Type == "t"] && b:[Type == "u"] => issue(claim = a);"#,
            r#"a:[Type == "t"] && b:[Type == "u"] => issue(claim = b);"#,
        ));
        assert!(!same(
            r#"[Type == "t"] => issue(Type = "x", Value = "1");"#,
            r#"EXISTS([Type == "t"]) => issue(Type = "x", Value = "1");"#
        ));
    }
}
