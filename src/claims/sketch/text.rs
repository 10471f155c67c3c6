//! Texts in quotes with blanks: `"http://$HOST/..."`.

use super::tree::{Piece, Sort, TextSketch};

/// A hole or a sign that cannot be read: its place in the text, what is wrong, how to mend it.
pub(super) struct TextProblem {
    pub range: (usize, usize),
    pub message: String,
    pub help: String,
}

/// Takes a text apart. `number` gives the number of a metavariable; it says itself what is wrong with one.
pub(super) fn pieces(
    text: &str,
    mut number: impl FnMut(&str, (usize, usize), Sort) -> Option<usize>,
) -> Result<TextSketch, TextProblem> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        let (piece, length) = if rest.starts_with("...") {
            (Some(Piece::Rest), 3)
        } else if rest.starts_with("$...") {
            plain.push_str("...");
            (None, 4)
        } else if rest.starts_with("$$") {
            plain.push('$');
            (None, 2)
        } else if let Some(name) = name(rest) {
            let kept = if name == "$_" { None } else { number(name, (at, at + name.len()), Sort::Text) };
            (Some(Piece::Blank(kept)), name.len())
        } else {
            plain.push(first);
            (None, first.len_utf8())
        };
        if let Some(piece) = piece {
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            } else if !pieces.is_empty() {
                return Err(side_by_side((at, at + length)));
            }
            pieces.push(piece);
        }
        at += length;
    }
    if !plain.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    Ok(TextSketch::Pieces(pieces))
}

fn side_by_side(range: (usize, usize)) -> TextProblem {
    TextProblem {
        range,
        message: "Nothing says where the part before ends and this one begins.".to_owned(),
        help: "Write the text that stands between the two, such as .../$X; $$ is a dollar sign and $... are \
               three dots."
            .to_owned(),
    }
}

/// `$_` or `$NAME` at the beginning of a text.
pub(super) fn name(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('$')?;
    let first = inside.chars().next()?;
    if first == '_' {
        return text.get(..2);
    }
    let length =
        inside.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_').count();
    first.is_ascii_uppercase().then(|| text.get(..=length)).flatten()
}

/// What the pieces stand for in a text: a range for every piece. A metavariable takes at least one character and
/// as few as it can, `...` as many as it can. `None` if the text is another one, an error if `steps` run out.
pub(super) fn fit(
    pieces: &[Piece],
    text: &str,
    steps: &mut u32,
) -> Result<Option<Vec<(usize, usize)>>, Exhausted> {
    let mut ranges = Vec::with_capacity(pieces.len());
    let fits = fit_from(pieces, text, 0, &mut ranges, steps)?;
    ranges.reverse();
    Ok(fits.then_some(ranges))
}

/// The steps of one search ran out.
#[derive(Debug)]
pub(super) struct Exhausted;

/// Takes `cost` steps.
pub(super) fn pay(steps: &mut u32, cost: usize) -> Result<(), Exhausted> {
    let left = u32::try_from(cost).ok().and_then(|cost| steps.checked_sub(cost));
    *steps = left.unwrap_or(0);
    left.map(|_| ()).ok_or(Exhausted)
}

/// Fits the pieces from `at` on; ranges are noted from the last one to the first.
fn fit_from(
    pieces: &[Piece],
    text: &str,
    at: usize,
    ranges: &mut Vec<(usize, usize)>,
    steps: &mut u32,
) -> Result<bool, Exhausted> {
    /// Bytes that are looked through in one step.
    const PACE: usize = 256;
    let rest = text.get(at..).unwrap_or("");
    pay(steps, 1 + rest.len() / PACE)?;
    let Some((first, others)) = pieces.split_first() else { return Ok(rest.is_empty()) };
    let least = match first {
        Piece::Plain(plain) => {
            let fits =
                rest.starts_with(plain.as_str()) && fit_from(others, text, at + plain.len(), ranges, steps)?;
            if fits {
                ranges.push((at, at + plain.len()));
            }
            return Ok(fits);
        }
        Piece::Rest => 0,
        Piece::Blank(_) => rest.chars().next().map_or(1, char::len_utf8),
    };
    // Holes do not stand side by side: behind one is a plain text or the end.
    let Some(Piece::Plain(next)) = others.first() else {
        let fits = rest.len() >= least;
        if fits {
            ranges.push((at, text.len()));
        }
        return Ok(fits);
    };
    let greedy = matches!(first, Piece::Rest);
    let mut window = (at + least, text.len());
    while let Some(found) = occurrence(text, next, window, greedy) {
        if fit_from(others, text, found, ranges, steps)? {
            ranges.push((at, found));
            return Ok(true);
        }
        window = if greedy {
            let step = next.chars().next_back().map_or(1, char::len_utf8);
            (window.0, found + next.len() - step)
        } else {
            (found + next.chars().next().map_or(1, char::len_utf8), window.1)
        };
    }
    Ok(false)
}

/// The last or first place of a text within a window.
fn occurrence(text: &str, wanted: &str, window: (usize, usize), last: bool) -> Option<usize> {
    let inside = text.get(window.0..window.1)?;
    let found = if last { inside.rfind(wanted) } else { inside.find(wanted) };
    found.map(|at| window.0 + at)
}
