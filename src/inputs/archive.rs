//! Zip archives: the migration toolkit's, and whatever an administrator packed to send it.

use std::io::{self, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::{Gatherer, LARGEST, TOTAL, is_dull, reason};

/// Files of one archive.
const MEMBERS: usize = 20_000;
/// What a byte of an archive may become. The widest exports of Windows PowerShell become 25 times smaller.
const GROWTH: u64 = 200;
/// What any archive may become, in bytes.
const FLOOR: u64 = 64 << 20;
/// Files of one archive whose trouble is told.
const TOLD: usize = 20;

/// Whether bytes are those of an archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads the files of an archive.
pub(super) fn open(gatherer: &mut Gatherer<'_>, name: &str, bytes: Vec<u8>) {
    let mut allowance = (bytes.len() as u64).saturating_mul(GROWTH).max(FLOOR);
    let before = gatherer.found.files.len();
    let mut archive = match ZipArchive::new(io::Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => {
            gatherer.fail(format!("{name}: the archive cannot be read: {error}."), "Pack it again.");
            return;
        }
    };
    if archive.len() > MEMBERS {
        let message = format!("{name}: the archive holds more than {MEMBERS} files; the rest is not read.");
        gatherer.fail(message, "Pack the exports alone.");
    }
    let mut troubles = 0;
    for index in 0..archive.len().min(MEMBERS) {
        let trouble = match archive.by_index(index) {
            Ok(member) => read(gatherer, name, member, &mut allowance).err(),
            Err(error) => Some(format!("{name}: file {} cannot be read: {error}.", index + 1)),
        };
        let Some(trouble) = trouble else { continue };
        troubles += 1;
        if troubles <= TOLD {
            gatherer.fail(trouble, "Unpack the archive, and name the folder.");
        }
        if allowance == 0 {
            return;
        }
    }
    if gatherer.found.files.len() == before && troubles == 0 {
        gatherer.fail(format!("{name}: the archive holds no exports."), "Pack the exports themselves.");
    }
}

/// Reads one file of an archive; the error says why it could not be read.
fn read<R: Read>(
    gatherer: &mut Gatherer<'_>,
    name: &str,
    member: ZipFile<'_, R>,
    allowance: &mut u64,
) -> Result<(), String> {
    if !member.is_file() {
        return Ok(());
    }
    let inside = String::from_utf8_lossy(member.name_raw()).replace('\\', "/");
    if is_dull(Path::new(&inside)) {
        gatherer.found.skipped += 1;
        return Ok(());
    }
    let path = format!("{name}!/{inside}");
    let left = TOTAL.saturating_sub(gatherer.total).min(LARGEST).min(*allowance);
    let mut bytes = Vec::new();
    // A small archive may unpack to anything: what comes out is counted, not what the archive claims.
    let length = member
        .take(left + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("{path}: {}.", reason(&error)))? as u64;
    if length > left {
        *allowance = 0;
        return Err(format!(
            "{path}: unpacked, the file is too large for what an export can be; the rest of the archive is not read."
        ));
    }
    *allowance -= length;
    gatherer.total = gatherer.total.saturating_add(length);
    gatherer.add(path, bytes, false);
    Ok(())
}
