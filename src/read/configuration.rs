//! .NET configuration files of a server: `applicationHost.config` and `web.config` of IIS under AD FS 2.x, and the file of the
//! AD FS service itself.
//!
//! Nothing is kept of connection strings and other settings: of the service's file only the assemblies that it names,
//! and a hash by which two servers can be compared.

mod iis;
mod service;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Troubles, small};
use crate::node::{Tree, TreeBuilder, decode};

/// Elements in elements; configuration files have some ten.
const DEPTH: usize = 200;
const CUT_OFF: &str = "The file is cut off or damaged here; copy it again. What stands before was read.";

/// An attribute: its name, its value, and where that stands.
#[derive(Debug, Clone)]
struct Attribute {
    name: String,
    value: String,
    start: usize,
    end: usize,
}

/// An element that begins.
#[derive(Debug)]
struct Element<'e> {
    name: &'e str,
    attributes: &'e [Attribute],
    start: usize,
    end: usize,
}

impl Element<'_> {
    fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let mut files = (iis::Found::default(), service::Found::default());
    let is_whole = walk(text, troubles, &mut files);
    let mut writer = Writer { builder, length: text.len() };
    let root = writer.builder.open_map(0);
    files.0.write(&mut writer);
    files.1.write(&mut writer, is_whole);
    writer.builder.close(root, small(text.len()));
    writer.builder.finish()
}

/// Goes over the elements, and says whether the file is whole.
fn walk(text: &str, troubles: &mut Troubles, files: &mut (iis::Found, service::Found)) -> bool {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    loop {
        let before = place(&reader);
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                enter(text, &start, (before, place(&reader)), &path, files);
                path.push(start.local_name().as_ref().to_owned());
            }
            Ok(Event::Empty(start)) => {
                enter(text, &start, (before, place(&reader)), &path, files);
                files.0.leave(path.len());
            }
            Ok(Event::End(_)) => {
                path.pop();
                files.0.leave(path.len());
            }
            Ok(Event::DocType(_)) => {
                let message = "The file has a document type definition, which no configuration file has.";
                troubles.error(before, place(&reader), message, "It is not read any further.");
                return false;
            }
            Ok(Event::Text(words)) => files.1.text(&words),
            Ok(Event::Eof) => {
                if !path.is_empty() {
                    troubles.error(before, before, "The file ends in the middle of an element.", CUT_OFF);
                }
                return path.is_empty();
            }
            Ok(_) => {}
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(before).min(text.len());
                troubles.error(at, at, format!("This is no XML: {error}."), CUT_OFF);
                return false;
            }
        }
        if path.len() > DEPTH {
            troubles.error(before, before, "Elements are nested too deep; the rest is not read.", "");
            return false;
        }
    }
}

fn enter(
    text: &str,
    start: &BytesStart<'_>,
    (from, to): (usize, usize),
    path: &[String],
    files: &mut (iis::Found, service::Found),
) {
    let tag = text.get(from..to).unwrap_or("");
    let mut attributes = Vec::new();
    let mut at = 0;
    for attribute in start.attributes().flatten() {
        let name = attribute.key.local_name().as_ref().to_owned();
        let raw: &str = &attribute.value;
        // Values stand in the tag in the order in which they are told.
        let found = tag.get(at..).and_then(|rest| rest.find(raw)).map_or(at, |found| at + found);
        at = found + raw.len();
        let value = decode::xml(raw).into_owned();
        attributes.push(Attribute { name, value, start: from + found, end: from + at });
    }
    let local = start.local_name();
    let element = Element { name: local.as_ref(), attributes: &attributes, start: from, end: to };
    files.0.enter(&element, path);
    files.1.enter(&element, path);
}

fn place(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Writes objects below the name of their kind.
struct Writer {
    builder: TreeBuilder,
    length: usize,
}

impl Writer {
    /// A name and its value, both at one place.
    fn pair(&mut self, name: &str, value: &str, start: usize, end: usize) {
        self.builder.word(start, end, name);
        self.builder.word(start, end, value);
    }
}
