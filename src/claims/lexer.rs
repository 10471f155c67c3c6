//! Tokens of a rule set, forgiving: to cut a text into claim rules, and to see what went wrong in one.

use super::ast::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or a keyword.
    Word,
    /// A text in `"`.
    Text,
    /// A text whose closing quote is missing on its line.
    OpenText,
    /// A text that goes on over a line break.
    BrokenText,
    /// A text in typographic quotes.
    CurlyText,
    /// A number.
    Number,
    /// Something of one or two characters.
    Mark,
    /// An HTML entity outside a text.
    Entity,
    /// A comment, which the language does not have.
    Comment,
}

/// Lines that a text with a missing quote is followed over, before it counts as open.
const BROKEN_LINES: usize = 6;

const OPENING: [char; 5] = ['“', '”', '„', '‟', '«'];
const CLOSING: [char; 4] = ['“', '”', '‟', '»'];
const ENTITIES: [(&str, &str); 6] =
    [("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&"), ("&quot;", "\""), ("&#34;", "\""), ("&nbsp;", " ")];
const DOUBLE: [&str; 9] = ["=>", "==", "=~", "!=", "!~", "&&", "||", ">=", "<="];

/// What an HTML entity stands for.
pub(crate) fn entity(text: &str) -> Option<&'static str> {
    ENTITIES.iter().find(|(name, _)| *name == text).map(|(_, plain)| *plain)
}

/// Whether a character looks like a blank, and is none to AD FS.
pub(crate) fn is_odd_blank(character: char) -> bool {
    let is_blank = character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}' | '\u{200e}');
    is_blank && !matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// All tokens of a text, in order. Never fails; linear in the text's length.
pub(crate) fn tokens(text: &str) -> Vec<(Token, Range)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if first.is_whitespace() || is_odd_blank(first) {
            at += first.len_utf8();
            continue;
        }
        let rest = text.get(at..).unwrap_or("");
        let (token, length) = token(rest, first);
        let length = length.max(first.len_utf8());
        found.push((token, Range::new(small(at), small(at + length))));
        at += length;
    }
    found
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn token(rest: &str, first: char) -> (Token, usize) {
    let run = |keep: fn(char) -> bool| rest.find(|c| !keep(c)).unwrap_or(rest.len());
    match first {
        '"' => quoted(rest),
        '/' if rest.starts_with("//") => (Token::Comment, line(rest)),
        '#' => (Token::Comment, line(rest)),
        '/' if rest.starts_with("/*") => (Token::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2)),
        '&' => match ENTITIES.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, _)) => (Token::Entity, name.len()),
            None => (Token::Mark, mark(rest)),
        },
        _ if OPENING.contains(&first) => curly(rest, first),
        _ if first.is_ascii_digit() => (Token::Number, run(|c| c.is_ascii_alphanumeric())),
        _ if first == '_' || first.is_alphabetic() => (Token::Word, run(|c| c.is_alphanumeric() || c == '_')),
        _ => (Token::Mark, mark(rest)),
    }
}

fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

fn mark(rest: &str) -> usize {
    DOUBLE.iter().find(|mark| rest.starts_with(**mark)).map_or(1, |mark| mark.len())
}

fn quoted(rest: &str) -> (Token, usize) {
    let inside = rest.get(1..).unwrap_or("");
    match inside.find(['"', '\n', '\r']) {
        Some(end) if inside.as_bytes().get(end) == Some(&b'"') => (Token::Text, end + 2),
        Some(end) => broken(inside, end),
        None => (Token::OpenText, rest.len()),
    }
}

/// A line break before the closing quote: either the quote is missing, or the text really goes on. If what
/// stands between the quote and the line's end looks like the end of a rule, the quote is missing.
fn broken(inside: &str, end: usize) -> (Token, usize) {
    let head = inside.get(..end).unwrap_or("").trim_end();
    let looks_ended =
        head.ends_with(';') || head.contains("=>") || head.ends_with(']') || head.ends_with("&&");
    let close = inside
        .char_indices()
        .scan(0, |lines, (place, character)| {
            *lines += usize::from(character == '\n');
            (*lines <= BROKEN_LINES).then_some((place, character))
        })
        .find(|(_, character)| *character == '"');
    match close {
        Some((place, _)) if !looks_ended && goes_on(inside.get(end..place).unwrap_or("")) => {
            (Token::BrokenText, place + 2)
        }
        _ => (Token::OpenText, head.len() + 1),
    }
}

/// Whether what stands between a line's end and the next quote can be the rest of a text, and is not the beginning
/// of something else.
fn goes_on(rest: &str) -> bool {
    let mut lines = rest.lines().skip(1).map(str::trim);
    !rest.contains(';')
        && lines.all(|line| !line.is_empty() && !line.starts_with('@') && !line.contains("=>"))
}

fn curly(rest: &str, first: char) -> (Token, usize) {
    let from = first.len_utf8();
    let inside = rest.get(from..).unwrap_or("");
    let stop = inside.find(['\n', '\r']).unwrap_or(inside.len());
    let close = inside
        .get(..stop)
        .and_then(|text| text.char_indices().find(|(_, c)| CLOSING.contains(c) || *c == '"'));
    match close {
        Some((place, character)) => (Token::CurlyText, from + place + character.len_utf8()),
        None => (Token::Mark, from),
    }
}

/// A piece of a rule set that holds one claim rule, or what should have been one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Its place, without the blanks around it.
    pub range: Range,
    /// The next rule begins although this one has no `;`.
    pub runs_on: bool,
}

/// Cuts a rule set into its claim rules.
pub(crate) fn chunks(text: &str) -> Vec<Chunk> {
    let tokens = tokens(text);
    let mut cutter =
        Cutter { text, chunks: Vec::new(), start: None, end: 0, arrow: false, depth: 0, ended: false };
    for (index, (token, range)) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1);
        cutter.take(*token, *range, next.map(|(_, range)| *range));
    }
    cutter.cut(false);
    cutter.chunks
}

struct Cutter<'t> {
    text: &'t str,
    chunks: Vec<Chunk>,
    start: Option<u32>,
    end: u32,
    /// `=>` was seen.
    arrow: bool,
    depth: u32,
    /// The parenthesis of the issuance is closed.
    ended: bool,
}

impl Cutter<'_> {
    fn slice(&self, range: Range) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    fn take(&mut self, token: Token, range: Range, next: Option<Range>) {
        if self.begins_rule(token, range, next) {
            self.cut(true);
        }
        self.start.get_or_insert(range.start);
        self.end = range.end;
        match (token, self.slice(range)) {
            (Token::Mark, ";") => self.cut(false),
            (Token::OpenText, _) => self.cut(false),
            (Token::Mark, "=>") => self.arrow = true,
            (Token::Mark, "(" | "[") => self.depth += 1,
            (Token::Mark, ")" | "]") => {
                self.depth = self.depth.saturating_sub(1);
                self.ended = self.arrow && self.depth == 0;
            }
            (Token::Entity, "&gt;") => self.arrow = true,
            _ => {}
        }
    }

    /// A token that can only stand at the beginning of a rule, while a rule is complete but for its `;`.
    fn begins_rule(&self, token: Token, range: Range, next: Option<Range>) -> bool {
        if !self.arrow {
            return false;
        }
        let word = self.slice(range);
        if word == "@" {
            return self.ended || self.starts_line(range.start);
        }
        if !self.ended {
            return false;
        }
        let next = next.map_or("", |range| self.slice(range));
        match token {
            Token::Mark => word == "[" || word == "=>",
            Token::Word => {
                next == ":" || (next == "(" || word.eq_ignore_ascii_case("not")) && is_aggregate(word)
            }
            _ => false,
        }
    }

    fn starts_line(&self, at: u32) -> bool {
        let before = self.text.get(..at as usize).unwrap_or("");
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    fn cut(&mut self, runs_on: bool) {
        if let Some(start) = self.start.take() {
            self.chunks.push(Chunk { range: Range::new(start, self.end), runs_on });
        }
        self.arrow = false;
        self.ended = false;
        self.depth = 0;
    }
}

/// Offsets in a text that holds no rule as a whole, at which rules of their own seem to begin: at an annotation
/// that begins a line, and behind an empty line unless the text before goes on.
pub(crate) fn fresh_starts(text: &str) -> Vec<u32> {
    let tokens = tokens(text);
    let word = |index: usize| {
        let range = tokens.get(index).map_or(Range::default(), |(_, range)| *range);
        text.get(range.start as usize..range.end as usize).unwrap_or("")
    };
    let mut starts = Vec::new();
    for (index, (token, range)) in tokens.iter().enumerate().skip(1) {
        let end = tokens.get(index - 1).map_or(0, |(_, before)| before.end);
        let lines = text.get(end as usize..range.start as usize).unwrap_or("").matches('\n').count();
        let (here, next) = (word(index), word(index + 1));
        let goes_on = matches!(word(index - 1), "&&" | "||" | "," | "+" | ":" | "=>");
        let begins = match here {
            "[" | "=>" => lines > 1 && !goes_on,
            // An annotation belongs to the one before it.
            "@" => lines > 0 && (lines > 1 || !is_annotation(&word, index)),
            _ => lines > 1 && !goes_on && *token == Token::Word && (next == ":" || is_aggregate(here)),
        };
        if begins {
            starts.push(range.start);
        }
    }
    starts
}

/// Whether the three tokens before one of that number are an annotation's end: name, `=` and text.
fn is_annotation<'t>(word: &dyn Fn(usize) -> &'t str, index: usize) -> bool {
    let before = |back: usize| index.checked_sub(back).map_or("", word);
    before(2) == "=" && before(4) == "@"
}

/// How deep brackets are nested.
pub(crate) fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for (token, range) in tokens(text) {
        if token == Token::Mark {
            match text.as_bytes().get(range.start as usize) {
                Some(b'(' | b'[') => depth += 1,
                Some(b')' | b']') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn is_aggregate(word: &str) -> bool {
    ["exists", "not", "count"].iter().any(|known| word.eq_ignore_ascii_case(known))
}
