//! Words of a pattern, as `parse.rs` reads them and `build.rs` puts them together.

use super::ast::{Anchor, Span};

/// A word with its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<'t> {
    /// The word.
    pub token: Token<'t>,
    /// Its place.
    pub span: Span,
}

/// A word.
#[derive(Debug, Clone)]
pub(super) enum Token<'t> {
    /// A comment, or blanks that do not count.
    Blank,
    /// `(?#` without an end.
    OpenComment,
    /// `(?i)`: options from here to the end of the group.
    Options(Changes),
    /// `(` in all its forms.
    Open(Opening<'t>),
    /// `)`
    Close,
    /// `|`
    Bar,
    /// `[...]`
    Class(RawClass<'t>),
    /// `\A`, `\b` and the like; `^` and `$` depend on options.
    Anchor(Anchor),
    /// `^`
    Start,
    /// `$`
    End,
    /// `.`
    Dot,
    /// `\d` and the like.
    Set(RawSet<'t>),
    /// `\k<name>`, and `\<name>` as it was written once.
    Reference(&'t str),
    /// `\12`: a group, or a character by its octal number.
    Number(&'t str),
    /// A character as it stands or behind a backslash.
    Character(RawCharacter),
    /// `*`, `+`, `{2,3}`.
    Quantifier(Quantity<'t>),
    /// `?`: perhaps, or as few as possible.
    Question,
    /// `\` with nothing behind it.
    LoneBackslash,
    /// `\k` without a name.
    BadReference,
}

/// Options that are switched on and off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Letters behind nothing or `+`.
    pub on: Options,
    /// Letters behind `-`.
    pub off: Options,
}

/// The options that a pattern can set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // five switches are five booleans
pub(super) struct Options {
    /// Letter case does not count.
    pub ignore_case: bool,
    /// `^` and `$` also stand at lines.
    pub multiline: bool,
    /// Groups without name are not numbered.
    pub explicit_capture: bool,
    /// `.` also stands for a line break.
    pub singleline: bool,
    /// Blanks and comments do not count.
    pub spaced: bool,
}

impl Options {
    /// These options after some changes.
    pub fn with(self, changes: Changes) -> Self {
        let pick = |now: bool, on: bool, off: bool| (now || on) && !off;
        let (on, off) = (changes.on, changes.off);
        Self {
            ignore_case: pick(self.ignore_case, on.ignore_case, off.ignore_case),
            multiline: pick(self.multiline, on.multiline, off.multiline),
            explicit_capture: pick(self.explicit_capture, on.explicit_capture, off.explicit_capture),
            singleline: pick(self.singleline, on.singleline, off.singleline),
            spaced: pick(self.spaced, on.spaced, off.spaced),
        }
    }
}

impl Changes {
    /// From letters such as `im-s`; the last word on a letter counts.
    pub fn of(letters: &str) -> Self {
        let mut changes = Self::default();
        let mut is_on = true;
        for letter in letters.chars() {
            let pick = |options: &mut Options, value| match letter.to_ascii_lowercase() {
                'i' => options.ignore_case = value,
                'm' => options.multiline = value,
                'n' => options.explicit_capture = value,
                's' => options.singleline = value,
                _ => options.spaced = value,
            };
            match letter {
                '-' => is_on = false,
                '+' => is_on = true,
                _ => {
                    pick(&mut changes.on, is_on);
                    pick(&mut changes.off, !is_on);
                }
            }
        }
        changes
    }
}

/// What a bracket opens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening<'t> {
    /// `(`
    Capture,
    /// `(?:`, `(?i:`
    Scoped(Changes),
    /// `(?=`, `(?<!` and so on.
    Look {
        /// It looks back.
        behind: bool,
        /// It must not be there.
        negative: bool,
    },
    /// `(?>`
    Atomic,
    /// `(?<name>`, `(?<name-popped>`, `(?<-popped>`
    Named {
        /// What is captured.
        name: Option<&'t str>,
        /// Whose last capture is given up.
        popped: Option<&'t str>,
    },
    /// `(?(name)`, or `(?` before an expression in brackets.
    Condition(Option<&'t str>),
    /// `(?` and nothing that .NET knows.
    Unknown,
}

/// How often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantity<'t> {
    /// At least.
    pub least: &'t str,
    /// At most; `None` is without bound.
    pub most: Option<&'t str>,
}

/// `\d`, `\p{Lu}`.
#[derive(Debug, Clone, Copy)]
pub(super) enum RawSet<'t> {
    /// `d D w W s S`
    Letter(char),
    /// `\p{...}` and `\P{...}`
    Property {
        /// The name.
        name: &'t str,
        /// `\P`
        negated: bool,
    },
    /// `\p` and nothing that fits.
    BadProperty,
}

/// A character, as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum RawCharacter {
    /// As it stands, or by its number.
    Plain(char),
    /// Behind a backslash.
    Escaped(char),
    /// `\x`, `\u` without their digits.
    BadCode,
    /// `\c` without its letter.
    BadControl,
}

/// `[...]` as it is written.
#[derive(Debug, Clone)]
pub(super) struct RawClass<'t> {
    /// `[^`
    pub negated: bool,
    /// What is in it.
    pub items: Vec<RawItem<'t>>,
    /// There is a closing bracket.
    pub closed: bool,
    /// Its place.
    pub span: Span,
}

/// A part of a class.
#[derive(Debug, Clone)]
pub(super) struct RawItem<'t> {
    /// What.
    pub kind: RawItemKind<'t>,
    /// Where.
    pub span: Span,
}

/// What a part of a class is.
#[derive(Debug, Clone)]
pub(super) enum RawItemKind<'t> {
    /// One character.
    Character(RawCharacter),
    /// `a-z`
    Range(RawCharacter, RangeEnd),
    /// `\d` and the like.
    Set(RawSet<'t>),
    /// `-[...]`
    Subtraction(Box<RawClass<'t>>),
}

/// Where a range ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum RangeEnd {
    /// A character.
    Character(RawCharacter),
    /// `\d` and the like, which .NET refuses here.
    Set,
    /// `\-`, which .NET takes for itself and goes on looking for the end.
    Dash,
}
