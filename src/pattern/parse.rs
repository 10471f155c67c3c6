//! From the text of a pattern to its words, by `grammar/pattern.pest`.

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::ast::{Anchor, Span};
use super::token::{
    Changes, Opening, Placed, Quantity, RangeEnd, RawCharacter, RawClass, RawItem, RawItemKind, RawSet, Token,
};

#[derive(Parser)]
#[grammar = "../grammar/pattern.pest"]
struct Grammar;

/// How words are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// All at once: nothing can change how the rest reads.
    All,
    /// A few.
    Plain,
    /// A few, under `(?x)`.
    Spaced,
}

/// Words from byte `from` on; none at the end.
pub(super) fn tokens(text: &str, from: u32, reading: Reading) -> Vec<Placed<'_>> {
    let rest = text.get(from as usize..).unwrap_or("");
    let rule = match reading {
        Reading::All => Rule::all,
        Reading::Plain => Rule::plain,
        Reading::Spaced => Rule::spaced,
    };
    // The grammar takes every text.
    let pairs = Grammar::parse(rule, rest).ok().and_then(|mut pairs| pairs.next());
    let lower = Lower { from };
    pairs.map(|pair| pair.into_inner().map(|pair| lower.placed(pair)).collect()).unwrap_or_default()
}

/// Turns pest's pairs into words.
struct Lower {
    from: u32,
}

impl Lower {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Span::new(self.from + small(span.start()), self.from + small(span.end()))
    }

    fn placed<'t>(&self, pair: Pair<'t, Rule>) -> Placed<'t> {
        let span = self.span(&pair);
        let token = match pair.as_rule() {
            Rule::blank | Rule::line_comment | Rule::comment => Token::Blank,
            Rule::open_comment => Token::OpenComment,
            Rule::options => Token::Options(changes(pair)),
            Rule::opening => Token::Open(inside(pair).map_or(Opening::Unknown, opening)),
            Rule::close => Token::Close,
            Rule::bar => Token::Bar,
            Rule::class => Token::Class(self.class(pair)),
            Rule::escape => inside(pair).map_or(Token::LoneBackslash, escape),
            Rule::start => Token::Start,
            Rule::end => Token::End,
            Rule::dot => Token::Dot,
            Rule::quantifier => inside(pair).map_or(Token::Question, quantifier),
            _ => Token::Character(RawCharacter::Plain(first(pair.as_str()))),
        };
        Placed { token, span }
    }

    fn class<'t>(&self, pair: Pair<'t, Rule>) -> RawClass<'t> {
        let span = self.span(&pair);
        let mut class = RawClass { negated: false, items: Vec::new(), closed: true, span };
        for part in pair.into_inner() {
            let span = self.span(&part);
            let kind = match part.as_rule() {
                Rule::negated => {
                    class.negated = true;
                    continue;
                }
                Rule::unclosed => {
                    class.closed = false;
                    continue;
                }
                Rule::subtraction => match inside(part) {
                    Some(inner) => RawItemKind::Subtraction(Box::new(self.class(inner))),
                    None => continue,
                },
                Rule::class_set => RawItemKind::Set(inside(part).map_or(RawSet::BadProperty, set)),
                Rule::range | Rule::first_range => range(part),
                _ => RawItemKind::Character(class_character(part)),
            };
            class.items.push(RawItem { kind, span });
        }
        class
    }
}

fn inside(pair: Pair<'_, Rule>) -> Option<Pair<'_, Rule>> {
    pair.into_inner().next()
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or('\0')
}

fn changes(pair: Pair<'_, Rule>) -> Changes {
    let letters = pair.into_inner().find(|part| part.as_rule() == Rule::letters);
    letters.map_or_else(Changes::default, |letters| Changes::of(letters.as_str()))
}

fn opening(pair: Pair<'_, Rule>) -> Opening<'_> {
    match pair.as_rule() {
        Rule::look => {
            Opening::Look { behind: pair.as_str().contains('<'), negative: pair.as_str().ends_with('!') }
        }
        Rule::atomic => Opening::Atomic,
        Rule::named => {
            let (mut name, mut popped) = (None, None);
            for part in pair.into_inner() {
                match part.as_rule() {
                    Rule::name => name = Some(part.as_str()),
                    _ => popped = inside(part).map(|name| name.as_str()),
                }
            }
            Opening::Named { name, popped }
        }
        Rule::condition => Opening::Condition(inside(pair).and_then(inside).map(|name| name.as_str())),
        Rule::scoped => Opening::Scoped(changes(pair)),
        Rule::capture => Opening::Capture,
        _ => Opening::Unknown,
    }
}

fn escape(pair: Pair<'_, Rule>) -> Token<'_> {
    match pair.as_rule() {
        Rule::edge => Token::Anchor(match pair.as_str() {
            "A" => Anchor::TextStart,
            "G" => Anchor::MatchStart,
            "Z" => Anchor::LastEnd,
            "z" => Anchor::TextEnd,
            "B" => Anchor::NoWordEdge,
            _ => Anchor::WordEdge,
        }),
        Rule::property | Rule::bad_property | Rule::shorthand => Token::Set(set(pair)),
        Rule::reference | Rule::old_reference => {
            inside(pair).map_or(Token::BadReference, |name| Token::Reference(name.as_str()))
        }
        Rule::bad_reference => Token::BadReference,
        Rule::number => Token::Number(pair.as_str()),
        Rule::lone => Token::LoneBackslash,
        _ => Token::Character(escaped(&pair)),
    }
}

fn set(pair: Pair<'_, Rule>) -> RawSet<'_> {
    match pair.as_rule() {
        Rule::shorthand => RawSet::Letter(first(pair.as_str())),
        Rule::property => {
            let negated = pair.as_str().starts_with('P');
            let name = pair.into_inner().find(|part| part.as_rule() == Rule::property_name);
            name.map_or(RawSet::BadProperty, |name| RawSet::Property { name: name.as_str(), negated })
        }
        _ => RawSet::BadProperty,
    }
}

/// A character behind a backslash.
fn escaped(pair: &Pair<'_, Rule>) -> RawCharacter {
    let text = pair.as_str();
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match pair.as_rule() {
        Rule::octal => {
            // Octal numbers go up to 255, the rest is cut off.
            let number = u32::from_str_radix(text, 8).unwrap_or(0) & 0xFF;
            char::from_u32(number).map_or(RawCharacter::BadCode, RawCharacter::Plain)
        }
        Rule::hex => {
            // Half a surrogate pair is no character of ours; no claim holds one alone.
            let digits = text.get(1..).unwrap_or("");
            RawCharacter::Plain(code(digits, 16).unwrap_or(char::REPLACEMENT_CHARACTER))
        }
        Rule::bad_hex => RawCharacter::BadCode,
        Rule::control => {
            let letter = first(text.get(1..).unwrap_or("@")).to_ascii_uppercase();
            let number = u32::from(letter).wrapping_sub(u32::from('@'));
            char::from_u32(number).map_or(RawCharacter::BadControl, RawCharacter::Plain)
        }
        Rule::bad_control => RawCharacter::BadControl,
        _ => RawCharacter::Escaped(first(text)),
    }
}

/// A character of a class, as it stands or escaped.
fn class_character(pair: Pair<'_, Rule>) -> RawCharacter {
    match pair.as_rule() {
        Rule::bracket => RawCharacter::Plain(']'),
        Rule::dash | Rule::escaped_dash => RawCharacter::Plain('-'),
        _ => {
            let is_escape = pair.as_str().starts_with('\\');
            match inside(pair) {
                Some(inner) if inner.as_rule() == Rule::posix => RawCharacter::Plain('['),
                Some(inner) if is_escape => escaped(&inner),
                Some(inner) => RawCharacter::Plain(first(inner.as_str())),
                None => RawCharacter::Plain('\0'),
            }
        }
    }
}

fn range(pair: Pair<'_, Rule>) -> RawItemKind<'_> {
    let mut parts = pair.into_inner();
    let start = parts.next().map_or(RawCharacter::Plain('\0'), class_character);
    let end = match parts.next() {
        Some(end) if end.as_rule() == Rule::class_set => RangeEnd::Set,
        Some(end) if end.as_rule() == Rule::escaped_dash => RangeEnd::Dash,
        Some(end) => RangeEnd::Character(class_character(end)),
        None => RangeEnd::Set,
    };
    RawItemKind::Range(start, end)
}

fn quantifier(pair: Pair<'_, Rule>) -> Token<'_> {
    match pair.as_rule() {
        Rule::many => Token::Quantifier(Quantity { least: "0", most: None }),
        Rule::some => Token::Quantifier(Quantity { least: "1", most: None }),
        Rule::bounds => {
            let (mut numbers, mut open) = (Vec::new(), false);
            for part in pair.into_inner() {
                match part.as_rule() {
                    Rule::digits => numbers.push(part.as_str()),
                    _ => open = true,
                }
            }
            let least = numbers.first().copied().unwrap_or("0");
            let exact = if open { None } else { Some(least) };
            Token::Quantifier(Quantity { least, most: numbers.get(1).copied().or(exact) })
        }
        _ => Token::Question,
    }
}
