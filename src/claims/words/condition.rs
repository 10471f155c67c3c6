//! Conditions in plain words.

use super::super::ast::{Condition, ConditionKind, Literal, Operator, Property, Selector, Test};
use super::super::types::Group;
use super::value::{last_part, property_word};
use super::{Phrases, Speech, and, article, listed, pattern};

/// Issuers that AD FS itself writes, and how they are spoken of.
const ISSUERS: [(&str, &str); 3] = [
    ("AD AUTHORITY", "from Active Directory"),
    ("SELF AUTHORITY", "from AD FS itself"),
    ("LOCAL AUTHORITY", "made by a claim rule"),
];

impl Speech<'_, '_> {
    /// A condition as a clause behind "if".
    pub(super) fn clause(&self, condition: &Condition) -> String {
        if let ConditionKind::Count { operator, number } = &condition.kind {
            return self.count(condition, operator, number);
        }
        let negated = condition.kind == ConditionKind::NotExists;
        self.phrase(&condition.selector, negated).unwrap_or_else(|| {
            let who = self.who(&condition.selector);
            let described = self.described(condition);
            match (who, negated) {
                ("", false) => format!("there is {}", article(&described)),
                ("", true) => format!("there is no {described}"),
                (who, false) => format!("{who} has {}", article(&described)),
                (who, true) => format!("{who} has no {described}"),
            }
        })
    }

    fn count(&self, condition: &Condition, operator: &str, number: &str) -> String {
        let how = match operator {
            "==" => "just",
            "!=" => "any number but",
            ">" => "more than",
            ">=" => "at least",
            "<" => "fewer than",
            _ => "at most",
        };
        let many = number.trim_start_matches('0') != "1";
        let described = self.described(condition);
        let noun = self.noun_of(condition);
        let rest = described.strip_prefix(&noun).unwrap_or("");
        let noun = if many { plural(&noun) } else { noun.clone() };
        format!("there {} {how} {number} {noun}{rest}", if many { "are" } else { "is" })
    }

    /// Whose claims they are; empty where nobody can be named.
    fn who(&self, selector: &Selector) -> &'static str {
        let known = selector.claim_type().and_then(|literal| self.words.types.get(&literal.text()));
        match known.map(|known| known.group) {
            Some(Group::Name | Group::Account | Group::Group) => "the user",
            Some(Group::Request) => "the request",
            Some(Group::Device) => "the device",
            _ => "",
        }
    }

    /// The clause that the phrase book has for a selector of well-known shape.
    fn phrase(&self, selector: &Selector, negated: bool) -> Option<String> {
        let known = self.words.types.get(&selector.claim_type()?.text())?;
        let phrases = self.words.phrases(known)?;
        let rest = |test: &&Test| test.property != Property::Type;
        let (issuer, others): (Vec<&Test>, Vec<&Test>) =
            selector.tests.iter().filter(rest).partition(|test| test.property == Property::Issuer);
        let clause = match others.as_slice() {
            [] => if negated { phrases.exists_not.clone() } else { phrases.exists.clone() }?.to_string(),
            [test] if test.property == Property::Value => self.value_phrase(phrases, test, negated)?,
            _ => return None,
        };
        let from: Vec<(bool, String)> = issuer.iter().map(|test| self.trait_of(test)).collect();
        if from.iter().any(|(is_verb, _)| *is_verb) {
            return None;
        }
        let from: Vec<String> = from.into_iter().map(|(_, words)| words).collect();
        Some(if from.is_empty() { clause } else { format!("{clause} (by a claim {})", and(&from)) })
    }

    fn value_phrase(&self, phrases: &Phrases, test: &Test, negated: bool) -> Option<String> {
        let (wanted, any_case) = exact_values(test)?;
        let flag = match wanted.as_slice() {
            [one] if one == "true" => phrases.if_true.as_ref(),
            [one] if one == "false" => phrases.if_false.as_ref(),
            _ => None,
        };
        if let Some(clause) = flag {
            return Some(if negated { format!("nothing says that {clause}") } else { clause.to_string() });
        }
        let shown: Vec<String> = wanted.iter().map(|value| self.words.shown(value)).collect();
        let phrase = if negated { &phrases.is_not } else { &phrases.is };
        let clause = phrase.as_ref()?.replace("{value}", &listed(&shown, "or"));
        // A SID holds no letter that could be written otherwise.
        let cased = any_case && !wanted.iter().all(|value| super::is_sid(value));
        Some(if cased { format!("{clause} (in any letter case)") } else { clause })
    }

    /// A noun with all that is asked of it: `group SID from Active Directory that ends with "-512"`.
    pub(super) fn described(&self, condition: &Condition) -> String {
        let typed = condition.selector.claim_type().map(std::ptr::from_ref);
        let mut noun = self.noun_of(condition);
        let mut traits = Vec::new();
        for test in &condition.selector.tests {
            if test.value.literal().map(std::ptr::from_ref::<Literal>) == typed
                && test.property == Property::Type
            {
                continue;
            }
            let (is_clause, words) = self.trait_of(test);
            if is_clause {
                traits.push(words);
            } else {
                noun = format!("{noun} {words}");
            }
        }
        if traits.is_empty() { noun } else { format!("{noun} that {}", and(&traits)) }
    }

    /// What one comparison asks of a claim; and whether it is a verb phrase.
    fn trait_of(&self, test: &Test) -> (bool, String) {
        let negated = matches!(test.operator, Operator::NotEqual | Operator::MatchesNot);
        if let (Property::Issuer, Some(literal)) = (&test.property, test.value.literal())
            && let Some(words) = issuers(&literal.text(), test.operator)
        {
            return (false, words);
        }
        let verb = match test.value.literal() {
            Some(literal) if test.operator.is_pattern() => pattern::verb(&literal.text(), negated),
            Some(literal) => {
                let shown = if literal.raw.is_empty() {
                    "empty".to_owned()
                } else {
                    self.words.shown(&literal.text())
                };
                format!("{} {shown}", if negated { "is not" } else { "is" })
            }
            None => {
                let value = self.value(&test.value);
                match test.operator {
                    Operator::Equal => format!("is the same as {value}"),
                    Operator::NotEqual => format!("is not the same as {value}"),
                    Operator::Matches => format!("matches the pattern made of {value}"),
                    Operator::MatchesNot => format!("does not match the pattern made of {value}"),
                }
            }
        };
        match &test.property {
            Property::Value => (true, verb),
            Property::Named(key) => (true, format!("has a {} that {verb}", last_part(&key.text()))),
            other => (true, format!("has {} that {verb}", article(property_word(other)))),
        }
    }
}

/// The values one of which is asked for as a whole, and whether letter case does not count.
fn exact_values(test: &Test) -> Option<(Vec<String>, bool)> {
    let wanted = test.value.literal()?.text();
    match test.operator {
        Operator::Equal => Some((vec![wanted], false)),
        Operator::Matches => {
            let exact = pattern::exact(&wanted).filter(|exact| !exact.loose)?;
            Some((exact.texts, exact.any_case))
        }
        _ => None,
    }
}

/// `from Active Directory`, for the issuers that AD FS itself writes.
fn issuers(text: &str, operator: Operator) -> Option<String> {
    let names = match operator {
        Operator::Equal => vec![text.to_owned()],
        Operator::Matches => pattern::exact(text).filter(|exact| !exact.loose)?.texts,
        _ => return None,
    };
    let known = |name: &String| ISSUERS.iter().find(|(known, _)| known == name).map(|(_, words)| *words);
    match names.as_slice() {
        [one] => Some(known(one).map_or_else(|| format!("issued by \"{one}\""), str::to_owned)),
        several if several.iter().all(|name| known(name).is_some()) => {
            Some("from AD FS or Active Directory (not from a partner)".to_owned())
        }
        several => {
            let quoted: Vec<String> = several.iter().map(|name| format!("\"{name}\"")).collect();
            Some(format!("issued by {}", listed(&quoted, "or")))
        }
    }
}

/// More than one of it.
fn plural(noun: &str) -> String {
    let (head, tail) =
        noun.find(" of ").or_else(|| noun.find(" \"")).map_or((noun, ""), |at| noun.split_at(at));
    let ending = match head.chars().next_back() {
        Some('s' | 'x') => "es",
        Some('y') => return format!("{}ies{tail}", head.strip_suffix('y').unwrap_or(head)),
        _ => "s",
    };
    format!("{head}{ending}{tail}")
}
