//! The top of the report: what it rests on, and what it cannot say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::style::Style;
use super::summary::{Paint, plural};
use super::window::visible_line;
use super::words::paragraph;
use super::{FileRow, FileState, Report};

/// Files that were not read whole, and exports that are missing, as far as they are listed.
const LISTED: usize = 8;
/// Columns that what belongs to the line above is moved in.
const INDENT: usize = 2;
/// Columns of a number and the blanks around it.
const NUMBER: usize = 6;

/// Writes the block: no empty line in it, one behind it. Writing to a String cannot fail.
pub(super) fn write(report: &Report, style: Style, out: &mut String) {
    let files = &report.coverage.files;
    let top = Top {
        report,
        paint: Paint { on: style.color },
        width: style.width.clamp(40, 140),
        folder: folder(files),
    };
    top.read(out);
    if style.verbose {
        files.iter().for_each(|file| top.listed(file, out));
    } else {
        top.troubles(out);
    }
    top.servers(out);
    top.undecided(style.verbose, out);
    out.push('\n');
}

struct Top<'r> {
    report: &'r Report,
    paint: Paint,
    width: usize,
    /// The folder that all files are in, with its slash.
    folder: &'r str,
}

/// The folder that all of several files are in.
fn folder(files: &[FileRow]) -> &str {
    let (first, rest) = match files.split_first() {
        Some((first, rest)) if !rest.is_empty() => (first.name.as_str(), rest),
        _ => return "",
    };
    let shared = rest.iter().fold(first, |shared, file| {
        let same = shared.chars().zip(file.name.chars()).take_while(|(one, other)| one == other);
        shared.get(..same.map(|(one, _)| one.len_utf8()).sum()).unwrap_or("")
    });
    shared.rfind('/').and_then(|end| shared.get(..=end)).unwrap_or("")
}

impl Top<'_> {
    fn name(&self, file: &FileRow) -> String {
        visible_line(file.name.strip_prefix(self.folder).unwrap_or(&file.name))
    }

    /// `40 files of exports/ read (22 JSON, 8 CLIXML): 231 objects of 31 kinds, from 4 servers.`
    fn read(&self, out: &mut String) {
        let coverage = &self.report.coverage;
        let mut kinds = BTreeMap::new();
        coverage.files.iter().flat_map(|file| &file.objects).for_each(|(kind, count)| {
            *kinds.entry(kind).or_insert(0) += *count;
        });
        let objects: usize = kinds.values().sum();
        let formats = super::coverage::formats(&coverage.files);
        let formats: Vec<String> = formats.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let servers = match coverage.servers.len() {
            0 => String::new(),
            count => format!(", from {}", plural(count, "server", "servers")),
        };
        let folder =
            if self.folder.is_empty() { String::new() } else { format!(" of {}", visible_line(self.folder)) };
        let text = format!(
            "{}{folder} read ({}): {} of {}{servers}.",
            plural(coverage.files.len(), "file", "files"),
            formats.join(", "),
            plural(objects, "object", "objects"),
            plural(kinds.len(), "kind", "kinds"),
        );
        let mut block = String::new();
        paragraph(&text, 0, self.width, &mut block);
        let (first, rest) = block.split_once('\n').unwrap_or((&block, ""));
        let _ = write!(out, "{}\n{rest}", self.paint.bold(first));
    }

    /// A line below the first one; longer texts go on below themselves.
    fn line(&self, text: &str, out: &mut String) {
        let mut block = String::new();
        paragraph(text, INDENT * 2, self.width, &mut block);
        out.push_str(block.get(INDENT..).unwrap_or(&block));
    }

    /// One file with what is in it.
    fn listed(&self, file: &FileRow, out: &mut String) {
        let objects: Vec<String> =
            file.objects.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let state = if file.state == FileState::Whole { "" } else { file.state.name() };
        let notes = file.notes.iter().map(|note| note.trim_end_matches('.').to_owned());
        let parts = [state.to_owned(), objects.join(", ")].into_iter().chain(notes);
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        let text = format!("{} ({}, {}): {}", self.name(file), file.format, file.encoding, parts.join("; "));
        self.line(&text, out);
    }

    /// Files of which something is missing, and files that were of no use.
    fn troubles(&self, out: &mut String) {
        let files = &self.report.coverage.files;
        let of = |state| files.iter().filter(move |file| file.state == state);
        for state in [FileState::Unreadable, FileState::Degraded] {
            for file in of(state).take(LISTED) {
                let why = file.notes.first().map(|note| format!(": {}", note.trim_end_matches('.')));
                self.line(&format!("{} {}{}", state.name(), self.name(file), why.unwrap_or_default()), out);
            }
            let more = of(state).count().saturating_sub(LISTED);
            if more > 0 {
                self.line(&format!("{} {more} more; --verbose lists every file", state.name()), out);
            }
        }
        let unused: Vec<String> = of(FileState::NotRecognised).map(|file| self.name(file)).collect();
        let more = unused.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        if !unused.is_empty() {
            let named = unused.get(..LISTED).unwrap_or(&unused).join(", ");
            self.line(&format!("{} {named}{more}", FileState::NotRecognised.name()), out);
        }
        if !files.is_empty() && files.iter().all(|file| file.state == FileState::Whole) {
            self.line("all of them whole", out);
        }
    }

    fn servers(&self, out: &mut String) {
        let missed = self.report.coverage.servers.iter().filter(|server| !server.reached);
        for server in missed.take(LISTED) {
            let why = server.error.as_ref().map(|error| format!(": {}", error.trim_end_matches('.')));
            let text = format!("not reached {}{}", server.name, why.unwrap_or_default());
            self.line(&visible_line(&text), out);
        }
    }

    /// Rules that could not be decided, each once, by what would decide most.
    fn undecided(&self, verbose: bool, out: &mut String) {
        let [_, undecided, ..] = self.report.rule_counts();
        let rules = plural(self.report.rules.len(), "rule", "rules");
        if undecided == 0 {
            if !self.report.is_of_nothing() {
                let _ = writeln!(out, "{}", self.paint.bold("Every rule could be decided."));
            }
            return;
        }
        let _ =
            writeln!(out, "{}", self.paint.bold(&format!("{undecided} of {rules} undecided, for want of")));
        let wants = &self.report.coverage.wants;
        let shown = if verbose { wants.len() } else { LISTED.min(wants.len()) };
        for want in wants.iter().take(shown) {
            let _ = writeln!(out, "{:>NUMBER$}  {}", want.rules.len(), visible_line(&want.what));
        }
        let others: usize = wants.iter().skip(shown).map(|want| want.rules.len()).sum();
        if others > 0 {
            let more = wants.len() - shown;
            let _ =
                writeln!(out, "{others:>NUMBER$}  {more} more; the end of the report says how to get them");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_all_files() {
        let row = |name: &str| FileRow {
            name: name.to_owned(),
            source: None,
            format: String::new(),
            encoding: String::new(),
            objects: Vec::new(),
            state: FileState::Whole,
            notes: Vec::new(),
        };
        let of = |names: &[&str]| folder(&names.iter().map(|name| row(name)).collect::<Vec<_>>()).to_owned();
        assert_eq!(of(&["a/b/c.json", "a/b/cd/e.json"]), "a/b/");
        assert_eq!(of(&["a/é1", "a/è1"]), "a/");
        assert_eq!(of(&["a.json", "b.json"]), "");
        assert_eq!(of(&["a/a.json"]), "");
    }
}
