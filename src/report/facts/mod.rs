//! The facts file: its JSON Schema, and the form that asks for it.

mod form;
mod schema;

pub use form::{Preface, answers, form};
pub use schema::schema;
