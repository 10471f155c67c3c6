//! Tries a pattern on a text, step by step, and gives up after a number of steps.

use super::ast::Anchor;
use super::program::{Aside, Program, Step};
use super::set::CharSet;

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A match, from one character to another.
    Found(usize, usize),
    /// No match.
    NotFound,
    /// It took too many steps.
    GaveUp,
}

impl Outcome {
    /// There is a match.
    pub fn is_found(self) -> bool {
        matches!(self, Self::Found(..))
    }
}

/// Steps for an example; real patterns need some hundred.
pub(super) const ENOUGH: usize = 20_000;

impl Program {
    /// Looks for a match anywhere, as `=~` does.
    pub fn search(&self, text: &str, limit: usize) -> Outcome {
        let characters: Vec<char> = text.chars().collect();
        let mut machine = Machine::new(self, &characters, limit);
        for start in 0..=characters.len() {
            match machine.run(0, start, None) {
                Some(end) => return Outcome::Found(start, end),
                None if machine.steps_left == 0 => return Outcome::GaveUp,
                None => {}
            }
        }
        Outcome::NotFound
    }

    /// Whether there is a match, as far as an example's steps go.
    pub(super) fn accepts(&self, text: &str) -> bool {
        self.search(text, ENOUGH).is_found()
    }

    /// Whether the whole text matches.
    pub(super) fn accepts_whole(&self, text: &str) -> bool {
        let characters: Vec<char> = text.chars().collect();
        Machine::new(self, &characters, ENOUGH).run(0, 0, Some(characters.len())).is_some()
    }

    /// Steps to find out whether there is a match at the start of a text, at most `limit`; and whether there is.
    pub(super) fn effort(&self, text: &str, limit: usize) -> (usize, bool) {
        let characters: Vec<char> = text.chars().collect();
        let mut machine = Machine::new(self, &characters, limit);
        let found = machine.run(0, 0, None).is_some();
        (limit - machine.steps_left, found)
    }
}

/// A thing to take back or to try when the current way fails.
enum Undo {
    /// Go on at this step and place.
    Try(usize, usize),
    /// Give a group its place back.
    Slot(usize, Option<usize>),
    /// Give a loop its place back.
    Loop(usize, Option<usize>),
}

struct Machine<'p> {
    program: &'p Program,
    text: &'p [char],
    steps_left: usize,
    slots: Vec<Option<usize>>,
    loops: Vec<Option<usize>>,
}

/// Places to come back to.
const ROOM: usize = 1 << 16;

impl<'p> Machine<'p> {
    fn new(program: &'p Program, text: &'p [char], limit: usize) -> Self {
        let (slots, loops) = (vec![None; program.slots], vec![None; program.loops]);
        Self { program, text, steps_left: limit, slots, loops }
    }

    /// From a step and a place to the end of the match; `end` is where it must be.
    fn run(&mut self, mut step: usize, mut at: usize, end: Option<usize>) -> Option<usize> {
        let mut undo: Vec<Undo> = Vec::new();
        loop {
            if self.steps_left == 0 || undo.len() > ROOM {
                self.steps_left = 0;
                self.take_back(&mut undo);
                return None;
            }
            self.steps_left -= 1;
            let program = self.program;
            let next = match program.steps.get(step) {
                Some(Step::Accept) if end.is_none_or(|end| end == at) => return Some(at),
                Some(Step::Split(first, second)) => {
                    undo.push(Undo::Try(*second, at));
                    Some((*first, at))
                }
                Some(Step::Jump(there)) => Some((*there, at)),
                Some(Step::Save(slot)) => self.save(*slot, at, &mut undo).map(|()| (step + 1, at)),
                Some(Step::Turn(register)) => {
                    if let Some(place) = self.loops.get_mut(*register) {
                        undo.push(Undo::Loop(*register, *place));
                        *place = Some(at);
                    }
                    Some((step + 1, at))
                }
                Some(Step::Progress(register, there)) => {
                    let stands = self.loops.get(*register).copied().flatten() == Some(at);
                    Some((if stands { *there } else { step + 1 }, at))
                }
                Some(Step::Took(group, there)) => {
                    let took = self.group(*group).is_some();
                    Some((if took { step + 1 } else { *there }, at))
                }
                Some(Step::Aside(aside, there)) => {
                    self.aside(*aside, step + 1, at, &mut undo).map(|at| (*there, at))
                }
                Some(other) => self.consume(other, at).map(|at| (step + 1, at)),
                None => None,
            };
            (step, at) = match next {
                Some(next) => next,
                None => self.back(&mut undo)?,
            };
        }
    }

    fn save(&mut self, slot: usize, at: usize, undo: &mut Vec<Undo>) -> Option<()> {
        let place = self.slots.get_mut(slot)?;
        undo.push(Undo::Slot(slot, *place));
        *place = Some(at);
        Some(())
    }

    /// The next way to try, with everything taken back that was done since.
    fn back(&mut self, undo: &mut Vec<Undo>) -> Option<(usize, usize)> {
        while let Some(last) = undo.pop() {
            if let Undo::Try(step, at) = last {
                return Some((step, at));
            }
            self.restore(last);
        }
        None
    }

    fn take_back(&mut self, undo: &mut Vec<Undo>) {
        while let Some(last) = undo.pop() {
            self.restore(last);
        }
    }

    fn restore(&mut self, undo: Undo) {
        match undo {
            Undo::Slot(slot, old) => {
                if let Some(place) = self.slots.get_mut(slot) {
                    *place = old;
                }
            }
            Undo::Loop(register, old) => {
                if let Some(place) = self.loops.get_mut(register) {
                    *place = old;
                }
            }
            Undo::Try(..) => {}
        }
    }

    fn group(&self, number: usize) -> Option<(usize, usize)> {
        if number == 0 {
            return Some((0, 0));
        }
        let start = self.slots.get(number * 2).copied().flatten()?;
        let end = self.slots.get(number * 2 + 1).copied().flatten()?;
        (start <= end).then_some((start, end))
    }

    /// Steps on their own; the place where it goes on.
    fn aside(&mut self, aside: Aside, step: usize, at: usize, undo: &mut Vec<Undo>) -> Option<usize> {
        let before = self.slots.clone();
        let (found, negative) = match aside {
            Aside::Atomic => (self.run(step, at, None), false),
            Aside::Ahead { negative } => (self.run(step, at, None).map(|_| at), negative),
            Aside::Behind { negative } => {
                let found = (0..=at).rev().find_map(|start| self.run(step, start, Some(at)));
                (found, negative)
            }
        };
        if negative {
            self.slots = before;
            return (found.is_none() && self.steps_left > 0).then_some(at);
        }
        for (slot, (old, new)) in before.into_iter().zip(&self.slots).enumerate() {
            if old != *new {
                undo.push(Undo::Slot(slot, old));
            }
        }
        found
    }

    /// A step that looks at characters; the place behind them.
    fn consume(&self, step: &Step, at: usize) -> Option<usize> {
        match step {
            Step::Character(wanted) => (self.text.get(at)? == wanted).then_some(at + 1),
            Step::Set(set) => set.has(*self.text.get(at)?).then_some(at + 1),
            Step::Anchor(anchor) => self.stands(*anchor, at).then_some(at),
            Step::Reference(group, ignore_case) => {
                let (start, end) = self.group(*group)?;
                let wanted = self.text.get(start..end)?;
                let there = self.text.get(at..at + wanted.len())?;
                let same =
                    |(a, b): (&char, &char)| a == b || *ignore_case && CharSet::character(*a, true).has(*b);
                wanted.iter().zip(there).all(same).then_some(at + wanted.len())
            }
            _ => None,
        }
    }

    fn stands(&self, anchor: Anchor, at: usize) -> bool {
        let length = self.text.len();
        let character = |place: Option<usize>| place.and_then(|place| self.text.get(place)).copied();
        let before = character(at.checked_sub(1));
        let here = character(Some(at));
        let is_word = |character: Option<char>| character.is_some_and(|c| CharSet::word().has(c));
        match anchor {
            Anchor::TextStart | Anchor::MatchStart => at == 0,
            Anchor::LineStart => at == 0 || before == Some('\n'),
            Anchor::TextEnd => at == length,
            Anchor::LastEnd => at == length || at + 1 == length && here == Some('\n'),
            Anchor::LineEnd => at == length || here == Some('\n'),
            Anchor::WordEdge => is_word(before) != is_word(here),
            Anchor::NoWordEdge => is_word(before) == is_word(here),
        }
    }
}
