//! What stops adfslint itself: a wrong flag, a damaged pack, a file that cannot be read.
//!
//! Trouble with the administrator's configuration is never an [`Error`] but a finding.

use std::error::Error as StdError;
use std::fmt;

use crate::source::Span;

/// What kind of trouble it is; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Wrong flags, configuration or pack: exit code 2.
    Usage,
    /// Input that cannot be read, or nothing to evaluate: exit code 3.
    Input,
}

/// A reason why adfslint could not do what it was asked to.
#[derive(Debug, Clone)]
pub struct Error {
    /// Decides the exit code.
    pub kind: ErrorKind,
    /// What is wrong, in one sentence that names the file or flag.
    pub message: String,
    /// Where, if it is in a text that was read.
    pub span: Option<Span>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Error {
    /// Wrong flags, configuration or pack.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Usage, message: message.into(), span: None, help: None }
    }

    /// Unreadable input.
    pub fn input(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Input, message: message.into(), span: None, help: None }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for Error {}
