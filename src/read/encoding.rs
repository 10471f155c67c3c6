//! From bytes to text: byte order marks, UTF-16 without one, and the Windows code page.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::source::Encoding;

/// A decoded file.
#[derive(Debug)]
pub struct Decoded {
    /// Its text, without byte order mark.
    pub text: String,
    /// How its bytes were written.
    pub encoding: Encoding,
    /// Bytes of byte order mark.
    pub bom: u32,
    /// Some bytes stood for no character.
    pub lossy: bool,
    /// The bytes are no text at all; `text` is empty.
    pub binary: bool,
}

/// Decodes a file.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let mut bytes = bytes;
        bytes.drain(..3);
        return match String::from_utf8(bytes) {
            Ok(text) => plain(text, Encoding::Utf8, 3),
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Decoded { lossy: true, ..plain(text, Encoding::Utf8, 3) }
            }
        };
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, Encoding::Utf16Le, 2);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, Encoding::Utf16Be, 2);
    }
    if let Some(encoding) = guess_wide(&bytes) {
        return wide(&bytes, encoding, 0);
    }
    if is_binary(&bytes) {
        return Decoded { binary: true, ..plain(String::new(), Encoding::Utf8, 0) };
    }
    match String::from_utf8(bytes) {
        Ok(text) => plain(text, Encoding::Utf8, 0),
        // Only the last character is cut off: so is the file.
        Err(error) if error.utf8_error().error_len().is_none() => {
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Decoded { lossy: true, ..plain(text, Encoding::Utf8, 0) }
        }
        Err(error) => {
            let (text, _, lossy) = WINDOWS_1252.decode(error.as_bytes());
            Decoded { lossy, ..plain(text.into_owned(), Encoding::Windows1252, 0) }
        }
    }
}

/// Encodes a text as its file was. `None` if a character has no place in that encoding.
pub fn encode(text: &str, encoding: Encoding, bom: u32) -> Option<Vec<u8>> {
    let mark = if bom > 0 { "\u{feff}" } else { "" };
    let units = || mark.encode_utf16().chain(text.encode_utf16());
    Some(match encoding {
        Encoding::Utf8 => [mark.as_bytes(), text.as_bytes()].concat(),
        Encoding::Utf16Le => units().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => units().flat_map(u16::to_be_bytes).collect(),
        Encoding::Windows1252 => {
            let (bytes, _, is_lossy) = WINDOWS_1252.encode(text);
            (!is_lossy).then(|| bytes.into_owned())?
        }
    })
}

fn plain(text: String, encoding: Encoding, bom: u32) -> Decoded {
    Decoded { text, encoding, bom, lossy: false, binary: false }
}

fn wide(bytes: &[u8], encoding: Encoding, bom: u32) -> Decoded {
    let table = if encoding == Encoding::Utf16Be { UTF_16BE } else { UTF_16LE };
    let (text, lossy) = table.decode_without_bom_handling(bytes);
    Decoded { lossy, ..plain(text.into_owned(), encoding, bom) }
}

/// UTF-16 without a mark: nearly every other byte of Western text is zero.
fn guess_wide(bytes: &[u8]) -> Option<Encoding> {
    let head = bytes.get(..bytes.len().min(400))?;
    if head.len() < 4 {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (first, second) if second * 10 >= half * 8 && first * 10 < half => Some(Encoding::Utf16Le),
        (first, second) if first * 10 >= half * 8 && second * 10 < half => Some(Encoding::Utf16Be),
        _ => None,
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(8192)).unwrap_or(bytes);
    let odd = head.iter().filter(|byte| **byte < 9 || (14..32).contains(*byte) && **byte != 27).count();
    odd * 100 > head.len() || head.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_powershell() {
        let text = "Gäste 𝄞\r\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding, bom) in [
            (text.as_bytes().to_vec(), Encoding::Utf8, 0),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8, 3),
            ([b"\xff\xfe", le.as_slice()].concat(), Encoding::Utf16Le, 2),
            ([b"\xfe\xff", be.as_slice()].concat(), Encoding::Utf16Be, 2),
        ] {
            let decoded = decode(bytes.clone());
            assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.bom), (text, encoding, bom));
            assert_eq!(encode(&decoded.text, encoding, bom), Some(bytes));
        }
        let bare: Vec<u8> = "plain text".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(bare).encoding, Encoding::Utf16Le);
        let odd: Vec<u8> = "plain text".encode_utf16().flat_map(u16::to_le_bytes).chain([b'x']).collect();
        assert_eq!(decode(odd).encoding, Encoding::Utf16Le);
        let cut = decode("Gäste ä".as_bytes().split_last().unwrap().1.to_vec());
        assert_eq!((cut.text.as_str(), cut.lossy), ("Gäste \u{fffd}", true));
        let western = decode(b"G\xe4ste".to_vec());
        assert_eq!((western.text.as_str(), western.encoding), ("Gäste", Encoding::Windows1252));
        assert!(decode(vec![0x30, 0x82, 0, 1, 2, 3]).binary);
        assert!(decode(vec![0xff, 0xfe, 0x00, 0xd8]).lossy);
    }
}
