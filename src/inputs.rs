//! Everything that touches the machine: files, folders, archives, standard input, the clock.

mod archive;
mod pem;
mod rewrite;
mod write_new;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use walkdir::WalkDir;

pub use self::rewrite::{rewrite, write_all};
pub use self::write_new::write_new;
use crate::error::Error;
use crate::pack::PackFile;
use crate::read::{self, encoding, private_key};
use crate::source::{Encoding, SourceId, Sources};

/// Largest file that is read, in bytes.
const LARGEST: u64 = 1 << 30;
/// Bytes that are read in one run.
const TOTAL: u64 = 3 << 30;
/// Files of one run.
const FILES: usize = 100_000;
/// Folders in folders.
const DEPTH: usize = 64;
/// What is said of a file above these bounds.
const TOO_LARGE: &str = "the file is too large (1 GiB a file and 3 GiB together are the most)";

/// Name of what comes from standard input.
pub const STANDARD_INPUT: &str = "<stdin>";

/// A file that was opened.
#[derive(Debug)]
pub struct Input {
    /// Its path as the user knows it, with `/`.
    pub path: String,
    /// Its text.
    pub source: SourceId,
    /// It holds no text.
    pub binary: bool,
    /// Some bytes stood for no character.
    pub lossy: bool,
}

/// Everything that was opened.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The files in order of their paths, as given.
    pub files: Vec<Input>,
    /// Files that could not be read.
    pub errors: Vec<Error>,
    /// Files in folders that are of no interest, such as pictures.
    pub skipped: usize,
}

/// The moment of the machine's clock.
#[allow(clippy::disallowed_methods)] // the one home of the clock
pub fn now() -> OffsetDateTime {
    OffsetDateTime::from(std::time::SystemTime::now())
}

/// Opens what the user names: files, folders, globs, `-` for standard input. Nothing stops at the first error.
pub fn gather(paths: &[String], sources: &mut Sources) -> Gathered {
    gather_with_facts(paths, None, sources).0
}

/// The same, and the facts file by itself: it is read once, also where it lies among the rest.
pub fn gather_with_facts(
    paths: &[String],
    facts: Option<&String>,
    sources: &mut Sources,
) -> (Gathered, Gathered) {
    let mut gatherer = Gatherer { sources, found: Gathered::default(), seen: BTreeSet::new(), total: 0 };
    facts.into_iter().for_each(|path| gatherer.argument(path));
    let facts = std::mem::take(&mut gatherer.found);
    paths.iter().for_each(|path| gatherer.argument(path));
    (gatherer.found, facts)
}

/// Whether a path is that of a file on disk: not standard input, and not a file in an archive.
pub fn is_plain_file(path: &str) -> bool {
    Path::new(path).is_file()
}

/// Reads the rule files of a user's own pack.
pub fn pack_files(folder: &str) -> Result<Vec<PackFile>, Error> {
    let root = Path::new(folder);
    if !root.exists() {
        return Err(Error::usage(format!("{folder}: there is no such pack.")).help(
            "Name a folder with rule files (*.yaml), or a pack that the program brings along: migration.",
        ));
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(root).max_depth(DEPTH).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::usage(format!("{folder}: {error}.")))?;
        let path = slashes(entry.path());
        let is_yaml = matches!(path.rsplit('.').next(), Some("yaml" | "yml"));
        if entry.file_type().is_file() && is_yaml {
            let text =
                read_to_string(entry.path()).map_err(|error| Error::usage(format!("{path}: {error}.")))?;
            files.push(PackFile { path, text });
        }
    }
    if files.is_empty() {
        return Err(Error::usage(format!("{folder}: the pack has no rule files (*.yaml).")));
    }
    Ok(files)
}

#[allow(clippy::disallowed_methods)] // the one home of the file system
fn read_to_string(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Endings of files that hold no export.
const DULL: [&str; 23] = [
    "md", "psm1", "psd1", "png", "jpg", "jpeg", "gif", "svg", "html", "htm", "css", "js", "exe", "dll",
    "log", "evtx", "etl", "docx", "xlsx", "pdf", "pptx", "lnk", "snap",
];

/// Folders that hold no exports.
const DULL_FOLDERS: [&str; 3] = [".git", "target", "node_modules"];

struct Gatherer<'s> {
    sources: &'s mut Sources,
    found: Gathered,
    seen: BTreeSet<PathBuf>,
    total: u64,
}

impl Gatherer<'_> {
    fn argument(&mut self, path: &str) {
        if path == "-" {
            return self.standard_input();
        }
        let here = Path::new(path);
        if here.is_dir() {
            self.folder(here, path);
        } else if here.exists() || here.is_symlink() {
            self.file(here, true);
        } else if path.contains(['*', '?', '[']) {
            self.pattern(path);
        } else {
            let error = Error::input(format!("{path}: there is no such file or folder."));
            self.found.errors.push(error.help("Name files or folders with exports, a pattern such as 'exports/*.json', or - for standard input."));
        }
    }

    fn pattern(&mut self, pattern: &str) {
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(error) => {
                self.found.errors.push(Error::input(format!("{pattern}: this is no pattern: {error}.")));
                return;
            }
        };
        let before = self.found.files.len() + self.found.errors.len();
        for path in paths {
            match path {
                Ok(path) if path.is_dir() => {
                    let name = slashes(&path);
                    self.folder(&path, &name);
                }
                Ok(path) => self.file(&path, true),
                Err(error) => self.found.errors.push(Error::input(format!("{pattern}: {error}."))),
            }
        }
        if self.found.files.len() + self.found.errors.len() == before {
            self.found.errors.push(Error::input(format!("{pattern}: no file fits this pattern.")));
        }
    }

    fn folder(&mut self, root: &Path, name: &str) {
        let before = self.found.files.len() + self.found.errors.len();
        let walk = WalkDir::new(root).follow_links(true).max_depth(DEPTH).sort_by_file_name();
        let is_dull = |entry: &walkdir::DirEntry| {
            let file = entry.file_name().to_string_lossy();
            entry.depth() > 0 && entry.file_type().is_dir() && DULL_FOLDERS.contains(&file.as_ref())
        };
        for entry in walk.into_iter().filter_entry(|entry| !is_dull(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => self.file(entry.path(), false),
                // A pipe or a device has no end that could be waited for.
                Ok(entry) => self.found.skipped += usize::from(!entry.file_type().is_dir()),
                Err(error) => {
                    let place = error.path().map_or_else(|| name.to_owned(), slashes);
                    let what = if error.loop_ancestor().is_some() {
                        "the link leads back to a folder around it, and is not followed".to_owned()
                    } else {
                        error.io_error().map_or_else(|| error.to_string(), reason)
                    };
                    self.found.errors.push(Error::input(format!("{place}: {what}.")));
                }
            }
        }
        if self.found.files.len() + self.found.errors.len() == before {
            let error = Error::input(format!("{name}: the folder holds no exports."));
            self.found.errors.push(
                error.help(
                    "Save what Get-AdfsProperties and its neighbours print into it; the README says how.",
                ),
            );
        }
    }

    fn file(&mut self, path: &Path, named: bool) {
        let name = slashes(path);
        if !named && is_dull(path) {
            self.found.skipped += 1;
            return;
        }
        // One file has many names: `a.json`, `./a.json`, a link to it.
        if !self.seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_path_buf())) {
            return;
        }
        if self.found.files.len() >= FILES {
            if self.found.files.len() == FILES {
                self.found
                    .errors
                    .push(Error::input(format!("{name}: more than {FILES} files; the rest is not read.")));
            }
            return;
        }
        match self.bytes(path) {
            Ok(bytes) => self.take(name, bytes, named),
            Err(error) => {
                let help = "See whether the file is there and may be read; the other files are checked all the same.";
                self.fail(format!("{name}: {}.", reason(&error)), help);
            }
        }
    }

    #[allow(clippy::disallowed_methods)] // the one home of the file system
    fn bytes(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() && !is_pipe(&metadata) {
            return Err(io::Error::other("this is no file"));
        }
        if metadata.len() > self.left() {
            return Err(io::Error::other(TOO_LARGE));
        }
        let bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        self.read(fs::File::open(path)?, bytes)
    }

    /// Bytes that may still be read.
    fn left(&self) -> u64 {
        LARGEST.min(TOTAL.saturating_sub(self.total))
    }

    fn read(&mut self, from: impl Read, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let left = self.left();
        let length = from.take(left + 1).read_to_end(&mut bytes)? as u64;
        if length > left {
            return Err(io::Error::other(TOO_LARGE));
        }
        self.total += length;
        Ok(bytes)
    }

    fn standard_input(&mut self) {
        match self.read(io::stdin().lock(), Vec::new()) {
            Ok(bytes) => self.take(STANDARD_INPUT.to_owned(), bytes, true),
            Err(error) => self.fail(format!("<stdin>: {}.", reason(&error)), "Name the file itself."),
        }
    }

    fn fail(&mut self, message: String, help: &str) {
        self.found.errors.push(Error::input(message).help(help));
    }

    /// Takes what a file holds: an archive, or one export.
    fn take(&mut self, name: String, bytes: Vec<u8>, named: bool) {
        if archive::is_archive(&bytes) {
            archive::open(self, &name, bytes);
        } else {
            self.add(name, bytes, named);
        }
    }

    fn add(&mut self, path: String, bytes: Vec<u8>, named: bool) {
        // What is in DER is made into PEM, which is text and has places: a certificate, or a private key.
        let is_key = private_key(&bytes).is_some() && bytes.len() < 1 << 20;
        let is_der = is_key || pem::is_certificate(&bytes);
        let label = if is_key { "PRIVATE KEY" } else { "CERTIFICATE" };
        let decoded = encoding::decode(if is_der { pem::pem(&bytes, label).into_bytes() } else { bytes });
        let encoding = if is_der { Encoding::Utf8 } else { decoded.encoding };
        // A script in a folder is of interest if it holds a configuration.
        if !named && is_script(&path) && !read::is_configuration(&decoded.text) {
            self.found.skipped += 1;
            return;
        }
        let source = self.sources.add_file(path.clone(), decoded.text, encoding, decoded.bom);
        match source {
            Some(source) => {
                self.found.files.push(Input { path, source, binary: decoded.binary, lossy: decoded.lossy });
            }
            None => self.found.errors.push(Error::input(format!("{path}: the file is too large."))),
        }
    }
}

/// Files of no interest where a folder or an archive was named.
fn is_dull(path: &Path) -> bool {
    let ending =
        path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let file = path.file_name().map(|file| file.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    // `adfslint schema facts` lies beside the facts file for editors.
    file.starts_with('.') || file.ends_with(".schema.json") || DULL.contains(&ending.as_str())
}

fn is_script(path: &str) -> bool {
    path.get(path.len().saturating_sub(4)..).is_some_and(|ending| ending.eq_ignore_ascii_case(".ps1"))
}

/// Whether a name is that of a pipe, as `<(command)` makes one. It is only opened where the user names it.
#[cfg(unix)]
fn is_pipe(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_fifo()
}

/// Whether a name is that of a pipe; there are none here.
#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "the file does not exist, or is a link that leads nowhere".to_owned(),
        io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}
