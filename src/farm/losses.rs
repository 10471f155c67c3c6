//! Values that an export lost although a rule may want to read them.

use std::collections::BTreeSet;

use super::Farm;
use super::schema::FieldId;
use super::value::Site;
use super::vocabulary::{KindId, Shape};
use crate::node::{Kind, Lost, NodeRef};

/// One lost value.
#[derive(Debug, Clone)]
pub struct Loss {
    /// Its place.
    pub site: Site,
    /// Its name, `SamlEndpoints`; empty for what has none.
    pub name: String,
    /// The kind of objects that it belongs to, if that is known.
    pub kind: Option<KindId>,
    /// How it was lost.
    pub lost: Lost,
}

/// Levels of nested records that are looked into.
const DEPTH: usize = 6;

impl Farm {
    /// What is lost, in the order of trees and nodes. What another export still has is not lost, and what was blanked out
    /// on purpose or damaged is told elsewhere.
    pub fn losses(&self) -> Vec<Loss> {
        let mut finder = Finder { farm: self, kind: None, found: Vec::new(), seen: BTreeSet::new() };
        for (_, object) in self.objects() {
            finder.kind = Some(object.kind);
            let layout =
                self.vocabulary().kind(object.kind).and_then(|kind| self.vocabulary().layout(kind.record));
            for (field, property) in (0..).zip(layout.map_or(&[][..], |layout| &layout.properties)) {
                let place = object
                    .place(FieldId(field))
                    .and_then(|(tree, node)| Some((tree, self.tree(tree)?.node(node)?)));
                if let Some((tree, node)) = place {
                    finder.value(tree, node, &property.shape, &property.name, 0);
                }
            }
        }
        for (kind, entry) in self.vocabulary().kinds() {
            finder.kind = Some(kind);
            let site = self.incomplete(kind);
            let node = site.and_then(|site| Some((site, self.tree(site.tree)?.node(site.node)?)));
            if let Some((site, node)) = node {
                finder.trace(site.tree, node, &entry.cmdlet);
            }
        }
        finder.kind = None;
        for (number, (export, _)) in (0..).zip(self.exports()) {
            finder.errors(number, &export.tree);
        }
        finder.found.sort_by_key(|loss| (loss.site.tree, loss.site.node));
        finder.found
    }
}

struct Finder<'f> {
    farm: &'f Farm,
    kind: Option<KindId>,
    found: Vec<Loss>,
    seen: BTreeSet<(u32, u32)>,
}

impl Finder<'_> {
    fn value(&mut self, tree: u32, node: NodeRef<'_>, shape: &Shape, name: &str, depth: usize) {
        if depth > DEPTH || matches!(shape, Shape::Any) {
            return;
        }
        self.trace(tree, node, name);
        match (shape, node.kind()) {
            (Shape::List(item), Kind::List) => {
                node.items().for_each(|inside| self.value(tree, inside, item, name, depth + 1));
            }
            (Shape::Map(item), Kind::Map) => {
                node.entries().for_each(|(_, inside)| self.value(tree, inside, item, name, depth + 1));
            }
            (Shape::Record(record), Kind::Map) => {
                let Some(layout) = self.farm.vocabulary().layout(*record) else { return };
                for (key, inside) in node.entries() {
                    let known = key.text().and_then(|key| layout.property(layout.find(&key)?));
                    if let Some(property) = known {
                        self.value(tree, inside, &property.shape, &property.name, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn trace(&mut self, tree: u32, node: NodeRef<'_>, name: &str) {
        let lost = match node.kind() {
            Kind::Truncated(lost @ (Lost::Depth | Lost::Ellipsis | Lost::CollectorError)) => lost,
            Kind::List if node.is_incomplete() => Lost::Ellipsis,
            _ => return,
        };
        self.add(tree, node, name, lost);
    }

    /// What a collector wrote in place of a value, wherever it stands.
    fn errors(&mut self, number: u32, tree: &crate::node::Tree) {
        for index in 0..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
            let node = tree.node(index).filter(|node| node.kind() == Kind::Truncated(Lost::CollectorError));
            if let Some(node) = node {
                self.add(number, node, "", Lost::CollectorError);
            }
        }
    }

    fn add(&mut self, tree: u32, node: NodeRef<'_>, name: &str, lost: Lost) {
        if self.seen.insert((tree, node.index())) {
            let site = Site::node(tree, node.index());
            self.found.push(Loss { site, name: name.to_owned(), kind: self.kind, lost });
        }
    }
}
