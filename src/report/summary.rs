//! The end of the report: verdicts, what could not be decided, what was read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::style::Style;
use super::window::visible_line;
use super::{FileState, Report};
use crate::finding::{Finding, Severity};

/// Missing exports that are listed.
const LISTED: usize = 12;

/// Writes the summary. Writing to a String cannot fail.
pub(super) fn write(report: &Report, style: Style, out: &mut String) {
    let paint = Paint { on: style.color };
    findings(report, paint, out);
    verdicts(report, paint, out);
    missing(report, paint, out);
    files(report, out);
}

/// What rules say that sum up others: one line for each object, the worst first.
pub(super) fn sums(report: &Report, style: Style, out: &mut String) {
    let paint = Paint { on: style.color };
    for rule in report.rules.iter().filter(|rule| rule.sums) {
        let mut lines: Vec<String> = Vec::new();
        for severity in Severity::ALL.into_iter().rev() {
            let here = |finding: &&Finding| finding.rule == rule.id && finding.severity == severity;
            let word = paint.severity(severity, &format!("{:<7}", severity.name()));
            let line = |finding: &Finding| format!("  {word}  {}", visible_line(&finding.message));
            lines.extend(report.findings.iter().filter(here).map(line));
        }
        for (word, texts) in [("unknown", &rule.undecided), ("pass", &rule.settled)] {
            lines.extend(texts.iter().map(|text| format!("  {word:<7}  {}", visible_line(text))));
        }
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", paint.bold(&format!("{} ({}):", rule.title, rule.id)));
        lines.iter().for_each(|line| out.extend([line, "\n"]));
        let _ = writeln!(out);
        for line in rule.fix.lines() {
            let _ = writeln!(out, "  {}", visible_line(line));
        }
        let _ = writeln!(out);
    }
}

/// Colours, or none.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    /// Whether there are colours.
    pub on: bool,
}

impl Paint {
    /// Strong text.
    pub fn bold(self, text: &str) -> String {
        if self.on { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Note => "36",
        };
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A number with the word behind it.
pub(super) fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn findings(report: &Report, paint: Paint, out: &mut String) {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (severity, count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            paint.severity(severity, &plural(count, severity.name(), &format!("{severity}s")))
        })
        .collect();
    let total = report.findings.len();
    let _ = match (total, parts.len()) {
        (0, _) if report.is_of_nothing() => {
            writeln!(out, "{}", paint.bold("Nothing was checked: no AD FS configuration was found."))
        }
        (0, _) => writeln!(out, "{}", paint.bold("No findings.")),
        _ => writeln!(out, "{}: {}.", paint.bold(&plural(total, "finding", "findings")), parts.join(", ")),
    };
    if report.hidden > 0 {
        let _ =
            writeln!(out, "{} below --min-severity not shown.", plural(report.hidden, "finding", "findings"));
    }
}

fn verdicts(report: &Report, paint: Paint, out: &mut String) {
    let [failed, unknown, passed, not_applicable] = report.rule_counts();
    let [pass, fail, open, outside] = report.counts();
    let date = report.as_of.date();
    let _ = writeln!(
        out,
        "{}: {failed} failed, {unknown} undecided, {passed} passed, {not_applicable} not applicable (as of {date}).",
        paint.bold(&plural(report.rules.len(), "rule", "rules")),
    );
    let _ = writeln!(
        out,
        "Verdicts, one for each rule and object: {fail} fail, {open} unknown, {pass} pass, {outside} not applicable.",
    );
}

fn missing(report: &Report, paint: Paint, out: &mut String) {
    let not_found = &report.coverage.not_found;
    if !not_found.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("What would decide more, the most valuable first:"));
        for export in not_found.iter().take(LISTED) {
            let _ = writeln!(
                out,
                "  {} ({})",
                visible_line(&export.what),
                plural(export.decides, "rule", "rules")
            );
            if !export.remedy.is_empty() {
                let _ = writeln!(out, "      {}", visible_line(&export.remedy));
            }
        }
        if not_found.len() > LISTED {
            let _ = writeln!(out, "  and {} more; --format json lists them all.", not_found.len() - LISTED);
        }
    }
    others(report, paint, out);
    undecided(report, paint, out);
}

/// What rules say of what they cannot judge.
fn undecided(report: &Report, paint: Paint, out: &mut String) {
    let rows: Vec<(&str, &str)> = report
        .rules
        .iter()
        .filter(|rule| !rule.sums)
        .flat_map(|rule| rule.undecided.iter().map(|text| (&*rule.id, text.as_str())))
        .collect();
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paint.bold("Undecided; for you to compare:"));
    for (rule, text) in rows.iter().take(LISTED) {
        let _ = writeln!(out, "  {rule}: {}", visible_line(text));
    }
    if rows.len() > LISTED {
        let _ = writeln!(out, "  and {} more; --format json lists them all.", rows.len() - LISTED);
    }
}

/// Missing values whose export is there: lost, or never stated.
fn others(report: &Report, paint: Paint, out: &mut String) {
    let mut rows: Vec<(&str, &str, &str, Vec<&str>)> = Vec::new();
    for rule in &report.rules {
        for input in &rule.missing {
            if report.coverage.not_found.iter().any(|export| export.what == input.what) {
                continue;
            }
            match rows.iter_mut().find(|row| row.0 == input.what) {
                Some(row) => row.3.push(&rule.id),
                None => rows.push((&input.what, &input.reason, &input.remedy, vec![&rule.id])),
            }
        }
    }
    if rows.is_empty() {
        return;
    }
    rows.sort_by(|a, b| b.3.len().cmp(&a.3.len()).then_with(|| a.0.cmp(b.0)));
    let _ = writeln!(out, "\n{}", paint.bold("Values that are missing:"));
    let mut told = BTreeSet::new();
    for (what, reason, remedy, rules) in rows.iter().take(LISTED) {
        let _ = writeln!(out, "  {} - {} ({})", visible_line(what), visible_line(reason), rules.join(", "));
        // One command brings every value that it prints.
        if !remedy.is_empty() && told.insert(*remedy) {
            let _ = writeln!(out, "      {}", visible_line(remedy));
        }
    }
    if rows.len() > LISTED {
        let _ = writeln!(out, "  and {} more; --format json lists them all.", rows.len() - LISTED);
    }
}

/// Files are listed at the top; what is wrong with them must not be missed here.
fn files(report: &Report, out: &mut String) {
    let files = &report.coverage.files;
    let whole = files.iter().filter(|file| file.state == FileState::Whole).count();
    if whole < files.len() {
        let all = plural(files.len(), "file", "files");
        let _ = writeln!(
            out,
            "\n{} of {all} not read whole; the top of the report names them.",
            files.len() - whole
        );
    }
}
