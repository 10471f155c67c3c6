//! The rule pack.

pub mod condition;
