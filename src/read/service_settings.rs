//! The service settings of the configuration database, as tools save them: XML, of which only the rules of the policy store
//! are read. The rest is keys and what cmdlets print better.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Troubles, small};
use crate::node::{Coding, DecodedText, Tree, TreeBuilder};

/// The element around the rules, which is what the kind is called too.
const STORE: &str = "PolicyStore";
/// The rules in it.
const RULES: [&str; 2] = ["AuthorizationPolicy", "AuthorizationPolicyReadOnly"];

/// Reads a text: below the kind's name a map with the text of each rule set.
pub(super) fn read(text: &str, mut builder: TreeBuilder, troubles: &mut Troubles) -> Option<Tree> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut path: Vec<String> = Vec::new();
    let mut found: Vec<(&str, usize, usize, usize)> = Vec::new();
    let mut begun = None;
    loop {
        let before = place(&reader);
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                path.push(tag.local_name().as_ref().to_owned());
                let parent = path.iter().rev().nth(1).map(String::as_str);
                let name = RULES.into_iter().find(|known| path.last().is_some_and(|name| name == known));
                begun = name
                    .filter(|_| parent == Some(STORE))
                    .map(|name| (name, before, place(&reader)))
                    .or(begun);
            }
            Ok(Event::End(_)) => {
                let name = path.pop();
                if let Some((rules, tag, start)) =
                    begun.take_if(|(rules, ..)| name.as_deref() == Some(*rules))
                {
                    found.push((rules, tag, start, before));
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                troubles.error(
                    before,
                    before,
                    format!("This is no XML: {error}."),
                    "Save the settings again.",
                );
                break;
            }
        }
    }
    if found.is_empty() {
        troubles.warn(0, 0, "The service settings hold no rules of the policy store.", "");
        return None;
    }
    let root = builder.open_map(0);
    builder.side_text(0, 0, DecodedText { text: STORE.into(), ..Default::default() });
    let first = found.first().map_or(0, |(_, tag, ..)| small(*tag));
    let store = builder.open_map(first);
    for (name, tag, start, end) in found {
        builder.text(small(tag + 1), small(tag + 1 + name.len()), Coding::Plain);
        builder.text(small(start), small(end), Coding::Xml);
    }
    builder.close(store, small(text.len()));
    builder.close(root, small(text.len()));
    Some(builder.finish())
}

fn place(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
