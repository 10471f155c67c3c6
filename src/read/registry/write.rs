//! From registry keys to the objects that rules ask for.

use super::{Data, Entry, Flavour, Key, Keys};
use crate::node::{Coding, Lost, Tree, TreeBuilder};
use crate::read::small;

const SCHANNEL: &str = "control\\securityproviders\\schannel";
const HTTP: &str = "services\\http\\parameters";
const DOT_NET: &str = "microsoft\\.netframework\\";

/// Makes the tree, and says how many objects are in it.
pub(super) fn write(length: usize, keys: &Keys, builder: TreeBuilder) -> (Tree, usize) {
    let mut writer = Writer { builder, keys, found: 0 };
    let root = writer.builder.open_map(0);
    writer.schannel();
    writer.dot_net();
    writer.http();
    writer.builder.close(root, small(length));
    (writer.builder.finish(), writer.found)
}

struct Writer<'k> {
    builder: TreeBuilder,
    keys: &'k Keys,
    found: usize,
}

impl Writer<'_> {
    /// A value of a key. One that the key does not have is known not to be there, if the whole key was written down.
    fn value(&mut self, key: &Key, name: &str, is_whole: bool) {
        let lower = name.to_ascii_lowercase();
        match key.entries.iter().rev().find(|entry| entry.name == lower) {
            Some(Entry { data: Data::Number(number), start, end, .. }) => {
                self.builder.word(*start, *end, name);
                self.builder.word(*start, *end, &number.to_string());
            }
            Some(entry) => {
                self.builder.word(entry.start, entry.end, name);
                let (start, end) = (small(entry.start), small(entry.end));
                self.builder.truncated(start, end, Lost::Damaged, Coding::Plain);
            }
            None if is_whole => {
                self.builder.word(key.start, key.end, name);
                self.builder.null(small(key.start), small(key.end));
            }
            None => {}
        }
    }

    /// Whether all values of a key are there.
    fn is_whole(&self, key: &Key) -> bool {
        let is_last = self.keys.keys.last().is_some_and(|last| std::ptr::eq(last, key));
        self.keys.flavour != Flavour::Objects && !(self.keys.is_cut && is_last)
    }

    fn schannel(&mut self) {
        let keys = self.keys;
        let of_branch = |key: &&Key| below_set(&key.path).is_some_and(|path| after(path, SCHANNEL).is_some());
        let branch: Vec<&Key> = keys.keys.iter().filter(of_branch).collect();
        let Some(first) = branch.first() else { return };
        self.found += 1;
        let rest = |key: &Key| below_set(&key.path).and_then(|path| after(path, SCHANNEL).map(str::to_owned));
        let root = branch.iter().find(|key| rest(key).is_some_and(|rest| rest.is_empty())).copied();
        self.builder.word(first.start, first.end, "Schannel");
        let list = self.builder.open_list(small(first.start));
        let map = self.builder.open_map(small(first.start));
        self.builder.word(first.start, first.end, "Name");
        self.builder.word(first.start, first.end, "SCHANNEL");
        if let Some(root) = root {
            let is_whole = self.is_whole(root);
            for name in ["ClientAuthTrustMode", "EventLogging", "SendTrustedIssuerList"] {
                self.value(root, name, is_whole);
            }
        }
        self.protocols(&branch, root.is_some());
        let end = branch.last().map_or(first.end, |last| last.end);
        self.builder.close(map, small(end));
        self.builder.close(list, small(end));
    }

    fn protocols(&mut self, branch: &[&Key], has_root: bool) {
        let mut sides = Vec::new();
        let mut names = Vec::new();
        let mut is_named = false;
        for key in branch {
            // SYSTEM, the control set, and three more lead to SCHANNEL.
            let parts: Vec<&str> = key.path.split('\\').skip(5).collect();
            match parts.as_slice() {
                [word] if word.eq_ignore_ascii_case("Protocols") => is_named = true,
                [word, protocol] if word.eq_ignore_ascii_case("Protocols") => names.push(*protocol),
                [word, protocol, side] if word.eq_ignore_ascii_case("Protocols") => {
                    names.push(protocol);
                    sides.push((*key, *protocol, *side));
                }
                _ => {}
            }
        }
        names.sort_unstable();
        names.dedup();
        let Some(first) = branch.first().filter(|_| is_named || !names.is_empty()) else { return };
        let is_whole = match self.keys.flavour {
            Flavour::Export => is_named,
            // Keys without values do not show there; two protocols, or the key above, show that all were asked for.
            Flavour::Query => is_named || has_root || names.len() > 1,
            Flavour::Objects => false,
        };
        self.builder.word(first.start, first.end, "Protocols");
        let list = self.builder.open_list(small(first.start));
        for (key, protocol, side) in sides {
            let map = self.builder.open_map(small(key.start));
            self.builder.word(key.start, key.end, "Protocol");
            self.builder.word(key.start, key.end, &protocol.to_ascii_uppercase());
            self.builder.word(key.start, key.end, "Side");
            let side = ["Server", "Client"]
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(side))
                .unwrap_or(side);
            self.builder.word(key.start, key.end, side);
            let is_whole = self.is_whole(key);
            self.value(key, "Enabled", is_whole);
            self.value(key, "DisabledByDefault", is_whole);
            self.builder.close(map, small(key.end));
        }
        let end = branch.last().map_or(first.end, |last| last.end);
        if is_whole && !self.keys.is_cut {
            self.builder.close(list, small(end));
        } else {
            self.builder.close_incomplete(list, small(end));
        }
    }

    fn dot_net(&mut self) {
        let keys = self.keys;
        let found: Vec<_> = keys.keys.iter().filter_map(|key| Some((key, dot_net(&key.path)?))).collect();
        self.objects(
            "DotNetCrypto",
            &found.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
            |writer, key| {
                let (version, view) = dot_net(&key.path).unwrap_or(("", ""));
                writer.builder.word(key.start, key.end, "Version");
                writer.builder.word(key.start, key.end, version);
                writer.builder.word(key.start, key.end, "View");
                writer.builder.word(key.start, key.end, view);
                let is_whole = writer.is_whole(key);
                writer.value(key, "SchUseStrongCrypto", is_whole);
                writer.value(key, "SystemDefaultTlsVersions", is_whole);
            },
        );
    }

    fn http(&mut self) {
        let keys = self.keys;
        let is_http = |key: &&Key| below_set(&key.path).is_some_and(|path| path.eq_ignore_ascii_case(HTTP));
        let found: Vec<&Key> = keys.keys.iter().filter(is_http).collect();
        self.objects("HttpParameters", &found, |writer, key| {
            writer.builder.word(key.start, key.end, "Name");
            writer.builder.word(key.start, key.end, "HTTP.sys");
            let is_whole = writer.is_whole(key);
            writer.value(key, "EnableHttp2Tls", is_whole);
            writer.value(key, "EnableHttp2Cleartext", is_whole);
        });
    }

    fn objects(&mut self, kind: &str, found: &[&Key], inside: impl Fn(&mut Self, &Key)) {
        let (Some(first), Some(last)) = (found.first(), found.last()) else { return };
        self.found += found.len();
        self.builder.word(first.start, first.end, kind);
        let listed = self.builder.open_list(small(first.start));
        for key in found {
            let map = self.builder.open_map(small(key.start));
            inside(self, key);
            self.builder.close(map, small(key.end));
        }
        self.builder.close(listed, small(last.end));
    }
}

/// The part of a path below `SYSTEM\CurrentControlSet`, or below one of the sets by number.
fn below_set(path: &str) -> Option<&str> {
    let mut parts = path.splitn(3, '\\');
    let system = parts.next()?.eq_ignore_ascii_case("SYSTEM");
    let set = parts.next()?.to_ascii_lowercase();
    (system && (set == "currentcontrolset" || set.starts_with("controlset"))).then(|| parts.next()).flatten()
}

/// What stands behind a beginning, without the stroke between them.
fn after<'p>(path: &'p str, begin: &str) -> Option<&'p str> {
    let head = path.get(..begin.len()).filter(|head| head.eq_ignore_ascii_case(begin))?;
    let rest = path.get(head.len()..)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('\\') }
}

/// Version and view of a key of the .NET Framework.
fn dot_net(path: &str) -> Option<(&str, &'static str)> {
    let below = after(path, "SOFTWARE")?;
    let (below, view) = match after(below, "Wow6432Node") {
        Some(inside) => (inside, "32-bit"),
        None => (below, "64-bit"),
    };
    let head = below.get(..DOT_NET.len()).filter(|head| head.eq_ignore_ascii_case(DOT_NET))?;
    let version = below.get(head.len()..)?;
    (version.starts_with(['v', 'V']) && !version.contains('\\')).then_some((version, view))
}
