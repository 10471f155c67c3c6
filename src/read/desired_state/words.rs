//! From the text of a script to its words, by `grammar/desired-state.pest`.

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::{Place, Value, unescape};

#[derive(Parser)]
#[grammar = "../grammar/desired-state.pest"]
struct Grammar;

/// One word of a script, with what it is.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub place: Place,
    pub kind: WordKind,
}

/// What a word is.
#[derive(Debug, Clone)]
pub(super) enum WordKind {
    Newline,
    /// A bracket, a comma, a semicolon, an equals sign.
    Sign,
    /// A text in quotes.
    Text(Value),
    /// Anything else that stands by itself.
    Other,
}

/// The words of a script, without blanks and remarks.
pub(super) fn words(text: &str) -> Vec<Word> {
    // The grammar takes every text.
    let script = Grammar::parse(Rule::script, text).ok().and_then(|mut pairs| pairs.next());
    script.into_iter().flat_map(Pair::into_inner).filter_map(word).collect()
}

fn word(pair: Pair<'_, Rule>) -> Option<Word> {
    let place = place(&pair);
    let kind = match pair.as_rule() {
        Rule::newline => WordKind::Newline,
        Rule::sign => WordKind::Sign,
        Rule::word => WordKind::Other,
        Rule::single | Rule::double | Rule::single_here | Rule::double_here => WordKind::Text(quoted(pair)),
        _ => return None,
    };
    Some(Word { place, kind })
}

fn place(pair: &Pair<'_, Rule>) -> Place {
    Place::new(pair.as_span().start(), pair.as_span().end())
}

fn quoted(pair: Pair<'_, Rule>) -> Value {
    let whole = place(&pair);
    let mut value =
        Value::Text(Place::new(whole.start + 2, whole.start + 2), crate::node::DecodedText::default());
    for part in pair.into_inner() {
        let here = place(&part);
        let raw = part.as_str();
        let plain = |text: &str| crate::node::DecodedText { text: text.to_owned(), ..Default::default() };
        let decoded = match part.as_rule() {
            Rule::single_text => Some(unescape::single(raw)),
            Rule::single_lines => Some(plain(raw)),
            Rule::double_text => unescape::double(raw, false),
            Rule::double_lines => unescape::double(raw, true),
            Rule::open => return Value::Damaged(whole),
            _ => continue,
        };
        value = decoded.map_or(Value::Unevaluated(here), |decoded| Value::Text(here, decoded));
    }
    value
}
