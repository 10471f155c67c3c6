//! Rules that sum up others: what all rules with a tag say of one object, in one verdict.

use std::rc::Rc;
use std::sync::Arc;

use super::matches::Way;
use super::verdict::Verdict;
use super::{Checker, Judged, Subject};
use crate::farm::value::{Missing, Reading, Record, Value};
use crate::finding::Severity;
use crate::pack::rule::{Rule, Target};
use crate::pack::sum::SUM;

/// Ids of the rules with the tag, by what they say of the object.
#[derive(Debug, Default)]
struct Sum {
    errors: Vec<Arc<str>>,
    warnings: Vec<Arc<str>>,
    notes: Vec<Arc<str>>,
    open: Vec<Arc<str>>,
    missing: Vec<Missing>,
}

impl Sum {
    fn leave_open(&mut self, rule: &Rule, missing: Vec<Missing>) {
        if !self.open.contains(&rule.id) {
            self.open.push(Arc::clone(&rule.id));
        }
        self.missing.extend(missing);
    }
}

impl<'f> Checker<'f, '_, '_> {
    /// What is proven wrong goes before what is open, and that before a pass.
    pub(super) fn sum(&self, rule: &Rule, tag: &Arc<str>, subject: &Subject<'f>) -> Judged<'f> {
        let mut sum = Sum::default();
        for other in self.pack.rules.iter().filter(|other| other.id != rule.id && other.tags.contains(tag)) {
            self.add(rule.target, other, subject, &mut sum);
        }
        let failed = !(sum.errors.is_empty() && sum.warnings.is_empty() && sum.notes.is_empty());
        let verdict = match (failed, sum.open.is_empty()) {
            (true, _) => Verdict::Fail,
            (false, false) => Verdict::Unknown,
            (false, true) => Verdict::Pass,
        };
        let missing = if verdict == Verdict::Unknown { std::mem::take(&mut sum.missing) } else { Vec::new() };
        let lists =
            [("errors", sum.errors), ("warnings", sum.warnings), ("notes", sum.notes), ("open", sum.open)];
        let bound = vec![self.farm.lists(SUM, subject.reading.site, lists.into())];
        Judged { missing, ways: vec![Way { bound, evidence: Vec::new() }], ..Judged::plain(verdict) }
    }

    fn add(&self, target: Target, other: &Rule, subject: &Subject<'f>, sum: &mut Sum) {
        let same_kind = std::iter::once(other).chain(&other.also).find(|one| one.target == target);
        if let Some(one) = same_kind {
            let judged = self.judge(one, subject);
            self.enter(one, subject, judged, sum);
        } else if other.target == Target::ClaimRule {
            self.add_claim_rules(other, subject, sum);
        }
    }

    /// A rule about claim rules says of an object what it says of the claim rules in it.
    fn add_claim_rules(&self, other: &Rule, subject: &Subject<'f>, sum: &mut Sum) {
        let Ok(Value::Record(object)) = &subject.reading.value else { return };
        for property in &other.within {
            let rules = match self.member(object, property).value {
                Ok(Value::Record(set)) => self.member(&set, "rules").value,
                Ok(_) => continue,
                Err(missing) => Err(missing),
            };
            let (rules, rest) = match rules {
                Ok(Value::List(list)) => (list.items, list.rest),
                Ok(_) => continue,
                Err(missing) => (Rc::default(), Some(missing)),
            };
            for reading in rules.iter() {
                let claim_rule = Subject { reading: reading.clone(), ..subject.clone() };
                let judged = self.judge(other, &claim_rule);
                self.enter(other, &claim_rule, judged, sum);
            }
            if let Some(missing) = rest {
                sum.leave_open(other, vec![(*missing).clone()]);
            }
        }
    }

    fn member(&self, of: &Rc<dyn Record<'f> + 'f>, name: &str) -> Reading<'f> {
        let schema = &self.farm.vocabulary().schema;
        let record = of.record_type().and_then(|record| schema.record(record));
        match record.and_then(|record| record.field_id(name)) {
            Some(field) => of.field(field),
            None => Reading::of(Value::Null),
        }
    }

    fn enter(&self, rule: &Rule, subject: &Subject<'f>, judged: Judged<'f>, sum: &mut Sum) {
        match judged.verdict {
            Verdict::Pass | Verdict::NotApplicable => {}
            Verdict::Unknown => sum.leave_open(rule, judged.missing),
            Verdict::Fail => {
                let bound = judged.ways.into_iter().next().map(|way| way.bound).unwrap_or_default();
                let list = match self.severity(rule, &Subject { bound, ..subject.clone() }) {
                    Severity::Error => &mut sum.errors,
                    Severity::Warning => &mut sum.warnings,
                    Severity::Note => &mut sum.notes,
                };
                if !list.contains(&rule.id) {
                    list.push(Arc::clone(&rule.id));
                }
            }
        }
    }
}
