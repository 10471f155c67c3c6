//! From `claim-types.yaml` to claim types.

use std::sync::Arc;

use super::load::{Loader, exact};
use crate::claims::types::{ClaimType, ClaimTypes, Group, Origin};
use crate::farm::nearest;
use crate::node::{Kind, NodeRef, Tree};

const KEYS: [&str; 9] =
    ["name", "uri", "group", "origin", "meaning", "values", "many", "case-varies", "comes-along"];

impl Loader<'_> {
    /// Adds the claim types of a file to those of the files before it.
    pub fn claim_types(&mut self, tree: &Tree, types: &mut ClaimTypes) {
        let Some(root) = tree.root().filter(|root| root.kind() == Kind::List) else {
            let help = Some("One entry is `- {name: …, uri: …, group: …, origin: …, meaning: …}`.".into());
            self.say(
                crate::source::Span::new(tree.source(), 0, 0),
                "A file of claim types is a list of them.",
                help,
            );
            return;
        };
        for entry in root.items() {
            self.keys(entry, &KEYS, "a claim type");
            let Some(new) = self.claim_type(entry) else { continue };
            let name = Arc::clone(&new.name);
            if let Err(known) = types.add(new) {
                let help = Some("Each name and each address stands once, whatever file it is in.".into());
                self.say(entry.span(), format!("`{name}` is there already: {known}."), help);
            }
        }
    }

    fn claim_type(&mut self, entry: NodeRef<'_>) -> Option<ClaimType> {
        let before = self.errors.len();
        let name = self.text(entry, "name");
        let uri = self.text(entry, "uri");
        let meaning = self.text(entry, "meaning");
        let group =
            self.word(entry, "group", Group::ALL.iter().map(|group| (group.word(), *group)).collect());
        let origin =
            self.word(entry, "origin", Origin::ALL.iter().map(|origin| (origin.word(), *origin)).collect());
        if let (Some(uri), Some(node)) = (&uri, exact(entry, "uri"))
            && uri.contains(char::is_whitespace)
        {
            self.say(node.span(), format!("`{uri}` has a blank in it."), None);
        }
        let new = ClaimType {
            name: Arc::from(name?),
            uri: Arc::from(uri?),
            meaning: Arc::from(meaning?),
            group: group?,
            origin: origin?,
            values: self.texts(entry, "values"),
            many: self.flag(entry, "many"),
            case_varies: self.flag(entry, "case-varies"),
            comes_along: self.flag(entry, "comes-along"),
        };
        (self.errors.len() == before).then_some(new)
    }

    /// One word of a closed list.
    fn word<T: Copy>(&mut self, entry: NodeRef<'_>, key: &str, known: Vec<(&str, T)>) -> Option<T> {
        let node = self.required(entry, key)?;
        let word = self.text_of(node, key)?;
        if let Some((_, found)) = known.iter().find(|(name, _)| *name == word) {
            return Some(*found);
        }
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let help = nearest(&word, names.iter().copied()).map_or_else(
            || format!("There are {}.", names.join(", ")),
            |name| format!("Did you mean `{name}`?"),
        );
        self.say(node.span(), format!("`{word}` is no {key} of a claim type."), Some(help));
        None
    }

    fn flag(&mut self, entry: NodeRef<'_>, key: &str) -> bool {
        let Some(node) = exact(entry, key) else { return false };
        if let Kind::Bool(value) = node.kind() {
            return value;
        }
        self.say(node.span(), format!("`{key}` is true or false."), None);
        false
    }
}
