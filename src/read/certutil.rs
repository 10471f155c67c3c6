//! What `certutil` prints of certificates: `-store`, `-dump`, with or without `-v`, in any language.
//!
//! Labels are translated, so lines are known by what they hold: a line of equals signs begins a certificate of a store; the
//! hash is behind `(sha1)`, the last of a certificate. Names, dates and serial number come in one order.

use super::lines::{Line, lines};
use super::{Troubles, small};
use crate::node::{Coding, Tree, TreeBuilder};

/// Labels in English with the names they get here.
const LABELS: [(&str, &str); 5] = [
    ("serial number", "SerialNumber"),
    ("issuer", "Issuer"),
    ("notbefore", "NotBefore"),
    ("notafter", "NotAfter"),
    ("subject", "Subject"),
];

/// What stands in the first lines of a certificate of a store, in that order.
const ORDER: [&str; 5] = ["SerialNumber", "Issuer", "NotBefore", "NotAfter", "Subject"];

/// Whether a line begins a certificate of a store: `================ Certificate 0 ================`.
fn is_heading(line: &str) -> bool {
    let inner = line.trim().trim_matches('=');
    let equals = line.trim().len() - inner.len();
    equals >= 16 && line.trim().starts_with("====") && inner.chars().any(|letter| letter.is_ascii_digit())
}

/// Whether `certutil` wrote a text.
pub(super) fn is_certutil(text: &str) -> bool {
    let is_dump = |line: &str| line.trim_end() == "X509 Certificate:";
    let has_hash = || text.lines().any(|line| hash(line).is_some());
    text.lines().any(|line| is_heading(line) || is_dump(line)) && has_hash()
}

/// `Cert Hash(sha1): 40 hex digits`, perhaps in pairs: what is before the bracket, and where the digits begin.
fn hash(line: &str) -> Option<(&str, usize)> {
    let at = line.find("(sha1)").or_else(|| line.find("(SHA1)"))?;
    let rest = line.get(at + 6..)?;
    let colon = rest.find(':')?;
    let digits = rest.get(colon + 1..)?.trim();
    let count = digits.bytes().filter(u8::is_ascii_hexdigit).count();
    let is_hash = count == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b' ');
    let begin = at + 6 + colon + 1;
    is_hash.then(|| {
        let blanks = line.get(begin..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        (line.get(..at).unwrap_or("").trim(), begin + blanks)
    })
}

/// Reads a text: a list of certificates below the name of their kind.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let all = lines(text);
    let begins = |line: &Line| {
        let body = line.of(text);
        is_heading(body) || body.trim_end() == "X509 Certificate:"
    };
    let mut starts: Vec<usize> = (0..all.len()).filter(|at| all.get(*at).is_some_and(begins)).collect();
    // `certutil -v -store` prints both lines for one certificate.
    starts = starts.iter().copied().filter(|at| *at == 0 || !starts.contains(&(at - 1))).collect();
    let mut writer = Writer { text, builder };
    let root = writer.builder.open_map(0);
    writer.builder.word(0, 0, "CertificateFile");
    let list = writer.builder.open_list(0);
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(all.len());
        let block = all.get(*start..end).unwrap_or(&[]);
        if !writer.certificate(block) {
            let (from, to) = block.first().map_or((0, 0), |line| (line.start, line.end));
            troubles.warn(from, to, CUT_OFF, "Run certutil again, and save all that it prints.");
        }
    }
    writer.builder.close(list, small(text.len()));
    writer.builder.close(root, small(text.len()));
    writer.builder.finish()
}

const CUT_OFF: &str = "Below this line stands no hash of the certificate.";

struct Writer<'t> {
    text: &'t str,
    builder: TreeBuilder,
}

impl Writer<'_> {
    fn certificate(&mut self, block: &[Line]) -> bool {
        let Some(begin) = block.first() else { return false };
        let text = self.text;
        // Dumps also show hashes of names and keys; that of the whole certificate is the last one.
        let found = block.iter().rev().find_map(|line| Some((*line, hash(line.of(text))?.1)));
        let Some((line, at)) = found else { return false };
        let map = self.builder.open_map(small(begin.start));
        self.builder.word(line.start, line.start + at, "Thumbprint");
        let end = line.start + line.of(text).trim_end().len();
        self.builder.text(small(line.start + at), small(end), Coding::Plain);
        let named = self.labelled(block);
        let facts = if named.is_empty() { self.ordered(block) } else { named };
        for (name, start, end) in facts {
            self.builder.word(start, start, name);
            self.builder.text(small(start), small(end), Coding::Plain);
        }
        self.builder.close(map, small(end));
        true
    }

    /// Values behind English labels.
    fn labelled(&self, block: &[Line]) -> Vec<(&'static str, usize, usize)> {
        let mut found: Vec<(&'static str, usize, usize)> = Vec::new();
        for line in block {
            let body = line.of(self.text);
            let Some((label, value)) = body.split_once(':') else { continue };
            let lower = label.trim().to_ascii_lowercase();
            let name = LABELS.iter().find(|(known, _)| *known == lower).map(|(_, name)| *name);
            let known = |name: &str| found.iter().any(|one| one.0 == name);
            if let Some(name) = name.filter(|name| !value.trim().is_empty() && !known(name)) {
                let end = line.start + body.trim_end().len();
                found.push((name, end - value.trim().len(), end));
            }
        }
        found
    }

    /// Values of the lines below the heading, if these look as they do in every language.
    fn ordered(&self, block: &[Line]) -> Vec<(&'static str, usize, usize)> {
        let value = |line: &Line| {
            let body = line.of(self.text);
            let (_, value) = body.split_once(": ")?;
            let end = line.start + body.trim_end().len();
            let value = value.trim();
            (!value.is_empty()).then(|| (end - value.len(), end))
        };
        let places: Option<Vec<_>> = block.iter().skip(1).take(ORDER.len()).map(value).collect();
        let Some(places) = places.filter(|places| places.len() == ORDER.len()) else { return Vec::new() };
        let is_serial =
            places.first().and_then(|(start, end)| self.text.get(*start..*end)).is_some_and(|serial| {
                serial.len() >= 2 && serial.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b' ')
            });
        let has_names = [1, 4].iter().all(|at| {
            places
                .get(*at)
                .and_then(|(start, end)| self.text.get(*start..*end))
                .is_some_and(|name| name.contains('='))
        });
        if !is_serial || !has_names {
            return Vec::new();
        }
        ORDER.iter().zip(places).map(|(name, (start, end))| (*name, start, end)).collect()
    }
}
