//! A file that was not there before.

use std::fs;
use std::io::Write as _;

use super::reason;
use crate::error::Error;

/// Writes a new file. One that is there already stays as it is, unless the user wants it replaced.
#[allow(clippy::disallowed_methods)] // the one home of the file system
pub fn write_new(path: &str, text: &str, replace: bool) -> Result<(), Error> {
    let mut options = fs::OpenOptions::new();
    let options = if replace {
        options.write(true).create(true).truncate(true)
    } else {
        options.write(true).create_new(true)
    };
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::usage(format!("{path}: the file is there already."))
            .help("Name another one, or replace it with --force."),
        _ => Error::usage(format!("{path}: {}.", reason(&error))),
    })
}
