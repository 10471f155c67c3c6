//! Traces that an export leaves of a value it lost.

use crate::node::Lost;

/// How the value was lost, if `text` is such a trace. Takes raw text: none of the traces holds an escape that
/// matters.
pub(super) fn trace(text: &str) -> Option<Lost> {
    let first = text.as_bytes().first()?;
    match first {
        b'S' | b'M' | b'D' => type_name(text),
        b'@' if text.starts_with("@{") && text.ends_with('}') => Some(Lost::Depth),
        b'.' | 0xe2 if text == "..." || text == "…" => Some(Lost::Ellipsis),
        b'<' | b'[' | b'*' | b'R' | b'r' | b'(' => redacted(text),
        _ => None,
    }
}

fn type_name(text: &str) -> Option<Lost> {
    if text.starts_with("SCRIPTERROR") {
        return Some(Lost::CollectorError);
    }
    let is_type = |word: &str| {
        let known = ["System.", "Microsoft.IdentityServer.", "Microsoft.Management.", "Deserialized."];
        // A configuration file is called like the program that it is for.
        known.iter().any(|prefix| word.starts_with(prefix))
            && !word.to_ascii_lowercase().ends_with(".config")
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._`[],+=".contains(&byte))
    };
    // A list of objects becomes their type names, joined with blanks. Stores name their class with a version
    // behind a comma and a blank: that is a value.
    (text.len() < 20_000 && text.split(' ').all(is_type)).then_some(Lost::Depth)
}

fn redacted(text: &str) -> Option<Lost> {
    let bare: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let is_word = ["redacted", "removed", "masked"].iter().any(|word| bare.eq_ignore_ascii_case(word));
    let is_stars = text.len() >= 3 && text.bytes().all(|byte| byte == b'*');
    (is_word && text.len() < 20 || is_stars).then_some(Lost::Redacted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_and_values() {
        for (text, expected) in [
            ("Microsoft.IdentityServer.Management.Resources.SamlEndpoint", Some(Lost::Depth)),
            ("System.Object[]", Some(Lost::Depth)),
            ("System.Collections.Generic.List`1[System.String]", Some(Lost::Depth)),
            ("System.Object System.Object", Some(Lost::Depth)),
            ("@{A=1; B=x}", Some(Lost::Depth)),
            ("...", Some(Lost::Ellipsis)),
            ("SCRIPTERROR: access denied", Some(Lost::CollectorError)),
            ("<redacted>", Some(Lost::Redacted)),
            ("********", Some(Lost::Redacted)),
            ("Service-Communications", None),
            ("Microsoft.IdentityServer.ClaimsPolicy.X, Microsoft.IdentityServer, Version=10.0.0.0", None),
            ("Microsoft Office 365", None),
            ("Microsoft.IdentityServer.Servicehost.exe.config", None),
            ("@RuleName = \"x\"", None),
            ("", None),
        ] {
            assert_eq!(trace(text), expected, "{text}");
        }
    }
}
