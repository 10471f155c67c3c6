//! What is wrong with a query, as far as its kind of store is known.

use super::{Part, Query, StoreKind, built_in, read, slice};
use crate::claims::ast::{Body, ClaimRule, Expression, Literal, Property, Range, Term};
use crate::claims::facts;
use crate::claims::meaning::MeaningProblem;

/// Claim types whose values are `user@domain` and never `DOMAIN\user`.
const ADDRESSES: [&str; 4] = [
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "http://schemas.xmlsoap.org/claims/UPN",
    "http://schemas.xmlsoap.org/claims/EmailAddress",
];

/// What is wrong with the query of a rule that asks one of the stores which every farm has.
pub fn built_in_problems(rule: &ClaimRule) -> Vec<MeaningProblem> {
    let Body::Store { store, .. } = &rule.issuance.body else { return Vec::new() };
    problems(rule, built_in(&store.text()))
}

/// What is wrong with the query of a rule, in reading order; `kind` is the kind of its store, if anybody knows.
pub fn problems(rule: &ClaimRule, kind: Option<StoreKind>) -> Vec<MeaningProblem> {
    let Body::Store { types, query, parameters, .. } = &rule.issuance.body else { return Vec::new() };
    let read = read(&query.raw, kind);
    let mut check =
        Check { rule, kind, text: query, types: types.len(), parameters, query: read, found: Vec::new() };
    check.placeholders();
    match kind {
        Some(StoreKind::Directory) => check.directory(),
        Some(StoreKind::Ldap) => check.ldap(),
        _ => check.columns(),
    }
    check.found.sort_by_key(|problem| (problem.range, problem.code));
    check.found
}

struct Check<'r> {
    rule: &'r ClaimRule,
    kind: Option<StoreKind>,
    text: &'r Literal,
    types: usize,
    parameters: &'r [Expression],
    query: Query,
    found: Vec<MeaningProblem>,
}

impl Check<'_> {
    /// `range` counts bytes of the query.
    fn say(&mut self, code: &'static str, range: Range, message: String, help: &str) {
        let start = self.text.range.start;
        let range = Range::new(start + range.start, start + range.end);
        self.found.push(MeaningProblem { code, range, message, help: help.to_owned() });
    }

    fn whole(&self) -> Range {
        Range::new(0, self.text.range.end - self.text.range.start)
    }

    fn placeholders(&mut self) {
        let count = self.parameters.len();
        for placeholder in self.query.placeholders.clone() {
            let written = slice(&self.text.raw, placeholder.range).to_owned();
            if placeholder.number >= count {
                let message = format!("The query asks for {written}, and {}.", there_are(count));
                self.say(
                    "S112",
                    placeholder.range,
                    message,
                    "Add the missing param = ...; they count from {0}.",
                );
            } else if placeholder.quoted {
                let message = format!(
                    "{written} stands in quotes: the database compares with these letters, not with the value."
                );
                self.say(
                    "S121",
                    placeholder.range,
                    message,
                    "Leave the quotes out; the store passes the value as a parameter.",
                );
            }
        }
        // What else a store of somebody else's does with its parameters, only that store knows.
        if matches!(self.kind, None | Some(StoreKind::Custom)) {
            return;
        }
        for (number, parameter) in self.parameters.iter().enumerate() {
            if !self.query.placeholders.iter().any(|placeholder| placeholder.number == number) {
                let message = format!("The query has no {{{number}}}, so this parameter goes nowhere.");
                let range = parameter.range;
                let help = "Write the placeholder into the query, or leave the param out.".to_owned();
                self.found.push(MeaningProblem { code: "S113", range, message, help });
            }
        }
    }

    fn directory(&mut self) {
        let [_, _, account] = self.query.parts.as_slice() else {
            let message = format!(
                "A query to Active Directory has three parts, this one has {}.",
                self.query.parts.len()
            );
            let help = "Write \"filter;attributes;DOMAIN\\user\", for example \";mail;{0}\".";
            return self.say("S118", self.whole(), message, help);
        };
        let account = account.clone();
        self.filter();
        self.account(&account);
        self.columns();
    }

    /// The account only says which domain is asked, and must have the form `DOMAIN\user` for that.
    fn account(&mut self, account: &Part) {
        let text = slice(&self.text.raw, account.range).trim().to_owned();
        let help = "Write DOMAIN\\user, or a {0} whose param is a windowsaccountname claim.";
        if !text.contains('\\') && !text.contains('{') {
            let message =
                format!("The third part is an account, DOMAIN\\user, and \"{text}\" has no backslash.");
            return self.say("S118", account.range, message, help);
        }
        let number = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .and_then(|number| number.parse().ok());
        let parameter = number.and_then(|number: usize| self.parameters.get(number));
        if let Some(what) = parameter.and_then(|parameter| self.without_backslash(parameter)) {
            let message = format!("The third part is an account, DOMAIN\\user, and {text} is {what}.");
            self.say("S118", account.range, message, help);
        }
    }

    /// What a parameter is that can hold no backslash.
    fn without_backslash(&self, parameter: &Expression) -> Option<&'static str> {
        match parameter.terms.as_slice() {
            [Term::Literal(text)] if !text.raw.contains('\\') => Some("a text without a backslash"),
            [Term::Reference { variable, property: Property::Value, .. }] => {
                let selector = &facts::binding(self.rule, &variable.text)?.selector;
                let asked = selector.claim_type()?.text();
                ADDRESSES.contains(&asked.as_str()).then_some("an address, user@domain")
            }
            _ => None,
        }
    }

    fn ldap(&mut self) {
        let [filter, _, ..] = self.query.parts.as_slice() else {
            let message = "A query to an LDAP store has a filter and attributes.".to_owned();
            let help = "Write \"filter;attributes\", for example \"mail={0};cn,sn\".";
            return self.say("S118", self.whole(), message, help);
        };
        if slice(&self.text.raw, filter.range).trim().is_empty() {
            let message = "A query to an LDAP store needs a filter; only Active Directory finds the account without one.";
            let help = "Say whom to look for, for example \"mail={0};cn,sn\".";
            return self.say("S118", self.whole(), message.to_owned(), help);
        }
        let last = self.query.parts.last().filter(|part| slice(&self.text.raw, part.range).contains('\\'));
        if let Some(account) = last.map(|part| part.range) {
            let message =
                "A query to an LDAP store has no account; only one to Active Directory has.".to_owned();
            return self.say("S118", account, message, "Leave the last part out: \"mail={0};cn,sn\".");
        }
        self.filter();
        self.columns();
    }

    fn filter(&mut self) {
        let Some(range) = self.query.filter else { return };
        let (mut open, mut is_closed_early) = (0_i64, false);
        for letter in slice(&self.text.raw, range).chars() {
            open += i64::from(letter == '(') - i64::from(letter == ')');
            is_closed_early |= open < 0;
        }
        if open != 0 || is_closed_early {
            let message = "The parentheses of the filter do not match.".to_owned();
            self.say("S118", range, message, "Close every parenthesis that is open, and no other.");
        }
    }

    fn columns(&mut self) {
        let Some(columns) = self.query.columns.filter(|columns| *columns != self.types) else { return };
        let (one, all, range) = if self.kind == Some(StoreKind::Sql) {
            ("column", "columns", self.whole())
        } else {
            let first = self.query.attributes.first().map(|name| name.start);
            let last = self.query.attributes.last().map(|name| name.end);
            let place = first.zip(last).map(|(start, end)| Range::new(start, end));
            ("attribute", "attributes", place.unwrap_or_else(|| self.whole()))
        };
        let asked = if columns == 1 { one } else { all };
        let types = if self.types == 1 { "claim type" } else { "claim types" };
        let message = format!("The query asks for {columns} {asked} and fills {} {types}.", self.types);
        let help = "Name one claim type for each that is asked for, in the same order.";
        self.say("S111", range, message, help);
    }
}

fn there_are(count: usize) -> String {
    match count {
        0 => "there is no param".to_owned(),
        1 => "there is 1 param".to_owned(),
        _ => format!("there are {count} params"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(query: &str, types: &str, parameters: &str, kind: Option<StoreKind>) -> Vec<&'static str> {
        let text = format!(
            "c:[Type == \"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn\"] && d:[] => issue(store = \"s\", types = ({types}), query = \"{query}\"{parameters});"
        );
        let set = crate::claims::parse(&text);
        assert!(set.problems.is_empty(), "{text}");
        problems(&set.rules[0].rule, kind).into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn queries_to_active_directory() {
        let ask = |query, types, parameters| codes(query, types, parameters, Some(StoreKind::Directory));
        let one = ", param = d.Value";
        assert!(ask(";mail;{0}", "\"a\"", one).is_empty());
        assert!(
            ask("samAccountName={0};mail,sn;{1}", "\"a\", \"b\"", ", param = d.Value, param = d.Value")
                .is_empty()
        );
        assert!(ask("mail={0};cn;CONTOSO\\anything", "\"a\"", ", param = c.Value").is_empty());
        assert!(ask(";mail;{0}", "\"a\"", ", param = RegExReplace(c.Value, \"x\", \"y\")").is_empty());
        assert_eq!(ask("mail;{0}", "\"a\"", one), ["S118"]);
        assert_eq!(ask("a;mail;{0};x", "\"a\"", one), ["S118"]);
        assert_eq!(ask(";mail;{0}", "\"a\"", ", param = c.Value"), ["S118"]);
        assert_eq!(ask(";mail;{0}", "\"a\"", ", param = \"admin\""), ["S118"]);
        assert_eq!(ask("cn={0};mail;admin", "\"a\"", one), ["S118"]);
        assert_eq!(ask("(cn={0};mail;{0}", "\"a\"", one), ["S118"]);
        assert_eq!(ask(";mail,sn;{0}", "\"a\"", one), ["S111"]);
        assert_eq!(ask(";;{0}", "\"a\"", one), ["S111"]);
        assert_eq!(ask(";mail;{1}", "\"a\"", one), ["S112", "S113"]);
    }

    #[test]
    fn queries_to_other_stores() {
        let one = ", param = c.Value";
        assert!(codes("mail={0};title;displayname", "\"a\", \"b\"", one, Some(StoreKind::Ldap)).is_empty());
        assert_eq!(codes("mail={0};title;{0}", "\"a\"", one, Some(StoreKind::Ldap)), ["S111"]);
        assert_eq!(codes(";mail;{0}", "\"a\", \"b\"", one, Some(StoreKind::Ldap)), ["S118"]);
        assert_eq!(codes("mail={0}", "\"a\"", one, Some(StoreKind::Ldap)), ["S118"]);
        assert_eq!(codes("select r from t where u = '{0}'", "\"a\"", one, Some(StoreKind::Sql)), ["S121"]);
        assert_eq!(codes("select r, s from t where u = {0}", "\"a\"", one, Some(StoreKind::Sql)), ["S111"]);
        assert!(codes("select * from t where u = {0}", "\"a\"", one, Some(StoreKind::Sql)).is_empty());
        assert!(codes("toUpper", "\"a\"", one, Some(StoreKind::Custom)).is_empty());
        assert_eq!(codes("{0} {1}", "\"a\"", one, Some(StoreKind::Custom)), ["S112"]);
        assert!(codes("isProxySid({0})", "\"a\"", one, Some(StoreKind::Internal)).is_empty());
        assert!(codes("anything", "\"a\"", one, None).is_empty());
    }
}
