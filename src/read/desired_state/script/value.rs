//! Values of a script that are said outright: texts, numbers, constants, lists and instances.

use super::super::words::WordKind;
use super::super::{Instance, Place, Value};
use super::{DEPTH, Script};

impl Script<'_, '_> {
    /// A value up to the end of the line.
    pub(super) fn value(&mut self, closing: usize) -> Value {
        let before = self.at;
        if let Some(value) = self.sequence()
            && (self.at >= closing || self.is_newline() || self.is(";"))
        {
            return value;
        }
        self.at = before;
        self.unevaluated(closing, &[";"])
    }

    /// `'a', 'b'`, or one value.
    fn sequence(&mut self) -> Option<Value> {
        let first = self.literal()?;
        if !self.is(",") {
            return Some(first);
        }
        let start = place_of(&first).start;
        let mut items = vec![first];
        while self.is(",") {
            self.at += 1;
            self.newlines();
            items.push(self.literal()?);
        }
        let end = items.last().map_or(start, |last| place_of(last).end);
        Some(Value::List(Place::new(start, end), items))
    }

    fn literal(&mut self) -> Option<Value> {
        let word = self.word(0)?;
        let text = word.place.of(self.text);
        match &word.kind {
            WordKind::Text(value) => {
                self.at += 1;
                Some(value.clone())
            }
            WordKind::Sign if self.depth >= DEPTH => None,
            WordKind::Sign if text == "@(" => Some(self.list()),
            WordKind::Sign if text == "@{" => {
                self.depth += 1;
                let entries = self.settings();
                self.depth -= 1;
                let place = Place::new(word.place.start, self.end_before());
                Some(Value::Instance(Instance { place, class: String::new(), entries }))
            }
            WordKind::Other => self.bare(word.place, text),
            _ => None,
        }
    }

    fn end_before(&self) -> usize {
        self.words.get(self.at.saturating_sub(1)).map_or(self.text.len(), |word| word.place.end)
    }

    /// A value without quotes: a number, a constant, or an instance.
    fn bare(&mut self, place: Place, text: &str) -> Option<Value> {
        let constant = match text.to_ascii_lowercase().as_str() {
            "$true" => Some(Value::Bool(place, true)),
            "$false" => Some(Value::Bool(place, false)),
            "$null" => Some(Value::Null(place)),
            digits if is_number(digits) => Some(Value::Number(place)),
            _ => None,
        };
        if constant.is_some() {
            self.at += 1;
            return constant;
        }
        let before = self.at;
        self.at += 1;
        self.newlines();
        if self.is("{") && self.depth < DEPTH && text.starts_with(|first: char| first.is_ascii_alphabetic()) {
            self.depth += 1;
            let instance = self.instance(place);
            self.depth -= 1;
            return Some(Value::Instance(instance));
        }
        self.at = before;
        None
    }

    fn list(&mut self) -> Value {
        let closing = self.closing();
        let start = self.word(0).map_or(0, |word| word.place.start);
        self.check_end(closing);
        self.at += 1;
        self.depth += 1;
        let mut items = Vec::new();
        while self.at < closing.min(self.words.len()) {
            if self.is_newline() || self.is(",") || self.is(";") {
                self.at += 1;
                continue;
            }
            let before = self.at;
            match self.literal() {
                Some(item) if self.at >= closing || self.is_newline() || self.is(",") || self.is(";") => {
                    items.push(item);
                }
                _ => {
                    self.at = before;
                    items.push(self.unevaluated(closing, &[",", ";"]));
                }
            }
        }
        self.depth -= 1;
        self.at = closing + 1;
        Value::List(Place::new(start, self.end_before()), items)
    }

    /// What stands up to the end of the line, or to one of the signs.
    fn unevaluated(&mut self, closing: usize, signs: &[&str]) -> Value {
        let start = self.word(0).map_or(self.text.len(), |word| word.place.start);
        let mut end = start;
        while self.at < closing.min(self.words.len())
            && !self.is_newline()
            && !signs.iter().any(|sign| self.is(sign))
        {
            self.skip();
            end = self.end_before();
        }
        Value::Unevaluated(Place::new(start, end.max(start)))
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.parse::<f64>().is_ok()
}

fn place_of(value: &Value) -> Place {
    match value {
        Value::Text(place, _)
        | Value::Number(place)
        | Value::Bool(place, _)
        | Value::Null(place)
        | Value::List(place, _)
        | Value::Alias(place)
        | Value::Unevaluated(place)
        | Value::Damaged(place) => *place,
        Value::Instance(instance) => instance.place,
    }
}
