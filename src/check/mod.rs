//! Farm and pack together give verdicts: every rule is asked of every object that it is for.

pub mod collector;
pub mod evaluate;
mod label;
mod matches;
mod missing;
pub mod native;
mod place;
pub mod questions;
mod sum;
pub mod verdict;
mod wants;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use time::OffsetDateTime;

use self::evaluate::{About, Decision, Evidence, Run, Truth};
use self::matches::Way;
use self::native::{Answer, Asked, Detail};
use self::place::Places;
use self::verdict::{EvidenceRow, MissingInput, NotFound, RuleRow, Verdict, VerdictRow, Want, WantedFact};
use self::wants::Open;
use crate::farm::value::{Gap, Missing, Reading, Value};
use crate::farm::{Farm, ObjectId};
use crate::finding::{Finding, Label, ObjectName, Severity};
use crate::pack::Pack;
use crate::pack::rule::{Expectation, Rule, Target};
use crate::pack::template::Template;
use crate::read::{Problem, Secret};
use crate::source::Sources;

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The day that certificates and dates are compared with.
    pub as_of: OffsetDateTime,
    /// The user gave that day; else that of the facts file goes first.
    pub as_of_is_given: bool,
    /// Ids or names of the rules to run; empty for all.
    pub only: Vec<String>,
    /// Whether every verdict is wanted, with its evidence.
    pub every_verdict: bool,
}

/// What is known of the files themselves.
#[derive(Debug, Clone, Copy)]
pub struct Remarks<'a> {
    /// What the readers had to say.
    pub problems: &'a [Problem],
    /// Secrets that stood in the files.
    pub secrets: &'a [Secret],
}

/// What a check gave.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Failed expectations, by place.
    pub findings: Vec<Finding>,
    /// The rules with their counts.
    pub rules: Vec<RuleRow>,
    /// All verdicts, if asked for.
    pub verdicts: Option<Vec<VerdictRow>>,
    /// Exports that would decide something.
    pub not_found: Vec<NotFound>,
    /// What undecided rules wait for.
    pub wants: Vec<Want>,
}

/// Missing inputs that are kept for one rule.
const MISSING: usize = 50;

/// Runs all rules of a pack.
pub fn check<'f>(
    farm: &'f Farm,
    remarks: &Remarks<'f>,
    sources: &mut Sources,
    pack: &Pack,
    options: &Options,
) -> Outcome {
    let run = Run::new(&pack.definitions, farm.record(), farm.facts(), options.as_of);
    let mut checker = Checker {
        farm,
        remarks: *remarks,
        pack,
        run,
        places: Places::new(farm, sources),
        claims: OnceCell::new(),
        outcome: Outcome { verdicts: options.every_verdict.then(Vec::new), ..Outcome::default() },
        undecided: BTreeMap::new(),
        open: Vec::new(),
    };
    for rule in &pack.rules {
        if options.only.is_empty() || options.only.iter().any(|name| rule.is_called(name)) {
            checker.rule(rule);
        }
    }
    checker.finish()
}

struct Checker<'f, 'p, 's> {
    farm: &'f Farm,
    remarks: Remarks<'f>,
    pack: &'p Pack,
    run: Run<'f, 'p>,
    places: Places<'f, 's>,
    claims: OnceCell<ClaimSubjects<'f>>,
    outcome: Outcome,
    /// Exports that are missing, with the number of rules that want them.
    undecided: BTreeMap<Arc<str>, usize>,
    /// Rules that nothing decided.
    open: Vec<Open>,
}

/// One thing that a rule is asked about.
#[derive(Debug, Clone)]
struct Subject<'f> {
    name: Name,
    reading: Reading<'f>,
    /// What the metavariables of the rule's pattern stand for, where one fits.
    bound: Vec<Option<Reading<'f>>>,
}

impl<'f> Subject<'f> {
    fn new(name: Name, reading: Reading<'f>) -> Self {
        Self { name, reading, bound: Vec::new() }
    }

    fn about(&self) -> About<'f, '_> {
        About { this: Some(&self.reading), bound: &self.bound }
    }
}

/// What a subject is called, put into words when a report needs it.
#[derive(Debug, Clone)]
enum Name {
    Farm,
    Object(ObjectId),
    /// A claim rule set, by its number.
    RuleSet(usize),
    ClaimRule,
    /// Objects of a kind that no export holds.
    Nothing(Arc<str>),
}

/// All claim rule sets and claim rules, gathered once.
struct ClaimSubjects<'f> {
    sets: Vec<Subject<'f>>,
    rules: Vec<Subject<'f>>,
    /// What an export lost of them, if anything.
    lacking: Option<Missing>,
}

impl<'f> ClaimSubjects<'f> {
    fn of(farm: &'f Farm) -> Self {
        let mut all = Self { sets: Vec::new(), rules: Vec::new(), lacking: None };
        for (number, reading) in farm.rule_set_readings().into_iter().enumerate() {
            if let Err(missing) = &reading.value {
                all.lacking.get_or_insert_with(|| (**missing).clone());
                continue;
            }
            let rules = farm.rules_of(&reading).into_iter();
            all.rules.extend(rules.map(|reading| Subject::new(Name::ClaimRule, reading)));
            all.sets.push(Subject::new(Name::RuleSet(number), reading));
        }
        all
    }
}

/// Counts of one rule.
#[derive(Default)]
struct Tally {
    pass: u32,
    fail: u32,
    unknown: u32,
    not_applicable: u32,
    missing: BTreeSet<MissingInput>,
    exports: BTreeSet<Arc<str>>,
    undecided: BTreeSet<String>,
    facts: BTreeSet<WantedFact>,
    settled: BTreeSet<String>,
}

/// A verdict with its reasons.
struct Judged<'f> {
    verdict: Verdict,
    missing: Vec<Missing>,
    evidence: Vec<Evidence>,
    details: Vec<Detail>,
    /// How the rule's pattern fits.
    ways: Vec<Way<'f>>,
}

impl Judged<'_> {
    fn of(verdict: Verdict, decision: Decision) -> Self {
        Self { missing: decision.missing, evidence: decision.evidence, ..Self::plain(verdict) }
    }

    fn plain(verdict: Verdict) -> Self {
        Self { verdict, missing: Vec::new(), evidence: Vec::new(), details: Vec::new(), ways: Vec::new() }
    }
}

impl<'f> Checker<'f, '_, '_> {
    fn rule(&mut self, rule: &Rule) {
        let mut tally = Tally::default();
        let (subjects, lacking) = self.subjects(rule);
        for subject in subjects {
            let judged = self.judge(rule, &subject);
            self.count(rule, &subject, judged, &mut tally);
        }
        if let Some(gap) = lacking {
            self.without_objects(rule, gap, &mut tally);
        }
        for further in &rule.also {
            self.further_kind(further, &mut tally);
        }
        for export in &tally.exports {
            *self.undecided.entry(Arc::clone(export)).or_default() += 1;
        }
        if tally.fail == 0 && tally.unknown > 0 {
            let cmdlet = |kind: &Arc<str>| missing::describe(self.farm, &Gap::Export(Arc::clone(kind))).what;
            let exports = tally.exports.iter().map(cmdlet).collect();
            self.open.push(Open { rule: Arc::clone(&rule.id), exports, facts: !tally.facts.is_empty() });
        }
        self.outcome.rules.push(row(rule, tally));
    }

    /// The same rule about objects of another kind. That none of them was exported is said, and is no verdict: the first kind
    /// is what the rule is about everywhere.
    fn further_kind(&mut self, rule: &Rule, tally: &mut Tally) {
        let (subjects, lacking) = self.subjects(rule);
        for subject in subjects {
            let judged = self.judge(rule, &subject);
            self.count(rule, &subject, judged, tally);
        }
        if let Some(Missing { gap: gap @ Gap::Export(kind), .. }) = &lacking {
            tally.exports.insert(Arc::clone(kind));
            tally.missing.insert(missing::describe(self.farm, gap));
        }
    }

    /// What a rule is for, and what is missing if there may be more.
    fn subjects(&self, rule: &Rule) -> (Vec<Subject<'f>>, Option<Missing>) {
        let farm = self.farm;
        match rule.target {
            Target::Farm => {
                let reading = Reading::of(Value::Record(farm.record()));
                (vec![Subject::new(Name::Farm, reading)], None)
            }
            Target::Kind(kind) => {
                let named = |id: &ObjectId| Subject::new(Name::Object(*id), farm.reading(*id));
                let subjects = farm.objects_of(kind).iter().map(named).collect();
                let name =
                    farm.vocabulary().kind(kind).map(|kind| Arc::clone(&kind.name)).unwrap_or_default();
                let site = farm.incomplete(kind);
                let is_open = !farm.is_exported(kind) || site.is_some();
                (subjects, is_open.then_some(Missing { gap: Gap::Export(name), site }))
            }
            Target::ClaimRuleSet | Target::ClaimRule => self.claim_subjects(rule),
        }
    }

    fn claim_subjects(&self, rule: &Rule) -> (Vec<Subject<'f>>, Option<Missing>) {
        if self.farm.rule_sets().is_empty() {
            let gap = Gap::Export(Arc::from("RelyingPartyTrust"));
            return (Vec::new(), Some(Missing { gap, site: None }));
        }
        let known = self.claims.get_or_init(|| ClaimSubjects::of(self.farm));
        let subjects = if rule.target == Target::ClaimRule { &known.rules } else { &known.sets };
        let lacking = known.lacking.clone().or_else(|| self.farm.lacks_rule_sets(&rule.within));
        (subjects.clone(), lacking)
    }

    fn name(&self, subject: &Subject<'f>) -> ObjectName {
        let named = |kind: &str, name: String| ObjectName { kind: Arc::from(kind), name };
        match &subject.name {
            Name::Farm => named("Farm", String::new()),
            Name::Object(id) => self.farm.name_of(*id),
            Name::RuleSet(number) => {
                let place = self.farm.rule_sets().get(*number);
                named("ClaimRuleSet", place.map(|place| place.title(self.farm)).unwrap_or_default())
            }
            Name::ClaimRule => named("ClaimRule", self.farm.title_of_rule(&subject.reading)),
            Name::Nothing(kind) => ObjectName { kind: Arc::clone(kind), name: String::new() },
        }
    }

    /// Objects that no export holds: one verdict for all of them, unless the rule does not apply anyway.
    fn without_objects(&mut self, rule: &Rule, gap: Missing, tally: &mut Tally) {
        let kind = match (&gap.gap, rule.target) {
            (Gap::Export(kind), _) => Arc::clone(kind),
            (_, Target::ClaimRule) => Arc::from("ClaimRule"),
            _ => Arc::from("ClaimRuleSet"),
        };
        let applies = rule.when.as_ref().map(|when| self.run.truth(when, About::default()));
        let verdict = if applies == Some(Truth::False) { Verdict::NotApplicable } else { Verdict::Unknown };
        let missing = if verdict == Verdict::Unknown { vec![gap] } else { Vec::new() };
        let judged = Judged { missing, ..Judged::plain(verdict) };
        let subject = Subject::new(Name::Nothing(kind), Reading::of(Value::Null));
        self.count(rule, &subject, judged, tally);
    }

    fn judge(&self, rule: &Rule, whole: &Subject<'f>) -> Judged<'f> {
        let subject = &whole.reading;
        let full = self.outcome.verdicts.is_some();
        if !self.farm.is_within(subject, &rule.within) {
            return Judged::plain(Verdict::NotApplicable);
        }
        if let Some(when) = &rule.when {
            match self.run.truth(when, Some(subject)) {
                Truth::True => {}
                Truth::False if full => {
                    return Judged::of(Verdict::NotApplicable, self.run.decide(when, Some(subject)));
                }
                Truth::False => return Judged::plain(Verdict::NotApplicable),
                Truth::Unknown => return Judged::of(Verdict::Unknown, self.run.decide(when, Some(subject))),
            }
        }
        match &rule.expectation {
            Expectation::Condition(expect) => match self.run.truth(expect, Some(subject)) {
                Truth::True if full => Judged::of(Verdict::Pass, self.run.decide(expect, Some(subject))),
                Truth::True => Judged::plain(Verdict::Pass),
                Truth::False => Judged::of(Verdict::Fail, self.run.decide(expect, Some(subject))),
                Truth::Unknown => Judged::of(Verdict::Unknown, self.run.decide(expect, Some(subject))),
            },
            Expectation::Pattern(pattern) => self.fit(pattern, subject),
            Expectation::Sum(tag) => self.sum(rule, tag, whole),
            Expectation::Native(name) => {
                let asked =
                    Asked { farm: self.farm, remarks: self.remarks, sources: self.places.sources(), subject };
                match native::ask(name, &asked) {
                    Answer::Pass => Judged::plain(Verdict::Pass),
                    Answer::NotApplicable => Judged::plain(Verdict::NotApplicable),
                    Answer::Fail(details) => Judged { details, ..Judged::plain(Verdict::Fail) },
                    Answer::Unknown(missing) => Judged { missing, ..Judged::plain(Verdict::Unknown) },
                }
            }
        }
    }

    fn count(&mut self, rule: &Rule, subject: &Subject<'f>, judged: Judged<'f>, tally: &mut Tally) {
        match judged.verdict {
            Verdict::Pass => tally.pass += 1,
            Verdict::Fail => tally.fail += 1,
            Verdict::Unknown => tally.unknown += 1,
            Verdict::NotApplicable => tally.not_applicable += 1,
        }
        let missing: BTreeSet<MissingInput> =
            judged.missing.iter().map(|one| missing::describe(self.farm, &one.gap)).collect();
        for one in &judged.missing {
            match &one.gap {
                Gap::Export(kind) => {
                    tally.exports.insert(Arc::clone(kind));
                }
                Gap::Fact(path) if judged.verdict == Verdict::Unknown => {
                    tally.facts.insert(WantedFact { path: Arc::clone(path), site: one.site });
                }
                _ => {}
            }
        }
        for one in &missing {
            if tally.missing.len() < MISSING {
                tally.missing.insert(one.clone());
            }
        }
        match judged.verdict {
            Verdict::Fail => self.findings(rule, subject, &judged),
            Verdict::Unknown => tally.undecided.extend(self.told(rule.undecided.as_ref(), subject, &judged)),
            Verdict::Pass => tally.settled.extend(self.told(rule.settled.as_ref(), subject, &judged)),
            Verdict::NotApplicable => {}
        }
        if self.outcome.verdicts.is_some() {
            let evidence = judged.evidence.iter().map(|evidence| self.evidence_row(evidence)).collect();
            let row = VerdictRow {
                rule: Arc::clone(&rule.id),
                object: self.name(subject),
                verdict: judged.verdict,
                missing: missing.into_iter().collect(),
                evidence,
            };
            self.outcome.verdicts.get_or_insert_default().push(row);
        }
    }

    /// What can be said of a subject that does not fail, if all that it takes is known.
    fn told(
        &self,
        template: Option<&Template>,
        subject: &Subject<'f>,
        judged: &Judged<'f>,
    ) -> Option<String> {
        // Of objects that no export holds there is nothing to say.
        let mut is_known = !matches!(subject.name, Name::Nothing(_));
        let bound = judged.ways.first().map_or(&[][..], |way| &way.bound);
        let about = About { this: Some(&subject.reading), bound };
        let text = template?.fill(|condition| {
            is_known &= self.run.read(condition, about).value.is_ok();
            self.run.show(condition, about)
        });
        is_known.then(|| text.trim().to_owned())
    }

    fn evidence_row(&mut self, evidence: &Evidence) -> EvidenceRow {
        let span = evidence.site.and_then(|site| self.places.span(site));
        EvidenceRow { path: evidence.path.clone(), value: evidence.value.clone(), span }
    }

    fn findings(&mut self, rule: &Rule, subject: &Subject<'f>, judged: &Judged<'f>) {
        for way in &judged.ways {
            let subject = Subject { bound: way.bound.clone(), ..subject.clone() };
            // Labels at metavariables say it better than what `where` read on its way.
            let evidence = if rule.labels.is_empty() { way.evidence.clone() } else { Vec::new() };
            let judged = Judged { evidence, ..Judged::plain(Verdict::Fail) };
            self.findings(rule, &subject, &judged);
        }
        if !judged.ways.is_empty() {
            return;
        }
        let severity = self.severity(rule, subject);
        if judged.details.is_empty() {
            let labels = self.labels(rule, subject, &judged.evidence);
            let message =
                rule.message.as_ref().map(|message| self.fill(message, subject)).unwrap_or_default();
            self.finding(rule, subject, severity, message, labels, None);
            return;
        }
        for detail in &judged.details {
            let mut labels: Vec<Label> = Vec::new();
            for (site, text) in &detail.places {
                let span = self.places.span(*site);
                labels.extend(span.map(|span| Label { span, text: text.clone() }));
            }
            let spans = detail.spans.iter().take(label::RELATED + 1);
            labels.extend(spans.map(|(span, text)| Label { span: *span, text: text.clone() }));
            let message = match &rule.message {
                Some(message) => format!("{} {}", self.fill(message, subject), detail.message),
                None => detail.message.clone(),
            };
            self.finding(rule, subject, severity, message, labels, detail.help.clone());
        }
    }

    fn fill(&self, template: &Template, subject: &Subject<'f>) -> String {
        template.fill(|condition| self.run.show(condition, subject.about()))
    }

    fn finding(
        &mut self,
        rule: &Rule,
        subject: &Subject<'f>,
        severity: Severity,
        message: String,
        mut labels: Vec<Label>,
        help: Option<String>,
    ) {
        let fix = rule.fix.fill_command(|condition| self.run.show(condition, subject.about()));
        let help = match (help, fix.trim().is_empty()) {
            (Some(help), true) => Some(help),
            (Some(help), false) => Some(format!("{help}\n{}", fix.trim_end())),
            (None, false) => Some(fix.trim_end().to_owned()),
            (None, true) => None,
        };
        if labels.is_empty() {
            let span = subject
                .reading
                .site
                .and_then(|site| self.places.span(site))
                .or_else(|| self.places.somewhere());
            let Some(span) = span else { return };
            labels.push(Label { span, text: String::new() });
        }
        let related = labels.split_off(1);
        let Some(primary) = labels.pop() else { return };
        self.outcome.findings.push(Finding {
            rule: Arc::clone(&rule.id),
            name: Arc::clone(&rule.name),
            severity,
            confidence: rule.confidence,
            object: self.name(subject),
            message: message.trim().to_owned(),
            primary,
            related,
            why: Arc::clone(&rule.why),
            help,
        });
    }

    fn severity(&self, rule: &Rule, subject: &Subject<'f>) -> Severity {
        let holds = rule.levels.iter().find(|level| {
            level.when.as_ref().is_none_or(|when| self.run.truth(when, subject.about()) == Truth::True)
        });
        holds.map_or(Severity::Note, |level| level.severity)
    }

    fn finish(mut self) -> Outcome {
        let sources = self.places.sources();
        let mut keyed: Vec<_> = self
            .outcome
            .findings
            .drain(..)
            .map(|finding| {
                let span = sources.on_disk(finding.primary.span);
                let file =
                    sources.get(span.source).map(|source| source.name().to_owned()).unwrap_or_default();
                ((file, span.start, Arc::clone(&finding.rule), finding.object.clone()), finding)
            })
            .collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        self.outcome.findings = keyed.into_iter().map(|(_, finding)| finding).collect();
        let mut not_found: Vec<NotFound> = self
            .undecided
            .iter()
            .map(|(kind, decides)| {
                let input = missing::describe(self.farm, &Gap::Export(Arc::clone(kind)));
                NotFound { what: input.what, reason: input.reason, remedy: input.remedy, decides: *decides }
            })
            .collect();
        not_found.sort_by(|a, b| b.decides.cmp(&a.decides).then_with(|| a.what.cmp(&b.what)));
        self.outcome.not_found = not_found;
        self.outcome.wants = wants::count(std::mem::take(&mut self.open));
        self.outcome
    }
}

fn row(rule: &Rule, tally: Tally) -> RuleRow {
    let sums = matches!(rule.expectation, Expectation::Sum(_));
    RuleRow {
        id: Arc::clone(&rule.id),
        name: Arc::clone(&rule.name),
        title: Arc::clone(&rule.title),
        severity: rule.worst(),
        confidence: rule.confidence,
        group: rule.group.clone(),
        tags: rule.tags.clone(),
        why: Arc::clone(&rule.why),
        fix: rule.fix.plain(),
        references: rule.urls().into_iter().cloned().collect(),
        pass: tally.pass,
        fail: tally.fail,
        unknown: tally.unknown,
        not_applicable: tally.not_applicable,
        missing: tally.missing.into_iter().collect(),
        undecided: tally.undecided.into_iter().take(if sums { usize::MAX } else { MISSING }).collect(),
        facts: tally.facts,
        settled: tally.settled.into_iter().collect(),
        sums,
    }
}
