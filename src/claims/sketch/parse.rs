//! From the text of a pattern to a sketch, by `grammar/claim-pattern.pest`.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest_derive::Parser;

use super::lower::Lower;
use super::tree::{Names, Sketch};

#[derive(Parser)]
#[grammar = "../grammar/claim-words.pest"]
#[grammar = "../grammar/claim-pattern.pest"]
struct Grammar;

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SketchProblem {
    /// Where, in bytes of its text.
    pub range: (u32, u32),
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Longest pattern; real ones have a few hundred bytes.
const LONGEST: usize = 8 * 1024;
/// Brackets in brackets; the parser recurses as deep.
const NESTING: usize = 40;

/// Reads a pattern. Its metavariables are added to `names`.
pub fn parse(text: &str, names: &mut Names) -> Result<Sketch, Vec<SketchProblem>> {
    let problem = |range, message: &str, help: Option<String>| {
        vec![SketchProblem { range, message: message.to_owned(), help }]
    };
    let end = small(text.len());
    if text.len() > LONGEST || crate::claims::lexer::nesting(text) > NESTING {
        return Err(problem((0, end), "The pattern is too long or nests too deep.", None));
    }
    let pairs = Grammar::parse(Rule::pattern, text).map_err(|error| vec![refused(text, &error)])?;
    let mut lower = Lower::new(names);
    let sketch = pairs.into_iter().next().and_then(|pair| lower.sketch(pair));
    match sketch {
        Some(sketch) if lower.problems.is_empty() => Ok(sketch),
        _ if lower.problems.is_empty() => Err(problem((0, end), "The pattern cannot be read.", None)),
        _ => Err(lower.problems),
    }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Says where the text stops being a pattern, and what may have been meant.
fn refused(text: &str, error: &pest::error::Error<Rule>) -> SketchProblem {
    let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
    let rest = text.get(at..).unwrap_or("");
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let word = rest.find(|c: char| !is_part(c)).map_or(rest, |end| rest.get(..end).unwrap_or(""));
    let first = rest.chars().next().map_or("", |c| rest.get(..c.len_utf8()).unwrap_or(""));
    let found = if word.is_empty() { first } else { word };
    let message = match found {
        "" => "The pattern ends too early.".to_owned(),
        found => format!("`{found}` cannot stand here."),
    };
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        return SketchProblem { range: (small(at), small(at)), message, help: None };
    };
    let help = suggestion(text, at, found).or_else(|| expected(positives));
    SketchProblem { range: (small(at), small(at + found.len())), message, help }
}

fn suggestion(text: &str, at: usize, found: &str) -> Option<String> {
    let before = text.get(..at).unwrap_or("").trim_end();
    let rest = text.get(at..).unwrap_or("");
    match found {
        name if name.starts_with('$') && name.len() > 1 && name.to_ascii_uppercase() != name => {
            Some(format!("A metavariable is written in capitals: {}.", name.to_ascii_uppercase()))
        }
        name if name.starts_with('$') => Some(
            "A metavariable stands for a literal, an expression, an operator, a property, an action, a \
             comparison or a condition; a variable needs none, whatever its name."
                .to_owned(),
        ),
        "=" if before.matches('[').count() > before.matches(']').count() => {
            Some("Write == to compare.".to_owned())
        }
        "|" => Some("Write a list under `pattern:`, one entry for each alternative.".to_owned()),
        "." if rest.starts_with("..") => Some("`...` has three dots.".to_owned()),
        _ => None,
    }
}

/// What could stand there, in the words of the language.
fn expected(positives: &[Rule]) -> Option<String> {
    let mut words: Vec<&str> = positives.iter().filter_map(|rule| word_of(*rule)).collect();
    words.sort_unstable();
    words.dedup();
    (!words.is_empty()).then(|| format!("Expected {}.", words.join(" or ")))
}

fn word_of(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::comma => ",",
        Rule::and => "&&",
        Rule::implies => "=>",
        Rule::colon => ":",
        Rule::plus => "+",
        Rule::assign => "=",
        Rule::operator => "an operator",
        Rule::open_paren => "(",
        Rule::close_paren => ")",
        Rule::open_bracket => "[",
        Rule::close_bracket => "]",
        Rule::string => "a text in quotes",
        Rule::ellipsis => "...",
        Rule::blank => "$NAME",
        Rule::action => "issue or add",
        Rule::closing_quote => "\"",
        Rule::plain_property | Rule::property => "a property",
        _ => return None,
    })
}
