//! JSON, over the text itself: no value is copied, every value is located.
//!
//! Several values after one another are read as a list (one line for each object, say). Arrays of bytes, as
//! `ConvertTo-Json` writes certificates, become one node instead of a thousand.

use memchr::memchr2;

use super::{Troubles, lost, small};
use crate::finding::Severity;
use crate::node::{Coding, Lost, Open, Tree, TreeBuilder};

/// Deeper values are skipped: `ConvertTo-Json` goes to 100 levels at most.
const DEPTH: usize = 256;
/// An array of so many numbers below 256 is a run of bytes.
const BYTES: usize = 64;

/// Where the next line begins, from `at` on, that begins with `{` or `[`.
pub(super) fn first_value(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_start = |place: &usize| {
        let before = place.checked_sub(1).and_then(|before| bytes.get(before));
        matches!(before, None | Some(b'\n' | b'\r'))
    };
    let mut from = at;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr2(b'{', b'[', rest)) {
        let place = from + found;
        if is_start(&place) {
            return Some(place);
        }
        from = place + 1;
    }
    None
}

/// Reads a text. Makes a second attempt when there turn out to be several values.
pub(super) fn read(text: &str, builder: &dyn Fn() -> TreeBuilder, troubles: &mut Troubles) -> Tree {
    let mut parser = Parser::new(text, builder());
    match parser.document(false) {
        Outcome::Whole => {}
        Outcome::Several => {
            parser = Parser::new(text, builder());
            parser.document(true);
        }
        Outcome::Stopped => {}
    }
    troubles.list.append(&mut parser.problems(troubles.source));
    parser.builder.finish()
}

#[derive(PartialEq)]
enum Outcome {
    Whole,
    Several,
    Stopped,
}

enum Container {
    List(Open),
    Map(Open),
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: TreeBuilder,
    stack: Vec<Container>,
    faults: Vec<(Severity, usize, usize, String, &'static str)>,
    said_deep: bool,
}

const CUT_OFF: &str = "The file is cut off or damaged here; export it again. What stands before was read.";

impl<'t> Parser<'t> {
    fn new(text: &'t str, builder: TreeBuilder) -> Self {
        let bytes = text.as_bytes();
        Self { text, bytes, at: 0, builder, stack: Vec::new(), faults: Vec::new(), said_deep: false }
    }

    fn problems(&mut self, source: crate::source::SourceId) -> Vec<super::Problem> {
        let mut told = Troubles { source, list: Vec::new() };
        for (severity, start, end, message, help) in self.faults.drain(..) {
            told.say(severity, start, end, message, help);
        }
        told.list
    }

    fn document(&mut self, several: bool) -> Outcome {
        let root = several.then(|| self.builder.open_list(0));
        let mut count = 0;
        self.skip_text("There is text before the JSON, which is not read.");
        let outcome = loop {
            if count > 0 {
                self.skip_text("There is text behind the JSON, which is not read.");
            }
            if self.at >= self.bytes.len() {
                break Outcome::Whole;
            }
            if count == 1 && !several {
                break Outcome::Several;
            }
            if !self.value() {
                break Outcome::Stopped;
            }
            count += 1;
        };
        if let Some(root) = root {
            self.builder.close(root, small(self.bytes.len()));
        }
        outcome
    }

    /// Goes on to the next value. What stands before it, a prompt or a warning, is said once.
    fn skip_text(&mut self, message: &str) {
        self.blanks();
        if matches!(self.peek(), Some(b'{' | b'[') | None) {
            return;
        }
        let is_scalar = matches!(self.peek(), Some(b'"' | b'-' | b'0'..=b'9')) || self.is_word();
        let next = first_value(self.text, self.at);
        if is_scalar && self.at == 0 && next.is_none() {
            return;
        }
        let rest = self.text.get(self.at..next.unwrap_or(self.text.len())).unwrap_or("");
        let end = self.at + rest.find(['\r', '\n']).unwrap_or(rest.len());
        self.fault(Severity::Warning, end, message.into(), "");
        self.at = next.unwrap_or(self.text.len());
    }

    fn is_word(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or("");
        ["true", "false", "null"].iter().any(|word| rest.starts_with(word))
    }

    fn fault(&mut self, severity: Severity, end: usize, message: String, help: &'static str) {
        self.faults.push((severity, self.at, end.max(self.at), message, help));
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// One value with everything inside. False if the text ended or made no sense; then all is closed.
    fn value(&mut self) -> bool {
        let floor = self.stack.len();
        loop {
            self.blanks();
            if !self.start_of_value() {
                return self.give_up(floor);
            }
            // A value is complete: what follows it belongs to the containers around.
            loop {
                if self.stack.len() == floor {
                    return true;
                }
                match self.after_value() {
                    Next::Value => break,
                    Next::Closed => {}
                    Next::Wrong => return self.give_up(floor),
                }
            }
        }
    }

    /// Reads a scalar, or opens a container and goes on to its first value. True when a value is complete or a
    /// container awaits the next step of [`Parser::after_value`].
    fn start_of_value(&mut self) -> bool {
        loop {
            let start = self.at;
            match self.peek() {
                Some(b'{' | b'[') if self.stack.len() >= DEPTH => return self.skip_deep(),
                Some(b'{') => {
                    self.at += 1;
                    let open = self.builder.open_map(small(start));
                    self.stack.push(Container::Map(open));
                    self.blanks();
                    if self.peek() == Some(b'}') {
                        return true;
                    }
                    if !self.key() {
                        return false;
                    }
                }
                Some(b'[') => {
                    if let Some(end) = self.byte_array() {
                        self.builder.bytes(small(start + 1), small(end), Coding::Decimals);
                        self.at = end + 1;
                        return true;
                    }
                    self.at += 1;
                    let open = self.builder.open_list(small(start));
                    self.stack.push(Container::List(open));
                    self.blanks();
                    if self.peek() == Some(b']') {
                        return true;
                    }
                }
                Some(b'"') => return self.string(false),
                Some(b'-' | b'0'..=b'9') => return self.number(),
                Some(_) => return self.word(),
                None => return self.wrong("The file ends where a value is expected."),
            }
            self.blanks();
        }
    }

    fn wrong(&mut self, message: &str) -> bool {
        let end = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.fault(Severity::Error, self.at + end, message.to_owned(), CUT_OFF);
        false
    }

    /// Puts a trace of the damage where a value should have been and closes what is open.
    fn give_up(&mut self, floor: usize) -> bool {
        let here = small(self.at.min(self.bytes.len()));
        self.builder.truncated(here, here, Lost::Damaged, Coding::Plain);
        while self.stack.len() > floor {
            match self.stack.pop() {
                Some(Container::Map(open)) => self.builder.close(open, here),
                Some(Container::List(open)) => self.builder.close_incomplete(open, here),
                None => break,
            }
        }
        false
    }

    /// Where a list or map goes on after a value.
    fn after_value(&mut self) -> Next {
        self.blanks();
        let is_map = matches!(self.stack.last(), Some(Container::Map(_)));
        match (self.peek(), is_map) {
            (Some(b'}'), true) | (Some(b']'), false) => self.close(),
            (Some(b','), _) => {
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if matches!((self.peek(), is_map), (Some(b'}'), true) | (Some(b']'), false)) {
                    let faulty =
                        (Severity::Warning, comma, comma + 1, "There is one comma too many.".to_owned(), "");
                    self.faults.push(faulty);
                    return self.close();
                }
                if is_map && !self.key() { Next::Wrong } else { Next::Value }
            }
            (None, _) => {
                self.wrong("The file ends in the middle of a value.");
                Next::Wrong
            }
            _ => {
                self.wrong(if is_map {
                    "Here a comma or } is expected."
                } else {
                    "Here a comma or ] is expected."
                });
                Next::Wrong
            }
        }
    }

    fn close(&mut self) -> Next {
        self.at += 1;
        let end = small(self.at);
        match self.stack.pop() {
            Some(Container::Map(open) | Container::List(open)) => self.builder.close(open, end),
            None => {}
        }
        Next::Closed
    }

    fn key(&mut self) -> bool {
        if self.peek() != Some(b'"') {
            return self.wrong("Here a name in quotes is expected.");
        }
        let before = self.builder.len();
        if !self.string(true) {
            return false;
        }
        self.blanks();
        if self.peek() != Some(b':') {
            self.wrong("Here a colon is expected.");
            self.builder.rewind(before);
            return false;
        }
        self.at += 1;
        self.blanks();
        true
    }

    fn string(&mut self, is_key: bool) -> bool {
        let start = self.at + 1;
        let mut at = start;
        loop {
            let found = self.bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest));
            let Some(found) = found else {
                self.fault(
                    Severity::Error,
                    self.at + 1,
                    "The text that begins here is not closed.".into(),
                    CUT_OFF,
                );
                if is_key {
                    self.at = self.bytes.len();
                    return false;
                }
                self.builder.truncated(small(start), small(self.bytes.len()), Lost::Damaged, Coding::Json);
                self.at = self.bytes.len();
                return true;
            };
            at += found;
            if self.bytes.get(at) == Some(&b'"') {
                break;
            }
            at += 2;
        }
        self.at = at + 1;
        let raw = self.text.get(start..at).unwrap_or("");
        match (is_key, lost::trace(raw)) {
            (false, Some(how)) => self.builder.truncated(small(start), small(at), how, Coding::Json),
            _ => self.builder.text(small(start), small(at), Coding::Json),
        };
        true
    }

    fn number(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        if text.parse::<f64>().is_err() {
            let end = self.at;
            self.at = start;
            self.fault(Severity::Error, end, format!("{text} is no number."), CUT_OFF);
            self.at = end;
        }
        self.builder.number(small(start), small(self.at));
        true
    }

    fn word(&mut self) -> bool {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let (length, value) = match rest {
            [b't', b'r', b'u', b'e', ..] => (4, Some(true)),
            [b'f', b'a', b'l', b's', b'e', ..] => (5, Some(false)),
            [b'n', b'u', b'l', b'l', ..] => (4, None),
            _ => return self.wrong("Here a value is expected."),
        };
        self.at += length;
        match value {
            Some(value) => self.builder.boolean(small(start), small(self.at), value),
            None => self.builder.null(small(start), small(self.at)),
        };
        true
    }

    /// Where an array ends that holds nothing but numbers below 256.
    fn byte_array(&self) -> Option<usize> {
        let mut at = self.at + 1;
        let mut count = 0;
        let mut number: Option<u32> = None;
        loop {
            match *self.bytes.get(at)? {
                digit @ b'0'..=b'9' => {
                    let value = number.unwrap_or(0) * 10 + u32::from(digit - b'0');
                    number = Some(value).filter(|value| *value < 256);
                    number?;
                }
                b',' => {
                    number.take()?;
                    count += 1;
                }
                b']' => {
                    number?;
                    return (count + 1 >= BYTES).then_some(at);
                }
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => return None,
            }
            at += 1;
        }
    }

    /// Skips a container that lies too deep, without recursion.
    fn skip_deep(&mut self) -> bool {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => self.skip_string(),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        if !self.said_deep {
            self.said_deep = true;
            let message = format!("Values are nested more than {DEPTH} deep; what lies deeper is not read.");
            self.faults.push((
                Severity::Error,
                start,
                start + 1,
                message,
                "Export with a smaller -Depth; 8 is enough.",
            ));
        }
        self.builder.truncated(small(start), small(self.at), Lost::Damaged, Coding::Plain);
        true
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => return,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }
}

enum Next {
    Value,
    Closed,
    Wrong,
}
