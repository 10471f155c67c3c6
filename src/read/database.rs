//! What ADFSDump prints of a farm's database: relying party trusts with their claim rules.
//!
//! It prints one identifier and one endpoint of each, and leaves the trusts out that every farm has. Its "Authorization
//! Rules" are those of delegation in some releases, so these are not read as either. Above the trusts stands the
//! encrypted token-signing key: no place in it is ever pointed at.

use super::{Troubles, lines, small};
use crate::node::{Coding, Lost, Tree, TreeBuilder};

/// The line below a trust's name.
const RULER: &str = " ==================";
const KEY: &str = "## Reading Encrypted Signing Key";

/// Words before a value that stands on its own line.
const LABELS: [&str; 9] = [
    "    Enabled: ",
    "    Sign-In Protocol: ",
    "    Sign-In Endpoint: ",
    "    Signature Algorithm: ",
    "    SamlResponseSignatureType: ",
    "    Identifier: ",
    "    Access Policy: ",
    "    Access Policy Parameter:",
    "    Issuance Rules: ",
];
/// Words before what follows the issuance rules, wherever these end.
const TAILS: [&str; 5] = [
    "Encryption Certificate: ",
    "StrongAuth Authorization Rules: ",
    "OnBehalf Authorization Rules: ",
    "ActAs Authorization Rules: ",
    "Authorization Rules: ",
];

/// Whether a text is what ADFSDump prints.
pub(super) fn is_dump(head: &str) -> bool {
    head.contains(KEY) || head.contains(RULER) && head.contains("    Sign-In Protocol: ")
}

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    if let Some(start) = text.find(KEY) {
        let message = "This file holds the token-signing key, encrypted. Who has it and the key that Active Directory \
                       keeps for the farm can sign in as anybody.";
        let help = "Delete what stands between Begin and End, wherever the file was sent, and renew the certificate.";
        troubles.warn(start, start + KEY.len(), message, help);
    }
    let mut dump = Dump { text, builder };
    let wrapper = dump.builder.open_map(0);
    dump.word(0, "RelyingPartyTrust");
    let list = dump.builder.open_list(0);
    for (name, body) in trusts(text) {
        dump.trust(name, body);
    }
    // The trusts that every farm has are left out.
    dump.builder.close_incomplete(list, small(text.len()));
    dump.builder.close(wrapper, small(text.len()));
    dump.builder.finish()
}

type Range = (usize, usize);

/// Where the name of each trust stands, and what is said of it.
fn trusts(text: &str) -> Vec<(Range, Range)> {
    let lines = lines::lines(text);
    let mut found: Vec<(Range, Range)> = Vec::new();
    for pair in lines.windows(2) {
        if let [name, ruler] = pair
            && ruler.of(text).trim_end() == RULER
        {
            if let Some((_, body)) = found.last_mut() {
                body.1 = name.start;
            }
            found.push(((name.start, name.end), (ruler.end, text.len())));
        }
    }
    found
}

struct Dump<'t> {
    text: &'t str,
    builder: TreeBuilder,
}

impl Dump<'_> {
    fn slice(&self, (start, end): Range) -> &str {
        self.text.get(start..end).unwrap_or("")
    }

    fn word(&mut self, place: usize, text: &str) {
        self.builder.word(place, place, text);
    }

    fn trust(&mut self, name: Range, body: Range) {
        let open = self.builder.open_map(small(name.0));
        self.word(name.0, "Name");
        self.value(name);
        let parts = self.parts(body);
        let get =
            |label: &str| parts.iter().find(|(known, _)| known.trim() == label).map(|(_, range)| *range);
        for (label, property) in [
            ("Enabled:", "Enabled"),
            ("Signature Algorithm:", "SignatureAlgorithm"),
            ("Issuance Rules:", "IssuanceTransformRules"),
            ("StrongAuth Authorization Rules:", "AdditionalAuthenticationRules"),
        ] {
            if let Some(range) = get(label) {
                self.word(range.0, property);
                self.value(range);
            }
        }
        if let Some(range) = get("Identifier:") {
            self.word(range.0, "Identifier");
            let list = self.builder.open_list(small(range.0));
            self.value(range);
            self.builder.close_incomplete(list, small(range.1));
        }
        self.endpoint(get("Sign-In Protocol:"), get("Sign-In Endpoint:"));
        self.policy(get("Access Policy:"), get("Access Policy Parameter:"));
        for label in ["Authorization Rules:", "OnBehalf Authorization Rules:", "ActAs Authorization Rules:"] {
            if let Some((start, end)) = get(label) {
                for property in [
                    "IssuanceAuthorizationRules",
                    "DelegationAuthorizationRules",
                    "ImpersonationAuthorizationRules",
                ] {
                    self.word(start, property);
                    self.builder.truncated(small(start), small(end), Lost::CollectorError, Coding::Plain);
                }
                break;
            }
        }
        self.builder.close(open, small(body.1));
    }

    fn value(&mut self, range: Range) {
        let text = self.slice(range);
        let start = range.0 + (text.len() - text.trim_start().len());
        let end = (range.0 + text.trim_end().len()).max(start);
        self.builder.text(small(start), small(end), Coding::Plain);
    }

    /// One endpoint is shown: that of WS-Federation if there is one, else one of SAML.
    fn endpoint(&mut self, protocol: Option<Range>, endpoint: Option<Range>) {
        let (Some(protocol), Some(range)) = (protocol, endpoint) else { return };
        if self.slice(protocol).contains("WsFed") {
            self.word(range.0, "WSFedEndpoint");
            self.value(range);
        } else if self.slice(protocol).contains("SAML") {
            self.word(range.0, "WSFedEndpoint");
            self.builder.null(small(range.0), small(range.0));
            self.word(range.0, "SamlEndpoints");
            let list = self.builder.open_list(small(range.0));
            if !self.slice(range).trim().is_empty() {
                let open = self.builder.open_map(small(range.0));
                self.word(range.0, "Location");
                self.value(range);
                self.builder.close(open, small(range.1));
            }
            self.builder.close_incomplete(list, small(range.1));
        }
    }

    /// The policy of a trust, if it has no parameters that would have to be filled in.
    fn policy(&mut self, policy: Option<Range>, parameter: Option<Range>) {
        let Some(range) = policy.filter(|range| !self.slice(*range).trim().is_empty()) else { return };
        self.word(range.0, "ResultantPolicy");
        if parameter.is_some_and(|range| !self.slice(range).trim().is_empty()) {
            self.builder.truncated(small(range.0), small(range.1), Lost::CollectorError, Coding::Plain);
            return;
        }
        let open = self.builder.open_map(small(range.0));
        self.word(range.0, "Serialized");
        self.value(range);
        self.builder.close(open, small(range.1));
    }

    /// Labels, and where the value of each stands.
    fn parts(&self, body: Range) -> Vec<(&'static str, Range)> {
        let text = self.slice(body);
        let mut starts: Vec<(usize, &'static str)> = Vec::new();
        for label in LABELS {
            let found = text
                .match_indices(label)
                .find(|(place, _)| *place == 0 || text.get(..*place).is_some_and(ends_line));
            starts.extend(found.map(|(place, _)| (place, label)));
        }
        let rules = starts.iter().map(|(place, _)| *place).max().unwrap_or(0);
        for label in TAILS {
            let begins = |place: usize| {
                let before = text.get(..place).unwrap_or("");
                place > rules && (ends_line(before) || before.ends_with(';'))
            };
            let found = text.match_indices(label).find(|(place, _)| begins(*place));
            starts.extend(found.map(|(place, _)| (place, label)));
        }
        starts.sort_unstable();
        let ends = starts.iter().skip(1).map(|(place, _)| *place).chain([text.len()]);
        let part = |((place, label), end): (&(usize, &'static str), usize)| {
            (*label, (body.0 + place + label.len(), body.0 + end.max(place + label.len())))
        };
        starts.iter().zip(ends).map(part).collect()
    }
}

fn ends_line(before: &str) -> bool {
    before.ends_with(['\r', '\n'])
}
