//! From `claim-words.yaml` to how claim types are spoken of.

use std::sync::Arc;

use super::load::Loader;
use crate::claims::words::{Phrasebook, Phrases};
use crate::farm::nearest;
use crate::node::{Kind, NodeRef, Tree};

const KEYS: [&str; 7] = ["noun", "is", "is-not", "exists", "exists-not", "if-true", "if-false"];

impl Loader<'_> {
    /// Adds the phrases of a file to those of the files before it.
    pub fn claim_words(&mut self, tree: &Tree, book: &mut Phrasebook) {
        let Some(root) = tree.root() else { return };
        self.keys(root, &["types", "values"], "claim words");
        for (key, entry) in root.get("types").into_iter().flat_map(NodeRef::entries) {
            let name = key.text().unwrap_or_default();
            if self.vocabulary.claim_types().named(&name).is_none() {
                let types = self.vocabulary.claim_types();
                let near = nearest(&name, types.iter().map(|known| &*known.name));
                let help = near.map(|near| format!("Did you mean `{near}`?"));
                self.say(key.span(), format!("There is no claim type `{name}`."), help);
                continue;
            }
            self.keys(entry, &KEYS, "a claim type's words");
            let phrases = phrases(entry);
            book.add_type(Arc::from(name), phrases);
        }
        for (key, entry) in root.get("values").into_iter().flat_map(NodeRef::entries) {
            match (key.text(), self.text_of(entry, "values")) {
                (Some(value), Some(words)) => book.add_value(Arc::from(value), Arc::from(words)),
                _ => self.say(entry.span(), "A value has words that are a text.", None),
            }
        }
    }
}

fn phrases(entry: NodeRef<'_>) -> Phrases {
    let text = |key: &str| {
        let node = entry.get(key).filter(|node| matches!(node.kind(), Kind::Text))?;
        node.text().map(Arc::from)
    };
    Phrases {
        noun: text("noun"),
        is: text("is"),
        is_not: text("is-not"),
        exists: text("exists"),
        exists_not: text("exists-not"),
        if_true: text("if-true"),
        if_false: text("if-false"),
    }
}
