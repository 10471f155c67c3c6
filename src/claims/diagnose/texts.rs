//! Quotes, blanks, entities and bare values.

use super::super::ast::Range;
use super::super::lexer::{self, Token};
use super::super::repair::{Mend, small};
use super::{Diagnosed, Diagnosis, start_of};

impl Diagnosis<'_> {
    /// A blank that looks like one and is none to AD FS.
    pub(super) fn blank(&self) -> Option<Diagnosed> {
        let odd = self.work.text.get(self.at as usize..)?.chars().next()?;
        let range = Range::new(self.at, self.at + small(odd.len_utf8()));
        lexer::is_odd_blank(odd).then(|| Diagnosed {
            code: "L213",
            range,
            message: odd_blank(odd),
            help: ODD_BLANK_HELP.into(),
            mend: Mend::one(range, " "),
        })
    }

    pub(super) fn text_token(&self) -> Option<Diagnosed> {
        // A text that is never closed ends the rule's last line, and the parser stops behind it.
        let unclosed = self.here >= self.tokens.len() && self.token_before() == Some(Token::OpenText);
        let here = if unclosed { self.here - 1 } else { self.here };
        let range = self.range_at(here);
        match self.token_at(here)? {
            Token::Comment => Some(self.say(
                "E011",
                "The claim rule language has no comments.",
                "Remove it; say what the rule is for in @RuleName = \"...\".",
                Mend::one(range, ""),
            )),
            Token::CurlyText => {
                let text = self.work.slice(range);
                let first = text.chars().next().map_or(1, char::len_utf8);
                let last = text.chars().next_back().map_or(1, char::len_utf8);
                let mend = Mend::Replace(vec![
                    (Range::new(range.start, range.start + small(first)), "\"".into()),
                    (Range::new(range.end - small(last), range.end), "\"".into()),
                ]);
                let message =
                    "These are typographic quotes; AD FS only takes the straight quotation mark \".";
                Some(self.say("E004", message, format!("Write {}.", straight(text)), mend))
            }
            Token::OpenText => Some(Diagnosed {
                code: "E003",
                range: Range::new(self.at, self.at),
                message: format!(
                    "The text that begins with {} is not closed on its line.",
                    start_of(self.work.slice(range))
                ),
                help: "Put the closing quotation mark where the text ends.".into(),
                mend: Mend::None,
            }),
            Token::BrokenText => {
                let plain = self.work.slice(range).replace(['\r', '\n'], " ");
                let message = "A text must not hold a line break.";
                Some(self.say("E005", message, "Write the text on one line.", Mend::one(range, &plain)))
            }
            Token::Text if self.token_before() == Some(Token::Text) => {
                let touches =
                    self.here.checked_sub(1).map(|index| self.range_at(index).end) == Some(range.start);
                touches.then(|| {
                    let help = "Write \\x22 for a quotation mark inside a text (AD FS 2016 and later).";
                    self.say(
                        "E019",
                        "A doubled quotation mark ends the text; it is not an escape.",
                        help,
                        Mend::None,
                    )
                })
            }
            _ => None,
        }
    }

    pub(super) fn entity(&self) -> Option<Diagnosed> {
        let near = [self.here, self.here + 1].into_iter().any(|i| self.token_at(i) == Some(Token::Entity));
        if !near {
            return None;
        }
        let entities = self.tokens.iter().filter(|(token, _)| *token == Token::Entity);
        let changes = entities
            .filter_map(|(_, range)| Some((*range, lexer::entity(self.work.slice(*range))?.to_owned())));
        let message = "The text holds HTML entities: it was copied from the source of a page or an XML file.";
        let help = "Write => for =&gt;, && for &amp;&amp; and \" for &quot;.";
        Some(self.say("E020", message, help, Mend::Replace(changes.collect())))
    }

    /// `@RuleName = Send mail`: the rest of the line was meant as the name.
    fn bare_annotation(&self) -> Option<Diagnosed> {
        let is_bare = self.before(1) == "=" && self.before(3) == "@" && !self.arrow;
        let range = self.range_at(self.here);
        let rest = self.work.text.get(range.start as usize..)?;
        let line = rest.lines().next().unwrap_or("").trim_end();
        let is_plain = !line.is_empty() && !line.contains(['"', '@', '[', ';', '=']);
        (is_bare && is_plain).then(|| {
            let help = format!("Write @{} = \"{}\".", self.before(2), start_of(line));
            let end = range.start + small(line.len());
            let mend = Mend::Replace(vec![
                (Range::new(range.start, range.start), "\"".to_owned()),
                (Range::new(end, end), "\"".to_owned()),
            ]);
            self.say("E017", "The text of an annotation stands in quotes.", help, mend)
        })
    }

    pub(super) fn value(&self) -> Option<Diagnosed> {
        if let Some(annotation) = self.bare_annotation() {
            return Some(annotation);
        }
        let compares = |word: &str| matches!(word, "=" | "==" | "!=" | "=~" | "!~" | "+");
        let bare_number = self.token_at(self.here) == Some(Token::Number) && compares(self.before(1));
        let bare_word = self.token_before() == Some(Token::Word)
            && compares(self.before(2))
            && matches!(self.word_at(self.here), "]" | ")" | ",");
        if bare_number || bare_word && !self.before(3).eq_ignore_ascii_case("claim") {
            let word = if bare_number { self.word_at(self.here) } else { self.before(1) };
            let message = format!("A value is a text in quotes; {word} is none.");
            return Some(self.say("E017", message, format!("Write \"{word}\"."), Mend::None));
        }
        let counts = matches!(self.before(1), ">" | "<" | ">=" | "<=" | "==" | "!=") && self.before(2) == ")";
        (counts && self.token_at(self.here) == Some(Token::Text)).then(|| {
            let number = self.word_at(self.here).trim_matches('"');
            self.say(
                "E017",
                "COUNT compares with a number, without quotes.",
                format!("Write {number}."),
                Mend::None,
            )
        })
    }
}

/// What to do about an odd blank.
pub(in crate::claims) const ODD_BLANK_HELP: &str =
    "Type a plain blank instead; such characters come along when text is copied from a page.";

/// What is wrong with an odd blank.
pub(in crate::claims) fn odd_blank(character: char) -> String {
    format!("U+{:04X} is not a blank that AD FS knows.", u32::from(character))
}

fn straight(text: &str) -> String {
    let inner: String =
        text.chars().filter(|c| !matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '"')).collect();
    format!("\"{}\"", start_of(&inner))
}
