//! The farm: AD FS objects as property bags of a kind, normalised by the vocabulary.
//!
//! [`Farm::new`] takes the trees that the readers made, finds the objects in them and keeps where each property
//! stands. Values are normalised when a condition asks for them. What no export says stays missing, with a reason.

mod certificate;
mod certificates;
mod claim_bindings;
mod claim_flow;
mod claim_parts;
mod claim_patterns;
mod claim_rule;
mod claim_rule_set;
mod claim_rules;
mod computed;
pub(crate) mod domain;
mod facts;
mod gather;
mod left_out;
mod losses;
pub mod manifest;
pub(crate) mod moment;
mod names;
mod normalise;
mod object;
mod origin;
mod own_types;
pub(crate) mod pipeline;
mod policy;
mod recognise;
mod rule_text;
mod schannel;
pub mod schema;
mod server;
pub(crate) mod stores;
pub mod value;
pub mod vocabulary;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use self::certificates::Certificates;
use self::claim_patterns::{Answers, Patterns};
pub use self::claim_rules::RuleSetPlace;
pub use self::facts::{FactTrouble, WrongFact};
pub(crate) use self::facts::{bounded, is_placeholder};
pub use self::losses::Loss;
use self::manifest::Manifests;
use self::object::{FarmRecord, MapRecord, ObjectRecord, Owner, list};
use self::pipeline::Pipeline;
pub use self::rule_text::RuleSetText;
use self::schema::FieldId;
use self::value::{Gap, Missing, Reading, Record, Site, Value};
use self::vocabulary::{KindId, Vocabulary};
use crate::claims::flow::Flow;
use crate::claims::spelling::Spellings;
use crate::claims::stage::Stage;
use crate::claims::{Memo, RuleSet};
use crate::finding::ObjectName;
use crate::node::{Kind, NodeIndex, NodeRef, Tree};

/// Number of an object in its farm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// What a reader made of one file.
#[derive(Debug)]
pub struct Export {
    /// The file's path as the user knows it.
    pub path: String,
    /// Its tree.
    pub tree: Tree,
    /// What the tree is.
    pub content: Content,
}

/// What the tree of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Objects, perhaps wrapped.
    Objects,
    /// A single text: a claim rule set.
    ClaimRules,
    /// The facts file.
    Facts,
}

const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);

/// One AD FS object.
#[derive(Debug)]
pub struct Object {
    /// Its kind.
    pub kind: KindId,
    /// The tree that it was found in first.
    pub tree: u32,
    /// Its node there.
    pub node: NodeIndex,
    /// The server it was exported from, lower case, if that is known.
    pub host: Option<Arc<str>>,
    /// No command printed it: a configuration wants it so, and leaves the rest of it as it is.
    desired: bool,
    /// Whether that server is a proxy, if the folder says so.
    is_proxy: Option<bool>,
    nulls_are_gaps: bool,
    /// Tree and node of every property.
    places: Vec<(u32, u32)>,
}

impl Object {
    /// Where a property stands.
    pub(crate) fn place(&self, field: FieldId) -> Option<(u32, NodeIndex)> {
        self.places.get(usize::from(field.0)).copied().filter(|place| *place != NOWHERE)
    }
}

/// What one export gave to the farm.
#[derive(Debug, Default)]
pub struct Contribution {
    /// Objects of each kind.
    pub objects: BTreeMap<KindId, usize>,
    /// Names of properties that the vocabulary does not know, with their kind, sorted.
    pub unknown_properties: Vec<(KindId, String)>,
    /// Objects of a kind that nobody can tell.
    pub unknown_objects: Vec<NodeIndex>,
    /// Kinds whose command printed nothing.
    pub empty: Vec<KindId>,
}

#[derive(Debug, Default, Clone)]
struct KindState {
    objects: Vec<ObjectId>,
    exported: bool,
    /// Some export lists all of them.
    whole: bool,
    incomplete: Option<Site>,
}

/// Everything that was read of one AD FS farm.
#[derive(Debug)]
pub struct Farm {
    vocabulary: Arc<Vocabulary>,
    exports: Vec<Export>,
    contributions: Vec<Contribution>,
    objects: Vec<Object>,
    kinds: Vec<KindState>,
    rule_sets: Vec<RuleSetPlace>,
    /// The rule sets, parsed when somebody first looks into them.
    parsed: Vec<OnceCell<Rc<RuleSet>>>,
    stages: Vec<OnceCell<Option<Stage>>>,
    /// The flow of claims through them.
    flows: Vec<OnceCell<Rc<Flow>>>,
    pipeline: OnceCell<Pipeline>,
    own_types: OnceCell<Spellings>,
    facts: Option<u32>,
    manifests: Manifests,
    /// Names of the federation service, as each export says it.
    service_names: Vec<(String, Site)>,
    certificates: OnceCell<Certificates>,
    memo: RefCell<Memo>,
    patterns: RefCell<Patterns>,
}

impl Farm {
    /// Finds the objects of all exports.
    pub fn new(vocabulary: Arc<Vocabulary>, exports: Vec<Export>) -> Self {
        let kinds = vec![KindState::default(); vocabulary.kinds().count()];
        let mut farm = Self {
            vocabulary,
            exports,
            contributions: Vec::new(),
            objects: Vec::new(),
            kinds,
            rule_sets: Vec::new(),
            parsed: Vec::new(),
            stages: Vec::new(),
            flows: Vec::new(),
            pipeline: OnceCell::new(),
            own_types: OnceCell::new(),
            facts: None,
            manifests: Manifests::default(),
            service_names: Vec::new(),
            certificates: OnceCell::new(),
            memo: RefCell::default(),
            patterns: RefCell::default(),
        };
        farm.gather();
        farm.rule_sets = claim_rules::places(&farm);
        farm.parsed = vec![OnceCell::new(); farm.rule_sets.len()];
        farm.stages = vec![OnceCell::new(); farm.rule_sets.len()];
        farm.flows = vec![OnceCell::new(); farm.rule_sets.len()];
        farm
    }

    /// The vocabulary of this farm.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What was read, in the order given to [`Farm::new`].
    pub fn exports(&self) -> impl Iterator<Item = (&Export, &Contribution)> {
        self.exports.iter().zip(&self.contributions)
    }

    /// The tree of that number, as in [`Site::tree`].
    pub fn tree(&self, number: u32) -> Option<&Tree> {
        self.exports.get(number as usize).map(|export| &export.tree)
    }

    /// The export of that number.
    pub fn export(&self, number: u32) -> Option<&Export> {
        self.exports.get(number as usize)
    }

    /// The object of that number.
    pub fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id.0 as usize)
    }

    /// All objects.
    pub fn objects(&self) -> impl Iterator<Item = (ObjectId, &Object)> {
        (0..).map(ObjectId).zip(&self.objects)
    }

    /// Objects of a kind, in reading order.
    pub fn objects_of(&self, kind: KindId) -> &[ObjectId] {
        self.kinds.get(usize::from(kind.0)).map_or(&[], |state| state.objects.as_slice())
    }

    /// Whether any export speaks of the kind, even if it lists no object.
    pub fn is_exported(&self, kind: KindId) -> bool {
        self.kinds.get(usize::from(kind.0)).is_some_and(|state| state.exported)
    }

    /// Where it shows that there are more objects of the kind than the exports hold.
    pub fn incomplete(&self, kind: KindId) -> Option<Site> {
        self.kinds.get(usize::from(kind.0)).filter(|state| !state.whole).and_then(|state| state.incomplete)
    }

    /// Places of all claim rule sets, in the order of the trees.
    pub fn rule_sets(&self) -> &[RuleSetPlace] {
        &self.rule_sets
    }

    pub(crate) fn certificates(&self) -> &Certificates {
        self.certificates.get_or_init(|| Certificates::collect(self))
    }

    /// `farm` in a condition.
    pub fn record(&self) -> Rc<dyn Record<'_> + '_> {
        Rc::new(FarmRecord(self))
    }

    /// `facts` in a condition. Without a facts file every member of it is missing.
    pub fn facts(&self) -> Rc<dyn Record<'_> + '_> {
        let owner = Owner::Fact(Arc::from(""));
        let facts = self.vocabulary.facts();
        let root = self.facts.and_then(|tree| Some((tree, self.tree(tree)?.root()?)));
        match root {
            Some((tree, root)) => Rc::new(MapRecord::new(self, Some(facts), owner, tree, root)),
            None => Rc::new(MapRecord::blank(self, facts, owner, None)),
        }
    }

    /// The day that the exports are to be judged on, as far as they say it: the facts file first, then the manifest, then
    /// files that are dated by their name.
    pub fn as_of(&self) -> Option<time::OffsetDateTime> {
        self.stated_day().or_else(|| self.taken()).or_else(|| self.dated())
    }

    fn stated_day(&self) -> Option<time::OffsetDateTime> {
        let root = self.tree(self.facts?)?.root()?;
        match moment::moment(&root.get("asOf")?.text()?)? {
            moment::Moment::At(at) => Some(at),
            moment::Moment::Never => None,
        }
    }

    /// The newest day in the names of the exports, if all of them come from a tool that writes it there: what such
    /// a file says is as old as its name.
    pub fn dated(&self) -> Option<time::OffsetDateTime> {
        let exports = self.exports().filter(|(export, _)| export.content != Content::Facts);
        let days: Option<Vec<_>> = exports
            .map(|(export, found)| {
                let is_dated =
                    |kind: &KindId| self.vocabulary.kind(*kind).is_some_and(|kind| kind.dated_by_name);
                found.objects.keys().any(is_dated).then(|| moment::in_name(&export.path)).flatten()
            })
            .collect();
        days?.into_iter().max()
    }

    /// An object as a value.
    pub fn reading(&self, id: ObjectId) -> Reading<'_> {
        let record = ObjectRecord::new(self, id);
        let site = record.site();
        Reading { value: Ok(Value::Record(Rc::new(record))), site }
    }

    /// The member of `farm` that holds the objects of a kind.
    fn collection(&self, kind: KindId) -> Reading<'_> {
        let Some(entry) = self.vocabulary.kind(kind) else {
            return Reading::missing(Gap::Undecidable(Arc::from("there is no such kind")), None);
        };
        let export = || Gap::Export(Arc::clone(&entry.name));
        let objects = self.objects_of(kind);
        if !self.is_exported(kind) {
            return Reading::missing(export(), self.incomplete(kind));
        }
        if entry.one {
            return objects.first().map_or_else(|| Reading::missing(export(), None), |id| self.reading(*id));
        }
        let rest = self.incomplete(kind).map(|site| Missing { gap: export(), site: Some(site) });
        Reading::of(list(objects.iter().map(|id| self.reading(*id)).collect(), rest))
    }

    /// What an administrator calls an object.
    pub fn name_of(&self, id: ObjectId) -> ObjectName {
        let Some(object) = self.object(id) else {
            return ObjectName { kind: Arc::from("Object"), name: String::new() };
        };
        let kind = self.vocabulary.kind(object.kind);
        let first = kind.into_iter().filter(|kind| !kind.one).find_map(|kind| {
            let fields = self.vocabulary.layout(kind.record)?.named_by.clone();
            let several = fields.len() > 1 && kind.per.is_computer();
            let texts = fields.into_iter().filter_map(|field| self.text_of(object, field));
            Some(if several { texts.collect::<Vec<_>>().join(":") } else { texts.into_iter().next()? })
        });
        let mut name = first.unwrap_or_default();
        if let (Some(host), Some(false)) = (&object.host, kind.map(|kind| kind.one)) {
            name = if name.is_empty() { host.to_string() } else { format!("{name} on {host}") };
        }
        ObjectName { kind: kind.map(|kind| Arc::clone(&kind.name)).unwrap_or_default(), name }
    }

    fn text_of(&self, object: &Object, field: FieldId) -> Option<String> {
        let (tree, node) = object.place(field)?;
        let node = self.tree(tree)?.node(node)?;
        let node = if node.kind() == Kind::List { node.items().next()? } else { node };
        // What is left of a name that an export lost is no name.
        if matches!(node.kind(), Kind::Truncated(_)) {
            return None;
        }
        node.text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// All names of an object in one text, to tell it from others of its kind.
    fn names_of(&self, object: &Object) -> String {
        let layout = self.vocabulary.kind(object.kind).and_then(|kind| self.vocabulary.layout(kind.record));
        let fields = layout.map_or(&[][..], |layout| &layout.named_by);
        let texts: Vec<_> = fields.iter().filter_map(|field| self.text_of(object, *field)).collect();
        texts.join("\n").to_lowercase()
    }

    /// Number and owner of the rule set whose text stands at a node.
    pub(crate) fn rule_set_at(&self, site: Site) -> Option<(usize, &RuleSetPlace)> {
        let key = (site.tree, site.node);
        let place = self.rule_sets.binary_search_by_key(&key, |place| (place.site.tree, place.site.node));
        place.ok().and_then(|place| Some((place, self.rule_sets.get(place)?)))
    }

    /// The stage of the rule set of that number: as its place says it, or else what its rules make.
    pub(crate) fn stage(&self, number: usize) -> Option<Stage> {
        let told = || {
            let place = self.rule_sets.get(number)?;
            place.stage.or_else(|| Stage::told_by(&self.parsed(number)))
        };
        self.stages.get(number).and_then(|cell| *cell.get_or_init(told))
    }

    /// What is known of a regular expression.
    fn pattern(&self, text: &str) -> Rc<Answers> {
        self.patterns.borrow_mut().get(text)
    }

    /// The parsed rule set of that number.
    pub(crate) fn parsed(&self, number: usize) -> Rc<RuleSet> {
        let parse = || {
            let site = self.rule_sets.get(number).map(|place| place.site);
            let node = site.and_then(|site| self.tree(site.tree)?.node(site.node));
            let text = node.and_then(NodeRef::text).unwrap_or_default();
            Rc::new(self.memo.borrow_mut().parse(&text))
        };
        self.parsed.get(number).map_or_else(Rc::default, |cell| Rc::clone(cell.get_or_init(parse)))
    }
}

/// The known name that is most like a wrong one, if any is like it at all.
pub(crate) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wrong = wrong.to_lowercase();
    known
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.84)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name.to_owned())
}
