//! From the text of a regular expression to its tree, by `grammar/pattern.pest`.

use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::{Atom, Item, Pattern};

/// Groups in groups; the parser recurses as deep.
const NESTING: usize = 100;

#[derive(Parser)]
#[grammar = "../grammar/pattern.pest"]
struct Grammar;

/// Why .NET would refuse a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte in the pattern.
    pub at: u32,
    /// What is wrong there.
    pub message: String,
}

/// Parses a pattern.
pub fn parse(text: &str) -> Result<Pattern, PatternError> {
    let opened = text.bytes().filter(|byte| *byte == b'(' || *byte == b'[').count();
    if opened > NESTING {
        return Err(PatternError { at: 0, message: format!("it has more than {NESTING} groups") });
    }
    match Grammar::parse(Rule::pattern, text) {
        Ok(mut pairs) => {
            let alternation = pairs.next().and_then(|pair| pair.into_inner().next());
            Ok(alternation.map_or(Pattern { alternatives: vec![Vec::new()] }, alternatives))
        }
        Err(error) => {
            let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
            Err(PatternError { at: small(at), message: reason(text, at) })
        }
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn reason(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or("");
    let before = text.get(..at).unwrap_or("");
    match rest.chars().next() {
        None if before.ends_with('\\') => "it ends in a backslash".into(),
        None if before.contains('[') && !before.contains(']') => "a [ is not closed".into(),
        None => "a ( is not closed".into(),
        Some(c @ ('*' | '+' | '?' | '{')) if before.ends_with(['*', '+', '?', '}']) => {
            format!("{c} repeats what is repeated already")
        }
        Some(c @ ('*' | '+' | '?')) if !before.ends_with('(') => {
            format!("nothing stands before {c} that it could repeat")
        }
        Some(')') => "a ) closes nothing".into(),
        Some(_) if before.ends_with("(?") || before.ends_with('(') => {
            "this is no kind of group; a named group is (?<name>...)".into()
        }
        Some(c) => format!("{c} cannot stand here"),
    }
}

fn alternatives(pair: Pair<'_, Rule>) -> Pattern {
    let sequences = pair.into_inner().filter(|part| part.as_rule() == Rule::sequence);
    Pattern { alternatives: sequences.map(|sequence| sequence.into_inner().map(item).collect()).collect() }
}

fn item(pair: Pair<'_, Rule>) -> Item {
    let span = pair.as_span();
    let mut found = Item {
        atom: Atom::Nothing,
        least: 1,
        most: Some(1),
        start: small(span.start()),
        end: small(span.end()),
    };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::atom => found.atom = part.into_inner().next().map_or(Atom::Nothing, atom),
            Rule::quantifier => (found.least, found.most) = quantity(part),
            _ => {}
        }
    }
    found
}

fn quantity(pair: Pair<'_, Rule>) -> (u32, Option<u32>) {
    let Some(first) = pair.into_inner().next() else { return (1, Some(1)) };
    match first.as_str() {
        "*" => return (0, None),
        "+" => return (1, None),
        "?" => return (0, Some(1)),
        _ => {}
    }
    let mut numbers = Vec::new();
    let mut open = false;
    for part in first.into_inner() {
        match part.as_rule() {
            Rule::number => numbers.push(part.as_str().parse().unwrap_or(u32::MAX)),
            _ => open = true,
        }
    }
    match numbers.as_slice() {
        [least, most, ..] => (*least, Some(*most)),
        [least] => (*least, if open { None } else { Some(*least) }),
        [] => (1, Some(1)),
    }
}

fn atom(pair: Pair<'_, Rule>) -> Atom {
    match pair.as_rule() {
        Rule::any => Atom::Any,
        Rule::start => Atom::Start,
        Rule::end => Atom::End,
        Rule::class => Atom::Set,
        Rule::character => pair.as_str().chars().next().map_or(Atom::Nothing, Atom::Character),
        Rule::flags if ignores_case(pair.as_str()) => Atom::IgnoreCase,
        Rule::escape => escape(pair),
        Rule::group => group(pair),
        _ => Atom::Nothing,
    }
}

fn ignores_case(flags: &str) -> bool {
    flags.split('-').next().is_some_and(|on| on.contains('i'))
}

fn escape(pair: Pair<'_, Rule>) -> Atom {
    let text = pair.as_str();
    let Some(inner) = pair.into_inner().next() else { return Atom::Set };
    match inner.as_rule() {
        Rule::reference => return Atom::Reference,
        Rule::code => {
            let code = text.get(2..).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            return code.and_then(char::from_u32).map_or(Atom::Set, Atom::Character);
        }
        Rule::simple => {}
        _ => return Atom::Set,
    }
    match inner.as_str().chars().next() {
        Some('A' | 'G') => Atom::Start,
        Some('z' | 'Z') => Atom::End,
        Some('b' | 'B') => Atom::Nothing,
        Some('d' | 'D' | 'w' | 'W' | 's' | 'S') => Atom::Set,
        Some('1'..='9') => Atom::Reference,
        Some('t') => Atom::Character('\t'),
        Some('n') => Atom::Character('\n'),
        Some('r') => Atom::Character('\r'),
        Some('a' | 'f' | 'v' | 'e' | '0') => Atom::Set,
        Some(character) => Atom::Character(character),
        None => Atom::Nothing,
    }
}

fn group(pair: Pair<'_, Rule>) -> Atom {
    let mut name = Some(String::new());
    let mut inner = Pattern { alternatives: vec![Vec::new()] };
    let mut case = false;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::group_kind => {
                let Some(kind) = part.into_inner().next() else { continue };
                match kind.as_rule() {
                    Rule::look => return Atom::Nothing,
                    Rule::name => {
                        name = kind.into_inner().next().map(|name| name.as_str().to_owned());
                    }
                    Rule::scoped_flags => {
                        case = ignores_case(kind.as_str());
                        name = None;
                    }
                    _ => name = None,
                }
            }
            Rule::alternation => inner = alternatives(part),
            _ => {}
        }
    }
    if case {
        let flag = Item { atom: Atom::IgnoreCase, least: 1, most: Some(1), start: 0, end: 0 };
        inner.alternatives.iter_mut().for_each(|sequence| sequence.insert(0, flag.clone()));
    }
    Atom::Group(name, inner)
}
