//! When two parts of a claim rule are the same: their places, and the letter case of names, do not matter.

use crate::claims::ast::{Expression, Property, Term};

pub(super) fn same_terms(one: &[Term], other: &[Term]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same_term(a, b))
}

fn same_expression(one: &Expression, other: &Expression) -> bool {
    same_terms(&one.terms, &other.terms)
}

fn same_term(one: &Term, other: &Term) -> bool {
    match (one, other) {
        (Term::Literal(one), Term::Literal(other)) => one.raw == other.raw,
        (
            Term::Reference { variable, property, .. },
            Term::Reference { variable: other_variable, property: other_property, .. },
        ) => variable.is(&other_variable.text) && same_property(property, other_property),
        (
            Term::Call { function, arguments, .. },
            Term::Call { function: other_function, arguments: others, .. },
        ) => {
            function.is(&other_function.text)
                && arguments.len() == others.len()
                && arguments.iter().zip(others).all(|(a, b)| same_expression(a, b))
        }
        _ => false,
    }
}

pub(super) fn same_property(one: &Property, other: &Property) -> bool {
    match (one, other) {
        (Property::Named(one), Property::Named(other)) => one.raw == other.raw,
        (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}
