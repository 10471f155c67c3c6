//! What people get wrong in a claim rule: said in words, mended in a copy of the text, and parsed again.
//!
//! AD FS would refuse every such rule. The mended reading is only there so that the rest of the rule can still be
//! looked at, and so that the message can say what was meant.

use super::SyntaxProblem;
use super::ast::ClaimRule;
use super::diagnose::Diagnosis;
use super::repair::{Mend, Work, small};
use super::{lexer, parse};

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
