//! One claim rule as a tree. Ranges count bytes from the rule's first byte.

/// A range of bytes in the text of a claim rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Range {
    /// First byte.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

impl Range {
    /// From `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }
}

/// A text in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// What stands between the quotes, as written.
    pub raw: String,
    /// Place of that, without the quotes.
    pub range: Range,
}

impl Literal {
    /// The text it stands for: since AD FS 2016 `\x22` is a quotation mark, and nothing else is an escape.
    pub fn text(&self) -> String {
        self.raw.replace("\\x22", "\"")
    }

    /// The place in the claim rule of a byte of that text.
    pub fn place(&self, at: u32) -> u32 {
        let mut raw_at = 0;
        let mut text_at = 0;
        for (number, part) in self.raw.split("\\x22").enumerate() {
            // Before each part but the first stand four bytes that are one in the text.
            if number > 0 {
                (raw_at, text_at) = (raw_at + 4, text_at + 1);
            }
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            if at <= text_at + length {
                return self.range.start + raw_at + at.saturating_sub(text_at);
            }
            (raw_at, text_at) = (raw_at + length, text_at + length);
        }
        self.range.end
    }
}

/// A name: of a variable, a function, an annotation. Names compare without regard to letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Its place.
    pub range: Range,
}

impl Name {
    /// Whether it is the same name.
    pub fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

/// `@RuleName = "..."` and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// `RuleName`, `RuleTemplate`.
    pub name: Name,
    /// Its text.
    pub text: Literal,
}

/// A property of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// The claim type.
    Type,
    /// The value.
    Value,
    /// Who issued it last.
    Issuer,
    /// Who issued it first.
    OriginalIssuer,
    /// Type of the value.
    ValueType,
    /// An entry of the property bag.
    Named(Literal),
}

impl Property {
    /// The property of that word, whatever its letter case; [`Property::Named`] has no word of its own.
    pub fn of(word: &str) -> Option<Self> {
        let plain = [Self::Type, Self::Value, Self::Issuer, Self::OriginalIssuer, Self::ValueType];
        plain.into_iter().find(|property| property.word().eq_ignore_ascii_case(word))
    }

    /// The word in its usual spelling.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Type => "Type",
            Self::Value => "Value",
            Self::Issuer => "Issuer",
            Self::OriginalIssuer => "OriginalIssuer",
            Self::ValueType => "ValueType",
            Self::Named(_) => "Properties",
        }
    }
}

/// How a test compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Matches,
    /// `!~`
    MatchesNot,
}

impl Operator {
    /// The operator of that sign.
    pub fn of(sign: &str) -> Self {
        match sign {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "=~" => Self::Matches,
            _ => Self::MatchesNot,
        }
    }

    /// As written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::MatchesNot => "!~",
        }
    }

    /// Whether the right side is a regular expression.
    pub fn is_pattern(self) -> bool {
        matches!(self, Self::Matches | Self::MatchesNot)
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A text.
    Literal(Literal),
    /// A property of a bound claim.
    Reference {
        /// The variable.
        variable: Name,
        /// The property.
        property: Property,
        /// Place of the whole.
        range: Range,
    },
    /// A function call.
    Call {
        /// The function.
        function: Name,
        /// Its arguments.
        arguments: Vec<Expression>,
        /// Place of the whole.
        range: Range,
    },
}

/// Terms joined by `+`; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The terms.
    pub terms: Vec<Term>,
    /// Place of the whole.
    pub range: Range,
}

impl Expression {
    /// The text, if it is nothing but one.
    pub fn literal(&self) -> Option<&Literal> {
        match self.terms.as_slice() {
            [Term::Literal(literal)] => Some(literal),
            _ => None,
        }
    }
}

/// One comparison in a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// What is compared.
    pub property: Property,
    /// How.
    pub operator: Operator,
    /// With what.
    pub value: Expression,
    /// Place of the whole.
    pub range: Range,
}

/// `[Type == "...", Value =~ "..."]`: which claims are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// All must hold.
    pub tests: Vec<Test>,
    /// Place, with the brackets.
    pub range: Range,
}

impl Selector {
    /// The claim type that it asks for with `==`.
    pub fn claim_type(&self) -> Option<&Literal> {
        self.tests
            .iter()
            .find(|test| test.property == Property::Type && test.operator == Operator::Equal)
            .and_then(|test| test.value.literal())
    }
}

/// What kind of condition a selector stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionKind {
    /// Runs the rule once for each claim that fits; may bind it to a variable.
    Select(Option<Name>),
    /// There is such a claim.
    Exists,
    /// There is no such claim.
    NotExists,
    /// There are so many such claims.
    Count {
        /// `==`, `>` and so on.
        operator: String,
        /// The number.
        number: String,
    },
}

/// One condition; all conditions of a rule must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its kind.
    pub kind: ConditionKind,
    /// The claims it is about.
    pub selector: Selector,
    /// Place of the whole.
    pub range: Range,
}

/// Whether a claim goes into the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Into the token, and visible to later rules.
    Issue,
    /// Only visible to later rules.
    Add,
}

impl Action {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Add => "add",
        }
    }
}

/// What a rule makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A copy of a bound claim.
    Copy(Name),
    /// A new claim.
    New(Vec<(Property, Expression)>),
    /// Claims from an attribute store.
    Store {
        /// The store.
        store: Literal,
        /// The claim types that the answer's columns become.
        types: Vec<Literal>,
        /// The query.
        query: Literal,
        /// What goes in for `{0}`, `{1}`.
        parameters: Vec<Expression>,
    },
}

/// The part behind `=>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuance {
    /// Into the token or not.
    pub action: Action,
    /// What.
    pub body: Body,
    /// Place of the whole.
    pub range: Range,
}

/// One claim rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRule {
    /// Name and template.
    pub annotations: Vec<Annotation>,
    /// Without conditions a rule always runs, once.
    pub conditions: Vec<Condition>,
    /// What it makes.
    pub issuance: Issuance,
}

impl ClaimRule {
    /// Text of the annotation of that name; the last one counts.
    pub fn annotation(&self, name: &str) -> Option<&Literal> {
        self.annotations.iter().rev().find(|annotation| annotation.name.is(name)).map(|found| &found.text)
    }
}
