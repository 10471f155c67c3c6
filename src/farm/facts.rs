//! The facts file, held against what conditions can read of it.

use std::sync::Arc;

use super::object::Owner;
use super::value::{Site, Value};
use super::vocabulary::Shape;
use super::{Farm, normalise};
use crate::node::{Kind, NodeRef};

/// A fact whose value is of another kind than conditions read there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfitFact {
    /// Its place.
    pub site: Site,
    /// Its name, `users.population`.
    pub path: String,
    /// What would be read there.
    pub wanted: String,
}

impl Farm {
    /// The facts that nobody hears, because they are not what conditions can read in their place.
    pub fn unfit_facts(&self) -> Vec<UnfitFact> {
        let mut found = Vec::new();
        let root = self.facts.and_then(|tree| Some((tree, self.tree(tree)?.root()?)));
        if let Some((tree, root)) = root {
            let shape = Shape::Record(self.vocabulary.facts());
            self.unfit(&shape, (root, tree), "", &mut found);
        }
        found
    }

    fn unfit(&self, shape: &Shape, (node, tree): (NodeRef<'_>, u32), path: &str, found: &mut Vec<UnfitFact>) {
        let is_many = matches!(shape, Shape::List(_)) && node.kind() == Kind::List;
        match (shape, node.kind()) {
            (_, Kind::Null) | (Shape::Any, _) => {}
            (Shape::List(item), _) if is_many => {
                node.items().for_each(|entry| self.unfit(item, (entry, tree), path, found));
            }
            (Shape::List(item), _) => self.unfit(item, (node, tree), path, found),
            (Shape::Record(record), Kind::Map) => {
                let Some(layout) = self.vocabulary.layout(*record) else { return };
                for (key, value) in node.entries() {
                    let name = key.text().unwrap_or_default();
                    if let Some(property) = layout.find(&name).and_then(|field| layout.property(field)) {
                        let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                        self.unfit(&property.shape, (value, tree), &inner, found);
                    }
                }
            }
            (Shape::Map(item), Kind::Map) => {
                for (key, value) in node.entries() {
                    let inner = format!("{path}.{}", key.text().unwrap_or_default());
                    self.unfit(item, (value, tree), &inner, found);
                }
            }
            _ => {
                let reading = normalise::normalise(self, &Owner::Fact(Arc::from(path)), shape, node, tree);
                let is_heard = match (&reading.value, shape) {
                    (Err(_) | Ok(Value::Null), _) => false,
                    // What AD FS prints may have names that nobody knows yet; the facts file is ours.
                    (Ok(Value::Text(name)), Shape::Set(names)) => names.iter().any(|known| **known == **name),
                    _ => true,
                };
                if !is_heard {
                    let site = Site::node(tree, node.index());
                    found.push(UnfitFact { site, path: path.to_owned(), wanted: wanted(shape) });
                }
            }
        }
    }
}

/// What belongs there, in words.
fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true or false".to_owned(),
        Shape::Int => "a whole number".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Time => "a day such as 2026-01-31".to_owned(),
        Shape::Duration => "a time such as 00:30:00".to_owned(),
        Shape::Set(names) => format!("one of {}", names.join(", ")),
        Shape::Record(_) | Shape::Map(_) => "names with values of their own".to_owned(),
        _ => "a text".to_owned(),
    }
}
