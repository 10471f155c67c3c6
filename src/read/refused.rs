//! What cannot be used, why, and what to export in its place.

use super::{Format, Troubles, lines};

/// What is said of a table.
pub(super) const TABLE: &str =
    "This is Format-Table output: it shows few properties and cuts values off at the column's edge.";
/// What is said of a registry file in which no rule would look.
pub(super) const OTHER_KEYS: &str =
    "None of these keys matters for AD FS: SCHANNEL, the .NET Framework and HTTP\\Parameters do.";
/// What is said of an error in place of a result.
pub(super) const FAILURE: &str = "The command printed an error here in place of its result.";

/// The line for PowerShell that exports what a command shows, whole.
pub(crate) fn export_command(cmdlet: &str) -> String {
    format!("ConvertTo-Json -InputObject @({cmdlet}) -Depth 8 | Out-File {cmdlet}.json -Encoding utf8")
}

/// How to export anew what was lost.
pub(super) fn remedy(cmdlet: Option<&str>) -> String {
    cmdlet.map_or_else(
        || {
            "Export it with the same command and `| ConvertTo-Json -Depth 8`, or `| Export-Clixml`."
                .to_owned()
        },
        export_command,
    )
}

/// How to run a command again that failed.
pub(super) fn again(cmdlet: Option<&str>) -> String {
    let where_to = "# on the primary federation server, as administrator";
    match cmdlet {
        Some(cmdlet) => format!("{where_to}\n{}", export_command(cmdlet)),
        None => "Run the command again on the primary federation server, as administrator.".to_owned(),
    }
}

/// Says why a file cannot be used, and what would do instead.
pub(super) fn refuse(format: Format, name: &str, text: &str, troubles: &mut Troubles) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len()).min(200);
    let cmdlet = command(name, text);
    let (message, help) = match format {
        Format::Empty => (
            "The file is empty. PowerShell writes an empty file when a command printed nothing, or failed.",
            again(cmdlet.as_deref()),
        ),
        Format::Binary => (binary(name), remedy(cmdlet.as_deref())),
        Format::Table => (TABLE, remedy(cmdlet.as_deref())),
        Format::Text if text.trim_start().starts_with("@{") => (
            "This is a PowerShell data file; what becomes of its values is said by the script that uses it.",
            "Run the script, and check the MOF files that it writes.".to_owned(),
        ),
        Format::PrivateKey => {
            ("The file holds a private key and nothing that could be checked.", String::new())
        }
        _ => (
            "The file holds no AD FS configuration in a format that adfslint knows.",
            remedy(cmdlet.as_deref()),
        ),
    };
    if format == Format::PrivateKey {
        troubles.note(0, end, message);
    } else {
        troubles.warn(0, end, message, &help);
    }
}

/// Why bytes are no text.
fn binary(name: &str) -> &'static str {
    if name.split(['/', '\\', '!']).any(|part| part.starts_with("adfsBackup_")) {
        return "This is a backup of the AD FS Rapid Restore Tool. It is encrypted with the password of whoever made it, \
                and cannot be read; only the tool itself can restore it.";
    }
    if name.contains("!/") && name.to_ascii_lowercase().ends_with(".zip") {
        return "This is an archive inside an archive, which is not opened. Unpack it first.";
    }
    "The file is not text, and no archive or certificate either. Or its encoding changes in the middle, as `>>` of \
     Windows PowerShell does to a file of another program."
}

/// The command that a text names, or its file.
pub(crate) fn command(name: &str, text: &str) -> Option<String> {
    cmdlet(text).or_else(|| cmdlet_of_file(name))
}

/// Bytes at the beginning that are searched for a command.
const HEAD: usize = 4096;

/// The command that a text names near its beginning, at a prompt.
fn cmdlet(text: &str) -> Option<String> {
    let cut = (0..=HEAD.min(text.len())).rev().find(|cut| text.is_char_boundary(*cut)).unwrap_or(0);
    let head = text.get(..cut)?;
    lines::lines(head).into_iter().find_map(|line| {
        let words = line.of(head).split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        words.into_iter().find(|word| is_cmdlet(word)).map(str::to_owned)
    })
}

/// The command that a file is named after.
fn cmdlet_of_file(name: &str) -> Option<String> {
    let file = name.rsplit(['/', '!']).next()?;
    file.split('.').next().filter(|stem| is_cmdlet(stem)).map(str::to_owned)
}

fn is_cmdlet(word: &str) -> bool {
    let nouns = ["get-adfs", "get-webapplicationproxy", "get-mgdomain"];
    let lower = word.to_ascii_lowercase();
    nouns.iter().any(|noun| lower.starts_with(noun) && lower.len() > noun.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_found_where_the_text_or_the_file_names_it() {
        assert_eq!(cmdlet("PS C:\\> Get-AdfsEndpoint | ft"), Some("Get-AdfsEndpoint".into()));
        assert_eq!(cmdlet("\"Name\",\"Enabled\""), None);
        assert_eq!(cmdlet_of_file("a/Get-AdfsEndpoint.txt"), Some("Get-AdfsEndpoint".into()));
        assert_eq!(cmdlet_of_file("a/endpoints.txt"), None);
    }
}
