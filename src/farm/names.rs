//! Names that a farm shows: those of its servers, clients and partners. The facts file speaks of them.

use std::collections::BTreeSet;

use super::Farm;
use super::vocabulary::Per;
use crate::node::{Kind, NodeRef, Tree};

impl Farm {
    /// The names of what the vocabulary marks so (`names: sts`), in alphabetical order. A server has its name once, the
    /// longest one.
    pub fn names_of_mark(&self, mark: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        for (_, object) in self.objects() {
            let Some(kind) = self.vocabulary.kind(object.kind) else { continue };
            let origin = match kind.per {
                // The folder knows better than the kind.
                Per::Node | Per::Server if object.is_proxy == Some(true) => Some("wap"),
                Per::Node => Some("sts"),
                Per::Proxy => Some("wap"),
                Per::Server => object.is_proxy.map(|_| "sts"),
                Per::Farm | Per::Cloud => None,
            };
            found.extend(object.host.iter().filter(|_| origin == Some(mark)).map(ToString::to_string));
            let properties = self.vocabulary.layout(kind.record).map_or(&[][..], |layout| &layout.properties);
            for (property, place) in properties.iter().zip(&object.places) {
                if property.names.as_deref() == Some(mark)
                    && let Some(node) = self.tree(place.0).and_then(|tree| tree.node(place.1))
                {
                    texts(node, &mut found);
                }
            }
        }
        if matches!(mark, "sts" | "wap") { servers(&found) } else { found.into_iter().collect() }
    }

    /// The tree of the facts file.
    pub fn facts_tree(&self) -> Option<u32> {
        self.facts
    }

    /// The node of the facts file at a path such as `users.population`.
    pub fn fact_node(&self, path: &str) -> Option<NodeRef<'_>> {
        let root = self.facts.and_then(|tree| self.tree(tree)).and_then(Tree::root)?;
        path.split('.').try_fold(root, |node, name| {
            let mut entries = node.entries();
            entries
                .find(|(key, _)| key.text().is_some_and(|key| key.eq_ignore_ascii_case(name)))
                .map(|entry| entry.1)
        })
    }
}

/// The texts at a node: itself, its items, or the first text of a record.
fn texts(node: NodeRef<'_>, found: &mut BTreeSet<String>) {
    match node.kind() {
        Kind::List => node.items().for_each(|item| texts(item, found)),
        Kind::Map => {
            let mut values =
                node.entries().map(|(_, value)| value).filter(|value| value.kind() == Kind::Text);
            values.next().into_iter().for_each(|value| texts(value, found));
        }
        _ => {
            let text = node.text().unwrap_or_default();
            let text = text.trim();
            if !text.is_empty() {
                found.insert(text.to_owned());
            }
        }
    }
}

/// `sts01` and `STS01.contoso.com` are one server.
fn servers(names: &BTreeSet<String>) -> Vec<String> {
    let lower: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let is_short_for =
        |short: &str, long: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
    lower.iter().filter(|name| !lower.iter().any(|other| is_short_for(name, other))).cloned().collect()
}
