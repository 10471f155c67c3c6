//! `adfslint explain` and `adfslint rules`: what the rule pack knows.

use clap::{Args, ValueEnum};

use super::{Color, complain, load, no_rule, print};
use crate::error::Error;
use crate::inputs;
use crate::node::NodeRef;
use crate::pack::{self, Pack};
use crate::proof::{self, flips};
use crate::report::{explain, pages};
use crate::source::{Sources, Span};

/// What `explain` is asked.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Id or name of the rule: TB001, token-binding-left-on.
    rule: String,
    /// A folder with rules of your own, or the name of a built-in pack: migration.
    #[arg(long, value_name = "DIR|NAME")]
    pack: Vec<String>,
}

/// What `rules` is asked.
#[derive(Debug, Args)]
pub(super) struct Rules {
    /// How to list them.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    format: ListFormat,
    /// With --format markdown: write the pages into this folder.
    #[arg(long, value_name = "DIR")]
    output: Option<String>,
    /// A folder with rules of your own, or the name of a built-in pack: migration.
    #[arg(long, value_name = "DIR|NAME")]
    pack: Vec<String>,
    /// Run the examples of the rules in place of listing them: those of your own with --pack, else all. Exits with 1
    /// if one does not do what it says.
    #[arg(long)]
    test: bool,
    /// With --test: turn every operator of every condition around, one at a time, and tell which of these changes no
    /// example notices.
    #[arg(long, requires = "test")]
    flips: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// A page for each rule, with indexes; --output says where.
    Markdown,
}

impl Explain {
    /// Tells all about the rule, and gives the exit code.
    pub fn run(&self) -> u8 {
        // What is off by default can be explained all the same.
        let mut packs = self.pack.clone();
        packs.extend(pack::built_in_names().into_iter().filter(|name| !self.pack.contains(name)));
        tell(&packs, |pack| match pack.find(&self.rule) {
            Some(rule) => Ok(explain::explain(pack, rule)),
            None => Err(no_rule(pack, &self.rule)),
        })
    }
}

impl Rules {
    /// Lists the rules, and gives the exit code.
    pub fn run(&self) -> u8 {
        if self.test {
            return self.test();
        }
        if let Some(folder) = &self.output {
            return self.write(folder);
        }
        tell(&self.pack, |pack| match self.format {
            ListFormat::Text => Ok(explain::list(pack)),
            ListFormat::Markdown => Ok(pages::all(&pages::pages(pack))),
            ListFormat::Json => explain::list_json(pack).map_err(|error| Error::usage(error.to_string())),
        })
    }

    /// Writes a page for each rule, and gives the exit code.
    fn write(&self, folder: &str) -> u8 {
        if self.format != ListFormat::Markdown {
            let error = Error::usage("--output is for --format markdown.".to_owned())
                .help("Without it a list goes to standard output.");
            return complain(&[error], &Sources::new(), Color::Auto);
        }
        let mut sources = Sources::new();
        let written = load(&self.pack, &mut sources).and_then(|pack| {
            let pages = pages::pages(&pack);
            inputs::write_all(folder, &pages).map_err(|error| vec![error])?;
            Ok(pages.len())
        });
        match written {
            Ok(pages) => print(&format!("{pages} pages are in {folder}.\n")),
            Err(errors) => complain(&errors, &sources, Color::Auto),
        }
    }

    /// Runs the examples, and gives the exit code.
    fn test(&self) -> u8 {
        let mut sources = Sources::new();
        let mut pack = match load(&self.pack, &mut sources) {
            Ok(pack) => pack,
            Err(errors) => return complain(&errors, &sources, Color::Auto),
        };
        let mut wrong = Vec::new();
        let (mut rules, mut examples) = (0, 0);
        for rule in pack.rules.iter().filter(|rule| self.pack.is_empty() || rule.is_own) {
            rules += 1;
            examples += rule.examples.len();
            for example in &rule.examples {
                let Some(why) = proof::judge(&pack, rule, example) else { continue };
                let said = format!(
                    "{}: the example \"{}\" under {} does not hold.",
                    rule.id,
                    example.name,
                    example.shows.key()
                );
                let error = Error::usage(said).help(why);
                let place = rule.file.node(example.node).map(NodeRef::span);
                wrong.push(match place {
                    Some(span) => error.at(Span::new(span.source, span.start, span.start)),
                    None => error,
                });
            }
        }
        if wrong.is_empty() && self.flips {
            return self.flips(&mut pack);
        }
        if wrong.is_empty() {
            return print(&format!("{examples} examples hold (rules: {rules}).\n"));
        }
        complain(&wrong, &sources, Color::Auto);
        print(&format!("{} of {examples} examples do not hold (rules: {rules}).\n", wrong.len())).max(1)
    }
}

impl Rules {
    /// Tries the examples on conditions that were turned around, and gives the exit code.
    fn flips(&self, pack: &mut Pack) -> u8 {
        let tried = if self.pack.is_empty() {
            flips::of_pack(pack)
        } else {
            let own: Vec<String> =
                pack.rules.iter().filter(|rule| rule.is_own).map(|rule| rule.id.to_string()).collect();
            let mut tried = flips::Tried::default();
            own.iter().for_each(|id| tried.add(flips::of_rule(pack, id)));
            tried
        };
        let mut said: String = tried.unnoticed.iter().map(|one| format!("{one}\n")).collect();
        said.push_str(&format!("{} of {} changes go unnoticed.\n", tried.unnoticed.len(), tried.changes));
        print(&said).max(u8::from(!tried.unnoticed.is_empty()))
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
