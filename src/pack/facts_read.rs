//! What a rule reads of the facts file, told from its conditions.

use std::collections::BTreeSet;

use super::Pack;
use super::condition::tree::{Expression, ExpressionKind, Literal};
use super::rule::Rule;
use crate::farm::schema::{FieldId, RecordTypeId, Type};

/// A member of a record that a condition reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactRead {
    /// Type of the record.
    pub record: RecordTypeId,
    /// The member.
    pub field: FieldId,
    /// The entry, where the member is a map and the condition names one.
    pub key: Option<String>,
}

/// Members of all records, those of the facts file among them, that the verdict of a rule rests on.
pub fn for_verdict(pack: &Pack, rule: &Rule) -> BTreeSet<FactRead> {
    let mut walk = Walk { pack, seen: BTreeSet::new(), found: BTreeSet::new() };
    walk.rule(rule);
    walk.found
}

/// The same with those that its severity rests on.
pub fn for_all(pack: &Pack, rule: &Rule) -> BTreeSet<FactRead> {
    let mut walk = Walk { pack, seen: BTreeSet::new(), found: BTreeSet::new() };
    walk.rule(rule);
    let levels = rule.levels.iter().filter_map(|level| level.when.as_ref());
    levels.for_each(|condition| walk.expression(condition.root()));
    walk.found
}

struct Walk<'p> {
    pack: &'p Pack,
    /// Definitions that were looked into.
    seen: BTreeSet<usize>,
    found: BTreeSet<FactRead>,
}

impl Walk<'_> {
    fn rule(&mut self, rule: &Rule) {
        let conditions = rule.when.iter().chain(rule.expectation.condition());
        conditions.for_each(|condition| self.expression(condition.root()));
        rule.also.iter().for_each(|further| self.rule(further));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Definition(number) if self.seen.insert(*number) => {
                if let Some(definition) = self.pack.definitions.get(*number) {
                    self.expression(definition.condition.root());
                }
            }
            ExpressionKind::Index(inner, index) => {
                if let ExpressionKind::Literal(Literal::Text(key)) = &index.kind {
                    self.read(inner, Some(key.clone()));
                }
            }
            ExpressionKind::Member(inner, name) if matches!(inner.value_type, Type::Map(_)) => {
                self.read(inner, Some(name.clone()));
            }
            _ => self.read(expression, None),
        }
        expression.children().into_iter().for_each(|child| self.expression(child));
    }

    fn read(&mut self, expression: &Expression, key: Option<String>) {
        if let Some((record, field)) = expression.field() {
            self.found.insert(FactRead { record, field, key });
        }
    }
}
