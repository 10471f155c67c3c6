//! What a search for a sketch gives.

use super::compare::same_terms;
use crate::claims::ast::{Range, Term};

/// What a metavariable stands for in a match.
#[derive(Debug, Clone)]
pub struct Bound<'r> {
    /// What it is.
    pub what: What<'r>,
    /// Its place.
    pub range: Range,
}

/// See [`Bound`].
#[derive(Debug, Clone)]
pub enum What<'r> {
    /// A text in quotes or a part of one, as written.
    Text(&'r str),
    /// A word in its usual spelling: `issue`, `==`, `not exists`.
    Word(&'r str),
    /// Anything else that gives a value.
    Terms(&'r [Term]),
    /// A condition, by its number.
    Condition(usize),
    /// A comparison, by the numbers of its condition and its own.
    Test(usize, usize),
}

impl Bound<'_> {
    /// Whether a metavariable that stands for the one may also stand for the other.
    pub(super) fn is_same(&self, other: &Bound<'_>) -> bool {
        match (&self.what, &other.what) {
            (What::Text(one), What::Text(other)) => one == other,
            (What::Text(one) | What::Word(one), What::Text(other) | What::Word(other)) => {
                one.eq_ignore_ascii_case(other)
            }
            (What::Terms(one), What::Terms(other)) => same_terms(one, other),
            (What::Condition(one), What::Condition(other)) => one == other,
            (What::Test(one, test), What::Test(other, other_test)) => (one, test) == (other, other_test),
            _ => false,
        }
    }
}

/// One way in which a sketch fits: what each metavariable stands for, by number.
#[derive(Debug, Clone)]
pub struct Match<'r> {
    /// `None` for a metavariable that is not in the sketch.
    pub bound: Vec<Option<Bound<'r>>>,
}

/// What a search gave.
#[derive(Debug, Clone, Default)]
pub struct Found<'r> {
    /// The ways, in reading order, each once.
    pub matches: Vec<Match<'r>>,
    /// The search gave up at its limit: there may be more.
    pub cut: bool,
}
