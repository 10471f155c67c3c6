//! What a condition saw on its way: the evidence of a verdict, and what was missing.

use std::rc::Rc;

use crate::farm::schema::{FieldId, RecordTypeId};
use crate::farm::value::{Missing, Reading, Site, Value};
use crate::pack::condition::tree::Expression;

/// A value that helped to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// How the condition names it: `self.IgnoreTokenBinding`.
    pub path: String,
    /// What it is, as a person reads it.
    pub value: String,
    /// Where it stands.
    pub site: Option<Site>,
    /// The field that holds it, if the type of its record is known.
    pub field: Option<(RecordTypeId, FieldId)>,
}

/// Pieces of evidence that one trace keeps.
const KEPT: usize = 400;

/// A place in a trace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(usize, usize);

/// Collects evidence, or does nothing at all.
#[derive(Debug)]
pub(super) struct Trace {
    on: bool,
    evidence: Vec<Evidence>,
    missing: Vec<Missing>,
}

impl Trace {
    pub fn on() -> Self {
        Self { on: true, evidence: Vec::new(), missing: Vec::new() }
    }

    pub fn off() -> Self {
        Self { on: false, evidence: Vec::new(), missing: Vec::new() }
    }

    pub fn is_on(&self) -> bool {
        self.on
    }

    pub fn mark(&self) -> Mark {
        Mark(self.evidence.len(), self.missing.len())
    }

    /// Forgets everything since the mark.
    pub fn cut(&mut self, mark: Mark) {
        self.evidence.truncate(mark.0);
        self.missing.truncate(mark.1);
    }

    /// Forgets the evidence since the mark, but not what was missing.
    pub fn cut_evidence(&mut self, mark: Mark) {
        self.evidence.truncate(mark.0);
    }

    /// Forgets what was noted between two marks.
    pub fn keep_from(&mut self, start: Mark, mark: Mark) {
        if self.on {
            self.evidence.drain(start.0.min(mark.0)..mark.0);
            self.missing.drain(start.1.min(mark.1)..mark.1);
        }
    }

    /// Notes a value that was read. Records are only ways to values.
    pub fn saw(&mut self, expression: &Expression, reading: &Reading<'_>) {
        if !self.on {
            return;
        }
        match &reading.value {
            Err(missing) => self.lacks(missing),
            Ok(Value::Record(_) | Value::List(_)) => {}
            Ok(_) => {
                let (path, field) = (expression.path(), expression.field());
                self.note(Evidence { path, value: show(reading), site: reading.site, field });
            }
        }
    }

    /// Notes a list that was searched.
    pub fn saw_list(&mut self, reading: &Reading<'_>) {
        if let (true, Ok(Value::List(list)), Some(_)) = (self.on, &reading.value, reading.site) {
            self.list_seen(reading.site, list.items.len());
        }
    }

    /// Notes that a list was gone through to its end.
    pub fn list_seen(&mut self, site: Option<Site>, count: usize) {
        if self.on && site.is_some() {
            let value = if count == 1 { "1 item".into() } else { format!("{count} items") };
            self.note(Evidence { path: String::new(), value, site, field: None });
        }
    }

    /// Notes an item that decided; its own place, unless the condition on it showed a closer one.
    pub fn witness(&mut self, mark: Mark, item: &Reading<'_>) {
        let has_place = self.evidence.iter().skip(mark.0).any(|evidence| evidence.site.is_some());
        if self.on && !has_place && item.site.is_some() {
            let (path, field) = (String::new(), None);
            self.note(Evidence { path, value: show(item), site: item.site, field });
        }
    }

    /// Keeps the last piece of evidence since the mark: of a filter's tests the last one is the telling one.
    pub fn last_only(&mut self, mark: Mark) {
        let end = self.evidence.len().saturating_sub(1);
        self.evidence.drain(mark.0.min(end)..end);
    }

    fn note(&mut self, evidence: Evidence) {
        if self.evidence.len() < KEPT {
            self.evidence.push(evidence);
        }
    }

    /// Notes something that is missing.
    pub fn lacks(&mut self, missing: &Rc<Missing>) {
        if self.on && self.missing.len() < KEPT {
            self.missing.push((**missing).clone());
        }
    }

    /// Adds what another trace found.
    pub fn add(&mut self, evidence: &[Evidence], missing: &[Missing]) {
        if self.on {
            evidence.iter().for_each(|evidence| self.note(evidence.clone()));
            self.missing.extend(missing.iter().take(KEPT).cloned());
        }
    }

    /// Evidence and what is missing, each once.
    pub fn finish(self) -> (Vec<Evidence>, Vec<Missing>) {
        let mut evidence: Vec<Evidence> = Vec::with_capacity(self.evidence.len());
        for one in self.evidence {
            if !evidence.contains(&one) {
                evidence.push(one);
            }
        }
        let mut missing = self.missing;
        missing.sort();
        missing.dedup();
        (evidence, missing)
    }
}

/// Items of a list that are shown.
const SHOWN: usize = 8;

/// A value as a person reads it.
pub(super) fn show(reading: &Reading<'_>) -> String {
    match &reading.value {
        Err(_) => "unknown".into(),
        Ok(value) => show_value(value),
    }
}

fn show_value(value: &Value<'_>) -> String {
    match value {
        Value::Null => "empty".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Time(at) => at.date().to_string(),
        Value::Duration(length) => show_duration(*length),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Record(_) => "an object".into(),
        Value::List(list) => {
            let mut shown: Vec<String> = list.items.iter().take(SHOWN).map(show).collect();
            match list.items.len().saturating_sub(SHOWN) {
                0 if list.rest.is_some() => shown.push("…".into()),
                0 => {}
                more => shown.push(format!("and {more} more")),
            }
            shown.join(", ")
        }
    }
}

fn show_duration(length: time::Duration) -> String {
    let seconds = length.whole_seconds();
    let plural = |number: i64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match seconds {
        s if s % 86_400 == 0 && s != 0 => plural(s / 86_400, "day"),
        s if s % 3_600 == 0 && s != 0 => plural(s / 3_600, "hour"),
        s if s % 60 == 0 => plural(s / 60, "minute"),
        s if s > 86_400 => plural(s / 86_400, "day"),
        s => plural(s, "second"),
    }
}
