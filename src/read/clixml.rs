//! `Export-Clixml`: PowerShell's own serialisation, with types, back references and enums by name and number.
//!
//! Element names and their meaning are those of MS-PSRP 2.2.5.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Troubles, lost, small};
use crate::finding::Severity;
use crate::node::{Coding, Lost, NodeIndex, Open, Tree, TreeBuilder};

/// Objects in objects; `Export-Clixml` goes to 100 levels at most.
const DEPTH: usize = 256;
const CUT_OFF: &str = "The file is cut off or damaged here; export it again. What stands before was read.";

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let mut walk = Walk {
        text,
        builder,
        stack: Vec::new(),
        references: HashMap::new(),
        mentioned: 0,
        types: HashMap::new(),
        skip: 0,
        said_deep: false,
    };
    let root = walk.builder.open_list(0);
    walk.run(troubles);
    walk.close_all();
    walk.builder.close(root, small(text.len()));
    walk.builder.finish()
}

/// What an open element is.
enum Element {
    /// `Objs`, and elements that only group others.
    Group,
    /// `Obj`.
    Object(Object),
    /// `TN`: the type names of the object around it.
    Types { id: String, names: Vec<String> },
    /// `Props` or `MS`: members of the object around it.
    Members,
    /// `LST`, `IE`, `STK`, `QUE`.
    Items,
    /// `DCT`.
    Dictionary,
    /// An element that holds a text; where that begins.
    Leaf { tag: Leaf, start: usize },
}

#[derive(Clone, Copy, PartialEq)]
enum Leaf {
    Text,
    Number,
    Bool,
    Bytes,
    Null,
    Secret,
    /// `T`, a type name.
    TypeName,
    /// `ToString`.
    Printed,
}

/// What the inside of an object is made of.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Members,
    Items,
    Dictionary,
}

#[derive(Default)]
struct Object {
    start: usize,
    reference: Option<String>,
    types: Vec<String>,
    open: Option<(Shape, Open)>,
    /// Place of the text that `ToString()` gave.
    printed: Option<(usize, usize)>,
    /// A value that has no members: number or text of an enum, a text with extra members.
    base: Option<(Leaf, usize, usize)>,
    dropped: bool,
    /// What mentions had added before it began.
    mentioned: u64,
}

/// Nodes that an export may come to when every mention is followed. A small file of mentions of mentions would come
/// to any number.
const MENTIONED: u64 = 1 << 24;

/// An object that may be mentioned again.
#[derive(Clone, Copy)]
struct Target {
    index: NodeIndex,
    /// Nodes in it when every mention is followed; `None` while it is read, when a mention would go in circles.
    size: Option<u64>,
}

struct Walk<'t> {
    text: &'t str,
    builder: TreeBuilder,
    stack: Vec<Element>,
    references: HashMap<String, Target>,
    /// Nodes that mentions of earlier objects add when they are followed.
    mentioned: u64,
    types: HashMap<String, Vec<String>>,
    /// Levels of an element that is not read.
    skip: usize,
    said_deep: bool,
}

impl Walk<'_> {
    fn run(&mut self, troubles: &mut Troubles) {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_end_names = true;
        loop {
            let before = place(&reader);
            match reader.read_event() {
                Ok(Event::Start(start)) => self.open(&start, before, place(&reader), troubles),
                Ok(Event::Empty(start)) => {
                    let after = place(&reader);
                    self.open(&start, before, after, troubles);
                    self.close(after, after);
                }
                Ok(Event::End(_)) => self.close(before, place(&reader)),
                Ok(Event::DocType(_)) => {
                    let message = "The file has a document type definition, which no PowerShell export has.";
                    troubles.error(before, place(&reader), message, "It is not read any further.");
                    return;
                }
                Ok(Event::Eof) => {
                    if !self.stack.is_empty() {
                        troubles.error(before, before, "The file ends in the middle of an object.", CUT_OFF);
                    }
                    return;
                }
                Ok(_) => {}
                Err(error) => {
                    let at = usize::try_from(reader.error_position()).unwrap_or(before).min(self.text.len());
                    troubles.error(at, at, format!("This is no XML: {error}."), CUT_OFF);
                    return;
                }
            }
        }
    }

    fn close_all(&mut self) {
        let end = self.text.len();
        if matches!(self.stack.last(), Some(Element::Leaf { .. })) {
            self.stack.pop();
        }
        while !self.stack.is_empty() {
            self.skip = 0;
            if let Some(Element::Object(object)) = self.stack.last_mut() {
                object.dropped = object.open.is_none();
            }
            self.close(end, end);
        }
    }

    fn open(&mut self, start: &BytesStart<'_>, before: usize, after: usize, troubles: &mut Troubles) {
        if self.skip > 0 {
            self.skip += 1;
            return;
        }
        if self.stack.len() >= 3 * DEPTH {
            self.skip = 1;
            if !self.said_deep {
                self.said_deep = true;
                let message =
                    format!("Objects are nested more than {DEPTH} deep; what lies deeper is not read.");
                troubles.say(
                    Severity::Error,
                    before,
                    after,
                    message,
                    "Export with a smaller -Depth; 8 is enough.",
                );
            }
            self.name(start);
            self.builder.truncated(small(before), small(after), Lost::Damaged, Coding::Plain);
            return;
        }
        let element = self.element(start, before, after);
        match element {
            Some(element) => self.stack.push(element),
            None => self.skip = 1,
        }
    }

    fn element(&mut self, start: &BytesStart<'_>, before: usize, after: usize) -> Option<Element> {
        let name = start.local_name();
        Some(match name.as_ref() {
            "Objs" | "En" => Element::Group,
            "Obj" => {
                self.name(start);
                let reference =
                    self.attribute(start, "RefId").map(|(from, to)| self.slice(from, to).to_owned());
                let mentioned = self.mentioned;
                Element::Object(Object { start: before, reference, mentioned, ..Object::default() })
            }
            "TN" => {
                let id =
                    self.attribute(start, "RefId").map_or("", |(from, to)| self.slice(from, to)).to_owned();
                Element::Types { id, names: Vec::new() }
            }
            "TNRef" => {
                let id = self.attribute(start, "RefId").map_or("", |(from, to)| self.slice(from, to));
                let types = self.types.get(id).cloned().unwrap_or_default();
                if let Some(Element::Object(object)) = self.stack.last_mut() {
                    object.types = types;
                }
                Element::Group
            }
            "Ref" => {
                self.reference(start, before, after);
                Element::Group
            }
            "Props" | "MS" => self.container(Shape::Members, Element::Members)?,
            "LST" | "IE" | "STK" | "QUE" => self.container(Shape::Items, Element::Items)?,
            "DCT" => self.container(Shape::Dictionary, Element::Dictionary)?,
            tag => {
                let leaf = leaf(tag)?;
                let is_value = !matches!(leaf, Leaf::TypeName | Leaf::Printed);
                if is_value && !self.inside_object() {
                    self.name(start);
                }
                Element::Leaf { tag: leaf, start: after }
            }
        })
    }

    /// Whether the element to come is the value of the object itself, not one of its members.
    fn inside_object(&self) -> bool {
        matches!(self.stack.last(), Some(Element::Object(_)))
    }

    /// Opens the map or list of the object around, once. `None` for what nobody needs: further members of a list or a
    /// dictionary, and of an object with a value of its own.
    fn container(&mut self, shape: Shape, element: Element) -> Option<Element> {
        let Some(Element::Object(object)) = self.stack.last_mut() else { return Some(Element::Group) };
        let known = object.open.as_ref().map(|(shape, _)| *shape);
        if object.base.is_some() || matches!(known, Some(Shape::Items | Shape::Dictionary)) {
            return None;
        }
        if known.is_some() && shape == Shape::Members {
            return Some(element);
        }
        // Members that stand before the items are those of the collection itself, such as its capacity.
        if let Some((_, members)) = object.open.take() {
            self.builder.rewind(members.index());
            self.references.retain(|_, target| target.index < members.index());
        }
        let start = small(object.start);
        let open = match shape {
            Shape::Items => self.builder.open_list(start),
            Shape::Members | Shape::Dictionary => self.builder.open_typed_map(start, &object.types),
        };
        if let Some(id) = &object.reference {
            self.references.insert(id.clone(), Target { index: open.index(), size: None });
        }
        object.open = Some((shape, open));
        Some(element)
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or("")
    }

    /// Where the value of an attribute stands.
    fn attribute(&self, start: &BytesStart<'_>, name: &str) -> Option<(usize, usize)> {
        let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
        let from = (found.value.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let to = from + found.value.len();
        (self.slice(from, to) == found.value.as_ref()).then_some((from, to))
    }

    /// Puts the name of a member before its value.
    fn name(&mut self, start: &BytesStart<'_>) {
        // In a dictionary the key is an element of its own, and stands before the value.
        if let Some(Element::Members) = self.stack.last() {
            let place = self.attribute(start, "N").unwrap_or((0, 0));
            self.builder.text(small(place.0), small(place.1), Coding::Xml);
        }
    }

    fn reference(&mut self, start: &BytesStart<'_>, before: usize, after: usize) {
        self.name(start);
        let id = self.attribute(start, "RefId").map_or("", |(from, to)| self.slice(from, to));
        let target = self.references.get(id).copied();
        let size = target.and_then(|target| target.size).filter(|size| self.mentioned + size <= MENTIONED);
        match (target, size) {
            (Some(target), Some(size)) => {
                self.mentioned += size;
                self.builder.alias(small(before), small(after), target.index);
            }
            (target, _) => {
                // An object that mentions an object around it has no end.
                let lost = if target.is_some() { Lost::Depth } else { Lost::Damaged };
                self.builder.truncated(small(before), small(after), lost, Coding::Plain);
            }
        }
    }

    /// Notes how large an object is that begins at `index` and now is complete.
    fn complete(&mut self, id: Option<String>, index: NodeIndex, mentioned_before: u64) {
        if let Some(id) = id {
            let own = u64::from(self.builder.len().saturating_sub(index));
            let size = Some(own + self.mentioned.saturating_sub(mentioned_before));
            self.references.insert(id, Target { index, size });
        }
    }

    fn close(&mut self, before: usize, after: usize) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match self.stack.pop() {
            Some(Element::Leaf { tag, start }) => self.close_leaf(tag, start, before),
            Some(Element::Types { id, names }) => {
                self.types.insert(id, names.clone());
                if let Some(Element::Object(object)) = self.stack.last_mut() {
                    object.types = names;
                }
            }
            Some(Element::Object(object)) => self.close_object(object, after),
            _ => {}
        }
    }

    fn close_leaf(&mut self, tag: Leaf, start: usize, end: usize) {
        match (tag, self.stack.last_mut()) {
            (Leaf::TypeName, Some(Element::Types { names, .. })) => {
                let full = self.text.get(start..end).unwrap_or("");
                names.push(full.strip_prefix("Deserialized.").unwrap_or(full).to_owned());
            }
            (Leaf::Printed, Some(Element::Object(object))) => object.printed = Some((start, end)),
            (Leaf::TypeName | Leaf::Printed, _) => {}
            (tag, Some(Element::Object(object))) => object.base = Some((tag, start, end)),
            (tag, _) => {
                self.value(tag, start, end);
            }
        }
    }

    fn value(&mut self, tag: Leaf, start: usize, end: usize) -> NodeIndex {
        let raw = self.text.get(start..end).unwrap_or("");
        let (from, to) = (small(start), small(end));
        match tag {
            Leaf::Number => self.builder.number(from, to),
            Leaf::Bool => self.builder.boolean(from, to, raw == "true"),
            Leaf::Bytes => self.builder.bytes(from, to, Coding::Base64),
            Leaf::Null => self.builder.null(from, to),
            Leaf::Secret => self.builder.truncated(from, to, Lost::Redacted, Coding::Xml),
            _ => match lost::trace(raw) {
                Some(how) => self.builder.truncated(from, to, how, Coding::Xml),
                None => self.builder.text(from, to, Coding::Xml),
            },
        }
    }

    fn close_object(&mut self, object: Object, after: usize) {
        match object.open {
            // A text with members, such as the path of the file it was read from, is a text.
            Some((Shape::Members, open)) if object.base.is_some() => {
                self.builder.rewind(open.index());
                self.references.retain(|_, target| target.index < open.index());
            }
            Some((_, open)) => {
                let index = open.index();
                self.builder.close(open, small(after));
                self.complete(object.reference, index, object.mentioned);
                return;
            }
            None => {}
        }
        let index = match (object.base, object.printed) {
            (Some((Leaf::Number, start, end)), Some((from, to))) => {
                let open = self.builder.open_enum(small(object.start));
                let index = open.index();
                self.builder.text(small(from), small(to), Coding::Xml);
                self.value(Leaf::Number, start, end);
                self.builder.close(open, small(after));
                index
            }
            (Some((tag, start, end)), _) => self.value(tag, start, end),
            (None, Some((from, to))) => {
                // Below the depth of the export only the text of an object is left. An address is nothing else.
                let is_text = object.types.first().is_some_and(|name| name == "System.Uri");
                if is_text {
                    self.value(Leaf::Text, from, to)
                } else {
                    self.builder.truncated(small(from), small(to), Lost::Depth, Coding::Xml)
                }
            }
            (None, None) if object.dropped => {
                self.builder.truncated(small(object.start), small(after), Lost::Damaged, Coding::Plain)
            }
            (None, None) => self.builder.null(small(object.start), small(after)),
        };
        self.complete(object.reference, index, object.mentioned);
    }
}

fn place(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn leaf(tag: &str) -> Option<Leaf> {
    Some(match tag {
        "S" | "C" | "DT" | "TS" | "G" | "URI" | "Version" | "XD" | "SBK" => Leaf::Text,
        "I16" | "I32" | "I64" | "U16" | "U32" | "U64" | "By" | "SB" | "Sg" | "Db" | "D" => Leaf::Number,
        "B" => Leaf::Bool,
        "BA" => Leaf::Bytes,
        "Nil" => Leaf::Null,
        "SS" => Leaf::Secret,
        "T" => Leaf::TypeName,
        "ToString" => Leaf::Printed,
        _ => return None,
    })
}
