//! The stage of the claims pipeline that a rule set belongs to.

use super::RuleSet;
use super::facts::made;

/// A stage of the claims pipeline, from the partner's token to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What a claims provider's claims become: `AcceptanceTransformRules`.
    Acceptance,
    /// Whether more than one factor is asked for: `AdditionalAuthenticationRules`.
    AdditionalAuthentication,
    /// Whether the user gets a token: `IssuanceAuthorizationRules`.
    Authorization,
    /// Whether a service gets a token that names the user beside itself, `ActAs`: `DelegationAuthorizationRules`.
    Delegation,
    /// Whether a service gets a token as if it were the user, `OnBehalfOf`: `ImpersonationAuthorizationRules`.
    Impersonation,
    /// What goes into the token: `IssuanceTransformRules`.
    Transform,
}

impl Stage {
    /// All stages.
    pub const ALL: &[Self] = &[
        Self::Acceptance,
        Self::AdditionalAuthentication,
        Self::Authorization,
        Self::Delegation,
        Self::Impersonation,
        Self::Transform,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::AdditionalAuthentication => "additional authentication",
            Self::Authorization => "authorization",
            Self::Delegation => "delegation",
            Self::Impersonation => "impersonation",
            Self::Transform => "transform",
        }
    }

    /// What a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.word() == word)
    }

    /// The stage of a rule set that nobody put anywhere, as its own rules tell it: permits and denials decide about
    /// access, and a demand for a second factor is additional authentication. `None` where they tell nothing.
    pub fn told_by(set: &RuleSet) -> Option<Self> {
        let all = || set.rules.iter().flat_map(|placed| made(&placed.rule));
        let is = |literal: Option<&super::ast::Literal>, meant: &[&str]| {
            literal.is_some_and(|literal| meant.contains(&without_scheme(&literal.text())))
        };
        if all().any(|made| is(made.claim_type, DECISIONS)) {
            return Some(Self::Authorization);
        }
        let asks = |made: &super::facts::Made<'_>| is(made.claim_type, METHOD) && is(made.value, SEVERAL);
        all().any(|made| asks(&made)).then_some(Self::AdditionalAuthentication)
    }
}

/// Permit and deny. The scheme is left out: many pages print `https://`, and what was meant is the same.
const DECISIONS: &[&str] =
    &["schemas.microsoft.com/authorization/claims/permit", "schemas.microsoft.com/authorization/claims/deny"];
/// How the user shall sign in.
const METHOD: &[&str] = &["schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod"];
/// With more than one factor.
const SEVERAL: &[&str] = &["schemas.microsoft.com/claims/multipleauthn"];

fn without_scheme(address: &str) -> &str {
    let address = address.trim();
    address.strip_prefix("http://").or_else(|| address.strip_prefix("https://")).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Stage> {
        Stage::told_by(&super::super::parse(text))
    }

    #[test]
    fn what_a_rule_set_makes_tells_its_stage() {
        let permit =
            r#"=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "1");"#;
        let ask = r#"=> issue(Type = "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod",
            Value = "http://schemas.microsoft.com/claims/multipleauthn");"#;
        let other = r#"c:[Type == "urn:a"] => issue(claim = c);"#;
        assert_eq!(told(permit), Some(Stage::Authorization));
        assert_eq!(told(&permit.replace("http:", "https:")), Some(Stage::Authorization));
        assert_eq!(told(ask), Some(Stage::AdditionalAuthentication));
        assert_eq!(told(&format!("{other}\n{ask}")), Some(Stage::AdditionalAuthentication));
        assert_eq!(told(other), None);
        assert_eq!(told(""), None);
    }

    #[test]
    fn words_are_told_apart() {
        for stage in Stage::ALL {
            assert_eq!(Stage::from_word(stage.word()), Some(*stage));
        }
        assert_eq!(Stage::from_word("token"), None);
    }
}
