//! Values in plain words: texts, properties of claims, what `RegExReplace` makes of them.

use super::super::ast::{Expression, Name, Property, Term};
use super::Speech;

impl Speech<'_, '_> {
    /// An expression as a noun phrase.
    pub(super) fn value(&self, expression: &Expression) -> String {
        let terms: Vec<String> = expression.terms.iter().map(|term| self.term(term)).collect();
        terms.join(" followed by ")
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Literal(literal) if literal.raw.is_empty() => "an empty text".to_owned(),
            Term::Literal(literal) => self.words.shown(&literal.text()),
            Term::Reference { variable, property, .. } => self.reference(variable, property),
            Term::Call { function, arguments, .. } => match arguments.as_slice() {
                [text, pattern, by] if function.is("RegExReplace") => self.replaced(text, pattern, by),
                _ => {
                    let all: Vec<String> = arguments.iter().map(|argument| self.value(argument)).collect();
                    format!("{}({})", function.text, all.join(", "))
                }
            },
        }
    }

    fn reference(&self, variable: &Name, property: &Property) -> String {
        let claim = self.claim_of(variable);
        match property {
            // The value of a claim is what people call by the claim's name.
            Property::Value if claim != "the claim" && !claim.contains("claim") => claim,
            Property::Value if claim == "the claim" => "its value".to_owned(),
            Property::Named(key) => format!("the property \"{}\" of {claim}", last_part(&key.text())),
            other => format!("the {} of {claim}", property_word(other)),
        }
    }

    fn replaced(&self, text: &Expression, pattern: &Expression, by: &Expression) -> String {
        let text = self.value(text);
        let (Some(pattern), Some(by)) = (pattern.literal(), by.literal()) else {
            let (pattern, by) = (self.value(pattern), self.value(by));
            return format!("{text}, with whatever matches the pattern {pattern} replaced by {by}");
        };
        let whole = crate::pattern::parse(&pattern.text())
            .is_ok_and(|parsed| parsed.is_anchored_at_start() && parsed.is_anchored_at_end());
        let group = by
            .raw
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            .or_else(|| by.raw.strip_prefix('$'));
        let group = group.filter(|name| !name.is_empty() && name.chars().all(char::is_alphanumeric));
        match group {
            _ if by.raw.is_empty() => format!("{text} without what matches \"{}\"", pattern.text()),
            Some(group) if whole => {
                format!("the part \"{group}\" of {text}, as found by \"{}\"", pattern.text())
            }
            _ => format!("{text}, with what matches \"{}\" replaced by \"{}\"", pattern.text(), by.text()),
        }
    }
}

/// What a property is called.
pub(super) fn property_word(property: &Property) -> &'static str {
    match property {
        Property::Type => "type",
        Property::Value => "value",
        Property::Issuer => "issuer",
        Property::OriginalIssuer => "original issuer",
        Property::ValueType => "value type",
        Property::Named(_) => "property",
    }
}

/// The last part of an address: what people call it by.
pub(super) fn last_part(address: &str) -> &str {
    address.rsplit(['/', '#', ':']).next().filter(|part| !part.is_empty()).unwrap_or(address)
}
