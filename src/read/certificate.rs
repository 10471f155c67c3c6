//! Certificates in PEM: one or several `-----BEGIN CERTIFICATE-----` blocks, with or without text around them.

use super::{Troubles, small};
use crate::node::{Coding, Tree, TreeBuilder};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The first lines of `certutil -encode` and openssl, and the name that the tree gives to what is inside.
const NAME: &str = "CERTIFICATE";

/// Reads a text: below the kind's name a list of maps with the bytes of each certificate under the name `RawData`.
pub(super) fn read(text: &str, mut builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    // Named after the kind, since the bytes alone show no property that would tell it.
    let wrapper = builder.open_map(0);
    let kind = crate::node::DecodedText { text: "CertificateFile".into(), ..Default::default() };
    builder.side_text(0, 0, kind);
    let root = builder.open_list(0);
    let mut at = 0;
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find(BEGIN)).map(|found| at + found) {
        let start = begin + BEGIN.len();
        let Some(end) = text.get(start..).and_then(|rest| rest.find(END)).map(|found| start + found) else {
            troubles.error(begin, start, "The certificate that begins here has no end.", "Export it again.");
            break;
        };
        let open = builder.open_map(small(begin));
        let name = crate::node::DecodedText { text: "RawData".into(), ..Default::default() };
        let word = begin + BEGIN.find(NAME).unwrap_or(0);
        builder.side_text(small(word), small(word + NAME.len()), name);
        builder.bytes(small(start), small(end), Coding::Base64);
        builder.close(open, small(end + END.len()));
        at = end + END.len();
    }
    builder.close(root, small(text.len()));
    builder.close(wrapper, small(text.len()));
    builder.finish()
}
