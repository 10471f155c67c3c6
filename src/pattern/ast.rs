//! A .NET regular expression as a tree.
//!
//! Every node knows its place. Options such as `(?i)` are resolved: a character knows whether its case counts, `^`
//! whether it stands at the text or at a line. No question about a pattern needs to know which options are on.

use std::sync::Arc;

use super::set::CharSet;

/// A place in a pattern's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

impl Span {
    /// From `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The part of a pattern's text that stands there.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// What a part of a pattern is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing at all: an empty alternative, `(?i)`.
    Nothing,
    /// One character.
    Character {
        /// Which.
        character: char,
        /// Its case does not count.
        ignore_case: bool,
    },
    /// `.`
    Dot {
        /// It also stands for a line break.
        newline: bool,
    },
    /// `\d`, `\W`, `\p{Lu}`.
    Shorthand(Shorthand),
    /// `[a-z]`
    Class(Class),
    /// `^`, `$`, `\b` and the like.
    Anchor(Anchor),
    /// One after the other.
    Sequence(Vec<Node>),
    /// One or another, the first that fits.
    Alternation(Vec<Node>),
    /// More than once, or perhaps.
    Repeat(Box<Repeat>),
    /// In brackets.
    Group(Box<Group>),
    /// `(?=...)` and its kin.
    Look(Box<Look>),
    /// `(?(test)yes|no)`
    Conditional(Box<Conditional>),
    /// What a group matched before.
    Reference {
        /// Its number.
        group: u32,
        /// Letter case does not count.
        ignore_case: bool,
    },
}

/// An escape that stands for many characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Shorthand {
    /// As written, `\d`.
    pub text: Box<str>,
    /// The characters.
    pub set: Arc<CharSet>,
}

/// A class of characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// `[^`
    pub negated: bool,
    /// What is listed in it.
    pub items: Vec<ClassItem>,
    /// What is taken away again.
    pub subtraction: Option<Box<Class>>,
    /// All that it matches, with options and subtraction.
    pub set: Arc<CharSet>,
    /// Its place.
    pub span: Span,
}

/// A part of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassItem {
    /// What.
    pub kind: ClassItemKind,
    /// Where.
    pub span: Span,
}

/// What a part of a class is.
#[derive(Debug, Clone, PartialEq)]
pub enum ClassItemKind {
    /// From one character to another; a single one is a range of its own.
    Range(char, char),
    /// `\d` and the like.
    Shorthand(Shorthand),
}

/// A place between characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// `^`, `\A`
    TextStart,
    /// `^` under `(?m)`
    LineStart,
    /// `\z`
    TextEnd,
    /// `$`, `\Z`: also before a line break that ends the text.
    LastEnd,
    /// `$` under `(?m)`
    LineEnd,
    /// `\G`
    MatchStart,
    /// `\b`
    WordEdge,
    /// `\B`
    NoWordEdge,
}

/// Something repeated.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// What.
    pub inner: Node,
    /// How often at least.
    pub least: u32,
    /// How often at most; `None` is without bound.
    pub most: Option<u32>,
    /// As few as possible first.
    pub lazy: bool,
}

/// Something in brackets.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Which kind of brackets.
    pub kind: GroupKind,
    /// What is in them.
    pub inner: Node,
}

/// Kinds of brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupKind {
    /// `(?:...)`, and `(...)` under `(?n)`.
    Plain,
    /// `(?>...)`: never tried another way.
    Atomic,
    /// `(...)`, `(?<name>...)`
    Capture {
        /// Its number.
        number: u32,
        /// Its name, if it has one.
        name: Option<Box<str>>,
    },
    /// `(?<name-popped>...)`: gives up the last capture of another group.
    Balance {
        /// Number of the group that captures.
        number: Option<u32>,
        /// Number of the group that loses a capture.
        popped: u32,
    },
}

/// A look ahead or back.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// It looks back.
    pub behind: bool,
    /// It must not be there.
    pub negative: bool,
    /// What is looked for.
    pub inner: Node,
}

/// `(?(test)yes|no)`
#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    /// What decides.
    pub test: Test,
    /// If it holds.
    pub yes: Node,
    /// If not.
    pub no: Node,
}

/// What decides a conditional.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Whether a group took part.
    Group(u32),
    /// Whether this comes next.
    Ahead(Node),
}

impl Node {
    /// The alternatives; a node that has none is its own only one.
    pub fn alternatives(&self) -> &[Self] {
        match &self.kind {
            Kind::Alternation(all) => all,
            _ => std::slice::from_ref(self),
        }
    }

    /// The parts one after the other; a node that is no sequence is its own only one.
    pub fn parts(&self) -> &[Self] {
        match &self.kind {
            Kind::Sequence(all) => all,
            Kind::Nothing => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The nodes right below.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Sequence(all) | Kind::Alternation(all) => all.iter().collect(),
            Kind::Repeat(repeat) => vec![&repeat.inner],
            Kind::Group(group) => vec![&group.inner],
            Kind::Look(look) => vec![&look.inner],
            Kind::Conditional(conditional) => match &conditional.test {
                Test::Ahead(test) => vec![test, &conditional.yes, &conditional.no],
                Test::Group(_) => vec![&conditional.yes, &conditional.no],
            },
            _ => Vec::new(),
        }
    }

    /// Itself and everything below, in reading order.
    pub fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// The characters it stands for, if it always matches exactly one.
    pub fn set(&self) -> Option<Arc<CharSet>> {
        match &self.kind {
            Kind::Character { character, ignore_case } => {
                Some(Arc::new(CharSet::character(*character, *ignore_case)))
            }
            Kind::Dot { newline: true } => Some(CharSet::any()),
            Kind::Dot { newline: false } => Some(CharSet::any_but_newline()),
            Kind::Shorthand(shorthand) => Some(Arc::clone(&shorthand.set)),
            Kind::Class(class) => Some(Arc::clone(&class.set)),
            _ => None,
        }
    }
}
