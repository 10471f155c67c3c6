//! From what the vocabulary's file says to what the program works with.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::raw::{Ordered, RawKind, RawPhrase, RawProperty, RawVocabulary};
use super::{
    Enum, FACTS, FARM, FactNotes, IS_PROXY, Kind, Layout, Marks, NODE, Per, Phrase, Property, Shape,
    Vocabulary, WINDOWS,
};
use crate::claims::stage::Stage;
use crate::farm::schema::{Field, FieldId, RecordType, RecordTypeId, Type};

/// Checks a raw vocabulary and makes the tables of it.
#[derive(Default)]
pub(super) struct Builder {
    pub vocabulary: Vocabulary,
    enum_numbers: HashMap<String, usize>,
    sets: HashMap<String, Arc<[String]>>,
    pub errors: Vec<String>,
}

impl Builder {
    pub fn build(&mut self, raw: &RawVocabulary) {
        self.vocabulary.levels =
            raw.versions.iter().map(|(name, version)| (name.clone(), version.level)).collect();
        self.read_enums(raw);
        for name in raw.types.keys().chain(raw.kinds.keys()).chain(raw.facts.types.keys()) {
            self.declare(name);
        }
        self.vocabulary.farm = self.declare(FARM);
        self.vocabulary.facts = self.declare(FACTS);
        for (name, raw) in &raw.types {
            self.fill(name, raw.properties.iter(), &raw.named_by);
        }
        for (name, properties) in &raw.facts.types {
            let first = properties.0.first();
            let names = first.filter(|(name, property)| name == "name" || !property.named_after.is_empty());
            let named_by = names.map(|(name, _)| name.clone());
            self.fill(name, in_order(properties), named_by.as_slice());
        }
        self.fill(FACTS, in_order(&raw.facts.properties), &[]);
        for (name, raw) in &raw.kinds {
            self.fill(name, raw.properties.iter(), &raw.named_by);
            self.add_kind(name, raw);
        }
        self.add_farm_list("claimRuleSets", "ClaimRuleSet", "every claim rule set of every object and file");
        self.add_farm_list("certificates", "Certificate", "every certificate seen in any export");
        self.add_farm_values(
            "exportTimes",
            Type::Time,
            "when exports were written, as manifests and names of files say it",
        );
        self.add_farm_values(
            "serviceNames",
            Type::Text,
            "the name of the federation service, as each export says it",
        );
        self.add_farm_values("commands", Type::Text, "commands whose output was given");
    }

    fn read_enums(&mut self, raw: &RawVocabulary) {
        for (name, entry) in &raw.enums {
            let mut names: Vec<_> =
                entry.names.iter().map(|(name, number)| (Arc::from(name.as_str()), *number)).collect();
            names.sort_by_key(|(_, number)| *number);
            self.enum_numbers.insert(name.clone(), self.vocabulary.enums.len());
            self.vocabulary.enums.push(Enum { flags: entry.flags, names });
        }
        for (name, texts) in &raw.sets {
            self.sets.insert(name.clone(), texts.iter().cloned().collect());
        }
    }

    fn declare(&mut self, name: &str) -> Option<RecordTypeId> {
        if self.vocabulary.schema.record_id(name).is_some() {
            self.errors.push(format!("the record type `{name}` is defined twice"));
            return None;
        }
        self.vocabulary.layouts.push(Layout::default());
        self.vocabulary.schema.add(RecordType::new(name))
    }

    fn fill<'r>(
        &mut self,
        name: &str,
        properties: impl Iterator<Item = (&'r String, &'r RawProperty)> + Clone,
        named_by: &[String],
    ) {
        let Some(id) = self.vocabulary.schema.record_id(name) else { return };
        let mut layout = Layout::default();
        for (property, raw) in properties.clone() {
            let (shape, value) = self.shape(name, property, &raw.value);
            let about = describe(raw);
            self.add_field(id, Field { name: property.clone(), value, about });
            layout.properties.push(Property {
                name: Arc::from(property.as_str()),
                shape,
                since: raw.since.clone(),
                computed: raw.computed,
                names_service: raw.names_service,
                thumbprint_in: None,
                label: raw.label.as_ref().map(phrase),
                names: raw.names.clone(),
                fact: notes(raw),
            });
            let field = FieldId(u16::try_from(layout.properties.len() - 1).unwrap_or(u16::MAX));
            layout.by_name.insert(property.to_ascii_lowercase(), field);
        }
        for (property, raw) in properties {
            let Some(field) = layout.find(property) else { continue };
            for alias in &raw.aliases {
                layout.by_name.entry(alias.to_ascii_lowercase()).or_insert(field);
            }
            if let Some(source) = &raw.thumbprint_in {
                let found = layout.find(source);
                if found.is_none() {
                    self.errors.push(format!("`{name}.{property}` takes its thumbprint from `{source}`, which `{name}` does not have"));
                }
                if let Some(entry) = layout.properties.get_mut(usize::from(field.0)) {
                    entry.thumbprint_in = found;
                }
            }
        }
        for field in named_by {
            match layout.find(field) {
                Some(id) => layout.named_by.push(id),
                None => self.errors.push(format!("`{name}` is named by `{field}`, which it does not have")),
            }
        }
        if let Some(place) = self.vocabulary.layouts.get_mut(usize::from(id.0)) {
            *place = layout;
        }
    }

    fn add_field(&mut self, record: RecordTypeId, field: Field) -> Option<FieldId> {
        self.vocabulary.schema.record_mut(record)?.add(field)
    }

    fn add_kind(&mut self, name: &str, raw: &RawKind) {
        let (Some(record), Some(farm)) = (self.vocabulary.schema.record_id(name), self.vocabulary.farm)
        else {
            return;
        };
        if raw.per.is_computer() {
            let about = "the server it was exported from";
            self.add_computer_field(record, NODE, (Shape::Text, Type::Text), about);
        }
        if raw.per == Per::Server {
            let about = "that server is a proxy, as the folder of the export or the facts file says";
            self.add_computer_field(record, IS_PROXY, (Shape::Bool, Type::Bool), about);
            let about = "release of Windows on that server, as the facts file says";
            self.add_computer_field(record, WINDOWS, (Shape::Int, Type::Int), about);
        }
        let value = if raw.one { Type::Record(record) } else { Type::list(Type::Record(record)) };
        let field = Field { name: raw.collection.clone(), value, about: raw.about.clone() };
        let Some(farm_field) = self.add_field(farm, field) else {
            self.errors.push(format!("two kinds are called `farm.{}`", raw.collection));
            return;
        };
        let resources = self.resources(name, record, raw);
        let lower = |names: &[String]| names.iter().map(|name| name.to_ascii_lowercase()).collect();
        self.vocabulary.kinds.push(Kind {
            name: Arc::from(name),
            about: raw.about.clone(),
            cmdlet: raw.cmdlet.clone(),
            export: raw.export.clone(),
            record,
            farm_field,
            one: raw.one,
            per: raw.per,
            dotnet_type: raw.dotnet_type.clone(),
            marks: Marks {
                all: lower(&raw.recognise.all),
                any: lower(&raw.recognise.any),
                none: lower(&raw.recognise.none),
            },
            also_printed_by: raw.also_printed_by.clone(),
            wrapped_as: lower(&raw.wrapped_as),
            resources,
            holds_part_of: raw.holds_part_of.clone(),
            dated_by_name: raw.dated_by_name,
            since: raw.since.clone(),
        });
    }

    fn resources(
        &mut self,
        kind: &str,
        record: RecordTypeId,
        raw: &RawKind,
    ) -> Vec<(String, Option<FieldId>)> {
        let mut found = Vec::new();
        for (resource, property) in &raw.resources {
            let layout = self.vocabulary.layouts.get(usize::from(record.0));
            let field = property.as_ref().and_then(|property| layout?.find(property));
            if let (Some(property), None) = (property, field) {
                self.errors
                    .push(format!("the resource `{resource}` sets `{kind}.{property}`, which is not there"));
            }
            found.push((resource.to_ascii_lowercase(), field));
        }
        found
    }

    /// Objects that are exported from every server say which server that was.
    fn add_computer_field(
        &mut self,
        record: RecordTypeId,
        name: &str,
        (shape, value): (Shape, Type),
        about: &str,
    ) {
        self.add_field(record, Field { name: name.into(), value, about: about.into() });
        if let Some(layout) = self.vocabulary.layouts.get_mut(usize::from(record.0)) {
            layout.properties.push(Property {
                name: Arc::from(name),
                shape,
                since: None,
                computed: true,
                names_service: false,
                thumbprint_in: None,
                label: None,
                names: None,
                fact: FactNotes::default(),
            });
        }
    }

    fn add_farm_list(&mut self, field: &str, item: &str, about: &str) {
        let (Some(farm), Some(record)) = (self.vocabulary.farm, self.vocabulary.schema.record_id(item))
        else {
            self.errors.push(format!("the vocabulary lacks the type `{item}`"));
            return;
        };
        let value = Type::list(Type::Record(record));
        self.add_field(farm, Field { name: field.into(), value, about: about.into() });
    }

    fn add_farm_values(&mut self, field: &str, item: Type, about: &str) {
        if let Some(farm) = self.vocabulary.farm {
            self.add_field(farm, Field { name: field.into(), value: Type::list(item), about: about.into() });
        }
    }

    fn shape(&mut self, owner: &str, property: &str, text: &str) -> (Shape, Type) {
        let text = text.trim();
        if let Some((outer, inner)) = text.split_once('(').and_then(|(a, b)| Some((a, b.strip_suffix(')')?)))
        {
            return self.composed(owner, property, outer, inner);
        }
        match text {
            "any" => (Shape::Any, Type::Any),
            "bool" => (Shape::Bool, Type::Bool),
            "int" => (Shape::Int, Type::Int),
            "number" => (Shape::Number, Type::Double),
            "count" => (Shape::Count, Type::Int),
            "amount" => (Shape::Amount, Type::Double),
            "text" | "uri" | "guid" => (Shape::Text, Type::Text),
            "thumbprint" => (Shape::Thumbprint, Type::Text),
            "time" => (Shape::Time, Type::Time),
            "duration" => (Shape::Duration, Type::Duration),
            "bytes" => (Shape::Bytes, Type::Bytes),
            "Certificate" => (Shape::Certificate, self.record_type(owner, property, "Certificate")),
            name => match self.vocabulary.schema.record_id(name) {
                Some(id) => (Shape::Record(id), Type::Record(id)),
                None => self.wrong(owner, property, name),
            },
        }
    }

    fn composed(&mut self, owner: &str, property: &str, outer: &str, inner: &str) -> (Shape, Type) {
        match outer {
            "list" => {
                let (shape, value) = self.shape(owner, property, inner);
                (Shape::List(Box::new(shape)), Type::list(value))
            }
            "map" => {
                let (shape, value) = self.shape(owner, property, inner);
                (Shape::Map(Box::new(shape)), Type::Map(Box::new(value)))
            }
            "set" => match self.sets.get(inner) {
                Some(names) => (Shape::Set(Arc::clone(names)), Type::Choice(Arc::clone(names))),
                None => self.wrong(owner, property, inner),
            },
            "enum" => match self.enum_numbers.get(inner).copied() {
                Some(number) => self.enum_type(number),
                None => self.wrong(owner, property, inner),
            },
            "claims" => match Stage::from_word(inner) {
                Some(stage) => (Shape::Claims(stage), self.record_type(owner, property, "ClaimRuleSet")),
                None => self.wrong(owner, property, inner),
            },
            other => self.wrong(owner, property, other),
        }
    }

    fn enum_type(&self, number: usize) -> (Shape, Type) {
        let Some(entry) = self.vocabulary.enums.get(number) else { return (Shape::Any, Type::Any) };
        let names: Arc<[String]> = entry.names.iter().map(|(name, _)| name.to_string()).collect();
        let name = Type::Choice(names);
        (Shape::Enum(number), if entry.flags { Type::list(name) } else { name })
    }

    fn record_type(&mut self, owner: &str, property: &str, name: &str) -> Type {
        match self.vocabulary.schema.record_id(name) {
            Some(id) => Type::Record(id),
            None => self.wrong(owner, property, name).1,
        }
    }

    fn wrong(&mut self, owner: &str, property: &str, name: &str) -> (Shape, Type) {
        self.errors.push(format!("`{owner}.{property}` has the type `{name}`, which nobody defines"));
        (Shape::Any, Type::Any)
    }
}

fn phrase(raw: &RawPhrase) -> Phrase {
    match raw {
        RawPhrase::Always(words) => Phrase { by_value: BTreeMap::new(), otherwise: words.clone() },
        RawPhrase::ByValue(words) => {
            let mut by_value = words.clone();
            let otherwise = by_value.remove("*").unwrap_or_default();
            Phrase { by_value, otherwise }
        }
    }
}

fn in_order(properties: &Ordered<RawProperty>) -> impl Iterator<Item = (&String, &RawProperty)> + Clone {
    properties.0.iter().map(|(name, property)| (name, property))
}

fn notes(raw: &RawProperty) -> FactNotes {
    FactNotes {
        shown_by: raw.shown_by.clone(),
        named_after: raw.named_after.clone(),
        only_for: raw.only_for.clone(),
        unit: raw.unit.clone(),
        most: raw.most,
        among: raw.among.clone(),
    }
}

fn describe(raw: &RawProperty) -> String {
    match (&raw.about, &raw.unit) {
        (Some(about), Some(unit)) => format!("{about}; in {unit}"),
        (Some(about), None) => about.clone(),
        (None, Some(unit)) => format!("in {unit}"),
        (None, None) => String::new(),
    }
}
