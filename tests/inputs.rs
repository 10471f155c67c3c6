//! Files, folders, archives and pipes: everything is read or refused with a reason, and nothing grows without bound.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::fs;
use std::io::Write as _;
use std::path::Path;

use adfslint::inputs::{self, Gathered};
use adfslint::source::{Encoding, Sources};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const EXPORT: &str = r#"{"ActiveThemeName":"Default","HRDCookieEnabled":true}"#;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap();
    bytes.into_inner()
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn gather(paths: &[String]) -> Gathered {
    inputs::gather(paths, &mut Sources::new())
}

/// Names of what was read, without the folder.
fn names(gathered: &Gathered, folder: &TempDir) -> Vec<String> {
    let root = format!("{}/", text(folder.path()));
    gathered.files.iter().map(|file| file.path.replace(&root, "")).collect()
}

#[test]
fn one_file_by_several_names_is_read_once() {
    let folder = folder(&[("a.json", EXPORT.as_bytes()), ("b/c.json", EXPORT.as_bytes())]);
    let root = text(folder.path());
    let paths = [
        format!("{root}/a.json"),
        format!("{root}/./a.json"),
        format!("{root}/b/../a.json"),
        root.clone(),
        format!("{root}/*.json"),
    ];
    assert_eq!(names(&gather(&paths), &folder), ["a.json", "b/c.json"]);
}

#[test]
fn a_file_that_is_too_large_keeps_no_other_from_being_read() {
    let folder = folder(&[("b.json", EXPORT.as_bytes())]);
    for name in ["a.json", "c.json"] {
        // A file with a hole takes no room on the disk.
        fs::File::create(folder.path().join(name)).unwrap().set_len(2 << 30).unwrap();
    }
    let gathered = gather(&[text(folder.path())]);
    assert_eq!(names(&gathered, &folder), ["b.json"]);
    assert_eq!(gathered.errors.len(), 2);
    assert!(gathered.errors.iter().all(|error| error.message.contains("too large")), "{:?}", gathered.errors);
}

#[test]
fn archives_give_their_exports_and_leave_the_rest() {
    let inner = archive(&[("a.json", EXPORT.as_bytes())]);
    let toolkit = archive(&[
        ("RPT - Fabrikam Expense.xml", b"<Objs/>"),
        ("../../outside.json", EXPORT.as_bytes()),
        ("C:\\apps\\x.json", EXPORT.as_bytes()),
        ("__MACOSX/._x.json", b"junk"),
        ("readme.md", b"words"),
        ("inner.zip", &inner),
    ]);
    let folder = folder(&[("t.zip", &toolkit)]);
    let gathered = gather(&[text(folder.path())]);
    assert_eq!(
        names(&gathered, &folder),
        [
            "t.zip!/RPT - Fabrikam Expense.xml",
            "t.zip!/../../outside.json",
            "t.zip!/C:/apps/x.json",
            "t.zip!/inner.zip"
        ]
    );
    assert_eq!(gathered.skipped, 2);
    // A name that leads out of the archive is a name and nothing else.
    assert!(!folder.path().parent().unwrap().join("outside.json").exists());
    let last = gathered.files.last().unwrap();
    let mut sources = Sources::new();
    let source = sources.add_file(last.path.clone(), String::new(), Encoding::Utf8, 0).unwrap();
    let told = adfslint::read::binary(&sources, source).problems;
    assert!(last.binary && told.iter().all(|problem| problem.message.contains("archive inside an archive")));
}

/// A collector may lie beside what it wrote; a configuration says what the farm is to be.
#[test]
fn of_scripts_in_a_folder_only_configurations_are_read() {
    let configuration = b"configuration Farm {\n Import-DscResource -ModuleName AdfsDsc\n Node a { }\n}\n";
    let folder =
        folder(&[("collect.ps1", b"Get-AdfsProperties | Out-File a.txt"), ("Farm.PS1", configuration)]);
    let gathered = gather(&[text(folder.path())]);
    assert_eq!((names(&gathered, &folder), gathered.skipped), (vec!["Farm.PS1".to_owned()], 1));
    let named = gather(&[format!("{}/collect.ps1", text(folder.path()))]);
    assert_eq!(names(&named, &folder), ["collect.ps1"]);
}

#[test]
fn an_archive_that_grows_too_much_is_refused() {
    let zeros = vec![b'0'; 66 << 20];
    let bomb = archive(&[("a.json", EXPORT.as_bytes()), ("b.json", &zeros), ("c.json", EXPORT.as_bytes())]);
    assert!(bomb.len() < 1 << 20);
    let folder = folder(&[
        ("bomb.zip", &bomb),
        ("empty.zip", &archive(&[])),
        ("words.zip", &archive(&[("a.md", b"")])),
    ]);
    let gathered = gather(&[text(folder.path())]);
    assert_eq!(names(&gathered, &folder), ["bomb.zip!/a.json"]);
    let told: Vec<_> =
        gathered.errors.iter().map(|error| error.message.rsplit(": ").next().unwrap()).collect();
    assert_eq!(
        told,
        [
            "unpacked, the file is too large for what an export can be; the rest of the archive is not read.",
            "the archive holds no exports.",
            "the archive holds no exports."
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_where_it_is_named_and_only_there() {
    let folder = folder(&[("a.json", EXPORT.as_bytes())]);
    let pipe = folder.path().join("pipe.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    // Nobody writes into it: waiting for it would take for ever.
    let gathered = gather(&[text(folder.path())]);
    assert_eq!((names(&gathered, &folder), gathered.skipped), (vec!["a.json".to_owned()], 1));
    let writer = pipe.clone();
    let writing = std::thread::spawn(move || fs::write(writer, EXPORT).unwrap());
    let gathered = gather(&[text(&pipe)]);
    writing.join().unwrap();
    assert_eq!(names(&gathered, &folder), ["pipe.json"]);
}
