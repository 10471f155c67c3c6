//! A copy of a claim rule that is mended step by step, and that knows where each of its bytes came from.

use super::ast::Range;

/// An offset as ranges count it.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A text under repair: every byte knows the byte of the original that it stands for.
pub(super) struct Work {
    pub text: String,
    origin: Vec<u32>,
}

/// What to change in a text.
#[derive(Debug, Default)]
pub(super) enum Mend {
    /// Nothing helps.
    #[default]
    None,
    /// Replace ranges, given in ascending order.
    Replace(Vec<(Range, String)>),
    /// Put these ranges, with commas between, in place of the range.
    Reorder(Range, Vec<Range>),
}

impl Mend {
    /// The mend, leaving none behind.
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Replaces one range.
    pub fn one(range: Range, text: &str) -> Self {
        Self::Replace(vec![(range, text.to_owned())])
    }

    /// Puts a text in.
    pub fn insert(at: u32, text: &str) -> Self {
        Self::one(Range::new(at, at), text)
    }
}

impl Work {
    /// A text that was not touched yet.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), origin: (0..=small(text.len())).collect() }
    }

    /// The byte of the original that stands at `at`.
    pub fn origin_of(&self, at: usize) -> u32 {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or(0)
    }

    /// The text of a range.
    pub fn slice(&self, range: Range) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    /// Puts a text in.
    pub fn insert(&mut self, at: usize, text: &str) {
        let place = small(at);
        self.replace(Range::new(place, place), text);
    }

    fn replace(&mut self, range: Range, text: &str) {
        let (start, end) = (range.start as usize, range.end as usize);
        if self.text.get(start..end).is_none() {
            return;
        }
        let first = self.origin_of(start);
        self.text.replace_range(start..end, text);
        self.origin.splice(start..end, std::iter::repeat_n(first, text.len()));
    }

    /// Mends; says whether anything changed.
    pub fn apply(&mut self, mend: Mend) -> bool {
        match mend {
            Mend::None => false,
            Mend::Replace(changes) => {
                for (range, text) in changes.into_iter().rev() {
                    self.replace(range, &text);
                }
                true
            }
            Mend::Reorder(whole, parts) => {
                let mut text = String::new();
                let mut origin = Vec::new();
                for part in parts {
                    if !text.is_empty() {
                        text.push(',');
                        origin.push(self.origin_of(part.start as usize));
                    }
                    text.push_str(self.slice(part));
                    let from = self.origin.get(part.start as usize..part.end as usize);
                    origin.extend_from_slice(from.unwrap_or(&[]));
                }
                let (start, end) = (whole.start as usize, whole.end as usize);
                if text.len() != origin.len() || self.text.get(start..end).is_none() {
                    return false;
                }
                self.text.replace_range(start..end, &text);
                self.origin.splice(start..end, origin);
                true
            }
        }
    }
}
