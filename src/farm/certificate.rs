//! Certificates: from their bytes where an export holds them, else from the few lines that it prints of them.

use std::borrow::Cow;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use time::OffsetDateTime;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::moment::{self, Moment};
use crate::node::{Kind, NodeRef, decode};

/// Longest certificate that is looked at, in bytes; real ones have one to five thousand.
const LONGEST: usize = 256 * 1024;

/// What is known of one certificate. `None` is unknown, an empty list is known to be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateFacts {
    /// SHA-1 of the whole, 40 upper-case hex digits.
    pub thumbprint: Option<String>,
    /// Whom it names.
    pub subject: Option<String>,
    /// Who signed it.
    pub issuer: Option<String>,
    /// Serial number in upper-case hex.
    pub serial_number: Option<String>,
    /// Beginning of validity.
    pub not_before: Option<OffsetDateTime>,
    /// End of validity.
    pub not_after: Option<OffsetDateTime>,
    /// SHA-256 of SubjectPublicKeyInfo (RFC 5280, 4.1), upper-case hex.
    pub public_key_sha256: Option<String>,
    /// `RSA`, `EC`, or what it is otherwise.
    pub public_key_algorithm: Option<String>,
    /// Size of the key.
    pub public_key_bits: Option<i64>,
    /// Such as `sha256RSA`, or the object identifier.
    pub signature_algorithm: Option<String>,
    /// DNS names of the subject alternative name.
    pub dns_names: Option<Vec<String>>,
    /// The same, or the common name where it has no subject alternative name at all.
    pub names: Option<Vec<String>>,
    /// Object identifiers of the extended key usage.
    pub key_usages: Option<Vec<String>>,
    /// May sign other certificates.
    pub is_authority: Option<bool>,
    /// Identifier of its own key, in hex.
    pub key_identifier: Option<String>,
    /// Identifier of the key that signed it, in hex.
    pub issuer_key_identifier: Option<String>,
}

impl CertificateFacts {
    /// Whether its bytes were there.
    pub fn is_whole(&self) -> bool {
        self.public_key_sha256.is_some()
    }

    /// Reads a certificate in DER. `None` if it is none.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        if der.len() > LONGEST {
            return None;
        }
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let (algorithm, bits) = public_key(&certificate);
        let (dns_names, names) = names(&certificate).unzip();
        Some(Self {
            thumbprint: Some(hex(&Sha1::digest(der))),
            subject: Some(certificate.subject().to_string()),
            issuer: Some(certificate.issuer().to_string()),
            serial_number: Some(hex(certificate.raw_serial())),
            not_before: Some(certificate.validity().not_before.to_datetime()),
            not_after: Some(certificate.validity().not_after.to_datetime()),
            public_key_sha256: Some(hex(&Sha256::digest(certificate.public_key().raw))),
            public_key_algorithm: Some(algorithm),
            public_key_bits: bits,
            signature_algorithm: Some(signature_name(
                &certificate.signature_algorithm.algorithm.to_id_string(),
            )),
            dns_names,
            names,
            key_usages: certificate
                .extended_key_usage()
                .ok()
                .map(|usages| usages.map_or_else(Vec::new, |usages| key_usages(usages.value))),
            is_authority: certificate
                .basic_constraints()
                .ok()
                .map(|constraints| constraints.is_some_and(|constraints| constraints.value.ca)),
            key_identifier: key_identifier(&certificate),
            issuer_key_identifier: issuer_key_identifier(&certificate),
        })
    }

    /// Reads what `X509Certificate2.ToString()` prints: `[Subject]`, a line, and so on.
    fn from_printed(text: &str) -> Option<Self> {
        let mut facts = Self::default();
        let mut heading = "";
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line.starts_with('[') && line.ends_with(']') {
                heading = line;
                continue;
            }
            let place = match heading {
                "[Subject]" => &mut facts.subject,
                "[Issuer]" => &mut facts.issuer,
                "[Serial Number]" => &mut facts.serial_number,
                "[Thumbprint]" => &mut facts.thumbprint,
                _ => continue,
            };
            place.get_or_insert_with(|| line.to_owned());
        }
        facts.thumbprint = facts.thumbprint.map(|text| plain_thumbprint(&text));
        (facts.thumbprint.is_some() || facts.subject.is_some()).then_some(facts)
    }

    /// Reads the members that an export keeps of a certificate.
    fn from_members(node: NodeRef<'_>) -> Option<Self> {
        if let Some(whole) = node.get("RawData").and_then(der).and_then(|der| Self::from_der(&der)) {
            return Some(whole);
        }
        let text = |name: &str| {
            node.get(name).and_then(NodeRef::text).filter(|text| !text.is_empty()).map(Cow::into_owned)
        };
        let date = |name: &str| match moment::moment(&text(name)?)? {
            Moment::At(at) => Some(at),
            Moment::Never => None,
        };
        let facts = Self {
            thumbprint: text("Thumbprint").map(|text| plain_thumbprint(&text)),
            subject: text("Subject"),
            issuer: text("Issuer"),
            serial_number: text("SerialNumber"),
            not_before: date("NotBefore"),
            not_after: date("NotAfter"),
            public_key_bits: text("KeySize").and_then(|text| text.parse().ok()),
            public_key_algorithm: text("KeyAlgorithm").map(|name| key_name(&name)),
            signature_algorithm: signature_member(node),
            key_usages: node.get("EnhancedKeyUsageList").and_then(usage_list),
            ..Self::default()
        };
        (facts != Self::default()).then_some(facts)
    }

    /// Reads whatever stands where a certificate belongs.
    pub(crate) fn from_node(node: NodeRef<'_>) -> Option<Self> {
        match node.kind() {
            Kind::Map => Self::from_members(node),
            Kind::Bytes => Self::from_der(&node.bytes()?),
            Kind::Text => {
                let text = node.text()?;
                if text.trim_start().starts_with('[') {
                    return Self::from_printed(&text);
                }
                if let Some(whole) = der(node).and_then(|der| Self::from_der(&der)) {
                    return Some(whole);
                }
                let thumbprint = plain_thumbprint(&text);
                let is_thumbprint =
                    thumbprint.len() == 40 && thumbprint.bytes().all(|b| b.is_ascii_hexdigit());
                is_thumbprint.then(|| Self { thumbprint: Some(thumbprint), ..Self::default() })
            }
            _ => None,
        }
    }
}

fn der(node: NodeRef<'_>) -> Option<Vec<u8>> {
    if node.kind() == Kind::Bytes {
        return node.bytes();
    }
    let text = node.text()?;
    if text.starts_with("48 ") { decode::decimals(&text) } else { decode::base64(&text) }
}

/// DNS names of the subject alternative name, and the names that count: the same, or the common name where there is no
/// such extension. `None` where it cannot be read.
fn names(certificate: &X509Certificate<'_>) -> Option<(Vec<String>, Vec<String>)> {
    let Some(alternative) = certificate.subject_alternative_name().ok()? else {
        let common = certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok());
        return Some((Vec::new(), common.map(str::to_owned).collect()));
    };
    let dns = alternative.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(dns) => Some((*dns).to_owned()),
        _ => None,
    });
    let dns: Vec<String> = dns.collect();
    Some((dns.clone(), dns))
}

fn key_identifier(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(key) => Some(hex(key.0)),
        _ => None,
    })
}

fn issuer_key_identifier(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(key) => Some(hex(key.key_identifier.as_ref()?.0)),
        _ => None,
    })
}

/// One name for each algorithm, however an export spells it.
fn key_name(name: &str) -> String {
    let known = match name {
        "1.2.840.113549.1.1.1" => "RSA",
        "1.2.840.10045.2.1" | "ECC" => "EC",
        other => other,
    };
    known.to_owned()
}

/// `SignatureAlgorithm` as a text, or as .NET's object with `FriendlyName` and `Value`.
fn signature_member(node: NodeRef<'_>) -> Option<String> {
    let member = node.get("SignatureAlgorithm")?;
    let inside = member.get("FriendlyName").or_else(|| member.get("Value")).unwrap_or(member);
    let text = inside.text().filter(|text| !text.is_empty() && !text.starts_with("System."))?;
    Some(signature_name(&text))
}

/// What PowerShell shows of the extended key usage: objects with `ObjectId`, or `Server Authentication (1.3.6.1.5.5.7.3.1)`.
fn usage_list(node: NodeRef<'_>) -> Option<Vec<String>> {
    if node.kind() != Kind::List || node.is_incomplete() {
        return None;
    }
    let identifier = |item: NodeRef<'_>| {
        let text = item.get("ObjectId").unwrap_or(item).text()?;
        let inside = text.rsplit_once('(').map_or(&*text, |(_, inside)| inside.trim_end_matches(')'));
        let is_one = inside.contains('.') && inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        is_one.then(|| inside.to_owned())
    };
    node.items().map(identifier).collect()
}

fn public_key(certificate: &X509Certificate<'_>) -> (String, Option<i64>) {
    let bits = |size: usize| i64::try_from(size).ok();
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => ("RSA".into(), bits(key.key_size())),
        Ok(PublicKey::EC(key)) => ("EC".into(), bits(key.key_size())),
        Ok(PublicKey::DSA(_)) => ("DSA".into(), None),
        _ => (certificate.public_key().algorithm.algorithm.to_id_string(), None),
    }
}

/// Windows' names of signature algorithms (the names that `SignatureAlgorithm.FriendlyName` prints).
fn signature_name(identifier: &str) -> String {
    let name = match identifier {
        "1.2.840.113549.1.1.4" => "md5RSA",
        "1.2.840.113549.1.1.5" => "sha1RSA",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.113549.1.1.11" => "sha256RSA",
        "1.2.840.113549.1.1.12" => "sha384RSA",
        "1.2.840.113549.1.1.13" => "sha512RSA",
        "1.2.840.10045.4.1" => "sha1ECDSA",
        "1.2.840.10045.4.3.2" => "sha256ECDSA",
        "1.2.840.10045.4.3.3" => "sha384ECDSA",
        "1.2.840.10045.4.3.4" => "sha512ECDSA",
        other => other,
    };
    name.to_owned()
}

fn key_usages(usages: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> Vec<String> {
    let named = [
        (usages.any, "2.5.29.37.0"),
        (usages.server_auth, "1.3.6.1.5.5.7.3.1"),
        (usages.client_auth, "1.3.6.1.5.5.7.3.2"),
        (usages.code_signing, "1.3.6.1.5.5.7.3.3"),
        (usages.email_protection, "1.3.6.1.5.5.7.3.4"),
        (usages.time_stamping, "1.3.6.1.5.5.7.3.8"),
        (usages.ocsp_signing, "1.3.6.1.5.5.7.3.9"),
    ];
    let known = named.iter().filter(|(held, _)| *held).map(|(_, oid)| (*oid).to_owned());
    known.chain(usages.other.iter().map(x509_parser::der_parser::oid::Oid::to_id_string)).collect()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// A thumbprint without the blanks, colons and the invisible mark that copying from a dialog brings along.
pub(crate) fn plain_thumbprint(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}
