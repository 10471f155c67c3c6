//! Places: for every token of a text inside an export, the bytes on disk that its place names are that token,
//! as the format writes it. Held for JSON, CLIXML, Format-List, YAML, CSV, DSC and MOF, in UTF-8 and UTF-16.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing)] // a test that cannot go on stops

use adfslint::node::NodeRef;
use adfslint::read::{self, encoding};
use adfslint::source::{SourceId, Sources, Span};
use proptest::prelude::*;

/// How a file's bytes are written.
#[derive(Debug, Clone, Copy)]
enum Bytes {
    Utf8,
    Utf8Mark,
    Utf16Le,
    Utf16Be,
}

fn encoded(text: &str, how: Bytes) -> Vec<u8> {
    match how {
        Bytes::Utf8 => text.as_bytes().to_vec(),
        Bytes::Utf8Mark => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Bytes::Utf16Le => {
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }
        Bytes::Utf16Be => {
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
        }
    }
}

fn decoded(bytes: &[u8], how: Bytes) -> String {
    let units = |from: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes.chunks(2).map(|pair| from([pair[0], pair[1]])).collect()
    };
    match how {
        Bytes::Utf8 | Bytes::Utf8Mark => String::from_utf8(bytes.to_vec()).unwrap(),
        Bytes::Utf16Le => String::from_utf16(&units(u16::from_le_bytes)).unwrap(),
        Bytes::Utf16Be => String::from_utf16(&units(u16::from_be_bytes)).unwrap(),
    }
}

/// Ranges of the words, texts in quotes, blanks and signs of a claim rule.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let run = |fits: fn(char) -> bool| rest.find(|one| !fits(one)).unwrap_or(rest.len());
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            _ if first.is_alphanumeric() => run(char::is_alphanumeric),
            '\r' | '\n' => run(|one| matches!(one, '\r' | '\n')),
            _ => first.len_utf8(),
        };
        found.push((start, start + length));
        rest = &rest[length..];
    }
    found
}

/// Finds the text in the tree, embeds it as the program does, and looks every token up on disk.
fn check(
    file: &str,
    wanted: &str,
    how: Bytes,
    unwrite: impl Fn(&str) -> String,
) -> Result<(), TestCaseError> {
    let bytes = encoded(file, how);
    let mut sources = Sources::new();
    let text = encoding::decode(bytes.clone());
    prop_assert_eq!(&text.text, file);
    let source = sources.add_file("t".into(), text.text, text.encoding, text.bom).unwrap();
    let document = read::read(&sources, source);
    prop_assert!(document.problems.is_empty(), "{:?} in {}", document.problems, file);
    let tree = document.tree.unwrap();
    let node = find(tree.root().unwrap(), "Rules").unwrap_or_else(|| panic!("{:?}: {file}", document.format));
    prop_assert_eq!(node.text().unwrap(), wanted, "{}", file);
    let with_map = node.decoded().unwrap();
    prop_assert_eq!(&with_map.text, wanted);
    let inside = sources.embed("rules".into(), with_map.text, node.span(), with_map.map).unwrap();
    for (start, end) in tokens(wanted) {
        let on_disk = disk(&sources, inside, start, end, &bytes);
        let raw = decoded(on_disk, how);
        prop_assert_eq!(unwrite(&raw), unwrite_lines(&wanted[start..end]), "{:?} in {}", &raw, file);
    }
    Ok(())
}

fn disk<'b>(sources: &Sources, source: SourceId, start: usize, end: usize, bytes: &'b [u8]) -> &'b [u8] {
    let span = Span::new(source, u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
    let raw = sources.on_disk(span);
    let at = |offset| usize::try_from(sources.file_offset(raw.source, offset)).unwrap();
    &bytes[at(raw.start)..at(raw.end)]
}

fn find<'t>(node: NodeRef<'t>, name: &str) -> Option<NodeRef<'t>> {
    node.get(name)
        .or_else(|| node.entries().find_map(|(_, inside)| find(inside, name)))
        .or_else(|| node.items().find_map(|inside| find(inside, name)))
}

/// A line's end is one whatever it is written with.
fn unwrite_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// JSON as Windows PowerShell (everything dangerous escaped), as PowerShell 7, and with every other way to escape.
fn json(text: &str, style: usize) -> String {
    let mut written = String::new();
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\r' => written.push_str("\\r"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '/' if style == 2 => written.push_str("\\/"),
            one if one < ' ' || (style == 0 && "<>&'".contains(one)) || (style == 2 && !one.is_ascii()) => {
                for unit in one.encode_utf16(&mut [0; 2]) {
                    written.push_str(&format!("\\u{unit:04x}"));
                }
            }
            one => written.push(one),
        }
    }
    format!("{{\r\n    \"Größe\":  \"é\",\r\n    \"Rules\":  \"{written}\"\r\n}}\r\n")
}

fn from_json(raw: &str) -> String {
    unwrite_lines(&serde_json::from_str::<String>(&format!("\"{raw}\"")).unwrap())
}

fn xml(text: &str) -> String {
    let mut written = String::new();
    for (at, character) in text.char_indices() {
        match character {
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '&' => written.push_str("&amp;"),
            '_' if text[at..].starts_with("_x") => written.push_str("_x005F_"),
            one if one < ' ' => written.push_str(&format!("_x{:04X}_", u32::from(one))),
            one => written.push(one),
        }
    }
    format!(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n  <Obj RefId=\"0\">\r\n    \
         <TN RefId=\"0\"><T>A</T></TN>\r\n    <Props>\r\n      <S N=\"Größe\">é</S>\r\n      <S N=\"Rules\">{written}</S>\r\n    \
         </Props>\r\n  </Obj>\r\n</Objs>"
    )
}

/// Entities first, then `_xHHHH_` from left to right: written without a look at the program's own.
fn from_xml(raw: &str) -> String {
    let plain = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let mut text = String::new();
    let mut rest = plain.as_str();
    while let Some(place) = rest.find("_x") {
        let digits = rest.get(place + 2..place + 6);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match number.and_then(char::from_u32) {
            Some(character) if rest.get(place + 6..place + 7) == Some("_") => {
                text.push_str(&rest[..place]);
                text.push(character);
                rest = &rest[place + 7..];
            }
            _ => {
                text.push_str(&rest[..place + 2]);
                rest = &rest[place + 2..];
            }
        }
    }
    text.push_str(rest);
    unwrite_lines(&text)
}

/// Pieces of claim rules, and everything that some format writes in another way.
fn rules() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("c:[Type == \"http://schemas.microsoft.com/claims/é\", Value =~ \"^(?i)a\\.b$\"]\r\n"),
        Just(" => issue(claim = c);\r\n\r\n"),
        Just("@RuleName = \"R&D's <𝄞>\"\r\n"),
        Just("exists([Type == \"urn:a_x000D_b\"])"),
        Just(" && "),
        Just("_x005F_"),
        Just("_x"),
        Just("€\t'"),
        Just("&amp;"),
        Just("/\\/"),
        Just("ü"),
        Just("word"),
        Just("\u{1}\u{7f}"),
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| format!("@{}.", pieces.concat()))
}

fn bytes() -> impl Strategy<Value = Bytes> {
    prop_oneof![Just(Bytes::Utf8), Just(Bytes::Utf8Mark), Just(Bytes::Utf16Le), Just(Bytes::Utf16Be)]
}

/// Rules as AD FS lays them out, an empty line between them. A console and YAML show no controls.
fn lines() -> impl Strategy<Value = String> {
    let name = prop_oneof![Just(""), Just("@RuleName = \"Größe\"\r\n")];
    let condition = prop_oneof![
        Just(
            "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname\", Issuer == \"AD AUTHORITY\"]\r\n"
        ),
        Just("c:[Type == \"urn:a\"]\r\n && exists([Type == \"urn:b\"])\r\n"),
        Just(""),
    ];
    let action = prop_oneof![
        Just(
            " => issue(store = \"Active Directory\", types = (\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress\"), query = \";mail;{0}\", param = c.Value);"
        ),
        Just(" => issue(claim = c);"),
    ];
    let rule =
        (name, condition, action).prop_map(|(name, condition, action)| format!("{name}{condition}{action}"));
    prop::collection::vec(rule, 1..5).prop_map(|rules| rules.join("\r\n\r\n"))
}

/// Wraps as Format-List does: at blanks, which stay; a word that is too long is chopped.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        let length = word.chars().count();
        if used + length > width && used > 0 && length <= width {
            found.push(String::new());
            used = 0;
        }
        for character in word.chars() {
            if used == width {
                found.push(String::new());
                used = 0;
            }
            found.last_mut().unwrap().push(character);
            used += 1;
        }
    }
    found
}

fn console(text: &str, columns: usize) -> String {
    let indent = format!("\r\n{}", " ".repeat(17));
    let lines: Vec<String> = text.split("\r\n").flat_map(|line| wrapped(line, columns - 17)).collect();
    format!(
        "\r\n\r\nIdentifierName : é\r\nEnabledOrNot   : True\r\nRules          : {}\r\n\r\n\r\n",
        lines.join(&indent)
    )
}

fn yaml(text: &str) -> String {
    let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    let body = text.split("\r\n").map(indented).collect::<String>();
    format!("- Größe: é\n  Rules: |2-\n{body}  Enabled: true\n")
}

fn csv(text: &str, delimiter: char) -> String {
    let d = delimiter;
    let written = text.replace('"', "\"\"");
    format!("#TYPE A\r\n\"Größe\"{d}\"Rules\"{d}\"Empty\"\r\n\"é\"{d}\"{written}\"{d}\r\n")
}

/// A script of PowerShell, the rules in single quotes, double quotes or below each other.
fn script(text: &str, style: usize) -> String {
    let written = match style {
        0 => format!("'{}'", text.replace('\'', "''")),
        1 => format!("\"{}\"", text.replace('`', "``").replace('$', "`$").replace('"', "`\"")),
        _ => format!("@'\r\n{text}\r\n'@"),
    };
    format!(
        "Configuration Farm\r\n{{\r\n    # Größe\r\n    Node 'é'\r\n    {{\r\n        AdfsB C\r\n        {{\r\n            Größe = 'é'\r\n            \
         Rules = {written}\r\n        }}\r\n    }}\r\n}}\r\n"
    )
}

fn mof(text: &str) -> String {
    let written = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\r', "\\r").replace('\n', "\\n");
    format!(
        "/*\r\n@TargetNode='é'\r\n*/\r\ninstance of MSFT_AdfsB as $B1ref\r\n{{\r\n ResourceID = \"[AdfsB]é\";\r\n \
         Rules = \"{written}\";\r\n}};\r\n"
    )
}

fn from_mof(raw: &str) -> String {
    let mut text = String::new();
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => match letters.next() {
                Some('r') => '\r',
                Some('n') => '\n',
                other => other.unwrap(),
            },
            other => other,
        });
    }
    unwrite_lines(&text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_json(text in rules(), style in 0usize..3, how in bytes()) {
        check(&json(&text, style), &text, how, from_json)?;
    }

    #[test]
    fn in_clixml(text in rules(), how in bytes()) {
        check(&xml(&text), &text, how, from_xml)?;
    }

    /// A token that the console wrapped stands on two lines.
    #[test]
    fn in_format_list(text in lines(), columns in prop_oneof![Just(79usize), Just(119), Just(4095)], how in bytes()) {
        let file = console(&text, columns);
        let unwrap = |raw: &str| {
            let joined = raw.replace(&format!("\r\n{}", " ".repeat(17)), "");
            // Only the line's end itself is such a gap.
            if joined.is_empty() { "\n".repeat(raw.matches("\r\n").count()) } else { joined }
        };
        check(&file, &text, how, unwrap)?;
    }

    #[test]
    fn in_yaml(text in lines(), how in bytes()) {
        let unindent = |raw: &str| raw.replace("\n    ", "\n");
        check(&yaml(&text), &unwrite_lines(&text), how, unindent)?;
    }
    #[test]
    fn in_csv(text in rules(), delimiter in prop_oneof![Just(','), Just(';'), Just('\t')], how in bytes()) {
        // CSV escapes nothing: a file with many controls is taken for no text.
        let text = text.replace('\u{1}', "");
        check(&csv(&text, delimiter), &text, how, |raw| unwrite_lines(&raw.replace("\"\"", "\"")))?;
    }

    #[test]
    fn in_a_script(text in rules(), style in 0usize..3, how in bytes()) {
        let text = text.replace('\u{1}', "");
        let unwrite = |raw: &str| match style {
            0 => unwrite_lines(&raw.replace("''", "'")),
            1 => unwrite_lines(&raw.replace("`$", "$").replace("`\"", "\"").replace("``", "`")),
            _ => unwrite_lines(raw),
        };
        check(&script(&text, style), &text, how, unwrite)?;
    }

    #[test]
    fn in_mof(text in rules(), how in bytes()) {
        let text = text.replace('\u{1}', "");
        check(&mof(&text), &text, how, from_mof)?;
    }
}
