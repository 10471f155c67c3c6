//! The regular expressions of claim rules as records. A pattern is parsed once for each different text, and an answer is
//! worked out when a condition asks for it.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::claim_parts::claim_type;
use super::claim_rule::RuleRecord;
use super::claim_rules::{known, text};
use super::computed::Lazy;
use super::object::list;
use super::value::{Gap, Reading, Site, Value};
use crate::claims::ast::{Literal, Range};
use crate::claims::facts;
use crate::claims::pattern_uses::{Asked, PatternUse, pattern_uses};
use crate::pattern::ast::Span;
use crate::pattern::{self, Addresses, Overreach, Pattern, PatternError, PlainDot, Slow};

/// Bytes of patterns that are kept; a tree takes some dozen times as many.
const KEPT: usize = 1 << 18;

/// Patterns that were asked for.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    known: HashMap<Rc<str>, Rc<Answers>>,
    bytes: usize,
}

impl Patterns {
    /// What is known of a pattern.
    pub fn get(&mut self, text: &str) -> Rc<Answers> {
        if let Some(answers) = self.known.get(text) {
            return Rc::clone(answers);
        }
        if self.bytes > KEPT {
            self.known.clear();
            self.bytes = 0;
        }
        let answers = Rc::new(Answers::new(text));
        self.bytes += text.len();
        self.known.insert(Rc::from(text), Rc::clone(&answers));
        answers
    }
}

/// What is known of one pattern.
#[derive(Debug)]
pub(super) struct Answers {
    text: String,
    parsed: Result<Pattern, PatternError>,
    overreach: OnceCell<Option<Overreach>>,
    other_case: OnceCell<Option<String>>,
    dots: OnceCell<Vec<(PlainDot, Option<String>)>>,
    slow: OnceCell<Option<Slow>>,
    addresses: OnceCell<Option<Addresses>>,
}

impl Answers {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            parsed: pattern::parse(text),
            overreach: OnceCell::new(),
            other_case: OnceCell::new(),
            dots: OnceCell::new(),
            slow: OnceCell::new(),
            addresses: OnceCell::new(),
        }
    }

    fn dots(&self, pattern: &Pattern) -> &[(PlainDot, Option<String>)] {
        self.dots.get_or_init(|| {
            let dots = pattern.plain_dots(&self.text).into_iter();
            dots.map(|dot| {
                let value = pattern.dot_value(&dot);
                (dot, value)
            })
            .collect()
        })
    }
}

/// A regular expression in a claim rule.
struct Place<'f> {
    of: RuleRecord<'f>,
    literal: Literal,
    answers: Rc<Answers>,
}

/// The record of a regular expression.
pub(super) fn pattern<'f>(of: &RuleRecord<'f>, literal: &Literal) -> Reading<'f> {
    let site = of.at(literal.range);
    let answers = of.farm().pattern(&literal.text());
    let place = Place { of: of.clone(), literal: literal.clone(), answers };
    let record = Lazy::reading(of.farm(), "Pattern", site, move |name| place.member(name));
    record.unwrap_or_else(|| known(Value::Null, site))
}

/// Every regular expression of a rule, with what it is held against.
pub(super) fn all<'f>(of: &RuleRecord<'f>) -> Vec<Reading<'f>> {
    let count = of.rule().map_or(0, |rule| pattern_uses(&rule).len());
    (0..count).filter_map(|number| one(of, number)).collect()
}

fn one<'f>(of: &RuleRecord<'f>, number: usize) -> Option<Reading<'f>> {
    let rule = of.rule()?;
    let site = of.at(pattern_uses(&rule).get(number)?.pattern.range);
    let of = of.clone();
    Lazy::reading(of.farm(), "ClaimPattern", site, move |name| {
        let uses = pattern_uses(&rule);
        let Some(found) = uses.get(number) else { return known(Value::Null, site) };
        match name {
            "operator" => known(text(found.operator), site),
            "property" => known(found.property.map_or(Value::Null, |property| text(property.word())), site),
            "condition" => {
                let word = found.condition.map(facts::condition_word);
                known(word.map_or(Value::Null, text), site)
            }
            "claimType" => of.literal(found.claim_type()),
            "type" => claim_type(&of, found.claim_type()),
            "replacement" => of.literal(found.replacement),
            "unmatched" => unmatched(&of, found, site),
            "missingGroups" => missing_groups(&of, found.pattern, found.replacement),
            _ => pattern(&of, found.pattern),
        }
    })
}

/// Groups that a replacement names and the pattern lacks, each where it is named.
fn missing_groups<'f>(of: &RuleRecord<'f>, pattern: &Literal, replacement: Option<&Literal>) -> Reading<'f> {
    let answers = of.farm().pattern(&pattern.text());
    let (Ok(parsed), Some(replacement)) = (&answers.parsed, replacement) else {
        return known(list(Vec::new(), None), None);
    };
    let missing = pattern::missing_groups(&replacement.text(), &parsed.groups);
    let items = missing.into_iter().map(|(name, span)| known(text(name), of.at(range(replacement, span))));
    known(list(items.collect(), None), of.at(replacement.range))
}

/// A value that the condition lets in and that `RegExReplace` leaves as it is; null if some value tried is matched.
fn unmatched<'f>(of: &RuleRecord<'f>, found: &PatternUse<'_>, site: Option<Site>) -> Reading<'f> {
    let farm = of.farm();
    let here = farm.pattern(&found.pattern.text());
    let values = match found.asked() {
        Some(Asked::Text(literal)) => vec![literal.text()],
        Some(Asked::Pattern(literal)) => {
            farm.pattern(&literal.text()).parsed.as_ref().map_or_else(|_| Vec::new(), Pattern::values)
        }
        None => Vec::new(),
    };
    let first = match (&here.parsed, values.first()) {
        (Ok(pattern), Some(first)) if !pattern.matches_some(&values) => text(first.as_str()),
        _ => Value::Null,
    };
    known(first, site)
}

fn range(literal: &Literal, span: Span) -> Range {
    Range::new(literal.place(span.start), literal.place(span.end))
}

impl<'f> Place<'f> {
    fn at(&self, span: Span) -> Option<Site> {
        self.of.at(range(&self.literal, span))
    }

    fn member(&self, name: &str) -> Reading<'f> {
        let here = self.of.at(self.literal.range);
        let written = &self.answers.text;
        if name == "text" {
            return known(text(written.as_str()), here);
        }
        match &self.answers.parsed {
            Ok(pattern) => match name {
                "valid" => known(Value::Bool(true), here),
                "error" | "remedy" => known(Value::Null, here),
                "anchoredStart" => known(Value::Bool(pattern.is_anchored_at_start()), here),
                "anchoredEnd" => known(Value::Bool(pattern.is_anchored_at_end()), here),
                "wordEdges" => known(Value::Bool(pattern.has_word_edges()), here),
                "matchesEverything" => known(Value::Bool(pattern.matches_everything()), here),
                "matchesNothing" => known(Value::Bool(pattern.matches_nothing()), here),
                "quotable" => known(Value::Bool(pattern.is_quotable()), here),
                "ignoresCase" => known(Value::Bool(pattern.ignores_case()), here),
                "lostBackslash" => match pattern.lost_backslash(written) {
                    Some(span) => known(text(span.of(written)), self.at(span)),
                    None => known(Value::Null, here),
                },
                "literal" => known(pattern.literal().map_or(Value::Null, text), here),
                _ => self.shown(name, pattern),
            },
            Err(error) if !error.is_limit && matches!(name, "valid" | "error" | "remedy") => {
                let span = Span::new(error.at, self.literal_end());
                match name {
                    "valid" => known(Value::Bool(false), self.at(span)),
                    "error" => known(text(error.message.as_str()), self.at(span)),
                    _ => known(text(error.help.as_str()), self.at(span)),
                }
            }
            Err(error) => {
                let gap = Gap::Unreadable {
                    kind: Arc::from("Pattern"),
                    property: Arc::from(written.as_str()),
                    reason: Arc::from(error.message.as_str()),
                };
                Reading::missing(gap, here)
            }
        }
    }

    fn literal_end(&self) -> u32 {
        u32::try_from(self.answers.text.len()).unwrap_or(u32::MAX)
    }

    /// Answers with an example.
    fn shown(&self, name: &str, pattern: &Pattern) -> Reading<'f> {
        let here = self.of.at(self.literal.range);
        let answers = &self.answers;
        let or_null = |value: Option<String>| known(value.map_or(Value::Null, text), here);
        let overreach = || answers.overreach.get_or_init(|| pattern.overreach()).as_ref();
        match name {
            "counterExample" => or_null(overreach().map(|found| found.text.clone())),
            "counterMeant" => or_null(overreach().map(|found| found.meant.clone())),
            "counterRefuses" => known(Value::Bool(overreach().is_some_and(|found| found.refuses)), here),
            "otherCase" => or_null(answers.other_case.get_or_init(|| pattern.other_case()).clone()),
            "dotExample" => or_null(answers.dots(pattern).iter().find_map(|(_, value)| value.clone())),
            "slowPart" | "slowValue" | "slowExponential" => self.slow(name, pattern),
            "addresses" | "addressFault" | "addressMisses" | "addressExtra" => self.address(name, pattern),
            _ => {
                let dots = answers.dots(pattern).iter();
                let items = dots.map(|(dot, _)| known(text(dot.text.as_str()), self.at(dot.span)));
                known(list(items.collect(), None), here)
            }
        }
    }

    fn slow(&self, name: &str, pattern: &Pattern) -> Reading<'f> {
        let Some(slow) = self.answers.slow.get_or_init(|| pattern.slow()) else {
            return known(Value::Null, self.of.at(self.literal.range));
        };
        let site = self.at(slow.span);
        match name {
            "slowPart" => known(text(slow.span.of(&self.answers.text)), site),
            // A line break at the end would break the line that shows it.
            "slowValue" => known(text(slow.text.replace('\n', "\\n")), site),
            _ => known(Value::Bool(slow.is_exponential), site),
        }
    }

    fn address(&self, name: &str, pattern: &Pattern) -> Reading<'f> {
        let here = self.of.at(self.literal.range);
        let or_null = |value: Option<String>, site| known(value.map_or(Value::Null, text), site);
        let text = &self.answers.text;
        let Some(found) = self.answers.addresses.get_or_init(|| pattern.addresses(text)) else {
            return known(Value::Null, here);
        };
        let fault = found.faults.first();
        let site = fault.map_or(here, |fault| self.at(fault.span));
        match name {
            "addresses" => or_null(Some(found.accepted.clone()), here),
            "addressFault" => or_null(fault.map(|fault| fault.message.clone()), site),
            "addressMisses" => or_null(fault.and_then(|fault| fault.misses.clone()), site),
            _ => or_null(fault.and_then(|fault| fault.extra.clone()), site),
        }
    }
}
