//! Kleene's `&&`, `||` and `? :`: what is proven beats what is missing.

use super::{Frame, Run, Truth, as_missing, compare, truth_of};
use crate::farm::value::{Reading, Value};
use crate::pack::condition::tree::Expression;

impl<'f> Run<'f, '_> {
    /// `&&` (`winner` false) and `||` (`winner` true): one part that has the winner's value decides alone.
    pub(super) fn junction(
        &self,
        parts: &[Expression],
        winner: bool,
        frame: &mut Frame<'f, '_>,
    ) -> Reading<'f> {
        let start = frame.trace.mark();
        let mut open: Option<Reading<'f>> = None;
        for part in parts {
            let mark = frame.trace.mark();
            let reading = self.value(part, frame);
            match truth_of(&reading) {
                Truth::Unknown => {
                    if open.is_none() {
                        // What was proven before does not matter while something is open.
                        frame.trace.keep_from(start, mark);
                    }
                    open.get_or_insert_with(|| as_missing(reading));
                }
                truth if (truth == Truth::True) == winner => {
                    frame.trace.keep_from(start, mark);
                    return reading;
                }
                _ if open.is_some() => frame.trace.cut(mark),
                _ => {}
            }
        }
        open.unwrap_or_else(|| Reading::of(Value::Bool(!winner)))
    }

    pub(super) fn choice(
        &self,
        test: &Expression,
        yes: &Expression,
        no: &Expression,
        frame: &mut Frame<'f, '_>,
    ) -> Reading<'f> {
        let reading = self.value(test, frame);
        match truth_of(&reading) {
            Truth::True => self.value(yes, frame),
            Truth::False => self.value(no, frame),
            Truth::Unknown => {
                // Both ways may lead to the same place.
                let mark = frame.trace.mark();
                let (one, other) = (self.value(yes, frame), self.value(no, frame));
                let same = matches!(compare::equal(&one, &other), Truth::True);
                if same {
                    return one;
                }
                frame.trace.cut(mark);
                as_missing(reading)
            }
        }
    }
}
