//! Names of settings whose value is a secret, and values that are none whatever their name.

/// Endings of names, lower case and without anything but letters and digits, with what stands under them.
const ENDINGS: [(&str, &str); 27] = [
    ("clientsecret", "client secret"),
    ("secrettext", "client secret"),
    ("secretvalue", "client secret"),
    ("secret", "secret"),
    ("password", "password"),
    ("passwd", "password"),
    ("pwd", "password"),
    ("passphrase", "password"),
    ("securestring", "password"),
    ("encryptedpfx", "encrypted PFX"),
    ("pfx", "PFX"),
    ("pfxdata", "PFX"),
    ("pkcs12", "PFX"),
    ("privatekey", "private key"),
    ("privatekeypem", "private key"),
    ("dkmkey", "DKM key"),
    ("dkmmasterkey", "DKM key"),
    ("thumbnailphoto", "DKM key"),
    ("accountkey", "access key"),
    ("accesskey", "access key"),
    ("apikey", "access key"),
    ("symmetrickey", "access key"),
    ("accesstoken", "bearer token"),
    ("refreshtoken", "bearer token"),
    ("bearertoken", "bearer token"),
    ("nthash", "password digest"),
    ("lmhash", "password digest"),
];

/// What kind of secret stands under a name, if one does.
pub(super) fn kind(name: &str) -> Option<&'static str> {
    if name.len() > 80 {
        return None;
    }
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    ENDINGS.iter().find(|(ending, _)| plain.ends_with(ending)).map(|(_, kind)| *kind)
}

/// What a value says that is no secret: nothing, a switch, a gap to be filled in, a mask, an address.
pub(super) fn is_harmless(value: &str) -> bool {
    let value = value.trim();
    let bare = value.trim_matches(|letter: char| "<>[](){}".contains(letter));
    let words =
        ["", "true", "false", "null", "none", "n/a", "not set", "redacted", "removed", "masked", "hidden"];
    let is_gap = |open: char, close: char| value.starts_with(open) && value.ends_with(close);
    words.iter().any(|word| bare.eq_ignore_ascii_case(word))
        || bare.chars().all(|letter| "*•●.…-x".contains(letter))
        || is_gap('<', '>')
        || is_gap('{', '}') && bare.bytes().all(|byte| byte.is_ascii_digit())
        || is_gap('%', '%') && value.len() > 2
        || value.starts_with("$(") && value.ends_with(')')
        || value.starts_with("$env:")
        || ["System.", "http://", "https://", "urn:", "-----BEGIN CMS"]
            .iter()
            .any(|start| value.starts_with(start) && !value.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for (name, expected) in [
            ("ClientSecret", Some("client secret")),
            ("client_secret", Some("client secret")),
            ("Password", Some("password")),
            ("serviceAccountPassword", Some("password")),
            ("EncryptedPfx", Some("encrypted PFX")),
            ("PasswordResetUri", None),
            ("ClientSecretPostAuthentication", None),
            ("AllowedPasswordTypes", None),
            ("Name", None),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }

    #[test]
    fn values_that_are_no_secret() {
        for value in ["", "********", "<redacted>", "{0}", "%PW%", "$(Password)", "True", "[removed]", "null"]
        {
            assert!(is_harmless(value), "{value}");
        }
        for value in ["hunter2", "$ecret2024", "{0}abc", "<3cats", "x1", "P%40ss", "http://user:pw@host"] {
            assert!(!is_harmless(value), "{value}");
        }
    }
}
