//! Functions of the condition language, and what else works on single values.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use super::addresses::Block;
use super::{Frame, Run, compare, trace, undecidable};
use crate::farm::schema::{FieldId, RecordTypeId};
use crate::farm::value::{List, Reading, Record, Site, Value};
use crate::pack::condition::Function;
use crate::pack::condition::functions::{duration, timestamp};
use crate::pack::condition::tree::{Expression, Operator};
use crate::pattern;

/// Items or bytes that a function makes at most.
const MOST: usize = 1 << 20;

impl<'f> Run<'f, '_> {
    pub(super) fn call(
        &self,
        function: Function,
        arguments: &[Expression],
        frame: &mut Frame<'f, '_>,
    ) -> Reading<'f> {
        if function == Function::FirstKnown {
            return self.first_known(arguments, frame);
        }
        let mut values = Vec::with_capacity(arguments.len());
        let mut readings = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let reading = self.value(argument, frame);
            match &reading.value {
                Err(_) => return reading,
                Ok(value) => values.push(value.clone()),
            }
            readings.push(reading);
        }
        if let Some(first) = readings.first()
            && matches!(function, Function::Size | Function::Min | Function::Max | Function::Sum)
        {
            frame.trace.saw_list(first);
        }
        match (function, values.as_slice()) {
            (Function::Matches, [Value::Text(text), Value::Text(pattern)]) => match self.pattern(pattern) {
                Some(regex) => Reading::of(Value::Bool(regex.is_match(text))),
                None => undecidable("the pattern is no regular expression"),
            },
            (_, values) => apply(function, values, readings.first()),
        }
    }

    fn first_known(&self, arguments: &[Expression], frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let start = frame.trace.mark();
        let mut best: Option<Reading<'f>> = None;
        for argument in arguments {
            let mark = frame.trace.mark();
            let reading = self.value(argument, frame);
            match &reading.value {
                // An empty value says as little as a missing one, but a missing one says what would help.
                Ok(Value::Null) => best = best.or(Some(reading)),
                Ok(_) => {
                    frame.trace.keep_from(start, mark);
                    return reading;
                }
                Err(_) if best.as_ref().is_none_or(|best| best.value.is_ok()) => best = Some(reading),
                Err(_) => {}
            }
        }
        best.unwrap_or_else(|| undecidable("nothing is known"))
    }
}

fn text<'f>(text: impl Into<String>) -> Reading<'f> {
    Reading::of(Value::Text(Cow::Owned(text.into())))
}

fn apply<'f>(function: Function, values: &[Value<'f>], first: Option<&Reading<'f>>) -> Reading<'f> {
    match values {
        [Value::Text(subject), rest @ ..] => of_text(function, subject, rest),
        [Value::List(list), rest @ ..] => of_list(function, list, rest, first),
        [Value::Time(at)] => of_time(function, *at),
        [Value::Duration(length)] => of_duration(function, *length),
        [Value::Record(record)] if function == Function::Size => match record.rest() {
            Some(rest) => Reading { value: Err(rest), site: record.site() },
            None => count(record.names().len()),
        },
        [Value::Bytes(bytes)] if function == Function::Size => count(bytes.len()),
        [Value::Null] if function == Function::Size => count(0),
        [number @ (Value::Int(_) | Value::Double(_) | Value::Bool(_))] => of_number(function, number),
        [a, b] if matches!(function, Function::Min | Function::Max) => {
            let pair = List { items: Rc::new([Reading::of(a.clone()), Reading::of(b.clone())]), rest: None };
            of_list(function, &pair, &[], None)
        }
        _ => undecidable("a function does not take this value"),
    }
}

fn count<'f>(number: usize) -> Reading<'f> {
    Reading::of(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn of_text<'f>(function: Function, subject: &str, rest: &[Value<'f>]) -> Reading<'f> {
    let truth = |truth: bool| Reading::of(Value::Bool(truth));
    match (function, rest) {
        (Function::Size, []) => count(subject.chars().count()),
        (Function::Contains, [Value::Text(part)]) => truth(subject.contains(part.as_ref())),
        (Function::StartsWith, [Value::Text(part)]) => truth(subject.starts_with(part.as_ref())),
        (Function::EndsWith, [Value::Text(part)]) => truth(subject.ends_with(part.as_ref())),
        (Function::MatchesDotNet, [Value::Text(regex)]) => match pattern::parse(regex) {
            Ok(regex) => regex.finds(subject).map_or_else(|| undecidable("the search takes too long"), truth),
            Err(_) => undecidable("the pattern is no regular expression of .NET"),
        },
        (Function::DotNetFault, []) => match pattern::parse(subject) {
            Ok(regex) if regex.matches_nothing() => text("no text fits it"),
            Ok(_) => Reading::of(Value::Null),
            Err(error) if error.is_limit => undecidable("the pattern is larger than what is looked at"),
            Err(error) => text(error.message),
        },
        (Function::LowerAscii, []) => text(subject.to_ascii_lowercase()),
        (Function::UpperAscii, []) => text(subject.to_ascii_uppercase()),
        (Function::Trim, []) => text(subject.trim()),
        (Function::ToText, []) => text(subject),
        (Function::Split, [Value::Text(separator)]) => {
            let parts: Rc<[Reading<'f>]> = if separator.is_empty() {
                subject.chars().take(MOST).map(|character| text(character.to_string())).collect()
            } else {
                subject.split(separator.as_ref()).take(MOST).map(text).collect()
            };
            Reading::of(Value::List(List { items: parts, rest: None }))
        }
        (Function::Replace, [Value::Text(from), Value::Text(to)]) => {
            let grown =
                subject.len().saturating_add(subject.matches(from.as_ref()).count().saturating_mul(to.len()));
            if grown > MOST {
                return undecidable("the text grows too long");
            }
            text(subject.replace(from.as_ref(), to))
        }
        (Function::IsAddress, []) => truth(Block::new(subject).is_some()),
        (Function::Overlaps, [Value::Text(other)]) => match (Block::new(subject), Block::new(other)) {
            (Some(one), Some(other)) => truth(one.overlaps(other)),
            _ => undecidable("the text is no IP address"),
        },
        (Function::PrefixLength, []) => match Block::new(subject) {
            Some(block) => Reading::of(Value::Int(i64::from(block.prefix_length()))),
            None => undecidable("the text is no IP address"),
        },
        (Function::Int, []) => whole(subject.trim().parse().ok()),
        (Function::Double, []) => double(subject.trim().parse().ok()),
        (Function::Timestamp, []) => match timestamp(subject) {
            Some(at) => Reading::of(Value::Time(at)),
            None => undecidable("the text is no moment"),
        },
        (Function::Duration, []) => match duration(subject) {
            Some(length) => Reading::of(Value::Duration(length)),
            None => undecidable("the text is no length of time"),
        },
        _ => undecidable("a function does not take this value"),
    }
}

fn whole<'f>(number: Option<i64>) -> Reading<'f> {
    number
        .map_or_else(|| undecidable("the value is no whole number"), |number| Reading::of(Value::Int(number)))
}

fn double<'f>(number: Option<f64>) -> Reading<'f> {
    match number {
        Some(number) if number.is_finite() => Reading::of(Value::Double(number)),
        _ => undecidable("the value is no number"),
    }
}

fn of_number<'f>(function: Function, number: &Value<'f>) -> Reading<'f> {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // bounded by the guards
    match (function, number) {
        (Function::Int, Value::Int(number)) => whole(Some(*number)),
        (Function::Int, Value::Double(number)) if number.abs() < 9e15 => whole(Some(number.trunc() as i64)),
        (Function::Double, Value::Int(number)) => double(Some(*number as f64)),
        (Function::Double, Value::Double(number)) => double(Some(*number)),
        (Function::ToText, value) => text(match value {
            Value::Bool(truth) => truth.to_string(),
            value => trace::show(&Reading::of(value.clone())),
        }),
        _ => undecidable("a function does not take this value"),
    }
}

fn of_time<'f>(function: Function, at: time::OffsetDateTime) -> Reading<'f> {
    let at = at.to_offset(time::UtcOffset::UTC);
    let number = match function {
        Function::Year => i64::from(at.year()),
        Function::Month => i64::from(u8::from(at.month())) - 1,
        Function::Day => i64::from(at.day()),
        Function::Hours => i64::from(at.hour()),
        Function::Minutes => i64::from(at.minute()),
        Function::Seconds => i64::from(at.second()),
        Function::ToText => return text(at.date().to_string()),
        _ => return undecidable("a function does not take this value"),
    };
    Reading::of(Value::Int(number))
}

fn of_duration<'f>(function: Function, length: time::Duration) -> Reading<'f> {
    let number = match function {
        Function::Hours => length.whole_hours(),
        Function::Minutes => length.whole_minutes(),
        Function::Seconds => length.whole_seconds(),
        Function::ToText => return text(trace::show(&Reading::of(Value::Duration(length)))),
        _ => return undecidable("a function does not take this value"),
    };
    Reading::of(Value::Int(number))
}

fn of_list<'f>(
    function: Function,
    list: &List<'f>,
    rest: &[Value<'f>],
    whole_list: Option<&Reading<'f>>,
) -> Reading<'f> {
    if let Some(missing) = &list.rest {
        return Reading { value: Err(Rc::clone(missing)), site: whole_list.and_then(|list| list.site) };
    }
    match (function, rest) {
        (Function::Size, []) => {
            Reading { site: whole_list.and_then(|list| list.site), ..count(list.items.len()) }
        }
        (Function::Join, rest) => {
            let separator = match rest {
                [Value::Text(separator)] => separator.as_ref(),
                _ => "",
            };
            join(list, separator)
        }
        (Function::Min | Function::Max | Function::Sum, []) => fold(function, list),
        _ => undecidable("a function does not take this value"),
    }
}

fn join<'f>(list: &List<'f>, separator: &str) -> Reading<'f> {
    let mut joined = String::new();
    for (index, item) in list.items.iter().enumerate() {
        match &item.value {
            Ok(Value::Text(part)) => {
                if index > 0 {
                    joined.push_str(separator);
                }
                joined.push_str(part);
            }
            Ok(_) => return undecidable("an item of the list is no text"),
            Err(_) => return item.clone(),
        }
        if joined.len() > MOST {
            return undecidable("the text grows too long");
        }
    }
    text(joined)
}

fn fold<'f>(function: Function, list: &List<'f>) -> Reading<'f> {
    let Some(first) = list.items.first() else {
        return if function == Function::Sum { count(0) } else { undecidable("the list is empty") };
    };
    let mut result = first.clone();
    for item in list.items.iter().skip(1) {
        let (Ok(so_far), Ok(next)) = (&result.value, &item.value) else {
            return if result.value.is_err() { result } else { item.clone() };
        };
        result = match (function, compare::order(next, so_far)) {
            (Function::Sum, _) => compare::binary(Operator::Add, &result, item),
            (Function::Min, Some(order)) if order.is_lt() => item.clone(),
            (Function::Max, Some(order)) if order.is_gt() => item.clone(),
            (_, Some(_)) => result,
            (_, None) => return undecidable("the items have no order"),
        };
    }
    result
}

/// `-a`
pub(super) fn minus(reading: Reading<'_>) -> Reading<'_> {
    let value = match &reading.value {
        Ok(Value::Int(number)) => number.checked_neg().map(Value::Int),
        Ok(Value::Double(number)) => Some(Value::Double(-number)),
        Ok(Value::Duration(length)) => Some(Value::Duration(-*length)),
        Ok(_) => None,
        Err(_) => return reading,
    };
    value.map_or_else(|| undecidable("`-` needs a number"), Reading::of)
}

/// `a[b]`
pub(super) fn index<'f>(of: &Value<'f>, index: &Value<'f>) -> Reading<'f> {
    match (of, index) {
        (Value::List(list), Value::Int(number)) => {
            let found = usize::try_from(*number).ok().and_then(|number| list.items.get(number));
            match (found, &list.rest) {
                (Some(item), _) => item.clone(),
                (None, Some(rest)) => Reading { value: Err(Rc::clone(rest)), site: None },
                (None, None) => undecidable("the list is shorter than that"),
            }
        }
        (Value::Record(record), Value::Text(name)) => record.entry(name),
        (Value::Null, _) => Reading::of(Value::Null),
        _ => undecidable("this cannot be indexed"),
    }
}

/// Names of a map's entries as a list.
pub(super) fn names<'f>(record: &(dyn Record<'f> + 'f)) -> List<'f> {
    let items =
        record.names().into_iter().map(|name| Reading { value: Ok(Value::Text(name)), site: record.site() });
    List { items: items.collect(), rest: record.rest() }
}

/// Whether a filtered list has exactly one item.
pub(super) fn exactly_one<'f>(filtered: &Reading<'f>) -> Reading<'f> {
    match &filtered.value {
        Ok(Value::List(list)) => match (list.items.len(), &list.rest) {
            (2.., _) => Reading::of(Value::Bool(false)),
            (_, Some(rest)) => Reading { value: Err(Rc::clone(rest)), site: filtered.site },
            (number, None) => Reading::of(Value::Bool(number == 1)),
        },
        _ => filtered.clone(),
    }
}

/// A map that a condition wrote itself.
pub(super) struct Entries<'f>(pub Vec<(String, Reading<'f>)>);

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Entries").field(&self.0.len()).finish()
    }
}

impl<'f> Record<'f> for Entries<'f> {
    fn record_type(&self) -> Option<RecordTypeId> {
        None
    }

    fn field(&self, _: FieldId) -> Reading<'f> {
        undecidable("a map has no fields")
    }

    fn entry(&self, name: &str) -> Reading<'f> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        found.unwrap_or_else(|| Reading::of(Value::Null))
    }

    fn names(&self) -> Vec<Cow<'f, str>> {
        self.0.iter().map(|(name, _)| Cow::Owned(name.clone())).collect()
    }

    fn site(&self) -> Option<Site> {
        None
    }
}
