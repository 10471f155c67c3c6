//! Runs conditions: Kleene's logic, so that a missing input is unknown and a proven failure beats it; and a
//! trace of the values that decided, which become the labels of a finding.

mod addresses;
mod compare;
mod functions;
mod logic;
mod macros;
mod members;
mod trace;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use regex::Regex;
use time::OffsetDateTime;

use crate::farm::value::{Gap, List, Missing, Reading, Record, Value};
use crate::pack::condition::tree::{Expression, ExpressionKind, Literal, Operator};
use crate::pack::condition::{Condition, Definitions};
pub use trace::Evidence;
use trace::Trace;

/// Steps of one evaluation; a condition over a thousand trusts takes some ten thousand.
const STEPS: u64 = 20_000_000;
/// Different regular expressions that are remembered.
const PATTERNS: usize = 2_000;

/// Kleene's three values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Proven.
    True,
    /// Refuted.
    False,
    /// An input is missing.
    Unknown,
}

/// What came of a condition, and why.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The outcome.
    pub truth: Truth,
    /// What is missing, if that is why the outcome is unknown.
    pub missing: Vec<Missing>,
    /// The values that decided, in the order of evaluation.
    pub evidence: Vec<Evidence>,
}

/// A definition's value with its trace.
type Cached<'f> = (Reading<'f>, Vec<Evidence>, Vec<Missing>);

/// One run over one farm.
pub struct Run<'f, 'p> {
    definitions: &'p Definitions,
    farm: Rc<dyn Record<'f> + 'f>,
    facts: Rc<dyn Record<'f> + 'f>,
    as_of: OffsetDateTime,
    cache: RefCell<Vec<Option<Cached<'f>>>>,
    patterns: RefCell<HashMap<String, Option<Rc<Regex>>>>,
    steps: Cell<u64>,
}

impl std::fmt::Debug for Run<'_, '_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Run").field("as_of", &self.as_of).finish_non_exhaustive()
    }
}

/// What a condition is asked about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About<'f, 't> {
    /// `self`
    pub this: Option<&'t Reading<'f>>,
    /// What the metavariables of the rule's pattern stand for, by number.
    pub bound: &'t [Option<Reading<'f>>],
}

impl<'f, 't> From<Option<&'t Reading<'f>>> for About<'f, 't> {
    fn from(this: Option<&'t Reading<'f>>) -> Self {
        Self { this, bound: &[] }
    }
}

/// The variables of the macros around.
struct Frame<'f, 't> {
    about: About<'f, 't>,
    variables: Vec<Option<Reading<'f>>>,
    trace: Trace,
}

impl<'f, 'p> Run<'f, 'p> {
    /// A run with the roots that conditions see.
    pub fn new(
        definitions: &'p Definitions,
        farm: Rc<dyn Record<'f> + 'f>,
        facts: Rc<dyn Record<'f> + 'f>,
        as_of: OffsetDateTime,
    ) -> Self {
        Self {
            definitions,
            farm,
            facts,
            as_of,
            cache: RefCell::new(vec![None; definitions.len()]),
            patterns: RefCell::default(),
            steps: Cell::new(0),
        }
    }

    /// The outcome of a condition, without reasons: what most conditions on most objects need.
    pub fn truth<'t>(&self, condition: &Condition, about: impl Into<About<'f, 't>>) -> Truth
    where
        'f: 't,
    {
        truth_of(&self.start(condition, about.into(), Trace::off()).0)
    }

    /// The outcome of a condition with its reasons.
    pub fn decide<'t>(&self, condition: &Condition, about: impl Into<About<'f, 't>>) -> Decision
    where
        'f: 't,
    {
        let (reading, trace) = self.start(condition, about.into(), Trace::on());
        let truth = truth_of(&reading);
        let (evidence, mut missing) = trace.finish();
        match (truth, &reading.value) {
            (Truth::Unknown, Err(reason)) if missing.is_empty() => missing.push((**reason).clone()),
            (Truth::Unknown, Ok(_)) if missing.is_empty() => missing.push(no_truth(&reading)),
            (Truth::True | Truth::False, _) => missing.clear(),
            _ => {}
        }
        Decision { truth, missing, evidence }
    }

    /// The value of a condition.
    pub fn read<'t>(&self, condition: &Condition, about: impl Into<About<'f, 't>>) -> Reading<'f>
    where
        'f: 't,
    {
        self.start(condition, about.into(), Trace::off()).0
    }

    /// The value of a condition with what was read for it.
    pub fn read_traced<'t>(
        &self,
        condition: &Condition,
        about: impl Into<About<'f, 't>>,
    ) -> (Reading<'f>, Vec<Evidence>)
    where
        'f: 't,
    {
        let (reading, trace) = self.start(condition, about.into(), Trace::on());
        (reading, trace.finish().0)
    }

    /// The value of a condition as a person reads it.
    pub fn show<'t>(&self, condition: &Condition, about: impl Into<About<'f, 't>>) -> String
    where
        'f: 't,
    {
        trace::show(&self.read(condition, about))
    }

    fn start(&self, condition: &Condition, about: About<'f, '_>, trace: Trace) -> (Reading<'f>, Trace) {
        self.steps.set(0);
        let mut frame = Frame { about, variables: vec![None; condition.variables()], trace };
        let reading = self.value(condition.root(), &mut frame);
        (reading, frame.trace)
    }

    fn value(&self, expression: &Expression, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > STEPS {
            return undecidable("the condition takes too many steps on this farm");
        }
        match &expression.kind {
            ExpressionKind::Literal(literal) => Reading::of(constant(literal)),
            ExpressionKind::This => {
                frame.about.this.cloned().unwrap_or_else(|| undecidable("there is no object"))
            }
            ExpressionKind::Farm => Reading::of(Value::Record(Rc::clone(&self.farm))),
            ExpressionKind::Facts => Reading::of(Value::Record(Rc::clone(&self.facts))),
            ExpressionKind::AsOf => Reading::of(Value::Time(self.as_of)),
            ExpressionKind::Definition(number) => self.definition(*number, frame),
            ExpressionKind::Variable(number, _) => Self::variable(expression, *number, frame),
            ExpressionKind::Metavariable(number, _) => {
                let bound = frame.about.bound.get(*number).cloned().flatten();
                bound.unwrap_or_else(|| undecidable("a metavariable is not bound"))
            }
            ExpressionKind::Field(..) | ExpressionKind::Member(..) | ExpressionKind::Index(..) => {
                let reading = self.part(expression, frame);
                frame.trace.saw(expression, &reading);
                reading
            }
            ExpressionKind::Has(inner) => self.has(inner, frame),
            ExpressionKind::Not(inner) => negate(self.value(inner, frame)),
            ExpressionKind::Minus(inner) => functions::minus(self.value(inner, frame)),
            ExpressionKind::And(parts) => self.junction(parts, false, frame),
            ExpressionKind::Or(parts) => self.junction(parts, true, frame),
            ExpressionKind::Choice(test, yes, no) => self.choice(test, yes, no, frame),
            ExpressionKind::Binary(operator, left, right) => {
                let (left, right) = (self.value(left, frame), self.value(right, frame));
                if *operator == Operator::In {
                    frame.trace.saw_list(&right);
                }
                compare::binary(*operator, &left, &right)
            }
            ExpressionKind::List(items) => {
                let items: Rc<[Reading<'f>]> = items.iter().map(|item| self.value(item, frame)).collect();
                Reading::of(Value::List(List { items, rest: None }))
            }
            ExpressionKind::Map(entries) => {
                let entries = entries.iter().map(|(name, value)| (name.clone(), self.value(value, frame)));
                Reading::of(Value::Record(Rc::new(functions::Entries(entries.collect()))))
            }
            ExpressionKind::Call(function, arguments) => self.call(*function, arguments, frame),
            ExpressionKind::Macro(form, list, variable, body) => {
                self.macro_call(*form, list, *variable, body, frame)
            }
        }
    }

    fn variable(expression: &Expression, number: usize, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let reading = frame.variables.get(number).cloned().flatten();
        let reading = reading.unwrap_or_else(|| undecidable("a variable is not bound"));
        frame.trace.saw(expression, &reading);
        reading
    }

    fn definition(&self, number: usize, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let cached = self.cache.borrow().get(number).cloned().flatten();
        let (reading, evidence, missing) = if let Some(cached) = cached {
            cached
        } else {
            let Some(definition) = self.definitions.get(number) else {
                return undecidable("a definition does not exist");
            };
            let variables = vec![None; definition.condition.variables()];
            let mut inner = Frame { about: About::default(), variables, trace: Trace::on() };
            let reading = self.value(definition.condition.root(), &mut inner);
            let (evidence, missing) = inner.trace.finish();
            let cached = (reading, evidence, missing);
            if let Some(place) = self.cache.borrow_mut().get_mut(number) {
                *place = Some(cached.clone());
            }
            cached
        };
        frame.trace.add(&evidence, &missing);
        reading
    }

    fn pattern(&self, text: &str) -> Option<Rc<Regex>> {
        if let Some(known) = self.patterns.borrow().get(text) {
            return known.clone();
        }
        let compiled = Regex::new(text).ok().map(Rc::new);
        if self.patterns.borrow().len() < PATTERNS {
            self.patterns.borrow_mut().insert(text.to_owned(), compiled.clone());
        }
        compiled
    }
}

/// The truth of a value. Only true and false have one.
pub(crate) fn truth_of(reading: &Reading<'_>) -> Truth {
    match &reading.value {
        Ok(Value::Bool(true)) => Truth::True,
        Ok(Value::Bool(false)) => Truth::False,
        _ => Truth::Unknown,
    }
}

fn no_truth(reading: &Reading<'_>) -> Missing {
    let reason = match &reading.value {
        Ok(Value::Null) => "the value is empty where true or false is needed",
        _ => "the value is neither true nor false",
    };
    Missing { gap: Gap::Undecidable(Arc::from(reason)), site: reading.site }
}

fn missing_of(reading: &Reading<'_>) -> Rc<Missing> {
    match &reading.value {
        Err(missing) => Rc::clone(missing),
        Ok(_) => Rc::new(no_truth(reading)),
    }
}

fn as_missing(reading: Reading<'_>) -> Reading<'_> {
    let missing = missing_of(&reading);
    Reading { value: Err(missing), site: reading.site }
}

fn undecidable<'f>(reason: &str) -> Reading<'f> {
    Reading::missing(Gap::Undecidable(Arc::from(reason)), None)
}

fn negate(reading: Reading<'_>) -> Reading<'_> {
    match &reading.value {
        Ok(Value::Bool(value)) => Reading { value: Ok(Value::Bool(!value)), site: reading.site },
        _ => as_missing(reading),
    }
}

fn constant<'f>(literal: &Literal) -> Value<'f> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(number) => Value::Int(*number),
        Literal::Double(number) => Value::Double(*number),
        Literal::Text(text) => Value::Text(Cow::Owned(text.clone())),
    }
}
