//! `reg export` and `reg query`, line by line.

use super::{Data, Entry, Flavour, Key, Keys, below_machine};
use crate::read::Troubles;
use crate::read::lines::{Line, lines};

const CUT_OFF: &str = "The file ends in the middle of a key: behind the last one stands no empty line.";
const AGAIN: &str = "Export it again; what stands before was read.";
const SCRIPT: &str = "This file takes keys or values away: it was written to be imported, not exported.";

/// Finds the keys of a text, and says what is wrong with it.
pub(super) fn keys(text: &str, troubles: &mut Troubles) -> Keys {
    let is_export = lines(text).iter().any(|line| line.of(text).starts_with('['));
    let flavour = if is_export { Flavour::Export } else { Flavour::Query };
    let mut walk = Walk { text, keys: Vec::new(), is_cut: false, goes_on: false, troubles };
    for line in lines(text) {
        walk.take(line, flavour);
    }
    let Walk { mut keys, mut is_cut, .. } = walk;
    let tail = text.get(text.trim_end().len()..).unwrap_or("");
    if tail.matches('\n').count().max(tail.matches('\r').count()) < 2 && !keys.is_empty() {
        is_cut = true;
        damage_last(&mut keys, tail.is_empty());
        troubles.warn(text.trim_end().len(), text.len(), CUT_OFF, AGAIN);
    }
    Keys { flavour, keys, is_cut }
}

/// The last line of a file that is cut off may have said more.
fn damage_last(keys: &mut [Key], is_in_line: bool) {
    let last = keys.last_mut().and_then(|key| key.entries.last_mut()).filter(|_| is_in_line);
    if let Some(entry) = last {
        entry.data = Data::Damaged;
    }
}

struct Walk<'t, 'p> {
    text: &'t str,
    keys: Vec<Key>,
    is_cut: bool,
    /// The line goes on behind a `\`.
    goes_on: bool,
    troubles: &'p mut Troubles,
}

impl Walk<'_, '_> {
    fn take(&mut self, line: Line, flavour: Flavour) {
        let body = line.of(self.text).trim_end();
        if std::mem::replace(&mut self.goes_on, false) {
            self.goes_on = body.ends_with('\\');
            return;
        }
        match flavour {
            Flavour::Export => self.exported(line, body),
            _ => self.queried(line, body),
        }
    }

    fn exported(&mut self, line: Line, body: &str) {
        let body = body.trim_start();
        if let Some(inside) = body.strip_prefix('[') {
            return match inside.strip_prefix('-') {
                Some(_) => self.script(line),
                None => self.key(line, inside.strip_suffix(']').unwrap_or(inside), inside.ends_with(']')),
            };
        }
        let Some((name, data)) = exported_value(body) else { return };
        self.goes_on = data.starts_with("hex") && data.ends_with('\\');
        let data = match data.strip_prefix("dword:") {
            Some(digits) => number(digits),
            None if data == "-" => return self.script(line),
            None if data.starts_with('"') || data.starts_with("hex") => Data::Other,
            None => Data::Damaged,
        };
        self.value(line, &name, data);
    }

    /// `    Name    REG_DWORD    0x1`
    fn queried(&mut self, line: Line, body: &str) {
        if body.starts_with("HKEY_") || body.starts_with("HKLM\\") {
            return self.key(line, body, true);
        }
        let Some(at) = body.find("    REG_").filter(|_| body.starts_with(' ')) else { return };
        let name = body.get(..at).unwrap_or("").trim();
        let mut rest = body.get(at..).unwrap_or("").trim_start().splitn(2, "    ");
        let kind = rest.next().unwrap_or("").trim();
        let data = rest.next().unwrap_or("").trim();
        let data = match kind {
            "REG_DWORD" | "REG_QWORD" => data.strip_prefix("0x").map_or(Data::Damaged, number),
            _ => Data::Other,
        };
        self.value(line, name, data);
    }

    fn key(&mut self, line: Line, path: &str, is_closed: bool) {
        self.is_cut |= !is_closed;
        let path = below_machine(path).unwrap_or("").trim_end_matches('\\');
        self.keys.push(Key {
            path: path.to_owned(),
            start: line.start,
            end: line.start + line.of(self.text).trim_end().len(),
            entries: Vec::new(),
        });
    }

    fn value(&mut self, line: Line, name: &str, data: Data) {
        let end = line.start + line.of(self.text).trim_end().len();
        if let Some(key) = self.keys.last_mut() {
            key.entries.push(Entry { name: name.to_ascii_lowercase(), data, start: line.start, end });
        }
    }

    fn script(&mut self, line: Line) {
        if !std::mem::replace(&mut self.is_cut, true) {
            self.troubles.warn(line.start, line.end, SCRIPT, "Save what `reg export` writes on the server.");
        }
        // What follows below a key that is taken away belongs to no key.
        if line.of(self.text).trim_start().starts_with('[') {
            let (start, end) = (line.start, line.end);
            self.keys.push(Key { path: String::new(), start, end, entries: Vec::new() });
        }
    }
}

/// `"Name"=data`, with `\"` and `\\` in the name; `@` is the value without a name.
fn exported_value(line: &str) -> Option<(String, &str)> {
    if let Some(rest) = line.strip_prefix('@') {
        return Some((String::new(), rest.trim_start().strip_prefix('=')?.trim()));
    }
    let mut name = String::new();
    let mut letters = line.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next().map(|(_, escaped)| escaped)),
            '"' => {
                let rest = line.get(at + 2..)?.trim_start();
                return Some((name, rest.strip_prefix('=').unwrap_or("").trim()));
            }
            other => name.push(other),
        }
    }
    None
}

fn number(digits: &str) -> Data {
    u64::from_str_radix(digits.trim(), 16).map_or(Data::Damaged, Data::Number)
}
