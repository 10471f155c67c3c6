//! Keys as PowerShell's `Get-ItemProperty` makes them into objects: `PSPath` says which key it is.

use super::{Data, Entry, Flavour, Key, Keys, below_machine, write};
use crate::node::{Kind, NodeRef, Tree, TreeBuilder};

/// Levels of lists and wrappers that are looked into.
const DEPTH: usize = 6;

/// The tree of registry keys that a tree of objects stands for; `None` if it holds anything else.
pub(in crate::read) fn of_objects(tree: &Tree, builder: TreeBuilder) -> Option<Tree> {
    let root = tree.root()?;
    let mut walk = Walk { keys: Vec::new(), others: 0 };
    walk.look(root, 0);
    if walk.keys.is_empty() || walk.others > 0 {
        return None;
    }
    let keys = Keys { flavour: Flavour::Objects, keys: walk.keys, is_cut: true };
    let end = usize::try_from(root.span().end).unwrap_or(0);
    let (tree, found) = write(end, &keys, builder);
    (found > 0).then_some(tree)
}

struct Walk {
    keys: Vec<Key>,
    /// Objects that are no keys.
    others: usize,
}

impl Walk {
    fn look(&mut self, node: NodeRef<'_>, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match node.kind() {
            Kind::List => node.items().for_each(|item| self.look(item, depth + 1)),
            Kind::Map => match node.get("PSPath").and_then(NodeRef::text) {
                Some(path) if path.contains("Registry::") => self.key(node, &path),
                Some(_) => self.others += 1,
                None => {
                    let inside = |value: &NodeRef<'_>| matches!(value.kind(), Kind::List | Kind::Map);
                    let inner: Vec<_> = node.entries().map(|entry| entry.1).filter(inside).collect();
                    self.others += usize::from(inner.is_empty());
                    inner.into_iter().for_each(|value| self.look(value, depth + 1));
                }
            },
            _ => {}
        }
    }

    fn key(&mut self, node: NodeRef<'_>, path: &str) {
        let span = node.span();
        let place = |node: NodeRef<'_>| (node.span().start as usize, node.span().end as usize);
        let mut entries = Vec::new();
        for (key, value) in node.entries() {
            let Some(name) = key.text() else { continue };
            let data = match value.kind() {
                Kind::Number | Kind::Text => number(&value.text().unwrap_or_default()),
                Kind::Truncated(_) => Data::Damaged,
                _ => Data::Other,
            };
            let (start, end) = place(value);
            entries.push(Entry { name: name.to_ascii_lowercase(), data, start, end });
        }
        let path = below_machine(path).unwrap_or("").to_owned();
        self.keys.push(Key { path, start: span.start as usize, end: span.end as usize, entries });
    }
}

/// PowerShell shows 0xffffffff as -1.
fn number(text: &str) -> Data {
    match (text.trim().parse::<u64>(), text.trim().parse::<i32>()) {
        (Ok(number), _) => Data::Number(number),
        (_, Ok(negative)) => Data::Number(u64::from(negative.cast_unsigned())),
        _ => Data::Other,
    }
}
