//! The Windows registry: `reg export`, what `reg query` prints, and keys that PowerShell's `Get-ItemProperty` made into
//! objects.
//!
//! A key that an export does not hold is not there, and the default of Windows counts for it. So it matters whether an
//! export shows all of a branch: one that is cut off, or that holds a single key, is marked as incomplete.

mod objects;
mod text;
mod write;

pub(super) use objects::of_objects;
use write::write;

use super::{Troubles, refused};
use crate::node::{Tree, TreeBuilder};

/// What stands behind the name of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Data {
    /// A number of 32 or 64 bits.
    Number(u64),
    /// Something that no rule reads.
    Other,
    /// A number that is cut off.
    Damaged,
}

/// One value of a key: its name in small letters, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: String,
    data: Data,
    start: usize,
    end: usize,
}

/// One key: its path below the computer's own branch, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    path: String,
    start: usize,
    end: usize,
    entries: Vec<Entry>,
}

/// How keys were written down, which says what a missing one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flavour {
    /// `reg export`: every key below the one that was asked for.
    Export,
    /// `reg query /s`: every key that has values.
    Query,
    /// Keys that somebody picked.
    Objects,
}

/// The keys of a file.
#[derive(Debug)]
struct Keys {
    flavour: Flavour,
    keys: Vec<Key>,
    /// Something is lost: the file is cut off, or is a script that takes keys away.
    is_cut: bool,
}

/// Reads what `reg export` or `reg query` wrote.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let keys = text::keys(text, troubles);
    let (tree, found) = write(text.len(), &keys, builder);
    if found == 0 {
        let end = text.find(['\r', '\n']).unwrap_or(text.len()).min(200);
        troubles.note(0, end, refused::OTHER_KEYS);
    }
    tree
}

/// The path of a key below `HKEY_LOCAL_MACHINE`, however that is spelt; `None` for other branches.
fn below_machine(path: &str) -> Option<&str> {
    let path = path.rsplit("::").next().unwrap_or(path).trim();
    ["HKEY_LOCAL_MACHINE\\", "HKLM\\", "HKLM:\\"].iter().find_map(|root| {
        let head = path.get(..root.len())?;
        head.eq_ignore_ascii_case(root).then(|| path.get(root.len()..)).flatten()
    })
}
