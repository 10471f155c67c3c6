//! What Windows itself prints: registry, netsh, certutil, configuration files, Active Directory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods
)] // a test that cannot go on stops

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use adfslint::check::Options;
use adfslint::farm::{Content, Export, Farm};
use adfslint::node::Tree;
use adfslint::pack::condition::functions::timestamp;
use adfslint::read::encoding::decode;
use adfslint::read::{self, Format};
use adfslint::source::{Encoding, Sources};
use adfslint::{Role, Text, lint};
use proptest::prelude::*;

fn example(path: &str) -> String {
    decode(std::fs::read(format!("examples/{path}")).unwrap()).text
}

fn format(text: &str) -> Format {
    let mut sources = Sources::new();
    let source = sources.add_file("t".into(), text.into(), Encoding::Utf8, 0).unwrap();
    read::read(&sources, source).format
}

/// What conditions give on a farm of these files; `unknown` for what is missing.
fn shown(files: &[(&str, &str)], conditions: &[&str]) -> Vec<String> {
    let mut sources = Sources::new();
    let exports = files.iter().map(|(path, text)| {
        let source = sources.add_file((*path).into(), (*text).into(), Encoding::Utf8, 0).unwrap();
        let document = read::read(&sources, source);
        let tree = document.tree.unwrap_or_else(|| panic!("{path} is not read"));
        Export { path: (*path).into(), tree, content: Content::Objects }
    });
    let farm = Farm::new(Arc::clone(&common::pack().vocabulary), exports.collect());
    common::show(&farm, conditions, "2026-01-31")
}

const PROTOCOLS: &str = "farm.schannels[0].Protocols.map(p, p.Protocol + ' ' + p.Side + ' ' + string(p.Enabled) + ' ' + string(p.DisabledByDefault)).join('; ')";

#[test]
fn one_registry_in_every_form_says_the_same() {
    let export = example("contoso-hardened/proxies/wap01.contoso.com/schannel.reg");
    let query = example("contoso-hardened/proxies/wap02.contoso.com/schannel.txt");
    let whole =
        shown(&[("proxies/wap01/schannel.reg", &export)], &[PROTOCOLS, "size(farm.schannels[0].Protocols)"]);
    assert!(whole[0].starts_with("SSL 2.0 Client 0 1; SSL 2.0 Server 0 1"), "{whole:?}");
    assert_eq!(whole[1], "10");
    let prompt =
        format!("\nC:\\Windows\\system32>reg query \"HKLM\\SYSTEM\\...\\SCHANNEL\\Protocols\" /s\n{query}");
    for other in [export.replace("\r\n", "\n"), query.clone(), prompt] {
        let found = shown(&[("schannel.txt", &other)], &[PROTOCOLS, "size(farm.schannels[0].Protocols)"]);
        assert_eq!(whole, found);
    }
    let server = "farm.schannels[0].Node + (farm.schannels[0].IsProxy ? ' proxy ' : ' server ') + string(farm.schannels[0].EventLogging)";
    assert_eq!(
        shown(&[("proxies/wap01.contoso.com/schannel.reg", &export)], &[server]),
        ["wap01.contoso.com proxy 1"]
    );
}

/// PowerShell shows the values of a key, 0xffffffff as -1, and never says that there are no others.
#[test]
fn keys_may_come_as_objects() {
    let path = "Microsoft.PowerShell.Core\\\\Registry::HKEY_LOCAL_MACHINE\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\SecurityProviders\\\\SCHANNEL\\\\Protocols\\\\TLS 1.2";
    let json = format!(
        r#"[{{"Enabled": -1, "DisabledByDefault": 0, "PSPath": "{path}\\Server", "PSChildName": "Server"}},
            {{"Enabled": 0, "PSPath": "{path}\\Client", "PSChildName": "Client"}}]"#
    );
    let list = "\r\n\r\nEnabled           : -1\r\nDisabledByDefault : 0\r\nPSPath            : Microsoft.PowerShell.Core\\Registry::HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server\r\nPSChildName       : Server\r\n\r\nEnabled      : 0\r\nPSPath       : Microsoft.PowerShell.Core\\Registry::HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client\r\nPSChildName  : Client\r\n\r\n\r\n";
    let asked = [
        "farm.schannels[0].Protocols[0].Enabled",
        "farm.schannels[0].Protocols[1].Side",
        "farm.schannels[0].Protocols[1].DisabledByDefault",
        "size(farm.schannels[0].Protocols)",
    ];
    for text in [json.as_str(), list] {
        assert_eq!(
            shown(&[("keys", text)], &asked),
            ["4294967295", "Client", "unknown", "unknown"],
            "{text}"
        );
    }
}

#[test]
fn other_keys_of_the_registry() {
    let dot_net = example("contoso-hardened/nodes/sts01.contoso.com/dotnet-crypto.reg");
    let keys =
        "farm.dotNetCryptos.map(d, d.Version + ' ' + d.View + ' ' + string(d.SchUseStrongCrypto)).join('; ')";
    assert_eq!(
        shown(&[("dotnet-crypto.reg", &dot_net)], &[keys]),
        ["v4.0.30319 64-bit 1; v4.0.30319 32-bit 1"]
    );
    // Long binary values go on over several lines.
    let http = example("contoso-weak/nodes/sts01.contoso.com/http-parameters.reg");
    assert_eq!(shown(&[("http.reg", &http)], &["farm.httpParameters[0].EnableHttp2Tls"]), ["1"]);
    let script = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\HTTP\\Parameters]\r\n@=\"x\"\r\n\"A\\\"B\"=dword:1\r\n\"EnableHttp2Tls\"=dword:0\r\n\r\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\r\n\"EnableHttp2Tls\"=dword:1\r\n\r\n";
    assert_eq!(
        shown(
            &[("http.reg", script)],
            &[
                "farm.httpParameters.map(h, h.EnableHttp2Tls)",
                "has(farm.httpParameters[0].EnableHttp2Cleartext)"
            ]
        ),
        ["0", "False"]
    );
}

/// Verdicts of the rules about TLS on one server, by rule.
fn verdicts(path: &str, text: &str) -> BTreeSet<(String, &'static str)> {
    let mut sources = Sources::new();
    let facts = "nodes: [{name: sts01, role: sts, os: 2022}]";
    let mut texts = Vec::new();
    for (name, text, role) in [(path, text, Role::Export), ("adfslint.facts.yaml", facts, Role::Facts)] {
        let source = sources.add_file(name.into(), text.into(), Encoding::Utf8, 0).unwrap();
        texts.push(Text { source, role });
    }
    let only = ["TLS001", "TLS002", "TLS003"].map(str::to_owned).to_vec();
    let options =
        Options { as_of: timestamp("2026-03-01").unwrap(), as_of_is_given: true, only, every_verdict: true };
    let report = lint(&mut sources, &texts, common::pack(), &options);
    report.verdicts.unwrap().iter().map(|row| (row.rule.to_string(), row.verdict.name())).collect()
}

/// Wherever the file is cut, and whichever value is gone: what was wrong is wrong or undecided. Only at the end of a key does
/// a file that is cut off look like a whole one, and what is not there is as Windows has it.
#[test]
fn a_registry_export_that_is_cut_off_never_makes_a_pass() {
    let weak = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols]\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\SSL 3.0\\Server]\r\n\"DisabledByDefault\"=dword:00000000\r\n\"Enabled\"=dword:00000001\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.0\\Server]\r\n\"DisabledByDefault\"=dword:00000001\r\n\"Enabled\"=dword:00000000\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.1\\Server]\r\n\"DisabledByDefault\"=dword:00000001\r\n\"Enabled\"=dword:00000000\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server]\r\n\"DisabledByDefault\"=dword:00000001\r\n\"Enabled\"=dword:00000000\r\n\r\n";
    let path = "nodes/sts01/schannel.reg";
    let whole = verdicts(path, weak);
    let passes = |found: &BTreeSet<(String, &'static str)>| -> Vec<String> {
        found
            .iter()
            .filter(|(rule, verdict)| *verdict == "pass" && !whole.contains(&(rule.clone(), "pass")))
            .map(|one| one.0.clone())
            .collect()
    };
    assert!(
        whole.contains(&("TLS001".into(), "fail")) && whole.contains(&("TLS002".into(), "fail")),
        "{whole:?}"
    );
    for at in (200..weak.len()).filter(|at| !weak[..*at].ends_with("\n\r\n")).step_by(7) {
        let found = verdicts(path, &weak[..at]);
        assert!(passes(&found).is_empty(), "{:?} {found:?}", &weak[at.saturating_sub(40)..at]);
    }
    for line in weak.lines().filter(|line| line.starts_with('"')).collect::<BTreeSet<_>>() {
        for (at, _) in weak.match_indices(line) {
            let without = format!("{}{}", &weak[..at], &weak[at + line.len() + 2..]);
            let found = verdicts(path, &without);
            assert!(passes(&found).is_empty(), "without {line}: {found:?}");
        }
    }
}

/// What is asked of bindings.
const BINDINGS: [&str; 5] = [
    "farm.tlsBindings.map(b, b.Binding).join(' ')",
    "farm.tlsBindings.map(b, b.CertificateHash)[0]",
    "farm.tlsBindings.map(b, b.NegotiateClientCertificate)",
    "farm.tlsBindings.map(b, b.CtlStoreName)[0]",
    "farm.tlsBindings.map(b, b.DisableHttp2)[0]",
];

#[test]
fn netsh_is_read_in_every_release() {
    let english = example("contoso-hardened/nodes/sts02.contoso.com/netsh-http-show-sslcert.txt");
    let whole = shown(&[("netsh.txt", &english)], &BINDINGS);
    assert_eq!(whole[0], "sts.contoso.com:443 localhost:443 sts.contoso.com:49443");
    assert_eq!(whole[2..], ["False, False, True", "AdfsTrustedDevices", "False"]);
    // The long form of 2022, whose sub-blocks repeat.
    let long = example("contoso-hardened/nodes/sts01.contoso.com/netsh-http-show-sslcert.txt");
    assert!(long.contains("PropertyId"));
    assert_eq!(shown(&[("netsh.txt", &long)], &BINDINGS), whole);
}

/// Labels and words of other languages.
#[test]
fn netsh_is_read_in_every_language() {
    let english = example("contoso-hardened/nodes/sts02.contoso.com/netsh-http-show-sslcert.txt");
    let whole = shown(&[("netsh.txt", &english)], &BINDINGS);
    let words = |text: &str, pairs: &[(&str, &str)]| {
        pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let rows = [
        "Certificate Hash",
        "Application ID",
        "Certificate Store Name",
        "Verify Client Certificate Revocation",
        "Verify Revocation Using Cached Client Certificate Only",
        "Usage Check",
        "Revocation Freshness Time",
        "URL Retrieval Timeout",
        "Ctl Identifier",
        "Ctl Store Name",
        "DS Mapper Usage",
        "Negotiate Client Certificate",
        "Reject Connections",
        "Disable HTTP2",
        "Hostname:port",
        "IP:port",
        "SSL Certificate bindings:",
    ];
    let speaking = |prefix: &str, on: &str, off: &str, unset: &str| {
        let named: Vec<(String, String)> =
            rows.iter().enumerate().map(|(at, row)| ((*row).to_owned(), format!("{prefix}{at}"))).collect();
        let pairs: Vec<(&str, &str)> = named.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        words(
            &words(
                &english,
                &[("Not Set", unset), (": Enabled", &format!(": {on}")), (": Disabled", &format!(": {off}"))],
            ),
            &pairs,
        )
    };
    for (name, text) in [
        ("German", speaking("Zertifikat:", "Aktiviert", "Deaktiviert", "Nicht festgelegt")),
        ("French", speaking("Vérification d’un ", "Activé", "Désactivé", "Non défini")),
        ("Spanish", speaking("Comprobación ", "Habilitado", "Deshabilitado", "No establecido")),
        ("Japanese", speaking("証明書の", "有効", "無効", "未設定")),
        ("Russian", speaking("Проверка ", "Включено", "Отключено", "Не задано")),
    ] {
        assert_eq!(format(&text), Format::Netsh, "{name}");
        assert_eq!(shown(&[("netsh.txt", &text)], &BINDINGS), whole, "{name}");
    }
    // A language that nobody translated: what a place shows is known, and what a word means is not.
    let klingon = speaking("Qap ", "Hija'", "ghobe'", "wej");
    let found = shown(&[("netsh.txt", &klingon)], &BINDINGS);
    assert_eq!(found[..2], whole[..2]);
    assert!(found[2].contains("unknown") && found[3] == whole[3], "{found:?}");
}

#[test]
fn netsh_that_is_cut_off_never_shows_all_bindings() {
    let text = example("contoso-hardened/nodes/sts02.contoso.com/netsh-http-show-sslcert.txt");
    let end = text.find("49443").unwrap();
    for at in (end + 10..text.trim_end().len() - 60).step_by(9) {
        let Some(part) = text.get(..at) else { continue };
        let found = shown(
            &[("netsh.txt", part)],
            &[
                "farm.tlsBindings.all(b, b.Binding != 'x')",
                "farm.tlsBindings.filter(b, b.CtlStoreName == 'Adfs')",
            ],
        );
        assert!(found[0] != "True" || part.contains("Reject"), "{:?}: {found:?}", &part[part.len() - 30..]);
    }
}

#[test]
fn certutil_is_read_in_every_language() {
    let asked = ["farm.certificateFiles.map(c, c.Thumbprint + ' ' + c.Subject).join('; ')"];
    let english = example("contoso-hardened/nodes/sts01.contoso.com/certutil-store-my.txt");
    assert_eq!(format(&english), Format::Certutil);
    assert_eq!(
        shown(&[("my.txt", &english)], &asked),
        ["4B9D69066725ADD1D4E21B2143F0C71BB0445997 CN=sts.contoso.com"]
    );
    let german = example("contoso-weak/nodes/sts02.contoso.com/certutil-store-my.txt");
    assert_eq!(
        shown(&[("my.txt", &german)], &asked),
        [
            "D6D1160A0BB15B72CA8668931738BB955127B456 CN=sts.contoso.com; F9D9CC54047AF3B0662175E57FE755AA09C1B305 CN=sts.contoso.com"
        ]
    );
    // A dump shows hashes of names and keys first, and names over several lines.
    let dump = "X509 Certificate:\r\nVersion: 3\r\nSerial Number: 1a2b3c\r\nSignature Algorithm:\r\n    Algorithm ObjectId: 1.2.840.113549.1.1.11 sha256RSA\r\nIssuer:\r\n    CN=Contoso CA\r\n  Name Hash(sha1): 0000000000000000000000000000000000000001\r\n\r\n NotBefore: 1/1/2026 12:00 AM\r\n NotAfter: 4/1/2027 12:00 AM\r\n\r\nSubject:\r\n    CN=sts.contoso.com\r\n  Name Hash(sha1): 0000000000000000000000000000000000000002\r\nKey Id Hash(sha1): 0000000000000000000000000000000000000003\r\nCert Hash(md5): 00000000000000000000000000000001\r\nCert Hash(sha1): 4b 9d 69 06 67 25 ad d1 d4 e2 1b 21 43 f0 c7 1b b0 44 59 97\r\nCert Hash(sha256): 00\r\n";
    assert_eq!(
        shown(&[("dump.txt", dump)], &["farm.certificateFiles.map(c, c.Thumbprint)"]),
        ["4B9D69066725ADD1D4E21B2143F0C71BB0445997"]
    );
    // A local date is what its culture makes of it.
    assert_eq!(shown(&[("my.txt", &english)], &["farm.certificateFiles[0].NotAfter"]), ["unknown"]);
}

#[test]
fn configuration_files_of_iis_and_of_the_service() {
    let host = example("adatum-weak/proxies/proxy01.adatum.com/applicationHost.config");
    let web = example("adatum-weak/nodes/sts01.adatum.com/web.config");
    let asked = [
        "farm.iisAuthentications.map(i, i.Path).join(' ')",
        "farm.iisAuthentications[1].Anonymous",
        "farm.iisAuthentications[1].WindowsAuthentication",
        "farm.iisAuthentications[1].ExtendedProtection",
        "farm.iisAuthentications[1].LocalAuthenticationTypes.join(' ')",
    ];
    // Anonymous callers are let in by a path above; both files tell of one path.
    let files = [("nodes/sts01/applicationHost.config", host.as_str()), ("nodes/sts01/web.config", &web)];
    assert_eq!(
        shown(&files, &asked),
        ["adfs adfs/ls", "True", "True", "Allow", "Integrated Forms TlsClient Basic"]
    );
    let service =
        example("contoso-weak/nodes/sts02.contoso.com/Microsoft.IdentityServer.Servicehost.exe.config");
    let asked = [
        "farm.serviceHostConfigurations[0].References.map(r, r.Assembly + ' ' + r.PublicKeyToken).join('; ')",
        "farm.serviceHostConfigurations[0].ContentSha256",
    ];
    let found = shown(&[("nodes/sts02/service.config", &service)], &asked);
    assert_eq!(
        found[0],
        "Microsoft.IdentityServer.Service 31bf3856ad364e35; Microsoft.IdentityServer.Diagnostics 31bf3856ad364e35; Microsoft.IdentityServer.Diagnostics 0123456789abcdef"
    );
    // Layout, comments and connection strings are no difference; everything else is.
    let moved = service
        .replace("\r\n", "\n")
        .replace("    ", "\t")
        .replace("written to the Windows log", "x")
        .replace("microsoft##wid", "other");
    assert_eq!(shown(&[("service.config", &moved)], &asked), found);
    let other = service.replace("switchValue=\"Off\"", "switchValue=\"All\"");
    assert_ne!(shown(&[("service.config", &other)], &asked)[1], found[1]);
    // A file that is cut off names no more than it shows.
    let cut = &service[..service.find("gcServer").unwrap()];
    let cut = shown(
        &[("service.config", cut)],
        &[
            "farm.serviceHostConfigurations[0].References.all(r, r.Assembly != 'x')",
            "has(farm.serviceHostConfigurations[0].ContentSha256)",
        ],
    );
    assert_eq!(cut, ["unknown", "False"]);
    let typed =
        "<!DOCTYPE x [<!ENTITY a \"b\">]><configuration><microsoft.identityServer.service/></configuration>";
    assert_eq!(format(typed), Format::Clixml);
}

#[test]
fn what_the_toolbox_writes_of_tls_proves_no_pass() {
    let text = example("contoso-weak/proxies/wap02.contoso.com/WAP02_ADFS-TLSConfig.txt");
    assert_eq!(format(&text), Format::Toolbox);
    let asked = [
        "farm.schannels[0].Node",
        "farm.schannels[0].Protocols[2].Protocol",
        "farm.schannels[0].Protocols[3].Toolbox",
        "size(farm.schannels[0].Protocols)",
    ];
    assert_eq!(
        shown(&[("WAP02_ADFS-TLSConfig.txt", &text)], &asked),
        ["wap02", "SSL 2.0", "Enabled (default)", "unknown"]
    );
    let server = text.replace("WAP02", "STS01");
    let found = verdicts("nodes/sts01.contoso.com/STS01_ADFS-TLSConfig.txt", &server);
    assert!(
        found.contains(&("TLS002".into(), "fail")) && !found.iter().any(|one| one.1 == "pass"),
        "{found:?}"
    );
}

#[test]
fn trusts_and_forest_of_active_directory_in_every_format() {
    let asked = [
        "farm.directoryTrusts[0].Direction",
        "farm.directoryTrusts[0].TrustAttributes.join(' ')",
        "farm.directoryTrusts[0].SelectiveAuthentication",
        "farm.directoryForest.UPNSuffixes.join(' ')",
    ];
    let expected =
        ["BiDirectional", "FOREST_TRANSITIVE CROSS_ORGANIZATION", "True", "contoso.com contoso.net"];
    let json = r#"{"Direction": 3, "DisallowTransivity": false, "DistinguishedName": "CN=fabrikam.local,CN=System,DC=contoso,DC=com", "ForestTransitive": true, "IntraForest": false, "IsTreeParent": false, "IsTreeRoot": false, "Name": "fabrikam.local", "ObjectClass": "trustedDomain", "ObjectGUID": "0c5a9d5e-6b30-4a2d-8f39-111111111111", "SelectiveAuthentication": true, "SIDFilteringForestAware": false, "SIDFilteringQuarantined": false, "Source": "DC=contoso,DC=com", "Target": "fabrikam.local", "TGTDelegation": false, "TrustAttributes": 24, "TrustedPolicy": null, "TrustingPolicy": null, "TrustType": 2, "UplevelOnly": false, "UsesAESKeys": false, "UsesRC4Encryption": false, "PropertyNames": ["Direction", "Name"], "AddedProperties": [], "RemovedProperties": [], "ModifiedProperties": [], "PropertyCount": 23}"#;
    let forest = r#"{"ForestMode": 7, "Name": "contoso.com", "RootDomain": "contoso.com", "UPNSuffixes": ["contoso.com", "contoso.net"], "Domains": ["contoso.com"]}"#;
    assert_eq!(shown(&[("Get-ADTrust.json", json), ("Get-ADForest.json", forest)], &asked), expected);
    let clixml = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><TN RefId="0"><T>Microsoft.ActiveDirectory.Management.ADTrust</T><T>System.Object</T></TN><ToString>CN=fabrikam.local</ToString><Props><Obj N="Direction" RefId="1"><TN RefId="1"><T>Microsoft.ActiveDirectory.Management.ADTrustDirection</T><T>System.Enum</T></TN><ToString>BiDirectional</ToString><I32>3</I32></Obj><B N="SelectiveAuthentication">true</B><B N="SIDFilteringQuarantined">false</B><I32 N="TrustAttributes">24</I32><S N="Name">fabrikam.local</S><S N="Target">fabrikam.local</S></Props></Obj></Objs>"#;
    let list = "\r\n\r\nApplicationPartitions : {DC=DomainDnsZones,DC=contoso,DC=com}\r\nForestMode            : Windows2016Forest\r\nName                  : contoso.com\r\nRootDomain            : contoso.com\r\nUPNSuffixes           : {contoso.com, contoso.net}\r\n\r\n\r\n";
    assert_eq!(shown(&[("Get-ADTrust.xml", clixml), ("Get-ADForest.txt", list)], &asked), expected);
    let printed = "\r\n\r\nDirection               : BiDirectional\r\nName                    : fabrikam.local\r\nSelectiveAuthentication : True\r\nSIDFilteringQuarantined : False\r\nTarget                  : fabrikam.local\r\nTrustAttributes         : 24\r\n\r\n\r\n";
    assert_eq!(shown(&[("Get-ADTrust.txt", printed), ("Get-ADForest.txt", list)], &asked), expected);
}

#[test]
fn every_cipher_suite_is_read() {
    let text = example("contoso-weak/nodes/sts01.contoso.com/Get-TlsCipherSuite.json");
    let asked = ["size(farm.tlsCipherSuites)", "farm.tlsCipherSuites[7].Protocols.join(' ')"];
    assert_eq!(
        shown(&[("Get-TlsCipherSuite.json", &text)], &asked),
        ["8", "TLS1.0 TLS1.1 TLS1.2 DTLS1.0 DTLS1.2"]
    );
}

/// Pieces of everything that Windows prints, with one of them broken: nothing panics, and every place is in the text.
fn broken() -> impl Strategy<Value = String> {
    let files = [
        "contoso-hardened/nodes/sts01.contoso.com/schannel.reg",
        "contoso-weak/nodes/sts01.contoso.com/http-parameters.reg",
        "contoso-hardened/proxies/wap02.contoso.com/schannel.txt",
        "contoso-weak/nodes/sts01.contoso.com/netsh-http-show-sslcert.txt",
        "contoso-weak/nodes/sts02.contoso.com/certutil-store-my.txt",
        "contoso-weak/nodes/sts02.contoso.com/Microsoft.IdentityServer.Servicehost.exe.config",
        "adatum-weak/nodes/sts01.adatum.com/applicationHost.config",
        "contoso-weak/proxies/wap02.contoso.com/WAP02_ADFS-TLSConfig.txt",
    ];
    let texts: Vec<String> = files.iter().map(|file| example(file)).collect();
    (
        prop::sample::select(texts),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        "\\PC{0,3}|\r|\n|\"|\\[|:|=|<|\\\\",
    )
        .prop_map(|(text, from, length, inserted)| {
            let letters: Vec<char> = text.chars().collect();
            let from = from.index(letters.len());
            let to = (from + length.index(60)).min(letters.len());
            letters[..from].iter().collect::<String>() + &inserted + &letters[to..].iter().collect::<String>()
        })
}

proptest! {
    #[test]
    fn nothing_broken_makes_a_reader_panic(text in broken()) {
        let mut sources = Sources::new();
        let source = sources.add_file("t".into(), text.clone(), Encoding::Utf8, 0).unwrap();
        let document = read::read(&sources, source);
        let tree = document.tree.as_ref();
        for node in (0..tree.map_or(0, Tree::len)).filter_map(|at| tree.and_then(|tree| tree.node(u32::try_from(at).unwrap()))) {
            let span = node.span();
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?}", span);
        }
    }
}
