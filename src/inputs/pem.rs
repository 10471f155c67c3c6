//! Certificates and keys as text.

/// Largest certificate that is taken for one, in bytes.
const LARGEST: usize = 65_536;

/// Whether bytes are a certificate: a sequence whose first part is a long sequence too. That of a key, alone or in a PFX
/// file, is a number or a short one.
pub(super) fn is_certificate(bytes: &[u8]) -> bool {
    let inside = bytes.strip_prefix(&[0x30, 0x82]).and_then(|rest| rest.get(2..)).unwrap_or(&[]);
    bytes.len() < LARGEST && inside.first() == Some(&0x30) && matches!(inside.get(1), Some(0x81 | 0x82))
}

/// Bytes as PEM below a label.
pub(super) fn pem(der: &[u8], label: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for place in 0..4_usize {
                let index = (bits >> (18 - 6 * place)) & 63;
                let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'A');
                text.push(if place > group.len() { '=' } else { char::from(letter) });
            }
        }
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_no_certificates() {
        assert!(is_certificate(&[0x30, 0x82, 1, 0x70, 0x30, 0x82, 1, 0x15, 0xa0]));
        // PFX and PKCS #1, #8, and #8 encrypted.
        for begin in [[0x02, 0x01, 0x03], [0x02, 0x01, 0x00], [0x30, 0x40, 0x06]] {
            assert!(!is_certificate(&[&[0x30, 0x82, 9, 9][..], &begin].concat()));
        }
        assert!(!is_certificate(&[0x30, 0x82]));
    }

    #[test]
    fn bytes_become_pem_and_come_back() {
        for length in [1, 2, 3, 47, 48, 49, 100] {
            let bytes: Vec<u8> = (0..length).map(|n: u8| n.wrapping_mul(37)).collect();
            let text = pem(&bytes, "CERTIFICATE");
            let inside: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            assert_eq!(crate::node::decode::base64(&inside), Some(bytes));
        }
    }
}
