//! Questions about one claim rule, answered from its tree alone.

use super::ast::{
    Action, Body, ClaimRule, Condition, ConditionKind, Expression, Literal, Property, Range, Term, Test,
};

/// A comparison with where it stands.
#[derive(Debug, Clone, Copy)]
pub struct PlacedTest<'r> {
    /// The condition around it.
    pub condition: &'r Condition,
    /// The comparison.
    pub test: &'r Test,
}

/// A claim that a rule makes; one for every claim type of a query.
#[derive(Debug, Clone, Copy)]
pub struct Made<'r> {
    /// Its type, if that is a text.
    pub claim_type: Option<&'r Literal>,
    /// Its value, if that is a text.
    pub value: Option<&'r Literal>,
    /// Its value, if that is put together from others.
    pub computed: Option<&'r Expression>,
    /// Its value type, if that is a text.
    pub value_type: Option<&'r Literal>,
    /// Its issuer, if that is a text.
    pub issuer: Option<&'r Literal>,
    /// The claim is passed on as it is.
    pub copies: bool,
    /// The attribute store that it comes from.
    pub store: Option<&'r Literal>,
    /// Where that is said.
    pub range: Range,
}

/// What a text in quotes is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A claim type.
    ClaimType,
    /// A value.
    Value,
    /// A regular expression.
    Pattern,
    /// What a match is replaced by.
    Replacement,
    /// An issuer.
    Issuer,
    /// A value type.
    ValueType,
    /// A name in the property bag.
    PropertyName,
    /// An attribute store.
    Store,
    /// A query.
    Query,
    /// Name or template of the rule.
    Annotation,
}

impl Role {
    /// The word that conditions see.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaimType => "claim type",
            Self::Value => "value",
            Self::Pattern => "pattern",
            Self::Replacement => "replacement",
            Self::Issuer => "issuer",
            Self::ValueType => "value type",
            Self::PropertyName => "property name",
            Self::Store => "store",
            Self::Query => "query",
            Self::Annotation => "annotation",
        }
    }
}

/// Kind of a condition, as conditions of our rules see it.
pub fn condition_word(condition: &Condition) -> &'static str {
    match condition.kind {
        ConditionKind::Select(_) => "select",
        ConditionKind::Exists => "exists",
        ConditionKind::NotExists => "not exists",
        ConditionKind::Count { .. } => "count",
    }
}

/// Name of the variable that a condition binds.
pub fn variable(condition: &Condition) -> Option<&str> {
    match &condition.kind {
        ConditionKind::Select(Some(name)) => Some(&name.text),
        _ => None,
    }
}

/// Every comparison of every condition.
pub fn tests(rule: &ClaimRule) -> Vec<PlacedTest<'_>> {
    let placed = |condition| move |test| PlacedTest { condition, test };
    rule.conditions
        .iter()
        .flat_map(|condition| condition.selector.tests.iter().map(placed(condition)))
        .collect()
}

/// The condition that binds a variable.
pub fn binding<'r>(rule: &'r ClaimRule, name: &str) -> Option<&'r Condition> {
    rule.conditions
        .iter()
        .find(|condition| variable(condition).is_some_and(|known| known.eq_ignore_ascii_case(name)))
}

/// The claims that a rule makes.
pub fn made(rule: &ClaimRule) -> Vec<Made<'_>> {
    let range = rule.issuance.range;
    let nothing = Made {
        claim_type: None,
        value: None,
        computed: None,
        value_type: None,
        issuer: None,
        copies: false,
        store: None,
        range,
    };
    match &rule.issuance.body {
        Body::Copy(name) => {
            let claim_type = binding(rule, &name.text).and_then(|found| found.selector.claim_type());
            vec![Made { claim_type, copies: true, ..nothing }]
        }
        Body::New(assignments) => {
            let assigned = |wanted: &Property| {
                assignments.iter().find(|(property, _)| property == wanted).map(|(_, value)| value)
            };
            let text = |wanted: &Property| assigned(wanted).and_then(Expression::literal);
            let claim_type = text(&Property::Type).or_else(|| type_by_reference(rule, assignments));
            let (value, issuer) = (text(&Property::Value), text(&Property::Issuer));
            let computed = assigned(&Property::Value).filter(|_| value.is_none());
            let value_type = text(&Property::ValueType);
            vec![Made { claim_type, value, computed, value_type, issuer, ..nothing }]
        }
        Body::Store { store, types, .. } => types
            .iter()
            .map(|claim_type| Made {
                claim_type: Some(claim_type),
                store: Some(store),
                range: claim_type.range,
                ..nothing
            })
            .collect(),
    }
}

/// `Type = c.Type` has the type that the condition on `c` asks for.
fn type_by_reference<'r>(rule: &'r ClaimRule, assignments: &[(Property, Expression)]) -> Option<&'r Literal> {
    let (_, value) = assignments.iter().find(|(property, _)| *property == Property::Type)?;
    match value.terms.as_slice() {
        [Term::Reference { variable, property: Property::Type, .. }] => {
            binding(rule, &variable.text)?.selector.claim_type()
        }
        _ => None,
    }
}

/// Numbers of the conditions whose claims go into an expression as they are. What passes through a function does not.
pub fn sources(rule: &ClaimRule, expression: &Expression) -> Vec<usize> {
    let named = expression.terms.iter().filter_map(|term| match term {
        Term::Reference { variable, .. } => Some(&variable.text),
        _ => None,
    });
    let bound = |name: &String| {
        let is_it = |condition| variable(condition).is_some_and(|known| known.eq_ignore_ascii_case(name));
        rule.conditions.iter().position(is_it)
    };
    let mut found: Vec<usize> = named.filter_map(bound).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What a new claim carries in its property bag: the name, and the text if it is one.
pub fn bag(rule: &ClaimRule) -> Vec<(&Literal, Option<&Literal>)> {
    let Body::New(assignments) = &rule.issuance.body else { return Vec::new() };
    let named = assignments.iter().filter_map(|(property, value)| match property {
        Property::Named(name) => Some((name, value.literal())),
        _ => None,
    });
    named.collect()
}

/// Whether a rule fires for everybody who has the claims it takes: it tests neither values nor the presence of others.
pub fn is_unguarded(rule: &ClaimRule) -> bool {
    rule.conditions.iter().all(|condition| {
        let only_names = |test: &Test| !matches!(test.property, Property::Value | Property::Named(_));
        matches!(condition.kind, ConditionKind::Select(_)) && condition.selector.tests.iter().all(only_names)
    })
}

/// Whether a claim type is put into the token (not only added).
pub fn is_issued(rule: &ClaimRule) -> bool {
    rule.issuance.action == Action::Issue
}

/// Every text in quotes with what it is for, in reading order.
pub fn literals(rule: &ClaimRule) -> Vec<(Role, &Literal)> {
    let mut found = Vec::new();
    found.extend(rule.annotations.iter().map(|annotation| (Role::Annotation, &annotation.text)));
    for placed in tests(rule) {
        if let Property::Named(name) = &placed.test.property {
            found.push((Role::PropertyName, name));
        }
        let meant =
            if placed.test.operator.is_pattern() { Role::Pattern } else { role_of(&placed.test.property) };
        of_expression(&placed.test.value, meant, &mut found);
    }
    match &rule.issuance.body {
        Body::Copy(_) => {}
        Body::New(assignments) => {
            for (property, value) in assignments {
                if let Property::Named(name) = property {
                    found.push((Role::PropertyName, name));
                }
                of_expression(value, role_of(property), &mut found);
            }
        }
        Body::Store { store, types, query, parameters } => {
            found.push((Role::Store, store));
            found.extend(types.iter().map(|claim_type| (Role::ClaimType, claim_type)));
            found.push((Role::Query, query));
            parameters.iter().for_each(|value| of_expression(value, Role::Value, &mut found));
        }
    }
    found.sort_by_key(|(_, literal)| literal.range);
    found
}

fn role_of(property: &Property) -> Role {
    match property {
        Property::Type => Role::ClaimType,
        Property::Value | Property::Named(_) => Role::Value,
        Property::Issuer | Property::OriginalIssuer => Role::Issuer,
        Property::ValueType => Role::ValueType,
    }
}

fn of_expression<'r>(expression: &'r Expression, role: Role, found: &mut Vec<(Role, &'r Literal)>) {
    for term in &expression.terms {
        match term {
            Term::Literal(literal) => found.push((role, literal)),
            Term::Reference { property: Property::Named(name), .. } => found.push((Role::PropertyName, name)),
            Term::Reference { .. } => {}
            Term::Call { function, arguments, .. } => {
                let is_replace = function.is("RegExReplace");
                for (index, argument) in arguments.iter().enumerate() {
                    let role = match index {
                        1 if is_replace => Role::Pattern,
                        2 if is_replace => Role::Replacement,
                        _ => Role::Value,
                    };
                    of_expression(argument, role, found);
                }
            }
        }
    }
}

/// All expressions of a rule.
pub fn expressions(rule: &ClaimRule) -> Vec<&Expression> {
    let mut found: Vec<&Expression> = tests(rule).into_iter().map(|placed| &placed.test.value).collect();
    match &rule.issuance.body {
        Body::Copy(_) => {}
        Body::New(assignments) => found.extend(assignments.iter().map(|(_, value)| value)),
        Body::Store { parameters, .. } => found.extend(parameters),
    }
    found
}

/// Names of the functions that a rule calls, in reading order.
pub fn functions(rule: &ClaimRule) -> Vec<String> {
    fn walk(expression: &Expression, found: &mut Vec<String>) {
        for term in &expression.terms {
            if let Term::Call { function, arguments, .. } = term {
                found.push(function.text.clone());
                arguments.iter().for_each(|argument| walk(argument, found));
            }
        }
    }
    let mut found = Vec::new();
    expressions(rule).into_iter().for_each(|expression| walk(expression, &mut found));
    found
}
