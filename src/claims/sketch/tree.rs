//! A sketch as it is matched: a claim rule with blanks.

use crate::claims::ast::{Action, Operator, Property};

/// A metavariable by its number in [`Names`]; `None` is `$_`, which stands for anything and keeps nothing.
pub type Blank = Option<usize>;

/// What a metavariable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A text, an expression or a word.
    Text,
    /// A whole condition.
    Condition,
    /// A whole comparison.
    Test,
}

impl Sort {
    /// As a person says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Condition => "a condition",
            Self::Test => "a comparison",
        }
    }
}

/// The metavariables of a rule's patterns, shared by its alternatives.
#[derive(Debug, Clone, Default)]
pub struct Names {
    all: Vec<(String, Sort)>,
}

impl Names {
    /// The number of a name, new or known; the known sort if it is another one.
    pub(super) fn number(&mut self, name: &str, sort: Sort) -> Result<usize, Sort> {
        let found = self.find(name).and_then(|number| Some((number, self.all.get(number)?.1)));
        match found {
            Some((_, known)) if known != sort => Err(known),
            Some((number, _)) => Ok(number),
            None => {
                self.all.push((name.to_owned(), sort));
                Ok(self.all.len() - 1)
            }
        }
    }

    /// The number of a name, `$T`.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|(known, _)| known == name)
    }

    /// Names with what they stand for, by number.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Sort)> {
        self.all.iter().map(|(name, sort)| (name.as_str(), *sort))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// Things in any order; others may stand among them if it is `open`.
#[derive(Debug, Clone)]
pub(super) struct Many<T> {
    pub items: Vec<T>,
    pub open: bool,
}

impl<T> Many<T> {
    /// Whether so many things could be these.
    pub fn fits(&self, count: usize) -> bool {
        if self.open { self.items.len() <= count } else { self.items.len() == count }
    }
}

/// One of several things in a fixed order.
#[derive(Debug, Clone)]
pub(super) enum Item<T> {
    Just(T),
    /// `...`
    Rest,
}

/// A word, or whatever stands in its place.
#[derive(Debug, Clone)]
pub(super) enum Word<T> {
    Just(T),
    Any(Blank),
}

/// A piece of a text in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Just that.
    Plain(String),
    /// `...`
    Rest,
    /// `$NAME`
    Blank(Blank),
}

/// A text in quotes, or a metavariable in its place.
#[derive(Debug, Clone)]
pub(super) enum TextSketch {
    Pieces(Vec<Piece>),
    Any(Blank),
}

#[derive(Debug, Clone)]
pub(super) enum PropertySketch {
    Plain(Property),
    Named(TextSketch),
    Any(Blank),
}

#[derive(Debug, Clone)]
pub(super) enum TermSketch {
    Text(TextSketch),
    Reference { variable: usize, property: PropertySketch },
    Call { function: Word<String>, arguments: Vec<Item<ExpressionSketch>> },
    Any(Blank),
}

/// Terms joined by `+`; a metavariable alone stands for the whole expression.
#[derive(Debug, Clone)]
pub(super) struct ExpressionSketch {
    pub terms: Vec<Item<TermSketch>>,
}

#[derive(Debug, Clone)]
pub(super) enum TestSketch {
    Comparison { property: PropertySketch, operator: Word<Operator>, value: ExpressionSketch },
    Any(Blank),
}

#[derive(Debug, Clone)]
pub(super) enum KindSketch {
    /// The variable by its number in the sketch, if there has to be one.
    Select(Option<usize>),
    Exists,
    NotExists,
    Count {
        operator: Word<String>,
        number: Word<String>,
    },
    Any(Blank),
}

#[derive(Debug, Clone)]
pub(super) enum ConditionSketch {
    Selector { kind: KindSketch, tests: Many<TestSketch> },
    Any(Blank),
}

#[derive(Debug, Clone)]
pub(super) struct SettingSketch {
    pub property: PropertySketch,
    pub value: ExpressionSketch,
}

#[derive(Debug, Clone)]
pub(super) enum BodySketch {
    /// `issue(...)`
    Anything,
    /// The variable by its number.
    Copy(usize),
    New(Many<SettingSketch>),
    Store {
        store: TextSketch,
        /// `None` for `...` in their place.
        types: Option<Vec<Item<TextSketch>>>,
        query: Option<TextSketch>,
        parameters: Vec<Item<ExpressionSketch>>,
    },
}

/// A claim rule with blanks.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub(super) annotations: Vec<(String, TextSketch)>,
    pub(super) conditions: Many<ConditionSketch>,
    pub(super) action: Word<Action>,
    pub(super) body: BodySketch,
    /// How many variables it names; they stand for those of a claim rule whatever they are called.
    pub(super) variables: usize,
    /// Numbers of the metavariables in it.
    pub(super) binds: Vec<usize>,
}

impl Sketch {
    /// Whether every match of it binds the metavariable.
    pub fn binds(&self, number: usize) -> bool {
        self.binds.contains(&number)
    }
}
