//! The command line: what the user asks for, and what the program answers with.

mod check;
mod explain;
mod facts;
mod format;
mod parse;
mod rule_sets;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::check::{collector, native};
use crate::error::{Error, ErrorKind};
use crate::inputs::{self, Gathered};
use crate::pack::{self, Pack};
use crate::report::facts as facts_file;
use crate::report::json;
use crate::report::pretty::{self, Style};
use crate::source::Sources;
use crate::{Role, Text};

const AFTER_HELP: &str = "\
Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage or rule pack;
3 input that cannot be read, or none; 4 nothing failed, but something is undecided and --fail-on-unknown is given.

Examples:
  adfslint check exports/                       every export below a folder
  adfslint check farm.zip --facts adfslint.facts.yaml
  Get-AdfsProperties | ConvertTo-Json | adfslint check -
  adfslint check exports/ --format sarif > adfslint.sarif
  adfslint collect > Export-AdfsFarm.ps1        the script that exports a farm; it only reads
  adfslint facts --init exports/                the questions that no export answers
  adfslint explain TB001                        what a rule is about
  adfslint parse --explain exports/             every claim rule in plain words
  adfslint fmt --diff rules/                    claim rules in the layout of AD FS";

/// Lints exported AD FS configuration, offline: settings, trusts and claim rules.
#[derive(Debug, Parser)]
#[command(name = "adfslint", version, about, after_help = AFTER_HELP, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check exports against the rules.
    Check(Box<check::Check>),
    /// Print claim rules in the layout of AD FS.
    Fmt(format::Format),
    /// Take claim rules apart: trees for programs, or plain words.
    Parse(parse::Parse),
    /// Tell all about one rule: why it matters, how to mend it, examples.
    Explain(explain::Explain),
    /// Print the JSON Schema of what the program writes, or of the facts file that it reads.
    Schema {
        /// Of what.
        #[arg(value_enum, default_value_t = Schema::Report)]
        of: Schema,
    },
    /// List all rules.
    Rules(explain::Rules),
    /// Print the PowerShell script that exports a farm: adfslint collect > Export-AdfsFarm.ps1
    Collect,
    /// Write a facts file to be filled in: what no command exports.
    Facts(facts::Facts),
}

/// The JSON Schema of the trees of claim rules.
const CLAIMS: &str = include_str!("../report/schema/claims-v1.json");

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Schema {
    /// The report of `check --format json`.
    Report,
    /// The trees of `parse`.
    Claims,
    /// The facts file, for editors.
    Facts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Runs the program with its arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing can be done about a terminal that takes no text.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let code = match parsed.command {
        Command::Check(check) => check.run(),
        Command::Fmt(format) => format.run(),
        Command::Parse(parse) => parse.run(),
        Command::Explain(explain) => explain.run(),
        Command::Schema { of: Schema::Report } => print(json::SCHEMA),
        Command::Schema { of: Schema::Claims } => print(CLAIMS),
        Command::Schema { of: Schema::Facts } => facts_schema(),
        Command::Rules(rules) => rules.run(),
        Command::Facts(facts) => facts.run(),
        Command::Collect => print(collector::SCRIPT),
    };
    ExitCode::from(code)
}

fn facts_schema() -> u8 {
    let mut sources = Sources::new();
    match load(&[], &mut sources) {
        Ok(pack) => print(&facts_file::schema(&pack.vocabulary)),
        Err(errors) => complain(&errors, &sources, Color::Auto),
    }
}

fn no_rule(pack: &Pack, name: &str) -> Error {
    let help = pack.nearest(name).map_or_else(
        || "`adfslint rules` lists them all.".to_owned(),
        |near| format!("Did you mean {near}?"),
    );
    Error::usage(format!("There is no rule {name}.")).help(help)
}

fn load(folders: &[String], sources: &mut Sources) -> Result<Pack, Vec<Error>> {
    let mut own = Vec::new();
    for folder in folders {
        match pack::built_in(folder) {
            Some(files) => own.extend(files),
            None => own.extend(inputs::pack_files(folder).map_err(|error| vec![error])?),
        }
    }
    Pack::load(sources, &own, &native::names())
}

/// Writes to standard output. A reader that went away (`| head`) is no failure.
fn print(text: &str) -> u8 {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            let error = Error::input(format!("The report could not be written: {error}."));
            complain(&[error], &Sources::new(), Color::Auto)
        }
    }
}

/// Tells what stopped the program, or a part of its input. The exit code is that of the gravest.
fn complain(errors: &[Error], sources: &Sources, color: Color) -> u8 {
    let style = Style { color: uses_color(color, io::stderr().is_terminal()), ..plain_style() };
    let mut text = String::new();
    for error in errors {
        text.push_str(&pretty::write_error(error, sources, style));
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
    if errors.iter().any(|error| error.kind == ErrorKind::Usage) { 2 } else { 3 }
}

fn texts(gathered: &Gathered, role: Role) -> Vec<Text> {
    let role_of = |binary: bool| if binary { Role::Binary } else { role };
    gathered.files.iter().map(|file| Text { source: file.source, role: role_of(file.binary) }).collect()
}

fn plain_style() -> Style {
    Style { color: false, unicode: true, width: width(), verbose: false }
}

/// Columns where no terminal says how many it has.
const WIDTH: usize = 100;

/// The same, or a hundred.
fn width() -> usize {
    columns().unwrap_or(WIDTH)
}

/// Columns of the terminal. Shells keep `COLUMNS` to themselves, so the terminal is asked too.
fn columns() -> Option<usize> {
    let stated = variable("COLUMNS").and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    stated.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// A variable of the environment. An empty one is as good as none.
#[allow(clippy::disallowed_methods)] // the one home of the environment
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The customs of terminals, in the order of their rank; `--color` beats them all.
fn uses_color(color: Color, terminal: bool) -> bool {
    let is_forced = |name| variable(name).is_some_and(|value| value != "0");
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if variable("NO_COLOR").is_some() => false,
        Color::Auto if is_forced("FORCE_COLOR") || is_forced("CLICOLOR_FORCE") => true,
        Color::Auto => {
            let is_dumb = variable("TERM").is_some_and(|term| term == "dumb");
            let is_unwanted = variable("CLICOLOR").is_some_and(|value| value == "0");
            terminal && !is_dumb && !is_unwanted
        }
    }
}
