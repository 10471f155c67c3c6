//! `adfslint explain` and `adfslint rules`: what the rule pack knows.

use clap::{Args, ValueEnum};

use super::{Color, complain, load, no_rule, print};
use crate::error::Error;
use crate::pack::Pack;
use crate::report::explain;
use crate::source::Sources;

/// What `explain` is asked.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Id or name of the rule: TB001, token-binding-left-on.
    rule: String,
    /// A folder with rules of your own.
    #[arg(long, value_name = "DIR")]
    pack: Vec<String>,
}

/// What `rules` is asked.
#[derive(Debug, Args)]
pub(super) struct Rules {
    /// How to list them.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    format: ListFormat,
    /// A folder with rules of your own.
    #[arg(long, value_name = "DIR")]
    pack: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Explain {
    /// Tells all about the rule, and gives the exit code.
    pub fn run(&self) -> u8 {
        tell(&self.pack, |pack| match pack.find(&self.rule) {
            Some(rule) => Ok(explain::explain(pack, rule)),
            None => Err(no_rule(pack, &self.rule)),
        })
    }
}

impl Rules {
    /// Lists the rules, and gives the exit code.
    pub fn run(&self) -> u8 {
        tell(&self.pack, |pack| match self.format {
            ListFormat::Text => Ok(explain::list(pack)),
            ListFormat::Json => explain::list_json(pack).map_err(|error| Error::usage(error.to_string())),
        })
    }
}

fn tell(folders: &[String], say: impl Fn(&Pack) -> Result<String, Error>) -> u8 {
    let mut sources = Sources::new();
    let told = load(folders, &mut sources).and_then(|pack| say(&pack).map_err(|error| vec![error]));
    match told {
        Ok(text) => print(&text),
        Err(errors) => complain(&errors, &sources, Color::Auto),
    }
}
