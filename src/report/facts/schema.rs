//! The JSON Schema of the facts file, made from the vocabulary.

use serde_json::{Map, Value, json};

use crate::farm::schema::{Field, RecordTypeId};
use crate::farm::vocabulary::{Property, Shape, Vocabulary};

/// The schema, for editors: names, what they mean, and what may stand there. It is stricter than the reader, which also
/// hears other spellings.
pub fn schema(vocabulary: &Vocabulary) -> String {
    let mut definitions = Map::new();
    let mut writer = Writer { vocabulary, definitions: &mut definitions };
    let mut root = writer.record(vocabulary.facts());
    let definitions = Value::Object(definitions);
    if let Value::Object(root) = &mut root {
        root.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        root.insert("title".into(), json!("adfslint facts file, version 1"));
        let about = "What no command exports of an AD FS farm, for `adfslint check`. Every key is optional; what is missing or null is unknown.";
        root.insert("description".into(), json!(about));
        root.insert("definitions".into(), definitions);
    }
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}

struct Writer<'v> {
    vocabulary: &'v Vocabulary,
    definitions: &'v mut Map<String, Value>,
}

impl Writer<'_> {
    /// A record that may be null: nothing but comments below a name is null in YAML.
    fn record(&mut self, record: RecordTypeId) -> Value {
        let vocabulary = self.vocabulary;
        let fields = vocabulary.schema.record(record).map_or(&[][..], |record| &record.fields);
        let properties = vocabulary.layout(record).map_or(&[][..], |layout| &layout.properties);
        let members: Map<String, Value> = fields
            .iter()
            .zip(properties)
            .map(|(field, property)| (field.name.clone(), self.property(field, property)))
            .collect();
        json!({"type": ["object", "null"], "properties": members, "additionalProperties": false})
    }

    fn property(&mut self, field: &Field, property: &Property) -> Value {
        let mut value = self.shape(&property.shape);
        let mut about = field.about.clone();
        if let Some(command) = &property.fact.shown_by {
            about.push_str(&format!(". Shown by: {command}"));
        }
        let Value::Object(entries) = &mut value else { return value };
        if let Some(most) = property.fact.most {
            entries.insert("maximum".into(), json!(most));
        }
        if !property.fact.among.is_empty() {
            let mut among: Vec<Value> = property.fact.among.iter().map(|one| json!(one)).collect();
            among.push(Value::Null);
            entries.insert("enum".into(), Value::Array(among));
        }
        // What stands beside a reference is not read.
        if let Some(reference) = entries.remove("$ref") {
            return json!({"description": about, "allOf": [{"$ref": reference}]});
        }
        entries.insert("description".into(), json!(about));
        value
    }

    fn shape(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Bool => json!({"type": ["boolean", "null"]}),
            Shape::Int => json!({"type": ["integer", "null"]}),
            Shape::Number => json!({"type": ["number", "null"]}),
            Shape::Count => json!({"type": ["integer", "null"], "minimum": 0}),
            Shape::Amount => json!({"type": ["number", "null"], "minimum": 0}),
            Shape::Time => json!({"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"}),
            Shape::Set(names) => {
                let mut names: Vec<Value> = names.iter().map(|name| json!(name)).collect();
                names.push(Value::Null);
                json!({"enum": names})
            }
            Shape::List(item) => json!({"type": ["array", "null"], "items": self.shape(item)}),
            Shape::Map(item) => {
                let entries = self.shape(item);
                json!({"type": ["object", "null"], "additionalProperties": entries, "propertyNames": {"not": {"pattern": PLACEHOLDER}}})
            }
            Shape::Record(record) => {
                let named = self.vocabulary.schema.record(*record).map(|record| record.name.clone());
                let name = named.unwrap_or_default();
                if !self.definitions.contains_key(&name) {
                    let definition = self.record(*record);
                    self.definitions.insert(name.clone(), definition);
                }
                json!({"$ref": format!("#/definitions/{name}")})
            }
            _ => json!({"type": ["string", "null"], "not": {"pattern": PLACEHOLDER}}),
        }
    }
}

/// What stands in the place of an answer.
const PLACEHOLDER: &str = "^<.*>$";
