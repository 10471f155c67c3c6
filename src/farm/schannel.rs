//! Which protocols a server accepts and asks for: what the registry says, and what Windows does where it says nothing.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::computed::Computed;
use super::object::list;
use super::value::{Gap, Missing, Reading, Site, Value};
use super::{Farm, ObjectId, server};

/// A protocol: its name, the releases that have it on where nothing is set, and those that have it at all; from the first to
/// before the second.
struct Protocol {
    name: &'static str,
    on: (i64, i64),
    known: (i64, i64),
}

const EVER: i64 = i64::MAX;

/// Protocols in TLS/SSL (Schannel SSP): what each release of Windows Server has on by default.
const PROTOCOLS: [Protocol; 6] = [
    Protocol { name: "SSL 2.0", on: (0, 2012), known: (0, 2016) },
    Protocol { name: "SSL 3.0", on: (0, 2016), known: (0, EVER) },
    Protocol { name: "TLS 1.0", on: (0, 2025), known: (0, EVER) },
    Protocol { name: "TLS 1.1", on: (2012, 2025), known: (0, EVER) },
    Protocol { name: "TLS 1.2", on: (2012, EVER), known: (0, EVER) },
    Protocol { name: "TLS 1.3", on: (2022, EVER), known: (2022, EVER) },
];

const ON: &str = "on";
const OFF: &str = "off";
const ON_BY_DEFAULT: &str = "on by default";
const OFF_BY_DEFAULT: &str = "off by default";
/// Only for programs that ask for it by name.
const ON_REQUEST: &str = "on request";

/// The state of every protocol on one side of a server: a list of records with its name and `on`, `off` (`by default`
/// where nothing is set) or `on request`.
pub(crate) fn states<'f>(farm: &'f Farm, id: ObjectId, side: &str) -> Reading<'f> {
    let Some(object) = farm.object(id) else {
        return Reading::missing(Gap::Undecidable(Arc::from("there is no such object")), None);
    };
    let windows = server::windows(farm, object);
    let protocols = farm.property_of(&farm.reading(id), "Protocols");
    let keys = match &protocols.value {
        Ok(Value::List(keys)) => keys,
        Ok(_) => return Reading::missing(Gap::Undecidable(Arc::from("there is no list of protocols")), None),
        Err(_) => return protocols,
    };
    let Some(record) = farm.vocabulary().schema.record_id("ProtocolState") else {
        return Reading::missing(Gap::Undecidable(Arc::from("the vocabulary has no states")), None);
    };
    let text = |key: &Reading<'f>, name: &str| farm.property_of(key, name);
    // A key that was lost may be any protocol's.
    let mut lost = keys.items.iter().flat_map(|key| [text(key, "Protocol"), text(key, "Side")]);
    let rest = keys.rest.clone().or_else(|| lost.find_map(|part| part.value.err()));
    let is = |key: &Reading<'f>, name: &str, wanted: &str| matches!(text(key, name).value, Ok(Value::Text(found)) if found.eq_ignore_ascii_case(wanted));
    let item = |protocol: &Protocol| {
        let own = keys.items.iter().find(|key| is(key, "Protocol", protocol.name) && is(key, "Side", side));
        let state = match (own, &rest) {
            (Some(key), _) => of_key(farm, key, protocol, &windows),
            (None, Some(rest)) => Reading { value: Err(Rc::clone(rest)), site: protocols.site },
            (None, None) => by_default(protocol, &windows).map_or_else(
                |missing| Reading { value: Err(missing), site: windows.site },
                |is_on| word(if is_on { ON_BY_DEFAULT } else { OFF_BY_DEFAULT }, windows.site),
            ),
        };
        let state = known_to(protocol, &windows, state);
        let off = is_off(farm, own, &state, by_default(protocol, &windows));
        let place = off.site;
        let name = Reading { value: Ok(Value::Text(Cow::Borrowed(protocol.name))), site: place };
        let computed = Computed { record, fields: vec![off, name, state], site: place };
        Reading { value: Ok(Value::Record(Rc::new(computed))), site: place }
    };
    Reading { value: Ok(list(PROTOCOLS.iter().map(item).collect(), None)), site: protocols.site }
}

/// What a key of the registry says. A value that it lacks leaves it to the other one, and then to Windows.
fn of_key<'f>(farm: &'f Farm, key: &Reading<'f>, protocol: &Protocol, windows: &Reading<'f>) -> Reading<'f> {
    let enabled = farm.property_of(key, "Enabled");
    let disabled = farm.property_of(key, "DisabledByDefault");
    let default = || by_default(protocol, windows);
    let unknown = |missing, site| Reading { value: Err(missing), site };
    match (&enabled.value, &disabled.value) {
        (Ok(Value::Int(0)), _) => word(OFF, enabled.site),
        (Ok(Value::Int(_)), Ok(Value::Int(0) | Value::Null)) => word(ON, enabled.site),
        (Ok(Value::Int(_)), Ok(_)) => word(ON_REQUEST, disabled.site),
        (Ok(Value::Int(_)), Err(missing)) => unknown(Rc::clone(missing), disabled.site),
        (Ok(_), Ok(Value::Int(0))) => word(ON, disabled.site),
        (Ok(_), Ok(Value::Int(_))) => match default() {
            Ok(true) => word(ON_REQUEST, disabled.site),
            Ok(false) => unknown(undecided("one value says off and the other is not set"), disabled.site),
            Err(missing) => unknown(missing, disabled.site),
        },
        (Ok(_), Ok(_)) => match default() {
            Ok(is_on) => word(if is_on { ON_BY_DEFAULT } else { OFF_BY_DEFAULT }, key.site),
            Err(missing) => unknown(missing, key.site),
        },
        (Ok(_), Err(missing)) => unknown(Rc::clone(missing), disabled.site),
        (Err(missing), _) => unknown(Rc::clone(missing), enabled.site),
    }
}

/// Whether a protocol is off. adfsToolbox says `Enabled` where the value is 1, or is not there: on or on request.
fn is_off<'f>(
    farm: &'f Farm,
    key: Option<&Reading<'f>>,
    state: &Reading<'f>,
    default: Result<bool, Rc<Missing>>,
) -> Reading<'f> {
    let said = key.map(|key| farm.property_of(key, "Toolbox"));
    let is_said =
        |said: &&Reading<'f>| matches!(&said.value, Ok(Value::Text(text)) if text.starts_with("Enabled"));
    match (&state.value, said.as_ref().filter(is_said)) {
        (Ok(Value::Text(text)), _) => {
            Reading { value: Ok(Value::Bool(text == OFF || text == OFF_BY_DEFAULT)), site: state.site }
        }
        (_, Some(said)) if default == Ok(true) => Reading { value: Ok(Value::Bool(false)), site: said.site },
        _ => state.clone(),
    }
}

fn by_default(protocol: &Protocol, windows: &Reading<'_>) -> Result<bool, Rc<Missing>> {
    within(protocol.on, windows)
}

/// A protocol that the release does not have is off, whatever the registry says.
fn known_to<'f>(protocol: &Protocol, windows: &Reading<'f>, state: Reading<'f>) -> Reading<'f> {
    let is_off = matches!(&state.value, Ok(Value::Text(text)) if text == OFF || text == OFF_BY_DEFAULT);
    if is_off || protocol.known == (0, EVER) {
        return state;
    }
    match within(protocol.known, windows) {
        Ok(true) => state,
        Ok(false) => word(OFF_BY_DEFAULT, windows.site),
        Err(missing) => Reading { value: Err(missing), site: state.site },
    }
}

fn within((from, until): (i64, i64), windows: &Reading<'_>) -> Result<bool, Rc<Missing>> {
    match &windows.value {
        Ok(Value::Int(year)) => Ok((from..until).contains(year)),
        Ok(_) => Err(undecided("the release of Windows is no year")),
        Err(missing) => Err(Rc::clone(missing)),
    }
}

fn undecided(reason: &str) -> Rc<Missing> {
    Rc::new(Missing { gap: Gap::Undecidable(Arc::from(reason)), site: None })
}

fn word<'f>(state: &'static str, site: Option<Site>) -> Reading<'f> {
    Reading { value: Ok(Value::Text(Cow::Borrowed(state))), site }
}
