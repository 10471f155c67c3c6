//! The command line: what the user asks for, and what the program answers with.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use time::OffsetDateTime;

use crate::check::{Options, native};
use crate::error::{Error, ErrorKind};
use crate::finding::Severity;
use crate::inputs::{self, Gathered};
use crate::pack::Pack;
use crate::report::pretty::{self, Style};
use crate::report::{FileRow, FileState, Report, explain, json, sarif};
use crate::source::Sources;
use crate::{Role, Text, lint};

/// Text of inputs from which on a progress bar is worth its flicker, in bytes.
const LARGE: usize = 8 << 20;

const AFTER_HELP: &str = "\
Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage or rule pack;
3 input that cannot be read, or none; 4 nothing failed, but something is undecided and --fail-on-unknown is given.

Examples:
  adfslint check exports/                       every export below a folder
  adfslint check farm.zip --facts adfslint.facts.yaml
  Get-AdfsProperties | ConvertTo-Json | adfslint check -
  adfslint check exports/ --format sarif > adfslint.sarif
  adfslint explain TB001                        what a rule is about";

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
    Check(Box<Check>),
    /// Tell all about one rule: why it matters, how to mend it, examples.
    Explain {
        /// Id or name of the rule: TB001, token-binding-left-on.
        rule: String,
        /// A folder with rules of your own.
        #[arg(long, value_name = "DIR")]
        pack: Vec<String>,
    },
    /// List all rules.
    Rules {
        /// How to list them.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
        /// A folder with rules of your own.
        #[arg(long, value_name = "DIR")]
        pack: Vec<String>,
    },
}

#[derive(Debug, Args)]
struct Check {
    /// Files, folders, zip archives, patterns such as 'exports/*.json', or - for standard input.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Hide findings below this severity.
    #[arg(long, value_name = "SEVERITY", value_parser = severity, default_value = "note")]
    min_severity: Severity,
    /// Run only this rule; may be given several times.
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// Exit with 1 if there is a finding of this severity or worse; never for none.
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on, default_value = "warning")]
    fail_on: FailOn,
    /// Exit with 4 if nothing failed but something could not be decided.
    #[arg(long)]
    fail_on_unknown: bool,
    /// The day that certificates and dates are compared with, YYYY-MM-DD; else that of the facts file, else today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<OffsetDateTime>,
    /// The facts file: what no command exports, such as the number of users.
    #[arg(long, value_name = "FILE")]
    facts: Option<String>,
    /// A folder with rules of your own, on top of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pack: Vec<String>,
    /// How much to tell of verdicts in JSON: of failures, or of every rule and object.
    #[arg(long, value_enum, default_value_t = EvidenceLevel::Failures)]
    evidence: EvidenceLevel,
    /// Show every finding in full, also where a rule has many.
    #[arg(long)]
    verbose: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people in front of a terminal.
    Pretty,
    /// For programs; the schema is part of the repository.
    Json,
    /// For code scanning (SARIF 2.1.0).
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EvidenceLevel {
    /// Only findings.
    Failures,
    /// A row for every rule and object.
    Full,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FailOn(Option<Severity>);

fn severity(word: &str) -> Result<Severity, String> {
    Severity::from_name(word).ok_or_else(|| "write note, warning or error".to_owned())
}

fn fail_on(word: &str) -> Result<FailOn, String> {
    if word == "none" {
        return Ok(FailOn(None));
    }
    Severity::from_name(word)
        .map(|severity| FailOn(Some(severity)))
        .ok_or_else(|| "write note, warning, error or none".to_owned())
}

fn day(text: &str) -> Result<OffsetDateTime, String> {
    crate::pack::condition::functions::timestamp(text).ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
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
        Command::Explain { rule, pack } => tell(&pack, |pack| explain_one(pack, &rule)),
        Command::Rules { format, pack } => tell(&pack, |pack| match format {
            ListFormat::Text => Ok(explain::list(pack)),
            ListFormat::Json => explain::list_json(pack).map_err(|error| Error::usage(error.to_string())),
        }),
    };
    ExitCode::from(code)
}

fn explain_one(pack: &Pack, name: &str) -> Result<String, Error> {
    match pack.find(name) {
        Some(rule) => Ok(explain::explain(pack, rule)),
        None => Err(no_rule(pack, name)),
    }
}

fn no_rule(pack: &Pack, name: &str) -> Error {
    let help = pack.nearest(name).map_or_else(
        || "`adfslint rules` lists them all.".to_owned(),
        |near| format!("Did you mean {near}?"),
    );
    Error::usage(format!("There is no rule {name}.")).help(help)
}

fn tell(folders: &[String], say: impl Fn(&Pack) -> Result<String, Error>) -> u8 {
    let mut sources = Sources::new();
    let told = load(folders, &mut sources).and_then(|pack| say(&pack).map_err(|error| vec![error]));
    match told {
        Ok(text) => print(&text),
        Err(errors) => complain(&errors, &sources, Color::Auto),
    }
}

fn load(folders: &[String], sources: &mut Sources) -> Result<Pack, Vec<Error>> {
    let mut own = Vec::new();
    for folder in folders {
        own.extend(inputs::pack_files(folder).map_err(|error| vec![error])?);
    }
    Pack::load(sources, &own, &native::names())
}

/// Writes to standard output. A reader that went away (`| head`) is no failure.
fn print(text: &str) -> u8 {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(_) => 3,
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

fn plain_style() -> Style {
    Style { color: false, unicode: true, width: width(), verbose: false }
}

/// Columns of the terminal; a hundred where there is none.
#[allow(clippy::disallowed_methods)] // the one home of the environment
fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}

#[allow(clippy::disallowed_methods)] // the one home of the environment
fn uses_color(color: Color, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none(),
    }
}

impl Check {
    fn run(&self) -> u8 {
        let mut sources = Sources::new();
        let mut gathered = inputs::gather(&self.paths, &mut sources);
        let facts =
            self.facts.as_ref().map(|facts| inputs::gather(std::slice::from_ref(facts), &mut sources));
        let pack = match load(&self.pack, &mut sources) {
            Ok(pack) => pack,
            Err(errors) => return complain(&errors, &sources, self.color),
        };
        if let Some(wrong) = self.rule.iter().find(|name| pack.find(name).is_none()) {
            return complain(&[no_rule(&pack, wrong)], &sources, self.color);
        }
        let mut texts = texts(&gathered, Role::Export);
        if let Some(facts) = facts {
            texts.extend(self::texts(&facts, Role::Facts));
            gathered.errors.extend(facts.errors);
        }
        let trouble =
            if gathered.errors.is_empty() { 0 } else { complain(&gathered.errors, &sources, self.color) };
        if texts.is_empty() {
            return trouble.max(3);
        }
        let report = self.report(&mut sources, &texts, &pack, &gathered);
        let printed = self.print(&report, &sources);
        let nothing = report.coverage.files.iter().all(|file| file.objects.is_empty());
        self.exit_code(&report, trouble.max(printed).max(if nothing { 3 } else { 0 }))
    }

    fn report(&self, sources: &mut Sources, texts: &[Text], pack: &Pack, gathered: &Gathered) -> Report {
        let size: usize = sources.iter().map(|(_, source)| source.text().len()).sum();
        let bar = progress(size);
        let options = Options {
            as_of: self.as_of.unwrap_or_else(inputs::now),
            as_of_is_given: self.as_of.is_some(),
            only: self.rule.clone(),
            every_verdict: self.evidence == EvidenceLevel::Full,
        };
        let mut report = lint(sources, texts, pack, &options);
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        report.coverage.files.extend(gathered.errors.iter().map(unread));
        let before = report.findings.len();
        report.findings.retain(|finding| finding.severity >= self.min_severity);
        report.hidden = before - report.findings.len();
        report
    }

    fn print(&self, report: &Report, sources: &Sources) -> u8 {
        let written = match self.format {
            Format::Pretty => {
                let color = uses_color(self.color, io::stdout().is_terminal());
                Ok(pretty::write(report, sources, Style { color, verbose: self.verbose, ..plain_style() }))
            }
            Format::Json => json::write(report, sources),
            Format::Sarif => sarif::write(report, sources),
        };
        match written {
            Ok(text) => print(&text),
            Err(error) => complain(&[Error::usage(error.to_string())], sources, self.color),
        }
    }

    /// Precedence: 2, 3, 1, 4.
    fn exit_code(&self, report: &Report, trouble: u8) -> u8 {
        if trouble != 0 {
            return trouble;
        }
        let failed = self.fail_on.0.is_some_and(|least| report.worst().is_some_and(|worst| worst >= least));
        let unknown = report.counts().get(2).is_some_and(|unknown| *unknown > 0);
        match (failed, unknown && self.fail_on_unknown) {
            (true, _) => 1,
            (false, true) => 4,
            (false, false) => 0,
        }
    }
}

fn texts(gathered: &Gathered, role: Role) -> Vec<Text> {
    let role_of = |binary: bool| if binary { Role::Binary } else { role };
    gathered.files.iter().map(|file| Text { source: file.source, role: role_of(file.binary) }).collect()
}

/// A row for a file that could not be opened.
fn unread(error: &Error) -> FileRow {
    let (name, reason) = error.message.split_once(": ").unwrap_or((&error.message, ""));
    FileRow {
        name: name.to_owned(),
        source: None,
        format: "unknown".to_owned(),
        encoding: "unknown".to_owned(),
        objects: Vec::new(),
        state: FileState::Unreadable,
        notes: vec![reason.to_owned()],
    }
}

/// A moving bar on a terminal when there is much to read.
fn progress(size: usize) -> Option<ProgressBar> {
    if size < LARGE || !io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} checking {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(format!("{} MB", size >> 20));
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    Some(bar)
}
