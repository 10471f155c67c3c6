//! The report for programs: JSON, version 1. `schema/report-v1.json` describes it.
//!
//! Within version 1 keys are only added. Lines and columns count from 1, columns in code points; byte offsets count
//! in the file on disk.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Report;
use crate::check::verdict::{EvidenceRow, MissingInput, VerdictRow};
use crate::finding::{Finding, Label, ObjectName};
use crate::source::{Origin, Sources, Span};

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("schema/report-v1.json");

#[derive(Serialize)]
struct Root<'r> {
    version: u32,
    tool: Tool,
    pack: Pack<'r>,
    as_of: String,
    summary: Summary,
    findings: Vec<FindingRow<'r>>,
    rules: Vec<Rule<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdicts: Option<Vec<Verdict<'r>>>,
    coverage: Coverage<'r>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Pack<'r> {
    name: &'r str,
    sha256: &'r str,
    rules: usize,
}

#[derive(Serialize)]
struct Summary {
    findings: usize,
    hidden: usize,
    error: usize,
    warning: usize,
    note: usize,
    rules: Counts<usize>,
    verdicts: Counts<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts<N> {
    fail: N,
    unknown: N,
    pass: N,
    not_applicable: N,
}

#[derive(Serialize)]
struct Object<'r> {
    kind: &'r str,
    name: &'r str,
}

#[derive(Serialize)]
struct FindingRow<'r> {
    rule: &'r str,
    name: &'r str,
    severity: &'static str,
    confidence: &'static str,
    object: Object<'r>,
    message: &'r str,
    primary: Place<'r>,
    related: Vec<Place<'r>>,
    help: Option<&'r str>,
    why: &'r str,
}

#[derive(Serialize)]
struct Place<'r> {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u64,
    byte_end: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Within>,
}

/// The place in a decoded claim rule.
#[derive(Serialize)]
struct Within {
    title: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Rule<'r> {
    id: &'r str,
    name: &'r str,
    title: &'r str,
    severity: &'static str,
    confidence: &'static str,
    group: &'r str,
    pass: u32,
    fail: u32,
    unknown: u32,
    not_applicable: u32,
    missing: Vec<Missing<'r>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    undecided: &'r [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    settled: &'r [String],
}

#[derive(Serialize)]
struct Missing<'r> {
    what: &'r str,
    reason: &'r str,
    remedy: &'r str,
}

#[derive(Serialize)]
struct Verdict<'r> {
    rule: &'r str,
    object: Object<'r>,
    verdict: &'static str,
    missing: Vec<Missing<'r>>,
    evidence: Vec<Evidence<'r>>,
}

#[derive(Serialize)]
struct Evidence<'r> {
    path: &'r str,
    value: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place<'static>>,
}

#[derive(Serialize)]
struct Coverage<'r> {
    files: Vec<File<'r>>,
    formats: Vec<FormatCount<'r>>,
    kinds: Vec<Objects<'r>>,
    servers: Vec<Server<'r>>,
    not_found: Vec<NotFound<'r>>,
    undecided: Vec<Undecided<'r>>,
}

#[derive(Serialize)]
struct FormatCount<'r> {
    format: &'r str,
    files: usize,
}

#[derive(Serialize)]
struct Server<'r> {
    name: &'r str,
    role: Option<&'static str>,
    reached: bool,
    error: Option<&'r str>,
}

/// Undecided rules, each under one thing that would decide it.
#[derive(Serialize)]
struct Undecided<'r> {
    what: &'r str,
    rules: Vec<&'r str>,
}

#[derive(Serialize)]
struct File<'r> {
    file: &'r str,
    format: &'r str,
    encoding: &'r str,
    state: &'static str,
    objects: Vec<Objects<'r>>,
    notes: &'r [String],
}

#[derive(Serialize)]
struct Objects<'r> {
    kind: &'r str,
    count: usize,
}

#[derive(Serialize)]
struct NotFound<'r> {
    what: &'r str,
    reason: &'r str,
    remedy: &'r str,
    decides: usize,
}

/// Writes a report.
pub fn write(report: &Report, sources: &Sources) -> Result<String, serde_json::Error> {
    let root = root(report, sources);
    serde_json::to_string_pretty(&root).map(|text| text + "\n")
}

fn root<'r>(report: &'r Report, sources: &Sources) -> Root<'r> {
    Root {
        version: 1,
        tool: Tool { name: "adfslint", version: env!("CARGO_PKG_VERSION") },
        pack: Pack { name: &report.pack.name, sha256: &report.pack.sha256, rules: report.pack.rules },
        as_of: report.as_of.date().to_string(),
        summary: summary(report),
        findings: report.findings.iter().map(|finding| finding_row(finding, sources)).collect(),
        rules: report.rules.iter().map(rule).collect(),
        verdicts: report.verdicts.as_ref().map(|rows| rows.iter().map(|row| verdict(row, sources)).collect()),
        coverage: coverage(report),
    }
}

fn summary(report: &Report) -> Summary {
    let count = |name: &str| report.findings.iter().filter(|finding| finding.severity.name() == name).count();
    let [failed, undecided, passed, outside] = report.rule_counts();
    let [pass, fail, unknown, not_applicable] = report.counts();
    Summary {
        findings: report.findings.len(),
        hidden: report.hidden,
        error: count("error"),
        warning: count("warning"),
        note: count("note"),
        rules: Counts { fail: failed, unknown: undecided, pass: passed, not_applicable: outside },
        verdicts: Counts { fail, unknown, pass, not_applicable },
    }
}

fn object(name: &ObjectName) -> Object<'_> {
    Object { kind: &name.kind, name: &name.name }
}

fn finding_row<'r>(finding: &'r Finding, sources: &Sources) -> FindingRow<'r> {
    FindingRow {
        rule: &finding.rule,
        name: &finding.name,
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        object: object(&finding.object),
        message: &finding.message,
        primary: label(&finding.primary, sources),
        related: finding.related.iter().map(|one| label(one, sources)).collect(),
        help: finding.help.as_deref(),
        why: &finding.why,
    }
}

fn label<'r>(label: &'r Label, sources: &Sources) -> Place<'r> {
    Place { text: &label.text, ..place(label.span, sources) }
}

fn place<'r>(span: Span, sources: &Sources) -> Place<'r> {
    let raw = sources.on_disk(span);
    let start = sources.position(raw.source, raw.start);
    let end = sources.position(raw.source, raw.end);
    let source = sources.get(span.source);
    let within = source.filter(|source| matches!(source.origin(), Origin::Embedded { .. })).map(|source| {
        let (start, end) =
            (sources.position(span.source, span.start), sources.position(span.source, span.end));
        Within {
            title: source.name().to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    });
    Place {
        file: sources.get(raw.source).map(|source| source.name().to_owned()).unwrap_or_default(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_offset: sources.file_offset(raw.source, raw.start),
        byte_end: sources.file_offset(raw.source, raw.end),
        text: "",
        within,
    }
}

fn missing(inputs: &[MissingInput]) -> Vec<Missing<'_>> {
    inputs
        .iter()
        .map(|input| Missing { what: &input.what, reason: &input.reason, remedy: &input.remedy })
        .collect()
}

fn rule(row: &super::RuleRow) -> Rule<'_> {
    Rule {
        id: &row.id,
        name: &row.name,
        title: &row.title,
        severity: row.severity.name(),
        confidence: row.confidence.name(),
        group: &row.group,
        pass: row.pass,
        fail: row.fail,
        unknown: row.unknown,
        not_applicable: row.not_applicable,
        missing: missing(&row.missing),
        undecided: &row.undecided,
        settled: &row.settled,
    }
}

fn verdict<'r>(row: &'r VerdictRow, sources: &Sources) -> Verdict<'r> {
    let evidence = |one: &'r EvidenceRow| Evidence {
        path: &one.path,
        value: &one.value,
        place: one.span.map(|span| place(span, sources)),
    };
    Verdict {
        rule: &row.rule,
        object: object(&row.object),
        verdict: row.verdict.name(),
        missing: missing(&row.missing),
        evidence: row.evidence.iter().map(evidence).collect(),
    }
}

fn coverage(report: &Report) -> Coverage<'_> {
    let files = report.coverage.files.iter().map(|file| File {
        file: &file.name,
        format: &file.format,
        encoding: &file.encoding,
        state: file.state.name(),
        objects: file.objects.iter().map(|(kind, count)| Objects { kind, count: *count }).collect(),
        notes: &file.notes,
    });
    let not_found = report.coverage.not_found.iter().map(|export| NotFound {
        what: &export.what,
        reason: &export.reason,
        remedy: &export.remedy,
        decides: export.decides,
    });
    let servers = report.coverage.servers.iter().map(|server| Server {
        name: &server.name,
        role: server.role,
        reached: server.reached,
        error: server.error.as_deref(),
    });
    let undecided = report
        .coverage
        .wants
        .iter()
        .map(|want| Undecided { what: &want.what, rules: want.rules.iter().map(|rule| &**rule).collect() });
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, count) in report.coverage.files.iter().flat_map(|file| &file.objects) {
        *kinds.entry(&**kind).or_default() += *count;
    }
    let formats = super::coverage::formats(&report.coverage.files).into_iter();
    Coverage {
        files: files.collect(),
        formats: formats.map(|(format, files)| FormatCount { format, files }).collect(),
        kinds: kinds.into_iter().map(|(kind, count)| Objects { kind, count }).collect(),
        servers: servers.collect(),
        not_found: not_found.collect(),
        undecided: undecided.collect(),
    }
}

/// The coverage alone, for reports that have a place for it.
pub(super) fn coverage_value(report: &Report) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::to_value(coverage(report))
}
