//! Certificates: from their bytes where an export holds them, else from the few lines that it prints of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::Farm;
use super::computed::Computed;
use super::moment::{self, Moment};
use super::object::{Owner, list};
use super::value::{Gap, Reading, Site, Value};
use super::vocabulary::Shape;
use crate::node::{Kind, Lost, NodeRef, decode};

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
    /// Object identifiers of the extended key usage.
    pub key_usages: Option<Vec<String>>,
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
        let names = certificate.subject_alternative_name().ok().flatten();
        let usages = certificate.extended_key_usage().ok().flatten();
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
            dns_names: Some(names.map_or_else(Vec::new, |names| {
                let dns = names.value.general_names.iter().filter_map(|name| match name {
                    GeneralName::DNSName(dns) => Some((*dns).to_owned()),
                    _ => None,
                });
                dns.collect()
            })),
            key_usages: Some(usages.map_or_else(Vec::new, |usages| key_usages(usages.value))),
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
            public_key_algorithm: text("KeyAlgorithm"),
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

/// Certificates of a farm by thumbprint, the whole ones preferred, and all of them in reading order.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    by_thumbprint: BTreeMap<String, (Rc<CertificateFacts>, Site)>,
    all: Vec<(Rc<CertificateFacts>, Site)>,
}

impl Certificates {
    /// Collects every certificate of every object.
    pub fn collect(farm: &Farm) -> Self {
        let mut found = Self::default();
        for (tree, node) in places(farm) {
            let Some(facts) =
                farm.tree(tree).and_then(|tree| tree.node(node)).and_then(CertificateFacts::from_node)
            else {
                continue;
            };
            let entry = (Rc::new(facts), Site::node(tree, node));
            if let Some(thumbprint) = &entry.0.thumbprint {
                let known = found.by_thumbprint.get(thumbprint);
                if known.is_none_or(|(known, _)| !known.is_whole() && entry.0.is_whole()) {
                    found.by_thumbprint.insert(thumbprint.clone(), entry.clone());
                }
            }
            found.all.push(entry);
        }
        found
    }
}

/// Every node that a certificate stands at, in the order of the farm's objects.
fn places(farm: &Farm) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    let vocabulary = farm.vocabulary();
    for (_, object) in farm.objects() {
        let Some(kind) = vocabulary.kind(object.kind) else { continue };
        if &*kind.name == "CertificateFile" {
            places.push((object.tree, object.node));
        }
        let Some(layout) = vocabulary.layout(kind.record) else { continue };
        for (field, property) in (0..).zip(&layout.properties) {
            let Some((tree, node)) = object.place(super::schema::FieldId(field)) else { continue };
            match &property.shape {
                Shape::Certificate => places.push((tree, node)),
                Shape::List(item) if **item == Shape::Certificate => {
                    let list = farm.tree(tree).and_then(|tree| tree.node(node));
                    places.extend(list.into_iter().flat_map(NodeRef::items).map(|item| (tree, item.index())));
                }
                _ => {}
            }
        }
    }
    places
}

/// The certificate at a node.
pub(crate) fn reading<'f>(farm: &'f Farm, site: Site, node: NodeRef<'f>, owner: &Owner) -> Reading<'f> {
    let Some(facts) = CertificateFacts::from_node(node) else {
        return Reading::missing(owner.truncated(Lost::Depth), Some(site));
    };
    let better = facts.thumbprint.as_ref().filter(|_| !facts.is_whole()).and_then(|thumbprint| {
        farm.certificates().by_thumbprint.get(thumbprint).filter(|(known, _)| known.is_whole())
    });
    match better {
        Some((whole, _)) => record(farm, whole, Some(site)),
        None => record(farm, &facts, Some(site)),
    }
}

/// The certificate whose thumbprint was read, if any export holds it.
pub(crate) fn by_thumbprint<'f>(farm: &'f Farm, thumbprint: &Reading<'f>) -> Reading<'f> {
    let text = match &thumbprint.value {
        Ok(Value::Text(text)) if !text.is_empty() => text,
        Ok(_) => return Reading { value: Ok(Value::Null), site: thumbprint.site },
        Err(missing) => return Reading { value: Err(Rc::clone(missing)), site: thumbprint.site },
    };
    match farm.certificates().by_thumbprint.get(text.as_ref()) {
        Some((facts, site)) => record(farm, facts, Some(*site)),
        None => Reading::missing(Gap::Export(Arc::from("CertificateFile")), thumbprint.site),
    }
}

/// `farm.certificates`.
pub(crate) fn all(farm: &Farm) -> Reading<'_> {
    let certificates = farm.certificates();
    if certificates.all.is_empty() {
        return Reading::missing(Gap::Export(Arc::from("CertificateFile")), None);
    }
    let items = certificates.all.iter().map(|(facts, site)| record(farm, facts, Some(*site))).collect();
    Reading::of(list(items, None))
}

fn record<'f>(farm: &'f Farm, facts: &CertificateFacts, site: Option<Site>) -> Reading<'f> {
    let vocabulary = farm.vocabulary();
    let Some(id) = vocabulary.schema.record_id("Certificate") else {
        return Reading::missing(Gap::Undecidable(Arc::from("the vocabulary has no certificates")), site);
    };
    let names = vocabulary.schema.record(id).into_iter().flat_map(|record| &record.fields);
    let fields = names
        .map(|field| Reading {
            value: member(facts, &field.name).ok_or_else(|| {
                let gap = Gap::Property { kind: Arc::from("Certificate"), property: Arc::from(&*field.name) };
                Rc::new(super::value::Missing { gap, site })
            }),
            site,
        })
        .collect();
    let computed = Computed { record: id, fields, site };
    Reading { value: Ok(Value::Record(Rc::new(computed))), site }
}

fn member<'f>(facts: &CertificateFacts, name: &str) -> Option<Value<'f>> {
    let text = |text: &Option<String>| text.clone().map(|text| Value::Text(Cow::Owned(text)));
    let texts = |texts: &Option<Vec<String>>| {
        let texts = texts.as_ref()?;
        let items = texts.iter().map(|text| Reading::of(Value::Text(Cow::Owned(text.clone())))).collect();
        Some(list(items, None))
    };
    match name {
        "Thumbprint" => text(&facts.thumbprint),
        "Subject" => text(&facts.subject),
        "Issuer" => text(&facts.issuer),
        "SerialNumber" => text(&facts.serial_number),
        "NotBefore" => facts.not_before.map(Value::Time),
        "NotAfter" => facts.not_after.map(Value::Time),
        "PublicKeySha256" => text(&facts.public_key_sha256),
        "PublicKeyAlgorithm" => text(&facts.public_key_algorithm),
        "PublicKeyBits" => facts.public_key_bits.map(Value::Int),
        "SignatureAlgorithm" => text(&facts.signature_algorithm),
        "DnsNames" => texts(&facts.dns_names),
        "KeyUsages" => texts(&facts.key_usages),
        "SelfSigned" => Some(Value::Bool(facts.subject.as_ref()? == facts.issuer.as_ref()?)),
        _ => None,
    }
}
