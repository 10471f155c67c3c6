//! `<computer>_ADFS-TLSConfig.txt`, which `Get-ADFSTLSConfiguration` of adfsToolbox writes.
//!
//! It says `Disabled` of every value that is not 1, also of 0xffffffff, which is on; and `Enabled (default)` of every
//! value that is not there, also where Windows has the protocol off. So its words are kept beside the protocol,
//! and the list counts as incomplete.

use super::lines::lines;
use super::small;
use crate::node::{Tree, TreeBuilder};

const TITLE: &str = "ADFS SSL/TLS Configuration";

/// Whether the toolbox wrote a text.
pub(super) fn is_tls_configuration(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(TITLE)
}

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder) -> Tree {
    let mut writer = Writer { builder };
    let all = lines(text);
    let root = writer.builder.open_map(0);
    writer.pair(0, 0, "Schannel", None);
    let list = writer.builder.open_list(0);
    let map = writer.builder.open_map(0);
    writer.pair(0, 0, "Name", Some("SCHANNEL"));
    let computer = all.iter().skip(1).find(|line| !line.of(text).trim().is_empty());
    if let Some(line) = computer.filter(|line| is_name(line.of(text).trim())) {
        writer.pair(line.start, line.end, "Node", Some(line.of(text).trim()));
    }
    writer.pair(0, 0, "Protocols", None);
    let protocols = writer.builder.open_list(0);
    for line in all {
        let body = line.of(text);
        let Some((label, words)) = body.split_once(" : ") else { continue };
        let parts: Vec<&str> = label.split_whitespace().collect();
        let [name @ .., side, "Setting"] = parts.as_slice() else { continue };
        let inner = writer.builder.open_map(small(line.start));
        writer.pair(line.start, line.end, "Protocol", Some(&protocol(name)));
        writer.pair(line.start, line.end, "Side", Some(side));
        writer.pair(line.start, line.end, "Toolbox", Some(words.trim()));
        writer.builder.close(inner, small(line.end));
    }
    let end = small(text.len());
    writer.builder.close_incomplete(protocols, end);
    writer.builder.close(map, end);
    writer.builder.close(list, end);
    writer.builder.close(root, end);
    writer.builder.finish()
}

fn is_name(word: &str) -> bool {
    word.len() <= 63 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// `SSL2` is `SSL 2.0`; later protocols are spelt out.
fn protocol(words: &[&str]) -> String {
    match words {
        [one] => {
            let digits = one.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
            let name = one.strip_suffix(digits).unwrap_or(one);
            format!("{name} {digits}.0")
        }
        several => several.join(" "),
    }
}

struct Writer {
    builder: TreeBuilder,
}

impl Writer {
    /// A name, and the value behind it if that is a word.
    fn pair(&mut self, start: usize, end: usize, name: &str, value: Option<&str>) {
        for word in std::iter::once(name).chain(value) {
            self.builder.word(start, end, word);
        }
    }
}
