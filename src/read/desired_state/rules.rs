//! What AdfsDsc makes of its rule templates: a list of instances becomes one claim rule set.

use std::collections::HashMap;

use super::{Instance, Place, Value};
use crate::node::DecodedText;
use crate::read::small;

/// The class of one rule.
const RULE: &str = "AdfsIssuanceTransformRule";
/// What AD FS makes of an account that signed in at Active Directory.
const ACCOUNT: &str = r#"c:[Type == "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname", Issuer == "AD AUTHORITY"]"#;

/// Whether a list holds the rules of a rule set.
pub(super) fn is_rule_set(items: &[&Instance]) -> bool {
    !items.is_empty()
        && items.iter().all(|item| item.class.trim_start_matches("MSFT_").eq_ignore_ascii_case(RULE))
}

/// The claim rule set, and from where to where it stands; `None` if a part of it comes out only in the farm, such as
/// the SID of a group.
pub(super) fn rule_set(
    source: &str,
    items: &[&Instance],
    parts: &HashMap<String, Instance>,
) -> Option<(Place, DecodedText)> {
    let first = items.first()?.place;
    let mut whole = Place::new(first.start, items.last()?.place.end);
    let mut decoded = DecodedText::default();
    // Places can only be told if the rules stand in the order in which they count.
    let in_order = items.windows(2).all(|pair| matches!(pair, [a, b] if a.place.end <= b.place.start));
    if !in_order {
        whole = Place::new(first.start, first.start);
    }
    for item in items {
        let mut rule = Piecewise { decoded: &mut decoded, whole, in_order };
        let name = item.text(source, "Name").map(|(_, text)| text.text.as_str());
        let name = name.map_or_else(String::new, |name| format!("@RuleName = \"{name}\"\r\n"));
        let template = item.text(source, "TemplateName")?.1;
        if template.text.eq_ignore_ascii_case("CustomClaims") {
            let (place, text) = item.text(source, "CustomRule")?;
            rule.made(&name, Place::new(place.start, place.start));
            rule.copied(place, text);
            rule.made("\r\n", Place::new(place.end, place.end));
        } else if template.text.eq_ignore_ascii_case("LdapClaims") {
            let text = ldap(source, item, parts)?;
            rule.made(&format!("@RuleTemplate = \"LdapClaims\"\r\n{name}{text}\r\n"), item.place);
        } else {
            return None;
        }
    }
    Some((whole, decoded))
}

/// The rule that looks attributes up.
fn ldap(source: &str, item: &Instance, parts: &HashMap<String, Instance>) -> Option<String> {
    let store = &item.text(source, "AttributeStore")?.1.text;
    let Value::List(_, mappings) = item.get(source, "LdapMapping")? else { return None };
    let (mut types, mut attributes) = (Vec::new(), Vec::new());
    for mapping in mappings {
        let mapping = instance(source, mapping, parts)?;
        types.push(format!("\"{}\"", mapping.text(source, "OutgoingClaimType")?.1.text));
        attributes.push(mapping.text(source, "LdapAttribute")?.1.text.as_str());
    }
    let (types, attributes) = (types.join(", "), attributes.join(","));
    Some(format!(
        "{ACCOUNT}\r\n=> issue(store = \"{store}\", types = ({types}), query = \";{attributes};{{0}}\", param = c.Value);"
    ))
}

/// The instance that a value is, or mentions.
pub(super) fn instance<'v>(
    source: &str,
    value: &'v Value,
    parts: &'v HashMap<String, Instance>,
) -> Option<&'v Instance> {
    match value {
        Value::Instance(instance) => Some(instance),
        Value::Alias(place) => parts.get(&place.of(source).to_ascii_lowercase()),
        _ => None,
    }
}

/// A text that is put together from what stands in the file and what does not.
struct Piecewise<'d> {
    decoded: &'d mut DecodedText,
    whole: Place,
    in_order: bool,
}

impl Piecewise<'_> {
    /// Adds what does not stand there so; `place` is what it was made from.
    fn made(&mut self, text: &str, place: Place) {
        let at = small(self.decoded.text.len());
        if self.in_order {
            let (start, length) = (small(place.start - self.whole.start), small(place.end - place.start));
            self.decoded.map.push(at, small(text.len()), start, length);
        } else {
            self.decoded.map.push(at, small(text.len()), 0, 0);
        }
        self.decoded.text.push_str(text);
    }

    /// Adds a text of the file.
    fn copied(&mut self, place: Place, text: &DecodedText) {
        if self.in_order {
            append(self.decoded, self.whole, place, text);
        } else {
            self.made(&text.text, place);
        }
    }
}

/// Adds to a text whose place is `whole` a text that stands at `place`.
pub(super) fn append(decoded: &mut DecodedText, whole: Place, place: Place, text: &DecodedText) {
    let (at, raw) = (small(decoded.text.len()), small(place.start.saturating_sub(whole.start)));
    decoded.map.push(at, 0, raw, 0);
    decoded.map.append(&text.map, at, raw);
    decoded.text.push_str(&text.text);
}
