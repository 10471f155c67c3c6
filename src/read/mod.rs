//! Readers: from the text of a file to a tree. They never fail: what is damaged is said, and the rest is read.
//!
//! The format is told by content, never by a file's name.

mod certificate;
mod certutil;
mod clixml;
mod configuration;
mod csv;
mod database;
mod desired_state;
mod detect;
pub mod encoding;
mod format_list;
mod json;
mod lines;
mod lost;
mod netsh;
mod policy;
mod refused;
mod registry;
mod secrets;
mod service_settings;
mod toolbox;
mod yaml;

use crate::finding::Severity;
use crate::node::{Coding, Tree, TreeBuilder};
use crate::source::{SourceId, Sources, Span};

pub(crate) use refused::{command, export_command};
pub use secrets::{Secret, mask};
pub(crate) use secrets::{private_key, without as without_secrets};

/// What the type of an object begins with that a configuration wants to be, and that no command printed.
pub(crate) const DESIRED: &str = "AdfsDsc.";

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `ConvertTo-Json`, adfsToolbox, hand-written JSON.
    Json,
    /// `Export-Clixml`.
    Clixml,
    /// `Format-List`, or what a console shows.
    FormatList,
    /// YAML: kept by hand, or the facts file.
    Yaml,
    /// A claim rule set by itself.
    ClaimRules,
    /// `netsh http show sslcert`.
    Netsh,
    /// A certificate in PEM.
    Certificate,
    /// What `certutil` prints of certificates.
    Certutil,
    /// A private key, with or without its certificate around it.
    PrivateKey,
    /// The service settings of the configuration database, in XML.
    ServiceSettings,
    /// `Export-Csv`.
    Csv,
    /// A script of Desired State Configuration.
    DesiredState,
    /// What such a script compiles to.
    Mof,
    /// What ADFSDump prints.
    Database,
    /// The XML of an access control policy.
    Policy,
    /// `reg export` or `reg query`.
    Registry,
    /// A .NET configuration file.
    Configuration,
    /// What adfsToolbox writes about TLS.
    Toolbox,
    /// `Format-Table`, whose cells are cut.
    Table,
    /// No text at all.
    Empty,
    /// Bytes that are no text.
    Binary,
    /// Text of no known format.
    Text,
}

impl Format {
    /// What a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Clixml => "CLIXML",
            Self::FormatList => "Format-List",
            Self::Yaml => "YAML",
            Self::ClaimRules => "claim rules",
            Self::Netsh => "netsh",
            Self::Certificate => "certificate",
            Self::Certutil => "certutil",
            Self::PrivateKey => "private key",
            Self::ServiceSettings => "service settings",
            Self::Csv => "CSV",
            Self::DesiredState => "DSC",
            Self::Mof => "MOF",
            Self::Database => "ADFSDump",
            Self::Policy => "access control policy",
            Self::Registry => "registry export",
            Self::Configuration => "configuration file",
            Self::Toolbox => "adfsToolbox",
            Self::Table => "Format-Table",
            Self::Empty => "empty",
            Self::Binary => "binary",
            Self::Text => "text",
        }
    }
}

/// Trouble with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// How bad: an error if something could not be read, a note if it was understood all the same.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// What came of a file.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub source: SourceId,
    /// Its format.
    pub format: Format,
    /// What it holds, if that could be told.
    pub tree: Option<Tree>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The secrets that [`mask`] took out of it.
    pub secrets: Vec<Secret>,
}

impl Document {
    fn new(source: SourceId, format: Format, tree: Option<Tree>, problems: Vec<Problem>) -> Self {
        Self { source, format, tree, problems, secrets: Vec::new() }
    }
}

/// Collects what a reader has to say about a file.
#[derive(Debug)]
struct Troubles {
    source: SourceId,
    list: Vec<Problem>,
}

/// Problems that are told of one file; a damaged file has many of the same kind.
const TOLD: usize = 20;

impl Troubles {
    fn say(&mut self, severity: Severity, start: usize, end: usize, message: impl Into<String>, help: &str) {
        if self.list.len() < TOLD {
            let span = Span::new(self.source, small(start), small(end));
            let help = (!help.is_empty()).then(|| help.to_owned());
            self.list.push(Problem { span, severity, message: message.into(), help });
        }
    }

    fn error(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        self.say(Severity::Error, start, end, message, help);
    }

    fn warn(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        self.say(Severity::Warning, start, end, message, help);
    }

    fn note(&mut self, start: usize, end: usize, message: impl Into<String>) {
        self.say(Severity::Note, start, end, message, "");
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Reads a source that is known to be YAML: a rule file, the facts file.
pub fn read_yaml(sources: &Sources, source: SourceId) -> Document {
    let mut troubles = Troubles { source, list: Vec::new() };
    let tree = sources.get(source).map(|found| {
        let builder = TreeBuilder::new(source, std::sync::Arc::clone(found.text()));
        yaml::read(found.text(), builder, &mut troubles)
    });
    Document::new(source, Format::Yaml, tree, troubles.list)
}

/// Whether a text is a script with a configuration in it, and not one that does something.
pub fn is_configuration(text: &str) -> bool {
    detect::format(text) == Format::DesiredState
}

/// A file that holds no text.
pub fn binary(sources: &Sources, source: SourceId) -> Document {
    let mut troubles = Troubles { source, list: Vec::new() };
    let name = sources.get(source).map_or("", |found| found.name());
    refused::refuse(Format::Binary, name, "", &mut troubles);
    Document::new(source, Format::Binary, None, troubles.list)
}

/// Reads a source.
pub fn read(sources: &Sources, source: SourceId) -> Document {
    let mut troubles = Troubles { source, list: Vec::new() };
    let Some(found) = sources.get(source) else {
        return Document::new(source, Format::Empty, None, Vec::new());
    };
    let text = found.text();
    let format = detect::format(text);
    let builder = || TreeBuilder::new(source, std::sync::Arc::clone(text));
    let tree = match format {
        Format::Json => Some(json::read(text, &builder, &mut troubles)),
        Format::Clixml => Some(clixml::read(text, builder(), &mut troubles)),
        Format::FormatList => Some(format_list::read(text, builder(), &mut troubles)),
        Format::Netsh => Some(netsh::read(text, builder(), &mut troubles)),
        Format::Registry => Some(registry::read(text, builder(), &mut troubles)),
        Format::Certutil => Some(certutil::read(text, builder(), &mut troubles)),
        Format::Configuration => Some(configuration::read(text, builder(), &mut troubles)),
        Format::Toolbox => Some(toolbox::read(text, builder())),
        Format::Yaml => Some(yaml::read(text, builder(), &mut troubles)),
        Format::Csv => Some(csv::read(text, builder(), &mut troubles)),
        Format::DesiredState => Some(desired_state::read_script(text, builder(), &mut troubles)),
        Format::Mof => Some(desired_state::read_mof(text, builder(), &mut troubles)),
        Format::Database => Some(database::read(text, builder(), &mut troubles)),
        Format::Policy => Some(policy::read(text, found.name(), builder(), &mut troubles)),
        Format::Certificate => Some(certificate::read(text, builder(), &mut troubles)),
        Format::ServiceSettings => service_settings::read(text, builder(), &mut troubles),
        Format::ClaimRules => {
            let mut builder = builder();
            builder.text(0, small(text.len()), Coding::Plain);
            Some(builder.finish())
        }
        other => {
            refused::refuse(other, found.name(), text, &mut troubles);
            None
        }
    };
    // Keys of the registry may come as objects, in any format.
    let keys = tree.as_ref().filter(|_| text.contains("Registry::"));
    let tree = keys.and_then(|tree| registry::of_objects(tree, builder())).or(tree);
    Document::new(source, format, tree, troubles.list)
}
