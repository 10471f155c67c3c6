//! What a regular expression asks for, in plain words.

use super::listed;
use crate::pattern;

/// What a text must look like, as far as it can be said without the pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    /// Nothing may stand before it.
    starts: bool,
    /// Nothing may stand behind it.
    ends: bool,
    /// One of these.
    texts: Vec<String>,
    /// A dot in the texts is any character.
    loose: bool,
}

/// A verb phrase for a value that matches a pattern, or that does not: `ends with "@contoso.com"`.
pub(super) fn verb(written: &str, negated: bool) -> String {
    let Ok(parsed) = pattern::parse(written) else {
        let verb = if negated { "does not match" } else { "matches" };
        return format!("{verb} the pattern \"{written}\", which .NET refuses");
    };
    let case = if parsed.ignores_case() { " (in any letter case)" } else { "" };
    let core = written.replace("(?i)", "");
    if core == "^.+$" || core == ".+" {
        return if negated { "is empty" } else { "is not empty" }.to_owned();
    }
    if let Some(shape) = excluded(&core) {
        return format!("{}{case}", shape.phrase(!negated));
    }
    if let Some(shape) = shape(&core) {
        return format!("{}{case}", shape.phrase(negated));
    }
    // What looks around asks for more than its own characters.
    let looks_around = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| written.contains(look));
    if parsed.matches_everything() && !looks_around {
        return if negated { "is nothing at all, which never holds" } else { "is anything at all" }
            .to_owned();
    }
    let verb = if negated { "does not match" } else { "matches" };
    let reach = match (parsed.is_anchored_at_start(), parsed.is_anchored_at_end()) {
        (true, true) => "as a whole",
        (true, false) => "from its beginning, whatever follows",
        (false, true) => "at its end, whatever comes before",
        (false, false) => "somewhere in it",
    };
    format!("{verb} the pattern \"{written}\" {reach}{case}")
}

/// Texts one of which a pattern asks for as a whole.
pub(super) struct Exact {
    /// The texts.
    pub texts: Vec<String>,
    /// A dot in them is any character.
    pub loose: bool,
    /// Letter case does not count.
    pub any_case: bool,
}

/// The texts one of which a pattern asks for as a whole, if it is as simple as that.
pub(super) fn exact(written: &str) -> Option<Exact> {
    let parsed = pattern::parse(written).ok()?;
    let shape = shape(&written.replace("(?i)", "")).filter(|shape| shape.starts && shape.ends)?;
    Some(Exact { texts: shape.texts, loose: shape.loose, any_case: parsed.ignores_case() })
}

/// `^(?!…)`: what must not be there.
fn excluded(core: &str) -> Option<Shape> {
    let inner = core.strip_prefix("^(?!")?.strip_suffix(')')?;
    let (inner, ends) = match inner.strip_suffix('$') {
        Some(inner) => (inner.strip_prefix('(')?.strip_suffix(')')?, true),
        None => (inner, false),
    };
    let (texts, loose) = alternatives(inner)?;
    Some(Shape { starts: true, ends, texts, loose })
}

fn shape(core: &str) -> Option<Shape> {
    let (starts, middle) = core.strip_prefix('^').map_or((false, core), |rest| (true, rest));
    // A $ behind a backslash is a plain one.
    let (ends, middle) = match middle.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => (true, rest),
        _ => (false, middle),
    };
    let free = |text: &str| {
        ["(.*)", "(.+)", ".*", ".+"]
            .into_iter()
            .find(|run| text == *run || text.starts_with(run))
            .map(str::len)
    };
    let (before, middle) = match free(middle) {
        Some(length) => (true, middle.get(length..)?),
        None => (false, middle),
    };
    let behind = ["(.*)", "(.+)", ".*", ".+"].into_iter().find(|run| middle.ends_with(run));
    let middle = behind.map_or(middle, |run| middle.strip_suffix(run).unwrap_or(middle));
    let inside = middle.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let inside = inside.map(|inner| inner.strip_prefix("?:").unwrap_or(inner));
    // Anchors bind to one alternative only, unless a group holds them together.
    if inside.is_none() && middle.contains('|') && (starts || ends || before || behind.is_some()) {
        return None;
    }
    let (texts, loose) = alternatives(inside.unwrap_or(middle))?;
    Some(Shape { starts: starts && !before, ends: ends && behind.is_none(), texts, loose })
}

/// Texts between `|`, if they are nothing but characters; and whether a dot among them is any character.
fn alternatives(pattern: &str) -> Option<(Vec<String>, bool)> {
    let mut texts = vec![String::new()];
    let mut loose = false;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let plain = match character {
            '|' => {
                texts.push(String::new());
                continue;
            }
            '\\' => characters.next().filter(|escaped| !escaped.is_alphanumeric())?,
            '.' => {
                loose = true;
                '.'
            }
            '[' | ']' | '(' | ')' | '{' | '}' | '*' | '+' | '?' | '^' | '$' => return None,
            other => other,
        };
        texts.last_mut()?.push(plain);
    }
    texts.iter().all(|text| !text.is_empty()).then_some((texts, loose))
}

impl Shape {
    fn phrase(&self, negated: bool) -> String {
        let texts: Vec<String> = self.texts.iter().map(|text| format!("\"{text}\"")).collect();
        let either = listed(&texts, "or");
        let phrase = match (self.starts, self.ends, negated) {
            (true, true, false) if texts.len() > 1 => format!("is one of {either}"),
            (true, true, false) => format!("is {either}"),
            (true, true, true) if texts.len() > 1 => format!("is none of {}", listed(&texts, "and")),
            (true, true, true) => format!("is not {either}"),
            (true, false, false) => format!("begins with {either}"),
            (true, false, true) => format!("does not begin with {either}"),
            (false, true, false) => format!("ends with {either}"),
            (false, true, true) => format!("does not end with {either}"),
            (false, false, false) => format!("contains {either} anywhere"),
            (false, false, true) => format!("does not contain {either} anywhere"),
        };
        if self.loose { format!("{phrase} (each dot is any character)") } else { phrase }
    }
}

#[cfg(test)]
mod tests {
    use super::verb;

    #[test]
    fn common_patterns_read_as_words() {
        for (pattern, said) in [
            (r"^(?i)staff$", r#"is "staff" (in any letter case)"#),
            (r"^(a|b|c)$", r#"is one of "a", "b" or "c""#),
            (r"^(?i).+@contoso\.com$", r#"ends with "@contoso.com" (in any letter case)"#),
            (r"@contoso.com$", r#"ends with "@contoso.com" (each dot is any character)"#),
            (r"192\.0\.2\.1", r#"contains "192.0.2.1" anywhere"#),
            (r"^10\.", r#"begins with "10.""#),
            (r"^.*Outlook.*$", r#"contains "Outlook" anywhere"#),
            (r"^a|b$", r#"matches the pattern "^a|b$" somewhere in it"#),
            (r"^(?!192\.0\.2\.7|198\.51\.100\.2)", r#"does not begin with "192.0.2.7" or "198.51.100.2""#),
            (r"^(?!(a|b)$)", r#"is none of "a" and "b""#),
            (r"^\d+$", r#"matches the pattern "^\d+$" as a whole"#),
            (r"^\d+", r#"matches the pattern "^\d+" from its beginning, whatever follows"#),
            (r"-\d{3}$", r#"matches the pattern "-\d{3}$" at its end, whatever comes before"#),
            (".*", "is anything at all"),
            (r"^(?=.*x)", r#"matches the pattern "^(?=.*x)" from its beginning, whatever follows"#),
            ("^.+$", "is not empty"),
            ("*x", r#"matches the pattern "*x", which .NET refuses"#),
            (r"cost\$", r#"contains "cost$" anywhere"#),
        ] {
            assert_eq!(verb(pattern, false), said, "{pattern}");
        }
        assert_eq!(verb("^(a|b)$", true), r#"is none of "a" and "b""#);
        assert_eq!(verb("x", true), r#"does not contain "x" anywhere"#);
    }
}
