//! What people get wrong in a claim rule: said in words, mended in a copy of the text, and parsed again.
//!
//! AD FS would refuse every such rule. The mended reading is only there so that the rest of the rule can still be
//! looked at, and so that the message can say what was meant.

use super::SyntaxProblem;
use super::ast::{ClaimRule, Range};
use super::diagnose::Diagnosis;
use super::lexer;
use super::parse;

/// Mends of one rule before it counts as hopeless.
const MENDS: usize = 40;
/// Brackets in brackets; the parser recurses as deep.
const NESTING: usize = 64;

/// Reads one claim rule, `;` included. `closed_by_next` says that its `;` is missing and the next rule follows.
pub(super) fn read(text: &str, closed_by_next: bool) -> (Option<ClaimRule>, Vec<SyntaxProblem>) {
    if lexer::nesting(text) > NESTING {
        let whole = (0, small(text.len()));
        let message = format!("This claim rule nests brackets more than {NESTING} deep.");
        return (None, vec![problem("E001", whole, message, "Split it into several claim rules.", false)]);
    }
    let mut work = Work::new(text);
    if closed_by_next {
        work.insert(text.len(), ";");
    }
    let mut problems: Vec<SyntaxProblem> = Vec::new();
    for _ in 0..MENDS {
        let origin = |at: usize| work.origin_of(at);
        match parse::parse(&work.text, &origin) {
            Ok(rule) => return (Some(rule), problems),
            Err(at) => {
                let mut mended = Diagnosis::new(&work, at).find();
                let mend = mended.mend.take();
                let place =
                    (work.origin_of(mended.range.start as usize), work.origin_of(mended.range.end as usize));
                let lenient = !matches!(mend, Mend::None);
                problems.push(problem(mended.code, place, mended.message, &mended.help, lenient));
                if !work.apply(mend) {
                    return (None, problems);
                }
            }
        }
    }
    (None, problems)
}

fn problem(
    code: &'static str,
    range: (u32, u32),
    message: String,
    help: &str,
    lenient: bool,
) -> SyntaxProblem {
    SyntaxProblem { code, range, message, help: help.to_owned(), lenient }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A text under repair: every byte knows the byte of the original that it stands for.
pub(super) struct Work {
    pub text: String,
    origin: Vec<u32>,
}

#[derive(Debug, Default)]
pub(super) enum Mend {
    #[default]
    None,
    /// Replace ranges, given in ascending order.
    Replace(Vec<(Range, String)>),
    /// Put these ranges, with commas between, in place of the range.
    Reorder(Range, Vec<Range>),
}

impl Mend {
    fn take(&mut self) -> Self {
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
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), origin: (0..=small(text.len())).collect() }
    }

    fn origin_of(&self, at: usize) -> u32 {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or(0)
    }

    /// The text of a range.
    pub fn slice(&self, range: Range) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    fn insert(&mut self, at: usize, text: &str) {
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

    fn apply(&mut self, mend: Mend) -> bool {
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
