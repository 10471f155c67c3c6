//! What the facts file should answer, so that rules can be decided: questions in the order of the vocabulary.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::verdict::RuleRow;
use crate::farm::schema::{FieldId, RecordTypeId};
use crate::farm::value::Site;
use crate::farm::vocabulary::{Property, Shape, Vocabulary};
use crate::farm::{Farm, bounded};
use crate::node::Kind;
use crate::pack::Pack;
use crate::pack::facts_read::{FactRead, for_all, for_verdict};

/// A name of the facts file with what should stand behind it.
#[derive(Debug, Clone)]
pub struct Question {
    /// The name.
    pub name: String,
    /// What is asked.
    pub about: String,
    /// What shows an administrator the answer.
    pub shown_by: Option<String>,
    /// Ids of the rules that wait for it, or read it.
    pub rules: BTreeSet<Arc<str>>,
    /// What should stand there.
    pub answer: Answer,
}

/// What should stand behind a name.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The name is known already: that of a server.
    Known(String),
    /// One value, in these words.
    Value(String),
    /// A list of such values.
    Values(String),
    /// Names with values of their own.
    Members(Vec<Question>),
    /// A list of such.
    Items(Vec<Vec<Question>>),
    /// Entries under names that only the farm knows, or `<...>`.
    Entries(Vec<(String, Answer)>),
}

/// The questions that undecided rules of a farm wait for.
pub fn open(farm: &Farm, pack: &Pack, rows: &[RuleRow]) -> Vec<Question> {
    let mut wants: BTreeMap<String, Want> = BTreeMap::new();
    let mut reads = BTreeMap::new();
    for row in rows.iter().filter(|row| row.unknown > 0) {
        let Some(rule) = pack.rules.iter().find(|rule| rule.id == row.id) else { continue };
        let read: &mut BTreeSet<FactRead> =
            reads.entry(Arc::clone(&row.id)).or_insert_with(|| for_verdict(pack, rule));
        for fact in &row.facts {
            // A computed property reads facts that no condition names.
            read.extend(reads_of(&pack.vocabulary, &fact.path));
            let want = wants.entry(fact.path.to_string()).or_default();
            want.rules.insert(Arc::clone(&row.id));
            want.sites.extend(fact.site);
        }
    }
    // Who waits for a member waits for the whole, where that is not there either.
    let paths: Vec<String> = wants.keys().cloned().collect();
    for path in &paths {
        let below: BTreeSet<_> = paths
            .iter()
            .filter(|other| other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.')))
            .filter_map(|other| wants.get(other))
            .flat_map(|want| want.rules.iter().cloned())
            .collect();
        if let Some(want) = wants.get_mut(path) {
            want.rules.extend(below);
        }
    }
    Asking { vocabulary: &pack.vocabulary, farm: Some(farm), wants: Some(wants), reads }.all()
}

/// What is read by asking for a path such as `nodes.os`.
fn reads_of(vocabulary: &Vocabulary, path: &str) -> Vec<FactRead> {
    let mut found = Vec::new();
    let mut record = vocabulary.facts();
    for name in path.split('.') {
        let Some(layout) = vocabulary.layout(record) else { break };
        let Some(field) = layout.find(name) else { break };
        found.push(FactRead { record, field, key: None });
        let property = layout.properties.get(usize::from(field.0));
        let inner = property.and_then(|property| match &property.shape {
            Shape::Record(inner) => Some(*inner),
            Shape::List(item) => match **item {
                Shape::Record(inner) => Some(inner),
                _ => None,
            },
            _ => None,
        });
        let Some(inner) = inner else { break };
        record = inner;
    }
    found
}

/// All questions that there are.
pub fn all(pack: &Pack) -> Vec<Question> {
    let reads = pack.rules.iter().map(|rule| (Arc::clone(&rule.id), for_all(pack, rule))).collect();
    Asking { vocabulary: &pack.vocabulary, farm: None, wants: None, reads }.all()
}

/// Who waits for a fact, and at which entries of a list.
#[derive(Default)]
struct Want {
    rules: BTreeSet<Arc<str>>,
    sites: BTreeSet<Site>,
}

struct Asking<'a> {
    vocabulary: &'a Vocabulary,
    farm: Option<&'a Farm>,
    /// What is wanted; `None` for everything.
    wants: Option<BTreeMap<String, Want>>,
    reads: BTreeMap<Arc<str>, BTreeSet<FactRead>>,
}

/// What is wanted of a record.
#[derive(Clone, Copy)]
enum Scope<'s> {
    /// What rules wait for below this path, at this entry of a list if it is one.
    Below(&'s str, Option<(Site, Option<u32>)>),
    /// What these rules read, for something of that mark.
    ReadBy(&'s BTreeSet<Arc<str>>, Option<&'s str>),
}

impl Asking<'_> {
    fn all(&self) -> Vec<Question> {
        let everybody: BTreeSet<_> = self.reads.keys().cloned().collect();
        let scope = match self.wants {
            Some(_) => Scope::Below("", None),
            None => Scope::ReadBy(&everybody, None),
        };
        self.record(self.vocabulary.facts(), scope)
    }

    fn record(&self, record: RecordTypeId, scope: Scope<'_>) -> Vec<Question> {
        let properties = self.vocabulary.layout(record).map_or(&[][..], |layout| &layout.properties);
        let fields = (0..).map(FieldId).zip(properties);
        fields.filter_map(|(field, property)| self.question(record, field, property, scope)).collect()
    }

    fn question(
        &self,
        record: RecordTypeId,
        field: FieldId,
        property: &Property,
        scope: Scope<'_>,
    ) -> Option<Question> {
        let about = self.vocabulary.schema.record(record)?.field(field)?.about.clone();
        let (rules, answer) = match scope {
            Scope::Below(path, place) => self.wanted(record, field, property, path, place)?,
            Scope::ReadBy(rules, mark) => {
                let only = property.fact.only_for.as_deref();
                let is_for_others = mark.is_some() && only.is_some() && only != mark;
                let readers = self.readers(rules, record, field);
                // Without a farm everything is asked, also what no rule reads yet.
                if is_for_others || readers.is_empty() && self.wants.is_some() {
                    return None;
                }
                let answer = self.answer(record, field, property, rules);
                (readers, answer)
            }
        };
        let shown_by = property.fact.shown_by.clone();
        Some(Question { name: property.name.to_string(), about, shown_by, rules, answer })
    }

    /// The question behind what rules wait for, if they wait for this.
    fn wanted(
        &self,
        record: RecordTypeId,
        field: FieldId,
        property: &Property,
        path: &str,
        place: Option<(Site, Option<u32>)>,
    ) -> Option<(BTreeSet<Arc<str>>, Answer)> {
        let path =
            if path.is_empty() { property.name.to_string() } else { format!("{path}.{}", property.name) };
        let want = self.wants.as_ref()?.get(&path).filter(|want| match place {
            None => true,
            Some((first, next)) => want.sites.iter().any(|site| is_between(*site, first, next)),
        });
        if let Some(want) = want {
            return Some((want.rules.clone(), self.answer(record, field, property, &want.rules)));
        }
        match &property.shape {
            Shape::Record(inner) => {
                let members = self.record(*inner, Scope::Below(&path, place));
                (!members.is_empty()).then(|| (BTreeSet::new(), Answer::Members(members)))
            }
            Shape::List(item) => match **item {
                Shape::Record(inner) => self.items_there(inner, &path),
                _ => None,
            },
            Shape::Map(_) => self.entries_there(record, field, property, &path),
            _ => None,
        }
    }

    /// Entries of a list that the facts file has, as far as something is missing in them.
    fn items_there(&self, inner: RecordTypeId, path: &str) -> Option<(BTreeSet<Arc<str>>, Answer)> {
        let list = self.farm?.fact_node(path)?;
        let tree = self.farm?.facts_tree()?;
        let items: Vec<_> = if list.kind() == Kind::List { list.items().collect() } else { vec![list] };
        let starts: Vec<u32> = items.iter().map(|item| item.index()).collect();
        let mut open = Vec::new();
        for (number, item) in items.iter().enumerate() {
            let place = (Site::node(tree, item.index()), starts.get(number + 1).copied());
            let members = self.record(inner, Scope::Below(path, Some(place)));
            if members.is_empty() {
                continue;
            }
            let properties = self.vocabulary.layout(inner).map_or(&[][..], |layout| &layout.properties);
            let first =
                properties.first().filter(|first| members.iter().all(|member| *member.name != *first.name));
            let name = first.and_then(|first| {
                let text = item.get(&first.name)?.text()?;
                Some(known(&first.name, &text))
            });
            open.push(name.into_iter().chain(members).collect());
        }
        (!open.is_empty()).then(|| (BTreeSet::new(), Answer::Items(open)))
    }

    /// Entries that undecided rules name, of a map that has them not.
    fn entries_there(
        &self,
        record: RecordTypeId,
        field: FieldId,
        property: &Property,
        path: &str,
    ) -> Option<(BTreeSet<Arc<str>>, Answer)> {
        let map = self.farm?.fact_node(path)?;
        let Shape::Map(item) = &property.shape else { return None };
        let mut rules = BTreeSet::new();
        let mut entries = BTreeSet::new();
        for (rule, reads) in &self.reads {
            let keys = reads.iter().filter(|read| (read.record, read.field) == (record, field));
            for key in keys.filter_map(|read| read.key.clone()) {
                let is_said = map.entries().any(|(name, value)| {
                    value.kind() != Kind::Null
                        && name.text().is_some_and(|name| name.eq_ignore_ascii_case(&key))
                });
                if !is_said {
                    rules.insert(Arc::clone(rule));
                    entries.insert(key);
                }
            }
        }
        let answer = |key| (key, self.entry(item, property, &rules));
        let entries: Vec<_> = entries.into_iter().map(answer).collect();
        (!entries.is_empty()).then(|| (rules.clone(), Answer::Entries(entries)))
    }

    /// What should stand behind a name of which nothing is known yet, as far as these rules read it.
    fn answer(
        &self,
        record: RecordTypeId,
        field: FieldId,
        property: &Property,
        rules: &BTreeSet<Arc<str>>,
    ) -> Answer {
        match &property.shape {
            Shape::Record(inner) => Answer::Members(self.record(*inner, Scope::ReadBy(rules, None))),
            Shape::List(item) => match **item {
                Shape::Record(inner) => Answer::Items(self.items(inner, rules)),
                _ => Answer::Values(bounded(item, &property.fact)),
            },
            Shape::Map(item) => {
                let mut keys = self.keys(record, field, rules);
                if keys.is_empty() {
                    keys = self.names(&property.fact.named_after).into_iter().map(|(_, name)| name).collect();
                }
                if keys.is_empty() {
                    keys.insert("<name>".to_owned());
                }
                Answer::Entries(
                    keys.into_iter().map(|key| (key, self.entry(item, property, rules))).collect(),
                )
            }
            shape => Answer::Value(bounded(shape, &property.fact)),
        }
    }

    fn entry(&self, item: &Shape, property: &Property, rules: &BTreeSet<Arc<str>>) -> Answer {
        match item {
            Shape::Record(inner) => Answer::Members(self.record(*inner, Scope::ReadBy(rules, None))),
            item => Answer::Value(bounded(item, &property.fact)),
        }
    }

    /// One entry for each thing that the list is about, as far as the farm shows their names.
    fn items(&self, inner: RecordTypeId, rules: &BTreeSet<Arc<str>>) -> Vec<Vec<Question>> {
        let properties = self.vocabulary.layout(inner).map_or(&[][..], |layout| &layout.properties);
        let Some(first) = properties.first() else { return Vec::new() };
        let item = |mark: Option<&str>, name: Answer| {
            let mut members = vec![Question { answer: name, ..known(&first.name, "") }];
            let told = properties.iter().skip(1).find(|property| fits_mark(property, mark));
            members.extend(told.map(|property| known(&property.name, mark.unwrap_or_default())));
            let is_new = |question: &Question| members.iter().all(|member| member.name != question.name);
            let more: Vec<_> =
                self.record(inner, Scope::ReadBy(rules, mark)).into_iter().filter(is_new).collect();
            members.extend(more);
            members
        };
        let names = self.names(&first.fact.named_after);
        if names.is_empty() {
            return vec![item(None, Answer::Value(bounded(&first.shape, &first.fact)))];
        }
        names.into_iter().map(|(mark, name)| item(Some(mark), Answer::Known(name))).collect()
    }

    fn names<'m>(&self, marks: &'m [String]) -> Vec<(&'m str, String)> {
        let Some(farm) = self.farm else { return Vec::new() };
        let of =
            |mark: &'m String| farm.names_of_mark(mark).into_iter().map(move |name| (mark.as_str(), name));
        marks.iter().flat_map(of).collect()
    }

    fn readers(
        &self,
        rules: &BTreeSet<Arc<str>>,
        record: RecordTypeId,
        field: FieldId,
    ) -> BTreeSet<Arc<str>> {
        let is_it = |read: &FactRead| (read.record, read.field) == (record, field);
        let reads = |rule: &&Arc<str>| self.reads.get(*rule).is_some_and(|reads| reads.iter().any(is_it));
        rules.iter().filter(reads).cloned().collect()
    }

    fn keys(&self, record: RecordTypeId, field: FieldId, rules: &BTreeSet<Arc<str>>) -> BTreeSet<String> {
        let reads = rules.iter().filter_map(|rule| self.reads.get(rule)).flatten();
        reads
            .filter(|read| (read.record, read.field) == (record, field))
            .filter_map(|read| read.key.clone())
            .collect()
    }
}

/// A name whose value the farm shows.
fn known(name: &str, value: &str) -> Question {
    let answer = Answer::Known(value.to_owned());
    Question { name: name.to_owned(), about: String::new(), shown_by: None, rules: BTreeSet::new(), answer }
}

/// Whether a property says what a mark says: the role of a server.
fn fits_mark(property: &Property, mark: Option<&str>) -> bool {
    let Shape::Set(names) = &property.shape else { return false };
    mark.is_some_and(|mark| names.iter().any(|name| name == mark))
}

/// Whether a place is in the entry that begins at the first one and ends before the next.
fn is_between(site: Site, first: Site, next: Option<u32>) -> bool {
    site.tree == first.tree && site.node >= first.node && next.is_none_or(|next| site.node < next)
}
