//! Laws of the claim rule language, held against rules made at random: places, recovery, and formatting.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a test that cannot go on stops

use adfslint::claims::ast::{Body, ClaimRule, Expression, Literal, Property, Range, Term};
use adfslint::claims::{self, facts, print};
use proptest::prelude::*;
use regex::Regex;

/// Tokens of a claim rule. Between two of them stands any blank, or none where none is needed.
type Tokens = Vec<String>;

fn tokens(words: &[&str]) -> Tokens {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn any_case(word: &'static str) -> BoxedStrategy<String> {
    prop_oneof![Just(word.to_owned()), Just(word.to_ascii_lowercase()), Just(word.to_ascii_uppercase())]
        .boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-z:/.]{0,12}",
        2 => "[ -!#-~äß]{0,16}",
        1 => Just("a];b => [c] && (d) // e 'f' @g #h \\x22 ${n} \\".to_owned()),
    ]
    .prop_map(|inside| format!("\"{inside}\""))
    .boxed()
}

fn plain_property() -> BoxedStrategy<String> {
    prop_oneof![
        any_case("Type"),
        any_case("Value"),
        any_case("Issuer"),
        any_case("OriginalIssuer"),
        any_case("ValueType")
    ]
    .boxed()
}

fn property() -> BoxedStrategy<Tokens> {
    prop_oneof![
        5 => plain_property().prop_map(|word| vec![word]),
        1 => (any_case("Properties"), text()).prop_map(|(word, key)| vec![word, "[".into(), key, "]".into()]),
    ]
    .boxed()
}

fn joined(parts: Vec<Tokens>, by: &str) -> Tokens {
    let mut all = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            all.push(by.to_owned());
        }
        all.extend(part);
    }
    all
}

fn expression() -> BoxedStrategy<Tokens> {
    let reference = ("[a-c][0-9]?", property()).prop_map(|(variable, property)| {
        let mut all = vec![variable, ".".to_owned()];
        all.extend(property);
        all
    });
    let leaf = prop_oneof![3 => text().prop_map(|text| vec![text]), 2 => reference];
    let term = leaf.prop_recursive(3, 12, 3, |inner| {
        let arguments = prop::collection::vec(inner, 0..4);
        let name = prop_oneof![any_case("RegExReplace"), Just("ToUpper".to_owned())];
        (name, arguments).prop_map(|(name, arguments)| {
            let mut all = vec![name, "(".to_owned()];
            all.extend(joined(arguments, ","));
            all.push(")".into());
            all
        })
    });
    prop::collection::vec(term, 1..3).prop_map(|terms| joined(terms, "+")).boxed()
}

fn selector() -> BoxedStrategy<Tokens> {
    let operator = prop_oneof![Just("=="), Just("!="), Just("=~"), Just("!~")];
    let test = (property(), operator, expression()).prop_map(|(mut all, operator, value)| {
        all.push(operator.to_owned());
        all.extend(value);
        all
    });
    prop::collection::vec(test, 0..3)
        .prop_map(|tests| joined(vec![tokens(&["["]), joined(tests, ","), tokens(&["]"])], "\u{0}"))
        .prop_map(|all| all.into_iter().filter(|token| token != "\u{0}").collect())
        .boxed()
}

fn condition() -> BoxedStrategy<Tokens> {
    let around = |words: Tokens, selector: Tokens, behind: &[&str]| {
        let mut all = words;
        all.push("(".into());
        all.extend(selector);
        all.push(")".into());
        all.extend(tokens(behind));
        all
    };
    let count = prop_oneof![Just("=="), Just("!="), Just(">"), Just(">="), Just("<"), Just("<=")];
    prop_oneof![
        3 => ("[a-c][0-9]?", selector()).prop_map(|(variable, selector)| {
            let mut all = vec![variable, ":".to_owned()];
            all.extend(selector);
            all
        }),
        1 => selector(),
        1 => (any_case("Exists"), selector()).prop_map(move |(word, selector)| around(vec![word], selector, &[])),
        1 => (any_case("Not"), any_case("Exists"), selector())
            .prop_map(move |(not, word, selector)| around(vec![not, word], selector, &[])),
        1 => (any_case("Count"), selector(), count, 0..30_u32).prop_map(move |(word, selector, operator, number)| {
            around(vec![word], selector, &[operator, &number.to_string()])
        }),
    ]
    .boxed()
}

fn action() -> BoxedStrategy<Tokens> {
    let copy = (any_case("Claim"), "[a-c]").prop_map(|(word, variable)| vec![word, "=".to_owned(), variable]);
    let assignment = (property(), expression()).prop_map(|(mut all, value)| {
        all.push("=".into());
        all.extend(value);
        all
    });
    let new = prop::collection::vec(assignment, 1..4).prop_map(|parts| joined(parts, ","));
    let store = (
        (any_case("Store"), text(), any_case("Types"), any_case("Query"), text()),
        prop::collection::vec(text(), 1..4),
        prop::collection::vec((any_case("Param"), expression()), 0..3),
    )
        .prop_map(|((store, name, types, query, asked), columns, parameters)| {
            let columns = joined(columns.into_iter().map(|column| vec![column]).collect(), ",");
            let mut all = vec![store, "=".into(), name, ",".into(), types, "=".into(), "(".into()];
            all.extend(columns);
            all.extend([")".into(), ",".into(), query, "=".into(), asked]);
            for (word, value) in parameters {
                all.extend([",".into(), word, "=".into()]);
                all.extend(value);
            }
            all
        });
    let body = prop_oneof![copy, new, store];
    (prop_oneof![any_case("issue"), any_case("add")], body)
        .prop_map(|(word, body)| {
            let mut all = vec!["=>".to_owned(), word, "(".into()];
            all.extend(body);
            all.extend([")".into(), ";".into()]);
            all
        })
        .boxed()
}

fn annotation() -> BoxedStrategy<Tokens> {
    let name = prop_oneof![
        3 => any_case("RuleName"),
        2 => any_case("RuleTemplate"),
        1 => Just("Note".to_owned()),
    ];
    (name, text()).prop_map(|(name, text)| vec!["@".to_owned(), name, "=".into(), text]).boxed()
}

fn rule() -> BoxedStrategy<Tokens> {
    let annotations = prop::collection::vec(annotation(), 0..3);
    let conditions = prop::collection::vec(condition(), 0..3);
    (annotations, conditions, action())
        .prop_map(|(annotations, conditions, action)| {
            let mut all: Tokens = annotations.into_iter().flatten().collect();
            all.extend(joined(conditions, "&&"));
            all.extend(action);
            all
        })
        .boxed()
}

/// Writes tokens with blanks between them, taken from `blanks` in turn.
fn spaced(tokens: &Tokens, blanks: &[&str]) -> String {
    let is_word = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        let blank = blanks[index % blanks.len()];
        let before = index.checked_sub(1).map_or("", |before| tokens[before].as_str());
        text.push_str(if blank.is_empty() && is_word(before) && is_word(token) { " " } else { blank });
        text.push_str(token);
    }
    text
}

fn written() -> BoxedStrategy<String> {
    let blank = prop_oneof![Just(" "), Just(""), Just("\n"), Just("\r\n"), Just("\t"), Just("  \n ")];
    (rule(), prop::collection::vec(blank, 1..6)).prop_map(|(rule, blanks)| spaced(&rule, &blanks)).boxed()
}

/// A tree without places, words in one letter case, annotations in the order of formatting.
fn meaning(rule: &ClaimRule) -> String {
    let mut rule = rule.clone();
    rule.annotations.sort_by_key(|annotation| match annotation.name.text.to_ascii_lowercase().as_str() {
        "ruletemplate" => 0,
        "rulename" => 1,
        _ => 2,
    });
    let text = format!("{rule:?}");
    let text = Regex::new(r"Range \{ start: \d+, end: \d+ \}").unwrap().replace_all(&text, "").into_owned();
    let words = Regex::new(r#"(?i)text: "(regexreplace|ruletemplate|rulename)""#).unwrap();
    words.replace_all(&text, |found: &regex::Captures<'_>| found[0].to_ascii_lowercase()).into_owned()
}

fn literals(rule: &ClaimRule) -> Vec<String> {
    let mut all: Vec<String> =
        facts::literals(rule).into_iter().map(|(_, literal)| literal.raw.clone()).collect();
    all.sort();
    all
}

/// One rule that must be there.
fn only(text: &str) -> ClaimRule {
    let set = claims::parse(text);
    assert!(set.problems.is_empty(), "{:?}\n{text}", set.problems);
    assert_eq!(set.rules.len(), 1, "{text}");
    (*set.rules[0].rule).clone()
}

struct Walk<'t> {
    text: &'t str,
}

impl<'t> Walk<'t> {
    fn slice(&self, range: Range) -> &'t str {
        &self.text[range.start as usize..range.end as usize]
    }

    fn inside(&self, child: Range, parent: Range) {
        assert!(
            parent.start <= child.start && child.end <= parent.end && child.start <= child.end,
            "{child:?} outside {parent:?} in {}",
            self.text
        );
    }

    fn literal(&self, literal: &Literal, parent: Range) {
        self.inside(literal.range, parent);
        assert_eq!(self.slice(literal.range), literal.raw);
        let around = Range::new(literal.range.start - 1, literal.range.end + 1);
        assert_eq!(self.slice(around), format!("\"{}\"", literal.raw));
    }

    fn property(&self, property: &Property, parent: Range) {
        if let Property::Named(name) = property {
            self.literal(name, parent);
        }
    }

    fn expression(&self, expression: &Expression, parent: Range) {
        self.inside(expression.range, parent);
        let again = only(&format!("=> issue(Type = {});", self.slice(expression.range)));
        let Body::New(assignments) = &again.issuance.body else { panic!("another body") };
        assert_eq!(assignments[0].1.to_string(), expression.to_string());
        for term in &expression.terms {
            match term {
                Term::Literal(literal) => self.literal(literal, expression.range),
                Term::Reference { variable, property, range } => {
                    self.inside(*range, expression.range);
                    self.inside(variable.range, *range);
                    assert_eq!(self.slice(variable.range), variable.text);
                    self.property(property, *range);
                    only(&format!("=> issue(Type = {});", self.slice(*range)));
                }
                Term::Call { function, arguments, range } => {
                    self.inside(*range, expression.range);
                    self.inside(function.range, *range);
                    assert_eq!(self.slice(function.range), function.text);
                    arguments.iter().for_each(|argument| self.expression(argument, *range));
                    only(&format!("=> issue(Type = {});", self.slice(*range)));
                }
            }
        }
    }

    fn rule(&self, rule: &ClaimRule) {
        let whole = Range::new(0, u32::try_from(self.text.len()).unwrap());
        for annotation in &rule.annotations {
            self.inside(annotation.name.range, whole);
            assert_eq!(self.slice(annotation.name.range), annotation.name.text);
            self.literal(&annotation.text, whole);
        }
        for condition in &rule.conditions {
            self.inside(condition.range, whole);
            self.inside(condition.selector.range, condition.range);
            let again = only(&format!("{} => issue(claim = c);", self.slice(condition.range)));
            assert_eq!(again.conditions[0].to_string(), condition.to_string());
            let again = only(&format!("{} => issue(claim = c);", self.slice(condition.selector.range)));
            assert_eq!(again.conditions[0].selector.to_string(), condition.selector.to_string());
            for test in &condition.selector.tests {
                self.inside(test.range, condition.selector.range);
                only(&format!("[{}] => issue(claim = c);", self.slice(test.range)));
                self.property(&test.property, test.range);
                self.expression(&test.value, test.range);
            }
        }
        let range = rule.issuance.range;
        self.inside(range, whole);
        let again = only(&format!("=> {};", self.slice(range)));
        assert_eq!(again.issuance.body.to_string(), rule.issuance.body.to_string());
        match &rule.issuance.body {
            Body::Copy(variable) => {
                self.inside(variable.range, range);
                assert_eq!(self.slice(variable.range), variable.text);
            }
            Body::New(assignments) => assignments.iter().for_each(|(property, value)| {
                self.property(property, range);
                self.expression(value, range);
            }),
            Body::Store { store, types, query, parameters } => {
                [store, query].into_iter().chain(types).for_each(|literal| self.literal(literal, range));
                parameters.iter().for_each(|value| self.expression(value, range));
            }
        }
    }
}

const GARBAGE: [&str; 14] = [
    "Send mail",
    "// a remark",
    "c:[Type ==",
    "c:[Type == \"urn:open] => issue(claim = c);",
    "c:[Type == \"urn:a\"",
    "=> issue(",
    "@RuleName = \"half",
    "x y z;",
    "))]] ;",
    "c:[Type == “urn:curly”] =&gt; emit(claim = c);",
    "c:[Type == \"urn:a\"] || d:[Type == \"urn:b\"] => issue(claim = c);",
    "\"",
    "=> issue(Type = \"urn:a\", Value = 1);",
    "not exists(",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_part_lies_in_its_whole_and_parses_again(text in written()) {
        let set = claims::parse(&text);
        prop_assert!(set.problems.is_empty(), "{:?}\n{text}", set.problems);
        prop_assert_eq!(set.rules.len(), 1);
        let placed = &set.rules[0];
        let own = &text[placed.offset as usize..][..placed.length as usize];
        prop_assert_eq!(own, text.trim());
        Walk { text: own }.rule(&placed.rule);
    }

    #[test]
    fn formatting_keeps_the_meaning_and_the_texts(texts in prop::collection::vec(written(), 0..4)) {
        let before = claims::parse(&texts.join("\n"));
        prop_assert!(before.problems.is_empty());
        let printed = print::rule_set(&before).unwrap();
        let after = claims::parse(&printed);
        prop_assert!(after.problems.is_empty(), "{printed}");
        prop_assert_eq!(before.rules.len(), after.rules.len());
        for (one, other) in before.rules.iter().zip(&after.rules) {
            prop_assert_eq!(meaning(&one.rule), meaning(&other.rule));
            prop_assert_eq!(literals(&one.rule), literals(&other.rule));
        }
        let again = print::rule_set(&after).unwrap();
        prop_assert_eq!(&printed, &again);
        prop_assert!(printed.is_empty() || printed.ends_with('\n') && !printed.ends_with("\n\n"));
        prop_assert!(printed.lines().all(|line| line.trim_end() == line));
    }

    #[test]
    fn garbage_between_rules_hides_none_of_them(
        good in prop::collection::vec(rule(), 1..4),
        bad in prop::collection::vec(0..GARBAGE.len(), 1..4),
    ) {
        let good: Vec<String> = good.iter().map(|rule| only(&spaced(rule, &[" "])).to_string()).collect();
        let mut text = String::new();
        for (index, rule) in good.iter().enumerate() {
            let garbage = GARBAGE[bad[index % bad.len()]];
            // Behind a condition that was not closed an arrow is the rest of its rule.
            let name = if rule.starts_with("=>") { "@RuleName = \"\"\n " } else { "" };
            text.push_str(&format!("{garbage}\n\n{name}{rule}\n"));
        }
        let set = claims::parse(&text);
        prop_assert!(!set.problems.is_empty());
        let found: Vec<String> = set.rules.iter().map(|placed| placed.rule.to_string()).collect();
        for rule in &good {
            prop_assert!(found.iter().any(|found| found.ends_with(rule)), "lost:\n{rule}\nin:\n{text}\nfound:\n{}", found.join("\n"));
        }
    }

    #[test]
    fn any_text_is_read_without_harm(text in "[\\[\\]()=>~!&;:,.@\"+ \nacTypeVlu0-9“”#/*\u{a0}-]{0,200}") {
        let set = claims::parse(&text);
        for problem in &set.problems {
            let (start, end) = problem.range;
            prop_assert!(start <= end && end as usize <= text.len(), "{problem:?}\n{text}");
            prop_assert!(text.get(start as usize..end as usize).is_some(), "{problem:?}\n{text}");
        }
        for placed in &set.rules {
            prop_assert!(text.get(placed.offset as usize..(placed.offset + placed.length) as usize).is_some());
        }
        if let Some(printed) = print::rule_set(&set) {
            prop_assert!(claims::parse(&printed).problems.is_empty());
        }
    }
}
