//! How IIS signs users in at the paths of AD FS 2.x.

use super::{Attribute, Element, Writer};
use crate::read::small;

/// The methods of `<authentication>` that are of interest.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("anonymousAuthentication", "enabled", "Anonymous"),
    ("windowsAuthentication", "enabled", "WindowsAuthentication"),
    ("extendedProtection", "tokenChecking", "ExtendedProtection"),
];

#[derive(Debug)]
struct Place {
    /// Without the site's name; empty for the whole server.
    path: String,
    site: String,
    start: usize,
    end: usize,
    settings: Vec<(&'static str, Attribute)>,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Found {
    places: Vec<Place>,
    /// Depth of the open `<location>`, and its number.
    open: Option<(usize, usize)>,
    /// `<add name="Forms" …>` below `localAuthenticationTypes`, in order.
    local_types: Vec<Attribute>,
}

impl Found {
    pub(super) fn enter(&mut self, element: &Element<'_>, path: &[String]) {
        let parent = path.last().map_or("", String::as_str);
        if element.name == "location" {
            let whole = element.get("path").map_or("", |attribute| attribute.value.as_str());
            let (site, inside) = whole.split_once('/').unwrap_or((whole, ""));
            self.open = Some((path.len(), self.places.len()));
            self.places.push(Place {
                path: inside.trim_matches('/').to_ascii_lowercase(),
                site: site.to_ascii_lowercase(),
                start: element.start,
                end: element.end,
                settings: Vec::new(),
            });
        }
        if element.name == "add" && parent == "localAuthenticationTypes" {
            self.local_types.extend(element.get("name").cloned());
        }
        let setting = SETTINGS.iter().find(|(name, ..)| *name == element.name);
        let Some((_, attribute, name)) = setting else { return };
        if !path.iter().any(|outer| outer == "authentication") {
            return;
        }
        let number = self.open.map_or_else(|| self.server(element), |(_, number)| number);
        if let (Some(place), Some(value)) = (self.places.get_mut(number), element.get(attribute)) {
            place.settings.push((name, value.clone()));
        }
    }

    pub(super) fn leave(&mut self, depth: usize) {
        self.open = self.open.filter(|(opened, _)| *opened < depth);
    }

    /// The number of the place that stands for the whole server.
    fn server(&mut self, element: &Element<'_>) -> usize {
        let known = self.places.iter().position(|place| place.site.is_empty() && place.path.is_empty());
        known.unwrap_or_else(|| {
            let (start, end) = (element.start, element.end);
            let (path, site) = (String::new(), String::new());
            self.places.push(Place { path, site, start, end, settings: Vec::new() });
            self.places.len() - 1
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let of_farm: Vec<&Place> = self
            .places
            .iter()
            .filter(|place| place.path == "adfs" || place.path.starts_with("adfs/"))
            .collect();
        if of_farm.is_empty() && self.local_types.is_empty() {
            return;
        }
        writer.builder.word(0, 0, "IisAuthentication");
        let list = writer.builder.open_list(0);
        for place in of_farm {
            let map = writer.builder.open_map(small(place.start));
            writer.pair("Path", &place.path, place.start, place.end);
            for (_, _, name) in SETTINGS {
                if let Some(found) = self.setting(place, name) {
                    writer.pair(name, &found.value, found.start, found.end);
                }
            }
            writer.builder.close(map, small(place.end));
        }
        self.write_local_types(writer);
        let end = small(writer.length);
        writer.builder.close(list, end);
    }

    /// `web.config` lies in the folder of the sign-in pages, and does not say so.
    fn write_local_types(&self, writer: &mut Writer) {
        let (Some(first), Some(last)) = (self.local_types.first(), self.local_types.last()) else { return };
        let map = writer.builder.open_map(small(first.start));
        writer.pair("Path", "adfs/ls", first.start, first.end);
        writer.builder.word(first.start, first.end, "LocalAuthenticationTypes");
        let types = writer.builder.open_list(small(first.start));
        for attribute in &self.local_types {
            writer.builder.word(attribute.start, attribute.end, &attribute.value);
        }
        writer.builder.close(types, small(last.end));
        writer.builder.close(map, small(last.end));
    }

    /// The setting of a path, or of the nearest path around it.
    fn setting(&self, place: &Place, name: &str) -> Option<&Attribute> {
        let mut path = Some(place.path.as_str());
        let of = |site: &str, path: &str| {
            let mut found = self.places.iter().filter(|other| other.site == site && other.path == path);
            found.find_map(|other| Some(&other.settings.iter().rev().find(|one| one.0 == name)?.1))
        };
        while let Some(here) = path {
            if let Some(found) = of(&place.site, here) {
                return Some(found);
            }
            path = here.rsplit_once('/').map(|(outer, _)| outer).or((!here.is_empty()).then_some(""));
        }
        of("", "")
    }
}
