//! Claim rules in plain words, for people.

use unicode_width::UnicodeWidthStr as _;

use super::window::{visible, visible_line};
use crate::claims::words::Words;
use crate::farm::RuleSetText;
use crate::source::Sources;

/// Columns that the words of a rule are moved in.
const INDENT: usize = 4;

/// Tells rule sets in plain words, each below a line that says whose it is.
pub fn write(sets: &[RuleSetText], words: Words<'_>, sources: &Sources, width: usize) -> String {
    let mut out = String::new();
    for set in sets {
        if !out.is_empty() {
            out.push('\n');
        }
        let title =
            if set.owner.is_some() { format!("{} › {}", set.path, set.title) } else { set.path.clone() };
        out.push_str(&format!("{}\n", visible_line(&title)));
        let owner = set.owner.as_ref().map_or("the application", |owner| owner.name.as_str());
        paragraph(&Words::purpose(set.stage, &visible_line(owner)), 0, width, &mut out);
        if set.lost {
            paragraph("The export lost these rules.", 0, width, &mut out);
        }
        rules(set, words, width, &mut out);
        problems(set, sources, width, &mut out);
    }
    out
}

fn rules(set: &RuleSetText, words: Words<'_>, width: usize, out: &mut String) {
    for (number, placed) in (1..).zip(&set.parsed.rules) {
        let name = placed.rule.annotation("RuleName").map(|name| format!(" {}", visible_line(&name.text())));
        out.push_str(&format!("\n{number:>3}.{}\n", name.unwrap_or_default()));
        paragraph(&words.rule(&placed.rule, set.stage), INDENT, width, out);
    }
}

fn problems(set: &RuleSetText, sources: &Sources, width: usize, out: &mut String) {
    if set.parsed.problems.is_empty() {
        return;
    }
    out.push('\n');
    let lead = if set.parsed.is_partial() {
        "AD FS refuses these rules, and not all of them can be told:"
    } else {
        "AD FS refuses these rules; they are told as they were meant:"
    };
    paragraph(lead, 0, width, out);
    for problem in &set.parsed.problems {
        let at = sources.position(set.source, problem.range.0);
        paragraph(&format!("{}:{} {}", at.line, at.column, problem.message), INDENT, width, out);
    }
}

/// Adds a text in lines of at most `width` columns.
pub(super) fn paragraph(text: &str, indent: usize, width: usize, out: &mut String) {
    let mut used = 0;
    for word in visible(text).split_whitespace() {
        if used > 0 && used + 1 + word.width() > width {
            out.push('\n');
            used = 0;
        }
        if used == 0 {
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += word.width();
    }
    out.push('\n');
}
