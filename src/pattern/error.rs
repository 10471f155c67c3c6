//! Why .NET refuses a pattern, in words.

/// Why a pattern is no regular expression of .NET, or why it was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte in the pattern.
    pub at: u32,
    /// What is wrong there.
    pub message: String,
    /// How to mend it; may be empty.
    pub help: String,
    /// .NET may well take it: it is only larger than what is looked at here.
    pub is_limit: bool,
}

impl PatternError {
    /// .NET refuses it.
    pub(super) fn refused(at: u32, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: help.into(), is_limit: false }
    }

    /// It is larger than what is looked at.
    pub(super) fn limit(at: u32, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: String::new(), is_limit: true }
    }
}

/// `(?` and nothing that .NET knows: a name that a web page swallowed, or another dialect.
pub(super) fn unknown_group(at: u32, rest: &str) -> PatternError {
    let behind = rest.get(2..).unwrap_or("");
    let refuse = |message: &str, help: &str| PatternError::refused(at, message, help);
    if behind.starts_with("P<") || behind.starts_with("P=") || behind.starts_with("P>") {
        return refuse(
            "(?P is how other dialects name groups",
            "write (?<name>...), and \\k<name> to refer to it",
        );
    }
    if behind.starts_with(['<', '\'']) {
        return refuse(
            "the name of the group is missing, not closed, or holds another character than letters, digits and _",
            "write (?<name>...)",
        );
    }
    if behind.starts_with(')') {
        return refuse("nothing stands before ? that it could repeat", "write \\? for a question mark");
    }
    if behind.starts_with(['|', 'R', '&', 'C', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return refuse("(? with that behind it is a group of another dialect", "write the group out");
    }
    if behind.is_empty() {
        return refuse("a group is begun and not written", "write (?<name>...) or (?:...)");
    }
    refuse(
        "behind (? stands no kind of group; a name in angle brackets was probably lost on a web page",
        "write (?<name>...) again, with the name that the replacement asks for",
    )
}

/// A letter behind a backslash that means nothing to .NET.
pub(super) fn unknown_escape(at: u32, letter: char) -> PatternError {
    let help = match letter {
        '_' => "write _ without a backslash".to_owned(),
        'h' => "write [ \\t] for blanks".to_owned(),
        'R' => "write \\r?\\n for a line break".to_owned(),
        'Q' | 'E' => "escape each character on its own; .NET has no quoting".to_owned(),
        'K' => "write (?<=...) for what stands before the match".to_owned(),
        letter if letter.is_ascii_digit() => "name a group that the pattern has".to_owned(),
        letter => format!("write {letter} for the letter, \\\\{letter} for a backslash and the letter"),
    };
    PatternError::refused(at, format!("\\{letter} means nothing to .NET"), help)
}

/// A quantifier with nothing to repeat.
pub(super) fn nothing_to_repeat(at: u32, quantifier: &str, is_first: bool) -> PatternError {
    let help = match quantifier {
        "*" if is_first => "write .* for any text; * alone is what file names know".to_owned(),
        other => format!("write \\{other} for the character"),
    };
    PatternError::refused(at, format!("nothing stands before {quantifier} that it could repeat"), help)
}

/// A quantifier behind a quantifier.
pub(super) fn nested_quantifier(at: u32, quantifier: &str) -> PatternError {
    let help = if quantifier == "+" {
        "put what must not be tried again into (?>...); .NET knows no a++"
    } else {
        "put the first into (?:...) if both are meant"
    };
    PatternError::refused(at, format!("{quantifier} repeats what is repeated already"), help)
}
