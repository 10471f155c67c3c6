//! The farm: AD FS objects of known kinds, as property bags read from the exports.

pub mod schema;
pub mod value;
pub mod vocabulary;
