//! Which assemblies the AD FS service loads besides its own.

use sha2::{Digest as _, Sha256};

use super::{Attribute, Element, Writer};
use crate::read::small;

/// Settings that differ between the servers of a healthy farm.
const OWN: [&str; 2] = ["connectionString", "policyStoreConnectionString"];

#[derive(Debug)]
struct Reference {
    assembly: String,
    token: Option<String>,
    /// The class, or nothing where the file only speaks of the assembly.
    class: String,
    start: usize,
    end: usize,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Found {
    is_service: bool,
    is_site: bool,
    references: Vec<Reference>,
    hash: Sha256,
}

impl Found {
    pub(super) fn enter(&mut self, element: &Element<'_>, path: &[String]) {
        let name = element.name;
        self.is_site |= name.eq_ignore_ascii_case("microsoft.identityServer.web") || name == "location";
        self.is_service |= name.to_ascii_lowercase().starts_with("microsoft.identityserver.service");
        let depth = path.len();
        self.hash.update(format!("<{depth} {name}"));
        let mut attributes: Vec<&Attribute> = element.attributes.iter().collect();
        attributes.sort_by(|a, b| a.name.cmp(&b.name));
        for attribute in attributes {
            if !OWN.iter().any(|own| attribute.name.eq_ignore_ascii_case(own)) {
                self.hash.update(format!("\0{}\0{}", attribute.name, attribute.value));
            }
        }
        if name == "assemblyIdentity" {
            self.references.extend(identity(element));
        }
        let typed = element.attributes.iter().filter(|attribute| names_class(attribute));
        self.references.extend(typed.map(reference));
    }

    pub(super) fn text(&mut self, text: &str) {
        let words = text.trim();
        if !words.is_empty() {
            self.hash.update(format!("\0{words}"));
        }
    }

    pub(super) fn write(self, writer: &mut Writer, is_whole: bool) {
        if !self.is_service || self.is_site {
            return;
        }
        let end = small(writer.length);
        writer.builder.word(0, 0, "ServiceHostConfiguration");
        let list = writer.builder.open_list(0);
        let map = writer.builder.open_map(0);
        writer.pair("Name", "Microsoft.IdentityServer.Servicehost.exe.config", 0, 0);
        writer.builder.word(0, 0, "References");
        let references = writer.builder.open_list(0);
        for one in &self.references {
            let (start, end) = (one.start, one.end);
            let map = writer.builder.open_map(small(start));
            writer.pair("Assembly", &one.assembly, start, end);
            writer.pair("Class", &one.class, start, end);
            writer.builder.word(start, end, "PublicKeyToken");
            match &one.token {
                Some(token) => {
                    writer.builder.word(start, end, token);
                }
                None => {
                    writer.builder.null(small(start), small(end));
                }
            }
            writer.builder.close(map, small(end));
        }
        if is_whole {
            writer.builder.close(references, end);
            let hash: String = self.hash.finalize().iter().map(|byte| format!("{byte:02X}")).collect();
            writer.pair("ContentSha256", &hash, 0, 0);
        } else {
            writer.builder.close_incomplete(references, end);
        }
        writer.builder.close(map, end);
        writer.builder.close(list, end);
    }
}

/// Whether an attribute names a class: by its own name, or by the full name of an assembly in it.
fn names_class(attribute: &Attribute) -> bool {
    let name = attribute.name.to_ascii_lowercase();
    let value = attribute.value.to_ascii_lowercase();
    name == "type" || name.ends_with("type") && value.contains(',') || value.contains("publickeytoken=")
}

/// `Class, Assembly, Version=…, Culture=…, PublicKeyToken=…`
fn reference(attribute: &Attribute) -> Reference {
    // Classes in brackets are arguments of a class; their assemblies count with the outer one.
    let outer = attribute.value.rsplit(']').next().unwrap_or(&attribute.value);
    let head = attribute.value.split(['[', ',']).next().unwrap_or("").trim();
    let mut parts = outer.split(',').map(str::trim);
    let first = parts.next().unwrap_or("");
    let rest: Vec<&str> = parts.collect();
    let is_pair = |part: &&&str| part.contains('=');
    let token = rest.iter().find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("PublicKeyToken").then(|| value.trim().to_ascii_lowercase())
    });
    let named = rest.iter().find(|part| !is_pair(part)).copied();
    // The name of an assembly alone: `Assembly, Version=…`
    let assembly = named.unwrap_or(if rest.is_empty() { "" } else { first });
    Reference {
        assembly: assembly.to_owned(),
        token: token.filter(|token| token != "null" && !token.is_empty()),
        class: if named.is_some() || rest.is_empty() { head.to_owned() } else { String::new() },
        start: attribute.start,
        end: attribute.end,
    }
}

fn identity(element: &Element<'_>) -> Option<Reference> {
    let name = element.get("name")?;
    let token = element.get("publicKeyToken").map(|token| token.value.to_ascii_lowercase());
    Some(Reference {
        assembly: name.value.clone(),
        token: token.filter(|token| token != "null" && !token.is_empty()),
        class: String::new(),
        start: name.start,
        end: element.end,
    })
}
