//! `adfslint parse`: claim rules as trees, or in plain words.

use std::io::{self, IsTerminal as _};

use clap::Args;

use super::rule_sets::{RuleSets, rule_sets};
use super::{Color, complain, print, width};
use crate::claims::words::Words;
use crate::error::Error;
use crate::report::{pretty, tree, words};
use crate::source::Sources;

/// Columns in which plain words are easy to read.
const READABLE: usize = 100;

const AFTER_HELP: &str = "\
With --explain a rule reads: If the request came through a proxy and the user is not in group S-1-5-..., permit access.

Without it the trees are printed as JSON; `adfslint schema claims` prints the schema. Every node says where it \
stands in the file on disk (line, column and bytes), through the escapes of JSON and XML. What does not parse is \
listed beside the rules that do.

Exit codes: 0 all is well; 1 some text does not parse; 2 wrong usage; 3 input that cannot be read, or holds no claim \
rules.

Examples:
  adfslint parse --explain exports/             who gets in, in plain words
  adfslint parse payroll.claims                 the tree, for programs
  adfslint parse farm.zip | jq -r '.rule_sets[].rules[].words'";

/// What `parse` is asked.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Parse {
    /// Rule files, exports, folders, zip archives, patterns such as 'rules/*.claims', or - for standard input.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// Tell each rule in plain words.
    #[arg(long)]
    explain: bool,
    /// A folder with claim types and words of your own.
    #[arg(long, value_name = "DIR")]
    pack: Vec<String>,
}

impl Parse {
    /// Parses, tells, and gives the exit code.
    pub fn run(&self) -> u8 {
        let mut sources = Sources::new();
        let RuleSets { sets, pack, trouble, .. } = match rule_sets(&self.paths, &self.pack, &mut sources) {
            Ok(found) => found,
            Err(code) => return code,
        };
        let words = Words { types: pack.vocabulary.claim_types(), book: &pack.phrases };
        let printed = if self.explain {
            print(&words::write(&sets, words, &sources, width().min(READABLE)))
        } else {
            match tree::write(&sets, words, &sources) {
                Ok(text) if io::stdout().is_terminal() => print(&pretty::harmless(&text)),
                Ok(text) => print(&text),
                Err(error) => complain(&[Error::usage(error.to_string())], &sources, Color::Auto),
            }
        };
        let trouble = trouble.max(printed);
        let refused = sets.iter().any(|set| !set.parsed.problems.is_empty());
        if trouble == 0 && refused { 1 } else { trouble }
    }
}
