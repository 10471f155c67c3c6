//! Texts with placeholders: `{condition}` is replaced by the value, doubled braces stand for themselves.

use super::command::Commands;
use super::condition::{Condition, Scope, Trouble, compile};

/// A text with placeholders.
#[derive(Debug, Clone, Default)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Value(Condition),
}

impl Template {
    /// Reads a text; the troubles' ranges count in it.
    pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Trouble>> {
        let mut parts = Vec::new();
        let mut troubles = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = text.get(at..).unwrap_or("");
            match first {
                '{' | '}' if rest.get(1..).is_some_and(|next| next.starts_with(first)) => {
                    plain.push(first);
                    at += 2;
                }
                '{' => {
                    if let Some(end) = closing(rest) {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                        let inside = rest.get(1..end).unwrap_or("");
                        match compile(inside, scope) {
                            Ok(condition) => parts.push(Part::Value(condition)),
                            Err(found) => {
                                troubles.extend(found.into_iter().map(|trouble| shift(trouble, at + 1)));
                            }
                        }
                        at += end + 1;
                    } else {
                        troubles.push(brace(at, "This { is not closed."));
                        at += 1;
                    }
                }
                '}' => {
                    troubles.push(brace(at, "This } closes nothing."));
                    at += 1;
                }
                other => {
                    plain.push(other);
                    at += other.len_utf8();
                }
            }
        }
        parts.push(Part::Text(plain));
        if troubles.is_empty() { Ok(Self { parts }) } else { Err(troubles) }
    }

    /// The text with every placeholder replaced.
    pub fn fill(&self, mut show: impl FnMut(&Condition) -> String) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Value(condition) => filled.push_str(&show(condition)),
            }
        }
        filled
    }

    /// The same for text that people copy into PowerShell: values are quoted as their place asks for.
    pub fn fill_command(&self, mut show: impl FnMut(&Condition) -> String) -> String {
        let mut filled = String::new();
        let mut commands = Commands::default();
        for part in &self.parts {
            match part {
                Part::Text(text) => {
                    commands.text(text);
                    filled.push_str(text);
                }
                Part::Value(condition) => filled.push_str(&commands.value(&show(condition))),
            }
        }
        filled
    }

    /// The text with a gap for every placeholder.
    pub fn outline(&self) -> String {
        self.fill(|_| "…".to_owned())
    }

    /// The text for documentation: placeholders become `<what they read>`.
    pub fn plain(&self) -> String {
        self.fill(|condition| format!("<{}>", condition.text().trim()))
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn shift(trouble: Trouble, by: usize) -> Trouble {
    let by = small(by);
    Trouble { range: (trouble.range.0 + by, trouble.range.1 + by), ..trouble }
}

fn brace(at: usize, message: &str) -> Trouble {
    let help = Some("Write {{ or }} for a brace that is meant as one.".to_owned());
    Trouble { range: (small(at), small(at + 1)), message: message.to_owned(), help }
}

/// The brace that closes the first one, outside of quotes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
