//! From the text of a store query to its parts, by `grammar/store-query.pest`.

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::{Part, Placeholder};
use crate::claims::ast::Range;

#[derive(Parser)]
#[grammar = "../grammar/store-query.pest"]
struct Grammar;

fn range(pair: &Pair<'_, Rule>) -> Range {
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = pair.as_span();
    Range::new(small(span.start()), small(span.end()))
}

/// The parts of a query between its `;`. Every text has some.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let Ok(mut pairs) = Grammar::parse(Rule::directory, text) else { return Vec::new() };
    let parts =
        pairs.next().into_iter().flat_map(Pair::into_inner).filter(|pair| pair.as_rule() == Rule::part);
    parts
        .map(|part| Part { range: range(&part), names: part.into_inner().map(|name| range(&name)).collect() })
        .collect()
}

/// One token of an SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'q> {
    /// A word that is not quoted.
    Word(&'q str),
    /// A text in quotes, or a name in brackets.
    Quoted,
    /// `{0}`
    Placeholder,
    /// Any other character.
    Symbol(&'q str),
}

/// The tokens of an SQL text without its remarks.
pub(super) fn sql(text: &str) -> Vec<Token<'_>> {
    let Ok(mut pairs) = Grammar::parse(Rule::sql, text) else { return Vec::new() };
    let tokens = pairs.next().into_iter().flat_map(Pair::into_inner);
    tokens
        .filter_map(|pair| match pair.as_rule() {
            Rule::word => Some(Token::Word(pair.as_str())),
            Rule::quoted | Rule::bracketed => Some(Token::Quoted),
            Rule::placeholder => Some(Token::Placeholder),
            Rule::symbol => Some(Token::Symbol(pair.as_str())),
            _ => None,
        })
        .collect()
}

/// Every `{0}` of a query; `as_sql` tells those in quotes apart.
pub(super) fn placeholders(text: &str, as_sql: bool) -> Vec<Placeholder> {
    let rule = if as_sql { Rule::sql } else { Rule::directory };
    let Ok(pairs) = Grammar::parse(rule, text) else { return Vec::new() };
    let found = pairs.flatten().filter(|pair| pair.as_rule() == Rule::placeholder);
    let mut quoted_to = 0;
    let mut placeholders = Vec::new();
    let quotes: Vec<Range> = if as_sql { quotes(text) } else { Vec::new() };
    let mut quotes = quotes.into_iter().peekable();
    for pair in found {
        let range = range(&pair);
        while let Some(quote) = quotes.next_if(|quote| quote.start < range.start) {
            quoted_to = quote.end;
        }
        let number = pair.into_inner().next().and_then(|number| number.as_str().parse().ok());
        let number = number.unwrap_or(usize::MAX);
        placeholders.push(Placeholder { number, range, quoted: range.end <= quoted_to });
    }
    placeholders
}

fn quotes(text: &str) -> Vec<Range> {
    let Ok(pairs) = Grammar::parse(Rule::sql, text) else { return Vec::new() };
    pairs.flatten().filter(|pair| pair.as_rule() == Rule::quoted).map(|pair| range(&pair)).collect()
}
