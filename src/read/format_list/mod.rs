//! Console text: `Format-List` wrapped at any width, transcripts, and `netsh http show sslcert`.
//!
//! A value goes on over several lines; where a line was wrapped by the console, the pieces are joined as they were,
//! and where the value itself had a line break, it stays one. What the console cut off (`...`) is lost. A command
//! that printed an error or a table instead of its objects does not say that there are none.

mod blocks;
mod collection;
mod form;
mod write;

use self::blocks::Remains;
use super::{Troubles, lines, refused};
use crate::node::{Tree, TreeBuilder};

/// Reads a text.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let blocks = blocks::group(text, &lines::lines(text));
    for block in &blocks {
        let command = block.command.and_then(|(start, end)| text.get(start..end));
        let Some((what, place)) = block.remains else { continue };
        let end = place.start + place.of(text).find(['\r', '\n']).unwrap_or(place.end - place.start);
        match what {
            Remains::Table => {
                troubles.warn(place.start, end, refused::TABLE, &refused::remedy(command));
            }
            Remains::Failure => {
                troubles.warn(place.start, end, refused::FAILURE, &refused::again(command));
            }
            Remains::Text => {}
        }
    }
    write::write(text, builder, &blocks)
}
