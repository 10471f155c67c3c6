//! adfslint reads exported AD FS configuration, offline, and says what is wrong with it, where, and why.

pub mod check;
pub mod claims;
pub mod error;
pub mod farm;
pub mod finding;
pub mod node;
pub mod pack;
pub mod pattern;
pub mod read;
pub mod report;
pub mod source;
