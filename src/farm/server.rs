//! What is known of the server that an object was exported from: by its folder, and by the facts file.

use std::sync::Arc;

use super::value::{Gap, Reading, Site, Value};
use super::{Farm, Object};
use crate::node::NodeRef;

/// Whether the server is a proxy.
pub(crate) fn is_proxy<'f>(farm: &'f Farm, object: &Object) -> Reading<'f> {
    if let Some(is_proxy) = object.is_proxy {
        return Reading::of(Value::Bool(is_proxy));
    }
    let (node, site) = match fact(farm, object, "role") {
        Ok(found) => found,
        Err(missing) => return missing,
    };
    match node.text().as_deref() {
        Some("wap") => Reading::at(Value::Bool(true), site),
        Some("sts") => Reading::at(Value::Bool(false), site),
        _ => Reading::missing(Gap::Fact(Arc::from("nodes.role")), Some(site)),
    }
}

/// The release of Windows that the server runs, as a year.
pub(crate) fn windows<'f>(farm: &'f Farm, object: &Object) -> Reading<'f> {
    let (node, site) = match fact(farm, object, "os") {
        Ok(found) => found,
        Err(missing) => return missing,
    };
    match node.text().and_then(|text| text.trim().parse().ok()) {
        Some(year) => Reading::at(Value::Int(year), site),
        None => Reading::missing(Gap::Fact(Arc::from("nodes.os")), Some(site)),
    }
}

/// What the facts file says of the server, under a name.
fn fact<'f>(farm: &'f Farm, object: &Object, member: &str) -> Result<(NodeRef<'f>, Site), Reading<'f>> {
    let host = object.host.as_deref().unwrap_or("");
    let found = farm.facts.and_then(|number| {
        let nodes = farm.tree(number)?.root()?.get("nodes")?;
        let server = nodes.items().find(|server| {
            let name = server.get("name").and_then(NodeRef::text).unwrap_or_default().to_lowercase();
            !name.is_empty()
                && (host == name || host.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.')))
        })?;
        let node = server.get(member)?;
        Some((node, Site::node(number, node.index())))
    });
    found.ok_or_else(|| Reading::missing(Gap::Fact(Arc::from(format!("nodes.{member}"))), None))
}
