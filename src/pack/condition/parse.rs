//! From a condition's text to a tree, by `grammar/condition.pest`.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;
use pest_derive::Parser;

use super::Trouble;
use super::tree::{DEEPEST, Literal, Operator, Range, Raw, RawKind};

/// Brackets in brackets; the parser recurses as deep.
const NESTING: usize = 60;
/// Longest condition; real ones have a few hundred bytes.
const LONGEST: usize = 64 * 1024;

#[derive(Parser)]
#[grammar = "../grammar/condition.pest"]
struct Grammar;

/// Parses a condition.
pub(super) fn parse(text: &str) -> Result<Raw, Trouble> {
    let end = small(text.len());
    if text.len() > LONGEST || nesting(text) > NESTING {
        return Err(too_deep(end));
    }
    match Grammar::parse(Rule::condition, text) {
        Ok(mut pairs) => {
            let root = pairs.next().and_then(|pair| pair.into_inner().next());
            root.and_then(expression).ok_or_else(|| too_deep(end))
        }
        Err(error) => Err(refused(text, &error)),
    }
}

/// What is said of a condition that would exhaust the stack.
pub(super) fn too_deep(end: u32) -> Trouble {
    Trouble {
        range: (0, end),
        message: format!(
            "The condition is longer than {LONGEST} bytes, nests more than {NESTING} deep, or chains more than {DEEPEST} parts."
        ),
        help: Some("Split it, or write a list with `in`, `exists` or `all`.".into()),
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    // A choice in the last place of a choice recurses too.
    deepest + text.bytes().filter(|byte| *byte == b'?').count()
}

fn refused(text: &str, error: &pest::error::Error<Rule>) -> Trouble {
    let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
    let rest = text.get(at..).unwrap_or("");
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let found = rest.split_whitespace().next().unwrap_or("");
    let expects_value = matches!(&error.variant, ErrorVariant::ParsingError { positives, .. }
        if positives.iter().any(|rule| matches!(rule, Rule::expression | Rule::primary | Rule::identifier | Rule::unary | Rule::member | Rule::number)));
    let message = match (found.is_empty(), expects_value) {
        (true, _) => "The condition ends where a value is expected.".to_owned(),
        (false, true) => format!("`{found}` stands where a value is expected."),
        (false, false) => format!("`{found}` cannot stand here."),
    };
    let help = match found {
        _ if found.starts_with("and") || found.starts_with('&') => Some("Write && for and.".to_owned()),
        _ if found.starts_with("or") || found.starts_with('|') => Some("Write || for or.".to_owned()),
        _ if found.starts_with('=') => Some("Write == to compare.".to_owned()),
        _ if found.starts_with("not") => Some("Write ! for not.".to_owned()),
        _ => None,
    };
    Trouble { range: (small(at), small(at + length)), message, help }
}

fn range(pair: &Pair<'_, Rule>) -> Range {
    let span = pair.as_span();
    // A rule's span runs up to the next token; the blanks between do not belong to it.
    (small(span.start()), small(span.start() + pair.as_str().trim_end().len()))
}

fn expression(pair: Pair<'_, Rule>) -> Option<Raw> {
    let place = range(&pair);
    let form = pair.as_rule();
    let mut inner = pair.into_inner();
    match form {
        Rule::expression => {
            let first = expression(inner.next()?)?;
            match (inner.next(), inner.next()) {
                (Some(yes), Some(no)) => {
                    let parts = (Box::new(first), Box::new(expression(yes)?), Box::new(expression(no)?));
                    Raw::new(RawKind::Choice(parts.0, parts.1, parts.2), place)
                }
                _ => Some(first),
            }
        }
        Rule::either => joined(inner, place, RawKind::Or),
        Rule::both => joined(inner, place, RawKind::And),
        Rule::relation | Rule::sum | Rule::product => binary(inner),
        Rule::unary => unary(inner, place),
        Rule::member => member(inner),
        Rule::primary => primary(inner.next()?),
        _ => None,
    }
}

fn joined<'i>(
    inner: impl Iterator<Item = Pair<'i, Rule>>,
    range: Range,
    kind: fn(Vec<Raw>) -> RawKind,
) -> Option<Raw> {
    let mut parts = inner.map(expression).collect::<Option<Vec<_>>>()?;
    if parts.len() == 1 {
        return parts.pop();
    }
    Raw::new(kind(parts), range)
}

fn binary<'i>(mut inner: impl Iterator<Item = Pair<'i, Rule>>) -> Option<Raw> {
    let mut left = expression(inner.next()?)?;
    while let Some(sign) = inner.next() {
        let operator = Operator::of(sign.as_str().trim());
        let right = expression(inner.next()?)?;
        let range = (left.range.0, right.range.1);
        left = Raw::new(RawKind::Binary(operator, Box::new(left), Box::new(right)), range)?;
    }
    Some(left)
}

fn unary<'i>(inner: impl Iterator<Item = Pair<'i, Rule>>, range: Range) -> Option<Raw> {
    let mut signs = Vec::new();
    let mut value = None;
    for part in inner {
        match part.as_rule() {
            Rule::not | Rule::minus => signs.push(part.as_rule()),
            _ => value = expression(part),
        }
    }
    let mut value = value?;
    for sign in signs.into_iter().rev() {
        let inside = Box::new(value);
        let kind = if sign == Rule::not { RawKind::Not(inside) } else { RawKind::Minus(inside) };
        value = Raw::new(kind, range)?;
    }
    Some(value)
}

fn member<'i>(mut inner: impl Iterator<Item = Pair<'i, Rule>>) -> Option<Raw> {
    let mut value = expression(inner.next()?)?;
    for part in inner {
        let end = range(&part).1;
        let start = value.range.0;
        let form = part.as_rule();
        let mut parts = part.into_inner();
        let first = parts.next()?;
        let kind = if form == Rule::index {
            RawKind::Index(Box::new(value), Box::new(expression(first)?))
        } else {
            let name = (first.as_str().to_owned(), range(&first));
            match parts.next() {
                Some(arguments) => {
                    let arguments = arguments.into_inner().map(expression).collect::<Option<_>>()?;
                    RawKind::Method(Box::new(value), name.0, name.1, arguments)
                }
                None => RawKind::Member(Box::new(value), name.0, name.1),
            }
        };
        value = Raw::new(kind, (start, end))?;
    }
    Some(value)
}

fn primary(pair: Pair<'_, Rule>) -> Option<Raw> {
    let place = range(&pair);
    let written = pair.as_str().trim_end();
    let kind = match pair.as_rule() {
        Rule::number => RawKind::Literal(number(written)?),
        Rule::text => RawKind::Literal(Literal::Text(text(pair)?)),
        Rule::constant => RawKind::Literal(match written {
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            _ => Literal::Null,
        }),
        Rule::identifier | Rule::metavariable => RawKind::Name(written.to_owned()),
        Rule::parenthesis => return expression(pair.into_inner().next()?),
        Rule::call => {
            let mut parts = pair.into_inner();
            let name = parts.next()?;
            let arguments = parts.next()?.into_inner().map(expression).collect::<Option<_>>()?;
            RawKind::Call(name.as_str().to_owned(), range(&name), arguments)
        }
        Rule::list => RawKind::List(pair.into_inner().map(expression).collect::<Option<_>>()?),
        Rule::map => {
            let entry = |entry: Pair<'_, Rule>| {
                let mut parts = entry.into_inner();
                Some((expression(parts.next()?)?, expression(parts.next()?)?))
            };
            RawKind::Map(pair.into_inner().map(entry).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    Raw::new(kind, place)
}

fn number(written: &str) -> Option<Literal> {
    match written.parse::<i64>() {
        Ok(whole) => Some(Literal::Int(whole)),
        Err(_) => written.parse().ok().map(Literal::Double),
    }
}

fn text(pair: Pair<'_, Rule>) -> Option<String> {
    let quoted = pair.into_inner().next()?;
    let is_raw = quoted.as_rule() == Rule::raw_text;
    let inside = quoted.into_inner().next()?;
    Some(if is_raw { inside.as_str().to_owned() } else { unescape(inside.as_str()) })
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some(digits @ ('x' | 'u')) => {
                let count = if digits == 'x' { 2 } else { 4 };
                let code: String = rest.by_ref().take(count).collect();
                let decoded = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                plain.push(decoded.unwrap_or('\u{fffd}'));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}
