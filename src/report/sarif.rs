//! SARIF 2.1.0 for code scanning.
//!
//! Only failed expectations become results: uploads ignore the other kinds, or count them as alerts. What could not
//! be decided is told as notifications of the run.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, LogicalLocation, Message, MultiformatMessageString, Notification,
    PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, RunAutomationDetails, Sarif, Tool, ToolComponent,
};
use sha2::{Digest as _, Sha256};

use super::{FileState, Report, RuleRow, json};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::source::{Sources, Span};

/// Longest description that code scanning takes, in characters.
const DESCRIPTION: usize = 1000;

/// Writes a report.
pub fn write(report: &Report, sources: &Sources) -> Result<String, serde_json::Error> {
    let rules = report.rules.iter().map(descriptor).collect::<Vec<_>>();
    let driver = ToolComponent::builder()
        .name("adfslint")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules)
        .build();
    let results: Vec<SarifResult> =
        report.findings.iter().map(|finding| result(report, finding, sources)).collect();
    let invocation = Invocation::builder()
        .execution_successful(report.coverage.files.iter().all(|file| file.state != FileState::Unreadable))
        .tool_execution_notifications(notifications(report))
        .build();
    let properties = BTreeMap::from([("coverage".to_owned(), json::coverage_value(report)?)]);
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .results(results)
        .invocations(vec![invocation])
        .automation_details(RunAutomationDetails::builder().id("adfslint/").build())
        .column_kind(json!("unicodeCodePoints"))
        .properties(PropertyBag::builder().additional_properties(properties).build())
        .build();
    let sarif = Sarif::builder()
        .schema("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
        .version(json!("2.1.0"))
        .runs(vec![run])
        .build();
    serde_json::to_string_pretty(&sarif).map(|text| text + "\n")
}

fn level(severity: Severity) -> Value {
    json!(severity.name())
}

fn text(words: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(words).build()
}

fn shorten(words: &str) -> String {
    let plain = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.char_indices().nth(DESCRIPTION) {
        Some((cut, _)) => format!("{}…", plain.get(..cut).unwrap_or("")),
        None => plain,
    }
}

fn descriptor(rule: &RuleRow) -> ReportingDescriptor {
    let mut help = format!("{}\n\nFix:\n{}\n", rule.why, rule.fix);
    let mut markdown = format!("{}\n\n**Fix**\n\n```powershell\n{}\n```\n", rule.why, rule.fix);
    for reference in &rule.references {
        help.push_str(&format!("\n{reference}"));
        markdown.push_str(&format!("\n- {reference}"));
    }
    let precision = match rule.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let (problem, security) = match rule.severity {
        Severity::Error => ("error", "8.0"),
        Severity::Warning => ("warning", "5.0"),
        Severity::Note => ("recommendation", "2.0"),
    };
    let extra = [("precision", precision), ("problem.severity", problem), ("security-severity", security)];
    let extra: BTreeMap<String, Value> =
        extra.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    let mut tags = vec!["security".to_owned(), rule.group.clone()];
    tags.extend(rule.tags.iter().map(ToString::to_string));
    tags.dedup();
    let bag = PropertyBag::builder().tags(tags).additional_properties(extra).build();
    ReportingDescriptor::builder()
        .id(rule.id.as_ref())
        .name(rule.name.as_ref())
        .short_description(text(&shorten(&rule.title)))
        .full_description(text(&shorten(&rule.why)))
        .help(MultiformatMessageString::builder().text(help).markdown(markdown).build())
        .default_configuration(ReportingConfiguration::builder().level(level(rule.severity)).build())
        .properties(bag)
        .build()
}

fn result(report: &Report, finding: &Finding, sources: &Sources) -> SarifResult {
    let index = report.rules.iter().position(|rule| rule.id == finding.rule);
    let related: Vec<Location> = (1_i64..)
        .zip(&finding.related)
        .map(|(id, label)| {
            let mut location = location(label.span, sources);
            location.id = Some(id);
            location.message = Some(Message::builder().text(label_text(label)).build());
            location
        })
        .collect();
    let mut primary = location(finding.primary.span, sources);
    let name = finding.object.to_string();
    primary.logical_locations = Some(vec![
        LogicalLocation::builder().name(finding.object.name.as_str()).fully_qualified_name(name).build(),
    ]);
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str(&format!("\nFix: {help}"));
    }
    let fingerprint = BTreeMap::from([("adfsFinding/v1".to_owned(), fingerprint(finding))]);
    SarifResult::builder()
        .rule_id(finding.rule.as_ref())
        .rule_index(index.and_then(|index| i64::try_from(index).ok()).unwrap_or(-1))
        .level(match finding.severity {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
            Severity::Note => ResultLevel::Note,
        })
        .message(Message::builder().text(without_links(&message)).build())
        .locations(vec![primary])
        .related_locations(related)
        .partial_fingerprints(fingerprint)
        .build()
}

/// A message in which no name of an export becomes a link: `[text](target)` is one in SARIF.
fn without_links(message: &str) -> String {
    message.replace("](", "\\](")
}

fn label_text(label: &Label) -> &str {
    if label.text.is_empty() { "see also" } else { &label.text }
}

/// The same finding next week: rule, object and words, but not the place.
fn fingerprint(finding: &Finding) -> String {
    let text = format!("{}\n{}\n{}", finding.rule, finding.object, finding.primary.text);
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn location(span: Span, sources: &Sources) -> Location {
    let raw = sources.on_disk(span);
    let (start, end) = (sources.position(raw.source, raw.start), sources.position(raw.source, raw.end));
    let name = sources.get(raw.source).map_or("", |source| source.name());
    let bytes = (sources.file_offset(raw.source, raw.start), sources.file_offset(raw.source, raw.end));
    let region = Region::builder()
        .start_line(i64::from(start.line))
        .start_column(i64::from(start.column))
        .end_line(i64::from(end.line))
        .end_column(i64::from(end.column))
        .byte_offset(i64::try_from(bytes.0).unwrap_or(i64::MAX))
        .byte_length(i64::try_from(bytes.1.saturating_sub(bytes.0)).unwrap_or(0))
        .build();
    let artifact = ArtifactLocation::builder().uri(uri(name)).build();
    Location::builder()
        .physical_location(PhysicalLocation::builder().artifact_location(artifact).region(region).build())
        .build()
}

/// A path as a reference: forward slashes, no `./`, everything odd percent-encoded; `file:` if it is absolute.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let (drive, path) = match path.split_once(':') {
        Some((drive, rest)) if drive.len() == 1 && rest.starts_with('/') => (format!("/{drive}:"), rest),
        _ => (String::new(), path),
    };
    let mut encoded = match path.strip_prefix("//") {
        // A share of another machine: its name is the authority.
        Some(_) => "file:".to_owned(),
        None if path.starts_with('/') => format!("file://{drive}"),
        None => String::new(),
    };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn notifications(report: &Report) -> Vec<Notification> {
    let note = |level: &str, words: String| {
        let message = Message::builder().text(without_links(&words)).build();
        Notification::builder().level(json!(level)).message(message).build()
    };
    let undecided = report.coverage.wants.iter().map(|want| {
        let remedy = report.coverage.not_found.iter().find(|export| export.what == want.what);
        let remedy = remedy.map(|export| format!(" {}", export.remedy)).unwrap_or_default();
        let rules: Vec<&str> = want.rules.iter().map(|rule| &**rule).collect();
        let count = rules.len();
        note("note", format!("{count} undecided for want of {}: {}.{remedy}", want.what, rules.join(", ")))
    });
    let servers = report.coverage.servers.iter().filter(|server| !server.reached).map(|server| {
        let why = server.error.as_deref().unwrap_or("the manifest does not say why");
        note("warning", format!("{} was not reached: {why}", server.name))
    });
    let files = report.coverage.files.iter().flat_map(|file| {
        let level = if file.state == FileState::Whole { "note" } else { "warning" };
        file.notes.iter().map(move |words| {
            let artifact = ArtifactLocation::builder().uri(uri(&file.name)).build();
            let place = PhysicalLocation::builder().artifact_location(artifact).build();
            let mut notification = note(level, format!("{}: {words}", file.name));
            notification.locations = Some(vec![Location::builder().physical_location(place).build()]);
            notification
        })
    });
    undecided.chain(servers).chain(files).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./exports/My farm.json"), "exports/My%20farm.json");
        assert_eq!(uri("exports\\ä.json"), "exports/%C3%A4.json");
        assert_eq!(uri("/srv/a.json"), "file:///srv/a.json");
        assert_eq!(uri("C:\\farm\\a.json"), "file:///C:/farm/a.json");
        assert_eq!(uri("odd:name.json"), "odd%3Aname.json");
        assert_eq!(uri("//server/share/a.json"), "file://server/share/a.json");
    }

    #[test]
    fn names_do_not_become_links() {
        assert_eq!(
            without_links("Tokens for [pay](https://example.com)"),
            "Tokens for [pay\\](https://example.com)"
        );
    }
}
