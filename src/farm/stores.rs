//! Attribute stores: which kind of store a name in a claim rule stands for, and queries as records.

use std::rc::Rc;

use super::claim_parts;
use super::claim_rule::RuleRecord;
use super::claim_rules::{known, text};
use super::computed::Lazy;
use super::nearest;
use super::object::list;
use super::value::{Gap, Missing, Reading, Site, Value};
use super::{Farm, ObjectId};
use crate::claims::ast::{Body, Literal, Range};
use crate::claims::facts;
use crate::claims::query::{self, Query, StoreKind};

const KIND: &str = "AttributeStore";

/// What the farm knows of a store's name.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// There is such a store.
    Known(StoreKind),
    /// There is none. Holds the name of one that may be meant.
    Absent(Option<String>),
    /// Only an export could tell.
    NotExported(Missing),
}

impl Store {
    /// Its kind, if it is known.
    pub fn kind(&self) -> Option<StoreKind> {
        match self {
            Self::Known(kind) => Some(*kind),
            _ => None,
        }
    }
}

impl Farm {
    /// The store that a claim rule means by a name.
    pub(crate) fn store(&self, name: &str) -> Store {
        if let Some(kind) = query::built_in(name) {
            return Store::Known(kind);
        }
        let missing = |site| Store::NotExported(Missing { gap: Gap::Export(KIND.into()), site });
        let Some(kind) = self.vocabulary().kind_id(KIND) else { return missing(None) };
        let stores = self.objects_of(kind);
        let is_it = |id: &&ObjectId| {
            self.store_text(**id, "Name").is_some_and(|known| known.eq_ignore_ascii_case(name))
        };
        let property = |id: ObjectId, property: &str| {
            let gap = Gap::Property { kind: KIND.into(), property: property.into() };
            Store::NotExported(Missing { gap, site: self.reading(id).site })
        };
        if let Some(found) = stores.iter().find(is_it) {
            let kind = self.kind_of_store(*found);
            return kind.map_or_else(|| property(*found, "StoreClassification"), Store::Known);
        }
        if !self.is_exported(kind) || self.incomplete(kind).is_some() {
            return missing(self.incomplete(kind));
        }
        // A store without a name may be the one.
        if let Some(nameless) = stores.iter().find(|id| self.store_text(**id, "Name").is_none()) {
            return property(*nameless, "Name");
        }
        let names: Vec<String> = stores.iter().filter_map(|id| self.store_text(*id, "Name")).collect();
        let built_in = query::BUILT_IN.iter().map(|(name, _)| *name);
        Store::Absent(nearest(name, names.iter().map(String::as_str).chain(built_in)))
    }

    /// The classification says what a store is; a type of somebody else's is custom, whatever it is called. Nothing is
    /// known of a store that shows neither.
    fn kind_of_store(&self, id: ObjectId) -> Option<StoreKind> {
        let plain = |text: &str| text.to_ascii_lowercase().replace(' ', "");
        let class = self.store_text(id, "StoreClassification").map(|text| plain(&text));
        let written_by = self.store_text(id, "StoreTypeQualifiedName").map(|text| plain(&text));
        if written_by.as_ref().is_some_and(|written_by| !written_by.starts_with("microsoft.identityserver")) {
            return Some(StoreKind::Custom);
        }
        let word = class.or(written_by)?;
        let is = |known: &str| word.contains(known);
        Some(match (is("activedirectory"), is("ldap"), is("sql")) {
            (true, ..) => StoreKind::Directory,
            (_, true, _) => StoreKind::Ldap,
            (_, _, true) => StoreKind::Sql,
            _ => StoreKind::Custom,
        })
    }

    fn store_text(&self, id: ObjectId, property: &str) -> Option<String> {
        let object = self.object(id)?;
        let kind = self.vocabulary().kind(object.kind)?;
        let field = self.vocabulary().layout(kind.record)?.find(property)?;
        self.text_of(object, field)
    }
}

/// The query of a rule as a record; null for a rule that asks no store.
pub(super) fn lookup<'f>(of: &RuleRecord<'f>) -> Reading<'f> {
    let Some(rule) = of.rule() else { return known(Value::Null, None) };
    let Body::Store { store, query, .. } = &rule.issuance.body else { return known(Value::Null, None) };
    let site = of.at(query.range);
    let (store, query) = (store.clone(), query.clone());
    let answer = of.farm().store(&store.text());
    let read = Rc::new(query::read(&query.raw, answer.kind()));
    let of = of.clone();
    let record = Lazy::reading(of.farm(), "StoreQuery", site, move |name| match name {
        "store" => of.literal(Some(&store)),
        "storeKind" => match &answer {
            Store::Known(kind) => known(text(kind.word()), of.at(store.range)),
            Store::Absent(_) => known(Value::Null, of.at(store.range)),
            Store::NotExported(missing) => {
                Reading { value: Err(Rc::new(missing.clone())), site: of.at(store.range) }
            }
        },
        "text" => of.literal(Some(&query)),
        fact => part(&of, &query, &read, fact, site),
    });
    record.unwrap_or_else(|| known(Value::Null, site))
}

fn part<'f>(
    of: &RuleRecord<'f>,
    query: &Literal,
    read: &Query,
    fact: &str,
    site: Option<Site>,
) -> Reading<'f> {
    let piece = |range: Range| {
        let start = query.range.start;
        let written = query.raw.get(range.start as usize..range.end as usize).unwrap_or("");
        known(text(written.trim()), of.at(Range::new(start + range.start, start + range.end)))
    };
    let pieces =
        |ranges: &mut dyn Iterator<Item = Range>| known(list(ranges.map(piece).collect(), None), site);
    let number = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    match fact {
        "parts" => pieces(&mut read.parts.iter().map(|part| part.range)),
        "attributes" => pieces(&mut read.attributes.iter().copied()),
        "filter" => read.filter.map_or(known(Value::Null, None), piece),
        "account" => read.account.map_or(known(Value::Null, None), piece),
        "columns" => known(read.columns.map_or(Value::Null, number), site),
        "placeholders" => pieces(&mut read.placeholders.iter().map(|placeholder| placeholder.range)),
        "runsText" => known(Value::Bool(read.runs_text), site),
        _ => sources(of),
    }
}

/// The conditions whose claims are the parameters.
fn sources<'f>(of: &RuleRecord<'f>) -> Reading<'f> {
    let Some(rule) = of.rule() else { return known(Value::Null, None) };
    let Body::Store { parameters, .. } = &rule.issuance.body else { return known(Value::Null, None) };
    let mut numbers: Vec<usize> = parameters.iter().flat_map(|value| facts::sources(&rule, value)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let selectors = numbers.into_iter().filter_map(|number| claim_parts::selector(of, number)).collect();
    known(list(selectors, None), of.at(rule.issuance.range))
}
