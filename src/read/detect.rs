//! Tells the format of a text by what stands in it.

use super::{Format, certutil, csv, database, desired_state, lines, netsh, policy, toolbox};

/// Bytes at the beginning that decide.
const HEAD: usize = 64 * 1024;

/// The format of a text. An unknown one is [`Format::Text`].
pub(super) fn format(text: &str) -> Format {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        // No bytes are decoded to no text, both for an empty file and for bytes that are none.
        return Format::Empty;
    }
    let cut = (0..=HEAD.min(trimmed.len())).rev().find(|cut| trimmed.is_char_boundary(*cut)).unwrap_or(0);
    let head = lines::plain(trimmed.get(..cut).unwrap_or(""));
    let head = head.trim_start();
    match head.chars().next() {
        Some('<') if is_configuration(head) => Format::Configuration,
        Some('<') if head.contains("<Objs") || head.starts_with("<!DOCTYPE") => Format::Clixml,
        Some('<') if policy::is_policy(head) => Format::Policy,
        Some('<') if head.contains("ServiceSettingsData") || head.contains("<PolicyStore") => {
            Format::ServiceSettings
        }
        Some('{' | '[') if is_json(head) => Format::Json,
        Some('"') if is_json_text(trimmed.trim_end()) => Format::Json,
        Some(_) if csv::is_csv(head) => Format::Csv,
        Some(_) if database::is_dump(head) => Format::Database,
        Some(_) if desired_state::is_mof(head) => Format::Mof,
        Some(_) if desired_state::is_script(head) => Format::DesiredState,
        // What a command prints that answers yes or no.
        Some(_) if matches!(head.trim_end(), "true" | "false" | "True" | "False") => Format::Yaml,
        Some(_) if is_long_rule(head, trimmed) => Format::ClaimRules,
        _ => by_lines(head),
    }
}

/// A claim rule whose conditions alone are longer than what is looked at: it acts further on.
fn is_long_rule(head: &str, text: &str) -> bool {
    text.len() > head.len()
        && !head.contains("=>")
        && starts_like_rule(head)
        && head.to_ascii_lowercase().contains("type")
        && text.contains("=>")
}

/// A JSON value: `{` with a name behind it, `[` with a value. A claim rule may begin with `[` too, and a console's
/// list with `{`.
fn is_json(head: &str) -> bool {
    let mut rest = head.trim_start();
    while let Some(inner) = rest.strip_prefix('[') {
        rest = inner.trim_start();
    }
    match rest.chars().next() {
        None | Some('{' | '"' | ']' | '-' | '0'..='9') => !is_word_list(rest),
        Some(_) => ["true", "false", "null"].iter().any(|word| rest.starts_with(word)),
    }
}

/// One text in quotes, as `ConvertTo-Json` makes of a claim rule set: all of it on one line.
fn is_json_text(text: &str) -> bool {
    let inside = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|inside| {
        let mut letters = inside.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' | '\r' | '\n' => return false,
                '\\' if letters.next().is_none() => return false,
                _ => {}
            }
        }
        true
    })
}

/// JSON below a prompt or a warning.
fn json_below(head: &str) -> bool {
    super::json::first_value(head, 0).and_then(|start| head.get(start..)).is_some_and(is_json)
}

/// `{a, b}`: a collection on a console.
fn is_word_list(rest: &str) -> bool {
    rest.strip_prefix('{').is_some_and(|inner| inner.trim_start().starts_with(|c: char| c.is_alphabetic()))
}

fn by_lines(head: &str) -> Format {
    let lines: Vec<&str> = lines::lines(head).into_iter().map(|line| line.of(head)).collect();
    let first = lines.iter().find(|line| !line.trim().is_empty());
    if first.is_some_and(|line| is_command_key(line)) {
        return Format::Yaml;
    }
    if head.starts_with("Windows Registry Editor") || lines.iter().any(|line| is_key(line)) {
        return Format::Registry;
    }
    if head.contains("-----BEGIN CERTIFICATE-----") {
        return Format::Certificate;
    }
    if head.contains("-----BEGIN") && head.contains("PRIVATE KEY") {
        return Format::PrivateKey;
    }
    if certutil::is_certutil(head) {
        return Format::Certutil;
    }
    if toolbox::is_tls_configuration(head) {
        return Format::Toolbox;
    }
    // Between the results of other commands bindings are known by their English labels.
    let has_bindings = netsh::is_netsh(head) || lines.iter().any(|line| netsh::is_first_line(line));
    if has_bindings && !lines.iter().any(|line| line.contains("Get-")) {
        return Format::Netsh;
    }
    if lines.iter().any(|line| is_block_scalar(line)) {
        return Format::Yaml;
    }
    let labels = lines.iter().filter(|line| is_label(line)).count();
    // A property's name is a long word; a variable before a selector, `c :[`, is a short one.
    let is_property =
        |line: &&&str| is_label(line) && line.split(':').next().is_some_and(|name| name.trim().len() > 5);
    let begins_like_yaml = lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| {
        let name = line.split(':').next().unwrap_or("");
        is_yaml_line(line) && name.trim_matches([' ', '-', '"', '\'']).len() > 5
    });
    let has_property = begins_like_yaml || lines.iter().any(|line| is_property(&line));
    if !has_property && is_claim_rules(head) {
        return Format::ClaimRules;
    }
    let has_command =
        lines.iter().any(|line| line.contains("Get-Adfs") || line.contains("Get-WebApplicationProxy"));
    let begins_with_one =
        lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_property(&line));
    if labels >= 2 || begins_with_one || labels == 1 && has_command {
        return Format::FormatList;
    }
    if json_below(head) {
        return Format::Json;
    }
    if is_table(&lines) {
        return Format::Table;
    }
    if lines.iter().any(|line| is_yaml_line(line)) && !has_command {
        return Format::Yaml;
    }
    Format::Text
}

/// `Get-AdfsProperties:`, alone on its line: a map of commands.
fn is_command_key(line: &str) -> bool {
    let name = line.trim_end().strip_suffix(':').and_then(|name| name.strip_prefix("Get-"));
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A key of the registry, as `reg export` or `reg query` writes it.
fn is_key(line: &str) -> bool {
    let inside = line.strip_prefix('[').unwrap_or(line);
    inside.strip_prefix('-').unwrap_or(inside).starts_with("HKEY_")
}

/// A .NET configuration file: its first element is `configuration`.
fn is_configuration(head: &str) -> bool {
    let mut rest = head;
    for _ in 0..8 {
        let skipped = [("<?", "?>"), ("<!--", "-->")].iter().find_map(|(begin, end)| {
            let inner = rest.strip_prefix(begin)?;
            inner.get(inner.find(end)? + end.len()..)
        });
        rest = skipped.unwrap_or(rest).trim_start();
    }
    rest.strip_prefix("<configuration").is_some_and(|inner| inner.starts_with([' ', '>', '\r', '\n', '\t']))
}

/// `Name     : value` with at least one blank before the colon, as Format-List aligns it.
fn is_label(line: &str) -> bool {
    let Some((name, rest)) = line.split_once(':') else { return false };
    let bare = name.trim();
    let is_name = bare.starts_with(|first: char| first.is_ascii_alphabetic())
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_ .-".contains(&byte));
    is_name && name.ends_with(' ') && (rest.is_empty() || rest.starts_with(' '))
}

/// A rule file is nothing but claim rules; a page that quotes one is mostly something else.
fn is_claim_rules(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    let acts = (lower.contains("=>") || lower.contains("=&gt;"))
        && (lower.contains("issue") || lower.contains("add"));
    if !acts || !lower.contains("type") && !lower.contains("claim") {
        return false;
    }
    let lines = lines::lines(head);
    let lines: Vec<&str> =
        lines.into_iter().map(|line| line.of(head).trim()).filter(|line| !line.is_empty()).collect();
    let of_rules = lines.iter().filter(|line| is_rule_line(line)).count();
    starts_like_rule(head) || of_rules * 100 >= lines.len() * 40
}

/// A line that only a claim rule has.
fn is_rule_line(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let begins =
        ["@rule", "=>", "=&gt;", "&&", "&amp;&amp;", "issue", "add", "exists", "not exists", "count"];
    begins.iter().any(|word| lower.starts_with(word))
        || lower.contains("[type")
        || lower.contains("=> issue")
        || lower.contains("=>issue")
}

fn starts_like_rule(head: &str) -> bool {
    let start = head.trim_start();
    let word: String = start.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let after = start.get(word.len()..).unwrap_or("").trim_start();
    start.starts_with("@Rule")
        || start.starts_with("=>")
        || start.starts_with('[')
        || !word.is_empty() && after.starts_with(":[")
        || !word.is_empty() && after.starts_with(": [")
        || ["exists", "not", "count"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// A row of dashes below a row of headings.
fn is_table(lines: &[&str]) -> bool {
    lines.windows(2).any(|pair| match pair {
        [heading, dashes] => {
            let groups: Vec<&str> = dashes.split_whitespace().collect();
            groups.len() >= 2
                && groups.iter().all(|group| group.len() >= 2 && group.bytes().all(|byte| byte == b'-'))
                && heading.split_whitespace().count() >= groups.len()
        }
        _ => false,
    })
}

/// `key: value` or `- item`, with no blank before the colon.
fn is_yaml_line(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let Some((name, rest)) = line.split_once(':') else { return false };
    !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || "_-\"'".contains(letter))
        && (rest.is_empty() || rest.starts_with(' '))
}

/// `key: |`, `key: >-`: a text of several lines, whatever these look like.
fn is_block_scalar(line: &str) -> bool {
    let mark = line.trim_end().rsplit(' ').next().unwrap_or("");
    is_yaml_line(line)
        && mark.starts_with(['|', '>'])
        && mark.bytes().skip(1).all(|byte| byte.is_ascii_digit() || b"+-".contains(&byte))
        && line.split_once(':').is_some_and(|(_, rest)| rest.trim() == mark)
}
