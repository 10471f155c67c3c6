//! From the many spellings of a value to one: booleans as text, enums as numbers or pairs, joined lists.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::moment::{self, Moment};
use super::object::{MapRecord, Owner};
use super::recognise::is_extra;
use super::value::{Gap, List, Missing, Reading, Site, Value};
use super::vocabulary::{Enum, Shape};
use super::{Farm, certificate, certificates, claim_rules, facts};
use crate::node::{Kind, Lost, NodeRef};

/// Reads `node`, a value of the property that `owner` names, as `shape` demands.
pub(crate) fn normalise<'f>(
    farm: &'f Farm,
    owner: &Owner,
    shape: &Shape,
    node: NodeRef<'f>,
    tree: u32,
) -> Reading<'f> {
    let context = Context { farm, owner, tree };
    context.read(shape, unpair(node))
}

/// The inside of `{"value": 5, "Value": "CheckChainExcludeRoot"}`, of a date or text with extra members.
fn unpair(node: NodeRef<'_>) -> NodeRef<'_> {
    if node.kind() != Kind::Map {
        return node;
    }
    let mut name = None;
    let mut value = None;
    for (key, inside) in node.entries() {
        match key.text().as_deref() {
            Some("Value") => name = Some(inside),
            Some("value") => value = Some(inside),
            Some(other) if is_extra(other) => {}
            _ => return node,
        }
    }
    name.or(value).unwrap_or(node)
}

/// What scripts put between the items of a list that is to fit a cell.
const JOINED: [char; 2] = [';', '|'];

struct Context<'f, 'o> {
    farm: &'f Farm,
    owner: &'o Owner,
    tree: u32,
}

impl<'f> Context<'f, '_> {
    fn site(&self, node: NodeRef<'f>) -> Site {
        Site::node(self.tree, node.index())
    }

    fn known(&self, node: NodeRef<'f>, value: Value<'f>) -> Reading<'f> {
        Reading::at(value, self.site(node))
    }

    fn unreadable(&self, node: NodeRef<'f>, reason: &str) -> Reading<'f> {
        let gap = match self.owner {
            Owner::Fact(path) => Gap::Fact(Arc::clone(path)),
            Owner::Property { kind, property } => Gap::Unreadable {
                kind: Arc::clone(kind),
                property: Arc::clone(property),
                reason: Arc::from(reason),
            },
        };
        Reading::missing(gap, Some(self.site(node)))
    }

    fn truncated(&self, node: NodeRef<'f>, lost: Lost) -> Reading<'f> {
        Reading::missing(self.owner.truncated(lost), Some(self.site(node)))
    }

    fn read(&self, shape: &Shape, node: NodeRef<'f>) -> Reading<'f> {
        match (node.kind(), shape) {
            (Kind::Truncated(lost), _) => return self.truncated(node, lost),
            (Kind::Null, _) => return self.null(shape, node),
            _ => {}
        }
        match shape {
            Shape::Any => self.any(node),
            Shape::Bool => self.boolean(node),
            Shape::Int => self.int(node),
            Shape::Number => self.number(node),
            Shape::Count => self.no_less_than_none(node, self.int(node)),
            Shape::Amount => self.no_less_than_none(node, self.number(node)),
            Shape::Text => self.text(node),
            Shape::Thumbprint => self.thumbprint(node),
            Shape::Time => self.time(node),
            Shape::Duration => self.duration(node),
            Shape::Bytes => self.bytes(node),
            Shape::Claims(_) => claim_rules::rule_set(self.farm, self.site(node)),
            Shape::Certificate => certificates::reading(self.farm, self.site(node), node, self.owner),
            Shape::Enum(number) => self.enumeration(*number, node),
            Shape::Set(names) => self.set(names, node),
            Shape::List(item) => self.list(item, node),
            Shape::Map(_) => self.map(shape, node),
            Shape::Record(record) => match node.kind() {
                Kind::Map => {
                    let record =
                        MapRecord::new(self.farm, Some(*record), self.owner.clone(), self.tree, node);
                    self.known(node, Value::Record(Rc::new(record)))
                }
                _ => self.truncated(node, Lost::Depth),
            },
        }
    }

    /// What an exported null, or a name without text on a console, means.
    fn null(&self, shape: &Shape, node: NodeRef<'f>) -> Reading<'f> {
        match shape {
            Shape::List(_) => self.known(node, empty_list()),
            Shape::Map(_) => self.map(shape, node),
            Shape::Claims(_) => claim_rules::rule_set(self.farm, self.site(node)),
            _ => self.known(node, Value::Null),
        }
    }

    fn any(&self, node: NodeRef<'f>) -> Reading<'f> {
        match node.kind() {
            Kind::Bool(value) => self.known(node, Value::Bool(value)),
            Kind::Number => self.number_as_written(node),
            Kind::List => self.list(&Shape::Any, node),
            Kind::Map => self.map(&Shape::Map(Box::new(Shape::Any)), node),
            Kind::Bytes => self.bytes(node),
            _ => self.text(node),
        }
    }

    fn number_as_written(&self, node: NodeRef<'f>) -> Reading<'f> {
        let text = node.text().unwrap_or_default();
        match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => self.known(node, Value::Int(whole)),
            (_, Ok(number)) => self.known(node, Value::Double(number)),
            _ => self.unreadable(node, "is not a number"),
        }
    }

    fn boolean(&self, node: NodeRef<'f>) -> Reading<'f> {
        if let Kind::Bool(value) = node.kind() {
            return self.known(node, Value::Bool(value));
        }
        let text = node.text().unwrap_or_default();
        let text = text.trim().trim_start_matches('$');
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is(&["true", "1", "yes", "on", "enabled", "set"]) {
            self.known(node, Value::Bool(true))
        } else if is(&["false", "0", "no", "off", "disabled", "not set"]) {
            self.known(node, Value::Bool(false))
        } else if text.is_empty() {
            self.known(node, Value::Null)
        } else {
            self.unreadable(node, "is neither true nor false")
        }
    }

    fn int(&self, node: NodeRef<'f>) -> Reading<'f> {
        let Some(text) = number_text(node) else {
            return self.unreadable(node, "is not a whole number");
        };
        let text = text.trim();
        if text.is_empty() {
            return self.known(node, Value::Null);
        }
        match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => self.known(node, Value::Int(whole)),
            #[allow(clippy::cast_possible_truncation)] // bounded by the guard
            (_, Ok(number)) if number.fract() == 0.0 && number.abs() < 9e15 => {
                self.known(node, Value::Int(number as i64))
            }
            _ => self.unreadable(node, "is not a whole number"),
        }
    }

    fn number(&self, node: NodeRef<'f>) -> Reading<'f> {
        match number_text(node).and_then(|text| text.trim().parse::<f64>().ok()) {
            Some(number) if number.is_finite() => self.known(node, Value::Double(number)),
            _ => self.unreadable(node, "is not a number"),
        }
    }

    fn no_less_than_none(&self, node: NodeRef<'f>, number: Reading<'f>) -> Reading<'f> {
        let is_less = match &number.value {
            Ok(Value::Int(number)) => *number < 0,
            Ok(Value::Double(number)) => *number < 0.0,
            _ => false,
        };
        if is_less { self.unreadable(node, "is less than nothing") } else { number }
    }

    fn text(&self, node: NodeRef<'f>) -> Reading<'f> {
        let is_fact = matches!(self.owner, Owner::Fact(_));
        if is_fact && node.text().is_some_and(|text| facts::is_placeholder(&text)) {
            return self.unreadable(node, "is not answered yet");
        }
        match node.kind() {
            Kind::Map => {
                // System.Uri and the like, written out member by member.
                match node.get("OriginalString").or_else(|| node.get("AbsoluteUri")).and_then(NodeRef::text) {
                    Some(text) => self.known(node, Value::Text(text)),
                    None => self.unreadable(node, "is an object where a text belongs"),
                }
            }
            Kind::List => self.unreadable(node, "is a list where a text belongs"),
            _ => match node.text() {
                Some(text) => self.known(node, Value::Text(text)),
                None => self.unreadable(node, "is not a text"),
            },
        }
    }

    fn thumbprint(&self, node: NodeRef<'f>) -> Reading<'f> {
        match node.text() {
            Some(text) => self.known(node, Value::Text(Cow::Owned(certificate::plain_thumbprint(&text)))),
            None => self.text(node),
        }
    }

    fn time(&self, node: NodeRef<'f>) -> Reading<'f> {
        let inner = if node.kind() == Kind::Map { node.get("value").unwrap_or(node) } else { node };
        let text = inner.text().unwrap_or_default();
        match moment::moment(&text) {
            Some(Moment::At(at)) => self.known(node, Value::Time(at)),
            Some(Moment::Never) => self.known(node, Value::Null),
            None if text.trim().is_empty() && inner.kind() == Kind::Text => self.known(node, Value::Null),
            None => self.unreadable(node, "is a date that only its culture can tell"),
        }
    }

    fn duration(&self, node: NodeRef<'f>) -> Reading<'f> {
        let ticks = node.get("Ticks").and_then(NodeRef::text).and_then(|text| text.parse::<i64>().ok());
        let length = match ticks {
            // A tick is 100 ns.
            Some(ticks) => Some(time::Duration::nanoseconds(ticks.saturating_mul(100))),
            None => node.text().and_then(|text| moment::span(&text)),
        };
        match length {
            Some(length) => self.known(node, Value::Duration(length)),
            None => self.unreadable(node, "is not a time span"),
        }
    }

    fn bytes(&self, node: NodeRef<'f>) -> Reading<'f> {
        let bytes = node.bytes().or_else(|| {
            let text = node.text()?;
            let text = text.trim();
            let decimals = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
            if decimals && text.contains(' ') {
                crate::node::decode::decimals(text)
            } else {
                crate::node::decode::base64(text)
            }
        });
        match bytes {
            Some(bytes) => self.known(node, Value::Bytes(Rc::from(bytes))),
            None => self.unreadable(node, "is not a run of bytes"),
        }
    }

    fn enumeration(&self, number: usize, node: NodeRef<'f>) -> Reading<'f> {
        let Some(entry) = self.farm.vocabulary().enumeration(number) else { return self.text(node) };
        let numeric = match node.kind() {
            Kind::Enum => node.items().nth(1).and_then(NodeRef::text),
            Kind::Number => node.text(),
            _ => None,
        };
        let numeric = numeric
            .or_else(|| node.text().filter(|text| text.trim().parse::<i64>().is_ok()))
            .and_then(|text| text.trim().parse::<i64>().ok());
        if let Some(value) = numeric {
            return match entry.named(value) {
                Some(names) => self.names(node, entry, names),
                None => self.unreadable(node, "is a number that this enum does not have"),
            };
        }
        match node.kind() {
            Kind::List => self.list(&Shape::Enum(number), node),
            _ => match node.text() {
                Some(text) => self.enum_names(node, entry, &text),
                None => self.unreadable(node, "is not a name of this enum"),
            },
        }
    }

    fn enum_names(&self, node: NodeRef<'f>, entry: &Enum, text: &str) -> Reading<'f> {
        let mut names = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match entry.canonical(part) {
                Some(name) => names.push(Arc::clone(name)),
                None => return self.unreadable(node, "is not a name of this enum"),
            }
        }
        if entry.flags {
            names.retain(|name| entry.names.iter().any(|(known, bit)| known == name && *bit != 0));
        }
        self.names(node, entry, names)
    }

    fn names(&self, node: NodeRef<'f>, entry: &Enum, names: Vec<Arc<str>>) -> Reading<'f> {
        let text = |name: Arc<str>| self.known(node, Value::Text(Cow::Owned(name.to_string())));
        if entry.flags {
            let items: Rc<[Reading<'f>]> = names.into_iter().map(text).collect();
            self.known(node, Value::List(List { items, rest: None }))
        } else {
            names.into_iter().next().map_or_else(|| self.known(node, Value::Null), text)
        }
    }

    fn set(&self, names: &[String], node: NodeRef<'f>) -> Reading<'f> {
        let reading = self.text(node);
        let Ok(Value::Text(text)) = &reading.value else { return reading };
        // These are texts in every format; a number is somebody else's numbering of them.
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.unreadable(node, "is a number where one of a few words belongs");
        }
        // Help pages show the identifiers of algorithms with https; the product writes http.
        let plain = text.strip_prefix("https://").map(|rest| format!("http://{rest}"));
        let known = names
            .iter()
            .find(|name| name.eq_ignore_ascii_case(text) || plain.as_deref() == Some(name.as_str()));
        match (known, self.owner) {
            (Some(name), _) => self.known(node, Value::Text(Cow::Owned(name.clone()))),
            // What AD FS prints may have names that nobody knows yet; the facts file is ours.
            (None, Owner::Fact(_)) => self.unreadable(node, "is none of the words that belong here"),
            (None, Owner::Property { .. }) => reading,
        }
    }

    fn list(&self, item: &Shape, node: NodeRef<'f>) -> Reading<'f> {
        if node.kind() != Kind::List {
            return self.joined_list(item, node);
        }
        let items: Rc<[Reading<'f>]> = node.items().map(|entry| self.read(item, unpair(entry))).collect();
        let rest = node.is_incomplete().then(|| self.lost_items(node, Lost::Ellipsis));
        self.known(node, Value::List(List { items, rest }))
    }

    fn lost_items(&self, node: NodeRef<'f>, lost: Lost) -> Rc<Missing> {
        Rc::new(Missing { gap: self.owner.truncated(lost), site: Some(self.site(node)) })
    }

    /// A list that is no list: one item by itself, what `ConvertTo-Json` makes of a list that lies too deep (the
    /// items joined with blanks, nothing for an empty list), or what scripts join for a cell of a CSV file.
    fn joined_list(&self, item: &Shape, node: NodeRef<'f>) -> Reading<'f> {
        if matches!(item, Shape::Record(_)) && node.kind() == Kind::Text {
            let empty = node.text().is_some_and(|text| text.is_empty());
            return if empty { self.known(node, empty_list()) } else { self.truncated(node, Lost::Depth) };
        }
        let text = match node.kind() {
            Kind::Text => node.text().unwrap_or_default(),
            _ => Cow::Borrowed("x"),
        };
        // A console shows a list of one GUID just as others write a GUID in braces; here a list is due.
        if let Some(guid) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let only: Rc<[Reading<'f>]> =
                Rc::new([self.known(node, Value::Text(Cow::Owned(guid.to_owned())))]);
            return self.known(node, Value::List(List { items: only, rest: None }));
        }
        let parts: Vec<&str> = text.split(' ').filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return self.known(node, empty_list());
        }
        let comma_names = matches!(item, Shape::Set(_) | Shape::Enum(_));
        let is_joined = text.contains(JOINED) || comma_names && text.contains(',');
        if parts.len() == 1 && !is_joined {
            let only: Rc<[Reading<'f>]> = Rc::new([self.read(item, node)]);
            return self.known(node, Value::List(List { items: only, rest: None }));
        }
        let separators: &[char] = if comma_names { &[',', ';', '|', ' '] } else { &[';', '|', ' '] };
        let parts: Vec<&str> = text.split(separators).filter(|part| !part.is_empty()).collect();
        let identifiers = parts.iter().all(|part| part.contains("://") || part.starts_with("urn:"));
        if !identifiers && !comma_names {
            return self.truncated(node, Lost::Depth);
        }
        let text = |part: &str| self.known(node, Value::Text(Cow::Owned(part.trim_matches(',').to_owned())));
        let items: Rc<[Reading<'f>]> = parts.into_iter().map(text).collect();
        self.known(node, Value::List(List { items, rest: None }))
    }

    fn map(&self, shape: &Shape, node: NodeRef<'f>) -> Reading<'f> {
        match node.kind() {
            Kind::List if !node.items().all(is_pair) => self.truncated(node, Lost::Depth),
            Kind::Map | Kind::Null | Kind::List => {
                let Shape::Map(item) = shape else { return self.any(node) };
                let record = MapRecord::new(self.farm, None, self.owner.clone(), self.tree, node)
                    .with_values((**item).clone());
                self.known(node, Value::Record(Rc::new(record)))
            }
            _ => self.truncated(node, Lost::Depth),
        }
    }
}

/// An entry of a dictionary that was written as a list, or the mark behind its last one that some are lost.
fn is_pair(item: NodeRef<'_>) -> bool {
    item.get("Key").is_some() && item.get("Value").is_some() || matches!(item.kind(), Kind::Truncated(_))
}

fn empty_list<'f>() -> Value<'f> {
    Value::List(List { items: Rc::new([]), rest: None })
}

/// The digits of a number, however they are wrapped.
fn number_text(node: NodeRef<'_>) -> Option<Cow<'_, str>> {
    match node.kind() {
        Kind::Enum => node.items().nth(1).and_then(NodeRef::text),
        Kind::Number | Kind::Text => node.text(),
        _ => None,
    }
}
