//! An access control policy by itself: the XML that `PolicyMetadata.Serialized` holds, saved as a file.

use super::{Troubles, small};
use crate::node::{Coding, Tree, TreeBuilder};

const BEGIN: &str = "<PolicyMetadata";
const END: &str = "</PolicyMetadata>";

/// Whether a text begins like a policy.
pub(super) fn is_policy(head: &str) -> bool {
    head.starts_with(BEGIN) || head.starts_with("<?xml") && head.contains(BEGIN)
}

/// Reads a text: one policy, called like its file.
pub(super) fn read(text: &str, path: &str, mut builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let start = text.find(BEGIN).unwrap_or(0);
    let end = text.rfind(END).map(|place| place + END.len());
    if end.is_none() {
        let line = text.get(start..).and_then(|rest| rest.find(['\r', '\n'])).unwrap_or(text.len() - start);
        let message = "The policy that begins here has no end: the file is cut off.";
        troubles.error(
            start,
            start + line,
            message,
            "Export it again: (Get-AdfsAccessControlPolicy).PolicyMetadata",
        );
    }
    let name = path.rsplit(['/', '!']).next().and_then(|file| file.split('.').next()).unwrap_or(path);
    let wrapper = builder.open_map(0);
    word(&mut builder, 0, "AccessControlPolicy");
    let list = builder.open_list(0);
    let policy = builder.open_map(small(start));
    word(&mut builder, start, "Name");
    word(&mut builder, start, name);
    word(&mut builder, start, "PolicyMetadata");
    let metadata = builder.open_map(small(start));
    word(&mut builder, start, "Serialized");
    builder.text(small(start), small(end.unwrap_or(text.len())), Coding::Plain);
    for open in [metadata, policy] {
        builder.close(open, small(text.len()));
    }
    // There are others in the farm.
    builder.close_incomplete(list, small(text.len()));
    builder.close(wrapper, small(text.len()));
    builder.finish()
}

/// A text that does not stand in the file.
fn word(builder: &mut TreeBuilder, place: usize, text: &str) {
    builder.word(place, place, text);
}
