//! Claim rules as trees in JSON, version 1: every node with its place in the file on disk.

use serde::Serialize;

use crate::claims::ast::{
    Annotation, Body, Condition, ConditionKind, Expression, Issuance, Literal, Name, Property, Range,
    Selector, Term, Test,
};
use crate::claims::words::Words;
use crate::claims::{ClaimRule, PlacedRule, SyntaxProblem};
use crate::farm::RuleSetText;
use crate::source::{SourceId, Sources, Span};

#[derive(Serialize)]
struct Root<'t> {
    version: u32,
    tool: Tool,
    rule_sets: Vec<SetRow<'t>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct SetRow<'t> {
    file: &'t str,
    owner: Option<Owner<'t>>,
    property: Option<&'t str>,
    stage: Option<&'static str>,
    lost: bool,
    complete: bool,
    rules: Vec<RuleRow<'t>>,
    problems: Vec<ProblemRow<'t>>,
}

#[derive(Serialize)]
struct Owner<'t> {
    kind: &'t str,
    name: &'t str,
}

#[derive(Serialize)]
struct RuleRow<'t> {
    number: usize,
    name: Option<String>,
    words: String,
    text: &'t str,
    annotations: Vec<AnnotationRow<'t>>,
    conditions: Vec<ConditionRow<'t>>,
    issuance: IssuanceRow<'t>,
    span: Place,
}

#[derive(Serialize)]
struct ProblemRow<'t> {
    code: &'static str,
    message: &'t str,
    help: &'t str,
    understood: bool,
    span: Place,
}

/// A place in the file on disk, as in the report of `check`.
#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u64,
    byte_end: u64,
}

#[derive(Serialize)]
struct Word<'t> {
    text: &'t str,
    span: Place,
}

#[derive(Serialize)]
struct Text<'t> {
    written: &'t str,
    text: String,
    span: Place,
}

#[derive(Serialize)]
struct AnnotationRow<'t> {
    name: Word<'t>,
    text: Text<'t>,
}

#[derive(Serialize)]
struct ConditionRow<'t> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<Word<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'t str>,
    selector: SelectorRow<'t>,
    span: Place,
}

#[derive(Serialize)]
struct SelectorRow<'t> {
    tests: Vec<TestRow<'t>>,
    span: Place,
}

#[derive(Serialize)]
struct TestRow<'t> {
    property: PropertyRow<'t>,
    operator: &'static str,
    value: ExpressionRow<'t>,
    span: Place,
}

#[derive(Serialize)]
struct PropertyRow<'t> {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Text<'t>>,
}

#[derive(Serialize)]
struct ExpressionRow<'t> {
    terms: Vec<TermRow<'t>>,
    span: Place,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum TermRow<'t> {
    Text(Text<'t>),
    Reference { variable: Word<'t>, property: PropertyRow<'t>, span: Place },
    Call { function: Word<'t>, arguments: Vec<ExpressionRow<'t>>, span: Place },
}

#[derive(Serialize)]
struct IssuanceRow<'t> {
    action: &'static str,
    #[serde(flatten)]
    body: BodyRow<'t>,
    span: Place,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum BodyRow<'t> {
    Copy { claim: Word<'t> },
    New { assignments: Vec<AssignmentRow<'t>> },
    Store { store: Text<'t>, types: Vec<Text<'t>>, query: Text<'t>, parameters: Vec<ExpressionRow<'t>> },
}

#[derive(Serialize)]
struct AssignmentRow<'t> {
    property: PropertyRow<'t>,
    value: ExpressionRow<'t>,
}

/// Writes rule sets as JSON.
pub fn write(sets: &[RuleSetText], words: Words<'_>, sources: &Sources) -> Result<String, serde_json::Error> {
    let root = Root {
        version: 1,
        tool: Tool { name: "adfslint", version: env!("CARGO_PKG_VERSION") },
        rule_sets: sets.iter().map(|set| rule_set(set, words, sources)).collect(),
    };
    serde_json::to_string_pretty(&root).map(|text| text + "\n")
}

fn rule_set<'t>(set: &'t RuleSetText, words: Words<'_>, sources: &'t Sources) -> SetRow<'t> {
    let text = sources.get(set.source).map_or("", |source| source.text().as_str());
    let rules = (1..).zip(&set.parsed.rules);
    let problems = set.parsed.problems.iter();
    SetRow {
        file: &set.path,
        owner: set.owner.as_ref().map(|owner| Owner { kind: &owner.kind, name: &owner.name }),
        property: set.owner.as_ref().map(|_| &*set.property),
        stage: set.stage.map(crate::claims::stage::Stage::word),
        lost: set.lost,
        complete: !set.lost && !set.parsed.is_partial(),
        rules: rules
            .map(|(number, placed)| {
                let rows = Rows { sources, source: set.source, offset: placed.offset };
                rows.rule(number, placed, text, words.rule(&placed.rule, set.stage))
            })
            .collect(),
        problems: problems.map(|problem| problem_row(problem, set.source, sources)).collect(),
    }
}

fn problem_row<'t>(problem: &'t SyntaxProblem, source: SourceId, sources: &Sources) -> ProblemRow<'t> {
    ProblemRow {
        code: problem.code,
        message: &problem.message,
        help: &problem.help,
        understood: problem.lenient,
        span: place(sources, Span::new(source, problem.range.0, problem.range.1)),
    }
}

fn place(sources: &Sources, span: Span) -> Place {
    let raw = sources.on_disk(span);
    let start = sources.position(raw.source, raw.start);
    let end = sources.position(raw.source, raw.end);
    Place {
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_offset: sources.file_offset(raw.source, raw.start),
        byte_end: sources.file_offset(raw.source, raw.end),
    }
}

/// Makes the rows of one rule; ranges in it count from `offset`.
struct Rows<'t> {
    sources: &'t Sources,
    source: SourceId,
    offset: u32,
}

impl Rows<'_> {
    fn place(&self, range: Range) -> Place {
        place(self.sources, Span::new(self.source, self.offset + range.start, self.offset + range.end))
    }

    fn rule<'t>(&self, number: usize, placed: &'t PlacedRule, text: &'t str, words: String) -> RuleRow<'t> {
        let rule: &ClaimRule = &placed.rule;
        let own = placed.offset as usize..(placed.offset + placed.length) as usize;
        RuleRow {
            number,
            name: rule.annotation("RuleName").map(Literal::text),
            words,
            text: text.get(own).unwrap_or(""),
            annotations: rule.annotations.iter().map(|annotation| self.annotation(annotation)).collect(),
            conditions: rule.conditions.iter().map(|condition| self.condition(condition)).collect(),
            issuance: self.issuance(&rule.issuance),
            span: self.place(Range::new(0, placed.length)),
        }
    }

    fn word<'t>(&self, name: &'t Name) -> Word<'t> {
        Word { text: &name.text, span: self.place(name.range) }
    }

    fn text<'t>(&self, literal: &'t Literal) -> Text<'t> {
        Text { written: &literal.raw, text: literal.text(), span: self.place(literal.range) }
    }

    fn annotation<'t>(&self, annotation: &'t Annotation) -> AnnotationRow<'t> {
        AnnotationRow { name: self.word(&annotation.name), text: self.text(&annotation.text) }
    }

    fn condition<'t>(&self, condition: &'t Condition) -> ConditionRow<'t> {
        let mut row = ConditionRow {
            kind: "select",
            variable: None,
            operator: None,
            number: None,
            selector: self.selector(&condition.selector),
            span: self.place(condition.range),
        };
        match &condition.kind {
            ConditionKind::Select(variable) => row.variable = variable.as_ref().map(|name| self.word(name)),
            ConditionKind::Exists => row.kind = "exists",
            ConditionKind::NotExists => row.kind = "not-exists",
            ConditionKind::Count { operator, number } => {
                row.kind = "count";
                row.operator = Some(operator);
                row.number = Some(number);
            }
        }
        row
    }

    fn selector<'t>(&self, selector: &'t Selector) -> SelectorRow<'t> {
        let tests = selector.tests.iter().map(|test| self.test(test)).collect();
        SelectorRow { tests, span: self.place(selector.range) }
    }

    fn test<'t>(&self, test: &'t Test) -> TestRow<'t> {
        TestRow {
            property: self.property(&test.property),
            operator: test.operator.text(),
            value: self.expression(&test.value),
            span: self.place(test.range),
        }
    }

    fn property<'t>(&self, property: &'t Property) -> PropertyRow<'t> {
        let key = match property {
            Property::Named(name) => Some(self.text(name)),
            _ => None,
        };
        PropertyRow { name: property.word(), key }
    }

    fn expression<'t>(&self, expression: &'t Expression) -> ExpressionRow<'t> {
        let terms = expression.terms.iter().map(|term| self.term(term)).collect();
        ExpressionRow { terms, span: self.place(expression.range) }
    }

    fn term<'t>(&self, term: &'t Term) -> TermRow<'t> {
        match term {
            Term::Literal(literal) => TermRow::Text(self.text(literal)),
            Term::Reference { variable, property, range } => TermRow::Reference {
                variable: self.word(variable),
                property: self.property(property),
                span: self.place(*range),
            },
            Term::Call { function, arguments, range } => TermRow::Call {
                function: self.word(function),
                arguments: arguments.iter().map(|argument| self.expression(argument)).collect(),
                span: self.place(*range),
            },
        }
    }

    fn issuance<'t>(&self, issuance: &'t Issuance) -> IssuanceRow<'t> {
        let body = match &issuance.body {
            Body::Copy(variable) => BodyRow::Copy { claim: self.word(variable) },
            Body::New(assignments) => {
                let row = |(property, value): &'t (Property, Expression)| AssignmentRow {
                    property: self.property(property),
                    value: self.expression(value),
                };
                BodyRow::New { assignments: assignments.iter().map(row).collect() }
            }
            Body::Store { store, types, query, parameters } => BodyRow::Store {
                store: self.text(store),
                types: types.iter().map(|claim_type| self.text(claim_type)).collect(),
                query: self.text(query),
                parameters: parameters.iter().map(|value| self.expression(value)).collect(),
            },
        };
        IssuanceRow { action: issuance.action.word(), body, span: self.place(issuance.range) }
    }
}
