//! Secrets in a text, wherever they stand in it: connection strings, keys, tokens, command lines.

use std::sync::LazyLock;

use regex::Regex;

use super::{der, names};
use crate::node::decode::base64;

/// A stretch of a text that is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// What it is.
    pub kind: &'static str,
}

/// Words and shapes of which one stands in or before every secret. What has none of them is not looked at closely.
static TRIGGER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = r"(?i)passw|pwd|passphrase|secure|secret|private ?key|pfx|pkcs|rsakeyvalue|(?:account|access|symmetric|api)[ _-]?key|_?token\b|\bkty|hash\b|bearer|authorization|\beyJ|assertion|01000000d08c|AQAAANCM|key:|key begin|thumbnailphoto|dkm|<SS\b|://[^\s/@]+:[^\s/@]+@|\b[0-9a-f]{32}:[0-9a-f]{32}\b|\bM[A-P][A-Za-z0-9+/]{38}";
    Regex::new(words).ok()
});

/// Patterns with the secret as group `s`, and the name that says what it is as group `k` where there is one.
const PATTERNS: [(&str, &str); 17] = [
    ("private key", r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?P<s>.*?)(?:-----END|\z)"),
    ("private key", r"<(?:D|P|Q|DP|DQ|InverseQ)>(?P<s>[A-Za-z0-9+/=\s]{8,})(?:<|\z)"),
    ("", r"<(?:\w{1,40}:)?(?P<k>\w{1,80})(?:\s[^<>]*)?>(?P<s>[^<]+)"),
    ("", r#"<\w{1,5} N="(?P<k>[^"<>]{1,80})">(?P<s>[^<]+)"#),
    ("SecureString", r"<SS(?:\s[^<>]*)?>(?P<s>[^<]+)"),
    (
        "",
        r#"(?i)\b(?:key|name)\s*=\s*["'](?P<k>[^"'<>]{1,80})["'][^<>]{0,80}?\bvalue\s*=\s*["'](?P<s>[^"'<>]+)["']"#,
    ),
    (
        "",
        r#"(?i)\s-(?P<k>\w{0,30}(?:password|secret|pwd|passphrase))[\s:]+(?P<s>"[^"]{1,400}"|'[^']{1,400}'|[^\s$(@"'-][^\s]*)"#,
    ),
    (
        "password",
        r#"(?i)ConvertTo-SecureString\s+(?:-String\s+)?(?P<s>"[^"]{1,400}"|'[^']{1,400}'|[^\s$(@"'-][^\s]*)"#,
    ),
    ("password", r#"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^/\s:@"'<>]+:(?P<s>[^/\s@"'<>]+)@"#),
    (
        "bearer token",
        r#"(?i)\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|negotiate)\s+(?P<s>[A-Za-z0-9._~+/=-]{8,})"#,
    ),
    ("bearer token", r"(?i)\bbearer\s+(?P<s>[A-Za-z0-9._~+/=-]{24,})"),
    ("bearer token", r"\b(?P<s>eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)"),
    (
        "security token",
        r"(?s)<(?:\w{1,20}:)?(?:Encrypted)?Assertion\b[^<>]*>(?P<s>.*?)(?:</(?:\w{1,20}:)?(?:Encrypted)?Assertion>|\z)",
    ),
    ("SecureString", r"(?i)\b(?P<s>01000000d08c9ddf0115d1118c7a00c04fc297eb[0-9a-f\s]+)"),
    ("SecureString", r"(?P<s>AQAAANCMnd8BFdERjHoAwE/Cl\+s[A-Za-z0-9+/=\s]+)"),
    ("password digest", r"(?i)\b(?P<s>[0-9a-f]{32}:[0-9a-f]{32})\b"),
    ("DKM key", r"(?i)key:\s*(?P<s>(?:[0-9a-f]{2}-){15,}[0-9a-f]{2})"),
];

/// What `ADFSDump` prints of the keys that it took along, between two lines of its own.
const DUMPED: &str = r"(?is)token (?:signing|encryption|decryption) key begin\s+(?P<s>.*?)(?:\[-\]|\z)";

static COMPILED: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let all = PATTERNS.iter().copied().chain([("encrypted PFX", DUMPED)]);
    all.filter_map(|(kind, pattern)| Some((kind, Regex::new(pattern).ok()?))).collect()
});

/// A name and the sign behind it, of `Password=...` and `"ClientSecret": "..."`.
static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = r#"(?i)(?P<k>[A-Za-z0-9_.-]{0,60}(?:password|passwd|pwd|passphrase|secret|(?:account|access|symmetric|api)[ _-]?key|(?:access|refresh|bearer)_?token|private ?key|pfx|(?:nt|lm)_?hash))\\?["']?[ \t]*(?P<sign>[=:])"#;
    Regex::new(names).ok()
});

/// A run of base64 that may be the bytes of a key.
static BASE64: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\bM[A-P][A-Za-z0-9+/]{18,}(?:\s+[A-Za-z0-9+/]{20,})*(?:\s+[A-Za-z0-9+/]+)?={0,2}").ok()
});

/// Offsets of everything that may announce a secret.
pub(super) fn triggers(text: &str) -> Vec<usize> {
    TRIGGER
        .as_ref()
        .map(|regex| regex.find_iter(text).map(|found| found.start()).collect())
        .unwrap_or_default()
}

/// The secrets in a text, in order and none within another. Where a console may have broken its lines, a line break ends
/// no value of a connection string.
pub(super) fn find(text: &str, wraps: bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (kind, pattern) in COMPILED.iter() {
        for found in pattern.captures_iter(text) {
            let Some(secret) = found.name("s") else { continue };
            let named = found.name("k").map(|name| names::kind(name.as_str()));
            let Some(kind) = named.unwrap_or(Some(kind)) else { continue };
            let (start, end) = within_quotes(text, secret.start(), secret.end());
            hits.push(Hit { start, end, kind });
        }
    }
    // Parts of an RSA key have short names that other elements have too.
    if !text.contains("RSAKeyValue") {
        let is_part = |hit: &Hit| {
            text.get(..hit.start).is_some_and(|head| PARTS.iter().any(|part| head.ends_with(part)))
        };
        hits.retain(|hit| !is_part(hit));
    }
    hits.extend(assigned(text, wraps));
    hits.extend(keys(text));
    hits.retain(|hit| text.get(hit.start..hit.end).is_some_and(|value| !names::is_harmless(value)));
    merge(hits)
}

const PARTS: [&str; 6] = ["<D>", "<P>", "<Q>", "<DP>", "<DQ>", "<InverseQ>"];

fn merge(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut merged: Vec<Hit> = Vec::new();
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => merged.push(hit),
        }
    }
    merged
}

/// The inside of quotes, without blanks around it.
fn within_quotes(text: &str, start: usize, end: usize) -> (usize, usize) {
    let value = text.get(start..end).unwrap_or("");
    let is_quoted = value.len() > 1 && ["\"", "'"].iter().any(|q| value.starts_with(q) && value.ends_with(q));
    let (start, end) = if is_quoted { (start + 1, end - 1) } else { (start, end) };
    let value = text.get(start..end).unwrap_or("");
    let before = value.len() - value.trim_start().len();
    (start + before, start + before + value.trim().len())
}

/// Values behind a name and `=` or `:`.
fn assigned(text: &str, wraps: bool) -> Vec<Hit> {
    let Some(regex) = ASSIGNED.as_ref() else { return Vec::new() };
    let is_connection = is_connection(text, wraps);
    let hit = |found: regex::Captures<'_>| {
        let (name, sign) = (found.name("k")?, found.name("sign")?);
        let kind = names::kind(name.as_str())?;
        let line = text.get(..name.start())?.rsplit('\n').next()?;
        let rest = text.get(sign.end()..)?;
        if rest.starts_with(['=', '>', '~', '/']) {
            return None;
        }
        let value = rest.trim_start_matches([' ', '\t']);
        let start = sign.end() + rest.len() - value.len();
        // Behind a colon stands prose, unless the line begins with the name or quotes tell a name or a value.
        let begins_line = line.chars().all(|letter| " \t\"'\\-[]*{,#".contains(letter));
        let is_quoted = line.ends_with(['"', '\''])
            && text.get(name.end()..)?.trim_start_matches('\\').starts_with(['"', '\'']);
        if sign.as_str() == ":" && !begins_line && !is_quoted && !value.starts_with(['"', '\'', '\\']) {
            return None;
        }
        // The value of a comparison with a pattern, which is no value but a pattern.
        if !is_connection && value.starts_with(['(', '[', '\\']) && line.contains("=~") {
            return None;
        }
        let (from, to) = value_of(value, line, is_connection, wraps);
        Some(Hit { start: start + from, end: start + to, kind })
    };
    regex.captures_iter(text).filter_map(hit).collect()
}

/// A text that is nothing but a connection string: only a semicolon ends a value there.
fn is_connection(text: &str, wraps: bool) -> bool {
    let name = text.trim_start().trim_start_matches("@{").split('=').next().unwrap_or("");
    let is_name = |letter: char| letter.is_alphanumeric() || " _.-".contains(letter);
    (wraps || !text.trim().contains('\n'))
        && !text.contains("=>")
        && !name.is_empty()
        && name.len() < 40
        && name.chars().all(is_name)
}

/// Where a value begins and ends. `line` is what stands before its name on the same line.
fn value_of(text: &str, line: &str, is_connection: bool, wraps: bool) -> (usize, usize) {
    let opening = if text.starts_with("\\\"") { "\\\"" } else { text.get(..1).unwrap_or("") };
    if matches!(opening, "\"" | "'" | "\\\"") {
        let inside = text.get(opening.len()..).unwrap_or("");
        return (opening.len(), opening.len() + quoted(inside, opening));
    }
    if let Some(inside) = text.strip_prefix('{') {
        return (0, inside.find('}').map_or(text.len(), |end| end + 2));
    }
    // A value inside of a text in quotes ends where that text does.
    let around = line.rfind(['"', '\'']).and_then(|at| line.get(at..at + 1));
    let around = around.filter(|quote| line.matches(quote).count() % 2 == 1);
    let is_end = |letter: char| match letter {
        ';' => true,
        '\n' | '\r' => !is_connection || !wraps,
        '<' => !is_connection,
        '"' | '\'' => !is_connection && around.is_some_and(|quote| quote.starts_with(letter)),
        _ => false,
    };
    let value = text.find(is_end).map_or(text, |end| text.get(..end).unwrap_or(""));
    (0, value.trim_end().len())
}

/// Length of what stands up to the closing quote, or up to the end of the line.
fn quoted(inside: &str, quote: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        let doubled = rest.strip_prefix(quote).is_some_and(|more| more.starts_with(quote));
        if rest.starts_with(quote) && !doubled || rest.starts_with('\n') {
            return at;
        }
        let letters = if doubled || rest.starts_with('\\') { 2 } else { 1 };
        at += rest.chars().take(letters).map(char::len_utf8).sum::<usize>();
    }
    inside.len()
}

/// Private keys in base64, whatever stands around them.
fn keys(text: &str) -> Vec<Hit> {
    const HEAD: usize = 80;
    let Some(regex) = BASE64.as_ref() else { return Vec::new() };
    let hit = |found: regex::Match<'_>| {
        let head: String =
            found.as_str().chars().filter(|letter| !letter.is_whitespace()).take(HEAD).collect();
        let bytes = base64(head.get(..head.len() / 4 * 4)?)?;
        der::private_key(&bytes).map(|kind| Hit { start: found.start(), end: found.end(), kind })
    };
    regex.find_iter(text).filter_map(hit).collect()
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut shown = text.to_owned();
        for hit in find(text, false).iter().rev() {
            shown.replace_range(hit.start..hit.end, &format!("<{}>", hit.kind));
        }
        shown
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(COMPILED.len(), PATTERNS.len() + 1);
        assert!(TRIGGER.is_some() && ASSIGNED.is_some() && BASE64.is_some());
    }

    #[test]
    fn connection_strings() {
        for (text, expected) in [
            (
                "Server=SQL1;User Id=a;Password=hunter2;Encrypt=True",
                "Server=SQL1;User Id=a;Password=<password>;Encrypt=True",
            ),
            ("Server=SQL1;Pwd = a'b\"c<d&e ;X=1", "Server=SQL1;Pwd = <password> ;X=1"),
            ("Server=SQL1;Password='a;b''c';X=1", "Server=SQL1;Password='<password>';X=1"),
            ("Driver=x;PWD={a;b};X=1", "Driver=x;PWD=<password>;X=1"),
            ("Server=SQL1;Password={0};X=1", "Server=SQL1;Password={0};X=1"),
            ("Server=SQL1;Integrated Security=True", "Server=SQL1;Integrated Security=True"),
            (
                "@{Name=a; ClientSecret=b c; Enabled=True}",
                "@{Name=a; ClientSecret=<client secret>; Enabled=True}",
            ),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn a_console_breaks_values_anywhere() {
        let text = "Server=SQL1;Password=hun\nter2;X=1";
        let hit = Hit { start: 21, end: 29, kind: "password" };
        assert_eq!(find(text, true), [hit]);
        assert_eq!(
            find("PS> Set-X -ClientSecret 'hun\nter2' -Name a", false).first().map(|hit| hit.end),
            Some(33)
        );
    }

    #[test]
    fn claim_rules_keep_what_is_no_secret() {
        let asks = r#"c:[Type == "urn:password", Value =~ "pwd=(\w+)"] => issue(store = "S", query = "select pwd from t where password = {0}", param = c.Value);"#;
        assert_eq!(shown(asks), asks);
        let holds =
            r#"=> issue(store = "S", query = "exec q 'Server=x;Password=hunter2;User=b', 1", param = "x");"#;
        assert_eq!(shown(holds), holds.replace("hunter2", "<password>"));
        let last = r#"=> issue(store = "S", query = "Server=x;Password=hunter2", param = "x");"#;
        assert_eq!(shown(last), last.replace("hunter2", "<password>"));
    }

    #[test]
    fn command_lines_labels_and_addresses() {
        for (text, secret) in [
            ("PS C:\\> Set-X -ClientSecret 'hunter 2' -Name a", "hunter 2"),
            ("PS C:\\> Set-X -Password hunter2 -Name a", "hunter2"),
            ("$x = ConvertTo-SecureString \"hunter2\" -AsPlainText -Force", "hunter2"),
            ("Password = \"hunter2\";", "hunter2"),
            ("  Password: hunter2", "hunter2"),
            ("\"ClientSecret\":  \"hun\\\"ter2\", \"x\": 1", "hun\\\"ter2"),
            ("https://jo:hunter2@sql.example/x", "hunter2"),
            ("Authorization: Basic am86aHVudGVyMg==", "am86aHVudGVyMg=="),
            ("<add key=\"ida:ClientSecret\" value=\"hunter2\" />", "hunter2"),
            ("<b:EncryptedPfx>hunter2</b:EncryptedPfx>", "hunter2"),
        ] {
            let hits = find(text, false);
            assert_eq!(hits.len(), 1, "{text}: {hits:?}");
            assert_eq!(&text[hits[0].start..hits[0].end], secret, "{text}");
        }
    }

    #[test]
    fn prose_and_addresses_are_left_alone() {
        for text in [
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            "Enter your password: it must be long",
            "ClientSecretPostAuthentication, ClientSecretBasicAuthentication",
            "https://sts.contoso.com:443/adfs/ls",
            "[Type == \"http://schemas.xmlsoap.org/claims/password\", Value == \"x\"]",
            "-Password $secret -ClientSecret (Read-Host)",
        ] {
            assert_eq!(find(text, false), [], "{text}");
        }
    }

    #[test]
    fn keys_in_any_wrapping() {
        let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB\nAQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3S\nC6dVMvDu";
        assert_eq!(
            shown(&format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----")),
            "-----BEGIN PRIVATE KEY-----\n<private key>\n-----END PRIVATE KEY-----"
        );
        assert_eq!(shown(&format!("x {key}")), "x <private key>");
        let xml = "<RSAKeyValue><Modulus>abc</Modulus><D>AAAABBBBCCCC</D><P>AAAABBBBDDDD</P></RSAKeyValue>";
        assert_eq!(
            shown(xml),
            "<RSAKeyValue><Modulus>abc</Modulus><D><private key></D><P><private key></P></RSAKeyValue>"
        );
        assert_eq!(shown("<D>AAAABBBBCCCC</D>"), "<D>AAAABBBBCCCC</D>");
    }
}
