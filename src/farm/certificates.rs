//! The certificates of a farm: by thumbprint, with the certificates that signed them, and as conditions read them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Farm;
use super::certificate::CertificateFacts;
use super::computed::Computed;
use super::object::{Owner, list};
use super::value::{Gap, List, Missing, Reading, Site, Value};
use super::vocabulary::Shape;
use crate::node::{Kind, Lost, NodeRef};

/// Certificates in a chain; real ones have up to four.
const LONGEST_CHAIN: usize = 8;

/// Certificates of a farm by thumbprint, the whole ones preferred, and all of them in reading order.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    by_thumbprint: BTreeMap<String, (Rc<CertificateFacts>, Site)>,
    /// Places in `all` by whom a certificate names.
    by_subject: BTreeMap<String, Vec<usize>>,
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
            if let Some(subject) = &entry.0.subject {
                found.by_subject.entry(subject.clone()).or_default().push(found.all.len());
            }
            found.all.push(entry);
        }
        found
    }

    /// The certificate that signed another one: it bears the issuer's name, and its key where both say which that is.
    fn signer(&self, of: &CertificateFacts) -> Option<&CertificateFacts> {
        let named = self.by_subject.get(of.issuer.as_ref()?)?.iter();
        let mut named = named.filter_map(|place| self.all.get(*place)).map(|(facts, _)| &**facts);
        named.find(|candidate| match (&of.issuer_key_identifier, &candidate.key_identifier) {
            (Some(wanted), Some(held)) => wanted == held,
            _ => true,
        })
    }

    /// Whom the certificates above one name, the root last; open where the next one is not known.
    fn issuers<'f>(&self, of: &CertificateFacts) -> Option<Value<'f>> {
        let mut names = Vec::new();
        let mut current = of;
        let mut is_whole = false;
        while names.len() < LONGEST_CHAIN {
            if current.subject.as_ref()? == current.issuer.as_ref()? {
                is_whole = true;
                break;
            }
            let Some(signer) = self.signer(current) else { break };
            names.push(Reading::of(Value::Text(Cow::Owned(signer.subject.clone()?))));
            current = signer;
        }
        let rest =
            (!is_whole).then(|| Missing { gap: Gap::Export(Arc::from("CertificateFile")), site: None });
        Some(list(names, rest))
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
    if node.kind() == Kind::Text && node.text().is_some_and(|text| text.trim().is_empty()) {
        return Reading::at(Value::Null, site);
    }
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
            value: member(farm, facts, &field.name).ok_or_else(|| {
                let gap = Gap::Property { kind: Arc::from("Certificate"), property: Arc::from(&*field.name) };
                Rc::new(Missing { gap, site })
            }),
            site,
        })
        .collect();
    let computed = Computed { record: id, fields, site };
    Reading { value: Ok(Value::Record(Rc::new(computed))), site }
}

fn member<'f>(farm: &'f Farm, facts: &CertificateFacts, name: &str) -> Option<Value<'f>> {
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
        "Names" => texts(&facts.names),
        "KeyUsages" => texts(&facts.key_usages),
        "IsAuthority" => facts.is_authority.map(Value::Bool),
        "Issuers" => farm.certificates().issuers(facts),
        "SelfSigned" => Some(Value::Bool(facts.subject.as_ref()? == facts.issuer.as_ref()?)),
        _ => None,
    }
}

/// The certificates that a partner gave us, each with its use: a property of a claims provider trust or a relying
/// party trust, and what AD FS does with the certificates in it.
const USES: [(&str, &str); 3] = [
    ("TokenSigningCertificates", "token-signing"),
    ("RequestSigningCertificate", "request-signing"),
    ("EncryptionCertificate", "encryption"),
];

/// Those that a partner's trust holds. Open where one of its properties is missing.
pub(crate) fn of_partner<'f>(farm: &'f Farm, partner: &Reading<'f>) -> Reading<'f> {
    // What a claims provider reads is no business of ours.
    let signs = farm.has_property(partner, "TokenSigningCertificates");
    let uses = USES.iter().filter(|(property, use_)| {
        farm.has_property(partner, property) && (!signs || *use_ == "token-signing")
    });
    let mut items = Vec::new();
    let mut rest: Option<Rc<Missing>> = None;
    for (property, use_) in uses {
        let reading = farm.property_of(partner, property);
        match reading.value {
            Err(missing) => drop(rest.get_or_insert(missing)),
            Ok(Value::List(held)) => {
                items.extend(held.items.iter().filter_map(|item| in_use(farm, use_, item.clone())));
                rest = rest.or(held.rest);
            }
            Ok(Value::Null) => {}
            Ok(_) => items.extend(in_use(farm, use_, reading)),
        }
    }
    Reading { value: Ok(Value::List(List { items: Rc::from(items), rest })), site: partner.site }
}

fn in_use<'f>(farm: &'f Farm, use_: &str, certificate: Reading<'f>) -> Option<Reading<'f>> {
    let record = farm.vocabulary().schema.record_id("PartnerCertificate")?;
    let site = certificate.site;
    let names = farm.vocabulary().schema.record(record)?.fields.iter();
    let fields = names.map(|field| match field.name.as_str() {
        "use" => Reading { value: Ok(Value::Text(Cow::Owned(use_.to_owned()))), site },
        name => Reading { site, ..farm.property_of(&certificate, name) },
    });
    let computed = Computed { record, fields: fields.collect(), site };
    Some(Reading { value: Ok(Value::Record(Rc::new(computed))), site })
}
