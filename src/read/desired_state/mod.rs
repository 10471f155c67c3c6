//! Desired State Configuration with the resources of AdfsDsc: scripts, and the MOF files that they compile to.
//!
//! A configuration is no export: it says what is to be, of a part of the farm. So a property that it does not set is
//! as it is in the farm, and unknown; there may be more objects than it lists; and what comes out only when the script
//! is run (`$Node.Name`) is lost. The tree is a list of maps, each typed `AdfsDsc.` and the resource's name.

mod mof;
mod rules;
mod script;
mod unescape;
mod words;
mod write;

pub(super) use mof::{is_mof, read as read_mof};
pub(super) use script::{is_script, read as read_script};

use crate::node::DecodedText;

/// Where something stands: the first byte, and the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
}

impl Place {
    fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A value as far as it can be told without running anything.
#[derive(Debug, Clone)]
enum Value {
    /// A text; offsets of its map count from the beginning of the place.
    Text(Place, DecodedText),
    /// A number.
    Number(Place),
    Bool(Place, bool),
    Null(Place),
    List(Place, Vec<Value>),
    Instance(Instance),
    /// `$Alias` of an instance that a MOF file has above.
    Alias(Place),
    /// Only a run of the script can tell it.
    Unevaluated(Place),
    /// The file ends inside it.
    Damaged(Place),
}

/// An instance of a class: a resource, or a part of one.
#[derive(Debug, Clone)]
struct Instance {
    place: Place,
    class: String,
    entries: Vec<(Place, Value)>,
}

impl Instance {
    /// The value of a property.
    fn get(&self, text: &str, name: &str) -> Option<&Value> {
        let named = |entry: &&(Place, Value)| entry.0.of(text).eq_ignore_ascii_case(name);
        self.entries.iter().find(named).map(|entry| &entry.1)
    }

    /// The value of a property, if that is a text.
    fn text<'v>(&'v self, source: &str, name: &str) -> Option<(Place, &'v DecodedText)> {
        match self.get(source, name) {
            Some(Value::Text(place, text)) => Some((*place, text)),
            _ => None,
        }
    }
}
