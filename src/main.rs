//! The command `adfslint`.

use std::process::ExitCode;

#[allow(clippy::disallowed_methods)] // arguments enter here and nowhere else
fn main() -> ExitCode {
    adfslint::cli::run(std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()))
}
