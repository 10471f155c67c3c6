//! Putting a text back into the file it came from, and new texts beside it.

use std::fs;
use std::io;
use std::path::Path;

use super::reason;
use crate::error::Error;
use crate::read::encoding;
use crate::source::Encoding;

/// Ending of the file that holds the new text until all of it is on disk.
const UNFINISHED: &str = "adfslint-unfinished";

/// Replaces the text of a file, in the same encoding and with the same byte order mark. The old text stays where it
/// is until the new one is written whole.
pub fn rewrite(path: &str, text: &str, encoding: Encoding, bom: u32) -> Result<(), Error> {
    let failed = |error: io::Error| {
        Error::input(format!("{path}: {}; the file is as it was.", reason(&error)))
            .help("See whether the file and its folder may be written.")
    };
    let bytes = encoding::encode(text, encoding, bom)
        .ok_or_else(|| failed(io::Error::other("the text does not fit the file's encoding")))?;
    replace(Path::new(path), &bytes).map_err(failed)
}

/// Writes files into a folder, which is made if it is not there; files of these names are replaced.
#[allow(clippy::disallowed_methods)] // the one home of the file system
pub fn write_all(folder: &str, files: &[(String, String)]) -> Result<(), Error> {
    let failed = |path: &Path, error: &io::Error| {
        Error::input(format!("{}: {}.", path.display(), reason(error)))
            .help("Name a folder that may be written.")
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

#[allow(clippy::disallowed_methods)] // the one home of the file system
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(UNFINISHED);
    let unfinished = path.with_file_name(name);
    let written = fs::write(&unfinished, bytes)
        .and_then(|()| fs::set_permissions(&unfinished, permissions))
        .and_then(|()| fs::rename(&unfinished, &path));
    if written.is_err() {
        // What cannot be written can perhaps not be removed either; the old text is there in any case.
        let _ = fs::remove_file(&unfinished);
    }
    written
}
