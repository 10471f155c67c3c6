//! Characters and classes: what .NET makes of escapes, ranges and subtraction.

use std::sync::Arc;

use super::ast::{Class, ClassItem, ClassItemKind, Shorthand, Span};
use super::error::{PatternError, unknown_escape};
use super::set::CharSet;
use super::token::{RangeEnd, RawCharacter, RawClass, RawItem, RawItemKind, RawSet};

/// The character that an escape stands for; `at` is the backslash.
pub(super) fn character(raw: RawCharacter, at: u32) -> Result<char, PatternError> {
    match raw {
        RawCharacter::Plain(character) => Ok(character),
        RawCharacter::Escaped(letter) => match letter {
            'a' => Ok('\u{7}'),
            'b' => Ok('\u{8}'),
            'e' => Ok('\u{1B}'),
            'f' => Ok('\u{C}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\u{B}'),
            other if CharSet::word().has(other) => Err(unknown_escape(at, other)),
            other => Ok(other),
        },
        RawCharacter::BadCode => Err(PatternError::refused(
            at,
            "a character by number needs two hexadecimal digits behind \\x, four behind \\u",
            "write \\x2E or \\u002E; \\\\ is a backslash",
        )),
        RawCharacter::BadControl => Err(PatternError::refused(
            at,
            "\\c needs a letter behind it",
            "write \\\\c for a backslash and the letter",
        )),
    }
}

/// What `\d` or `\p{Lu}` stands for; `at` is the backslash.
pub(super) fn shorthand(raw: RawSet<'_>, at: u32) -> Result<Shorthand, PatternError> {
    match raw {
        RawSet::Letter(letter) => {
            Ok(Shorthand { text: format!("\\{letter}").into(), set: CharSet::shorthand(letter) })
        }
        RawSet::Property { name, negated } => {
            let Some(set) = CharSet::property(name) else {
                let help =
                    format!("letter case counts, and blocks begin with Is: \\p{{Lu}}, \\p{{Is{name}}}");
                return Err(PatternError::refused(
                    at,
                    format!(".NET knows no characters called {name}"),
                    help,
                ));
            };
            let (sign, set) = if negated { ('P', set.negated()) } else { ('p', set) };
            Ok(Shorthand { text: format!("\\{sign}{{{name}}}").into(), set: Arc::new(set) })
        }
        RawSet::BadProperty => Err(PatternError::refused(
            at,
            "\\p needs a name in braces behind it",
            "write \\p{L}; \\\\p is a backslash and the letter",
        )),
    }
}

/// A class with the set that it matches.
pub(super) fn class(raw: &RawClass<'_>, ignore_case: bool) -> Result<Class, PatternError> {
    if !raw.closed {
        return Err(PatternError::refused(
            raw.span.start,
            "this [ is not closed",
            "write ] behind the characters, or \\[ for a bracket",
        ));
    }
    let mut reader = Reader::default();
    for item in &raw.items {
        reader.item(item, ignore_case)?;
    }
    let mut set = listed(&reader.items);
    if ignore_case {
        set.ignore_case();
    }
    if raw.negated {
        set = set.negated();
    }
    if let Some(subtraction) = &reader.subtraction {
        set.remove(&subtraction.set);
    }
    let (items, subtraction) = (reader.items, reader.subtraction);
    Ok(Class { negated: raw.negated, items, subtraction, set: Arc::new(set), span: raw.span })
}

/// Everything that is listed, in one go: a class may be long.
fn listed(items: &[ClassItem]) -> CharSet {
    let mut ranges = Vec::new();
    let mut sets: Vec<&Shorthand> = Vec::new();
    for item in items {
        match &item.kind {
            ClassItemKind::Range(first, last) => ranges.push((*first, *last)),
            ClassItemKind::Shorthand(shorthand) if !sets.contains(&shorthand) => sets.push(shorthand),
            ClassItemKind::Shorthand(_) => {}
        }
    }
    let mut set = CharSet::of_ranges(&ranges);
    sets.iter().for_each(|shorthand| set.add(&shorthand.set));
    set
}

/// Reads the parts of a class one after the other.
#[derive(Default)]
struct Reader {
    items: Vec<ClassItem>,
    subtraction: Option<Box<Class>>,
    /// Start of a range whose end has not come yet.
    pending: Option<char>,
}

impl Reader {
    fn item(&mut self, item: &RawItem<'_>, ignore_case: bool) -> Result<(), PatternError> {
        let at = item.span.start;
        if self.subtraction.is_some() {
            return Err(PatternError::refused(
                at,
                "behind -[...] something else follows in the class",
                "put the subtraction last: [a-z0-9-[aeiou]]",
            ));
        }
        match &item.kind {
            RawItemKind::Character(raw) => {
                let character = character(*raw, at)?;
                match self.pending.take() {
                    Some(first) => self.range(first, character, item.span),
                    None => self.range(character, character, item.span),
                }
            }
            RawItemKind::Range(first, end) => {
                let first = character(*first, at)?;
                match end {
                    RangeEnd::Character(last) => self.range(first, character(*last, at)?, item.span),
                    RangeEnd::Set => Err(PatternError::refused(
                        at,
                        "a range cannot end in a class of characters",
                        "write the - first or last, or as \\-",
                    )),
                    RangeEnd::Dash => {
                        self.pending = Some(first);
                        self.range('-', '-', item.span)
                    }
                }
            }
            RawItemKind::Set(raw) => {
                let kind = ClassItemKind::Shorthand(shorthand(*raw, at)?);
                self.items.push(ClassItem { kind, span: item.span });
                Ok(())
            }
            RawItemKind::Subtraction(inner) => {
                self.subtraction = Some(Box::new(class(inner, ignore_case)?));
                Ok(())
            }
        }
    }

    fn range(&mut self, first: char, last: char, span: Span) -> Result<(), PatternError> {
        if first > last {
            return Err(PatternError::refused(
                span.start,
                format!("the range {first}-{last} runs backwards"),
                if first.is_ascii_digit() {
                    "a class is one character; numbers are alternatives, such as (1[6-9]|2\\d|3[01])"
                        .to_owned()
                } else {
                    format!("write {last}-{first}, or \\- for a hyphen")
                },
            ));
        }
        self.items.push(ClassItem { kind: ClassItemKind::Range(first, last), span });
        Ok(())
    }
}
