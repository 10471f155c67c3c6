//! Actions in plain words.

use super::super::ast::{Action as Kind, Body, Expression, Literal, Name, Property, Term};
use super::super::stage::Stage;
use super::value::{last_part, property_word};
use super::{Speech, and, article, facts};

/// What a rule does.
pub(super) struct Action {
    /// In words, beginning with a verb.
    pub text: String,
    /// The words name the claims that the rule runs for.
    pub names_subject: bool,
    /// It is about a person: without condition it is about everybody.
    pub everybody: bool,
}

impl Action {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), names_subject: false, everybody: false }
    }

    fn decision(text: &str) -> Self {
        Self { text: text.to_owned(), names_subject: false, everybody: true }
    }
}

impl Speech<'_, '_> {
    /// What the rule does.
    pub(super) fn action(&self) -> Action {
        let issues = self.rule.issuance.action == Kind::Issue;
        match &self.rule.issuance.body {
            Body::Copy(variable) => self.copy(variable, issues),
            Body::New(assignments) => {
                self.decision(assignments, issues).unwrap_or_else(|| self.new_claim(assignments, issues))
            }
            Body::Store { store, types, query, parameters } => {
                Action::plain(self.query(store, types, query, parameters, issues))
            }
        }
    }

    fn copy(&self, variable: &Name, issues: bool) -> Action {
        let verb = if issues { "pass on unchanged" } else { "repeat for later rules, to no effect," };
        match (facts::binding(self.rule, &variable.text), self.subjects.as_slice()) {
            (Some(condition), [_]) => {
                let text = format!("{verb} every {}", self.described(condition));
                Action { text, names_subject: true, everybody: false }
            }
            _ => Action::plain(format!("{verb} {}", self.claim_of(variable))),
        }
    }

    /// Claims that decide something instead of saying something.
    fn decision(&self, assignments: &[(Property, Expression)], issues: bool) -> Option<Action> {
        let claim_type = self.words.types.get(&literal(assignments, &Property::Type)?.text())?;
        let value = literal(assignments, &Property::Value).map(Literal::text);
        let decides = matches!(
            self.stage,
            None | Some(Stage::Authorization | Stage::Delegation | Stage::Impersonation)
        );
        let permits = &*claim_type.name == "permit";
        match &*claim_type.name {
            "permit" | "deny" if issues && decides => Some(match (self.stage, permits) {
                (Some(Stage::Delegation), true) => Action::plain("let the service act for the user"),
                (Some(Stage::Delegation), false) => Action::plain("do not let the service act for the user"),
                (Some(Stage::Impersonation), true) => Action::plain("let the service stand in for the user"),
                (Some(Stage::Impersonation), false) => {
                    Action::plain("do not let the service stand in for the user")
                }
                (_, true) => Action::decision("permit access"),
                (_, false) => Action::decision("refuse access"),
            }),
            "permit" | "deny" => {
                let verb = if issues { "issue" } else { "keep for later rules" };
                let noun = article(if permits { "permit" } else { "denial" });
                let why = if issues {
                    "which decides nothing in these rules"
                } else {
                    "which by itself decides nothing"
                };
                Some(Action::plain(format!("{verb} {noun}, {why}")))
            }
            "authenticationmethod" if issues && self.stage == Some(Stage::AdditionalAuthentication) => {
                let value = value?;
                let shown = self.words.shown(&value);
                let asks = value.ends_with("/multipleauthn");
                let text = if asks {
                    format!("ask for {shown}")
                } else {
                    format!("issue the authentication method {shown}, which asks for nothing")
                };
                Some(Action::plain(text))
            }
            "authenticationmethod" if self.stage == Some(Stage::AdditionalAuthentication) => {
                let shown = self.words.shown(&value?);
                Some(Action::plain(format!(
                    "keep the authentication method {shown} for later rules, which by itself asks for nothing"
                )))
            }
            "authnmethodsproviders" if issues && self.stage == Some(Stage::AdditionalAuthentication) => {
                Some(Action::plain(format!(
                    "offer the additional authentication provider {}",
                    self.words.shown(&value?)
                )))
            }
            "authnmethodsreferences" if issues && self.stage == Some(Stage::Transform) => {
                Some(Action::plain(format!(
                    "tell the application that the user signed in with {}",
                    self.words.shown(&value?)
                )))
            }
            _ => None,
        }
    }

    fn new_claim(&self, assignments: &[(Property, Expression)], issues: bool) -> Action {
        let target = match expression(assignments, &Property::Type) {
            Some(of_type) => {
                of_type.literal().map_or_else(|| self.typed(of_type), |text| self.words.noun(&text.text()))
            }
            None => "claim without a type, which AD FS refuses,".to_owned(),
        };
        let rest = self.further(assignments, issues);
        let value = expression(assignments, &Property::Value);
        let source = value.and_then(|value| self.whole_value(value)).filter(|_| self.subjects.len() == 1);
        if let Some(condition) = source {
            let described = self.described(condition);
            let verb = if issues { "issue" } else { "keep" };
            let text = format!("{verb} every {described} as {target}{rest}");
            return Action { text, names_subject: true, everybody: false };
        }
        let verb = if issues { "issue" } else { "keep" };
        let value = match value {
            Some(value) if value.literal().is_some_and(|text| text.raw.is_empty()) => {
                " with an empty value, of which nothing comes".to_owned()
            }
            Some(value) if value.literal().is_some() => format!(" with the value {}", self.value(value)),
            Some(value) => format!(" made of {}", self.value(value)),
            None => " without a value, of which nothing comes".to_owned(),
        };
        Action::plain(format!("{verb} {}{value}{rest}", article(&target)))
    }

    /// The type of a new claim that is no text.
    fn typed(&self, of_type: &Expression) -> String {
        match of_type.terms.as_slice() {
            [Term::Reference { variable, property: Property::Type, .. }] => {
                match self.claim_of(variable).as_str() {
                    "the claim" => "claim of the same type".to_owned(),
                    other => format!("claim of the same type as {other}"),
                }
            }
            _ => format!("claim whose type is {}", self.value(of_type)),
        }
    }

    /// The condition whose claim's value is passed on just as it is.
    fn whole_value(&self, value: &Expression) -> Option<&super::Condition> {
        match value.terms.as_slice() {
            [Term::Reference { variable, property: Property::Value, .. }] => {
                facts::binding(self.rule, &variable.text)
            }
            _ => None,
        }
    }

    /// What else is set, and whether the claim leaves the rule set.
    fn further(&self, assignments: &[(Property, Expression)], issues: bool) -> String {
        let mut kept = Vec::new();
        let mut set = Vec::new();
        for (property, value) in assignments {
            match (property, value.terms.as_slice()) {
                (Property::Type | Property::Value, _) => {}
                (own, [Term::Reference { property: from, .. }]) if own == from => {
                    kept.push(format!("the {}", property_word(own)));
                }
                (Property::Named(key), _) => {
                    set.push(format!("{} {}", last_part(&key.text()), self.short(value)));
                }
                (own, _) => set.push(format!("{} {}", property_word(own), self.short(value))),
            }
        }
        let mut text = String::new();
        if !set.is_empty() {
            text.push_str(&format!(", with {}", and(&set)));
        }
        if !kept.is_empty() {
            text.push_str(&format!(
                ", keeping {} of {}",
                and(&kept),
                if self.subjects.len() == 1 { "the original" } else { "the claim it is made of" }
            ));
        }
        if !issues {
            text.push_str(" for later rules");
        }
        text
    }

    /// A setting of a property; of an address only the last part.
    fn short(&self, value: &Expression) -> String {
        value.literal().map_or_else(|| self.value(value), |text| format!("\"{}\"", last_part(&text.text())))
    }

    fn query(
        &self,
        store: &Literal,
        types: &[Literal],
        query: &Literal,
        parameters: &[Expression],
        issues: bool,
    ) -> String {
        let types: Vec<String> = types.iter().map(|claim_type| self.words.noun(&claim_type.text())).collect();
        let end = if issues {
            format!("issue {} as {}", them(types.len()), and(&types))
        } else {
            format!("keep {} as {} for later rules", them(types.len()), and(&types))
        };
        let values: Vec<String> = parameters.iter().map(|value| self.value(value)).collect();
        let query = query.text();
        let parts: Vec<&str> = query.split(';').map(str::trim).collect();
        let ask = match (store.text().to_ascii_lowercase().as_str(), parts.as_slice()) {
            ("active directory", ["", attributes, account]) => {
                let account = match filled(account, &values).as_str() {
                    "the account name" => "that account".to_owned(),
                    "its value" => "the account that it names".to_owned(),
                    other => format!("the account {other}"),
                };
                format!("look up {} of {account} in Active Directory", attributes_of(attributes))
            }
            ("active directory", [filter, attributes, domain]) => format!(
                "search Active Directory for {}{}, in the domain of {}, look up {}",
                quoted(filter),
                placeholders(filter, &values),
                filled(domain, &values),
                attributes_of(attributes)
            ),
            ("_opaqueidstore", _) => format!("make an opaque identifier of {}", and(&values)),
            ("_passwordexpirystore", _) => "look up when the password ends".to_owned(),
            _ => format!(
                "ask the attribute store \"{}\" for {}{}",
                store.text(),
                quoted(&query),
                placeholders(&query, &values)
            ),
        };
        let comma = if ask.contains(", ") { "," } else { "" };
        format!("{ask}{comma} and {end}")
    }
}

fn them(count: usize) -> &'static str {
    if count == 1 { "the answer" } else { "the answers" }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Attributes of a query, with what AD FS understands by tokenGroups.
fn attributes_of(list: &str) -> String {
    let names = list.split(',').map(str::trim).map(|name| match name.to_ascii_lowercase().as_str() {
        "tokengroups" => "all group names".to_owned(),
        "tokengroups(sid)" => "all group SIDs".to_owned(),
        "tokengroups(domainqualifiedname)" => "all group names (as DOMAIN\\name)".to_owned(),
        "tokengroups(longdomainqualifiedname)" => "all group names (as domain.name\\name)".to_owned(),
        _ => name.to_owned(),
    });
    and(&names.collect::<Vec<_>>())
}

/// A text that is a placeholder, as what it stands for; any other text in quotes.
fn filled(text: &str, values: &[String]) -> String {
    let number = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|number| number.parse::<usize>().ok());
    number.and_then(|number| values.get(number)).cloned().unwrap_or_else(|| quoted(text))
}

/// What the placeholders in a text stand for.
fn placeholders(text: &str, values: &[String]) -> String {
    let named = values.iter().enumerate().filter(|(number, _)| text.contains(&format!("{{{number}}}")));
    let all: Vec<String> = named.map(|(number, value)| format!("{{{number}}} is {value}")).collect();
    if all.is_empty() { String::new() } else { format!(", where {}", and(&all)) }
}

fn expression<'r>(assignments: &'r [(Property, Expression)], wanted: &Property) -> Option<&'r Expression> {
    assignments.iter().find(|(property, _)| property == wanted).map(|(_, value)| value)
}

fn literal<'r>(assignments: &'r [(Property, Expression)], wanted: &Property) -> Option<&'r Literal> {
    expression(assignments, wanted).and_then(Expression::literal)
}
