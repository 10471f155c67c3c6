//! Things in a fixed order: terms, arguments, parameters, claim types.

use super::search::{Flow, Goal, Goals, ON, Search};
use super::tree::{ExpressionSketch, Item, TermSketch, TextSketch};
use crate::claims::ast::{Expression, Literal, Range, Term};

impl<'r> Search<'r> {
    /// Things in a fixed order, `...` among them.
    pub(super) fn in_order<'s, S, T>(
        &mut self,
        (sketches, own): (&'s [Item<S>], &'r [T]),
        goal: fn(&'s [Item<S>], &'r [T]) -> Goal<'s, 'r>,
        one: fn(&mut Self, &'s S, &'r T, &Goals<'_, 's, 'r>) -> Flow,
        next: Option<&Goals<'_, 's, 'r>>,
    ) -> Flow {
        match sketches.split_first() {
            None if own.is_empty() => self.solve(next),
            None => ON,
            Some((Item::Rest, [])) => self.solve(next),
            Some((Item::Rest, rest)) => {
                for skipped in 0..=own.len() {
                    let left = own.get(skipped..).unwrap_or(&[]);
                    let flow =
                        self.attempt(|search| search.solve(Some(&Goals { goal: goal(rest, left), next })))?;
                    if flow.is_break() {
                        return Ok(flow);
                    }
                }
                ON
            }
            Some((Item::Just(first), rest)) => {
                let Some((own, others)) = own.split_first() else { return ON };
                one(self, first, own, &Goals { goal: goal(rest, others), next })
            }
        }
    }

    pub(super) fn term<'s>(
        &mut self,
        sketch: &'s TermSketch,
        own: &'r Term,
        after: &Goals<'_, 's, 'r>,
    ) -> Flow {
        let fits = match (sketch, own) {
            (TermSketch::Any(blank), own) => {
                let terms = std::slice::from_ref(own);
                self.bind_terms(*blank, terms, range_of(own))
            }
            (TermSketch::Text(text), Term::Literal(literal)) => self.text(text, literal)?,
            (
                TermSketch::Reference { variable, property },
                Term::Reference { variable: name, property: own, range },
            ) => self.variable(*variable, &name.text) && self.property(property, own, *range)?,
            (TermSketch::Call { function, arguments }, Term::Call { function: name, arguments: own, .. }) => {
                if !self.name(function, &name.text, name.range) {
                    return ON;
                }
                return self
                    .solve(Some(&Goals { goal: Goal::Expressions(arguments, own), next: Some(after) }));
            }
            _ => false,
        };
        if fits { self.solve(Some(after)) } else { ON }
    }

    pub(super) fn one_text<'s>(
        &mut self,
        sketch: &'s TextSketch,
        own: &'r Literal,
        after: &Goals<'_, 's, 'r>,
    ) -> Flow {
        if self.text(sketch, own)? { self.solve(Some(after)) } else { ON }
    }

    pub(super) fn one_expression<'s>(
        &mut self,
        sketch: &'s ExpressionSketch,
        own: &'r Expression,
        after: &Goals<'_, 's, 'r>,
    ) -> Flow {
        self.expression(sketch, own, Some(after))
    }
}

fn range_of(term: &Term) -> Range {
    match term {
        Term::Literal(literal) => literal.range,
        Term::Reference { range, .. } | Term::Call { range, .. } => *range,
    }
}
