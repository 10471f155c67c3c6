//! What a finding points at: the rule's own labels, and the values that decided.

use super::evaluate::Evidence;
use super::{Checker, Subject};
use crate::farm::value::{Reading, Site, Value};
use crate::finding::Label;
use crate::pack::rule::Rule;
use crate::source::Span;

/// Related labels of one finding.
pub(super) const RELATED: usize = 8;

/// Labels of one finding, each place once.
#[derive(Default)]
struct Labels {
    all: Vec<Label>,
}

impl Labels {
    fn add(&mut self, span: Option<Span>, text: String) {
        let Some(span) = span else { return };
        let is_known = self.all.iter().any(|label| label.span == span);
        if !is_known && self.all.len() <= RELATED {
            self.all.push(Label { span, text });
        }
    }

    /// Of several things to say about one place an answer of yes or no is the telling one; the words of the
    /// vocabulary do not hide each other.
    fn say(&mut self, own: usize, span: Option<Span>, words: Words) {
        let place = self.all.iter_mut().skip(own).find(|label| Some(label.span) == span);
        match (place, words) {
            (None, words) => self.add(span, words.into_text()),
            (Some(label), Words::Answer(text)) => label.text = text,
            (Some(label), Words::Phrase(text)) if label.text.is_empty() => label.text = text,
            (Some(label), Words::Phrase(text)) if !label.text.contains(&text) => {
                label.text = format!("{}; {text}", label.text);
            }
            _ => {}
        }
    }
}

/// What a label says of a piece of evidence.
enum Words {
    /// In the vocabulary's words.
    Phrase(String),
    /// `BrowserSsoEnabled is False`
    Answer(String),
    /// `LogLevel is Errors`
    Value(String),
    /// Not worth a label where there is another one.
    Quiet(String),
}

impl Words {
    fn into_text(self) -> String {
        match self {
            Self::Phrase(text) | Self::Answer(text) | Self::Value(text) | Self::Quiet(text) => text,
        }
    }
}

impl<'f> Checker<'f, '_, '_> {
    /// Places of the values that decided, each once, and the rule's own.
    pub(super) fn labels(&mut self, rule: &Rule, subject: &Subject<'f>, evidence: &[Evidence]) -> Vec<Label> {
        let mut labels = Labels::default();
        for label in &rule.labels {
            let reading = self.run.read(&label.at, subject.about());
            let text = self.fill(&label.text, subject);
            for site in sites(&reading) {
                labels.add(self.places.span(site), text.clone());
            }
        }
        let own = labels.all.len();
        let (quiet, telling): (Vec<_>, Vec<_>) = evidence
            .iter()
            .filter(|one| one.site.is_some())
            .map(|one| (one, self.words(one)))
            .partition(|(_, words)| matches!(words, Words::Quiet(_)));
        let only_quiet = telling.is_empty() && own == 0;
        for (one, words) in if only_quiet { quiet } else { telling } {
            let span = one.site.and_then(|site| self.places.span(site));
            labels.say(own, span, words);
        }
        labels.all
    }

    fn words(&self, evidence: &Evidence) -> Words {
        /// Longer values can be read at the place itself.
        const SHOWN: usize = 60;
        let value = evidence.value.as_str();
        // That a list was searched, or an object picked, is worth a label only where nothing closer was found.
        let is_bare = value == "1 item" || value.ends_with(" items") || value == "an object";
        if evidence.path.is_empty() && is_bare || value == "an object" {
            return Words::Quiet(value.to_owned());
        }
        let property = evidence.field.and_then(|(record, field)| {
            self.farm.vocabulary().layout(record)?.properties.get(usize::from(field.0))
        });
        if let Some(phrase) = property.and_then(|property| property.label.as_ref()) {
            let words = phrase.words(value);
            return if words.is_empty() { Words::Quiet(words) } else { Words::Phrase(words) };
        }
        // What a rule calls the items of a list is nothing to the reader.
        let is_item = evidence.field.is_none() && !evidence.path.contains('.');
        let name = if is_item { "" } else { evidence.path.rsplit('.').next().unwrap_or("") };
        let name = name.strip_suffix("[…]").unwrap_or(name);
        let is_short = value.chars().count() <= SHOWN && !value.contains('\n');
        let text = match (name.is_empty(), is_short) {
            (true, true) => value.to_owned(),
            (false, true) => format!("{name} is {value}"),
            (false, false) => name.to_owned(),
            (true, false) => String::new(),
        };
        if matches!(value, "True" | "False") { Words::Answer(text) } else { Words::Value(text) }
    }
}

/// Places of a value, or of the items of a list.
fn sites(reading: &Reading<'_>) -> Vec<Site> {
    match &reading.value {
        Ok(Value::List(list)) => list.items.iter().filter_map(|item| item.site).take(RELATED).collect(),
        _ => reading.site.into_iter().collect(),
    }
}
