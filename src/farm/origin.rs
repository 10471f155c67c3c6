//! Where and when exports were made, as they say themselves: whether they belong together.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use time::OffsetDateTime;

use super::object::list;
use super::schema::FieldId;
use super::value::{Gap, Missing, Reading, Site, Value};
use super::vocabulary::{KindId, Vocabulary};
use super::{Content, Farm, Object, ObjectId, moment};
use crate::node::{NodeIndex, Tree};

impl Farm {
    /// The moments at which exports were written, with their places.
    fn written(&self) -> Vec<(OffsetDateTime, Site)> {
        let mut times = self.manifests().times.clone();
        for (number, (export, found)) in (0..).zip(self.exports()) {
            let is_dated =
                |kind: &KindId| self.vocabulary().kind(*kind).is_some_and(|kind| kind.dated_by_name);
            if export.content == Content::Objects && found.objects.keys().any(is_dated) {
                times.extend(moment::in_name(&export.path).map(|at| (at, Site::node(number, 0))));
            }
        }
        times
    }

    /// The newest moment that a manifest says.
    pub(super) fn taken(&self) -> Option<OffsetDateTime> {
        self.manifests().times.iter().map(|(at, _)| *at).max()
    }

    /// `farm.exportTimes`.
    pub(super) fn export_times(&self) -> Reading<'_> {
        let times = self.written();
        if times.is_empty() {
            return Reading::missing(Gap::Undecidable(Arc::from("no file says when it was written")), None);
        }
        let items = times.into_iter().map(|(at, site)| Reading::at(Value::Time(at), site));
        Reading::of(list(items.collect(), None))
    }

    /// `farm.serviceNames`.
    pub(super) fn service_names(&self) -> Reading<'_> {
        let names = self.service_names.iter().chain(&self.manifests().services);
        let item = |(name, site): &(String, Site)| Reading::at(Value::Text(Cow::Owned(host(name))), *site);
        let nameless = self.manifests().nameless.map(|site| Missing {
            gap: Gap::Undecidable(Arc::from("the manifest names no service")),
            site: Some(site),
        });
        let silent = self.objects().find_map(|(id, object)| self.silent(id, object)).or(nameless);
        Reading::of(list(names.map(item).collect(), silent))
    }

    /// An object that should name the service and whose export lacks that property.
    fn silent(&self, id: ObjectId, object: &Object) -> Option<Missing> {
        let kind = self.vocabulary().kind(object.kind)?;
        let properties = &self.vocabulary().layout(kind.record)?.properties;
        let (field, property) = (0..).zip(properties).find(|(_, property)| property.names_service)?;
        if object.place(FieldId(field)).is_some() {
            return None;
        }
        let gap = Gap::Property { kind: Arc::clone(&kind.name), property: Arc::clone(&property.name) };
        Some(Missing { gap, site: self.reading(id).site })
    }

    /// `farm.commands`.
    pub(super) fn commands(&self) -> Reading<'_> {
        let exported = self.vocabulary().kinds().filter(|(id, _)| self.is_exported(*id));
        let items: Rc<[Reading<'_>]> =
            exported.map(|(_, kind)| Reading::of(Value::Text(Cow::Borrowed(&*kind.cmdlet)))).collect();
        Reading::of(list(items.to_vec(), None))
    }
}

/// The name of the federation service that an object says, whatever other exports say.
pub(super) fn service_name(
    vocabulary: &Vocabulary,
    kind: KindId,
    tree: &Tree,
    places: &[(u32, NodeIndex)],
) -> Option<(String, Site)> {
    let layout = vocabulary.layout(vocabulary.kind(kind)?.record)?;
    let named = layout.properties.iter().position(|property| property.names_service)?;
    let (number, index) = places.get(named).copied().filter(|place| *place != super::NOWHERE)?;
    let text = tree.node(index)?.text()?.trim().to_owned();
    (!text.is_empty()).then(|| (text, Site::node(number, index)))
}

/// The host of an address, or a host's name as it stands; lower case.
fn host(text: &str) -> String {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.rsplit_once(':').map_or(host, |(host, _)| host).trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts() {
        for text in [
            "sts.contoso.com",
            "https://STS.contoso.com/adfs/ls",
            "http://sts.contoso.com:8080",
            "sts.contoso.com.",
        ] {
            assert_eq!(host(text), "sts.contoso.com");
        }
    }
}
