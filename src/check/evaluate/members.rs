//! Members: what is read of objects, and whether it is there.

use super::{Frame, Run, functions, undecidable};
use crate::farm::value::{Gap, Reading, Value};
use crate::pack::condition::tree::{Expression, ExpressionKind};

impl<'f> Run<'f, '_> {
    /// A member of something, without noting it as evidence.
    pub(super) fn part(&self, expression: &Expression, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        match &expression.kind {
            ExpressionKind::Field(inner, field, _) => match self.inner(inner, frame) {
                Ok(Value::Record(record)) => record.field(*field),
                Ok(Value::Null) => Reading::of(Value::Null),
                Ok(_) => undecidable("a member is asked of something that has none"),
                Err(missing) => missing,
            },
            ExpressionKind::Member(inner, name) => match self.inner(inner, frame) {
                Ok(Value::Record(record)) => record.entry(name),
                Ok(Value::Null) => Reading::of(Value::Null),
                Ok(_) => undecidable("a member is asked of something that has none"),
                Err(missing) => missing,
            },
            ExpressionKind::Index(inner, index) => {
                let index = self.value(index, frame);
                match (self.inner(inner, frame), &index.value) {
                    (Ok(list), Ok(index)) => functions::index(&list, index),
                    (Err(missing), _) => missing,
                    (_, Err(_)) => index,
                }
            }
            _ => self.value(expression, frame),
        }
    }

    /// The value that a member is asked of. Intermediate records are no evidence.
    fn inner(&self, expression: &Expression, frame: &mut Frame<'f, '_>) -> Result<Value<'f>, Reading<'f>> {
        let reading = match &expression.kind {
            ExpressionKind::Field(..) | ExpressionKind::Member(..) | ExpressionKind::Index(..) => {
                self.part(expression, frame)
            }
            ExpressionKind::Variable(number, _) => frame
                .variables
                .get(*number)
                .cloned()
                .flatten()
                .unwrap_or_else(|| undecidable("a variable is not bound")),
            _ => self.value(expression, frame),
        };
        match reading.value {
            Ok(value) => Ok(value),
            Err(reason) => Err(Reading { value: Err(reason), site: reading.site }),
        }
    }

    /// Absent is not false, but it is absent: a property that its object does not have is not there, and a
    /// property of which nobody knows the object is unknown.
    pub(super) fn has(&self, inner: &Expression, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let reading = self.part(inner, frame);
        match &reading.value {
            Ok(Value::Null) => Reading { value: Ok(Value::Bool(false)), site: reading.site },
            Ok(_) => {
                frame.trace.saw(inner, &reading);
                Reading { value: Ok(Value::Bool(true)), site: reading.site }
            }
            Err(missing) => {
                // An object that lacks the property lacks it; of a dictionary that is not there nobody knows the names.
                if matches!(missing.gap, Gap::Property { .. }) && !self.is_in_missing(inner, frame) {
                    Reading { value: Ok(Value::Bool(false)), site: reading.site }
                } else {
                    frame.trace.saw(inner, &reading);
                    reading
                }
            }
        }
    }

    /// Whether an entry is asked of something that is missing itself.
    fn is_in_missing(&self, entry: &Expression, frame: &mut Frame<'f, '_>) -> bool {
        match &entry.kind {
            ExpressionKind::Index(inner, _) | ExpressionKind::Member(inner, _) => {
                self.inner(inner, frame).is_err()
            }
            _ => false,
        }
    }
}
