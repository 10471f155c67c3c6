//! From the raw text of a value to the text a person reads, with the way back.
//!
//! All functions accept anything: what is no valid escape is taken as it stands.

use std::borrow::Cow;

use super::DecodedText;
use crate::source::OffsetMap;

/// Receives decoded characters and notes where they differ from the raw text.
struct Sink {
    text: String,
    map: Option<OffsetMap>,
}

impl Sink {
    fn new(capacity: usize, with_map: bool) -> Self {
        Self { text: String::with_capacity(capacity), map: with_map.then(OffsetMap::identity) }
    }

    fn escape(&mut self, decoded: &str, raw: usize, raw_len: usize) {
        if let Some(map) = &mut self.map {
            map.push(small(self.text.len()), small(decoded.len()), small(raw), small(raw_len));
        }
        self.text.push_str(decoded);
    }

    fn finish(self) -> DecodedText {
        DecodedText { text: self.text, map: self.map.unwrap_or_default() }
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Decodes the inside of a JSON string.
pub fn json(raw: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(json_into(raw, false).text)
}

/// Decodes the inside of a JSON string and keeps the way back.
pub fn json_with_map(raw: &str) -> DecodedText {
    json_into(raw, true)
}

fn json_into(raw: &str, with_map: bool) -> DecodedText {
    let mut sink = Sink::new(raw.len(), with_map);
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| memchr::memchr(b'\\', rest.as_bytes())) {
        let escape = at + found;
        sink.text.push_str(raw.get(at..escape).unwrap_or(""));
        let (character, length) = json_escape(raw, escape);
        let mut buffer = [0; 4];
        sink.escape(character.encode_utf8(&mut buffer), escape, length);
        at = escape + length;
    }
    sink.text.push_str(raw.get(at..).unwrap_or(""));
    sink.finish()
}

/// The character that the escape at byte `at` stands for, and the length of the escape in bytes.
fn json_escape(raw: &str, at: usize) -> (char, usize) {
    let simple = match raw.as_bytes().get(at + 1) {
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'"') => '"',
        Some(b'/') => '/',
        Some(b'\\') => '\\',
        Some(b'u') => return json_unicode(raw, at),
        _ => return ('\\', 1),
    };
    (simple, 2)
}

fn json_unicode(raw: &str, at: usize) -> (char, usize) {
    let Some(first) = hex(raw, at + 2, 4) else { return ('\\', 1) };
    if let Some(character) = char::from_u32(first) {
        return (character, 6);
    }
    let paired = raw.get(at + 6..at + 8) == Some("\\u");
    let second = if paired { hex(raw, at + 8, 4) } else { None };
    match second {
        Some(low) if (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&low) => {
            let point = 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

fn hex(raw: &str, at: usize, digits: usize) -> Option<u32> {
    let text = raw.get(at..at + digits)?;
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(text, 16).ok() } else { None }
}

/// Takes doubled quotes for one.
pub fn doubled(raw: &str) -> Cow<'_, str> {
    if raw.contains("\"\"") { Cow::Owned(doubled_into(raw, false).text) } else { Cow::Borrowed(raw) }
}

/// Takes doubled quotes for one and keeps the way back.
pub fn doubled_with_map(raw: &str) -> DecodedText {
    doubled_into(raw, true)
}

fn doubled_into(raw: &str, with_map: bool) -> DecodedText {
    let mut sink = Sink::new(raw.len(), with_map);
    let mut at = 0;
    while let Some(quote) = raw.get(at..).and_then(|rest| rest.find("\"\"")).map(|found| at + found) {
        sink.text.push_str(raw.get(at..quote).unwrap_or(""));
        sink.escape("\"", quote, 2);
        at = quote + 2;
    }
    sink.text.push_str(raw.get(at..).unwrap_or(""));
    sink.finish()
}

/// Decodes XML text as PowerShell writes it: entities, then `_xHHHH_`, in one pass from left to right.
pub fn xml(raw: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'&', b'_', raw.as_bytes()).is_none() && !raw.contains('\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(xml_into(raw, false).text)
}

/// Decodes XML text as PowerShell writes it and keeps the way back.
pub fn xml_with_map(raw: &str) -> DecodedText {
    xml_into(raw, true)
}

fn xml_into(raw: &str, with_map: bool) -> DecodedText {
    let mut sink = Sink::new(raw.len(), with_map);
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| memchr::memchr3(b'&', b'_', b'\r', rest.as_bytes()))
    {
        let special = at + found;
        sink.text.push_str(raw.get(at..special).unwrap_or(""));
        if let Some((character, length)) = xml_escape(raw, special) {
            let mut buffer = [0; 4];
            sink.escape(character.encode_utf8(&mut buffer), special, length);
            at = special + length;
        } else {
            let width = raw.get(special..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            sink.text.push_str(raw.get(special..special + width).unwrap_or(""));
            at = special + width;
        }
    }
    sink.text.push_str(raw.get(at..).unwrap_or(""));
    sink.finish()
}

fn xml_escape(raw: &str, at: usize) -> Option<(char, usize)> {
    let rest = raw.get(at..)?;
    if rest.starts_with('\r') {
        // XML reads CR LF, and a lone CR, as one line feed.
        return Some(('\n', if rest.starts_with("\r\n") { 2 } else { 1 }));
    }
    if rest.starts_with('_') {
        return power_shell_escape(raw, at);
    }
    let semicolon = rest.bytes().take(12).position(|byte| byte == b';')?;
    let name = rest.get(1..semicolon)?;
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let point = match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => name.strip_prefix('#')?.parse().ok()?,
            };
            char::from_u32(point)?
        }
    };
    Some((character, semicolon + 1))
}

/// `_x000D_` and its like; two of them may form a surrogate pair.
fn power_shell_escape(raw: &str, at: usize) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let marked = raw.get(at..at + 2) == Some("_x") && raw.get(at + 6..at + 7) == Some("_");
        if marked { hex(raw, at + 2, 4) } else { None }
    };
    let first = unit(at)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 7));
    }
    match unit(at + 7) {
        Some(low) if (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&low) => {
            let point = 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            Some((char::from_u32(point)?, 14))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 7)),
    }
}

/// Decodes base64; blanks and line breaks are skipped. `None` if anything else is wrong.
pub fn base64(raw: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    let mut padded = false;
    for byte in raw.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padded = true;
                continue;
            }
            _ => return None,
        };
        if padded {
            return None;
        }
        buffer = (buffer << 6 | u32::from(value)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

/// Decodes decimal numbers of one byte each, separated by anything that is no digit.
pub fn decimals(raw: &str) -> Option<Vec<u8>> {
    raw.split(|character: char| !character.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().ok())
        .collect()
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw_of(decoded: &DecodedText, raw: &str, start: usize, end: usize) -> String {
        let range = decoded.map.raw_start(small(start)) as usize..decoded.map.raw_end(small(end)) as usize;
        raw[range].to_owned()
    }

    #[test]
    fn json_escapes() {
        assert_eq!(json(r"a =\u003e \ud834\udd1e \r\n\q \u12"), "a => 𝄞 \r\n\\q \\u12");
        assert_eq!(json(r"\ud834x"), "\u{fffd}x");
    }

    #[test]
    fn xml_escapes_in_one_pass() {
        assert_eq!(
            xml("a &amp;&lt;_x000D__x000A_ _x005F_x000D_ _xZZZZ_ &nbsp; &#x41;"),
            "a &<\r\n _x000D_ _xZZZZ_ &nbsp; A"
        );
        assert_eq!(xml("_xD834__xDD1E_"), "𝄞");
    }

    #[test]
    fn bytes_in_both_writings() {
        assert_eq!(base64("MII=\n"), Some(vec![0x30, 0x82]));
        assert_eq!(base64("M*"), None);
        assert_eq!(decimals("48 130 [3,\r\n 52]"), Some(vec![48, 130, 3, 52]));
        assert_eq!(decimals("48 1300"), None);
    }

    proptest! {
        #[test]
        fn every_decoded_character_decodes_from_its_raw_bytes(text in "\\PC{0,40}|[\u{0}-\u{20}<>&'_x0-9\"\\\\]{0,40}") {
            let quoted = serde_json::to_string(&text).unwrap().replace('>', "\\u003e");
            let raw = &quoted[1..quoted.len() - 1];
            let decoded = json_with_map(raw);
            prop_assert_eq!(&decoded.text, &text);
            for (at, character) in text.char_indices() {
                let piece = raw_of(&decoded, raw, at, at + character.len_utf8());
                prop_assert_eq!(json(&piece).into_owned(), character.to_string());
            }
        }

        #[test]
        fn nothing_panics_and_maps_stay_inside(raw in "[\\\\u&_x0-9a-fD;#\r\n𝄞é]{0,60}") {
            for decoded in [json_with_map(&raw), xml_with_map(&raw)] {
                for (at, character) in decoded.text.char_indices() {
                    let end = decoded.map.raw_end(small(at + character.len_utf8())) as usize;
                    prop_assert!(end <= raw.len() && raw.is_char_boundary(end));
                }
            }
            let _ = (base64(&raw), decimals(&raw));
        }
    }
}
