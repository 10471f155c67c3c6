//! Claim types that are almost a well-known one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{Answer, Asked, Detail};
use crate::claims::facts::{Role, literals};
use crate::farm::value::{Reading, Value};

/// Claim types that every AD FS knows; see "Claims" in the AD FS operations documentation.
const STEMS: [(&str, &[&str]); 11] = [
    (
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/",
        &[
            "upn",
            "name",
            "emailaddress",
            "givenname",
            "surname",
            "nameidentifier",
            "privatepersonalidentifier",
            "implicitupn",
            "denyonlysid",
            "x500distinguishedname",
            "thumbprint",
        ],
    ),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/",
        &[
            "windowsaccountname",
            "primarysid",
            "primarygroupsid",
            "groupsid",
            "denyonlyprimarysid",
            "denyonlyprimarygroupsid",
            "denyonlywindowsdevicegroup",
            "windowsdevicegroup",
            "role",
            "authenticationmethod",
            "authenticationinstant",
            "proxytrustid",
            "issuerid",
            "serialnumber",
        ],
    ),
    ("http://schemas.xmlsoap.org/claims/", &["Group", "CommonName", "EmailAddress", "UPN"]),
    ("http://schemas.microsoft.com/authorization/claims/", &["permit", "deny"]),
    (
        "http://schemas.microsoft.com/ws/2012/01/",
        &[
            "insidecorporatenetwork",
            "passwordexpirationtime",
            "passwordexpirationdays",
            "passwordchangeurl",
            "accounttype",
        ],
    ),
    (
        "http://schemas.microsoft.com/2012/01/requestcontext/claims/",
        &[
            "x-ms-proxy",
            "x-ms-endpoint-absolute-path",
            "x-ms-client-ip",
            "x-ms-forwarded-client-ip",
            "x-ms-client-application",
            "x-ms-client-user-agent",
            "relyingpartytrustid",
            "client-request-id",
        ],
    ),
    (
        "http://schemas.microsoft.com/2012/01/devicecontext/claims/",
        &[
            "isregistereduser",
            "ismanaged",
            "registrationid",
            "displayname",
            "identifier",
            "ostype",
            "osversion",
        ],
    ),
    ("http://schemas.microsoft.com/2014/09/devicecontext/claims/", &["iscompliant", "trusttype"]),
    (
        "http://schemas.microsoft.com/claims/",
        &["authnmethodsreferences", "authnmethodsproviders", "multipleauthn", "wiaormultiauthn"],
    ),
    (
        "http://schemas.microsoft.com/2014/",
        &[
            "03/psso",
            "02/deviceusagetime",
            "02/devicecontext/claims/isknown",
            "09/requestcontext/claims/userip",
        ],
    ),
    ("http://schemas.microsoft.com/LiveID/Federation/2008/05/", &["ImmutableID"]),
];

static WELL_KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    STEMS.iter().flat_map(|(stem, names)| names.iter().map(move |name| format!("{stem}{name}"))).collect()
});

/// `https://` where the product has `http://`: written so on many pages, and never equal.
pub(super) fn look_alikes(asked: &Asked<'_, '_>) -> Answer {
    compare(asked, |text, _, known| {
        let plain = format!("http://{}", text.strip_prefix("https://")?);
        let found = known.iter().find(|known| known.eq_ignore_ascii_case(&plain))?;
        Some((found.clone(), "begins with http://, not https://".to_owned()))
    })
}

/// A blank, a letter, the case: almost a claim type that exists.
pub(super) fn near_misses(asked: &Asked<'_, '_>) -> Answer {
    compare(asked, |text, is_made, known| {
        if text.starts_with("https://") {
            return None;
        }
        let trimmed = text.trim();
        let (meant, how) = if trimmed != text && known.iter().any(|known| known == trimmed) {
            (trimmed.to_owned(), "has no blank at its ends")
        } else if let Some(found) = known.iter().find(|known| known.eq_ignore_ascii_case(text)) {
            // An application may want its own spelling; a condition that asks for it never meets a claim.
            if is_made {
                return None;
            }
            (found.clone(), "differs in letter case, which counts")
        } else {
            (known.iter().find(|known| is_near(text, known))?.clone(), "is almost the same")
        };
        // What somebody declared is meant as it is.
        (!declared(asked).contains(text)).then(|| (meant, how.to_owned()))
    })
}

/// One or two letters off, in the last part of the address or in what stands before it.
fn is_near(text: &str, known: &str) -> bool {
    if text.len().abs_diff(known.len()) > 2 || text.len() <= 24 {
        return false;
    }
    let parts = |text: &'_ str| text.rsplit_once('/').map(|(stem, last)| (stem.to_owned(), last.to_owned()));
    let (Some((stem, last)), Some((known_stem, known_last))) = (parts(text), parts(known)) else {
        return false;
    };
    let allowed = if known_last.chars().count() >= 8 { 2 } else { 1 };
    stem == known_stem && strsim::damerau_levenshtein(&last, &known_last) <= allowed
        || last == known_last && strsim::damerau_levenshtein(&stem, &known_stem) <= 2
}

fn compare(
    asked: &Asked<'_, '_>,
    judge: impl Fn(&str, bool, &[String]) -> Option<(String, String)>,
) -> Answer {
    let Some((site, rule)) = asked.farm.parsed_rule(asked.subject) else { return Answer::NotApplicable };
    let known = &*WELL_KNOWN;
    let mut details = Vec::new();
    for (role, literal) in literals(&rule.rule) {
        if role != Role::ClaimType {
            continue;
        }
        let text = literal.text();
        let is_made = literal.range.start >= rule.rule.issuance.range.start;
        if known.contains(&text) {
            continue;
        }
        if let Some((meant, how)) = judge(&text, is_made, known) {
            let place = site.part(rule.offset + literal.range.start, rule.offset + literal.range.end);
            details.push(Detail {
                message: format!("\"{text}\" is no claim type that AD FS makes; {meant} {how}."),
                help: Some(format!("Write \"{meant}\".")),
                places: vec![(place, "never equal to the well-known type".to_owned())],
                span: None,
            });
        }
    }
    Answer::of(details)
}

/// Types of the claim descriptions: somebody declared them, so they are meant.
fn declared(asked: &Asked<'_, '_>) -> BTreeSet<String> {
    let vocabulary = asked.farm.vocabulary();
    let found = vocabulary.kind_id("ClaimDescription").map(|kind| (kind, asked.farm.objects_of(kind)));
    let Some((kind, objects)) = found else { return BTreeSet::new() };
    let field = vocabulary
        .kind(kind)
        .and_then(|kind| vocabulary.layout(kind.record))
        .and_then(|layout| layout.find("ClaimType"));
    let Some(field) = field else { return BTreeSet::new() };
    let text = |reading: Reading<'_>| match reading.value {
        Ok(Value::Record(record)) => match record.field(field).value {
            Ok(Value::Text(text)) => Some(text.into_owned()),
            _ => None,
        },
        _ => None,
    };
    objects.iter().filter_map(|id| text(asked.farm.reading(*id))).collect()
}
