//! Rules with a pattern: a claim rule that it fits is as it should not be.

use std::sync::Arc;

use super::evaluate::{About, Evidence, Truth};
use super::verdict::Verdict;
use super::{Checker, Judged};
use crate::claims::ClaimRule;
use crate::claims::sketch::Match;
use crate::farm::value::{Gap, Missing, Reading};
use crate::pack::rule::ClaimPattern;

/// Findings of one rule in one claim rule.
const FINDINGS: usize = 8;

/// One way in which a pattern fits a claim rule.
#[derive(Debug)]
pub(super) struct Way<'f> {
    /// What the metavariables stand for, by number.
    pub bound: Vec<Option<Reading<'f>>>,
    /// The values by which `where` held.
    pub evidence: Vec<Evidence>,
}

impl<'f> Checker<'f, '_, '_> {
    /// Fails for every way in which the pattern fits and `where` holds. Where none does, one that is open makes the
    /// verdict unknown.
    pub(super) fn fit(&self, pattern: &ClaimPattern, subject: &Reading<'f>) -> Judged<'f> {
        let Some((_, placed)) = self.farm.parsed_rule(subject) else {
            return Judged::plain(Verdict::NotApplicable);
        };
        let mut fitting = Judged::plain(Verdict::Pass);
        for sketch in &pattern.any {
            let found = sketch.find(&placed.rule, pattern.names.len());
            if found.cut {
                fitting.missing.push(gave_up());
            }
            for one in &found.matches {
                self.add_way(pattern, subject, &placed.rule, one, &mut fitting);
                if fitting.ways.len() >= FINDINGS {
                    break;
                }
            }
        }
        fitting.verdict = match (fitting.ways.is_empty(), fitting.missing.is_empty()) {
            (false, _) => Verdict::Fail,
            (true, false) => Verdict::Unknown,
            (true, true) => Verdict::Pass,
        };
        if fitting.verdict == Verdict::Fail {
            fitting.missing.clear();
        }
        fitting
    }

    fn add_way<'r>(
        &self,
        pattern: &ClaimPattern,
        subject: &Reading<'f>,
        rule: &'r ClaimRule,
        one: &Match<'r>,
        fitting: &mut Judged<'f>,
    ) {
        for sketch in &pattern.none {
            match sketch.holds(rule, one) {
                Some(true) => return,
                Some(false) => {}
                None => {
                    fitting.missing.push(gave_up());
                    return;
                }
            }
        }
        let bound = self.farm.bound(subject, one);
        let sites = |bound: &[Option<Reading<'_>>]| -> Vec<_> {
            bound.iter().map(|one| one.as_ref().and_then(|one| one.site)).collect()
        };
        if fitting.ways.iter().any(|known| sites(&known.bound) == sites(&bound)) {
            return;
        }
        let Some(condition) = &pattern.condition else {
            fitting.ways.push(Way { bound, evidence: Vec::new() });
            return;
        };
        let about = About { this: Some(subject), bound: &bound };
        match self.run.truth(condition, about) {
            Truth::False => {}
            Truth::True => {
                let evidence = self.run.decide(condition, about).evidence;
                fitting.ways.push(Way { bound, evidence });
            }
            Truth::Unknown => fitting.missing.extend(self.run.decide(condition, about).missing),
        }
    }
}

fn gave_up() -> Missing {
    let reason = "the pattern takes too many steps on this claim rule";
    Missing { gap: Gap::Undecidable(Arc::from(reason)), site: None }
}
