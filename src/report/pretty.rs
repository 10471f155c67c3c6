//! The report for people in front of a terminal.

use std::fmt::{self, Write as _};

use unicode_width::UnicodeWidthStr as _;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

pub use super::style::Style;
use super::window::{Excerpt, Room, visible, visible_line};
use super::{Report, overview, summary};
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::source::{Origin, Sources, Span};

/// Findings of one rule that are shown in full; the others get a line each.
const IN_FULL: usize = 3;
/// Lines for the others.
const LINES: usize = 20;

/// Writes a report.
pub fn write(report: &Report, sources: &Sources, style: Style) -> String {
    write_in(report, sources, style, Room::ROOMY)
}

/// The same for a terminal that has so many columns and would break longer lines.
pub fn write_within(report: &Report, sources: &Sources, style: Style, columns: usize) -> String {
    write_in(report, sources, style, Room::within(columns))
}

fn write_in(report: &Report, sources: &Sources, style: Style, room: Room) -> String {
    let mut out = String::new();
    let handler = handler(style);
    overview::write(report, style, &mut out);
    for group in groups(report) {
        let full = if style.verbose || group.len() <= IN_FULL + 1 { group.len() } else { IN_FULL };
        for finding in group.iter().take(full) {
            let shown = diagnostic(finding, sources, room);
            render(&handler, &shown, &mut out);
            for beside in &shown.related {
                render(&handler, beside, &mut out);
            }
            advice(finding, style, &mut out);
        }
        rest(&group, full, sources, &mut out);
    }
    summary::sums(report, style, &mut out);
    summary::write(report, style, &mut out);
    out
}

/// Writes what stopped the program.
pub fn write_error(error: &Error, sources: &Sources, style: Style) -> String {
    let mut out = String::new();
    let labels = error.span.map(|span| (span, String::new())).into_iter().collect();
    let mut shown = Shown {
        message: visible(&error.message),
        code: None,
        severity: miette::Severity::Error,
        help: error.help.as_deref().map(visible),
        excerpt: None,
        related: Vec::new(),
    };
    let room = if style.width < 100 { Room::within(style.width) } else { Room::ROOMY };
    shown.point(sources, labels, room);
    render(&handler(style), &shown, &mut out);
    out
}

/// A text of an export, without anything that a terminal would obey.
pub fn harmless(text: &str) -> String {
    visible(text)
}

/// The same on one line, for a name.
pub fn harmless_line(text: &str) -> String {
    visible_line(text)
}

fn handler(style: Style) -> GraphicalReportHandler {
    let theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.clamp(40, 140))
        .with_context_lines(1)
        .with_links(false)
}

fn render(handler: &GraphicalReportHandler, diagnostic: &dyn Diagnostic, out: &mut String) {
    if handler.render_report(out, diagnostic).is_err() {
        // Only a writer can fail, and a String does not.
        let _ = writeln!(out, "{diagnostic}");
    }
    out.push('\n');
}

/// Findings by rule: the worst first, then in the order of their places. Rules that sum up others have a list of their own.
fn groups(report: &Report) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let is_sum = |finding: &Finding| report.rules.iter().any(|rule| rule.sums && rule.id == finding.rule);
    for finding in report.findings.iter().filter(|finding| !is_sum(finding)) {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| first.rule == finding.rule)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.iter().map(|finding| finding.severity).max()));
    groups
}

fn rest(group: &[&Finding], full: usize, sources: &Sources, out: &mut String) {
    let others = group.len().saturating_sub(full);
    let Some(first) = group.first().filter(|_| others > 0) else { return };
    let _ = writeln!(out, "  {} ({}) also for {others} more:", first.rule, first.name);
    for finding in group.iter().skip(full).take(LINES) {
        let _ = writeln!(
            out,
            "    {}  {}",
            place(sources, finding.primary.span),
            visible_line(&finding.object.to_string())
        );
    }
    if others > LINES {
        let _ = writeln!(out, "    and {} more; --verbose shows all of them.", others - LINES);
    }
    out.push('\n');
}

/// `file:line:column` on disk.
pub(super) fn place(sources: &Sources, span: Span) -> String {
    let raw = sources.on_disk(span);
    let position = sources.position(raw.source, raw.start);
    let name = sources.get(raw.source).map_or("", |source| source.name());
    format!("{}:{}:{}", visible_line(name), position.line, position.column)
}

fn diagnostic(finding: &Finding, sources: &Sources, room: Room) -> Shown {
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Note => miette::Severity::Advice,
    };
    let mut shown = Shown {
        message: visible_line(&finding.message),
        code: Some(format!("{}[{}] {}", finding.severity, finding.rule, finding.name)),
        severity,
        help: None,
        excerpt: None,
        related: Vec::new(),
    };
    let labels = std::iter::once(&finding.primary).chain(&finding.related);
    shown.point(sources, labels.map(|label| (label.span, label.text.clone())).collect(), room);
    shown
}

/// Why it matters, and how to mend it. Commands are not wrapped: they are there to be copied.
fn advice(finding: &Finding, style: Style, out: &mut String) {
    let label = |word: &str| if style.color { format!("\u{1b}[36m{word}\u{1b}[0m") } else { word.to_owned() };
    for (index, line) in wrap(&finding.why, style.width.clamp(40, 140) - 7).iter().enumerate() {
        let head = if index == 0 { label("why:") } else { "    ".to_owned() };
        let _ = writeln!(out, "  {head} {line}");
    }
    let fix = finding.help.as_deref().map(visible).unwrap_or_default();
    for (index, line) in fix.trim().lines().enumerate() {
        let head = if index == 0 { label("fix:") } else { "    ".to_owned() };
        let _ = writeln!(out, "  {head} {line}");
    }
    out.push('\n');
}

/// Lines of at most `width` characters. The line breaks of a rule file mean nothing here.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in visible(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: Option<String>,
    severity: miette::Severity,
    help: Option<String>,
    excerpt: Option<Excerpt>,
    related: Vec<Shown>,
}

impl Shown {
    /// Adds the places: those near the first one to the finding itself, the others below it.
    fn point(&mut self, sources: &Sources, labels: Vec<(Span, String)>, room: Room) {
        let Some((first, _)) = labels.first().cloned() else { return };
        let mut order: Vec<crate::source::SourceId> = Vec::new();
        for (span, _) in &labels {
            if !order.contains(&span.source) {
                order.push(span.source);
            }
        }
        let mut excerpts = Vec::new();
        for source in order {
            let here: Vec<(Span, String)> =
                labels.iter().filter(|(span, _)| span.source == source).cloned().collect();
            let name = heading(sources, here.first().map_or(first, |(span, _)| *span));
            excerpts.extend(Excerpt::of(sources, source, &name, &here, room));
        }
        let mut excerpts = excerpts.into_iter();
        self.excerpt = excerpts.next();
        self.related = excerpts.map(Shown::beside).collect();
    }

    fn beside(excerpt: Excerpt) -> Self {
        Self {
            message: "see also".to_owned(),
            code: None,
            severity: miette::Severity::Advice,
            help: None,
            excerpt: Some(excerpt),
            related: Vec::new(),
        }
    }
}

/// Name of a source in a heading: a file's path; for a claim rule its place on disk, then its title, so that the
/// line and column that follow are those in the rule.
fn heading(sources: &Sources, span: Span) -> String {
    let Some(source) = sources.get(span.source) else { return String::new() };
    let title = visible_line(source.name());
    if matches!(source.origin(), Origin::File { .. }) {
        return title;
    }
    let file = sources.get(sources.on_disk(span).source).map_or("", |file| file.name());
    let base = visible_line(file.rsplit(['/', '\\']).next().unwrap_or(file));
    let inner = title.strip_prefix(&base).and_then(|rest| rest.strip_prefix(" › ")).unwrap_or(&title);
    format!("{} › {inner}", place(sources, span))
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let marks = &excerpt.marks;
        let main = marks.iter().position(|mark| Some(mark.start) == excerpt.main).unwrap_or(0);
        Some(Box::new(marks.iter().enumerate().map(move |(index, mark)| {
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            if index == main {
                LabeledSpan::new_primary_with_span(text, (mark.start, mark.length))
            } else {
                LabeledSpan::new(text, mark.start, mark.length)
            }
        })))
    }
}
