//! From `documents.yaml` to what founding documents and other tools say, so that a rule can name the line it is about.

use std::sync::Arc;

use super::load::{Loader, exact};
use super::rule::Reference;
use crate::farm::nearest;
use crate::node::{Kind, NodeRef, Tree};

/// A text that says how a farm should be configured, or a tool that checks it.
#[derive(Debug, Clone)]
pub struct Document {
    /// How rules name it.
    pub name: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Where it is.
    pub url: Arc<str>,
    /// What it is about.
    pub about: Arc<str>,
    /// What it says, in its order.
    pub statements: Vec<Statement>,
}

/// One thing that a document says.
#[derive(Debug, Clone)]
pub struct Statement {
    /// How rules name it.
    pub id: Arc<str>,
    /// The heading that it stands below.
    pub heading: Option<Arc<str>>,
    /// What it says, in our words.
    pub says: Arc<str>,
    /// Why no rule is about it.
    pub no_rule: Option<Arc<str>>,
}

/// All documents of a pack.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    list: Vec<Document>,
}

impl Documents {
    /// No documents.
    pub const NONE: Self = Self { list: Vec::new() };

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.list.iter()
    }

    /// The document of that name.
    pub fn find(&self, name: &str) -> Option<&Document> {
        self.list.iter().find(|document| &*document.name == name)
    }
}

impl Document {
    /// The statement of that name.
    pub fn find(&self, id: &str) -> Option<&Statement> {
        self.statements.iter().find(|statement| &*statement.id == id)
    }
}

impl Loader<'_> {
    /// Adds the documents of a file to those of the files before it.
    pub fn documents(&mut self, tree: &Tree, documents: &mut Documents) {
        for entry in tree.root().into_iter().flat_map(NodeRef::items) {
            self.keys(entry, &["name", "title", "url", "about", "statements"], "a document");
            let Some(document) = self.document(entry) else { continue };
            if documents.find(&document.name).is_some() {
                self.say(entry.span(), format!("`{}` stands here twice.", document.name), None);
                continue;
            }
            documents.list.push(document);
        }
    }

    fn document(&mut self, entry: NodeRef<'_>) -> Option<Document> {
        let mut document = Document {
            name: Arc::from(self.text(entry, "name")?),
            title: Arc::from(self.text(entry, "title")?),
            url: Arc::from(self.text(entry, "url")?),
            about: Arc::from(self.text(entry, "about")?),
            statements: Vec::new(),
        };
        for item in self.required(entry, "statements")?.items() {
            self.keys(item, &["id", "heading", "says", "no-rule"], "a statement");
            let Some(id) = self.text(item, "id") else { continue };
            if document.find(&id).is_some() {
                self.say(item.span(), format!("`{id}` stands here twice."), None);
                continue;
            }
            let mut optional = |key: &str| {
                let node = exact(item, key)?;
                self.text_of(node, key).map(Arc::from)
            };
            let (heading, no_rule) = (optional("heading"), optional("no-rule"));
            let Some(says) = self.text(item, "says") else { continue };
            document.statements.push(Statement {
                id: Arc::from(id),
                heading,
                says: Arc::from(says),
                no_rule,
            });
        }
        Some(document)
    }

    /// What a rule refers to: addresses, and statements of documents as `faq#B6`.
    pub(super) fn references(&mut self, map: NodeRef<'_>) -> Vec<Reference> {
        let Some(list) = exact(map, "references") else { return Vec::new() };
        if list.kind() != Kind::List {
            self.say(list.span(), "`references` is a list of texts.", None);
        }
        list.items().filter_map(|item| self.reference(item)).collect()
    }

    fn reference(&mut self, item: NodeRef<'_>) -> Option<Reference> {
        let text = self.text_of(item, "references")?;
        let named = text.split_once('#').filter(|(name, _)| !name.contains(['/', ':']));
        let Some((name, id)) = named else {
            return Some(Reference { url: Arc::from(text), statement: None });
        };
        let Some(document) = self.documents.find(name) else {
            let near = nearest(name, self.documents.iter().map(|document| &*document.name));
            let help = near.map(|near| format!("Did you mean `{near}#{id}`?"));
            self.say(item.span(), format!("There is no document `{name}`."), help);
            return None;
        };
        if document.find(id).is_none() {
            let near = nearest(id, document.statements.iter().map(|statement| &*statement.id));
            let help = near.map(|near| format!("Did you mean `{name}#{near}`?"));
            self.say(item.span(), format!("`{name}` has no statement `{id}`."), help);
            return None;
        }
        let statement = Some((Arc::clone(&document.name), Arc::from(id)));
        Some(Reference { url: Arc::clone(&document.url), statement })
    }
}
