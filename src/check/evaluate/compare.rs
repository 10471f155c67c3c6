//! Operators with two sides.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;

use super::{Truth, undecidable};
use crate::farm::value::{List, Reading, Value};
use crate::pack::condition::tree::Operator;

/// Longest text that an operator makes, in bytes.
const LONGEST: usize = 1 << 20;

/// Applies an operator. A missing side makes the outcome missing.
pub(super) fn binary<'f>(operator: Operator, left: &Reading<'f>, right: &Reading<'f>) -> Reading<'f> {
    match operator {
        Operator::Equal => truth(equal(left, right), left, right),
        Operator::NotEqual => truth(opposite(equal(left, right)), left, right),
        Operator::In => contains(left, right),
        _ => match (&left.value, &right.value) {
            (Err(_), _) => left.clone(),
            (_, Err(_)) => right.clone(),
            (Ok(a), Ok(b)) => match operator {
                Operator::Less => ordered(a, b, Ordering::is_lt),
                Operator::LessOrEqual => ordered(a, b, Ordering::is_le),
                Operator::Greater => ordered(a, b, Ordering::is_gt),
                Operator::GreaterOrEqual => ordered(a, b, Ordering::is_ge),
                _ => calculate(operator, a, b),
            },
        },
    }
}

fn truth<'f>(truth: Truth, left: &Reading<'f>, right: &Reading<'f>) -> Reading<'f> {
    match (truth, &left.value, &right.value) {
        (Truth::True, ..) => Reading::of(Value::Bool(true)),
        (Truth::False, ..) => Reading::of(Value::Bool(false)),
        (_, Err(_), _) => left.clone(),
        (_, _, Err(_)) => right.clone(),
        _ => undecidable("the values are of different types, or parts of them are missing"),
    }
}

fn opposite(truth: Truth) -> Truth {
    match truth {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        Truth::Unknown => Truth::Unknown,
    }
}

/// Whether two values are the same.
pub(super) fn equal(left: &Reading<'_>, right: &Reading<'_>) -> Truth {
    match (&left.value, &right.value) {
        (Ok(a), Ok(b)) => equal_values(a, b),
        _ => Truth::Unknown,
    }
}

fn equal_values(a: &Value<'_>, b: &Value<'_>) -> Truth {
    let known = |same: bool| if same { Truth::True } else { Truth::False };
    match (a, b) {
        (Value::Null, Value::Null) => Truth::True,
        (Value::Null, _) | (_, Value::Null) => Truth::False,
        (Value::Bool(a), Value::Bool(b)) => known(a == b),
        (Value::Text(a), Value::Text(b)) => known(a == b),
        (Value::Time(a), Value::Time(b)) => known(a == b),
        (Value::Duration(a), Value::Duration(b)) => known(a == b),
        (Value::Bytes(a), Value::Bytes(b)) => known(a == b),
        (Value::List(a), Value::List(b)) => equal_lists(a, b),
        (Value::Record(a), Value::Record(b)) => match (a.identity(), b.identity()) {
            (Some(a), Some(b)) => known(a == b),
            _ => Truth::Unknown,
        },
        _ => match order(a, b) {
            Some(ordering) => known(ordering.is_eq()),
            None => Truth::Unknown,
        },
    }
}

fn equal_lists(a: &List<'_>, b: &List<'_>) -> Truth {
    let whole = a.rest.is_none() && b.rest.is_none();
    if whole && a.items.len() != b.items.len() {
        return Truth::False;
    }
    let mut outcome = if whole { Truth::True } else { Truth::Unknown };
    for (one, other) in a.items.iter().zip(b.items.iter()) {
        match equal(one, other) {
            Truth::False if whole => return Truth::False,
            Truth::True => {}
            _ => outcome = Truth::Unknown,
        }
    }
    outcome
}

/// The order of two values; `None` if they have none.
pub(super) fn order(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    #[allow(clippy::cast_precision_loss)] // counts and minutes are far below 2^53
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Double(b)) => (*a as f64).partial_cmp(b),
        (Value::Double(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn ordered<'f>(a: &Value<'f>, b: &Value<'f>, holds: fn(Ordering) -> bool) -> Reading<'f> {
    match order(a, b) {
        Some(ordering) => Reading::of(Value::Bool(holds(ordering))),
        None if matches!(a, Value::Null) || matches!(b, Value::Null) => {
            undecidable("an empty value is neither more nor less than another")
        }
        None => undecidable("the values are of different types and have no order"),
    }
}

fn contains<'f>(item: &Reading<'f>, list: &Reading<'f>) -> Reading<'f> {
    let yes = |found: bool| Reading { value: Ok(Value::Bool(found)), site: list.site };
    match (&item.value, &list.value) {
        (_, Err(_)) => list.clone(),
        (_, Ok(Value::List(found))) if found.items.is_empty() && found.rest.is_none() => yes(false),
        (_, Ok(Value::Null)) => yes(false),
        (Err(_), _) => item.clone(),
        (Ok(Value::Text(name)), Ok(Value::Record(map))) => {
            match (map.names().iter().any(|known| known.eq_ignore_ascii_case(name)), map.rest()) {
                (false, Some(rest)) => Reading { value: Err(rest), site: map.site() },
                (found, _) => yes(found),
            }
        }
        (Ok(_), Ok(Value::List(found))) => {
            let mut open = None;
            for one in found.items.iter() {
                match equal(item, one) {
                    Truth::True => return yes(true),
                    Truth::Unknown => open = Some(one.clone()),
                    Truth::False => {}
                }
            }
            match (open, &found.rest) {
                (Some(Reading { value: Err(missing), .. }), _) => {
                    Reading { value: Err(missing), site: list.site }
                }
                (Some(_), _) => undecidable("an item of the list is of another type"),
                (None, Some(rest)) => Reading { value: Err(Rc::clone(rest)), site: list.site },
                (None, None) => yes(false),
            }
        }
        _ => undecidable("`in` needs a list"),
    }
}

fn calculate<'f>(operator: Operator, a: &Value<'f>, b: &Value<'f>) -> Reading<'f> {
    let value = match (a, b) {
        (Value::Int(a), Value::Int(b)) => whole(operator, *a, *b).map(Value::Int),
        (Value::Text(a), Value::Text(b)) if operator == Operator::Add && a.len() + b.len() <= LONGEST => {
            Some(Value::Text(Cow::Owned(format!("{a}{b}"))))
        }
        (Value::List(a), Value::List(b)) if operator == Operator::Add => {
            let items: Rc<[Reading<'f>]> = a.items.iter().chain(b.items.iter()).cloned().collect();
            Some(Value::List(List { items, rest: a.rest.clone().or_else(|| b.rest.clone()) }))
        }
        (Value::Time(a), Value::Time(b)) if operator == Operator::Subtract => Some(Value::Duration(*a - *b)),
        (Value::Time(at), Value::Duration(by)) | (Value::Duration(by), Value::Time(at)) => match operator {
            Operator::Add => at.checked_add(*by).map(Value::Time),
            Operator::Subtract => at.checked_sub(*by).map(Value::Time),
            _ => None,
        },
        (Value::Duration(a), Value::Duration(b)) => match operator {
            Operator::Add => a.checked_add(*b).map(Value::Duration),
            Operator::Subtract => a.checked_sub(*b).map(Value::Duration),
            _ => None,
        },
        _ => fraction(operator, a, b),
    };
    value.map_or_else(|| undecidable("the calculation has no result"), Reading::of)
}

fn whole(operator: Operator, a: i64, b: i64) -> Option<i64> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => a.checked_div(b),
        _ => a.checked_rem(b),
    }
}

fn fraction<'f>(operator: Operator, a: &Value<'f>, b: &Value<'f>) -> Option<Value<'f>> {
    #[allow(clippy::cast_precision_loss)] // as in `order`
    let number = |value: &Value<'f>| match value {
        Value::Int(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        _ => None,
    };
    let (a, b) = (number(a)?, number(b)?);
    let result = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        _ => return None,
    };
    result.is_finite().then_some(Value::Double(result))
}
