//! Every command that the vocabulary names has an example of what it prints, and the objects of it are told by their
//! properties alone in every form.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

mod forms;

use std::collections::BTreeMap;

use adfslint::check::native;
use adfslint::pack::Pack;
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, find};
use forms::{Csv, clixml, console, objects, tables};
use serde_json::Value;

const FOLDER: &str = "tests/exports/cmdlets";

/// Commands by the kind that they print, and what they print.
fn exports() -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        found.insert(stem, serde_json::from_str(&text).unwrap());
    }
    found
}

/// The kinds found in a file, and how many objects of each.
fn kinds(pack: &Pack, name: &str, text: &str) -> Vec<(String, usize)> {
    let mut sources = Sources::new();
    let source = sources.add_file(name.into(), text.into(), Encoding::Utf8, 0).unwrap();
    let found = find(&mut sources, &[Text { source, role: Role::Export }], &pack.vocabulary);
    assert!(found.problems.is_empty(), "{name}: {:?}", found.problems);
    let contributions = found.farm.exports().flat_map(|(_, contribution)| {
        let unknown = (!contribution.unknown_objects.is_empty()).then(|| ("unknown".to_owned(), 1));
        let known = contribution.objects.iter();
        known
            .map(|(kind, count)| (pack.vocabulary.kind(*kind).unwrap().name.to_string(), *count))
            .chain(unknown)
    });
    contributions.collect()
}

fn pack() -> Pack {
    Pack::load(&mut Sources::new(), &[], &native::names()).unwrap()
}

/// The kind that a command prints. The older `MSOnline` shows a domain under other names than Graph.
fn kind_of(pack: &Pack, cmdlet: &str) -> String {
    let cmdlet = if cmdlet == "Get-MsolDomainFederationSettings" {
        "Get-MgDomainFederationConfiguration"
    } else {
        cmdlet
    };
    let mut kinds = pack.vocabulary.kinds();
    let found = kinds.find(|(_, kind)| kind.cmdlet == cmdlet);
    found.map_or_else(|| panic!("{cmdlet}"), |(_, kind)| kind.name.to_string())
}

#[test]
fn every_command_has_an_example() {
    let exports = exports();
    let pack = pack();
    // Both are read from the corpus of real exports.
    let others = ["Get-AdfsWebApplicationProxyRelyingPartyTrust", "Get-AdfsServerConfiguration"];
    let missing: Vec<_> = pack
        .vocabulary
        .kinds()
        .map(|(_, kind)| kind.cmdlet.clone())
        .filter(|cmdlet| {
            cmdlet.starts_with("Get-") && !exports.contains_key(cmdlet) && !others.contains(&cmdlet.as_str())
        })
        .collect();
    assert!(missing.is_empty(), "no {FOLDER}/<cmdlet>.json for {missing:?}");
}

#[test]
fn objects_are_told_by_their_properties_in_every_form() {
    let pack = pack();
    for (cmdlet, value) in exports() {
        let kind = kind_of(&pack, &cmdlet);
        let all = objects(&value);
        if all.is_empty() {
            // Nothing but its file's name says what a lone true means.
            let text = value.to_string();
            assert_eq!(kinds(&pack, &format!("{cmdlet}.json"), &text), [(kind, 1)]);
            assert!(kinds(&pack, "export.json", &text).is_empty());
            continue;
        }
        let class =
            pack.vocabulary.kind(pack.vocabulary.kind_id(&kind).unwrap()).unwrap().dotnet_type.clone();
        let class = class.map(|class| format!("Microsoft.IdentityServer.Management.Resources.{class}"));
        let list: String = all.iter().map(|object| console::list(object, 119, 4)).collect();
        let farm = serde_json::json!({ cmdlet.as_str(): value });
        let csv = |typed: bool, delimiter: char, quoted: bool| {
            tables::csv_files(&farm, Csv { delimiter, typed, quoted }).remove(0).1
        };
        // Bindings of proxies look like those of federation servers: the folder tells them apart.
        let folder =
            if cmdlet.starts_with("Get-WebApplicationProxy") { "proxies/wap01.contoso.com/" } else { "" };
        for (file, text) in [
            ("export.json", value.to_string()),
            ("export.xml", clixml::export(&all, None)),
            ("typed.xml", clixml::export(&all, class.as_deref())),
            ("export.txt", format!("\r\n\r\n{list}\r\n")),
            ("typed.csv", csv(true, ',', true)),
            ("export.csv", csv(false, ';', true)),
            ("sheet.csv", csv(false, '\t', false)),
            ("export.yaml", tables::yaml_files(&farm).remove(0).1),
        ] {
            let found = kinds(&pack, &format!("{folder}{file}"), &text);
            assert_eq!(found, [(kind.clone(), all.len())], "{cmdlet} as {file}\n{text}");
        }
    }
}

/// Kinds that share most of their properties, and what tells them apart.
#[test]
fn kinds_that_look_alike_are_told_apart() {
    let pack = pack();
    let exports = exports();
    let first = |cmdlet: &str| exports.get(cmdlet).and_then(|value| value.get(0)).unwrap().clone();
    let told = |object: &Value, name: &str| kinds(&pack, name, &serde_json::json!([object]).to_string());
    let without = |cmdlet: &str, names: &[&str]| {
        let mut object = first(cmdlet);
        object.as_object_mut().unwrap().retain(|name, _| !names.contains(&name.as_str()));
        object
    };
    let only = |cmdlet: &str, names: &[&str]| {
        let mut object = first(cmdlet);
        object.as_object_mut().unwrap().retain(|name, _| names.contains(&name.as_str()));
        object
    };
    let one = |kind: &str| vec![(kind.to_owned(), 1)];
    // Both have IssuanceTransformRules; a group has the web API alone.
    let trust = ["Name", "Identifier", "IssuanceTransformRules", "SamlResponseSignature", "WSFedEndpoint"];
    assert_eq!(told(&only("Get-AdfsRelyingPartyTrust", &trust), "a.json"), one("RelyingPartyTrust"));
    let api = ["Name", "Identifier", "IssuanceTransformRules", "ApplicationGroupIdentifier"];
    assert_eq!(told(&only("Get-AdfsWebApiApplication", &api), "a.json"), one("WebApiApplication"));
    // A claims provider accepts, an application is issued to.
    let provider = ["Name", "AcceptanceTransformRules", "ClaimsOffered", "TokenSigningCertificates"];
    assert_eq!(told(&only("Get-AdfsClaimsProviderTrust", &provider), "a.json"), one("ClaimsProviderTrust"));
    let local = without("Get-AdfsLocalClaimsProviderTrust", &["Notes", "Enabled"]);
    assert_eq!(told(&local, "a.json"), one("LocalClaimsProviderTrust"));
    // A server application keeps a secret.
    let client = ["Name", "ApplicationGroupIdentifier", "RedirectUri", "ClientSecret"];
    assert_eq!(told(&only("Get-AdfsServerApplication", &client), "a.json"), one("ServerApplication"));
    assert_eq!(
        told(&only("Get-AdfsNativeClientApplication", &client), "a.json"),
        one("NativeClientApplication")
    );
    // Clients outside of groups have a type, scopes no policy.
    let outside = ["Name", "ClientId", "ClientType", "BuiltIn", "RedirectUri"];
    assert_eq!(told(&only("Get-AdfsClient", &outside), "a.json"), one("Client"));
    assert_eq!(told(&first("Get-AdfsScopeDescription"), "a.json"), one("ScopeDescription"));
    let policy = ["Name", "Description", "IsBuiltIn", "PolicyMetadata", "AssignedTo"];
    assert_eq!(told(&only("Get-AdfsAccessControlPolicy", &policy), "a.json"), one("AccessControlPolicy"));
    // The primary server prints one property of its synchronisation.
    let role = serde_json::json!({"Role": "PrimaryComputer"});
    assert_eq!(told(&role, "Get-AdfsSyncProperties.json"), one("SyncProperties"));
    assert_eq!(told(&role, "a.json"), one("unknown"));
    // Bindings are told apart by the file's name, or by its folder.
    let binding = first("Get-AdfsSslCertificate");
    assert_eq!(told(&binding, "a.json"), one("SslCertificate"));
    assert_eq!(told(&binding, "Get-WebApplicationProxySslCertificate.json"), one("ProxySslCertificate"));
    assert_eq!(told(&binding, "proxies/wap01/a.json"), one("ProxySslCertificate"));
    assert_eq!(told(&binding, "nodes/sts01/a.json"), one("SslCertificate"));
    // A certificate of the farm has a type, one of a store has not.
    let certificate = serde_json::json!({"Thumbprint": "AB", "NotAfter": "2026-01-01", "Issuer": "CN=a", "Subject": "CN=b"});
    assert_eq!(told(&certificate, "a.json"), one("CertificateFile"));
    // Graph and MSOnline show the same domain, and Graph's own JSON begins names with small letters.
    let graph = first("Get-MgDomainFederationConfiguration");
    let small =
        |name: &String| name.chars().next().unwrap().to_lowercase().chain(name.chars().skip(1)).collect();
    let rest: serde_json::Map<String, Value> =
        graph.as_object().unwrap().iter().map(|(name, value)| (small(name), value.clone())).collect();
    assert_eq!(told(&Value::Object(rest), "a.json"), one("DomainFederation"));
    // A forest has UPN suffixes, and so have the directory properties of the farm.
    let suffixes = ["Name", "ForestMode", "RootDomain", "UPNSuffixes"];
    assert_eq!(told(&only("Get-ADForest", &suffixes), "a.json"), one("DirectoryForest"));
}
