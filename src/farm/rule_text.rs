//! The claim rule sets of a farm as texts: whose they are, where they stand, and what they say.

use std::rc::Rc;
use std::sync::Arc;

use super::{Content, Farm, RuleSetPlace};
use crate::claims::RuleSet;
use crate::claims::stage::Stage;
use crate::finding::ObjectName;
use crate::node::Kind;
use crate::source::{SourceId, Sources};

/// One claim rule set.
#[derive(Debug, Clone)]
pub struct RuleSetText {
    /// Owner and property, `Payroll › IssuanceTransformRules`; for a loose file its path.
    pub title: String,
    /// The file that it stands in.
    pub path: String,
    /// The object that it belongs to; `None` for a loose file.
    pub owner: Option<ObjectName>,
    /// The property that holds it; for a loose file its path.
    pub property: Arc<str>,
    /// Its stage of the claims pipeline, by its property, its file's name or what its rules make.
    pub stage: Option<Stage>,
    /// The decoded text, a source of its own that knows the way back to the file; for a loose file the file.
    pub source: SourceId,
    /// The rules in it.
    pub parsed: Rc<RuleSet>,
    /// The export holds only a trace of the text.
    pub lost: bool,
}

impl Farm {
    /// All claim rule sets in the order of their files, without those that hold nothing. Their decoded texts are
    /// added to `sources`.
    pub fn rule_set_texts(&self, sources: &mut Sources) -> Vec<RuleSetText> {
        let places = self.rule_sets().iter().enumerate();
        places.filter_map(|(number, place)| self.rule_set_text(number, place, sources)).collect()
    }

    fn rule_set_text(
        &self,
        number: usize,
        place: &RuleSetPlace,
        sources: &mut Sources,
    ) -> Option<RuleSetText> {
        let export = self.export(place.site.tree)?;
        let node = export.tree.node(place.site.node)?;
        let lost = matches!(node.kind(), Kind::Truncated(_) | Kind::List | Kind::Map);
        if !lost && node.text().is_none_or(|text| text.trim().is_empty()) {
            return None;
        }
        let title = place.title(self);
        let source = if export.content == Content::ClaimRules {
            export.tree.source()
        } else {
            let file = export.path.rsplit('/').next().unwrap_or(&export.path);
            let decoded = node.decoded().filter(|_| !lost);
            let (text, map) = decoded.map(|decoded| (decoded.text, decoded.map)).unwrap_or_default();
            sources.embed(format!("{file} › {title}"), text, node.span(), map)?
        };
        let parsed = if lost { Rc::default() } else { self.parsed(number) };
        Some(RuleSetText {
            title,
            path: export.path.clone(),
            owner: place.object.map(|object| self.name_of(object)),
            property: Arc::clone(&place.property),
            stage: place.stage.or_else(|| Stage::told_by(&parsed)),
            source,
            parsed,
            lost,
        })
    }
}
