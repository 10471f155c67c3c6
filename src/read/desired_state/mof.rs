//! From the text of a MOF file to its instances, by `grammar/mof.pest`.

use std::collections::HashMap;

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::{Instance, Place, Value, unescape, write};
use crate::node::{Tree, TreeBuilder};
use crate::read::Troubles;

#[derive(Parser)]
#[grammar = "../grammar/mof.pest"]
struct Grammar;

/// What the classes of resources and of their parts begin with.
const CLASS: &str = "MSFT_";

/// Whether a text begins like a compiled configuration.
pub(in crate::read) fn is_mof(head: &str) -> bool {
    head.contains("instance of MSFT_")
        || head.contains("instance of OMI_")
        || head.starts_with("/*\n@TargetNode")
        || head.starts_with("/*\r\n@TargetNode")
}

/// Reads a text.
pub(in crate::read) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    // The grammar takes every text.
    let file = Grammar::parse(Rule::file, text).ok().and_then(|mut pairs| pairs.next());
    let mut resources = Vec::new();
    let mut parts = HashMap::new();
    for pair in file.into_iter().flat_map(Pair::into_inner).filter(|pair| pair.as_rule() == Rule::instance) {
        let (instance, alias) = instance(text, pair, troubles);
        // Only a resource has an identifier; a part is mentioned by its alias.
        let is_resource = instance.get(text, "ResourceID").is_some();
        match alias {
            Some(alias) if !is_resource => {
                parts.insert(alias, instance);
            }
            _ if is_resource => resources.push(instance),
            _ => {}
        }
    }
    write::write(text, builder, &resources, &parts, troubles)
}

fn place(pair: &Pair<'_, Rule>) -> Place {
    Place::new(pair.as_span().start(), pair.as_span().end())
}

fn instance(text: &str, pair: Pair<'_, Rule>, troubles: &mut Troubles) -> (Instance, Option<String>) {
    let mut instance = Instance { place: place(&pair), class: String::new(), entries: Vec::new() };
    let mut alias = None;
    let mut said = false;
    for part in pair.into_inner() {
        let here = place(&part);
        match part.as_rule() {
            Rule::class => {
                let class = part.as_str();
                class.strip_prefix(CLASS).unwrap_or(class).clone_into(&mut instance.class);
            }
            Rule::alias => alias = Some(part.as_str().to_ascii_lowercase()),
            Rule::property => {
                let mut inner = part.into_inner();
                if let (Some(name), Some(found)) = (inner.next(), inner.next()) {
                    instance.entries.push((place(&name), value(found)));
                }
            }
            Rule::stray if !said => {
                said = true;
                troubles.warn(here.start, here.end, "This belongs to no property; it is not read.", COMPILE);
            }
            Rule::cut => {
                let end = text.get(instance.place.start..).and_then(|rest| rest.find(['\r', '\n']));
                let end = end.map_or(here.end, |length| instance.place.start + length);
                let message = "The instance that begins here has no end: the file is cut off or damaged.";
                troubles.error(instance.place.start, end, message, COMPILE);
            }
            _ => {}
        }
    }
    (instance, alias)
}

const COMPILE: &str = "Compile the configuration again. What stands before was read.";

fn value(pair: Pair<'_, Rule>) -> Value {
    let here = place(&pair);
    let Some(inner) = pair.into_inner().next() else { return Value::Null(here) };
    match inner.as_rule() {
        Rule::list => Value::List(here, inner.into_inner().map(value).collect()),
        Rule::texts => texts(inner),
        Rule::alias => Value::Alias(here),
        _ => match inner.as_str().to_ascii_lowercase().as_str() {
            "true" => Value::Bool(here, true),
            "false" => Value::Bool(here, false),
            "null" => Value::Null(here),
            _ => Value::Number(here),
        },
    }
}

/// Texts side by side are one; the place is that of what stands between the first quote and the last.
fn texts(pair: Pair<'_, Rule>) -> Value {
    let whole = place(&pair);
    let mut joined = Place::new(whole.start, whole.end);
    let mut decoded = crate::node::DecodedText::default();
    let mut is_first = true;
    for text in pair.into_inner() {
        for part in text.into_inner() {
            let here = place(&part);
            match part.as_rule() {
                Rule::inner => {
                    let next = unescape::mof(part.as_str());
                    if is_first {
                        (joined, decoded, is_first) = (here, next, false);
                    } else {
                        super::rules::append(&mut decoded, joined, here, &next);
                        joined.end = here.end;
                    }
                }
                Rule::open => return Value::Damaged(Place::new(joined.start, here.end)),
                _ => {}
            }
        }
    }
    Value::Text(joined, decoded)
}
