//! Rules that sum up what others say of an object: `sums: TAG`.

use std::sync::Arc;

use super::condition::Metavariable;
use super::load::{Loader, exact};
use super::rule::{Expectation, Rule, Target};
use crate::error::Error;
use crate::node::NodeRef;

/// The record that a rule of this kind sees as `$SUM`.
pub(crate) const SUM: &str = "RuleSum";

impl Loader<'_> {
    /// The tag of the rules that a rule sums up. `None` for a rule that looks for itself.
    pub(super) fn sum(&mut self, root: NodeRef<'_>, target: Target) -> Option<Arc<str>> {
        let Some(node) = exact(root, "sums") else {
            if let Some(node) = exact(root, "settled") {
                self.say(node.span(), "`settled` goes with `sums`.", None);
            }
            return None;
        };
        for key in ["expect", "native", "pattern"] {
            if let Some(other) = exact(root, key) {
                self.say(other.span(), format!("A rule has `sums` or `{key}`, not both."), None);
            }
        }
        if !matches!(target, Target::Kind(_)) {
            self.say(node.span(), "Only rules about objects of a kind can be summed up.", None);
        }
        self.text_of(node, "sums").map(Arc::from)
    }

    /// `$SUM`: ids of the rules, by what they say.
    pub(super) fn sum_metavariables(&self) -> Vec<Metavariable> {
        let record = self.vocabulary.schema.record_id(SUM);
        let sum = |record| Metavariable { name: "$SUM".to_owned(), record, whole: None, always: true };
        record.map(sum).into_iter().collect()
    }
}

/// A sum of nothing is a slip of the pen.
pub(super) fn sums_of_nothing(rules: &[Rule], errors: &mut Vec<Error>) {
    for rule in rules {
        let Expectation::Sum(tag) = &rule.expectation else { continue };
        if rules.iter().any(|other| other.id != rule.id && other.tags.contains(tag)) {
            continue;
        }
        let node = rule.file.root().and_then(|root| root.get("sums"));
        let error = Error::usage(format!("No rule has the tag `{tag}`."));
        errors.push(match node {
            Some(node) => error.at(node.span()),
            None => error,
        });
    }
}
