//! From the text of one claim rule to its tree, by `grammar/claims.pest`.

use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::ast::{
    Action, Annotation, Body, ClaimRule, Condition, ConditionKind, Expression, Issuance, Literal, Name,
    Operator, Property, Range, Selector, Term, Test,
};

#[derive(Parser)]
#[grammar = "../grammar/claim-words.pest"]
#[grammar = "../grammar/claims.pest"]
struct Grammar;

/// Parses one claim rule; `place` maps offsets of `text` to offsets that the tree shall have. The error is the
/// offset in `text` of the first token that cannot continue a rule.
pub(super) fn parse(text: &str, place: &dyn Fn(usize) -> u32) -> Result<ClaimRule, usize> {
    match Grammar::parse(Rule::rule, text) {
        Ok(mut pairs) => {
            let lower = Lower { place };
            pairs.next().and_then(|pair| lower.rule(pair)).ok_or(0)
        }
        Err(error) => Err(match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        }),
    }
}

/// Turns pest's pairs into the tree. `None` would be a fault of the grammar, never of the text.
struct Lower<'p> {
    place: &'p dyn Fn(usize) -> u32,
}

impl Lower<'_> {
    fn range(&self, pair: &Pair<'_, Rule>) -> Range {
        let span = pair.as_span();
        Range::new((self.place)(span.start()), (self.place)(span.end()))
    }

    fn rule(&self, pair: Pair<'_, Rule>) -> Option<ClaimRule> {
        let mut annotations = Vec::new();
        let mut conditions = Vec::new();
        let mut issuance = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::annotation => annotations.push(self.annotation(part)?),
                Rule::conditions => {
                    for condition in part.into_inner().filter(|inner| inner.as_rule() == Rule::condition) {
                        conditions.push(self.condition(condition)?);
                    }
                }
                Rule::issuance => issuance = self.issuance(part),
                _ => {}
            }
        }
        Some(ClaimRule { annotations, conditions, issuance: issuance? })
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().to_owned(), range: self.range(pair) }
    }

    fn literal(&self, pair: Pair<'_, Rule>) -> Option<Literal> {
        let text = pair.into_inner().find(|inner| inner.as_rule() == Rule::string_text)?;
        Some(Literal { raw: text.as_str().to_owned(), range: self.range(&text) })
    }

    fn annotation(&self, pair: Pair<'_, Rule>) -> Option<Annotation> {
        let mut name = None;
        let mut text = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::identifier => name = Some(self.name(&part)),
                Rule::string => text = self.literal(part),
                _ => {}
            }
        }
        Some(Annotation { name: name?, text: text? })
    }

    fn condition(&self, pair: Pair<'_, Rule>) -> Option<Condition> {
        let range = self.range(&pair);
        let inner = pair.into_inner().next()?;
        let form = inner.as_rule();
        let mut variable = None;
        let mut selector = None;
        let (mut negated, mut operator, mut number) = (false, String::new(), String::new());
        for part in inner.into_inner() {
            match part.as_rule() {
                Rule::identifier => variable = Some(self.name(&part)),
                Rule::selector => selector = Some(self.selector(part)?),
                Rule::word_not => negated = true,
                Rule::count_operator => part.as_str().clone_into(&mut operator),
                Rule::integer => part.as_str().clone_into(&mut number),
                _ => {}
            }
        }
        let kind = match form {
            Rule::exists if negated => ConditionKind::NotExists,
            Rule::exists => ConditionKind::Exists,
            Rule::count => ConditionKind::Count { operator, number },
            _ => ConditionKind::Select(variable),
        };
        Some(Condition { kind, selector: selector?, range })
    }

    fn selector(&self, pair: Pair<'_, Rule>) -> Option<Selector> {
        let range = self.range(&pair);
        let tests = pair.into_inner().filter(|part| part.as_rule() == Rule::test);
        Some(Selector { tests: tests.map(|test| self.test(test)).collect::<Option<_>>()?, range })
    }

    fn test(&self, pair: Pair<'_, Rule>) -> Option<Test> {
        let range = self.range(&pair);
        let mut parts = pair.into_inner();
        let property = self.property(parts.next()?)?;
        let operator = Operator::of(parts.next()?.as_str());
        Some(Test { property, operator, value: self.expression(parts.next()?)?, range })
    }

    fn property(&self, pair: Pair<'_, Rule>) -> Option<Property> {
        let inner = pair.into_inner().next()?;
        if inner.as_rule() == Rule::named_property {
            let name = inner.into_inner().find(|part| part.as_rule() == Rule::string)?;
            return self.literal(name).map(Property::Named);
        }
        Property::of(inner.as_str())
    }

    fn expression(&self, pair: Pair<'_, Rule>) -> Option<Expression> {
        let range = self.range(&pair);
        let terms = pair.into_inner().filter(|part| part.as_rule() == Rule::term);
        Some(Expression { terms: terms.map(|term| self.term(term)).collect::<Option<_>>()?, range })
    }

    fn term(&self, pair: Pair<'_, Rule>) -> Option<Term> {
        let inner = pair.into_inner().next()?;
        let range = self.range(&inner);
        match inner.as_rule() {
            Rule::string => self.literal(inner).map(Term::Literal),
            Rule::call => {
                let mut parts = inner.into_inner();
                let function = self.name(&parts.next()?);
                let arguments = parts.filter(|part| part.as_rule() == Rule::expression);
                let arguments = arguments.map(|part| self.expression(part)).collect::<Option<_>>()?;
                Some(Term::Call { function, arguments, range })
            }
            _ => {
                let mut parts = inner.into_inner();
                let variable = self.name(&parts.next()?);
                let property = parts.find(|part| part.as_rule() == Rule::property)?;
                Some(Term::Reference { variable, property: self.property(property)?, range })
            }
        }
    }

    fn issuance(&self, pair: Pair<'_, Rule>) -> Option<Issuance> {
        let range = self.range(&pair);
        let mut action = Action::Issue;
        let mut body = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::action if part.as_str().eq_ignore_ascii_case("add") => action = Action::Add,
                Rule::copy => {
                    let name = part.into_inner().find(|inner| inner.as_rule() == Rule::identifier)?;
                    body = Some(Body::Copy(self.name(&name)));
                }
                Rule::new_claim => body = Some(self.new_claim(part)?),
                Rule::query_store => body = Some(self.store(part)?),
                _ => {}
            }
        }
        Some(Issuance { action, body: body?, range })
    }

    fn new_claim(&self, pair: Pair<'_, Rule>) -> Option<Body> {
        let mut assignments = Vec::new();
        for part in pair.into_inner().filter(|part| part.as_rule() == Rule::assignment) {
            let mut parts = part.into_inner();
            let property = self.property(parts.next()?)?;
            let value = parts.find(|inner| inner.as_rule() == Rule::expression)?;
            assignments.push((property, self.expression(value)?));
        }
        Some(Body::New(assignments))
    }

    fn store(&self, pair: Pair<'_, Rule>) -> Option<Body> {
        let (mut store, mut query) = (None, None);
        let (mut types, mut parameters) = (Vec::new(), Vec::new());
        for part in pair.into_inner() {
            let form = part.as_rule();
            for inner in part.into_inner() {
                match (form, inner.as_rule()) {
                    (Rule::store_part, Rule::string) => store = self.literal(inner),
                    (Rule::query_part, Rule::string) => query = self.literal(inner),
                    (Rule::types_part, Rule::string) => types.push(self.literal(inner)?),
                    (Rule::param_part, Rule::expression) => parameters.push(self.expression(inner)?),
                    _ => {}
                }
            }
        }
        Some(Body::Store { store: store?, types, query: query?, parameters })
    }
}
