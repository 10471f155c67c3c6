//! The way of a sign-in through the farm: the acceptance rules of a claims provider, what AD FS adds about request,
//! device and authentication, then the rule sets of the application. It answers who may have made a claim that a rule
//! set finds when it starts, and what is missing to say that nobody did.

mod makers;
mod objects;
mod own;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use self::makers::{Maker, Makers};
pub(super) use self::objects::rule_set_of;
use self::objects::{is_before_2016, object_site, property, text};
pub(super) use self::own::is_made_by_adfs;
use self::own::made_by_adfs;
use super::value::{Gap, Missing, Site, Value};
use super::{Farm, ObjectId, RuleSetPlace};
use crate::claims::ast::{Body, ClaimRule, Operator, Property};
use crate::claims::facts;
use crate::claims::stage::Stage;

/// Identifier of the claims provider that every farm has.
const DIRECTORY: &str = "AD AUTHORITY";
/// Kinds of claims providers.
const PROVIDERS: [&str; 2] = ["ClaimsProviderTrust", "LocalClaimsProviderTrust"];
/// Kinds whose rule sets are run when somebody signs in.
const SIGNED_IN_TO: [&str; 5] = [
    "PolicyStore",
    "RelyingPartyTrust",
    "WebApiApplication",
    "WebApplicationProxyRelyingPartyTrust",
    "AdditionalAuthenticationRule",
];

/// A claims provider that is switched on.
#[derive(Debug)]
pub(crate) struct Provider {
    pub id: ObjectId,
    pub name: String,
    /// Active Directory itself.
    pub is_directory: bool,
    identifier: String,
    /// Number and place of its acceptance rules.
    rules: Option<(usize, Site)>,
    /// Why it may send more than its rules say.
    pub open: Option<Missing>,
    /// A rule passes on whatever comes.
    everything: Option<Site>,
    says_something: bool,
}

/// A provider that lets a claim type in.
#[derive(Debug)]
struct Entry {
    provider: usize,
    /// Its first rule for the type.
    rule: usize,
    /// None of its rules lets every value through.
    filtered: bool,
}

/// Who may sign in at an application.
#[derive(Debug, Default)]
pub(crate) struct Allowed {
    /// Numbers of providers.
    pub providers: Vec<usize>,
    /// Why there may be others.
    pub open: Option<Missing>,
}

/// The claims providers of a farm with what they let in.
#[derive(Debug)]
pub(crate) struct Pipeline {
    providers: Vec<Provider>,
    /// Providers that let a claim type in.
    by_type: HashMap<String, Vec<Entry>>,
    /// Providers that the exports do not hold.
    open: Option<Missing>,
}

impl Pipeline {
    /// Reads the acceptance rules of all claims providers.
    pub fn new(farm: &Farm) -> Self {
        let mut pipeline = Self { providers: Vec::new(), by_type: HashMap::new(), open: None };
        for name in PROVIDERS {
            let Some(kind) = farm.vocabulary().kind_id(name) else { continue };
            let is_whole = farm.is_exported(kind) && farm.incomplete(kind).is_none();
            let is_known = is_whole || name == PROVIDERS[1] && is_before_2016(farm);
            if !is_known {
                pipeline.lack(name, farm.incomplete(kind));
            }
            for id in farm.objects_of(kind) {
                pipeline.add(farm, *id, name);
            }
        }
        if !pipeline.providers.iter().any(|provider| provider.is_directory) && lacks_directory(farm) {
            // Every farm has this provider: the export shows a part of what there is.
            pipeline.lack(PROVIDERS[0], None);
        }
        pipeline
    }

    fn lack(&mut self, kind: &str, site: Option<Site>) {
        self.open.get_or_insert_with(|| Missing { gap: Gap::Export(Arc::from(kind)), site });
    }

    fn add(&mut self, farm: &Farm, id: ObjectId, kind: &str) {
        let is_off = matches!(
            property(farm, id, "Enabled").map(|reading| reading.value),
            Some(Ok(Value::Bool(false)))
        );
        if is_off {
            return;
        }
        let number = self.providers.len();
        let identifier = text(farm, id, "Identifier").unwrap_or_default();
        let mut provider = Provider {
            id,
            name: farm.name_of(id).name,
            is_directory: identifier == DIRECTORY,
            identifier,
            rules: rule_set_of(farm, id, "AcceptanceTransformRules"),
            open: None,
            everything: None,
            says_something: false,
        };
        match provider.rules {
            Some((set, site)) => self.accept(farm, number, &mut provider, kind, (set, site)),
            None => {
                provider.open =
                    Some(unreadable(kind, format!("of {} is not in the export", provider.name), None));
            }
        }
        self.providers.push(provider);
    }

    fn accept(
        &mut self,
        farm: &Farm,
        number: usize,
        provider: &mut Provider,
        kind: &str,
        set: (usize, Site),
    ) {
        let (parsed, flow) = (farm.parsed(set.0), farm.flow(set.0));
        if farm.rule_set_is_lost(set.1) {
            let reason = format!("of {} was cut off by the export", provider.name);
            provider.open = Some(unreadable(kind, reason, Some(set.1)));
        } else if parsed.is_partial() {
            let reason = format!("of {} holds a claim rule that does not parse", provider.name);
            provider.open = Some(unreadable(kind, reason, Some(set.1)));
        }
        for (name, rules) in flow.output() {
            let rule = rules.first().copied().unwrap_or_default();
            let mut known = rules.iter().filter_map(|rule| parsed.rules.get(*rule));
            let filtered = known.all(|placed| lets_some_values_through(&placed.rule));
            self.by_type.entry(name.to_owned()).or_default().push(Entry { provider: number, rule, filtered });
            provider.says_something = true;
        }
        provider.everything = flow.issues_anything().and_then(|rule| farm.rule_site(set.0, rule));
    }

    /// The providers of a farm.
    pub fn provider(&self, number: usize) -> Option<&Provider> {
        self.providers.get(number)
    }

    /// Whether a provider may send claims of a type.
    pub fn lets_in(&self, number: usize, claim_type: &str) -> bool {
        let entries = self.by_type.get(claim_type).map_or(&[][..], Vec::as_slice);
        entries.binary_search_by_key(&number, |entry| entry.provider).is_ok()
    }

    /// A partner that may send any value of a claim type.
    pub fn free_sender(&self, claim_type: &str) -> Option<&Provider> {
        let entries = self.by_type.get(claim_type).map_or(&[][..], Vec::as_slice);
        let named =
            entries.iter().filter(|entry| !entry.filtered).filter_map(|entry| self.provider(entry.provider));
        let all = self.providers.iter().filter(|provider| provider.has_everything());
        named.chain(all).find(|provider| !provider.is_directory)
    }

    /// Why there may be more partners, or partners may send more, than the exports show.
    pub fn openness(&self) -> Option<&Missing> {
        let mut partners = self.providers.iter().filter(|provider| !provider.is_directory);
        self.open.as_ref().or_else(|| partners.find_map(|provider| provider.open.as_ref()))
    }

    /// Who may sign in at the application that a rule set belongs to.
    pub fn allowed(&self, farm: &Farm, place: &RuleSetPlace) -> Allowed {
        let all = || Allowed { providers: (0..self.providers.len()).collect(), open: self.open.clone() };
        let Some(names) = place.object.and_then(|id| property(farm, id, "ClaimsProviderName")) else {
            return all();
        };
        let names = match names.value {
            Ok(Value::List(list)) if !list.items.is_empty() || list.rest.is_some() => list,
            Ok(_) => return all(),
            Err(missing) => return Allowed { providers: Vec::new(), open: Some((*missing).clone()) },
        };
        let mut allowed = Allowed { providers: Vec::new(), open: names.rest.as_deref().cloned() };
        for name in names.items.iter() {
            let Ok(Value::Text(name)) = &name.value else { continue };
            let found = self.providers.iter().position(|one| one.is_called(name));
            match found {
                Some(found) => allowed.providers.push(found),
                // Switched off, or in an export that is not there.
                None => allowed.open = allowed.open.or_else(|| self.open.clone()),
            }
        }
        allowed
    }

    /// Who may have made a claim of that type before the rule set starts.
    pub fn makers(&self, farm: &Farm, place: &RuleSetPlace, claim_type: &str) -> Makers {
        let kind = place.object.map(|id| farm.name_of(id).kind);
        match place.stage {
            Some(Stage::Acceptance) if kind.is_some() => sent_by(farm, place),
            Some(_) if kind.is_some_and(|kind| SIGNED_IN_TO.contains(&&*kind)) => {
                let allowed = self.allowed(farm, place);
                let mut makers = made_by_adfs(farm, claim_type);
                let mut accepted = self.accepted(farm, claim_type, &allowed);
                makers.found.append(&mut accepted.found);
                makers.lack(allowed.open);
                makers.lack(accepted.open);
                makers
            }
            _ => Makers { found: Vec::new(), open: Some(no_pipeline()) },
        }
    }

    fn accepted(&self, farm: &Farm, claim_type: &str, allowed: &Allowed) -> Makers {
        let mut makers = Makers::default();
        let entries = self.by_type.get(claim_type).map_or(&[][..], Vec::as_slice);
        let known = farm.vocabulary().claim_types().get(claim_type);
        for number in &allowed.providers {
            let Some(provider) = self.providers.get(*number) else { continue };
            let entry = entries.binary_search_by_key(number, |entry| entry.provider).ok();
            let entry = entry.and_then(|found| entries.get(found));
            let maker = |everything, site| Maker {
                name: provider.name.clone(),
                origin: provider.origin(),
                everything,
                filtered: entry.is_some_and(|entry| entry.filtered),
                site,
            };
            if let (Some(entry), Some((set, _))) = (entry, provider.rules) {
                makers.add(maker(false, farm.rule_site(set, entry.rule)));
            } else if provider.is_directory && known.is_some_and(|known| known.comes_along) {
                makers.add(maker(false, object_site(farm, provider.id)));
            } else if let Some(site) = provider.everything {
                makers.add(maker(true, Some(site)));
                let reason =
                    format!("of {} passes on everything, and nobody can tell what comes", provider.name);
                makers.lack(Some(unreadable(PROVIDERS[0], reason, Some(site))));
            }
            makers.lack(provider.open.clone());
        }
        makers
    }
}

impl Provider {
    fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.trim()) || self.identifier.eq_ignore_ascii_case(name.trim())
    }

    /// Its rules let something in.
    pub fn says_something(&self) -> bool {
        self.says_something || self.everything.is_some()
    }

    /// A rule passes on whatever comes.
    pub fn has_everything(&self) -> bool {
        self.everything.is_some()
    }

    /// The word that conditions see.
    pub fn origin(&self) -> &'static str {
        if self.is_directory { "directory" } else { "partner" }
    }
}

/// Active Directory is not among the objects at all, not even switched off.
fn lacks_directory(farm: &Farm) -> bool {
    let kind = farm.vocabulary().kind_id(PROVIDERS[0]);
    let objects = kind.map_or(&[][..], |kind| farm.objects_of(kind));
    !objects.iter().any(|id| text(farm, *id, "Identifier").as_deref() == Some(DIRECTORY))
}

/// Whether a rule asks for certain values, or makes them, where it passes claims on.
fn lets_some_values_through(rule: &ClaimRule) -> bool {
    match &rule.issuance.body {
        Body::Store { .. } => true,
        Body::New(parts) if parts.iter().all(|(_, part)| part.literal().is_some()) => true,
        _ => facts::tests(rule).iter().any(|placed| {
            placed.test.property == Property::Value
                && matches!(placed.test.operator, Operator::Equal | Operator::Matches)
        }),
    }
}

/// A claims provider sends what it likes; its acceptance rules are there to choose.
fn sent_by(farm: &Farm, place: &RuleSetPlace) -> Makers {
    let Some(id) = place.object else { return Makers::default() };
    let is_directory = text(farm, id, "Identifier").as_deref() == Some(DIRECTORY);
    let origin = if is_directory { "directory" } else { "partner" };
    let site = object_site(farm, id);
    Makers {
        found: vec![Maker { name: farm.name_of(id).name, origin, everything: false, filtered: false, site }],
        open: None,
    }
}

fn no_pipeline() -> Missing {
    let reason = "nothing says what stands before the rule set in a sign-in";
    Missing { gap: Gap::Undecidable(Arc::from(reason)), site: None }
}

fn unreadable(kind: &str, reason: String, site: Option<Site>) -> Missing {
    let gap = Gap::Unreadable {
        kind: Arc::from(kind),
        property: Arc::from("AcceptanceTransformRules"),
        reason: Arc::from(reason),
    };
    Missing { gap, site }
}
