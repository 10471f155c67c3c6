//! From the pairs of `grammar/claim-pattern.pest` to a sketch.

use pest::iterators::Pair;

use super::parse::{Rule, SketchProblem, small};
use super::text;
use super::tree::{
    BodySketch, ConditionSketch, ExpressionSketch, Item, KindSketch, Many, Names, PropertySketch,
    SettingSketch, Sketch, Sort, TermSketch, TestSketch, TextSketch, Word,
};
use crate::claims::ast::{Action, Operator, Property};

/// Turns pest's pairs into a sketch. `None` would be a fault of the grammar, never of the text.
pub(super) struct Lower<'n> {
    names: &'n mut Names,
    variables: Vec<String>,
    binds: Vec<usize>,
    /// What is wrong although it is well spelt.
    pub problems: Vec<SketchProblem>,
}

impl<'n> Lower<'n> {
    pub fn new(names: &'n mut Names) -> Self {
        Self { names, variables: Vec::new(), binds: Vec::new(), problems: Vec::new() }
    }

    pub fn sketch(&mut self, pair: Pair<'_, Rule>) -> Option<Sketch> {
        let mut annotations = Vec::new();
        let mut conditions = Many { items: Vec::new(), open: false };
        let mut issuance = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::annotation => annotations.push(self.annotation(part)?),
                Rule::conditions => {
                    for condition in part.into_inner().filter(|inner| inner.as_rule() == Rule::condition) {
                        match self.condition(condition)? {
                            Some(condition) => conditions.items.push(condition),
                            None => conditions.open = true,
                        }
                    }
                }
                Rule::issuance => issuance = self.issuance(part),
                _ => {}
            }
        }
        let (action, body) = issuance?;
        self.binds.sort_unstable();
        self.binds.dedup();
        let (variables, binds) = (self.variables.len(), std::mem::take(&mut self.binds));
        Some(Sketch { annotations, conditions, action, body, variables, binds })
    }

    /// The number of a metavariable in quotes or outside.
    fn number(&mut self, name: &str, range: (usize, usize), sort: Sort) -> Option<usize> {
        if name == "$_" {
            return None;
        }
        match self.names.number(name, sort) {
            Ok(number) => {
                self.binds.push(number);
                Some(number)
            }
            Err(known) => {
                let message = format!("{name} is {} here and {} elsewhere.", sort.word(), known.word());
                let range = (small(range.0), small(range.1));
                let help = Some("Give the two different names.".to_owned());
                self.problems.push(SketchProblem { range, message, help });
                None
            }
        }
    }

    fn blank(&mut self, pair: &Pair<'_, Rule>, sort: Sort) -> Option<usize> {
        let span = pair.as_span();
        self.number(pair.as_str(), (span.start(), span.end()), sort)
    }

    fn variable(&mut self, name: &str) -> usize {
        let known = self.variables.iter().position(|known| known.eq_ignore_ascii_case(name));
        known.unwrap_or_else(|| {
            self.variables.push(name.to_owned());
            self.variables.len() - 1
        })
    }

    /// A text in quotes or a metavariable.
    fn text(&mut self, pair: Pair<'_, Rule>) -> Option<TextSketch> {
        if pair.as_rule() == Rule::blank {
            return Some(TextSketch::Any(self.blank(&pair, Sort::Text)));
        }
        let inside = pair.into_inner().find(|inner| inner.as_rule() == Rule::string_text)?;
        let start = inside.as_span().start();
        let found = text::pieces(inside.as_str(), |name, range, sort| {
            self.number(name, (start + range.0, start + range.1), sort)
        });
        Some(found.unwrap_or_else(|problem| {
            let range = (small(start + problem.range.0), small(start + problem.range.1));
            let help = Some(problem.help);
            self.problems.push(SketchProblem { range, message: problem.message, help });
            TextSketch::Any(None)
        }))
    }

    fn annotation(&mut self, pair: Pair<'_, Rule>) -> Option<(String, TextSketch)> {
        let (mut name, mut text) = (None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::identifier => name = Some(part.as_str().to_owned()),
                Rule::string | Rule::blank => text = self.text(part),
                _ => {}
            }
        }
        Some((name?, text?))
    }

    /// `None` inside for an ellipsis.
    #[allow(clippy::option_option)] // outside: a fault of the grammar
    fn condition(&mut self, pair: Pair<'_, Rule>) -> Option<Option<ConditionSketch>> {
        let inner = pair.into_inner().next()?;
        let form = inner.as_rule();
        if form == Rule::ellipsis {
            return Some(None);
        }
        if form == Rule::blank {
            return Some(Some(ConditionSketch::Any(self.blank(&inner, Sort::Condition))));
        }
        let (mut variable, mut negated, mut tests) = (None, false, None);
        let mut words = Vec::new();
        for part in inner.into_inner() {
            match part.as_rule() {
                Rule::identifier => variable = Some(self.variable(part.as_str())),
                Rule::selector => tests = Some(self.selector(part)?),
                Rule::word_not => negated = true,
                Rule::count_operator | Rule::integer => words.push(Word::Just(part.as_str().to_owned())),
                Rule::blank => words.push(Word::Any(self.blank(&part, Sort::Text))),
                _ => {}
            }
        }
        let mut words = words.into_iter();
        let kind = match (form, words.next(), words.next()) {
            (Rule::exists, ..) if negated => KindSketch::NotExists,
            (Rule::exists, ..) => KindSketch::Exists,
            (Rule::count, Some(operator), Some(number)) => KindSketch::Count { operator, number },
            (Rule::any_kind, Some(Word::Any(blank)), _) => KindSketch::Any(blank),
            _ => KindSketch::Select(variable),
        };
        Some(Some(ConditionSketch::Selector { kind, tests: tests? }))
    }

    fn selector(&mut self, pair: Pair<'_, Rule>) -> Option<Many<TestSketch>> {
        let mut tests = Many { items: Vec::new(), open: false };
        for test in pair.into_inner().filter(|part| part.as_rule() == Rule::test) {
            let inner = test.into_inner().next()?;
            match inner.as_rule() {
                Rule::ellipsis => tests.open = true,
                Rule::blank => tests.items.push(TestSketch::Any(self.blank(&inner, Sort::Test))),
                _ => {
                    let mut parts = inner.into_inner();
                    let property = self.property(parts.next()?)?;
                    let operator = parts.next()?;
                    let operator = match operator.as_rule() {
                        Rule::blank => Word::Any(self.blank(&operator, Sort::Text)),
                        _ => Word::Just(Operator::of(operator.as_str())),
                    };
                    let value = self.expression(parts.next()?)?;
                    tests.items.push(TestSketch::Comparison { property, operator, value });
                }
            }
        }
        Some(tests)
    }

    fn property(&mut self, pair: Pair<'_, Rule>) -> Option<PropertySketch> {
        if pair.as_rule() == Rule::blank {
            return Some(PropertySketch::Any(self.blank(&pair, Sort::Text)));
        }
        let inner = pair.into_inner().next()?;
        if inner.as_rule() == Rule::named_property {
            let name =
                inner.into_inner().find(|part| matches!(part.as_rule(), Rule::string | Rule::blank))?;
            return self.text(name).map(PropertySketch::Named);
        }
        Property::of(inner.as_str()).map(PropertySketch::Plain)
    }

    fn expression(&mut self, pair: Pair<'_, Rule>) -> Option<ExpressionSketch> {
        let terms = pair.into_inner().filter(|part| part.as_rule() == Rule::term);
        Some(ExpressionSketch { terms: terms.map(|term| self.term(term)).collect::<Option<_>>()? })
    }

    fn term(&mut self, pair: Pair<'_, Rule>) -> Option<Item<TermSketch>> {
        let inner = pair.into_inner().next()?;
        Some(Item::Just(match inner.as_rule() {
            Rule::ellipsis => return Some(Item::Rest),
            Rule::blank => TermSketch::Any(self.blank(&inner, Sort::Text)),
            Rule::string => TermSketch::Text(self.text(inner)?),
            Rule::call => {
                let mut parts = inner.into_inner();
                let function = parts.next()?;
                let function = match function.as_rule() {
                    Rule::blank => Word::Any(self.blank(&function, Sort::Text)),
                    _ => Word::Just(function.as_str().to_owned()),
                };
                let arguments = parts.filter(|part| part.as_rule() == Rule::argument);
                let arguments = arguments.map(|part| self.item(part.into_inner().next()?));
                TermSketch::Call { function, arguments: arguments.collect::<Option<_>>()? }
            }
            _ => {
                let mut parts = inner.into_inner();
                let variable = self.variable(parts.next()?.as_str());
                let property = parts.find(|part| matches!(part.as_rule(), Rule::property | Rule::blank))?;
                TermSketch::Reference { variable, property: self.property(property)? }
            }
        }))
    }

    /// One of several expressions in order; an ellipsis alone is any number of them.
    fn item(&mut self, pair: Pair<'_, Rule>) -> Option<Item<ExpressionSketch>> {
        let expression = self.expression(pair)?;
        let is_rest = matches!(expression.terms.as_slice(), [Item::Rest]);
        Some(if is_rest { Item::Rest } else { Item::Just(expression) })
    }

    fn issuance(&mut self, pair: Pair<'_, Rule>) -> Option<(Word<Action>, BodySketch)> {
        let (mut action, mut body) = (Word::Just(Action::Issue), None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::action => {
                    let word = part.into_inner().next()?;
                    action = match word.as_rule() {
                        Rule::blank => Word::Any(self.blank(&word, Sort::Text)),
                        Rule::word_add => Word::Just(Action::Add),
                        _ => Word::Just(Action::Issue),
                    };
                }
                Rule::copy => {
                    let name = part.into_inner().find(|inner| inner.as_rule() == Rule::identifier)?;
                    body = Some(BodySketch::Copy(self.variable(name.as_str())));
                }
                Rule::new_claim => body = Some(self.new_claim(part)?),
                Rule::query_store => body = Some(self.store(part)?),
                _ => {}
            }
        }
        Some((action, body?))
    }

    fn new_claim(&mut self, pair: Pair<'_, Rule>) -> Option<BodySketch> {
        let mut settings = Many { items: Vec::new(), open: false };
        for part in pair.into_inner().filter(|part| part.as_rule() == Rule::assignment) {
            let inner = part.into_inner().next()?;
            if inner.as_rule() == Rule::ellipsis {
                settings.open = true;
                continue;
            }
            let mut parts = inner.into_inner();
            let property = self.property(parts.next()?)?;
            let value = parts.find(|inner| inner.as_rule() == Rule::expression)?;
            settings.items.push(SettingSketch { property, value: self.expression(value)? });
        }
        let is_anything = settings.open && settings.items.is_empty();
        Some(if is_anything { BodySketch::Anything } else { BodySketch::New(settings) })
    }

    fn store(&mut self, pair: Pair<'_, Rule>) -> Option<BodySketch> {
        let (mut store, mut types, mut query, mut parameters) = (None, None, None, Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::store_part | Rule::query_part => {
                    let is_store = part.as_rule() == Rule::store_part;
                    let found =
                        part.into_inner().find(|one| matches!(one.as_rule(), Rule::string | Rule::blank));
                    let text = self.text(found?)?;
                    *(if is_store { &mut store } else { &mut query }) = Some(text);
                }
                Rule::types_part => {
                    let items = part.into_inner().filter(|inner| inner.as_rule() == Rule::type_item);
                    let items = items.map(|item| self.type_item(item)).collect::<Option<_>>()?;
                    types = Some(items);
                }
                Rule::param_part => parameters.push(match part.into_inner().last()? {
                    rest if rest.as_rule() == Rule::ellipsis => Item::Rest,
                    value => Item::Just(self.expression(value)?),
                }),
                _ => {}
            }
        }
        if query.is_none() {
            parameters = vec![Item::Rest];
        }
        Some(BodySketch::Store { store: store?, types, query, parameters })
    }

    fn type_item(&mut self, pair: Pair<'_, Rule>) -> Option<Item<TextSketch>> {
        let inner = pair.into_inner().next()?;
        Some(if inner.as_rule() == Rule::ellipsis { Item::Rest } else { Item::Just(self.text(inner)?) })
    }
}
