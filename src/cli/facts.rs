//! `adfslint facts`: the form of the facts file.

use std::io::{self, Write as _};

use clap::Args;
use time::OffsetDateTime;

use super::{Color, complain, load, print, texts};
use crate::check::{self, Options, questions};
use crate::inputs;
use crate::pack::Pack;
use crate::report::facts::{Preface, form};
use crate::source::Sources;
use crate::{Found, Role, find};

const AFTER_HELP: &str = "\
With inputs the form asks only for what their undecided rules wait for, and leaves out what their facts file answers.
Without inputs it asks for everything that any rule may ask for.

Examples:
  adfslint facts --init exports/ --output exports/adfslint.facts.yaml
  adfslint facts --init exports/ --facts our.facts.yaml       what is still missing in a facts file
  adfslint schema facts > adfslint.facts.schema.json          for editors: names, values, what they mean";

/// What `facts` is asked.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Facts {
    /// Write a facts file to be filled in.
    #[arg(long, required = true)]
    init: bool,
    /// Exports: files, folders, zip archives, patterns, or - for standard input.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// The facts file that has answers already, where it does not lie among the exports.
    #[arg(long, value_name = "FILE")]
    facts: Option<String>,
    /// Write to this file in place of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
    /// Replace the file if it is there.
    #[arg(long, requires = "output")]
    force: bool,
    /// The day that dates are compared with, YYYY-MM-DD, as of `check`.
    #[arg(long, value_name = "DATE", value_parser = super::check::day)]
    as_of: Option<OffsetDateTime>,
    /// A folder with rules of your own.
    #[arg(long, value_name = "DIR")]
    pack: Vec<String>,
}

impl Facts {
    /// Writes the form, and gives the exit code.
    pub fn run(&self) -> u8 {
        let mut sources = Sources::new();
        let pack = match load(&self.pack, &mut sources) {
            Ok(pack) => pack,
            Err(errors) => return complain(&errors, &sources, Color::Auto),
        };
        if self.paths.is_empty() && self.facts.is_none() {
            return self.write(&form(&questions::all(&pack), &Preface::default()), &sources);
        }
        let (mut gathered, facts) = inputs::gather_with_facts(&self.paths, self.facts.as_ref(), &mut sources);
        let mut texts = texts(&gathered, Role::Export);
        texts.extend(super::texts(&facts, Role::Facts));
        gathered.errors.extend(facts.errors);
        if !gathered.errors.is_empty() {
            return complain(&gathered.errors, &sources, Color::Auto);
        }
        let found = find(&mut sources, &texts, &pack.vocabulary);
        self.ask(&found, &pack, &mut sources)
    }

    fn ask(&self, found: &Found, pack: &Pack, sources: &mut Sources) -> u8 {
        let farm = &found.farm;
        let as_of = self.as_of.or_else(|| farm.as_of());
        let options = Options {
            as_of: as_of.unwrap_or_else(inputs::now),
            as_of_is_given: true,
            only: Vec::new(),
            every_verdict: false,
        };
        let outcome = check::check(
            farm,
            &check::Remarks { problems: &found.problems, secrets: &found.secrets },
            sources,
            pack,
            &options,
        );
        let questions = questions::open(farm, pack, &outcome.rules);
        let undecided = outcome.rules.iter().filter(|rule| rule.unknown > 0);
        let (waiting, others): (Vec<_>, Vec<_>) = undecided.partition(|rule| !rule.facts.is_empty());
        if questions.is_empty() {
            return tell(others.len());
        }
        let preface = Preface {
            waiting: Some(waiting.len()),
            others: others.len(),
            beside: farm.facts_file().map(str::to_owned),
        };
        self.write(&form(&questions, &preface), sources)
    }

    fn write(&self, text: &str, sources: &Sources) -> u8 {
        let Some(output) = &self.output else { return print(text) };
        match inputs::write_new(output, text, self.force) {
            Ok(()) => 0,
            Err(error) => complain(&[error], sources, Color::Auto),
        }
    }
}

/// There is nothing to ask. Standard output stays empty, as it would be the facts file.
fn tell(others: usize) -> u8 {
    let more = match others {
        0 => "Everything is decided.".to_owned(),
        1 => "1 rule waits for exports or for other things; `adfslint check` names them.".to_owned(),
        _ => format!("{others} rules wait for exports or for other things; `adfslint check` names them."),
    };
    let _ = writeln!(io::stderr().lock(), "No rule waits for a fact, and no facts file was written. {more}");
    0
}
