//! Rules with a `pattern`: claim rules with blanks, and a condition on what stands in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::condition::{Metavariable, Scope, Trouble};
use super::load::{Loader, exact};
use super::rule::{ClaimPattern, Expectation, Target};
use crate::claims::sketch::{Names, Sketch, Sort, parse};
use crate::farm::nearest;
use crate::farm::vocabulary::Shape;
use crate::node::{Kind, NodeRef};

impl Loader<'_> {
    /// The patterns of a rule, without their condition. `None` for a rule that has none.
    pub(super) fn sketches(&mut self, root: NodeRef<'_>, target: Target) -> Option<ClaimPattern> {
        let Some(node) = exact(root, "pattern") else {
            for key in ["not-pattern", "where"] {
                if let Some(node) = exact(root, key) {
                    let help = Some("Add `pattern:`, or write the condition under `expect`.".to_owned());
                    self.say(node.span(), format!("`{key}` goes with `pattern`."), help);
                }
            }
            return None;
        };
        if target != Target::ClaimRule {
            let span = exact(root, "for").map_or_else(|| node.span(), NodeRef::span);
            self.say(span, "A pattern is for claim rules.", Some("Write `for: ClaimRule`.".to_owned()));
        }
        for key in ["expect", "native"] {
            if let Some(other) = exact(root, key) {
                self.say(other.span(), format!("A rule has `pattern` or `{key}`, not both."), None);
            }
        }
        let mut names = Names::default();
        let mut texts = Vec::new();
        let any = self.alternatives(node, "pattern", &mut names, &mut texts);
        let unless = exact(root, "not-pattern");
        let unless = unless.map(|node| self.alternatives(node, "not-pattern", &mut names, &mut Vec::new()));
        Some(ClaimPattern { texts, any, none: unless.unwrap_or_default(), names, condition: None })
    }

    /// A text, or a list of texts.
    fn alternatives(
        &mut self,
        node: NodeRef<'_>,
        key: &str,
        names: &mut Names,
        texts: &mut Vec<String>,
    ) -> Vec<Sketch> {
        let nodes: Vec<NodeRef<'_>> = match node.kind() {
            Kind::List => node.items().collect(),
            _ => vec![node],
        };
        if nodes.is_empty() {
            self.say(node.span(), format!("`{key}` is empty."), None);
        }
        let mut sketches = Vec::new();
        for node in nodes {
            let Some(text) = self.text_of(node, key) else { continue };
            match parse(&text, names) {
                Ok(sketch) => sketches.push(sketch),
                Err(problems) => {
                    let troubles = problems.into_iter().map(|problem| Trouble {
                        range: problem.range,
                        message: problem.message,
                        help: problem.help,
                    });
                    self.troubles(node, troubles.collect());
                }
            }
            texts.push(text);
        }
        sketches
    }

    /// What conditions can see of a pattern.
    pub(super) fn metavariables(&self, pattern: &ClaimPattern) -> Vec<Metavariable> {
        let schema = &self.vocabulary.schema;
        let named = |(number, (name, sort)): (usize, (&str, Sort))| {
            let (record, whole) = match sort {
                Sort::Text => ("Metavariable", Some("text")),
                Sort::Condition => ("ClaimSelector", None),
                Sort::Test => ("ClaimTest", None),
            };
            let record = schema.record_id(record)?;
            let whole = whole.and_then(|field| schema.record(record)?.field_id(field));
            let always = pattern.any.iter().all(|sketch| sketch.binds(number));
            Some(Metavariable { name: name.to_owned(), record, whole, always })
        };
        pattern.names.iter().enumerate().filter_map(named).collect()
    }

    /// The patterns with their condition.
    pub(super) fn claim_pattern(
        &mut self,
        root: NodeRef<'_>,
        mut pattern: ClaimPattern,
        scope: &Scope<'_>,
    ) -> Expectation {
        pattern.condition = self.optional_condition(root, "where", scope);
        Expectation::Pattern(Box::new(pattern))
    }

    /// Properties whose rule sets a rule looks at.
    pub(super) fn within(&mut self, root: NodeRef<'_>, target: Target) -> Vec<Arc<str>> {
        let Some(node) = exact(root, "in") else { return Vec::new() };
        if target != Target::ClaimRule {
            self.say(node.span(), "`in` is for rules about claim rules.", None);
        }
        let known = self.rule_set_properties();
        let properties = self.texts(root, "in");
        for (item, property) in node.items().zip(&properties) {
            if !known.contains(&**property) {
                let help = nearest(property, known.iter().map(String::as_str)).map_or_else(
                    || {
                        format!(
                            "There are {}.",
                            known.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
                        )
                    },
                    |name| format!("Did you mean `{name}`?"),
                );
                self.say(item.span(), format!("No property `{property}` holds claim rules."), Some(help));
            }
        }
        properties
    }

    fn rule_set_properties(&self) -> BTreeSet<String> {
        let layouts = self.vocabulary.kinds().filter_map(|(_, kind)| self.vocabulary.layout(kind.record));
        let properties = layouts.flat_map(|layout| &layout.properties);
        properties
            .filter(|property| matches!(property.shape, Shape::Claims(_)))
            .map(|property| property.name.to_string())
            .collect()
    }
}
