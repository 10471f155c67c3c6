//! Access control policies: the XML in `PolicyMetadata.Serialized`, and other members that are computed.
//!
//! Shape of the XML, as Windows Server 2016 writes it: `PolicyMetadata` holds `IssuanceAuthorizationRules` with
//! `Rule`s, each with `Conditions` and perhaps `ExceptConditions`; a `Condition` has its class in `i:type`, and
//! `Operator`, `ClaimType`, `Values`.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Farm;
use super::computed::Computed;
use super::object::{MapRecord, list};
use super::value::{Gap, Reading, Record, Site, Value};
use super::vocabulary::Property;

/// Most conditions that are read of one policy; real ones have a handful.
const MOST: usize = 10_000;

/// One permit rule of a policy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicyRule {
    conditions: Vec<PolicyCondition>,
    exceptions: Vec<PolicyCondition>,
}

/// One condition.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct PolicyCondition {
    condition: String,
    operator: String,
    claim_type: Option<String>,
    values: Vec<String>,
}

/// Reads the XML. The error says what is wrong with it.
pub(crate) fn parse(xml: &str) -> Result<Vec<PolicyRule>, String> {
    let mut reader = Reader::from_str(xml);
    let mut state = State::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => state.open(&start),
            Ok(Event::Empty(start)) => {
                state.open(&start);
                state.close();
            }
            Ok(Event::End(_)) => state.close(),
            Ok(Event::Text(text)) => {
                state.text.push_str(&text);
            }
            Ok(Event::GeneralRef(name)) => state.reference(&name),
            Ok(Event::DocType(_)) => return Err("a document type definition does not belong there".into()),
            Ok(Event::Eof) if state.path.is_empty() && state.saw_root => return Ok(state.rules),
            Ok(Event::Eof) => return Err("it ends too early".into()),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
        if state.count > MOST {
            return Err("it has more conditions than any policy can".into());
        }
    }
}

#[derive(Default)]
struct State {
    path: Vec<String>,
    text: String,
    rules: Vec<PolicyRule>,
    condition: Option<PolicyCondition>,
    saw_root: bool,
    count: usize,
}

impl State {
    fn open(&mut self, start: &BytesStart<'_>) {
        let name = start.local_name().as_ref().to_owned();
        if self.path.is_empty() {
            self.saw_root = name == "PolicyMetadata";
        }
        self.text.clear();
        match name.as_str() {
            "Rule" => self.rules.push(PolicyRule::default()),
            "Condition" => {
                self.count += 1;
                let class = start
                    .attributes()
                    .flatten()
                    .find(|attribute| attribute.key.local_name().as_ref() == "type")
                    .map(|attribute| attribute.value.into_owned());
                self.condition =
                    Some(PolicyCondition { condition: class.unwrap_or_default(), ..Default::default() });
            }
            _ => {}
        }
        self.path.push(name);
    }

    fn reference(&mut self, name: &str) {
        self.text.push_str(match name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            _ => "\u{fffd}",
        });
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else { return };
        let text = std::mem::take(&mut self.text);
        if name == "Condition" {
            let excepted = self.path.iter().any(|outer| outer.starts_with("Except"));
            if let (Some(condition), Some(rule)) = (self.condition.take(), self.rules.last_mut()) {
                if excepted { &mut rule.exceptions } else { &mut rule.conditions }.push(condition);
            }
            return;
        }
        let Some(condition) = &mut self.condition else { return };
        match name.as_str() {
            "Operator" => text.trim().clone_into(&mut condition.operator),
            "ClaimType" => condition.claim_type = Some(text.trim().to_owned()),
            "Value" | "string" => condition.values.push(text.trim().to_owned()),
            _ => {}
        }
    }
}

/// Members of records that are computed from their neighbours. `None` for a member that nobody computes.
pub(crate) fn computed<'f>(
    farm: &'f Farm,
    record: &MapRecord<'f>,
    property: &Property,
) -> Option<Reading<'f>> {
    if &*property.name != "rules" {
        return None;
    }
    let layout = farm.vocabulary().layout(record.record_type()?)?;
    let serialized = record.field(layout.find("Serialized")?);
    let text = match &serialized.value {
        Ok(Value::Text(text)) => text,
        Ok(_) => return Some(Reading { value: Ok(Value::Null), site: serialized.site }),
        Err(_) => return Some(serialized),
    };
    let site = serialized.site;
    Some(match parse(text) {
        Ok(rules) => {
            let rules = rules.iter().filter_map(|rule| rule_record(farm, rule, site)).collect();
            Reading { value: Ok(list(rules, None)), site }
        }
        Err(reason) => {
            let gap = Gap::Unreadable {
                kind: Arc::from("PolicyMetadata"),
                property: Arc::from("Serialized"),
                reason: Arc::from(reason),
            };
            Reading::missing(gap, site)
        }
    })
}

fn rule_record<'f>(farm: &'f Farm, rule: &PolicyRule, site: Option<Site>) -> Option<Reading<'f>> {
    let conditions = |list_of: &[PolicyCondition]| {
        let items = list_of.iter().filter_map(|condition| condition_record(farm, condition, site)).collect();
        Reading { value: Ok(list(items, None)), site }
    };
    build(farm, "PolicyRule", site, |name| match name {
        "conditions" => conditions(&rule.conditions),
        _ => conditions(&rule.exceptions),
    })
}

fn condition_record<'f>(
    farm: &'f Farm,
    condition: &PolicyCondition,
    site: Option<Site>,
) -> Option<Reading<'f>> {
    let text = |text: &str| Reading { value: Ok(Value::Text(Cow::Owned(text.to_owned()))), site };
    build(farm, "PolicyCondition", site, |name| match name {
        "condition" => text(&condition.condition),
        "operator" => text(&condition.operator),
        "claimType" => condition.claim_type.as_deref().map_or(Reading { value: Ok(Value::Null), site }, text),
        _ => {
            let values = condition.values.iter().map(|value| text(value)).collect();
            Reading { value: Ok(list(values, None)), site }
        }
    })
}

/// A record of the named type, each field from `member`.
pub(crate) fn build<'f>(
    farm: &'f Farm,
    record: &str,
    site: Option<Site>,
    member: impl Fn(&str) -> Reading<'f>,
) -> Option<Reading<'f>> {
    let id = farm.vocabulary().schema.record_id(record)?;
    let fields =
        farm.vocabulary().schema.record(id)?.fields.iter().map(|field| member(&field.name)).collect();
    Some(Reading { value: Ok(Value::Record(Rc::new(Computed { record: id, fields, site }))), site })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_every_rule_are_read() {
        let xml = r#"<PolicyMetadata xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><IssuanceAuthorizationRules>
            <Rule><Conditions><Condition i:type="SpecificClaimCondition"><ClaimType>urn:a&amp;b</ClaimType>
            <Operator>Equals</Operator><Values><Value>x</Value></Values></Condition></Conditions></Rule>
            <Rule><Conditions><Condition i:type="AlwaysCondition"><Operator>IsPresent</Operator><Values /></Condition>
            </Conditions></Rule></IssuanceAuthorizationRules></PolicyMetadata>"#;
        let rules = parse(xml).unwrap();
        assert_eq!(rules.len(), 2);
        let first = &rules[0].conditions[0];
        assert_eq!(
            (first.condition.as_str(), first.claim_type.as_deref()),
            ("SpecificClaimCondition", Some("urn:a&b"))
        );
        assert_eq!(first.values, ["x"]);
        assert_eq!(rules[1].conditions[0].condition, "AlwaysCondition");
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for xml in
            ["", "RequireFreshAuthentication:False", "<PolicyMetadata>", "<!DOCTYPE a []><PolicyMetadata/>"]
        {
            assert!(parse(xml).is_err(), "{xml}");
        }
    }
}
