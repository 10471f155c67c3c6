//! From rule files to rules: every key, name and condition is checked, and whatever is wrong is said with its place.

use std::sync::Arc;

use super::condition::{Condition, Definition, Definitions, Scope, Trouble, compile};
use super::documents::Documents;
use super::rule::{Example, Expectation, LabelRule, Level, Rule, Shows, Target};
use super::template::Template;
use crate::error::Error;
use crate::farm::nearest;
use crate::farm::schema::Type;
use crate::farm::vocabulary::Vocabulary;
use crate::finding::{Confidence, Severity};
use crate::node::{Kind, NodeRef, Tree};
use crate::source::Span;

const KEYS: [&str; 24] = [
    "id",
    "name",
    "title",
    "severity",
    "confidence",
    "for",
    "in",
    "when",
    "pattern",
    "not-pattern",
    "where",
    "expect",
    "native",
    "sums",
    "message",
    "undecided",
    "settled",
    "labels",
    "why",
    "fix",
    "references",
    "tags",
    "examples",
    "about",
];
const EXAMPLE_KEYS: [&str; 6] = ["name", "farm", "facts", "as-of", "severity", "missing"];

/// Reads rule files against a vocabulary.
pub(super) struct Loader<'v> {
    pub vocabulary: &'v Vocabulary,
    pub definitions: &'v Definitions,
    pub natives: &'v [&'v str],
    pub documents: &'v Documents,
    pub errors: Vec<Error>,
}

impl<'v> Loader<'v> {
    /// A loader of files that name neither functions nor documents.
    pub fn new(vocabulary: &'v Vocabulary, definitions: &'v Definitions) -> Self {
        static NONE: Documents = Documents::NONE;
        Self { vocabulary, definitions, natives: &[], documents: &NONE, errors: Vec::new() }
    }

    pub(super) fn say(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        let error = Error::usage(message).at(span);
        self.errors.push(match help {
            Some(help) => error.help(help),
            None => error,
        });
    }

    /// Reads one rule file. `None` if it is so wrong that no rule comes of it; the errors say why.
    pub fn rule(&mut self, tree: Tree, path: &str) -> Option<Rule> {
        let tree = Arc::new(tree);
        let Some(root) = tree.root().filter(|root| root.kind() == Kind::Map) else {
            let span = Span::new(tree.source(), 0, 0);
            self.say(span, "A rule file holds the keys of one rule: id, name, title and so on.", None);
            return None;
        };
        self.keys(root, &KEYS, "a rule");
        let mut targets = self.targets(root).into_iter();
        let mut rule = self.for_target(targets.next()?, &tree, root, path)?;
        for target in targets {
            rule.also.push(self.for_target(target, &tree, root, path)?);
        }
        Some(rule)
    }

    fn for_target(
        &mut self,
        target: Target,
        tree: &Arc<Tree>,
        root: NodeRef<'_>,
        path: &str,
    ) -> Option<Rule> {
        let before = self.errors.len();
        let scope_type = self.type_of(target);
        let id = self.text(root, "id");
        let name = self.text(root, "name");
        self.spelling(root, id.as_deref(), name.as_deref());
        let scope = self.scope(scope_type);
        let pattern = self.sketches(root, target);
        let sum = self.sum(root, target);
        let bound = match &sum {
            Some(_) => Some(self.sum_metavariables()),
            None => pattern.as_ref().map(|pattern| self.metavariables(pattern)),
        };
        // What is said of a failure may name what the pattern bound; whether a rule applies is asked before.
        let found = Scope { metavariables: bound.as_deref(), ..scope.clone() };
        let rule = Rule {
            id: Arc::from(id?),
            name: Arc::from(name?),
            title: Arc::from(self.text(root, "title")?),
            levels: self.levels(root, &found),
            confidence: self.confidence(root)?,
            target,
            within: self.within(root, target),
            also: Vec::new(),
            when: self.optional_condition(root, "when", &scope),
            expectation: match (sum, pattern) {
                (Some(tag), _) => Expectation::Sum(tag),
                (None, Some(pattern)) => self.claim_pattern(root, pattern, &found),
                (None, None) => self.expectation(root, &scope)?,
            },
            message: self.template(root, "message", &found),
            undecided: self.template(root, "undecided", &found),
            settled: self.template(root, "settled", &found),
            labels: self.labels(root, &found),
            why: Arc::from(self.text(root, "why")?.trim()),
            fix: self.template(root, "fix", &found).unwrap_or_default(),
            references: self.references(root),
            tags: self.texts(root, "tags"),
            group: path.rsplit('/').nth(1).unwrap_or("").to_owned(),
            examples: self.examples(root),
            is_own: false,
            path: path.to_owned(),
            file: Arc::clone(tree),
        };
        let has_message = rule.message.is_some() || matches!(rule.expectation, Expectation::Native(_));
        if !has_message && self.errors.len() == before {
            self.say(
                root.span(),
                "The rule has no `message`.",
                Some("Say what is wrong, with the object and the values.".into()),
            );
        }
        (self.errors.len() == before).then_some(rule)
    }

    fn scope(&self, this: Option<Type>) -> Scope<'v> {
        Scope {
            schema: &self.vocabulary.schema,
            this,
            farm: self.vocabulary.farm(),
            facts: self.vocabulary.facts(),
            definitions: self.definitions,
            metavariables: None,
        }
    }

    fn type_of(&self, target: Target) -> Option<Type> {
        let schema = &self.vocabulary.schema;
        match target {
            Target::Farm => Some(Type::Record(self.vocabulary.farm())),
            Target::Kind(kind) => self.vocabulary.kind(kind).map(|kind| Type::Record(kind.record)),
            Target::ClaimRuleSet => schema.record_id("ClaimRuleSet").map(Type::Record),
            Target::ClaimRule => schema.record_id("ClaimRule").map(Type::Record),
        }
    }

    fn spelling(&mut self, root: NodeRef<'_>, id: Option<&str>, name: Option<&str>) {
        let good_id = |id: &str| {
            let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
            let digits = id.bytes().skip(letters).filter(u8::is_ascii_digit).count();
            letters >= 2 && digits >= 3 && letters + digits == id.len()
        };
        let good_name = |name: &str| {
            name.contains('-')
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if let (Some(id), Some(node)) = (id.filter(|id| !good_id(id)), root.get("id")) {
            let help = Some("An id is capital letters and three digits, such as ACME001.".to_owned());
            self.say(node.span(), format!("`{id}` is no id."), help);
        }
        if let (Some(name), Some(node)) = (name.filter(|name| !good_name(name)), root.get("name")) {
            let help = Some(
                "A name is lower-case words with hyphens that say the bad thing: token-binding-left-on."
                    .to_owned(),
            );
            self.say(node.span(), format!("`{name}` is no name."), help);
        }
    }

    pub(super) fn keys(&mut self, map: NodeRef<'_>, known: &[&str], what: &str) {
        let mut seen: Vec<String> = Vec::new();
        for (key, _) in map.entries() {
            let name = key.text().unwrap_or_default().into_owned();
            if !known.contains(&name.as_str()) {
                let help = nearest(&name, known.iter().copied()).map_or_else(
                    || format!("It has {}.", known.join(", ")),
                    |name| format!("Did you mean `{name}`?"),
                );
                self.say(key.span(), format!("`{name}` is no key of {what}."), Some(help));
            } else if seen.contains(&name) {
                self.say(key.span(), format!("`{name}` stands here twice."), None);
            }
            seen.push(name);
        }
    }

    pub(super) fn required<'t>(&mut self, map: NodeRef<'t>, key: &str) -> Option<NodeRef<'t>> {
        let found = exact(map, key);
        if found.is_none() {
            let start = map.span();
            let span = Span::new(start.source, start.start, start.start);
            self.say(span, format!("The key `{key}` is missing."), None);
        }
        found
    }

    pub(super) fn text(&mut self, map: NodeRef<'_>, key: &str) -> Option<String> {
        let node = self.required(map, key)?;
        self.text_of(node, key)
    }

    pub(super) fn text_of(&mut self, node: NodeRef<'_>, key: &str) -> Option<String> {
        let text = match node.kind() {
            Kind::Text | Kind::Number | Kind::Bool(_) => node.text().map(std::borrow::Cow::into_owned),
            _ => None,
        };
        if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
            self.say(node.span(), format!("`{key}` is a text."), None);
            return None;
        }
        text
    }

    pub(super) fn texts(&mut self, map: NodeRef<'_>, key: &str) -> Vec<Arc<str>> {
        let Some(list) = exact(map, key) else { return Vec::new() };
        if list.kind() != Kind::List {
            self.say(list.span(), format!("`{key}` is a list of texts."), None);
        }
        list.items().filter_map(|item| self.text_of(item, key)).map(Arc::from).collect()
    }

    /// One kind, or a list of them.
    fn targets(&mut self, root: NodeRef<'_>) -> Vec<Target> {
        let Some(node) = self.required(root, "for") else { return Vec::new() };
        if node.kind() == Kind::List {
            return node.items().filter_map(|item| self.target(item)).collect();
        }
        self.target(node).into_iter().collect()
    }

    fn target(&mut self, node: NodeRef<'_>) -> Option<Target> {
        let name = self.text_of(node, "for")?;
        let kinds = self.vocabulary;
        match name.as_str() {
            "Farm" => Some(Target::Farm),
            "ClaimRuleSet" => Some(Target::ClaimRuleSet),
            "ClaimRule" => Some(Target::ClaimRule),
            other => {
                if let Some(kind) = kinds.kind_id(other) {
                    return Some(Target::Kind(kind));
                }
                let names = kinds.kinds().map(|(_, kind)| &*kind.name);
                let help = nearest(other, names.chain(["Farm", "ClaimRuleSet", "ClaimRule"]));
                let help = help.map(|name| format!("Did you mean `{name}`?"));
                self.say(node.span(), format!("The vocabulary has no kind `{other}`."), help);
                None
            }
        }
    }

    fn confidence(&mut self, root: NodeRef<'_>) -> Option<Confidence> {
        let node = self.required(root, "confidence")?;
        let word = self.text_of(node, "confidence")?;
        let found = Confidence::from_name(&word);
        if found.is_none() {
            self.say(
                node.span(),
                format!("`{word}` is no confidence."),
                Some("Write low, medium or high.".into()),
            );
        }
        found
    }

    fn severity(&mut self, node: NodeRef<'_>) -> Option<Severity> {
        let word = self.text_of(node, "severity")?;
        let found = Severity::from_name(&word);
        if found.is_none() {
            self.say(
                node.span(),
                format!("`{word}` is no severity."),
                Some("Write note, warning or error.".into()),
            );
        }
        found
    }

    fn levels(&mut self, root: NodeRef<'_>, scope: &Scope<'_>) -> Vec<Level> {
        let Some(node) = self.required(root, "severity") else { return Vec::new() };
        if node.kind() != Kind::List {
            return self.severity(node).map(|severity| Level { severity, when: None }).into_iter().collect();
        }
        let mut levels = Vec::new();
        for entry in node.items() {
            self.keys(entry, &["level", "when"], "a severity");
            let severity = self.required(entry, "level").and_then(|level| self.severity(level));
            let when = self.optional_condition(entry, "when", scope);
            levels.extend(severity.map(|severity| Level { severity, when }));
        }
        if levels.last().is_none_or(|last| last.when.is_some()) {
            self.say(
                node.span(),
                "The last severity must hold always.",
                Some("Add an entry without `when`.".into()),
            );
        }
        levels
    }

    fn expectation(&mut self, root: NodeRef<'_>, scope: &Scope<'_>) -> Option<Expectation> {
        match (exact(root, "expect"), exact(root, "native")) {
            (Some(expect), None) => self.truth(expect, scope).map(Expectation::Condition),
            (None, Some(native)) => {
                let name = self.text_of(native, "native")?;
                if self.natives.contains(&name.as_str()) {
                    return Some(Expectation::Native(name));
                }
                let help = nearest(&name, self.natives.iter().copied()).map_or_else(
                    || format!("There are {}.", self.natives.join(", ")),
                    |name| format!("Did you mean `{name}`?"),
                );
                self.say(native.span(), format!("There is no native function `{name}`."), Some(help));
                None
            }
            (Some(_), Some(native)) => {
                self.say(native.span(), "A rule has `expect` or `native`, not both.", None);
                None
            }
            (None, None) => {
                self.required(root, "expect");
                None
            }
        }
    }

    pub(super) fn optional_condition(
        &mut self,
        map: NodeRef<'_>,
        key: &str,
        scope: &Scope<'_>,
    ) -> Option<Condition> {
        exact(map, key).and_then(|node| self.truth(node, scope))
    }

    fn truth(&mut self, node: NodeRef<'_>, scope: &Scope<'_>) -> Option<Condition> {
        let condition = self.condition(node, scope)?;
        if !condition.is_truth() {
            let given = self.vocabulary.schema.type_name(condition.value_type());
            self.say(node.span(), format!("This must be true or false, and is {given}."), None);
            return None;
        }
        Some(condition)
    }

    fn condition(&mut self, node: NodeRef<'_>, scope: &Scope<'_>) -> Option<Condition> {
        let text = self.text_of(node, "condition")?;
        match compile(&text, scope) {
            Ok(condition) => Some(condition),
            Err(troubles) => {
                self.troubles(node, troubles);
                None
            }
        }
    }

    pub(super) fn troubles(&mut self, node: NodeRef<'_>, troubles: Vec<Trouble>) {
        let decoded = node.decoded().unwrap_or_default();
        let base = node.span();
        for trouble in troubles {
            let start = base.start + decoded.map.raw_start(trouble.range.0);
            let end = base.start + decoded.map.raw_end(trouble.range.1);
            self.say(Span::new(base.source, start, end.min(base.end)), trouble.message, trouble.help);
        }
    }

    fn template(&mut self, map: NodeRef<'_>, key: &str, scope: &Scope<'_>) -> Option<Template> {
        let node = exact(map, key)?;
        let text = self.text_of(node, key)?;
        match Template::compile(text.trim_end(), scope) {
            Ok(template) => Some(template),
            Err(troubles) => {
                self.troubles(node, troubles);
                None
            }
        }
    }

    fn labels(&mut self, root: NodeRef<'_>, scope: &Scope<'_>) -> Vec<LabelRule> {
        let Some(list) = exact(root, "labels") else { return Vec::new() };
        let mut labels = Vec::new();
        for entry in list.items() {
            self.keys(entry, &["at", "text"], "a label");
            let at = self.required(entry, "at").and_then(|node| self.condition(node, scope));
            let text = self.required(entry, "text").and_then(|_| self.template(entry, "text", scope));
            labels.extend(at.zip(text).map(|(at, text)| LabelRule { at, text }));
        }
        labels
    }

    fn examples(&mut self, root: NodeRef<'_>) -> Vec<Example> {
        let Some(map) = exact(root, "examples") else { return Vec::new() };
        let words: Vec<&str> = Shows::ALL.iter().map(|(_, word)| *word).collect();
        self.keys(map, &words, "examples");
        let mut examples = Vec::new();
        for (shows, word) in Shows::ALL {
            for entry in exact(map, word).into_iter().flat_map(NodeRef::items) {
                self.keys(entry, &EXAMPLE_KEYS, "an example");
                if let Some(name) = self.text(entry, "name") {
                    examples.push(Example { shows, name, node: entry.index() });
                }
            }
        }
        examples
    }

    /// Reads `definitions.yaml`, each entry seeing those before it.
    pub fn definitions(
        vocabulary: &'v Vocabulary,
        tree: &Tree,
        so_far: Definitions,
    ) -> (Definitions, Vec<Error>) {
        let mut definitions = so_far;
        let mut errors = Vec::new();
        let Some(root) = tree.root() else { return (definitions, errors) };
        for entry in root.items() {
            let definition = {
                let mut loader = Loader::new(vocabulary, &definitions);
                let definition = loader.definition(entry);
                errors.append(&mut loader.errors);
                definition
            };
            if let Some(definition) = definition {
                let name = definition.name.clone();
                if !definitions.add(definition) {
                    errors.push(Error::usage(format!("`{name}` is defined twice.")).at(entry.span()));
                }
            }
        }
        (definitions, errors)
    }

    fn definition(&mut self, entry: NodeRef<'_>) -> Option<Definition> {
        self.keys(entry, &["name", "about", "is"], "a definition");
        let name = self.text(entry, "name")?;
        let about = self.text(entry, "about")?;
        let node = self.required(entry, "is")?;
        let scope = self.scope(None);
        let condition = self.condition(node, &scope)?;
        Some(Definition { name, about, condition })
    }
}

/// A key, letter case included: rule files are ours.
pub(super) fn exact<'t>(map: NodeRef<'t>, key: &str) -> Option<NodeRef<'t>> {
    map.entries().find(|(name, _)| name.text().as_deref() == Some(key)).map(|entry| entry.1)
}
