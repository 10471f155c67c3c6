//! Sketches: claim rules with blanks, and where they fit. `$NAME` stands for one thing, `...` for any number of things.
//!
//! They are matched on the tree, so that spacing, the order of clauses, the names of variables and the letter case
//! of words do not matter.

mod compare;
mod found;
mod lower;
mod ordered;
mod parse;
mod search;
mod single;
mod text;
mod tree;

pub use found::{Bound, Found, Match, What};
pub use parse::{SketchProblem, parse};
pub use tree::{Names, Sketch, Sort};

#[cfg(test)]
mod tests;
