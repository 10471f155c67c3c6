//! Where a sketch fits a claim rule: every way, by depth-first search with a limit.
//!
//! A goal is something that still has to fit. Goals form a list on the stack, so that the depth of the search is the
//! size of the sketch and does not grow with the claim rule.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::found::{Bound, Found, Match, What};
use super::text::{Exhausted, pay};
use super::tree::{
    BodySketch, ConditionSketch, ExpressionSketch, Item, SettingSketch, Sketch, TermSketch, TestSketch,
    TextSketch,
};
use crate::claims::ast::{Body, ClaimRule, Expression, Literal, Property, Range, Term};

/// Steps of one search. A claim rule takes some dozens.
const STEPS: u32 = 200_000;
/// Different matches in one claim rule.
const MATCHES: usize = 500;

impl Sketch {
    /// Every way in which it fits a claim rule; `names` is the number of metavariables there are.
    pub fn find<'r>(&self, rule: &'r ClaimRule, names: usize) -> Found<'r> {
        self.search(rule, vec![None; names], MATCHES)
    }

    /// Whether it fits with what a match has bound already; `None` if the search gave up.
    pub fn holds<'r>(&self, rule: &'r ClaimRule, given: &Match<'r>) -> Option<bool> {
        let found = self.search(rule, given.bound.clone(), 1);
        if found.matches.is_empty() && found.cut { None } else { Some(!found.matches.is_empty()) }
    }

    fn search<'r>(&self, rule: &'r ClaimRule, bound: Vec<Option<Bound<'r>>>, most: usize) -> Found<'r> {
        let mut search = Search {
            rule,
            bound,
            variables: vec![None; self.variables],
            undo: Vec::new(),
            taken: Vec::new(),
            steps: STEPS,
            most,
            seen: HashSet::new(),
            found: Found::default(),
        };
        if !self.conditions.fits(rule.conditions.len()) {
            return search.found;
        }
        if matches!(search.start(self), Err(Exhausted)) {
            search.found.cut = true;
        }
        search.found
    }
}

/// Something that still has to fit.
#[derive(Clone, Copy)]
pub(super) enum Goal<'s, 'r> {
    Conditions(&'s [ConditionSketch]),
    /// Comparisons of the condition of that number.
    Tests(&'s [TestSketch], usize),
    Settings(&'s [SettingSketch], &'r [(Property, Expression)]),
    Expression(&'s ExpressionSketch, &'r Expression),
    Terms(&'s [Item<TermSketch>], &'r [Term]),
    Expressions(&'s [Item<ExpressionSketch>], &'r [Expression]),
    Texts(&'s [Item<TextSketch>], &'r [Literal]),
}

/// A goal and those behind it.
pub(super) struct Goals<'g, 's, 'r> {
    pub goal: Goal<'s, 'r>,
    pub next: Option<&'g Goals<'g, 's, 'r>>,
}

/// Things of which each is taken once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Conditions,
    Tests(usize),
    Settings,
}

/// What can be taken back.
pub(super) enum Undo {
    Bound(usize),
    Variable(usize),
}

pub(super) struct Search<'r> {
    rule: &'r ClaimRule,
    pub bound: Vec<Option<Bound<'r>>>,
    pub variables: Vec<Option<&'r str>>,
    pub undo: Vec<Undo>,
    taken: Vec<(Set, usize)>,
    pub steps: u32,
    most: usize,
    seen: HashSet<Vec<Option<(Range, usize)>>>,
    found: Found<'r>,
}

/// An error when the steps ran out, else whether the search is to stop.
pub(super) type Flow = Result<ControlFlow<()>, Exhausted>;

pub(super) const ON: Flow = Ok(ControlFlow::Continue(()));

impl<'r> Search<'r> {
    fn start(&mut self, sketch: &Sketch) -> Flow {
        for (name, text) in &sketch.annotations {
            let Some(literal) = self.rule.annotation(name) else { return ON };
            if !self.text(text, literal)? {
                return ON;
            }
        }
        let issuance = &self.rule.issuance;
        if !self.word(&sketch.action, issuance.action, issuance.action.word(), issuance.range) {
            return ON;
        }
        let conditions = Goals { goal: Goal::Conditions(&sketch.conditions.items), next: None };
        match (&sketch.body, &issuance.body) {
            (BodySketch::Anything, _) => self.solve(Some(&conditions)),
            (BodySketch::Copy(variable), Body::Copy(name)) => {
                if self.variable(*variable, &name.text) {
                    self.solve(Some(&conditions))
                } else {
                    ON
                }
            }
            (BodySketch::New(settings), Body::New(assignments)) if settings.fits(assignments.len()) => {
                let goal = Goal::Settings(&settings.items, assignments);
                self.solve(Some(&Goals { goal, next: Some(&conditions) }))
            }
            (BodySketch::Store { .. }, Body::Store { .. }) => self.store(&sketch.body, &conditions),
            _ => ON,
        }
    }

    fn store(&mut self, sketch: &BodySketch, conditions: &Goals<'_, '_, 'r>) -> Flow {
        let (
            BodySketch::Store { store, types, query, parameters },
            Body::Store { store: own_store, types: own_types, query: own_query, parameters: own_parameters },
        ) = (sketch, &self.rule.issuance.body)
        else {
            return ON;
        };
        if !self.text(store, own_store)? {
            return ON;
        }
        if let Some(query) = query
            && !self.text(query, own_query)?
        {
            return ON;
        }
        let last = Goals { goal: Goal::Expressions(parameters, own_parameters), next: Some(conditions) };
        match types {
            Some(types) => {
                self.solve(Some(&Goals { goal: Goal::Texts(types, own_types), next: Some(&last) }))
            }
            None => self.solve(Some(&last)),
        }
    }

    pub(super) fn solve(&mut self, goals: Option<&Goals<'_, '_, 'r>>) -> Flow {
        pay(&mut self.steps, 1)?;
        let Some(Goals { goal, next }) = goals else { return Ok(self.note()) };
        match *goal {
            Goal::Conditions(sketches) => self.conditions(sketches, *next),
            Goal::Tests(sketches, number) => self.tests(sketches, number, *next),
            Goal::Settings(sketches, own) => self.settings(sketches, own, *next),
            Goal::Expression(sketch, own) => self.expression(sketch, own, *next),
            Goal::Terms(sketches, own) => self.in_order((sketches, own), Goal::Terms, Self::term, *next),
            Goal::Expressions(sketches, own) => {
                self.in_order((sketches, own), Goal::Expressions, Self::one_expression, *next)
            }
            Goal::Texts(sketches, own) => self.in_order((sketches, own), Goal::Texts, Self::one_text, *next),
        }
    }

    /// A whole match: everything fits.
    fn note(&mut self) -> ControlFlow<()> {
        let key = |bound: &Option<Bound<'_>>| {
            bound.as_ref().map(|bound| match bound.what {
                What::Condition(number) => (bound.range, number),
                What::Test(_, number) => (bound.range, number),
                _ => (bound.range, 0),
            })
        };
        if self.seen.insert(self.bound.iter().map(key).collect()) {
            self.found.matches.push(Match { bound: self.bound.clone() });
        }
        if self.found.matches.len() < self.most {
            return ControlFlow::Continue(());
        }
        self.found.cut = true;
        ControlFlow::Break(())
    }

    /// Tries one way; whatever it bound or took is given back.
    pub(super) fn attempt(&mut self, way: impl FnOnce(&mut Self) -> Flow) -> Flow {
        let (undo, taken) = (self.undo.len(), self.taken.len());
        pay(&mut self.steps, 1)?;
        let flow = way(self)?;
        for change in self.undo.drain(undo..).rev() {
            match change {
                Undo::Bound(number) => clear(&mut self.bound, number),
                Undo::Variable(number) => clear(&mut self.variables, number),
            }
        }
        self.taken.truncate(taken);
        Ok(flow)
    }

    fn is_taken(&self, set: Set, number: usize) -> bool {
        self.taken.contains(&(set, number))
    }

    /// Tries every thing of a set that is not taken yet.
    fn each<T>(
        &mut self,
        set: Set,
        own: &'r [T],
        mut way: impl FnMut(&mut Self, usize, &'r T) -> Flow,
    ) -> Flow {
        for (number, one) in own.iter().enumerate() {
            if self.is_taken(set, number) {
                continue;
            }
            let flow = self.attempt(|search| {
                search.taken.push((set, number));
                way(search, number, one)
            })?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        ON
    }

    fn conditions<'s>(&mut self, sketches: &'s [ConditionSketch], next: Option<&Goals<'_, 's, 'r>>) -> Flow {
        let Some((first, rest)) = sketches.split_first() else { return self.solve(next) };
        let after = Goals { goal: Goal::Conditions(rest), next };
        let rule = self.rule;
        self.each(Set::Conditions, &rule.conditions, |search, number, condition| match first {
            ConditionSketch::Any(blank) => {
                if !search.bind(*blank, What::Condition(number), condition.range) {
                    return ON;
                }
                search.solve(Some(&after))
            }
            ConditionSketch::Selector { kind, tests } => {
                if !tests.fits(condition.selector.tests.len()) || !search.kind(kind, condition) {
                    return ON;
                }
                search.solve(Some(&Goals { goal: Goal::Tests(&tests.items, number), next: Some(&after) }))
            }
        })
    }

    fn tests<'s>(
        &mut self,
        sketches: &'s [TestSketch],
        condition: usize,
        next: Option<&Goals<'_, 's, 'r>>,
    ) -> Flow {
        let Some((first, rest)) = sketches.split_first() else { return self.solve(next) };
        let after = Goals { goal: Goal::Tests(rest, condition), next };
        let rule = self.rule;
        let tests = rule.conditions.get(condition).map_or(&[][..], |found| &found.selector.tests);
        self.each(Set::Tests(condition), tests, |search, number, test| match first {
            TestSketch::Any(blank) => {
                if !search.bind(*blank, What::Test(condition, number), test.range) {
                    return ON;
                }
                search.solve(Some(&after))
            }
            TestSketch::Comparison { property, operator, value } => {
                let fits = search.property(property, &test.property, test.range)?
                    && search.word(operator, test.operator, test.operator.text(), test.range);
                if !fits {
                    return ON;
                }
                search.solve(Some(&Goals { goal: Goal::Expression(value, &test.value), next: Some(&after) }))
            }
        })
    }

    fn settings<'s>(
        &mut self,
        sketches: &'s [SettingSketch],
        own: &'r [(Property, Expression)],
        next: Option<&Goals<'_, 's, 'r>>,
    ) -> Flow {
        let Some((first, rest)) = sketches.split_first() else { return self.solve(next) };
        let after = Goals { goal: Goal::Settings(rest, own), next };
        self.each(Set::Settings, own, |search, _, (property, value)| {
            if !search.property(&first.property, property, value.range)? {
                return ON;
            }
            search.solve(Some(&Goals { goal: Goal::Expression(&first.value, value), next: Some(&after) }))
        })
    }

    pub(super) fn expression<'s>(
        &mut self,
        sketch: &'s ExpressionSketch,
        own: &'r Expression,
        next: Option<&Goals<'_, 's, 'r>>,
    ) -> Flow {
        match sketch.terms.as_slice() {
            [Item::Just(TermSketch::Any(blank))] => {
                if self.bind_terms(*blank, &own.terms, own.range) {
                    self.solve(next)
                } else {
                    ON
                }
            }
            terms => self.solve(Some(&Goals { goal: Goal::Terms(terms, &own.terms), next })),
        }
    }
}

fn clear<T>(all: &mut [Option<T>], number: usize) {
    if let Some(place) = all.get_mut(number) {
        *place = None;
    }
}
