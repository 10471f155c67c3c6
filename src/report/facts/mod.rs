//! The facts file: its JSON Schema, and the form that asks for it.

mod schema;

pub use schema::schema;
