//! `exists`, `all`, `filter` and `map` over one list.

use std::rc::Rc;

use super::{Frame, Run, Truth, as_missing, functions, missing_of, truth_of, undecidable};
use crate::farm::value::{List, Missing, Reading, Value};
use crate::pack::condition::tree::{Expression, ExpressionKind, Macro};

/// Labels that one list can give; a reader does not look at more.
const WITNESSES: usize = 12;
/// Items of a list that are shown one by one when all of them decide.
const FEW: usize = 4;

/// One macro over one list.
pub(super) struct Pass<'r, 'f, 'p, 'e> {
    pub run: &'r Run<'f, 'p>,
    pub variable: usize,
    pub body: &'e Expression,
    pub rest: Option<Rc<Missing>>,
    pub site: Option<crate::farm::value::Site>,
}

impl<'f> Run<'f, '_> {
    pub(super) fn macro_call(
        &self,
        form: Macro,
        list: &Expression,
        variable: usize,
        body: &Expression,
        frame: &mut Frame<'f, '_>,
    ) -> Reading<'f> {
        let reading = match &list.kind {
            ExpressionKind::Field(..) | ExpressionKind::Member(..) | ExpressionKind::Index(..) => {
                self.part(list, frame)
            }
            _ => self.value(list, frame),
        };
        let items = match &reading.value {
            Ok(Value::List(list)) => list.clone(),
            Ok(Value::Record(record)) => functions::names(record.as_ref()),
            Ok(Value::Null) => List { items: Rc::new([]), rest: None },
            Ok(_) => return undecidable("there is nothing to go through"),
            Err(_) => {
                frame.trace.saw(list, &reading);
                return reading;
            }
        };
        let mut pass = Pass { run: self, variable, body, rest: items.rest.clone(), site: reading.site };
        match form {
            Macro::Exists => pass.quantify(&items, true, frame),
            Macro::All => pass.quantify(&items, false, frame),
            Macro::ExistsOne => {
                let filtered = pass.filter(&items, frame);
                functions::exactly_one(&filtered)
            }
            Macro::Filter => pass.filter(&items, frame),
            Macro::Map => pass.map(&items, frame),
        }
    }
}

impl<'f> Pass<'_, 'f, '_, '_> {
    fn body(&self, item: &Reading<'f>, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        if let Some(place) = frame.variables.get_mut(self.variable) {
            *place = Some(item.clone());
        }
        let reading = self.run.value(self.body, frame);
        if let Some(place) = frame.variables.get_mut(self.variable) {
            *place = None;
        }
        reading
    }

    /// `exists` (`winner` true) and `all` (`winner` false). With a trace, every deciding item is looked for.
    pub fn quantify(&mut self, list: &List<'f>, winner: bool, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let start = frame.trace.mark();
        let mut witnesses = 0;
        let mut open: Option<Reading<'f>> = None;
        for item in list.items.iter() {
            let mark = frame.trace.mark();
            let reading = self.body(item, frame);
            match truth_of(&reading) {
                Truth::Unknown if witnesses > 0 => frame.trace.cut(mark),
                Truth::Unknown => {
                    if open.is_none() {
                        frame.trace.keep_from(start, mark);
                    }
                    open.get_or_insert_with(|| as_missing(reading));
                }
                truth if (truth == Truth::True) == winner => {
                    // What came before the first witness does not matter, and is gone.
                    let from = if witnesses == 0 { start } else { mark };
                    if witnesses == 0 {
                        frame.trace.keep_from(start, mark);
                        open = None;
                    }
                    frame.trace.witness(from, item);
                    witnesses += 1;
                    if !frame.trace.is_on() || witnesses >= WITNESSES {
                        break;
                    }
                }
                _ if witnesses > 0 || open.is_some() => frame.trace.cut(mark),
                // What refutes `exists` are all items; in a long list they are too many to show.
                _ if list.items.len() > FEW => frame.trace.cut_evidence(mark),
                _ => {}
            }
        }
        if witnesses > 0 {
            return Reading { value: Ok(Value::Bool(winner)), site: self.site };
        }
        if let Some(open) = open {
            return open;
        }
        if let Some(rest) = &self.rest {
            frame.trace.lacks(rest);
            return Reading { value: Err(Rc::clone(rest)), site: self.site };
        }
        frame.trace.list_seen(self.site, list.items.len());
        Reading { value: Ok(Value::Bool(!winner)), site: self.site }
    }

    pub fn filter(&mut self, list: &List<'f>, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let mut kept = Vec::new();
        let mut rest = self.rest.clone();
        for item in list.items.iter() {
            let mark = frame.trace.mark();
            let reading = self.body(item, frame);
            match truth_of(&reading) {
                Truth::True => {
                    frame.trace.last_only(mark);
                    frame.trace.witness(mark, item);
                    kept.push(item.clone());
                }
                Truth::False => frame.trace.cut(mark),
                // Whether the item belongs there is open, so the list may have one more.
                Truth::Unknown => {
                    frame.trace.cut_evidence(mark);
                    rest.get_or_insert_with(|| missing_of(&reading));
                }
            }
        }
        if let Some(rest) = &rest {
            frame.trace.lacks(rest);
        }
        let list = List { items: Rc::from(kept), rest };
        Reading { value: Ok(Value::List(list)), site: self.site }
    }

    pub fn map(&mut self, list: &List<'f>, frame: &mut Frame<'f, '_>) -> Reading<'f> {
        let items: Rc<[Reading<'f>]> = list.items.iter().map(|item| self.body(item, frame)).collect();
        let list = List { items, rest: self.rest.clone() };
        Reading { value: Ok(Value::List(list)), site: self.site }
    }
}
