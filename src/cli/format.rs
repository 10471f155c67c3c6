//! `adfslint fmt`: claim rules in the layout of AD FS.

use std::io::{self, IsTerminal as _, Write as _};

use clap::Args;

use super::rule_sets::{RuleSets, rule_sets};
use super::{Color, complain, plain_style, print, uses_color};
use crate::claims::{self, print::rule_set};
use crate::error::Error;
use crate::farm::RuleSetText;
use crate::inputs;
use crate::report::diff;
use crate::report::pretty::{self, Style};
use crate::source::{Origin, SourceId, Sources, Span};

/// Problems of one rule set that are told; `check` tells all.
const PROBLEMS: usize = 3;

const AFTER_HELP: &str = "\
The layout is the one that AD FS itself prints:

  @RuleTemplate = \"LdapClaims\"
  @RuleName = \"Send mail\"
  c:[Type == \"http://.../windowsaccountname\", Issuer == \"AD AUTHORITY\"]
   && NOT EXISTS([Type == \"urn:contoso:guest\"])
   => issue(store = \"Active Directory\", types = (\"http://.../emailaddress\"), ...);

Every condition but the first begins a line with &&, an empty line stands between rules, and keywords and properties \
have their usual letter case. What stands in quotes is never touched, and no rule changes its place. Long lines are \
not wrapped: AD FS does not wrap them either, and a text must not be broken.

A rule set that AD FS would refuse is left as it is, and that is said. Line ends, encoding and byte order mark of a \
file stay what they were. Rules inside an export are printed, each set below a line that says whose it is; an export \
is never written to.

Exit codes: 0 all is well; 1 something differs (--check, --diff) or does not parse; 2 wrong usage, or --write into an \
export; 3 input that cannot be read, or holds no claim rules.

Examples:
  adfslint fmt payroll.claims                   print it
  adfslint fmt --check rules/                   name the files that differ, for a pipeline
  adfslint fmt --diff rules/                    show how
  adfslint fmt --write 'rules/*.claims'         mend the files
  adfslint fmt exports/Get-AdfsRelyingPartyTrust.json";

/// What `fmt` is asked.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Format {
    /// Rule files, exports, folders, zip archives, patterns such as 'rules/*.claims', or - for standard input.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// Print nothing but the names of what is not in this layout.
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Show what would change, as a unified diff.
    #[arg(long, conflicts_with = "write")]
    diff: bool,
    /// Write rule files anew. Exports are never written to.
    #[arg(long)]
    write: bool,
}

/// A rule set and how it should look.
struct Formatted<'f> {
    set: &'f RuleSetText,
    /// As it stands.
    before: String,
    /// As it should be; `None` where AD FS would refuse the text.
    after: Option<String>,
}

impl Formatted<'_> {
    fn differs(&self) -> bool {
        self.after.as_ref().is_some_and(|after| *after != self.before)
    }
}

impl Format {
    /// Formats, and gives the exit code.
    pub fn run(&self) -> u8 {
        let mut sources = Sources::new();
        let found = match rule_sets(&self.paths, &[], &mut sources) {
            Ok(found) => found,
            Err(code) => return code,
        };
        if self.write
            && let Some(error) = unwritable(&found)
        {
            return complain(&[error], &sources, Color::Auto);
        }
        let sets = found.sets.iter().filter(|set| !set.lost);
        let all: Vec<Formatted<'_>> = sets.map(|set| format(set, &sources)).collect();
        tell_lost(&found.sets);
        tell_refused(&all, &sources);
        let done = if self.write { write(&all, &found, &sources) } else { print(&self.text(&all)) };
        let trouble = found.trouble.max(done);
        let shows = self.check || self.diff;
        let failed = all.iter().any(|one| one.after.is_none() || shows && one.differs());
        if trouble == 0 && failed { 1 } else { trouble }
    }

    /// What goes to standard output.
    fn text(&self, all: &[Formatted<'_>]) -> String {
        let mut text = String::new();
        for (index, one) in all.iter().enumerate() {
            let differs = one.differs();
            if self.check && differs {
                text.push_str(&format!("{}\n", pretty::harmless_line(&title(one.set))));
            }
            let after = one.after.as_ref().unwrap_or(&one.before);
            if self.diff && differs {
                text.push_str(&diff::unified(&title(one.set), &one.before, after));
            }
            if self.check || self.diff {
                continue;
            }
            // A rule file by itself is printed as the file that it should be.
            if all.len() > 1 || one.set.owner.is_some() {
                let gap = if index > 0 { "\n" } else { "" };
                text.push_str(&format!("{gap}# {}\n", pretty::harmless_line(&title(one.set))));
            }
            text.push_str(after);
        }
        if io::stdout().is_terminal() { pretty::harmless(&text) } else { text }
    }
}

/// Whose a rule set is: its file, and what it belongs to there.
fn title(set: &RuleSetText) -> String {
    if set.owner.is_some() { format!("{} › {}", set.path, set.title) } else { set.path.clone() }
}

fn format<'f>(set: &'f RuleSetText, sources: &Sources) -> Formatted<'f> {
    let source = sources.get(set.source);
    let text = source.map(|source| source.text().as_str()).unwrap_or_default();
    let after = rule_set(&set.parsed);
    if set.owner.is_none() {
        let ends = text.matches("\r\n").count() * 2 > text.matches('\n').count();
        let after = after.map(|after| if ends { after.replace('\n', "\r\n") } else { after });
        return Formatted { set, before: text.to_owned(), after };
    }
    // AD FS keeps line ends and outer blanks as they came; neither is worth a word.
    let before = format!("{}\n", text.replace("\r\n", "\n").trim());
    Formatted { set, before, after }
}

/// Why `--write` cannot be done, if it cannot.
fn unwritable(found: &RuleSets) -> Option<Error> {
    let help = "Leave --write away: the formatted rules are printed, and Set-AdfsRelyingPartyTrust or the console takes them.";
    let set = found.sets.iter().find(|set| set.owner.is_some() || !inputs::is_plain_file(&set.path));
    if let Some(set) = set {
        let what = match () {
            () if set.owner.is_some() => "is an export, which says what the farm is",
            () if set.path == inputs::STANDARD_INPUT => "is no file",
            () => "stands in an archive",
        };
        let error = Error::usage(format!("{}: this {what}; nothing was written.", set.path));
        return Some(error.help(help));
    }
    let is_lossy = |id: SourceId| found.gathered.files.iter().any(|file| file.source == id && file.lossy);
    let damaged = found.sets.iter().find(|set| is_lossy(set.source))?;
    let message = format!("{}: some bytes stand for no character; nothing was written.", damaged.path);
    Some(Error::usage(message).help("Save the file as UTF-8 first."))
}

fn write(all: &[Formatted<'_>], found: &RuleSets, sources: &Sources) -> u8 {
    let mut errors = Vec::new();
    for one in all.iter().filter(|one| one.differs()) {
        let origin = sources.get(one.set.source).map(|source| source.origin().clone());
        let (Some(after), Some(Origin::File { encoding, bom })) = (&one.after, origin) else { continue };
        let after = with_secrets(one, sources).unwrap_or_else(|| after.clone());
        if let Err(error) = inputs::rewrite(&one.set.path, &after, encoding, bom) {
            errors.push(error);
        } else {
            say(&format!("{}: formatted\n", pretty::harmless_line(&one.set.path)));
        }
    }
    if errors.is_empty() { found.trouble } else { complain(&errors, sources, Color::Auto) }
}

/// The formatted text with the secrets that are masked everywhere else, if the file holds any.
fn with_secrets(one: &Formatted<'_>, sources: &Sources) -> Option<String> {
    let unmasked = sources.get(one.set.source)?.unmasked()?;
    let after = rule_set(&claims::parse(unmasked))?;
    Some(if one.before.contains("\r\n") { after.replace('\n', "\r\n") } else { after })
}

fn tell_lost(sets: &[RuleSetText]) {
    for set in sets.iter().filter(|set| set.lost) {
        say(&format!("{}: the export lost this rule set\n", pretty::harmless_line(&title(set))));
    }
}

fn tell_refused(all: &[Formatted<'_>], sources: &Sources) {
    let color = uses_color(Color::Auto, io::stderr().is_terminal());
    for one in all.iter().filter(|one| one.after.is_none()) {
        let problems = &one.set.parsed.problems;
        for problem in problems.iter().take(PROBLEMS) {
            let span = Span::new(one.set.source, problem.range.0, problem.range.1);
            let error = Error::input(&*problem.message).at(span).help(&*problem.help);
            say(&pretty::write_error(&error, sources, Style { color, ..plain_style() }));
        }
        let more = problems.len().saturating_sub(PROBLEMS);
        let more = if more > 0 { format!(" ({more} more problems)") } else { String::new() };
        let title = pretty::harmless_line(&title(one.set));
        say(&format!("{title}: does not parse and is left as it is{more}\n"));
    }
}

/// Writes to standard error. Nothing can be done about a terminal that takes no text.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
