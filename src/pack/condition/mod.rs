//! The condition language: CEL's syntax, checked against the vocabulary before any export is read.
//!
//! [`compile`] turns a text into a [`Condition`]; `check::evaluate` runs it.

pub mod flip;
pub mod functions;
mod metavariable;
mod parse;
mod resolve;
pub mod tree;

pub use functions::Function;
use tree::Expression;

use crate::farm::schema::{FieldId, RecordTypeId, Schema, Type};

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Where, in bytes of the condition's text.
    pub range: (u32, u32),
    /// What is wrong.
    pub message: String,
    /// What may have been meant.
    pub help: Option<String>,
}

/// What a condition can see.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// Types of all records.
    pub schema: &'a Schema,
    /// Type of `self`; `None` where there is none, as in a definition.
    pub this: Option<Type>,
    /// Record type of `farm`.
    pub farm: RecordTypeId,
    /// Record type of `facts`.
    pub facts: RecordTypeId,
    /// Named expressions.
    pub definitions: &'a Definitions,
    /// What the rule's pattern binds; `None` where nothing is bound.
    pub metavariables: Option<&'a [Metavariable]>,
}

/// A metavariable of a pattern, by its number in a match.
#[derive(Debug, Clone)]
pub struct Metavariable {
    /// With its `$`.
    pub name: String,
    /// Record type of what it stands for.
    pub record: RecordTypeId,
    /// The field that stands for the whole, if one does: a text is compared as a text.
    pub whole: Option<FieldId>,
    /// Every alternative of the pattern binds it.
    pub always: bool,
}

/// A checked condition.
#[derive(Debug, Clone)]
pub struct Condition {
    text: String,
    root: Expression,
    variables: usize,
    depth: usize,
}

impl Condition {
    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Type of its value.
    pub fn value_type(&self) -> &Type {
        &self.root.value_type
    }

    /// The checked expression.
    pub fn root(&self) -> &Expression {
        &self.root
    }

    /// How many variables its macros bind.
    pub fn variables(&self) -> usize {
        self.variables
    }

    /// Whether it can be used where true or false is needed.
    pub fn is_truth(&self) -> bool {
        matches!(self.root.value_type, Type::Bool | Type::Any)
    }

    /// Members of `farm` and `facts` that it reads, as written; for documentation.
    pub fn inputs(&self) -> Vec<String> {
        let mut inputs = Vec::new();
        self.root.collect_inputs(&mut inputs);
        inputs.sort();
        inputs.dedup();
        inputs
    }

    /// Whether it names one of these definitions.
    pub fn uses_any(&self, definitions: &[usize]) -> bool {
        self.root.uses_any(definitions)
    }
}

/// A named expression that every rule can use.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub about: String,
    /// The expression.
    pub condition: Condition,
}

/// Named expressions, in the order in which they may use each other.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    list: Vec<Definition>,
}

impl Definitions {
    /// Adds one. False if the name is taken.
    pub fn add(&mut self, definition: Definition) -> bool {
        let is_new = self.find(&definition.name).is_none();
        if is_new {
            self.list.push(definition);
        }
        is_new
    }

    /// Number and definition of a name.
    pub fn find(&self, name: &str) -> Option<(usize, &Definition)> {
        self.list.iter().enumerate().find(|(_, definition)| definition.name == name)
    }

    /// The definition of that number.
    pub fn get(&self, number: usize) -> Option<&Definition> {
        self.list.get(number)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Definition> {
        self.list.iter()
    }

    /// Puts another expression in the place of one, for tests of the pack.
    pub fn replace(&mut self, number: usize, condition: Condition) {
        if let Some(definition) = self.list.get_mut(number) {
            definition.condition = condition;
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Parses and checks a condition. The error lists everything that is wrong with it.
pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Condition, Vec<Trouble>> {
    let raw = parse::parse(text).map_err(|trouble| vec![trouble])?;
    let mut resolver = resolve::Resolver::new(scope);
    let root = resolver.expression(&raw);
    if !resolver.troubles.is_empty() {
        return Err(resolver.troubles);
    }
    let depth = root.depth(&|number| scope.definitions.get(number).map_or(0, |named| named.condition.depth));
    if depth > tree::DEEPEST {
        return Err(vec![parse::too_deep(raw.range.1)]);
    }
    Ok(Condition { text: text.to_owned(), root, variables: resolver.variables, depth })
}
