//! Farm and pack together give verdicts.

pub mod evaluate;
