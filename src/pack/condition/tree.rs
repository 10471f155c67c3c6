//! Expressions: as written ([`Raw`]), and checked ([`Expression`]).

use super::functions::Function;
use crate::farm::schema::{FieldId, RecordTypeId, Type};

/// A range of bytes in the condition's text.
pub type Range = (u32, u32);

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// `5`
    Int(i64),
    /// `0.5`
    Double(f64),
    /// `'text'`
    Text(String),
}

/// Operators with two sides that need both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// The operator of that sign.
    pub fn of(sign: &str) -> Self {
        match sign {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "in" => Self::In,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            _ => Self::Remainder,
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// Macros over a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Macro {
    /// True for at least one item.
    Exists,
    /// True for exactly one item.
    ExistsOne,
    /// True for every item.
    All,
    /// The items for which it is true.
    Filter,
    /// What it gives for each item.
    Map,
}

impl Macro {
    /// The macro of that name.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "exists" => Self::Exists,
            "exists_one" => Self::ExistsOne,
            "all" => Self::All,
            "filter" => Self::Filter,
            "map" => Self::Map,
            _ => return None,
        })
    }
}

/// An expression as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// What it is.
    pub kind: RawKind,
    /// Its place.
    pub range: Range,
    /// Expressions in it, one in the other, itself included.
    pub depth: usize,
}

/// Expressions in one another, named ones of `definitions.yaml` included: everything that walks the tree recurses as
/// deep. Real conditions stay below thirty.
pub(super) const DEEPEST: usize = 200;

impl Raw {
    /// An expression; `None` if it is too deep.
    pub fn new(kind: RawKind, range: Range) -> Option<Self> {
        let depth = 1 + kind.parts().map(|part| part.depth).max().unwrap_or(0);
        (depth <= DEEPEST).then_some(Self { kind, range, depth })
    }
}

/// What an expression is, before names are looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum RawKind {
    /// A constant.
    Literal(Literal),
    /// A name.
    Name(String),
    /// `a.b`; place of the name.
    Member(Box<Raw>, String, Range),
    /// `a.b(c)`; place of the name.
    Method(Box<Raw>, String, Range, Vec<Raw>),
    /// `f(a)`; place of the name.
    Call(String, Range, Vec<Raw>),
    /// `a[b]`
    Index(Box<Raw>, Box<Raw>),
    /// `!a`
    Not(Box<Raw>),
    /// `-a`
    Minus(Box<Raw>),
    /// `a && b && c`
    And(Vec<Raw>),
    /// `a || b || c`
    Or(Vec<Raw>),
    /// `a ? b : c`
    Choice(Box<Raw>, Box<Raw>, Box<Raw>),
    /// `a < b`
    Binary(Operator, Box<Raw>, Box<Raw>),
    /// `[a, b]`
    List(Vec<Raw>),
    /// `{a: b}`
    Map(Vec<(Raw, Raw)>),
}

impl RawKind {
    fn parts(&self) -> impl Iterator<Item = &Raw> {
        let (some, more): (Vec<&Raw>, &[Raw]) = match self {
            Self::Literal(_) | Self::Name(_) => (vec![], &[]),
            Self::Member(a, ..) | Self::Not(a) | Self::Minus(a) => (vec![a], &[]),
            Self::Index(a, b) | Self::Binary(_, a, b) => (vec![a, b], &[]),
            Self::Choice(a, b, c) => (vec![a, b, c], &[]),
            Self::Method(a, _, _, more) => (vec![a], more),
            Self::Call(_, _, more) | Self::And(more) | Self::Or(more) | Self::List(more) => (vec![], more),
            Self::Map(entries) => (entries.iter().flat_map(|(key, value)| [key, value]).collect(), &[]),
        };
        some.into_iter().chain(more)
    }
}

/// A checked expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Type of its value.
    pub value_type: Type,
    /// Its place.
    pub range: Range,
}

/// What a checked expression is.
#[derive(Debug, Clone)]
pub enum ExpressionKind {
    /// A constant.
    Literal(Literal),
    /// `self`
    This,
    /// `farm`
    Farm,
    /// `facts`
    Facts,
    /// `asOf`
    AsOf,
    /// A named expression, by number.
    Definition(usize),
    /// A macro's variable, by number.
    Variable(usize, String),
    /// What a metavariable stands for, by number.
    Metavariable(usize, String),
    /// A field of a record.
    Field(Box<Expression>, FieldId, String),
    /// An entry of a map, or a member of something whose type is only known later.
    Member(Box<Expression>, String),
    /// `a[b]`
    Index(Box<Expression>, Box<Expression>),
    /// `has(a.b)`
    Has(Box<Expression>),
    /// `!a`
    Not(Box<Expression>),
    /// `-a`
    Minus(Box<Expression>),
    /// `a && b`
    And(Vec<Expression>),
    /// `a || b`
    Or(Vec<Expression>),
    /// `a ? b : c`
    Choice(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `a < b`
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// `[a, b]`
    List(Vec<Expression>),
    /// `{a: b}`: names and values.
    Map(Vec<(String, Expression)>),
    /// A function; the receiver of a method is the first argument.
    Call(Function, Vec<Expression>),
    /// A macro: the list, the variable's number, the body.
    Macro(Macro, Box<Expression>, usize, Box<Expression>),
}

impl Expression {
    /// The path that it reads, for evidence: `self.SamlEndpoints`.
    pub fn path(&self) -> String {
        match &self.kind {
            ExpressionKind::This => "self".into(),
            ExpressionKind::Farm => "farm".into(),
            ExpressionKind::Facts => "facts".into(),
            ExpressionKind::AsOf => "asOf".into(),
            ExpressionKind::Variable(_, name) | ExpressionKind::Metavariable(_, name) => name.clone(),
            ExpressionKind::Field(inner, _, name) | ExpressionKind::Member(inner, name) => {
                format!("{}.{name}", inner.path())
            }
            ExpressionKind::Index(inner, index) => match &index.kind {
                ExpressionKind::Literal(Literal::Text(text)) => format!("{}['{text}']", inner.path()),
                ExpressionKind::Literal(Literal::Int(number)) => format!("{}[{number}]", inner.path()),
                _ => format!("{}[…]", inner.path()),
            },
            _ => "…".into(),
        }
    }

    /// The field that it reads, if the type of the record is known.
    pub fn field(&self) -> Option<(RecordTypeId, FieldId)> {
        match &self.kind {
            ExpressionKind::Field(inner, field, _) => match inner.value_type {
                Type::Record(record) => Some((record, *field)),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn collect_inputs(&self, found: &mut Vec<String>) {
        let is_input = match &self.kind {
            ExpressionKind::Field(inner, ..) => {
                matches!(inner.kind, ExpressionKind::Farm) || inner.path().starts_with("facts")
            }
            _ => false,
        };
        if is_input {
            found.push(self.path());
            return;
        }
        self.children().into_iter().for_each(|child| child.collect_inputs(found));
    }

    /// Expressions in it, one in the other; `named` says how deep a definition is.
    pub(super) fn depth(&self, named: &dyn Fn(usize) -> usize) -> usize {
        let own = match self.kind {
            ExpressionKind::Definition(number) => named(number),
            _ => 0,
        };
        let inside = self.children().into_iter().map(|child| child.depth(named)).max().unwrap_or(0);
        1 + own.max(inside)
    }

    pub(super) fn uses_any(&self, definitions: &[usize]) -> bool {
        let is_one = matches!(self.kind, ExpressionKind::Definition(number) if definitions.contains(&number));
        is_one || self.children().into_iter().any(|child| child.uses_any(definitions))
    }

    /// Expressions right in it.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExpressionKind::Field(inner, ..)
            | ExpressionKind::Member(inner, _)
            | ExpressionKind::Has(inner)
            | ExpressionKind::Not(inner)
            | ExpressionKind::Minus(inner) => vec![inner],
            ExpressionKind::Index(a, b)
            | ExpressionKind::Binary(_, a, b)
            | ExpressionKind::Macro(_, a, _, b) => vec![a, b],
            ExpressionKind::Choice(a, b, c) => vec![a, b, c],
            ExpressionKind::And(all)
            | ExpressionKind::Or(all)
            | ExpressionKind::List(all)
            | ExpressionKind::Call(_, all) => all.iter().collect(),
            ExpressionKind::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }
}
