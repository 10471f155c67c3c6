//! Which domain an export of Entra ID is about. The object itself does not say so.

use std::borrow::Cow;
use std::sync::Arc;

use super::Farm;
use super::value::{Gap, Reading, Value};

/// The domain: as its folder `cloud/<domain>/` says it, the file's name (`Get-MgDomainFederationConfiguration
/// contoso.com.json`), or a display name that is one.
pub(crate) fn of_federation(farm: &Farm, federation: &Reading<'_>) -> Option<String> {
    let path = farm.export(federation.site?.tree)?.path.replace('\\', "/");
    let parts: Vec<&str> = path.split(['/', '!']).collect();
    let folder = parts.iter().rposition(|part| part.eq_ignore_ascii_case("cloud")).and_then(|at| {
        let name = parts.get(at + 1)?;
        (at + 2 < parts.len()).then_some(*name)
    });
    let stem = parts.last().and_then(|file| file.rsplit_once('.')).map(|(stem, _)| stem);
    let file = stem.and_then(|stem| stem.split_once([' ', '_'])).map(|(_, name)| name);
    let shown = farm.property_of(federation, "DisplayName");
    let shown = match &shown.value {
        Ok(Value::Text(text)) => Some(text.as_ref()),
        _ => None,
    };
    [folder, file, shown].into_iter().flatten().find(|name| is_domain(name)).map(str::to_lowercase)
}

fn is_domain(name: &str) -> bool {
    name.contains('.') && !name.contains(|c: char| c.is_whitespace() || "/:".contains(c))
}

/// The same as a value.
pub(crate) fn reading<'f>(farm: &'f Farm, federation: &Reading<'f>) -> Reading<'f> {
    if let Some(domain) = of_federation(farm, federation) {
        return Reading { value: Ok(Value::Text(Cow::Owned(domain))), site: federation.site };
    }
    let reason = "the export does not say which domain it is about";
    Reading::missing(Gap::Undecidable(Arc::from(reason)), federation.site)
}
