//! From the words of a pattern to its tree: which brackets belong together, which options hold where, what a
//! quantifier repeats.
//!
//! The brackets are kept on a stack of our own, so that no pattern is too deep for it. A pattern that refers to groups
//! is put together twice: `\10` is a group or a character, and `(?(word)…)` asks for a group or looks ahead, and only the
//! whole pattern tells which groups there are.

mod brackets;

use super::Pattern;
use super::ast::{Anchor, Conditional, Group, GroupKind, Kind, Look, Node, Repeat, Span, Test};
use super::class::{character, class, shorthand};
use super::error::{PatternError, nested_quantifier, nothing_to_repeat, unknown_escape, unknown_group};
use super::groups::{Counting, Groups};
use super::parse::{Reading, tokens};
use super::token::{Opening, Options, Placed, Quantity, RawCharacter, Token};

/// Bytes of a pattern that is looked at.
const LENGTH: usize = 1 << 16;
/// Brackets in brackets; whoever walks the tree goes as deep.
const NESTING: usize = 150;
/// Puts a pattern together, or says why .NET refuses it.
pub(super) fn build(text: &str) -> Result<Pattern, PatternError> {
    if text.len() > LENGTH {
        return Err(PatternError::limit(0, format!("the pattern has more than {LENGTH} bytes")));
    }
    if text.matches("-[").count() > NESTING {
        return Err(PatternError::limit(0, format!("the pattern has more than {NESTING} subtractions")));
    }
    let mut first = Builder::new(text, None);
    let root = first.run()?;
    let asks = first.asks;
    let groups = first.counting.finish();
    if !asks {
        return Ok(Pattern { root, groups });
    }
    let mut second = Builder::new(text, Some(&groups));
    let root = second.run()?;
    Ok(Pattern { root, groups })
}

/// An open bracket and what stands in it so far.
struct Frame {
    bracket: Bracket,
    span: Span,
    /// Options around the bracket.
    outside: Options,
    alternatives: Vec<Node>,
    parts: Vec<Node>,
    /// Where the current alternative begins.
    begin: u32,
}

enum Bracket {
    Whole,
    Group(GroupKind),
    Look { behind: bool, negative: bool },
    Conditional(Option<Test>),
}

/// What the last word was, for the quantifier that may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing that can be repeated.
    Nothing,
    /// A part of the pattern.
    Part,
    /// A quantifier.
    Quantifier,
    /// The `?` that makes it lazy.
    Lazy,
}

struct Builder<'t> {
    text: &'t str,
    /// Known in the second run.
    groups: Option<&'t Groups>,
    counting: Counting,
    /// Something depends on which groups there are.
    asks: bool,
    options: Options,
    stack: Vec<Frame>,
    last: Last,
    /// The next bracket is the test of a conditional and captures nothing.
    tests: bool,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, groups: Option<&'t Groups>) -> Self {
        let (counting, options) = (Counting::default(), Options::default());
        let whole = Frame::new(Bracket::Whole, Span::new(0, 0), options);
        let stack = vec![whole];
        Self { text, groups, counting, asks: false, options, stack, last: Last::Nothing, tests: false }
    }

    fn run(&mut self) -> Result<Node, PatternError> {
        let mut from = 0;
        let has_options = self.text.contains("(?") && self.text.contains(['x', 'X']);
        let may_change = has_options || self.text.contains("(?(");
        loop {
            let spaced = self.options.spaced;
            let reading = match (spaced, may_change) {
                (true, _) => Reading::Spaced,
                (false, true) => Reading::Plain,
                (false, false) => Reading::All,
            };
            let words = tokens(self.text, from, reading);
            if words.is_empty() {
                return self.finish();
            }
            for placed in words {
                let end = placed.span.end;
                let resume = self.word(placed)?;
                from = resume.unwrap_or(end);
                if resume.is_some() || self.options.spaced != spaced {
                    break;
                }
            }
        }
    }

    fn finish(&mut self) -> Result<Node, PatternError> {
        let end = small(self.text.len());
        match self.stack.pop() {
            Some(frame) if self.stack.is_empty() => Ok(frame.close(end)),
            Some(frame) => Err(PatternError::refused(
                frame.span.start,
                "this ( is not closed",
                "write the missing ), or \\( for a bracket",
            )),
            None => Ok(Node { kind: Kind::Nothing, span: Span::new(0, end) }),
        }
    }

    /// Takes one word. The answer is a place to read on from, if that is not behind the word.
    fn word(&mut self, placed: Placed<'t>) -> Result<Option<u32>, PatternError> {
        let span = placed.span;
        match placed.token {
            Token::Blank => {}
            Token::OpenComment => {
                let help = "write ) at its end; a comment cannot hold one";
                return Err(PatternError::refused(span.start, "this comment is not closed", help));
            }
            Token::Options(changes) => {
                self.options = self.options.with(changes);
                self.last = Last::Nothing;
            }
            Token::Open(opening) => return self.open(opening, span),
            Token::Close => self.close(span)?,
            Token::Bar => self.bar(span)?,
            Token::Quantifier(quantity) => self.repeat(quantity, span)?,
            Token::Question if self.last == Last::Quantifier => self.make_lazy(span),
            Token::Question => {
                self.repeat(Quantity { least: "0", most: Some("1") }, span)?;
            }
            Token::Number(digits) => self.number(digits, span)?,
            token => {
                let kind = self.atom(token, span)?;
                self.push(kind, span);
            }
        }
        Ok(None)
    }

    /// A word that stands for itself.
    fn atom(&mut self, token: Token<'t>, span: Span) -> Result<Kind, PatternError> {
        let ignore_case = self.options.ignore_case;
        Ok(match token {
            Token::Class(raw) => Kind::Class(class(&raw, ignore_case)?),
            Token::Anchor(anchor) => Kind::Anchor(anchor),
            Token::Start if self.options.multiline => Kind::Anchor(Anchor::LineStart),
            Token::Start => Kind::Anchor(Anchor::TextStart),
            Token::End if self.options.multiline => Kind::Anchor(Anchor::LineEnd),
            Token::End => Kind::Anchor(Anchor::LastEnd),
            Token::Dot => Kind::Dot { newline: self.options.singleline },
            Token::Set(raw) => Kind::Shorthand(shorthand(raw, span.start)?),
            Token::Character(raw) => Kind::Character { character: character(raw, span.start)?, ignore_case },
            Token::Reference(name) => Kind::Reference { group: self.reference(name, span)?, ignore_case },
            Token::LoneBackslash => {
                return Err(PatternError::refused(
                    span.start,
                    "it ends in a backslash",
                    "write \\\\ for a backslash",
                ));
            }
            _ => {
                return Err(PatternError::refused(
                    span.start,
                    "\\k needs the name of a group behind it",
                    "write \\k<name>",
                ));
            }
        })
    }

    fn top(&mut self) -> Option<&mut Frame> {
        self.stack.last_mut()
    }

    fn push(&mut self, kind: Kind, span: Span) {
        self.last = Last::Part;
        if let Some(frame) = self.top() {
            frame.parts.push(Node { kind, span });
        }
    }

    /// Number of the group that a reference names.
    fn reference(&mut self, name: &str, span: Span) -> Result<u32, PatternError> {
        self.asks = true;
        let Some(groups) = self.groups else { return Ok(0) };
        groups.find(name).ok_or_else(|| {
            let message = format!("the pattern has no group {name} to refer to");
            PatternError::refused(span.start, message, format!("name a group: (?<{name}>...)"))
        })
    }

    /// `\12`: the group, else up to three octal digits and then ordinary ones.
    fn number(&mut self, digits: &str, span: Span) -> Result<(), PatternError> {
        self.asks = true;
        let ignore_case = self.options.ignore_case;
        let number: Option<u32> = digits.parse().ok();
        let is_group = |groups: &Groups| number.is_some_and(|number| groups.has_number(number));
        if self.groups.is_none_or(is_group) {
            self.push(Kind::Reference { group: number.unwrap_or(0), ignore_case }, span);
            return Ok(());
        }
        let octal = digits.bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
        if digits.len() == 1 || octal == 0 {
            let letter = digits.chars().next().unwrap_or('0');
            return Err(if digits.len() == 1 {
                PatternError::refused(
                    span.start,
                    format!("the pattern has no group {digits} to refer to"),
                    "count the ( from the left; a name is safer: \\k<name>",
                )
            } else {
                unknown_escape(span.start, letter)
            });
        }
        let code = digits.get(..octal).and_then(|text| u32::from_str_radix(text, 8).ok()).unwrap_or(0) & 0xFF;
        let split = span.start + 1 + small(octal);
        let character = char::from_u32(code).unwrap_or('\0');
        self.push(Kind::Character { character, ignore_case }, Span::new(span.start, split));
        for (place, digit) in (split..).zip(digits.get(octal..).unwrap_or("").chars()) {
            let raw = Token::Character(RawCharacter::Plain(digit));
            let span = Span::new(place, place + 1);
            let kind = self.atom(raw, span)?;
            self.push(kind, span);
        }
        Ok(())
    }

    fn bar(&mut self, span: Span) -> Result<(), PatternError> {
        self.last = Last::Nothing;
        let Some(frame) = self.top() else { return Ok(()) };
        frame.alternative(span.start);
        frame.begin = span.end;
        if matches!(frame.bracket, Bracket::Conditional(_)) && frame.alternatives.len() > 1 {
            return Err(PatternError::refused(
                span.start,
                "a conditional has two branches, here is a third",
                "put the alternatives of a branch into (?:...)",
            ));
        }
        Ok(())
    }

    fn repeat(&mut self, quantity: Quantity<'_>, span: Span) -> Result<(), PatternError> {
        let written = span.of(self.text);
        if self.last != Last::Part {
            let is_first = self.stack.len() == 1 && self.top().is_some_and(|frame| frame.parts.is_empty());
            return Err(match self.last {
                Last::Quantifier | Last::Lazy => nested_quantifier(span.start, written),
                _ => nothing_to_repeat(span.start, written, is_first),
            });
        }
        let number = |digits: &str| {
            let number = digits.parse::<u32>().ok().filter(|number| i32::try_from(*number).is_ok());
            number.ok_or_else(|| {
                PatternError::refused(
                    span.start,
                    "the number of repetitions is too large",
                    "write a smaller one",
                )
            })
        };
        let least = number(quantity.least)?;
        let most = quantity.most.map(number).transpose()?;
        if most.is_some_and(|most| least > most) {
            let message = format!("{written} asks for at least {least} and at most fewer");
            return Err(PatternError::refused(span.start, message, "write the smaller number first"));
        }
        self.last = Last::Quantifier;
        if let Some(parts) = self.top().map(|frame| &mut frame.parts)
            && let Some(inner) = parts.pop()
        {
            let whole = Span::new(inner.span.start, span.end);
            let kind = Kind::Repeat(Box::new(Repeat { inner, least, most, lazy: false }));
            parts.push(Node { kind, span: whole });
        }
        Ok(())
    }

    fn make_lazy(&mut self, span: Span) {
        if let Some(node) = self.top().and_then(|frame| frame.parts.last_mut()) {
            node.span.end = span.end;
            if let Kind::Repeat(repeat) = &mut node.kind {
                repeat.lazy = true;
            }
        }
        self.last = Last::Lazy;
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
