//! The manifest of a snapshot folder: when it was taken, from which servers, and what the collector could not export.

use std::sync::Arc;

use time::OffsetDateTime;

use super::recognise::Names;
use super::value::Site;
use super::vocabulary::{KindId, Vocabulary};
use super::{Farm, moment};
use crate::node::{Kind, NodeRef};

/// The kind of manifests in the vocabulary.
const KIND: &str = "SnapshotManifest";

/// What became of one command on one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was exported.
    Ok,
    /// It ran and printed nothing.
    Empty,
    /// That release of Windows does not have the command.
    CmdletMissing,
    /// It says nothing on that server: a secondary, or a role that is not installed.
    NotApplicable,
    /// It failed.
    Error,
    /// The collector left it out.
    Skipped,
}

impl Status {
    fn from_word(word: &str) -> Option<Self> {
        let all = [
            ("ok", Self::Ok),
            ("empty", Self::Empty),
            ("cmdlet-missing", Self::CmdletMissing),
            ("not-applicable", Self::NotApplicable),
            ("error", Self::Error),
            ("skipped", Self::Skipped),
        ];
        all.into_iter().find(|(known, _)| word.trim().eq_ignore_ascii_case(known)).map(|(_, status)| status)
    }
}

/// What a manifest says of one command.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The command.
    pub cmdlet: String,
    /// What it exports; `None` if nobody knows the command.
    pub kind: Option<KindId>,
    /// The server; empty if the manifest does not say.
    pub server: String,
    /// The file that it was written to.
    pub path: String,
    /// What became of it.
    pub status: Status,
    /// The text of the error.
    pub error: Option<String>,
    /// Where it says so.
    pub site: Site,
}

impl Statement {
    /// Why nothing came of the command, in a few words.
    fn reason(&self) -> String {
        let server = if self.server.is_empty() { String::new() } else { format!(" on {}", self.server) };
        match (self.status, &self.error) {
            (Status::Ok, _) => {
                format!("the manifest says that it was written to {}, which was not given", self.path)
            }
            (Status::Empty, _) => format!("it printed nothing{server}"),
            (Status::CmdletMissing, _) => {
                format!("the release of Windows{server} does not have this command")
            }
            (Status::NotApplicable, _) => format!("the manifest says that it does not apply{server}"),
            (Status::Error, Some(error)) => {
                format!("it failed{server}: {}", error.trim().trim_end_matches('.'))
            }
            (Status::Error, None) => format!("it failed{server}"),
            (Status::Skipped, _) => format!("the collector left it out{server}"),
        }
    }
}

/// A server that a manifest names.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// `primary`, `secondary`, `proxy`, as far as the manifest says.
    pub role: Option<&'static str>,
    /// The collector got through to it.
    pub reached: bool,
    /// Why not.
    pub error: Option<String>,
    /// Where it says so.
    pub site: Site,
}

/// What all manifests say.
#[derive(Debug, Default)]
pub struct Manifests {
    /// Commands, in the order of the files.
    pub statements: Vec<Statement>,
    /// Servers, in the order of the files.
    pub servers: Vec<Server>,
    /// When each snapshot was taken.
    pub(super) times: Vec<(OffsetDateTime, Site)>,
    /// The federation service that each is of.
    pub(super) services: Vec<(String, Site)>,
    /// A manifest that does not say of which service it is.
    pub(super) nameless: Option<Site>,
}

impl Farm {
    /// What the manifests say.
    pub fn manifests(&self) -> &Manifests {
        &self.manifests
    }

    /// Why there is no export of a kind, if a manifest says so. The gravest reason goes first.
    pub fn why_absent(&self, kind: KindId) -> Option<String> {
        let rank = |statement: &&Statement| match statement.status {
            Status::Error => 0,
            Status::CmdletMissing => 1,
            Status::Skipped => 2,
            Status::Ok => 3,
            Status::NotApplicable => 4,
            Status::Empty => 5,
        };
        let said = self.manifests.statements.iter().filter(|statement| statement.kind == Some(kind));
        said.min_by_key(rank).map(Statement::reason)
    }

    /// Reads the manifests. A command that ran and printed nothing was exported: the farm has none of its kind.
    pub(super) fn read_manifests(&mut self, names: &Names) {
        let vocabulary = Arc::clone(&self.vocabulary);
        let manifests = self.collect(&vocabulary, names);
        for statement in manifests.statements.iter().filter(|statement| statement.status == Status::Empty) {
            let state = statement.kind.and_then(|kind| self.kinds.get_mut(usize::from(kind.0)));
            // Where one server has none and another failed, nobody knows.
            let is_sure = manifests.statements.iter().all(|other| {
                other.kind != statement.kind || matches!(other.status, Status::Empty | Status::NotApplicable)
            });
            if let Some(state) = state.filter(|_| is_sure) {
                state.whole |= !state.exported;
                state.exported = true;
            }
        }
        self.manifests = manifests;
    }

    fn collect(&self, vocabulary: &Vocabulary, names: &Names) -> Manifests {
        let mut found = Manifests::default();
        let kind = vocabulary.kind_id(KIND);
        for id in kind.map_or(&[][..], |kind| self.objects_of(kind)) {
            let Some(object) = self.object(*id) else { continue };
            let Some(root) = self.tree(object.tree).and_then(|tree| tree.node(object.node)) else { continue };
            let site = |node: NodeRef<'_>| Site::node(object.tree, node.index());
            if let Some(created) = root.get("createdUtc")
                && let Some(moment::Moment::At(at)) = created.text().and_then(|text| moment::moment(&text))
            {
                found.times.push((at, site(created)));
            }
            let host = root.get("farm").and_then(|farm| farm.get("hostName"));
            match (host, text(host)) {
                (Some(host), Some(name)) => found.services.push((name, site(host))),
                _ => found.nameless = Some(site(root)),
            }
            let items = |name: &str| root.get(name).into_iter().flat_map(NodeRef::items);
            found.servers.extend(items("nodes").filter_map(|node| server(node, site(node))));
            found.statements.extend(items("files").filter_map(|file| statement(file, site(file), names)));
        }
        found
    }
}

fn text(node: Option<NodeRef<'_>>) -> Option<String> {
    node?.text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn server(node: NodeRef<'_>, site: Site) -> Option<Server> {
    let name = text(node.get("fqdn"))?;
    let word = |name: &str| text(node.get(name)).unwrap_or_default().to_ascii_lowercase();
    let role = match (word("kind").as_str(), word("role").as_str()) {
        ("proxy", _) => Some("proxy"),
        (_, "primarycomputer") => Some("primary"),
        (_, "secondarycomputer") => Some("secondary"),
        _ => None,
    };
    let said = node.get("reached");
    let reached = said.is_none_or(|reached| reached.kind() != Kind::Bool(false));
    let site = said.map_or(site, |said| Site::node(site.tree, said.index()));
    Some(Server { name, role, reached, error: text(node.get("error")), site })
}

fn statement(file: NodeRef<'_>, site: Site, names: &Names) -> Option<Statement> {
    let path = text(file.get("path")).unwrap_or_default();
    let status = file.get("status");
    let cmdlet =
        text(file.get("cmdlet")).or_else(|| Some(path.rsplit('/').next()?.split('.').next()?.to_owned()))?;
    Some(Statement {
        kind: names.strict(&cmdlet),
        cmdlet,
        server: text(file.get("node")).unwrap_or_default(),
        path,
        status: Status::from_word(&text(status)?)?,
        error: text(file.get("error")).or_else(|| text(file.get("message"))),
        site: status.map_or(site, |status| Site::node(site.tree, status.index())),
    })
}
