//! From places in the farm to spans in sources: decoded claim rules become sources of their own.

use std::collections::HashMap;

use crate::farm::value::Site;
use crate::farm::{Content, Farm, RuleSetPlace};
use crate::node::{DecodedText, Kind};
use crate::source::{OffsetMap, SourceId, Sources, Span};

/// Turns sites into spans, embedding each claim rule once.
#[derive(Debug)]
pub(crate) struct Places<'f, 's> {
    farm: &'f Farm,
    sources: &'s mut Sources,
    sets: HashMap<(u32, u32), Option<Embedded>>,
    rules: HashMap<(u32, u32, usize), SourceId>,
}

#[derive(Debug, Clone)]
struct Embedded {
    source: SourceId,
    /// Offset, length and title of every rule.
    rules: Vec<(u32, u32, String)>,
}

impl<'f, 's> Places<'f, 's> {
    pub fn new(farm: &'f Farm, sources: &'s mut Sources) -> Self {
        Self { farm, sources, sets: HashMap::new(), rules: HashMap::new() }
    }

    /// The sources, with everything that was embedded.
    pub fn sources(&self) -> &Sources {
        self.sources
    }

    /// The span of a site.
    pub fn span(&mut self, site: Site) -> Option<Span> {
        let tree = self.farm.tree(site.tree)?;
        let node = tree.node(site.node)?;
        if let Some(within) = site.within {
            return self.part(site, within);
        }
        let span = node.span();
        // A whole object is a screenful or a thousand lines: its first line is the place.
        if matches!(node.kind(), Kind::Map | Kind::List) {
            let text = self.sources.slice(span);
            let line =
                text.find('\n').map_or(text.len(), |end| text.get(..end).unwrap_or("").trim_end().len());
            let line = u32::try_from(line).unwrap_or(u32::MAX).clamp(1, 400);
            return Some(Span::new(span.source, span.start, (span.start + line).min(span.end)));
        }
        Some(span)
    }

    /// A span that exists in any case: the beginning of the first file.
    pub fn somewhere(&self) -> Option<Span> {
        let (id, ()) = self.farm.exports().next().map(|(export, _)| (export.tree.source(), ()))?;
        Some(Span::new(id, 0, 0))
    }

    /// A part of a text: of a claim rule set, as a rule, or else in the file.
    fn part(&mut self, site: Site, within: (u32, u32)) -> Option<Span> {
        let set = self.set(site);
        let Some(set) = set else { return self.raw_part(site, within) };
        let found = set
            .rules
            .iter()
            .enumerate()
            .find(|(_, (offset, length, _))| within.0 >= *offset && within.1 <= offset + length);
        let Some((index, (offset, length, title))) = found else {
            return Some(Span::new(set.source, within.0, within.1));
        };
        let key = (site.tree, site.node, index);
        let rule = if let Some(known) = self.rules.get(&key) {
            *known
        } else {
            let around = Span::new(set.source, *offset, offset + length);
            let text = self.sources.slice(around).to_owned();
            let id = self.sources.embed(title.clone(), text, around, OffsetMap::identity())?;
            self.rules.insert(key, id);
            id
        };
        Some(Span::new(rule, within.0 - offset, within.1 - offset))
    }

    fn raw_part(&self, site: Site, within: (u32, u32)) -> Option<Span> {
        let node = self.farm.tree(site.tree)?.node(site.node)?;
        let base = node.span();
        let DecodedText { map, .. } = node.decoded()?;
        Some(Span::new(base.source, base.start + map.raw_start(within.0), base.start + map.raw_end(within.1)))
    }

    fn set(&mut self, site: Site) -> Option<Embedded> {
        let key = (site.tree, site.node);
        if let Some(known) = self.sets.get(&key) {
            return known.clone();
        }
        let embedded = self.embed(site);
        self.sets.insert(key, embedded.clone());
        embedded
    }

    fn embed(&mut self, site: Site) -> Option<Embedded> {
        let (number, place) = self.farm.rule_set_at(site)?;
        let export = self.farm.export(site.tree)?;
        let node = export.tree.node(site.node)?;
        let decoded = node.decoded()?;
        let parsed = self.farm.parsed(number);
        let rules = parsed.rules.iter().enumerate().map(|(index, rule)| {
            let title = self.farm.rule_title(place, &parsed, index);
            let file = export.path.rsplit('/').next().unwrap_or(&export.path);
            let title = if place.object.is_some() { format!("{file} › {title}") } else { title };
            (rule.offset, rule.length, title)
        });
        let rules = rules.collect();
        if export.content == Content::ClaimRules {
            // A loose file shows itself, with its own line numbers.
            return Some(Embedded { source: export.tree.source(), rules: Vec::new() });
        }
        let title = set_title(self.farm, place, &export.path);
        let source = self.sources.embed(title, decoded.text, node.span(), decoded.map)?;
        Some(Embedded { source, rules })
    }
}

fn set_title(farm: &Farm, place: &RuleSetPlace, path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    format!("{file} › {}", place.title(farm))
}
