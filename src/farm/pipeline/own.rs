//! What AD FS itself says of a sign-in: about the request, the device, the certificate and how the user signed in.

use std::sync::Arc;

use super::objects::{only_one, property};
use super::{Maker, Makers};
use crate::claims::types::{Group, Origin};
use crate::farm::Farm;
use crate::farm::value::{Gap, Missing, Reading, Value};

/// Claim types below these stems are AD FS's own, also those that nobody wrote down.
const OWN_STEMS: [&str; 3] = [
    "http://schemas.microsoft.com/2012/01/requestcontext/claims/",
    "http://schemas.microsoft.com/2012/01/devicecontext/claims/",
    "http://schemas.microsoft.com/2012/12/certificatecontext/",
];
/// Claims about request, authentication, certificate and device.
pub(super) fn made_by_adfs(farm: &Farm, claim_type: &str) -> Makers {
    let itself =
        |site| Maker { name: "AD FS".to_owned(), origin: "adfs", everything: false, filtered: false, site };
    let mut makers = Makers::default();
    if brought_along(farm, claim_type) {
        makers.add(itself(None));
        return makers;
    }
    match farm.vocabulary().claim_types().get(claim_type) {
        Some(known) if known.origin == Origin::Device => match device_authentication(farm) {
            Reading { value: Ok(Value::Bool(false)), .. } => {}
            Reading { value: Ok(_), site } => makers.add(itself(site)),
            Reading { value: Err(missing), .. } => makers.lack(Some((*missing).clone())),
        },
        Some(known) => {
            let is_own =
                matches!(known.origin, Origin::Adfs | Origin::Client | Origin::Certificate | Origin::Partner);
            if is_own || known.group == Group::Password {
                makers.add(itself(None));
            }
        }
        None if OWN_STEMS.iter().any(|stem| claim_type.starts_with(stem)) => {
            let reason = format!("nobody wrote down whether AD FS makes {claim_type}");
            makers.lack(Some(Missing { gap: Gap::Undecidable(Arc::from(reason)), site: None }));
        }
        None => {}
    }
    makers
}

/// Whether AD FS makes claims of a type itself, or may.
pub(in crate::farm) fn is_made_by_adfs(farm: &Farm, claim_type: &str) -> bool {
    let makers = made_by_adfs(farm, claim_type);
    !makers.found.is_empty() || makers.open.is_some()
}

/// Adapters, and callers of WS-Trust, bring claims of their own; the facts file names them.
fn brought_along(farm: &Farm, claim_type: &str) -> bool {
    let facts = farm.facts();
    let layout = facts.record_type().and_then(|record| farm.vocabulary().layout(record));
    let Some(field) = layout.and_then(|layout| layout.find("extraClaimTypes")) else { return false };
    match facts.field(field).value {
        Ok(Value::List(list)) => {
            list.items.iter().any(|item| matches!(&item.value, Ok(Value::Text(text)) if text == claim_type))
        }
        _ => false,
    }
}

fn device_authentication(farm: &Farm) -> Reading<'_> {
    let policy = only_one(farm, "GlobalAuthenticationPolicy");
    let reading = policy.and_then(|id| property(farm, id, "DeviceAuthenticationEnabled"));
    reading.unwrap_or_else(|| Reading::missing(Gap::Export(Arc::from("GlobalAuthenticationPolicy")), None))
}
