//! Types on both sides of an operator.

use super::Resolver;
use crate::farm::nearest;
use crate::farm::schema::Type;
use crate::pack::condition::tree::{Expression, ExpressionKind, Literal, Operator, Range, Raw};

impl Resolver<'_> {
    pub(super) fn binary(&mut self, operator: Operator, left: &Raw, right: &Raw, range: Range) -> Expression {
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
}

/// A type that both fit into.
pub(super) fn common(one: &Type, other: &Type) -> Type {
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
