//! Parts of a sketch that fit in one way or not at all: words, properties, variables, texts.

use super::compare::same_property;
use super::found::{Bound, What};
use super::search::{Search, Undo};
use super::text::{Exhausted, fit};
use super::tree::{Blank, KindSketch, Piece, PropertySketch, TextSketch, Word};
use crate::claims::ast::{Condition, ConditionKind, Literal, Property, Range, Term};
use crate::claims::facts;

impl<'r> Search<'r> {
    /// Lets a metavariable stand for something; false if it stands for something else already.
    pub(super) fn bind(&mut self, blank: Blank, what: What<'r>, range: Range) -> bool {
        let Some(number) = blank else { return true };
        let new = Bound { what, range };
        match self.bound.get_mut(number) {
            Some(Some(known)) => known.is_same(&new),
            Some(place) => {
                *place = Some(new);
                self.undo.push(Undo::Bound(number));
                true
            }
            None => false,
        }
    }

    pub(super) fn bind_terms(&mut self, blank: Blank, terms: &'r [Term], range: Range) -> bool {
        match terms {
            [Term::Literal(literal)] => self.bind(blank, What::Text(&literal.raw), literal.range),
            terms => self.bind(blank, What::Terms(terms), range),
        }
    }

    /// Variables stand for variables, each for another one, whatever they are called.
    pub(super) fn variable(&mut self, number: usize, name: &'r str) -> bool {
        if let Some(known) = self.variables.get(number).copied().flatten() {
            return known.eq_ignore_ascii_case(name);
        }
        if self.variables.iter().flatten().any(|known| known.eq_ignore_ascii_case(name)) {
            return false;
        }
        let Some(place) = self.variables.get_mut(number) else { return false };
        *place = Some(name);
        self.undo.push(Undo::Variable(number));
        true
    }

    pub(super) fn word<T: PartialEq>(
        &mut self,
        sketch: &Word<T>,
        own: T,
        word: &'static str,
        range: Range,
    ) -> bool {
        match sketch {
            Word::Just(wanted) => *wanted == own,
            Word::Any(blank) => self.bind(*blank, What::Word(word), range),
        }
    }

    /// A word that is not one of a few: a function, a number.
    pub(super) fn name(&mut self, sketch: &Word<String>, own: &'r str, range: Range) -> bool {
        match sketch {
            Word::Just(wanted) => wanted.eq_ignore_ascii_case(own),
            Word::Any(blank) => self.bind(*blank, What::Word(own), range),
        }
    }

    pub(super) fn kind(&mut self, sketch: &KindSketch, condition: &'r Condition) -> bool {
        match (sketch, &condition.kind) {
            (KindSketch::Any(blank), _) => {
                self.bind(*blank, What::Word(facts::condition_word(condition)), condition.range)
            }
            (KindSketch::Exists, ConditionKind::Exists)
            | (KindSketch::NotExists, ConditionKind::NotExists)
            | (KindSketch::Select(None), ConditionKind::Select(_)) => true,
            (KindSketch::Select(Some(variable)), ConditionKind::Select(Some(name))) => {
                self.variable(*variable, &name.text)
            }
            (
                KindSketch::Count { operator, number },
                ConditionKind::Count { operator: own_operator, number: own_number },
            ) => {
                self.name(operator, own_operator, condition.range)
                    && self.name(number, own_number, condition.range)
            }
            _ => false,
        }
    }

    pub(super) fn property(
        &mut self,
        sketch: &PropertySketch,
        own: &'r Property,
        range: Range,
    ) -> Result<bool, Exhausted> {
        match (sketch, own) {
            (PropertySketch::Plain(wanted), own) => Ok(same_property(wanted, own)),
            (PropertySketch::Named(wanted), Property::Named(name)) => self.text(wanted, name),
            (PropertySketch::Any(blank), own) => Ok(self.bind(*blank, What::Word(own.word()), range)),
            _ => Ok(false),
        }
    }

    pub(super) fn text(&mut self, sketch: &TextSketch, own: &'r Literal) -> Result<bool, Exhausted> {
        let pieces = match sketch {
            TextSketch::Any(blank) => return Ok(self.bind(*blank, What::Text(&own.raw), own.range)),
            TextSketch::Pieces(pieces) => pieces,
        };
        let Some(ranges) = fit(pieces, &own.raw, &mut self.steps)? else { return Ok(false) };
        for (piece, (start, end)) in pieces.iter().zip(ranges) {
            let Piece::Blank(blank) = piece else { continue };
            let at = |offset: usize| {
                let offset = u32::try_from(offset).unwrap_or(u32::MAX);
                own.range.start.saturating_add(offset).min(own.range.end)
            };
            let part = own.raw.get(start..end).unwrap_or("");
            if !self.bind(*blank, What::Text(part), Range::new(at(start), at(end))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
