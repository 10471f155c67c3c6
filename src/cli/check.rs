//! `adfslint check`: the rules against what the user exported.

use std::io::{self, IsTerminal as _};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use time::OffsetDateTime;

use super::{Color, columns, complain, load, no_rule, plain_style, print, texts, uses_color};
use crate::check::Options;
use crate::error::Error;
use crate::finding::Severity;
use crate::inputs::{self, Gathered};
use crate::pack::Pack;
use crate::report::pretty::{self, Style};
use crate::report::{FileRow, FileState, Report, json, sarif};
use crate::source::Sources;
use crate::{Role, Text, lint};

/// Text of inputs from which on a progress bar is worth its flicker, in bytes.
const LARGE: usize = 8 << 20;

/// What `check` is asked.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files, folders, zip archives, patterns such as 'exports/*.json', or - for standard input.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Hide findings below this severity; they are counted, and do not make the run fail.
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
    /// The day that certificates and dates are compared with, YYYY-MM-DD; else that of the facts file or of the
    /// diagnostics file of adfsToolbox, else today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<OffsetDateTime>,
    /// The facts file: what no command exports, such as the number of users.
    #[arg(long, value_name = "FILE")]
    facts: Option<String>,
    /// A folder with rules of your own, on top of the built-in ones; or a built-in pack that is off by default:
    /// migration (what keeps applications from moving to Entra ID).
    #[arg(long, value_name = "DIR|NAME")]
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
    /// For programs; `adfslint schema` prints the schema.
    Json,
    /// For code scanning (SARIF 2.1.0).
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EvidenceLevel {
    /// Only findings.
    Failures,
    /// A row for every rule and object.
    Full,
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

pub(super) fn day(text: &str) -> Result<OffsetDateTime, String> {
    crate::pack::condition::functions::timestamp(text).ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
}

impl Check {
    /// Checks, reports, and gives the exit code.
    pub fn run(&self) -> u8 {
        let mut sources = Sources::new();
        let (mut gathered, facts) = inputs::gather_with_facts(&self.paths, self.facts.as_ref(), &mut sources);
        let pack = match load(&self.pack, &mut sources) {
            Ok(pack) => pack,
            Err(errors) => return complain(&errors, &sources, self.color),
        };
        if let Some(wrong) = self.rule.iter().find(|name| pack.find(name).is_none()) {
            return complain(&[no_rule(&pack, wrong)], &sources, self.color);
        }
        let mut texts = texts(&gathered, Role::Export);
        texts.extend(super::texts(&facts, Role::Facts));
        gathered.errors.extend(facts.errors);
        let trouble =
            if gathered.errors.is_empty() { 0 } else { complain(&gathered.errors, &sources, self.color) };
        if texts.is_empty() {
            return trouble.max(3);
        }
        let report = self.report(&mut sources, &texts, &pack, &gathered);
        let printed = self.print(&report, &sources);
        let nothing = if report.is_of_nothing() { 3 } else { 0 };
        // Two is graver than three.
        let trouble = [trouble, printed, nothing].into_iter().filter(|code| *code > 0).min().unwrap_or(0);
        self.exit_code(&report, trouble)
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
                let style = Style { color, verbose: self.verbose, ..plain_style() };
                Ok(match columns().filter(|_| io::stdout().is_terminal()) {
                    Some(columns) => pretty::write_within(report, sources, style, columns),
                    None => pretty::write(report, sources, style),
                })
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
