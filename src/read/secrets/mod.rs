//! Secrets in exports: found and masked before anything else looks at the text, so that nothing can show them.
//!
//! In the text every character of a secret becomes a mark of the same length, so lines, columns and offsets stay. In the
//! tree a secret gives way to words: what it is, how long it was, and eight digits of its SHA-256, by which two mentions of
//! one secret can be told to be the same.

mod der;
mod names;
mod texts;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::Regex;
use sha2::{Digest as _, Sha256};

use self::walk::Found;
use super::{Document, Format, small};
use crate::node::Replacement;
use crate::source::{Sources, Span};

pub(crate) use self::der::private_key;

/// A secret that stood in a file. What it was is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Where it stood.
    pub span: Span,
    /// What it is: `client secret`.
    pub kind: &'static str,
    /// The name that it stood under, if it had one.
    pub name: Option<String>,
    /// How many characters it had.
    pub characters: usize,
    /// The first eight digits of its SHA-256.
    pub fingerprint: String,
}

impl Secret {
    fn of(found: &Found, document: &Document) -> Self {
        let start = found.pieces.first().map_or(0, |piece| piece.start);
        let end = found.pieces.last().map_or(start, |piece| piece.end);
        let digest = Sha256::digest(found.text.as_bytes());
        Self {
            span: Span::new(document.source, small(start), small(end)),
            kind: found.kind,
            name: found.name.clone(),
            characters: found.text.chars().count(),
            fingerprint: digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// What stands in the place of the secret.
    pub fn words(&self) -> String {
        format!("<{}, {} characters, SHA-256 {}>", self.kind, self.characters, self.fingerprint)
    }
}

/// Secrets shorter than this are only masked where their place tells that they are secrets.
const TELLING: usize = 8;

/// Finds the secrets of a document and masks them: in its source, its tree, and what the reader said about it.
pub fn mask(document: &mut Document, sources: &mut Sources) {
    let Some(text) = sources.get(document.source).map(|source| Arc::clone(source.text())) else { return };
    let found = walk::find(document, &text);
    // Nobody knows what stands in a text that is of no known kind; it may be a key and nothing else.
    let is_unknown = document.format == Format::Text && document.tree.is_none();
    if found.is_empty() && !is_unknown {
        return;
    }
    let secrets: Vec<Secret> = found.iter().map(|one| Secret::of(one, document)).collect();
    let mut pieces: Vec<_> = found.iter().flat_map(|one| one.pieces.iter().cloned()).collect();
    pieces.extend(twins(&found, &text));
    pieces.extend(is_unknown.then(|| 0..text.len()));
    let masked = Arc::new(masked(&text, pieces));
    if let Some(tree) = &mut document.tree {
        let mut replacements: BTreeMap<u32, Vec<Replacement>> = BTreeMap::new();
        for (one, secret) in found.iter().zip(&secrets) {
            // A loose claim rule file shows itself: the columns of its text are those of the file.
            let node = one.node.filter(|_| document.format != Format::ClaimRules);
            let Some((index, start, end)) = node else { continue };
            let words = secret.words();
            replacements.entry(index).or_default().push(Replacement { start, end, words });
        }
        for (index, parts) in &replacements {
            tree.replace(*index, parts);
        }
        tree.mask(Arc::clone(&masked));
    }
    for problem in &mut document.problems {
        for (one, secret) in found.iter().zip(&secrets) {
            let written = one.pieces.iter().filter_map(|piece| text.get(piece.clone()));
            // A word that was no value is told without what a list has behind it.
            let bare = one.text.trim_end_matches([',', ']', '}']);
            for part in written.chain([one.text.as_str(), bare]).filter(|part| part.len() >= 4) {
                problem.message = problem.message.replace(part, &secret.words());
                problem.help = problem.help.as_ref().map(|help| help.replace(part, &secret.words()));
            }
        }
    }
    document.secrets = secrets;
    sources.mask(document.source, masked);
}

/// Where the same secrets stand once more and nothing says what they are. All are looked for in one pass.
fn twins(found: &[Found], text: &str) -> Vec<Piece> {
    let telling: BTreeSet<&str> =
        found.iter().map(|one| one.text.as_str()).filter(|secret| secret.len() >= TELLING).collect();
    let any = telling.into_iter().map(regex::escape).collect::<Vec<_>>().join("|");
    let regex = Regex::new(&any).ok().filter(|_| !any.is_empty());
    regex.map(|regex| regex.find_iter(text).map(|twin| twin.range()).collect()).unwrap_or_default()
}

/// A text of which it is not known where it comes from, without the secrets in it.
pub(crate) fn without(text: &str) -> String {
    masked(text, texts::find(text, false).into_iter().map(|hit| hit.start..hit.end).collect())
}

type Piece = std::ops::Range<usize>;

/// The text with a mark in place of every character of these pieces, line breaks and tabs apart.
fn masked(text: &str, mut pieces: Vec<Piece>) -> String {
    pieces.sort_by_key(|piece| (piece.start, piece.end));
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for piece in pieces {
        let start = piece.start.max(at);
        let Some(secret) = text.get(start..piece.end) else { continue };
        masked.push_str(text.get(at..start).unwrap_or(""));
        masked.extend(secret.chars().map(mark));
        at = piece.end;
    }
    masked.push_str(text.get(at..).unwrap_or(""));
    masked
}

/// A character that takes as many bytes as the secret one, in UTF-8 and in UTF-16.
fn mark(secret: char) -> char {
    match secret.len_utf8() {
        1 if secret.is_ascii_control() => secret,
        1 => '*',
        2 => '¤',
        3 => '•',
        _ => '\u{1f7b6}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_keeps_lengths_and_lines() {
        let text = "aé日\u{1f511}\r\nb;c";
        let hidden = masked(text, vec![0..13, 0..3]);
        assert_eq!(hidden, "*¤•\u{1f7b6}\r\n*;c");
        assert_eq!(hidden.len(), text.len());
        assert_eq!(hidden.encode_utf16().count(), text.encode_utf16().count());
    }
}
