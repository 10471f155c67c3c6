//! Private keys as bytes, told by how they begin.

/// PKCS #5 and the older schemes of PKCS #12: how a private key is encrypted.
const ENCRYPTIONS: [&[u8]; 2] = [
    &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05],
    &[0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C],
];

/// What kind of private key bytes hold, if they hold one. The first fifty bytes are enough.
pub fn private_key(bytes: &[u8]) -> Option<&'static str> {
    let inside = inside(bytes)?;
    match inside {
        [0x02, 0x01, 0x03, 0x30, ..] => Some("PFX"),
        [0x02, 0x01, 0x00 | 0x01, 0x30 | 0x02 | 0x04, ..] => Some("private key"),
        [0x30, ..] => {
            let scheme = self::inside(inside)?;
            ENCRYPTIONS.iter().any(|known| scheme.starts_with(known)).then_some("private key")
        }
        _ => None,
    }
}

/// What stands in a sequence.
fn inside(bytes: &[u8]) -> Option<&[u8]> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let more = if *length < 0x80 { 0 } else { usize::from(*length & 0x7F) };
    if *tag != 0x30 || more > 4 { None } else { rest.get(more..) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::decode::base64;

    #[test]
    fn keys_and_certificates_are_told_apart() {
        for (head, expected) in [
            ("MIIKYgIBAzCCCh4GCSqGSIb3DQEHAaCCCg8EggoLMIIKBzCC", Some("PFX")),
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB", Some("private key")),
            ("MIIEpAIBAAKCAQEA3Tz2mr7SZiAMfQyuvBjM9Oi4KGdkRMhQ", Some("private key")),
            ("MHcCAQEEIAzMr8sLv1yhL7M2Hz0lyxJfc3Gm1ZHBYhVdOd2L", Some("private key")),
            ("MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQI", Some("private key")),
            ("MIIDLTCCAhWgAwIBAgIUXR0xMDAuBgNVBAMMJ3NpZ25pbmcu", None),
            ("MIICvDCCAaQCAQAwdzELMAkGA1UEBhMCVVMxDTALBgNVBAgM", None),
            ("", None),
        ] {
            assert_eq!(private_key(&base64(head).unwrap()), expected, "{head}");
        }
    }
}
