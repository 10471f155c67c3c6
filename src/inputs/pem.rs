//! Certificates as text.

/// Bytes of a certificate as PEM.
pub(super) fn pem(der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
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
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_pem_and_come_back() {
        for length in [1, 2, 3, 47, 48, 49, 100] {
            let bytes: Vec<u8> = (0..length).map(|n: u8| n.wrapping_mul(37)).collect();
            let text = pem(&bytes);
            let inside: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            assert_eq!(crate::node::decode::base64(&inside), Some(bytes));
        }
    }
}
