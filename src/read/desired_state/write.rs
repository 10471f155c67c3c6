//! From resources to the tree.

use std::collections::HashMap;

use super::{Instance, Place, Value, rules};
use crate::node::{Coding, DecodedText, Lost, NodeIndex, Tree, TreeBuilder};
use crate::read::{Troubles, small};

/// Parts in parts.
const DEPTH: usize = 32;
/// Nodes that a file may come to when every mention of a part is followed.
const MENTIONED: u64 = 1 << 24;
/// What a configuration says about itself, and not about the farm.
const PLUMBING: [&str; 10] = [
    "Ensure",
    "DependsOn",
    "PsDscRunAsCredential",
    "Credential",
    "ServiceAccountCredential",
    "ResourceID",
    "SourceInfo",
    "ModuleName",
    "ModuleVersion",
    "ConfigurationName",
];

/// Writes a list of typed maps, of which there may be more in the farm.
pub(super) fn write(
    text: &str,
    mut builder: TreeBuilder,
    resources: &[Instance],
    parts: &HashMap<String, Instance>,
    troubles: &mut Troubles,
) -> Tree {
    let root = builder.open_list(0);
    let mut writer = Writer { text, builder, parts, written: HashMap::new(), mentioned: 0, open: 0 };
    for resource in resources {
        if resource.class.get(..4).is_none_or(|start| !start.eq_ignore_ascii_case("adfs")) {
            continue;
        }
        match resource.get(text, "Ensure") {
            Some(Value::Text(_, ensure)) if ensure.text.eq_ignore_ascii_case("Absent") => {}
            Some(Value::Unevaluated(Place { start, end })) => {
                let message =
                    "Whether this is to be there comes out only when the script is run; it is not read.";
                troubles.warn(*start, *end, message, "Check the MOF files that the script writes.");
            }
            _ => writer.resource(resource),
        }
    }
    if writer.open > 0 {
        let first = text.find(['\r', '\n']).unwrap_or(text.len());
        let values = if writer.open == 1 { "1 value comes" } else { &format!("{} values come", writer.open) };
        let message =
            format!("{values} out only when the configuration is applied; what depends on them is unknown.");
        troubles.note(0, first, message);
    }
    writer.builder.close_incomplete(root, small(text.len()));
    writer.builder.finish()
}

struct Writer<'t> {
    text: &'t str,
    builder: TreeBuilder,
    parts: &'t HashMap<String, Instance>,
    /// Parts that were written already: their node, and how many nodes that comes to; `None` while one is written.
    written: HashMap<String, Option<(NodeIndex, u64)>>,
    mentioned: u64,
    /// Values that only the farm can tell.
    open: usize,
}

impl Writer<'_> {
    fn resource(&mut self, resource: &Instance) {
        let types = [format!("{}{}", crate::read::DESIRED, resource.class)];
        let open = self.builder.open_typed_map(small(resource.place.start), &types);
        let is_plumbing =
            |name: &Place| PLUMBING.iter().any(|known| name.of(self.text).eq_ignore_ascii_case(known));
        let entries: Vec<_> = resource.entries.iter().filter(|(name, _)| !is_plumbing(name)).collect();
        for (name, value) in entries {
            self.entry(*name, value, 0);
        }
        self.builder.close(open, small(resource.place.end));
    }

    fn entry(&mut self, name: Place, value: &Value, depth: usize) {
        self.builder.text(small(name.start), small(name.end), Coding::Plain);
        let is_secret = name.of(self.text).eq_ignore_ascii_case("Password");
        match value {
            Value::Text(place, _) if is_secret => self.lost(*place, Lost::Redacted),
            value => self.value(value, depth),
        }
    }

    fn lost(&mut self, place: Place, how: Lost) {
        self.open += usize::from(how == Lost::Unevaluated);
        self.builder.truncated(small(place.start), small(place.end), how, Coding::Plain);
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Text(place, text) => self.written_text(*place, text),
            Value::Number(place) => {
                self.builder.number(small(place.start), small(place.end));
            }
            Value::Bool(place, value) => {
                self.builder.boolean(small(place.start), small(place.end), *value);
            }
            Value::Null(place) => {
                self.builder.null(small(place.start), small(place.end));
            }
            Value::List(place, items) => self.list(*place, items, depth),
            Value::Instance(instance) => self.part(instance, depth),
            Value::Alias(place) => self.mention(*place, depth),
            Value::Unevaluated(place) => self.lost(*place, Lost::Unevaluated),
            Value::Damaged(place) => self.lost(*place, Lost::Damaged),
        }
    }

    fn written_text(&mut self, place: Place, text: &DecodedText) {
        let (start, end) = (small(place.start), small(place.end));
        if place.of(self.text) == text.text {
            self.builder.text(start, end, Coding::Plain);
        } else {
            self.builder.side_text(start, end, text.clone());
        }
    }

    fn list(&mut self, place: Place, items: &[Value], depth: usize) {
        let instances: Vec<&Instance> =
            items.iter().filter_map(|item| rules::instance(self.text, item, self.parts)).collect();
        if instances.len() == items.len() && rules::is_rule_set(&instances) {
            return match rules::rule_set(self.text, &instances, self.parts) {
                Some((whole, decoded)) => {
                    self.builder.side_text(small(whole.start), small(whole.end), decoded);
                }
                None => self.lost(place, Lost::Unevaluated),
            };
        }
        let list = self.builder.open_list(small(place.start));
        let is_open = items.iter().any(|item| matches!(item, Value::Unevaluated(_)));
        for item in items {
            self.value(item, depth + 1);
        }
        if is_open {
            self.builder.close_incomplete(list, small(place.end));
        } else {
            self.builder.close(list, small(place.end));
        }
    }

    fn part(&mut self, part: &Instance, depth: usize) {
        if depth > DEPTH {
            return self.lost(part.place, Lost::Depth);
        }
        let open = self.builder.open_map(small(part.place.start));
        for (name, value) in &part.entries {
            self.entry(*name, value, depth + 1);
        }
        self.builder.close(open, small(part.place.end));
    }

    /// The part that an alias names; a second time only a mention of it.
    fn mention(&mut self, place: Place, depth: usize) {
        let alias = place.of(self.text).to_ascii_lowercase();
        match self.written.get(&alias) {
            Some(Some((index, size))) if self.mentioned.saturating_add(*size) <= MENTIONED => {
                self.mentioned += size;
                self.builder.alias(small(place.start), small(place.end), *index);
                return;
            }
            // A part that holds itself has no end.
            Some(_) => return self.lost(place, Lost::Damaged),
            None => {}
        }
        let Some(part) = self.parts.get(&alias) else { return self.lost(place, Lost::Damaged) };
        let (index, before) = (self.builder.len(), self.mentioned);
        self.written.insert(alias.clone(), None);
        self.part(part, depth);
        let size = u64::from(self.builder.len() - index) + (self.mentioned - before);
        self.written.insert(alias, Some((index, size)));
    }
}
