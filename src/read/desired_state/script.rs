//! From the words of a configuration script to its resources: what is said outright, and nothing that only a run of
//! the script can tell.

mod value;

use super::words::{Word, WordKind, words};
use super::{Instance, Place, Value, write};
use crate::node::{Tree, TreeBuilder};
use crate::read::Troubles;

/// Brackets in brackets; resources of AdfsDsc have a handful.
const DEPTH: usize = 64;
/// How the names of all its resources begin.
const RESOURCE: &str = "adfs";

const COMPILE: &str = "Run the script, and check the MOF files that it writes: they hold what comes out.";

/// Whether a text is a script with a configuration of AD FS.
pub(in crate::read) fn is_script(head: &str) -> bool {
    let begins = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|word| word.eq_ignore_ascii_case("configuration"))
            && words
                .next()
                .is_some_and(|name| name.starts_with(|first: char| first.is_alphanumeric() || first == '_'))
    };
    let lower = head.to_ascii_lowercase();
    head.lines().any(begins)
        && head.contains('{')
        && (lower.contains("adfs") || lower.contains("import-dscresource"))
}

/// Reads a text.
pub(in crate::read) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let words = words(text);
    let closings = closings(text, &words);
    let mut script = Script {
        text,
        words: &words,
        closings,
        at: 0,
        depth: 0,
        resources: Vec::new(),
        troubles: &mut *troubles,
    };
    script.run();
    let resources = script.resources;
    write::write(text, builder, &resources, &std::collections::HashMap::new(), troubles)
}

/// For every opening bracket the number of the word that closes it; the number of words where nothing does.
fn closings(text: &str, words: &[Word]) -> Vec<usize> {
    let mut found = vec![words.len(); words.len()];
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (number, word) in words.iter().enumerate() {
        if !matches!(word.kind, WordKind::Sign) {
            continue;
        }
        match word.place.of(text) {
            "{" | "@{" => open.push((number, "}")),
            "(" | "@(" => open.push((number, ")")),
            sign if open.last().is_some_and(|(_, closing)| *closing == sign) => {
                if let Some((opening, _)) = open.pop()
                    && let Some(place) = found.get_mut(opening)
                {
                    *place = number;
                }
            }
            _ => {}
        }
    }
    found
}

struct Script<'t, 'p> {
    text: &'t str,
    words: &'t [Word],
    closings: Vec<usize>,
    at: usize,
    depth: usize,
    resources: Vec<Instance>,
    troubles: &'p mut Troubles,
}

impl<'t> Script<'t, '_> {
    fn run(&mut self) {
        while self.at < self.words.len() {
            let is_configuration = self.is("configuration");
            self.at += 1;
            if is_configuration && matches!(self.word(0).map(|word| &word.kind), Some(WordKind::Other)) {
                self.at += 1;
                self.newlines();
                if self.is("{") {
                    self.body();
                }
            }
        }
    }

    fn word(&self, ahead: usize) -> Option<&'t Word> {
        self.words.get(self.at + ahead)
    }

    /// Whether the word here, which is no text, reads so.
    fn is(&self, wanted: &str) -> bool {
        self.word(0).is_some_and(|word| {
            !matches!(word.kind, WordKind::Text(_)) && word.place.of(self.text).eq_ignore_ascii_case(wanted)
        })
    }

    fn is_newline(&self) -> bool {
        self.word(0).is_some_and(|word| matches!(word.kind, WordKind::Newline))
    }

    fn newlines(&mut self) {
        while self.is_newline() {
            self.at += 1;
        }
    }

    /// Where the bracket here is closed.
    fn closing(&self) -> usize {
        self.closings.get(self.at).copied().unwrap_or(self.words.len())
    }

    /// Goes behind the word here, or behind the brackets that it opens.
    fn skip(&mut self) {
        let closing = self.closing();
        self.at = if self.is_opening() { closing } else { self.at } + 1;
    }

    fn is_opening(&self) -> bool {
        ["{", "@{", "(", "@("].iter().any(|sign| self.is(sign))
    }

    /// What stands in the braces of a configuration or a node.
    fn body(&mut self) {
        let closing = self.closing();
        self.check_end(closing);
        self.at += 1;
        while self.at < closing.min(self.words.len()) {
            if self.is("node") {
                self.node();
            } else if self.is("import-dscresource") {
                while self.at < closing && !self.is_newline() {
                    self.skip();
                }
            } else if let Some(resource) = self.resource() {
                self.resources.push(resource);
            } else if self.is("{") {
                self.note_block();
                self.skip();
            } else {
                self.skip();
            }
        }
        self.at = closing + 1;
    }

    /// Brackets that nothing closes: the file is cut off.
    fn check_end(&mut self, closing: usize) {
        if let (true, Some(word)) = (closing >= self.words.len(), self.word(0)) {
            let Place { start, end } = word.place;
            let message = "The brace that is opened here is not closed: the file is cut off or damaged.";
            self.troubles.error(start, end, message, "What stands before was read.");
        }
    }

    /// `Node $AllNodes.Where{ ... }.NodeName { ... }`
    fn node(&mut self) {
        self.at += 1;
        while self.word(0).is_some() && !self.is("{") && !self.is("}") {
            self.skip();
        }
        while self.is("{") {
            let behind = self.words.get(self.closing() + 1);
            let goes_on = behind.is_some_and(|word| word.place.of(self.text).starts_with('.'));
            if !goes_on || self.depth >= DEPTH {
                break;
            }
            self.skip();
            while self.word(0).is_some() && !self.is("{") && !self.is("}") {
                self.skip();
            }
        }
        if self.is("{") && self.depth < DEPTH {
            self.depth += 1;
            self.body();
            self.depth -= 1;
        }
    }

    /// Says of a block that only a run can enter that there is something in it.
    fn note_block(&mut self) {
        let closing = self.closing().min(self.words.len());
        let inside = self.words.get(self.at..closing).unwrap_or(&[]);
        let is_resource = |word: &&Word| {
            let text = word.place.of(self.text);
            matches!(word.kind, WordKind::Other)
                && text.get(..RESOURCE.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESOURCE))
        };
        if let Some(Word { place: Place { start, end }, .. }) = inside.iter().find(is_resource) {
            let message =
                "Whether this resource is there comes out only when the script is run; it is not read.";
            self.troubles.warn(*start, *end, message, COMPILE);
        }
    }

    /// `AdfsProperties Farm { ... }`
    fn resource(&mut self) -> Option<Instance> {
        let [class, label] = [self.word(0)?, self.word(1)?];
        let name = class.place.of(self.text);
        let is_class =
            matches!(class.kind, WordKind::Other) && name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_class || CONTROL.iter().any(|word| name.eq_ignore_ascii_case(word)) {
            return None;
        }
        let before = self.at;
        self.at += 1;
        match label.kind {
            WordKind::Text(_) | WordKind::Other => self.at += 1,
            WordKind::Sign if self.is("(") => self.skip(),
            _ => {}
        }
        let is_labelled = self.at > before + 1;
        self.newlines();
        if !is_labelled || !self.is("{") {
            self.at = before;
            return None;
        }
        Some(self.instance(class.place))
    }

    /// The braces of an instance, and what is set in them.
    fn instance(&mut self, class: Place) -> Instance {
        let name = class.of(self.text);
        // `AdfsDsc\AdfsFarm` names its module too.
        let class_name = name.rsplit('\\').next().unwrap_or(name).to_owned();
        let entries = self.settings();
        let end = self.words.get(self.at.saturating_sub(1)).map_or(self.text.len(), |word| word.place.end);
        Instance { place: Place::new(class.start, end), class: class_name, entries }
    }

    fn settings(&mut self) -> Vec<(Place, Value)> {
        let closing = self.closing();
        self.check_end(closing);
        self.at += 1;
        let mut entries = Vec::new();
        while self.at < closing.min(self.words.len()) {
            let name = self.word(0).filter(|word| matches!(word.kind, WordKind::Other));
            let is_set = self.word(1).is_some_and(|word| word.place.of(self.text) == "=");
            if let (Some(name), true) = (name, is_set) {
                self.at += 2;
                let value = self.value(closing);
                entries.push((name.place, value));
            } else {
                self.skip();
            }
        }
        self.at = closing + 1;
        entries
    }
}

/// Words that look like a resource's class and begin something else.
const CONTROL: [&str; 14] = [
    "if", "elseif", "else", "foreach", "for", "while", "switch", "do", "try", "catch", "finally", "function",
    "filter", "param",
];
