//! The functions of the condition language: names, what they take, what they give.

use crate::farm::moment::{self, Moment};
use crate::farm::schema::Type;
use time::{Duration, OffsetDateTime};

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Number of items, entries or characters.
    Size,
    /// The text holds another one.
    Contains,
    /// The text begins with another one.
    StartsWith,
    /// The text ends with another one.
    EndsWith,
    /// The text matches a regular expression somewhere.
    Matches,
    /// A regular expression of .NET finds something in the text.
    MatchesDotNet,
    /// Why such a regular expression never finds anything.
    DotNetFault,
    /// The text in lower case.
    LowerAscii,
    /// The text in upper case.
    UpperAscii,
    /// The text without blanks around it.
    Trim,
    /// The parts between separators.
    Split,
    /// Texts put together.
    Join,
    /// The text with one part in place of another.
    Replace,
    /// The text is an IP address or a block of them.
    IsAddress,
    /// Two blocks of IP addresses have one in common.
    Overlaps,
    /// Bits at the beginning that all addresses of a block share.
    PrefixLength,
    /// A whole number.
    Int,
    /// A number with fraction.
    Double,
    /// A text.
    ToText,
    /// A moment.
    Timestamp,
    /// A length of time.
    Duration,
    /// Year of a moment (UTC).
    Year,
    /// Month, from 0.
    Month,
    /// Day of the month, from 1.
    Day,
    /// Whole hours: of the day, or of a length of time.
    Hours,
    /// Whole minutes: of the hour, or of a length of time.
    Minutes,
    /// Whole seconds: of the minute, or of a length of time.
    Seconds,
    /// The smallest item.
    Min,
    /// The largest item.
    Max,
    /// All items together.
    Sum,
    /// The first argument that is known.
    FirstKnown,
}

/// What a function takes in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Text,
    Number,
    List,
    TextList,
    Sized,
    Moment,
    MomentOrSpan,
    Anything,
}

impl Takes {
    pub fn fits(self, given: &Type) -> bool {
        if *given == Type::Any {
            return true;
        }
        let is_text = matches!(given, Type::Text | Type::Choice(_));
        match self {
            Self::Text => is_text,
            Self::Number => matches!(given, Type::Int | Type::Double),
            Self::List => matches!(given, Type::List(_)),
            Self::TextList => {
                matches!(given, Type::List(item) if matches!(**item, Type::Text | Type::Choice(_) | Type::Any))
            }
            Self::Sized => is_text || matches!(given, Type::List(_) | Type::Map(_) | Type::Bytes),
            Self::Moment => *given == Type::Time,
            Self::MomentOrSpan => matches!(given, Type::Time | Type::Duration),
            Self::Anything => true,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::List => "a list",
            Self::TextList => "a list of texts",
            Self::Sized => "a list, a map or a text",
            Self::Moment => "a moment",
            Self::MomentOrSpan => "a moment or a length of time",
            Self::Anything => "anything",
        }
    }
}

/// One entry of the table of functions.
pub(super) struct Signature {
    pub name: &'static str,
    pub function: Function,
    /// Called as `receiver.name(...)`; the receiver is the first of `takes`.
    pub method: bool,
    pub takes: &'static [Takes],
    pub gives: Gives,
}

/// Type of what a function gives.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    Bool,
    Int,
    Double,
    Text,
    Texts,
    Time,
    Duration,
    /// An item of the list that it takes.
    Item,
    /// The type of its first argument.
    First,
}

impl Gives {
    pub fn value_type(self, first: Option<&Type>) -> Type {
        match (self, first) {
            (Self::Bool, _) => Type::Bool,
            (Self::Int, _) => Type::Int,
            (Self::Double, _) => Type::Double,
            (Self::Text, _) => Type::Text,
            (Self::Texts, _) => Type::list(Type::Text),
            (Self::Time, _) => Type::Time,
            (Self::Duration, _) => Type::Duration,
            (Self::Item, Some(Type::List(item))) => (**item).clone(),
            (Self::First, Some(first)) => first.clone(),
            (Self::Item | Self::First, _) => Type::Any,
        }
    }
}

macro_rules! signatures {
    ($($name:literal $function:ident $method:literal [$($takes:ident),*] $gives:ident;)*) => {
        &[$(Signature {
            name: $name,
            function: Function::$function,
            method: $method,
            takes: &[$(Takes::$takes),*],
            gives: Gives::$gives,
        }),*]
    };
}

/// All functions. A function with several forms has several rows.
pub(super) const SIGNATURES: &[Signature] = signatures! {
    "size" Size false [Sized] Int;
    "size" Size true [Sized] Int;
    "contains" Contains true [Text, Text] Bool;
    "startsWith" StartsWith true [Text, Text] Bool;
    "endsWith" EndsWith true [Text, Text] Bool;
    "matches" Matches true [Text, Text] Bool;
    "matchesDotNet" MatchesDotNet true [Text, Text] Bool;
    "dotNetFault" DotNetFault true [Text] Text;
    "lowerAscii" LowerAscii true [Text] Text;
    "upperAscii" UpperAscii true [Text] Text;
    "trim" Trim true [Text] Text;
    "split" Split true [Text, Text] Texts;
    "join" Join true [TextList] Text;
    "join" Join true [TextList, Text] Text;
    "replace" Replace true [Text, Text, Text] Text;
    "isAddress" IsAddress true [Text] Bool;
    "overlaps" Overlaps true [Text, Text] Bool;
    "prefixLength" PrefixLength true [Text] Int;
    "int" Int false [Anything] Int;
    "double" Double false [Anything] Double;
    "string" ToText false [Anything] Text;
    "timestamp" Timestamp false [Text] Time;
    "duration" Duration false [Text] Duration;
    "getFullYear" Year true [Moment] Int;
    "getMonth" Month true [Moment] Int;
    "getDate" Day true [Moment] Int;
    "getHours" Hours true [MomentOrSpan] Int;
    "getMinutes" Minutes true [MomentOrSpan] Int;
    "getSeconds" Seconds true [MomentOrSpan] Int;
    "min" Min false [List] Item;
    "max" Max false [List] Item;
    "sum" Sum false [List] Item;
    "min" Min false [Number, Number] First;
    "max" Max false [Number, Number] First;
};

/// Reads the text of `timestamp('…')`.
pub fn timestamp(text: &str) -> Option<OffsetDateTime> {
    match moment::moment(text)? {
        Moment::At(at) => Some(at),
        Moment::Never => None,
    }
}

/// Reads the text of `duration('…')`: `90m`, `1h30m`, `-5s`, `1.5h`; days (`30d`) are ours, CEL stops at hours.
pub fn duration(text: &str) -> Option<Duration> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let amount: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let units = [("ms", 0.001), ("d", 86_400.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
        let (unit, length) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
        seconds += amount * length;
        rest = rest.get(unit.len()..)?;
    }
    Duration::checked_seconds_f64(sign * seconds)
}
