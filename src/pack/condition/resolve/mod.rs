//! Looks up the names of a condition and checks the types of its parts.

mod calls;
mod operators;

use self::operators::common;
use super::tree::{Expression, ExpressionKind, Literal, Range, Raw, RawKind};
use super::{Scope, Trouble};
use crate::farm::nearest;
use crate::farm::schema::{RecordTypeId, Type};

/// Checks one condition.
pub(super) struct Resolver<'s> {
    pub(super) scope: &'s Scope<'s>,
    /// Names and types of the variables of the macros around, with their numbers.
    bound: Vec<(String, Type, usize)>,
    /// Variables bound so far.
    pub variables: usize,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
}

impl<'s> Resolver<'s> {
    pub fn new(scope: &'s Scope<'s>) -> Self {
        Self { scope, bound: Vec::new(), variables: 0, troubles: Vec::new() }
    }

    pub(super) fn trouble(&mut self, range: Range, message: String, help: Option<String>) {
        self.troubles.push(Trouble { range, message, help });
    }

    /// A placeholder for what is wrong; its type fits everywhere, so that one mistake is told once.
    pub(super) fn hole(range: Range) -> Expression {
        Expression { kind: ExpressionKind::Literal(Literal::Null), value_type: Type::Any, range }
    }

    fn type_name(&self, of: &Type) -> String {
        self.scope.schema.type_name(of)
    }

    /// Checks an expression.
    pub fn expression(&mut self, raw: &Raw) -> Expression {
        let range = raw.range;
        let (kind, value_type) = match &raw.kind {
            RawKind::Literal(literal) => (ExpressionKind::Literal(literal.clone()), literal_type(literal)),
            RawKind::Name(name) => return self.name(name, range),
            RawKind::Member(inner, name, place) => return self.member(inner, name, *place, range),
            RawKind::Method(receiver, name, place, arguments) => {
                return self.method(receiver, name, *place, arguments, range);
            }
            RawKind::Call(name, place, arguments) => return self.call(name, *place, arguments, range),
            RawKind::Index(inner, index) => return self.index(inner, index, range),
            RawKind::Not(inner) => (ExpressionKind::Not(Box::new(self.truth(inner))), Type::Bool),
            RawKind::Minus(inner) => {
                let inner = self.expression(inner);
                let value_type = inner.value_type.clone();
                if !matches!(value_type, Type::Int | Type::Double | Type::Duration | Type::Any) {
                    let message = format!("`-` needs a number, not {}.", self.type_name(&value_type));
                    self.trouble(range, message, None);
                }
                (ExpressionKind::Minus(Box::new(inner)), value_type)
            }
            RawKind::And(parts) => (ExpressionKind::And(self.truths(parts)), Type::Bool),
            RawKind::Or(parts) => (ExpressionKind::Or(self.truths(parts)), Type::Bool),
            RawKind::Choice(test, yes, no) => {
                let (test, yes, no) = (self.truth(test), self.expression(yes), self.expression(no));
                let value_type = common(&yes.value_type, &no.value_type);
                (ExpressionKind::Choice(Box::new(test), Box::new(yes), Box::new(no)), value_type)
            }
            RawKind::Binary(operator, left, right) => return self.binary(*operator, left, right, range),
            RawKind::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.expression(item)).collect();
                let item = items.iter().map(|item| item.value_type.clone()).reduce(|a, b| common(&a, &b));
                (ExpressionKind::List(items), Type::list(item.unwrap_or(Type::Any)))
            }
            RawKind::Map(entries) => return self.map(entries, range),
        };
        Expression { kind, value_type, range }
    }

    fn truths(&mut self, parts: &[Raw]) -> Vec<Expression> {
        parts.iter().map(|part| self.truth(part)).collect()
    }

    fn truth(&mut self, raw: &Raw) -> Expression {
        let expression = self.expression(raw);
        if !matches!(expression.value_type, Type::Bool | Type::Any) {
            let message =
                format!("True or false is needed here, this is {}.", self.type_name(&expression.value_type));
            self.trouble(raw.range, message, None);
        }
        expression
    }

    fn name(&mut self, name: &str, range: Range) -> Expression {
        if let Some((name, value_type, number)) = self.bound.iter().rev().find(|(bound, ..)| bound == name) {
            let kind = ExpressionKind::Variable(*number, name.clone());
            return Expression { kind, value_type: value_type.clone(), range };
        }
        if name.starts_with('$') {
            return self.metavariable(name, range);
        }
        let (kind, value_type) = match name {
            "self" => {
                if let Some(this) = self.scope.this.clone() {
                    (ExpressionKind::This, this)
                } else {
                    self.trouble(range, "There is no `self` in a definition.".into(), None);
                    return Self::hole(range);
                }
            }
            "farm" => (ExpressionKind::Farm, Type::Record(self.scope.farm)),
            "facts" => (ExpressionKind::Facts, Type::Record(self.scope.facts)),
            "asOf" => (ExpressionKind::AsOf, Type::Time),
            _ => {
                if let Some((number, definition)) = self.scope.definitions.find(name) {
                    (ExpressionKind::Definition(number), definition.condition.value_type().clone())
                } else {
                    let known = self.bound.iter().map(|(name, ..)| name.as_str());
                    let roots = ["self", "farm", "facts", "asOf"].into_iter();
                    let defined = self.scope.definitions.iter().map(|definition| definition.name.as_str());
                    let help = nearest(name, known.chain(roots).chain(defined));
                    let help = help.map(|name| format!("Did you mean `{name}`?"));
                    self.trouble(range, format!("`{name}` is not known here."), help);
                    return Self::hole(range);
                }
            }
        };
        Expression { kind, value_type, range }
    }

    fn member(&mut self, inner: &Raw, name: &str, place: Range, range: Range) -> Expression {
        let inner = match &inner.kind {
            RawKind::Name(outer) if outer.starts_with('$') => self.bound_record(outer, inner.range),
            _ => self.expression(inner),
        };
        match inner.value_type.clone() {
            Type::Record(record) => self.field(inner, record, name, place, range),
            Type::Map(item) => Expression {
                kind: ExpressionKind::Member(Box::new(inner), name.into()),
                value_type: *item,
                range,
            },
            Type::Any => Expression {
                kind: ExpressionKind::Member(Box::new(inner), name.into()),
                value_type: Type::Any,
                range,
            },
            other => {
                let help = match &other {
                    Type::List(_) => {
                        Some(format!("Write .exists(x, x.{name}) or .all(x, x.{name}) for a list."))
                    }
                    _ => None,
                };
                let message = format!("{} has no member `{name}`.", self.type_name(&other));
                self.trouble(place, message, help);
                Self::hole(range)
            }
        }
    }

    fn field(
        &mut self,
        inner: Expression,
        id: RecordTypeId,
        name: &str,
        place: Range,
        range: Range,
    ) -> Expression {
        let schema = self.scope.schema;
        let Some(record) = schema.record(id) else { return Self::hole(range) };
        let found = record.field_id(name).and_then(|field| Some((field, record.field(field)?)));
        if let Some((field, entry)) = found {
            Expression {
                kind: ExpressionKind::Field(Box::new(inner), field, name.to_owned()),
                value_type: entry.value.clone(),
                range,
            }
        } else {
            let help = nearest(name, record.fields.iter().map(|field| field.name.as_str()));
            let help = help.map(|name| format!("Did you mean `{name}`?"));
            self.trouble(place, format!("{} has no property `{name}`.", record.name), help);
            Self::hole(range)
        }
    }

    fn index(&mut self, inner: &Raw, index: &Raw, range: Range) -> Expression {
        let (inner, index) = (self.expression(inner), self.expression(index));
        let value_type = match (&inner.value_type, &index.value_type) {
            (Type::List(item), Type::Int | Type::Any) | (Type::Map(item), Type::Text | Type::Any) => {
                (**item).clone()
            }
            (Type::Any, _) => Type::Any,
            (inner, given) => {
                let (inner, given) = (self.type_name(inner), self.type_name(given));
                self.trouble(range, format!("{inner} cannot be indexed with {given}."), None);
                Type::Any
            }
        };
        Expression { kind: ExpressionKind::Index(Box::new(inner), Box::new(index)), value_type, range }
    }

    fn map(&mut self, entries: &[(Raw, Raw)], range: Range) -> Expression {
        let mut checked = Vec::new();
        for (key, value) in entries {
            match &key.kind {
                RawKind::Literal(Literal::Text(text)) => checked.push((text.clone(), self.expression(value))),
                _ => self.trouble(key.range, "The name of an entry is a text in quotes.".into(), None),
            }
        }
        let item = checked.iter().map(|(_, value)| value.value_type.clone()).reduce(|a, b| common(&a, &b));
        let value_type = Type::Map(Box::new(item.unwrap_or(Type::Any)));
        Expression { kind: ExpressionKind::Map(checked), value_type, range }
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Double(_) => Type::Double,
        Literal::Text(_) => Type::Text,
    }
}
