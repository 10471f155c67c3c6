//! The facts file, held against what conditions can read of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::object::Owner;
use super::value::{Site, Value};
use super::vocabulary::{FactNotes, Layout, Shape};
use super::{Content, Farm, nearest, normalise};
use crate::node::{Kind, NodeRef};

/// Something in the facts file that nobody hears, or not as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactTrouble {
    /// Its place.
    pub site: Site,
    /// The place that it clashes with.
    pub other: Option<Site>,
    /// What is wrong.
    pub wrong: WrongFact,
}

/// What is wrong with a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongFact {
    /// There is no such fact.
    Unknown {
        /// Its name, `users.populaton`.
        path: String,
        /// The name that may be meant.
        nearest: Option<String>,
    },
    /// Its value is of another kind than conditions read there.
    Unfit {
        /// Its name.
        path: String,
        /// What would be read there.
        wanted: String,
    },
    /// The place of an answer still holds `<...>`.
    Unanswered {
        /// Its name.
        path: String,
    },
    /// Its name stands there before.
    Twice {
        /// Its name.
        path: String,
    },
    /// Two entries of a list have one name.
    SameName {
        /// Name of the list.
        path: String,
        /// Name of the entries.
        name: String,
    },
    /// The whole file is not heard, because another one counts.
    OtherFile {
        /// The one that counts.
        counts: String,
    },
}

/// Whether a text is what `adfslint facts --init` writes in the place of an answer.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.len() > 2 && text.starts_with('<') && text.ends_with('>')
}

impl Farm {
    /// The file whose facts count.
    pub fn facts_file(&self) -> Option<&str> {
        self.facts.and_then(|tree| self.export(tree)).map(|export| export.path.as_str())
    }

    /// The facts that nobody hears, because they are not what conditions can read in their place.
    pub fn fact_troubles(&self) -> Vec<FactTrouble> {
        let mut look = Look { farm: self, tree: 0, found: Vec::new() };
        for (number, (export, _)) in (0..).zip(self.exports()) {
            let Some(root) = self.tree(number).and_then(crate::node::Tree::root) else { continue };
            look.tree = number;
            if self.facts == Some(number) {
                look.value(&Shape::Record(self.vocabulary.facts()), root, "");
            } else if export.content == Content::Facts {
                let counting = self.facts.and_then(|tree| self.tree(tree)?.root().map(|root| (tree, root)));
                let counts = self.facts_file().unwrap_or_default().to_owned();
                let other = counting.map(|(tree, root)| Site::node(tree, root.index()));
                look.push(root, other, WrongFact::OtherFile { counts });
            }
        }
        look.found
    }
}

struct Look<'f> {
    farm: &'f Farm,
    tree: u32,
    found: Vec<FactTrouble>,
}

impl<'f> Look<'f> {
    fn push(&mut self, node: NodeRef<'f>, other: Option<Site>, wrong: WrongFact) {
        self.found.push(FactTrouble { site: self.site(node), other, wrong });
    }

    fn site(&self, node: NodeRef<'f>) -> Site {
        Site::node(self.tree, node.index())
    }

    fn value(&mut self, shape: &Shape, node: NodeRef<'f>, path: &str) {
        match (shape, node.kind()) {
            (_, Kind::Null) | (Shape::Any, _) => {}
            (Shape::List(item), Kind::List) => {
                node.items().for_each(|entry| self.value(item, entry, path));
                if let Shape::Record(record) = **item {
                    self.names(self.farm.vocabulary.layout(record), node, path);
                }
            }
            (Shape::Record(record), Kind::Map) => {
                if let Some(layout) = self.farm.vocabulary.layout(*record) {
                    self.record(layout, node, path);
                }
            }
            (Shape::Map(item), Kind::Map) => {
                let mut seen = HashMap::new();
                for (key, value) in node.entries() {
                    let name = key.text().unwrap_or_default();
                    let inner = joined(path, &name);
                    if let Some(first) = seen.insert(name.to_lowercase(), self.site(key)) {
                        self.push(key, Some(first), WrongFact::Twice { path: inner });
                    } else if is_placeholder(&name) {
                        self.push(key, None, WrongFact::Unanswered { path: path.to_owned() });
                    } else {
                        self.value(item, value, &inner);
                    }
                }
            }
            _ => self.leaf(shape, node, path),
        }
    }

    fn record(&mut self, layout: &Layout, node: NodeRef<'f>, path: &str) {
        let mut seen = HashMap::new();
        for (key, value) in node.entries() {
            let name = key.text().unwrap_or_default();
            let inner = joined(path, &name);
            let Some((field, property)) =
                layout.find(&name).and_then(|field| Some((field, layout.property(field)?)))
            else {
                let names = layout.properties.iter().map(|property| &*property.name);
                let nearest = nearest(&name, names);
                self.push(key, None, WrongFact::Unknown { path: inner, nearest });
                continue;
            };
            if let Some(first) = seen.insert(field, self.site(key)) {
                self.push(key, Some(first), WrongFact::Twice { path: inner });
                continue;
            }
            let before = self.found.len();
            self.value(&property.shape, value, &inner);
            let told = self.found.get_mut(before..).unwrap_or_default();
            for trouble in told {
                match &mut trouble.wrong {
                    WrongFact::Unfit { path, wanted } if *path == inner && property.fact.unit.is_some() => {
                        *wanted = bounded(&property.shape, &property.fact);
                    }
                    _ => {}
                }
            }
            let number = value.text().and_then(|text| text.trim().parse::<f64>().ok());
            if self.found.len() == before && number.is_some_and(|number| !property.fact.allows(number)) {
                let wanted = bounded(&property.shape, &property.fact);
                self.push(value, None, WrongFact::Unfit { path: inner, wanted });
            }
        }
    }

    /// Two entries of one name are two answers to one question.
    fn names(&mut self, layout: Option<&Layout>, list: NodeRef<'f>, path: &str) {
        let Some(layout) = layout else { return };
        let Some(named_by) = layout.named_by.first().copied() else { return };
        let mut seen = HashMap::new();
        for item in list.items() {
            let mut entries = item.entries();
            let name =
                entries.find(|(key, _)| key.text().is_some_and(|key| layout.find(&key) == Some(named_by)));
            let Some((value, text)) = name.and_then(|(_, value)| Some((value, value.text()?))) else {
                continue;
            };
            if let Some(first) = seen.insert(text.trim().to_lowercase(), self.site(value)) {
                let wrong = WrongFact::SameName { path: path.to_owned(), name: text.trim().to_owned() };
                self.push(value, Some(first), wrong);
            }
        }
    }

    fn leaf(&mut self, shape: &Shape, node: NodeRef<'f>, path: &str) {
        let text = node.text();
        if text.is_some_and(|text| is_placeholder(&text)) {
            return self.push(node, None, WrongFact::Unanswered { path: path.to_owned() });
        }
        let owner = Owner::Fact(Arc::from(path));
        let reading = normalise::normalise(self.farm, &owner, shape, node, self.tree);
        let is_heard = matches!(&reading.value, Ok(value) if !matches!(value, Value::Null));
        match shape {
            _ if !is_heard => {
                let path = if path.is_empty() { "the file".to_owned() } else { path.to_owned() };
                self.push(node, None, WrongFact::Unfit { path, wanted: wanted(shape) });
            }
            // An item by itself is a list of one.
            Shape::List(item) => self.value(item, node, path),
            _ => {}
        }
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// What belongs there, in words.
fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true or false".to_owned(),
        Shape::Int => "a whole number".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Count => "a whole number, 0 or more".to_owned(),
        Shape::Amount => "a number, 0 or more".to_owned(),
        Shape::Time => "a day such as 2026-01-31".to_owned(),
        Shape::Duration => "a time such as 00:30:00".to_owned(),
        Shape::Set(names) => format!("one of {}", names.join(", ")),
        Shape::List(_) => "a list such as [one, another]".to_owned(),
        Shape::Record(_) | Shape::Map(_) => "names with values of their own".to_owned(),
        _ => "a text".to_owned(),
    }
}

/// The same with its unit and bounds.
pub(crate) fn bounded(shape: &Shape, notes: &FactNotes) -> String {
    if !notes.among.is_empty() {
        let among: Vec<String> = notes.among.iter().map(ToString::to_string).collect();
        return format!("one of {}", among.join(", "));
    }
    let number = match shape {
        Shape::Int | Shape::Count => "a whole number",
        Shape::Number | Shape::Amount => "a number",
        _ => return wanted(shape),
    };
    let unit = notes.unit.as_ref().map(|unit| format!(" in {unit}")).unwrap_or_default();
    let bounds = match (shape, notes.most) {
        (Shape::Count | Shape::Amount, Some(most)) => format!(", from 0 to {most}"),
        (Shape::Count | Shape::Amount, None) => ", 0 or more".to_owned(),
        (_, Some(most)) => format!(", at most {most}"),
        (_, None) => String::new(),
    };
    format!("{number}{unit}{bounds}")
}
