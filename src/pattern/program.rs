//! A pattern as a list of steps, for trying it on an example.
//!
//! The steps are those of a backtracking engine, in the order in which .NET tries things: what takes long here takes long
//! there. Loops in loops are merged where .NET merges them.

use std::sync::Arc;

use super::Pattern;
use super::ast::{Anchor, GroupKind, Kind, Node, Repeat, Test};
use super::set::CharSet;

/// Steps of a program; a pattern with `{1000}` in `{1000}` has more, and is not tried.
const STEPS: usize = 20_000;

/// One step.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// This character.
    Character(char),
    /// One of these.
    Set(Arc<CharSet>),
    /// The place must be such a one.
    Anchor(Anchor),
    /// Go on at the first; if that fails, at the second.
    Split(usize, usize),
    /// Go on there.
    Jump(usize),
    /// Note the place as start (even) or end (odd) of a group.
    Save(usize),
    /// Note where a turn of a loop begins.
    Turn(usize),
    /// If the turn matched nothing, leave the loop: go on there.
    Progress(usize, usize),
    /// What a group matched.
    Reference(usize, bool),
    /// If the group did not take part, go on there.
    Took(usize, usize),
    /// The steps behind this one up to there, on their own; see [`Aside`].
    Aside(Aside, usize),
    /// The end of the program or of steps on their own.
    Accept,
}

/// How steps on their own count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aside {
    /// They match once and for all.
    Atomic,
    /// They must match from here on, and nothing is used up; `negative` turns it round.
    Ahead { negative: bool },
    /// They must match up to here.
    Behind { negative: bool },
}

/// A pattern that can be tried.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) steps: Vec<Step>,
    /// Two places a group.
    pub(super) slots: usize,
    /// Places of loops.
    pub(super) loops: usize,
}

impl Program {
    /// From a pattern; `None` if it is too large or balances groups.
    pub fn new(pattern: &Pattern) -> Option<Self> {
        Self::of([&pattern.root], pattern)
    }

    /// From parts of a pattern, one after the other.
    pub(super) fn of<'n>(nodes: impl IntoIterator<Item = &'n Node>, pattern: &Pattern) -> Option<Self> {
        let slots = (pattern.groups.highest() as usize).checked_add(1)?.checked_mul(2)?;
        if slots > STEPS {
            return None;
        }
        let mut writer = Writer { program: Self { steps: Vec::new(), slots, loops: 0 } };
        for node in nodes {
            writer.node(node)?;
        }
        writer.push(Step::Accept)?;
        Some(writer.program)
    }
}

struct Writer {
    program: Program,
}

impl Writer {
    fn here(&self) -> usize {
        self.program.steps.len()
    }

    fn push(&mut self, step: Step) -> Option<usize> {
        let place = self.here();
        if place >= STEPS {
            return None;
        }
        self.program.steps.push(step);
        Some(place)
    }

    fn set(&mut self, place: usize, step: Step) {
        if let Some(old) = self.program.steps.get_mut(place) {
            *old = step;
        }
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        match &node.kind {
            Kind::Nothing => {}
            Kind::Character { character, ignore_case: false } => {
                self.push(Step::Character(*character))?;
            }
            Kind::Character { .. } | Kind::Dot { .. } | Kind::Shorthand(_) | Kind::Class(_) => {
                self.push(Step::Set(node.set()?))?;
            }
            Kind::Anchor(anchor) => {
                self.push(Step::Anchor(*anchor))?;
            }
            Kind::Sequence(all) => all.iter().try_for_each(|part| self.node(part))?,
            Kind::Alternation(all) => self.alternatives(all)?,
            Kind::Repeat(repeat) => self.repeat(repeat)?,
            Kind::Group(group) => match &group.kind {
                GroupKind::Plain => self.node(&group.inner)?,
                GroupKind::Atomic => self.aside(Aside::Atomic, &group.inner)?,
                GroupKind::Capture { number, .. } => {
                    self.push(Step::Save(*number as usize * 2))?;
                    self.node(&group.inner)?;
                    self.push(Step::Save(*number as usize * 2 + 1))?;
                }
                GroupKind::Balance { .. } => return None,
            },
            Kind::Look(look) => {
                let negative = look.negative;
                let aside = if look.behind { Aside::Behind { negative } } else { Aside::Ahead { negative } };
                self.aside(aside, &look.inner)?;
            }
            Kind::Conditional(conditional) => {
                self.conditional(&conditional.test, &conditional.yes, &conditional.no)?;
            }
            Kind::Reference { group, ignore_case } => {
                self.push(Step::Reference(*group as usize, *ignore_case))?;
            }
        }
        Some(())
    }

    fn alternatives(&mut self, all: &[Node]) -> Option<()> {
        let mut ends = Vec::new();
        let last = all.len().saturating_sub(1);
        for (index, alternative) in all.iter().enumerate() {
            if index == last {
                self.node(alternative)?;
                continue;
            }
            let split = self.push(Step::Accept)?;
            self.node(alternative)?;
            ends.push(self.push(Step::Accept)?);
            let next = self.here();
            self.set(split, Step::Split(split + 1, next));
        }
        let here = self.here();
        ends.into_iter().for_each(|end| self.set(end, Step::Jump(here)));
        Some(())
    }

    fn aside(&mut self, aside: Aside, inner: &Node) -> Option<()> {
        let place = self.push(Step::Accept)?;
        self.node(inner)?;
        self.push(Step::Accept)?;
        let here = self.here();
        self.set(place, Step::Aside(aside, here));
        Some(())
    }

    fn conditional(&mut self, test: &Test, yes: &Node, no: &Node) -> Option<()> {
        let ahead = |writer: &mut Self, negative| match test {
            Test::Ahead(test) => writer.aside(Aside::Ahead { negative }, test),
            Test::Group(_) => Some(()),
        };
        let place = self.push(Step::Accept)?;
        ahead(self, false)?;
        self.node(yes)?;
        let end = self.push(Step::Accept)?;
        let other = self.here();
        // Where the test looks ahead, the second branch says so again: a failure behind the first does not lead here.
        ahead(self, true)?;
        self.node(no)?;
        let here = self.here();
        self.set(end, Step::Jump(here));
        self.set(
            place,
            match test {
                Test::Group(group) => Step::Took(*group as usize, other),
                Test::Ahead(_) => Step::Split(place + 1, other),
            },
        );
        Some(())
    }

    fn repeat(&mut self, repeat: &Repeat) -> Option<()> {
        let (inner, least, most) = merged(repeat);
        for _ in 0..least {
            self.node(inner)?;
        }
        match most {
            None => self.endless(inner, repeat.lazy),
            Some(most) => {
                let mut splits = Vec::new();
                for _ in least..most {
                    splits.push(self.push(Step::Accept)?);
                    self.node(inner)?;
                }
                let here = self.here();
                splits.into_iter().for_each(|place| self.split(place, place + 1, here, repeat.lazy));
                Some(())
            }
        }
    }

    fn endless(&mut self, inner: &Node, lazy: bool) -> Option<()> {
        let split = self.push(Step::Accept)?;
        let register = self.program.loops;
        self.program.loops += 1;
        let can_be_empty = inner.set().is_none();
        if can_be_empty {
            self.push(Step::Turn(register))?;
        }
        self.node(inner)?;
        let check = if can_be_empty { Some(self.push(Step::Accept)?) } else { None };
        self.push(Step::Jump(split))?;
        let here = self.here();
        if let Some(check) = check {
            self.set(check, Step::Progress(register, here));
        }
        self.split(split, split + 1, here, lazy);
        Some(())
    }

    fn split(&mut self, place: usize, more: usize, less: usize, lazy: bool) {
        self.set(place, if lazy { Step::Split(less, more) } else { Step::Split(more, less) });
    }
}

/// What is repeated and how often, loops right in loops taken together as .NET does: `(?:a+)*` is `a*`.
fn merged(repeat: &Repeat) -> (&Node, u32, Option<u32>) {
    let (mut least, mut most) = (repeat.least, repeat.most);
    let mut current = repeat;
    loop {
        let mut inner = &current.inner;
        while let Kind::Group(group) = &inner.kind
            && group.kind == GroupKind::Plain
        {
            inner = &group.inner;
        }
        let Kind::Repeat(next) = &inner.kind else { return (inner, least, most) };
        // (a{100,105}){3} and (a{2,})? cannot be told by two numbers.
        let is_lumpy = current.least == 0 && next.least > 1
            || next.most.is_some_and(|most| most < next.least.saturating_mul(2));
        if next.lazy != repeat.lazy || is_lumpy {
            return (inner, least, most);
        }
        least = least.saturating_mul(next.least);
        most = most.zip(next.most).map(|(a, b)| a.saturating_mul(b));
        current = next;
    }
}
