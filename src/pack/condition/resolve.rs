//! Looks up the names of a condition and checks the types of its parts.

use super::functions::{Function, SIGNATURES};
use super::tree::{Expression, ExpressionKind, Literal, Macro, Operator, Range, Raw, RawKind};
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

    fn binary(&mut self, operator: Operator, left: &Raw, right: &Raw, range: Range) -> Expression {
        let (left, right) = (self.expression(left), self.expression(right));
        let value_type = match operator {
            Operator::Equal | Operator::NotEqual => {
                self.same_type(&left, &right, operator, range);
                Type::Bool
            }
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                self.ordered(&left, &right, operator, range);
                Type::Bool
            }
            Operator::In => {
                self.membership(&left, &right, range);
                Type::Bool
            }
            _ => self.arithmetic(&left, &right, operator, range),
        };
        let kind = ExpressionKind::Binary(operator, Box::new(left), Box::new(right));
        Expression { kind, value_type, range }
    }

    fn same_type(&mut self, left: &Expression, right: &Expression, operator: Operator, range: Range) {
        if !comparable(&left.value_type, &right.value_type) {
            let (a, b) = (self.type_name(&left.value_type), self.type_name(&right.value_type));
            self.trouble(range, format!("{a} and {b} are never equal (`{}`).", operator.sign()), None);
        }
        self.choice(&left.value_type, right);
        self.choice(&right.value_type, left);
    }

    /// A text that is compared with an enum must be one of its names.
    fn choice(&mut self, of: &Type, with: &Expression) {
        let (Type::Choice(names), ExpressionKind::Literal(Literal::Text(text))) = (of, &with.kind) else {
            return;
        };
        if !names.contains(text) {
            let help = nearest(text, names.iter().map(String::as_str)).map_or_else(
                || format!("It is one of {}.", names.join(", ")),
                |name| format!("Did you mean '{name}'?"),
            );
            self.trouble(with.range, format!("The value is never '{text}'."), Some(help));
        }
    }

    fn ordered(&mut self, left: &Expression, right: &Expression, operator: Operator, range: Range) {
        let has_order = |of: &Type| {
            matches!(of, Type::Int | Type::Double | Type::Text | Type::Time | Type::Duration | Type::Any)
        };
        let fits = comparable(&left.value_type, &right.value_type)
            && has_order(&left.value_type)
            && has_order(&right.value_type);
        if !fits {
            let (a, b) = (self.type_name(&left.value_type), self.type_name(&right.value_type));
            self.trouble(range, format!("{a} and {b} have no order (`{}`).", operator.sign()), None);
        }
    }

    fn membership(&mut self, left: &Expression, right: &Expression, range: Range) {
        match &right.value_type {
            Type::List(item) => {
                if !comparable(&left.value_type, item) {
                    let (a, b) = (self.type_name(&left.value_type), self.type_name(&right.value_type));
                    self.trouble(range, format!("{a} is never in {b}."), None);
                }
                self.choice(item, left);
                if let ExpressionKind::List(items) = &right.kind {
                    items.iter().for_each(|item| self.choice(&left.value_type, item));
                }
            }
            Type::Map(_) | Type::Any => {}
            other => {
                let message = format!("`in` needs a list or a map, not {}.", self.type_name(other));
                self.trouble(right.range, message, None);
            }
        }
    }

    fn arithmetic(
        &mut self,
        left: &Expression,
        right: &Expression,
        operator: Operator,
        range: Range,
    ) -> Type {
        use Operator::{Add, Subtract};
        let (a, b) = (&left.value_type, &right.value_type);
        let number = |of: &Type| matches!(of, Type::Int | Type::Double);
        match (a, b, operator) {
            (Type::Any, _, _) | (_, Type::Any, _) => Type::Any,
            (Type::Int, Type::Int, _) => Type::Int,
            (a, b, _) if number(a) && number(b) => Type::Double,
            (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_), Add) => Type::Text,
            (Type::Time, Type::Duration, Add | Subtract) | (Type::Duration, Type::Time, Add) => Type::Time,
            (Type::Time, Type::Time, Subtract) | (Type::Duration, Type::Duration, Add | Subtract) => {
                Type::Duration
            }
            (Type::List(one), Type::List(other), Add) => Type::list(common(one, other)),
            _ => {
                let (a, b) = (self.type_name(a), self.type_name(b));
                self.trouble(range, format!("`{}` does not go with {a} and {b}.", operator.sign()), None);
                Type::Any
            }
        }
    }

    fn method(
        &mut self,
        receiver: &Raw,
        name: &str,
        place: Range,
        arguments: &[Raw],
        range: Range,
    ) -> Expression {
        if let Some(form) = Macro::of(name) {
            return self.macro_call(form, receiver, place, arguments, range);
        }
        let receiver = self.expression(receiver);
        let rest = arguments.iter().map(|argument| self.expression(argument));
        let all = std::iter::once(receiver).chain(rest.collect::<Vec<_>>()).collect();
        self.function(name, place, all, true, range)
    }

    fn call(&mut self, name: &str, place: Range, arguments: &[Raw], range: Range) -> Expression {
        match name {
            "has" => return self.has(arguments, place, range),
            "firstKnown" => {
                let all: Vec<_> = arguments.iter().map(|argument| self.expression(argument)).collect();
                let value_type = all.iter().map(|one| one.value_type.clone()).reduce(|a, b| common(&a, &b));
                if all.is_empty() {
                    self.trouble(place, "firstKnown needs at least one argument.".into(), None);
                }
                let kind = ExpressionKind::Call(Function::FirstKnown, all);
                return Expression { kind, value_type: value_type.unwrap_or(Type::Any), range };
            }
            _ => {}
        }
        let all = arguments.iter().map(|argument| self.expression(argument)).collect();
        self.function(name, place, all, false, range)
    }

    fn has(&mut self, arguments: &[Raw], place: Range, range: Range) -> Expression {
        let inner = match arguments {
            [only] => self.expression(only),
            _ => Self::hole(range),
        };
        if !matches!(
            inner.kind,
            ExpressionKind::Field(..) | ExpressionKind::Member(..) | ExpressionKind::Index(..)
        ) && self.troubles.is_empty()
        {
            let help = Some("Write has(self.Property).".to_owned());
            self.trouble(place, "has() asks for one member of something.".into(), help);
        }
        Expression { kind: ExpressionKind::Has(Box::new(inner)), value_type: Type::Bool, range }
    }

    fn function(
        &mut self,
        name: &str,
        place: Range,
        arguments: Vec<Expression>,
        method: bool,
        range: Range,
    ) -> Expression {
        let forms: Vec<_> = SIGNATURES.iter().filter(|known| known.name == name).collect();
        if forms.is_empty() {
            let names = SIGNATURES.iter().map(|known| known.name).chain([
                "has",
                "firstKnown",
                "exists",
                "all",
                "filter",
            ]);
            let help = nearest(name, names).map(|name| format!("Did you mean `{name}`?"));
            self.trouble(place, format!("There is no function `{name}`."), help);
            return Self::hole(range);
        }
        let fits = |takes: &[super::functions::Takes]| {
            takes.len() == arguments.len()
                && takes.iter().zip(&arguments).all(|(takes, given)| takes.fits(&given.value_type))
        };
        let found = forms.iter().find(|form| form.method == method && fits(form.takes));
        let Some(form) = found else {
            let wanted: Vec<String> = forms
                .iter()
                .map(|form| {
                    let takes: Vec<_> = form.takes.iter().map(|takes| takes.name()).collect();
                    match (form.method, takes.split_first()) {
                        (true, Some((first, rest))) => format!("{first}.{name}({})", rest.join(", ")),
                        _ => format!("{name}({})", takes.join(", ")),
                    }
                })
                .collect();
            let given: Vec<_> =
                arguments.iter().map(|argument| self.type_name(&argument.value_type)).collect();
            let message = format!("`{name}` does not take {}.", given.join(", "));
            self.trouble(place, message, Some(format!("Write {}.", wanted.join(" or "))));
            return Self::hole(range);
        };
        self.constant_argument(form.function, &arguments);
        let value_type = form.gives.value_type(arguments.first().map(|first| &first.value_type));
        Expression { kind: ExpressionKind::Call(form.function, arguments), value_type, range }
    }

    /// Texts that can be read right now must be readable.
    fn constant_argument(&mut self, function: Function, arguments: &[Expression]) {
        let Some(last) = arguments.last() else { return };
        let ExpressionKind::Literal(Literal::Text(text)) = &last.kind else { return };
        let wrong = match function {
            Function::Matches => regex::Regex::new(text).err().map(|error| error.to_string()),
            Function::Timestamp => {
                super::functions::timestamp(text).is_none().then(|| "not a moment".to_owned())
            }
            Function::Duration => {
                super::functions::duration(text).is_none().then(|| "not a length of time".to_owned())
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let first = wrong.lines().last().unwrap_or("").to_owned();
            self.trouble(last.range, format!("'{text}' cannot be read: {first}."), None);
        }
    }

    fn macro_call(
        &mut self,
        form: Macro,
        receiver: &Raw,
        place: Range,
        arguments: &[Raw],
        range: Range,
    ) -> Expression {
        let list = self.expression(receiver);
        let [Raw { kind: RawKind::Name(name), .. }, body] = arguments else {
            let help = Some("Write list.exists(x, x.Property == 'value').".to_owned());
            self.trouble(place, "A macro takes a new name and a condition on it.".into(), help);
            return Self::hole(range);
        };
        let item = match &list.value_type {
            Type::List(item) => (**item).clone(),
            Type::Map(_) => Type::Text,
            Type::Any => Type::Any,
            other => {
                let message = format!("There is nothing to go through in {}.", self.type_name(other));
                self.trouble(receiver.range, message, None);
                Type::Any
            }
        };
        let number = self.variables;
        self.variables += 1;
        self.bound.push((name.clone(), item.clone(), number));
        let body = if form == Macro::Map { self.expression(body) } else { self.truth(body) };
        self.bound.pop();
        let value_type = match form {
            Macro::Exists | Macro::ExistsOne | Macro::All => Type::Bool,
            Macro::Filter => Type::list(item),
            Macro::Map => Type::list(body.value_type.clone()),
        };
        let kind = ExpressionKind::Macro(form, Box::new(list), number, Box::new(body));
        Expression { kind, value_type, range }
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

/// A type that both fit into.
fn common(one: &Type, other: &Type) -> Type {
    match (one, other) {
        (one, other) if one == other => one.clone(),
        (Type::Null, known) | (known, Type::Null) => known.clone(),
        (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) => Type::Text,
        (Type::Int | Type::Double, Type::Int | Type::Double) => Type::Double,
        (Type::List(one), Type::List(other)) => Type::List(Box::new(common(one, other))),
        _ => Type::Any,
    }
}

fn comparable(one: &Type, other: &Type) -> bool {
    match (one, other) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => true,
        (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) => true,
        (Type::Int | Type::Double, Type::Int | Type::Double) => true,
        (Type::List(one), Type::List(other)) | (Type::Map(one), Type::Map(other)) => comparable(one, other),
        (one, other) => one == other,
    }
}
