//! What one line of console text is.

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use crate::read::lines::{self, Line};

#[derive(Parser)]
#[grammar = "../grammar/format_list.pest"]
struct Grammar;

/// Longest line that may hold a name; a longer one is only text.
const LONGEST: usize = 400;

/// What the grammar makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    Blank,
    /// A command whose output follows; where its name stands.
    Command {
        name: (usize, usize),
        /// It prints every object that there is.
        is_whole: bool,
    },
    /// A prompt with a command that is of no interest, or prints nothing.
    Prompt,
    /// A row of stars around the words at the beginning and the end of a transcript.
    Frame,
    /// A row of dashes.
    Ornament,
    /// The row of dashes below the headings of a table.
    Columns,
    /// The error of a command.
    Failure,
    /// `Name : value`.
    Entry {
        name: (usize, usize),
        /// Blanks before the name.
        indent: usize,
        /// Column of the colon.
        colon: usize,
        /// Where the value begins.
        value: usize,
        /// Column of the value.
        column: usize,
    },
    Text,
}

/// The form of a line.
pub(super) fn form(text: &str, line: Line) -> Form {
    let body = line.of(text);
    if body.trim().is_empty() {
        return Form::Blank;
    }
    // A coloured line is read without its colours, and its places are moved back behind them.
    let colours = lines::colours(body);
    let plain = lines::plain(body);
    let indent = plain.len() - plain.trim_start_matches([' ', '\t']).len();
    let moved = |at: usize| {
        let mut at = indent + at;
        for (start, length) in &colours {
            if *start <= at {
                at += length;
            }
        }
        line.start + at
    };
    let inside = plain.get(indent..).unwrap_or("");
    if is_plain_text(inside) {
        return Form::Text;
    }
    let head = (0..=LONGEST.min(inside.len())).rev().find(|cut| inside.is_char_boundary(*cut)).unwrap_or(0);
    let Some(parsed) = inside.get(..head).and_then(|head| Grammar::parse(Rule::line, head).ok()) else {
        return Form::Text;
    };
    match parsed.flatten().nth(1).map_or(Form::Text, |pair| of_pair(&pair, &moved)) {
        Form::Entry { name, colon, value, column, .. } => {
            Form::Entry { name, indent, colon: indent + colon, value, column: indent + column }
        }
        Form::Command { name, is_whole } if indent == 0 || name.0 == name.1 => {
            Form::Command { name, is_whole }
        }
        // Prompts and errors begin where the line begins; further right they are part of a text.
        Form::Prompt | Form::Failure | Form::Command { .. } if indent > 0 => Form::Text,
        other => other,
    }
}

/// Whether a look at a line tells that it is a part of a value. Most lines of a long export are, and the grammar is slow.
fn is_plain_text(line: &str) -> bool {
    let bytes = line.as_bytes();
    match bytes.first() {
        Some(b'=') => bytes.get(1) == Some(&b'>'),
        Some(b'[') => !line.contains("]: "),
        Some(b'-' | b'_' | b'*' | b'#') => false,
        Some(letter) if letter.is_ascii_alphabetic() => {
            // A property's name ends in a colon with a blank, or nothing, behind it.
            let mut ends = memchr::memchr_iter(b':', bytes);
            let is_named = ends.any(|at| matches!(bytes.get(at + 1), None | Some(b' ')));
            let begins = ["PS", "Get-", "get-", "SSL", "Liaisons"];
            !is_named && !begins.iter().any(|word| line.starts_with(word))
        }
        _ => true,
    }
}

fn of_pair(pair: &Pair<'_, Rule>, moved: &impl Fn(usize) -> usize) -> Form {
    let part = |wanted: Rule| pair.clone().into_inner().find(|part| part.as_rule() == wanted);
    let text = |wanted: Rule| part(wanted).map_or("", |part| part.as_str());
    match pair.as_rule() {
        Rule::prompt | Rule::heading => match part(Rule::cmdlet) {
            Some(cmdlet) => command(&cmdlet, text(Rule::before), text(Rule::rest), moved),
            None => Form::Prompt,
        },
        Rule::frame => Form::Frame,
        Rule::columns => Form::Columns,
        Rule::rule => Form::Ornament,
        Rule::failure => Form::Failure,
        // netsh is named by nothing at all.
        Rule::netsh_heading => Form::Command { name: (moved(0), moved(0)), is_whole: true },
        Rule::entry => match (part(Rule::name), part(Rule::colon)) {
            (Some(name), Some(colon)) => {
                let value = part(Rule::value).map_or(colon.as_span().end(), |value| value.as_span().start());
                Form::Entry {
                    name: (moved(name.as_span().start()), moved(name.as_span().end() - 1) + 1),
                    indent: 0,
                    colon: colon.as_span().start(),
                    value: moved(value),
                    column: value.max(colon.as_span().start() + 2),
                }
            }
            _ => Form::Text,
        },
        _ => Form::Text,
    }
}

/// A command by what is typed before it and behind it.
fn command(cmdlet: &Pair<'_, Rule>, before: &str, rest: &str, moved: &impl Fn(usize) -> usize) -> Form {
    let span = cmdlet.as_span();
    match prints(before, rest) {
        Prints::Nothing => Form::Prompt,
        printed => Form::Command {
            name: (moved(span.start()), moved(span.end() - 1) + 1),
            is_whole: printed == Prints::Everything,
        },
    }
}

#[derive(PartialEq)]
enum Prints {
    Nothing,
    /// Objects of one name, the first ten, those that fit a filter.
    Part,
    Everything,
}

/// Commands behind a `|` that let every object through.
const PASSING: [&str; 9] = [
    "fl",
    "format-list",
    "out-string",
    "out-host",
    "out-default",
    "convertto-json",
    "tee-object",
    "sort-object",
    "sort",
];
/// Commands behind a `|` that take the output elsewhere.
const TAKING: [&str; 8] = [
    "out-file",
    "out-null",
    "out-gridview",
    "export-clixml",
    "export-csv",
    "set-content",
    "add-content",
    "clip",
];

fn prints(before: &str, rest: &str) -> Prints {
    let mut stages = rest.split('|').map(str::trim);
    let arguments = stages.next().unwrap_or("");
    let is_decoration = arguments.chars().all(|letter| "=-#*: ".contains(letter));
    let mut printed =
        if before.trim().is_empty() && is_decoration { Prints::Everything } else { Prints::Part };
    if before.contains('=') || rest.contains('>') {
        return Prints::Nothing;
    }
    for stage in stages {
        let stage = stage.to_ascii_lowercase();
        let word = stage.split_whitespace().next().unwrap_or("");
        let picks = ["-f", "-l", "-sk", "-u", "-i", ";"].iter().any(|option| stage.contains(option));
        match word {
            _ if TAKING.contains(&word) => return Prints::Nothing,
            "select" | "select-object" if !picks => {}
            _ if PASSING.contains(&word) && !stage.contains(';') => {}
            _ => printed = Prints::Part,
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Form {
        form(text, Line { start: 0, end: text.len() })
    }

    #[test]
    fn what_a_command_prints() {
        for (typed, expected) in [
            ("Get-AdfsProperties", Some(true)),
            ("Get-AdfsProperties | fl *", Some(true)),
            ("Get-AdfsEndpoint | select Name, Enabled | Format-List", Some(true)),
            ("Get-AdfsRelyingPartyTrust -Name \"HR\"", Some(false)),
            ("Get-AdfsRelyingPartyTrust | where Enabled | fl", Some(false)),
            ("Get-AdfsRelyingPartyTrust | select -First 3", Some(false)),
            ("(Get-AdfsProperties).LogLevel", Some(false)),
            ("$trusts = Get-AdfsRelyingPartyTrust", None),
            ("Get-AdfsRelyingPartyTrust | Export-Clixml trusts.xml", None),
            ("Get-AdfsRelyingPartyTrust > trusts.txt", None),
            ("Stop-Transcript", None),
        ] {
            let found = match of(&format!("PS C:\\Users\\admin> {typed}")) {
                Form::Command { is_whole, .. } => Some(is_whole),
                Form::Prompt => None,
                other => panic!("{typed}: {other:?}"),
            };
            assert_eq!(found, expected, "{typed}");
        }
        assert!(matches!(of("[sts01]: PS C:\\> Get-AdfsEndpoint"), Form::Command { is_whole: true, .. }));
        assert!(matches!(of("PS>"), Form::Prompt));
        assert!(matches!(of("--- Get-AdfsEndpoint ---"), Form::Command { is_whole: true, .. }));
        assert!(matches!(of("Get-AdfsEndpoint | fl *"), Form::Command { is_whole: true, .. }));
    }

    #[test]
    fn colours_do_not_move_a_place() {
        let text = "\u{1b}[32;1mHostName : \u{1b}[0msts";
        let Form::Entry { name, colon, value, column, .. } = of(text) else { panic!("{text}") };
        assert_eq!((text.get(name.0..name.1), text.get(value..)), (Some("HostName"), Some("sts")));
        assert_eq!((colon, column), (9, 11));
    }

    #[test]
    fn lines_that_are_no_property() {
        assert_eq!(of("----     -------"), Form::Columns);
        assert_eq!(of("-----------------"), Form::Ornament);
        assert_eq!(of("**********************"), Form::Frame);
        assert_eq!(of("Get-AdfsProperties : MSIS7612: no"), Form::Failure);
        assert_eq!(of("Get-AdfsProperties: The term is unknown"), Form::Failure);
        assert_eq!(of("sts.contoso.com 443"), Form::Text);
    }
}
