//! Values inside commands that people copy into PowerShell.
//!
//! Names come from exports, and some from the metadata of partners. A name with a quote, a `$(…)` or a line end
//! must stay a name in the remedy and never become a command.

/// Follows the text of a remedy, so that every value is written as its place asks for.
#[derive(Debug, Default)]
pub(super) struct Commands {
    quote: Option<char>,
    is_escaped: bool,
    line: String,
}

impl Commands {
    /// Goes over text of the rule's author.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            if character == '\n' {
                *self = Self::default();
                continue;
            }
            self.line.push(character);
            if self.is_escaped || self.line.starts_with('#') {
                self.is_escaped = false;
                continue;
            }
            match (self.quote, character) {
                (None | Some('"'), '`') => self.is_escaped = true,
                (None, '"' | '\'') => self.quote = Some(character),
                (Some(open), close) if open == close => self.quote = None,
                _ => {}
            }
        }
    }

    /// A value as it may stand here.
    pub(super) fn value(&mut self, value: &str) -> String {
        match self.quote {
            Some('"') => double_quoted(value),
            Some(_) => single_quoted(value),
            None if self.is_command() && !is_plain(value) => format!("'{}'", single_quoted(value)),
            None => one_line(value),
        }
    }

    /// Whether the line begins with a cmdlet or a variable. Other lines are words to read.
    fn is_command(&self) -> bool {
        let first = self.line.split_whitespace().next().unwrap_or("");
        let is_cmdlet = first.split_once('-').is_some_and(|(verb, noun)| {
            let is_name = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
            is_name(verb) && is_name(noun)
        });
        is_cmdlet || first.starts_with('$')
    }
}

/// Whether PowerShell takes the text as one argument without quotes.
fn is_plain(value: &str) -> bool {
    let is_name = |one: char| one.is_ascii_alphanumeric() || "_./:-+=?~".contains(one);
    matches!(value, "$true" | "$false" | "$null") || (!value.starts_with('-') && value.chars().all(is_name))
}

/// Inside `"…"`. PowerShell also takes typographic quotes for quotes.
fn double_quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' | '`' | '$' | '\u{201c}'..='\u{201e}' => {
                quoted.push('`');
                quoted.push(character);
            }
            '\n' => quoted.push_str("`n"),
            '\r' => quoted.push_str("`r"),
            '\t' => quoted.push_str("`t"),
            hidden if is_hidden(hidden) => quoted.push_str(&format!("$([char]{})", u32::from(hidden))),
            plain => quoted.push(plain),
        }
    }
    quoted
}

/// Inside `'…'`.
fn single_quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len());
    for character in one_line(value).chars() {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted
}

fn one_line(value: &str) -> String {
    value.chars().map(|character| if is_hidden(character) { ' ' } else { character }).collect()
}

/// Controls, line separators and marks that turn the direction of writing.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(before: &str, value: &str) -> String {
        let mut commands = Commands::default();
        commands.text(before);
        commands.value(value)
    }

    #[test]
    fn a_name_in_double_quotes_stays_a_name() {
        let before = "Set-AdfsRelyingPartyTrust -TargetName \"";
        assert_eq!(filled(before, "Contoso Payroll (test)"), "Contoso Payroll (test)");
        assert_eq!(filled(before, "a\"; Remove-Item x; \""), "a`\"; Remove-Item x; `\"");
        assert_eq!(filled(before, "$(Remove-AdfsFarm)`"), "`$(Remove-AdfsFarm)``");
        assert_eq!(filled(before, "a\u{201d}; b"), "a`\u{201d}; b");
        assert_eq!(filled(before, "a\nRemove-AdfsFarm\u{1b}"), "a`nRemove-AdfsFarm$([char]27)");
    }

    #[test]
    fn a_name_in_single_quotes_stays_a_name() {
        assert_eq!(filled("Get-AdfsEndpoint '", "it's\n\u{2019}"), "it''s \u{2019}\u{2019}");
    }

    #[test]
    fn a_bare_value_gets_quotes_where_it_needs_them() {
        let before = "Set-AdfsEndpoint -TargetAddressPath ";
        assert_eq!(filled(before, "/adfs/services/trust/2005"), "/adfs/services/trust/2005");
        assert_eq!(filled(before, "/x; Remove-AdfsFarm"), "'/x; Remove-AdfsFarm'");
        assert_eq!(filled("Ask the owner of ", "Bob's app"), "Bob's app");
        assert_eq!(filled("# it's about ", "a\nb"), "a b");
    }

    #[test]
    fn a_quote_ends_with_its_line() {
        assert_eq!(filled("don't\nSet-AdfsEndpoint ", "a b"), "'a b'");
    }
}
