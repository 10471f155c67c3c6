//! The farm: objects told by their properties, values in every spelling, wrappers of well-known tools.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

mod common;

use std::sync::Arc;

use adfslint::farm::{Content, Export, Farm};
use adfslint::read;
use adfslint::source::{Encoding, Sources};

fn built(files: &[(&str, &str)]) -> Farm {
    let mut sources = Sources::new();
    let pack = common::pack();
    let exports = files.iter().map(|(path, text)| {
        let source = sources.add_file((*path).into(), (*text).into(), Encoding::Utf8, 0).unwrap();
        let document = read::read(&sources, source);
        let content = match document.format {
            read::Format::ClaimRules => Content::ClaimRules,
            _ => Content::Objects,
        };
        let tree = document.tree.unwrap_or_else(|| panic!("{path} is not read"));
        Export { path: (*path).into(), tree, content }
    });
    let exports = exports.collect();
    Farm::new(Arc::clone(&pack.vocabulary), exports)
}

/// What a condition gives on a farm of these files, as a person reads it; `unknown` for what is missing.
fn shown(files: &[(&str, &str)], conditions: &[&str]) -> Vec<String> {
    common::show(&built(files), conditions, "2026-03-01")
}

fn properties(json: &str, conditions: &[&str]) -> Vec<String> {
    let text = format!("{{\"Get-AdfsProperties\": {json}}}");
    shown(&[("p.json", &text)], conditions)
}

#[test]
fn enums_in_every_spelling() {
    for spelling in [
        "4",
        "\"ADFSSmartLockoutEnforce\"",
        "\"adfssmartlockoutenforce\"",
        "{\"value\": 4, \"Value\": \"ADFSSmartLockoutEnforce\"}",
        "\"4\"",
    ] {
        let json = format!("{{\"HostName\": \"sts\", \"ExtranetLockoutMode\": {spelling}}}");
        assert_eq!(
            properties(&json, &["farm.properties.ExtranetLockoutMode"]),
            ["ADFSSmartLockoutEnforce"],
            "{spelling}"
        );
    }
    for (spelling, expected) in [
        ("3", "ADPasswordCounter, ADFSSmartLockoutLogOnly"),
        ("\"ADPasswordCounter, ADFSSmartLockoutLogOnly\"", "ADPasswordCounter, ADFSSmartLockoutLogOnly"),
        ("64", "unknown"),
        ("\"Sometimes\"", "unknown"),
        ("null", "empty"),
    ] {
        let json = format!("{{\"HostName\": \"sts\", \"ExtranetLockoutMode\": {spelling}}}");
        assert_eq!(properties(&json, &["farm.properties.ExtranetLockoutMode"]), [expected], "{spelling}");
    }
    let numbered = r#"{"Get-AdfsRelyingPartyTrust": [{"Name": "A", "SamlResponseSignature": 1}]}"#;
    let signature = "farm.relyingPartyTrusts.map(t, t.SamlResponseSignature == 'MessageOnly')";
    assert_eq!(shown(&[("t.json", numbered)], &[signature]), ["unknown"]);
    let trust = r#"{"Get-AdfsRelyingPartyTrust": [{"Name": "A", "SigningCertificateRevocationCheck": 0}, {"Name": "B", "SigningCertificateRevocationCheck": {"value": 5, "Value": "CheckChainExcludeRoot"}}]}"#;
    let checks = "farm.relyingPartyTrusts.map(t, t.SigningCertificateRevocationCheck)";
    assert_eq!(shown(&[("t.json", trust)], &[checks]), ["None, CheckChainExcludeRoot"]);
}

#[test]
fn booleans_dates_and_time_spans_in_every_spelling() {
    for spelling in ["true", "\"True\"", "\"true\"", "1", "\"$true\"", "\"Enabled\""] {
        let json = format!("{{\"HostName\": \"sts\", \"KmsiEnabled\": {spelling}}}");
        assert_eq!(properties(&json, &["farm.properties.KmsiEnabled"]), ["True"], "{spelling}");
    }
    for spelling in ["\"00:30:00\"", "{\"Ticks\": 18000000000, \"Minutes\": 30}", "\"PT30M\""] {
        let json = format!("{{\"HostName\": \"sts\", \"ExtranetObservationWindow\": {spelling}}}");
        assert_eq!(
            properties(&json, &["farm.properties.ExtranetObservationWindow"]),
            ["30 minutes"],
            "{spelling}"
        );
    }
    for (spelling, expected) in [
        ("\"\\/Date(1740787200000)\\/\"", "2025-03-01"),
        ("\"2025-03-01T00:00:00Z\"", "2025-03-01"),
        (
            "{\"value\": \"/Date(1740787200000)/\", \"DisplayHint\": 2, \"DateTime\": \"Saturday\"}",
            "2025-03-01",
        ),
        ("\"0001-01-01T00:00:00\"", "empty"),
        ("\"3/1/2025 12:00:00 AM\"", "unknown"),
    ] {
        let json = format!("{{\"HostName\": \"sts\", \"PersistentSsoCutoffTime\": {spelling}}}");
        assert_eq!(properties(&json, &["farm.properties.PersistentSsoCutoffTime"]), [expected], "{spelling}");
    }
}

#[test]
fn names_of_setters_and_old_names_are_known() {
    let json = r#"{"Hostname": "sts", "EnableKmsi": true, "SSOLifetimeMins": 480, "EnableExtranetLockout": false, "enableoauthdeviceflow": true}"#;
    let asked = [
        "farm.properties.HostName",
        "farm.properties.KmsiEnabled",
        "farm.properties.SsoLifetime",
        "farm.properties.ExtranetLockoutEnabled",
        "farm.properties.EnableOauthDeviceFlow",
    ];
    assert_eq!(properties(json, &asked), ["sts", "True", "480", "False", "True"]);
}

#[test]
fn lists_that_an_export_joined() {
    let trust = |identifier: &str| {
        format!(r#"{{"Get-AdfsRelyingPartyTrust": {{"Name": "A", "Identifier": {identifier}}}}}"#)
    };
    let asked = ["farm.relyingPartyTrusts.map(t, t.Identifier.join(' and ')).join('')"];
    assert_eq!(shown(&[("t.json", &trust("\"https://a https://b\""))], &asked), ["https://a and https://b"]);
    assert_eq!(shown(&[("t.json", &trust("\"https://a\""))], &asked), ["https://a"]);
    assert_eq!(shown(&[("t.json", &trust("\"System.String[]\""))], &asked), ["unknown"]);
    assert_eq!(shown(&[("t.json", &trust("\"My App\""))], &asked), ["unknown"]);
}

#[test]
fn the_farm_level_comes_from_whatever_says_it() {
    for (json, expected) in [
        (
            r#"{"Get-AdfsFarmInformation": {"CurrentFarmBehavior": 4, "FarmNodes": []}, "Get-AdfsProperties": {"HostName": "s", "CurrentFarmBehavior": 3}}"#,
            "4",
        ),
        (r#"{"Get-AdfsProperties": {"HostName": "s", "CurrentFarmBehavior": 3}}"#, "3"),
        (
            r#"{"ADFSToolbox": {"Adfs-Configuration": {"Role": 1, "MajorOsVersion": 10, "CurrentFarmBehavior": 3, "AdfsServers": ["a"], "WapServers": null}}, "Version": "1.0.9"}"#,
            "3",
        ),
        (
            r#"{"Get-AdfsProperties": {"HostName": "s", "SsoLifetime": 480, "TlsClientPort": 49443, "CertificateDuration": 365, "MonitoringInterval": 1440, "LoopDetectionEnabled": true}}"#,
            "1",
        ),
        (r#"{"Get-AdfsProperties": {"HostName": "s"}}"#, "unknown"),
    ] {
        assert_eq!(shown(&[("f.json", json)], &["farmLevel"]), [expected], "{json}");
    }
}

#[test]
fn wrappers_of_tools_are_peeled() {
    let counted = r#"{"value": [{"Name": "A", "Identifier": ["urn:a"], "IssuanceTransformRules": "", "SamlResponseSignature": "AssertionOnly", "SamlEndpoints": []}], "Count": 1}"#;
    assert_eq!(shown(&[("t.json", counted)], &["size(farm.relyingPartyTrusts)"]), ["1"]);
    let server = r#"{"Role": "STS", "Hosts": [], "ADFSRelyingPartyTrust": [{"Name": "A", "Enabled": true}], "ADFSProperties": {"HostName": "sts", "SsoLifetime": 480},
        "ADFSEndpoint": "SCRIPTERROR: access denied", "ADFSClaimsProviderTrust": []}"#;
    let asked = [
        "size(farm.relyingPartyTrusts)",
        "farm.properties.SsoLifetime",
        "size(farm.endpoints)",
        "size(farm.claimsProviderTrusts)",
    ];
    assert_eq!(shown(&[("c.json", server)], &asked), ["1", "480", "unknown", "0"]);
}

/// adfsToolbox lists properties by name, so a null may mean that the server does not have it.
#[test]
fn a_null_of_the_toolbox_is_a_gap() {
    let text = r#"{"ADFSToolbox": {"Adfs-Configuration": {"Role": 3, "MajorOsVersion": 10, "AdfsServers": null, "WapServers": ["w"],
        "AdfsGlobalAuthenticationPolicy": {"DeviceAuthenticationEnabled": null, "PrimaryIntranetAuthenticationProvider": null}, "AdfsRelyingPartyTrust": null}}}"#;
    let asked =
        ["farm.globalAuthenticationPolicy.DeviceAuthenticationEnabled", "size(farm.relyingPartyTrusts)"];
    assert_eq!(shown(&[("d.json", text)], &asked), ["unknown", "unknown"]);
}

/// The toolbox lists every test again by its outcome, and with it the bindings that the test saw.
#[test]
fn what_the_toolbox_lists_twice_counts_once() {
    let found = r#"{"Name": "CheckAdfsSslBindings", "ComputerName": "s", "Result": 0, "Detail": null, "ExceptionMessage": null, "Output":
        {"SSLBindings": [{"HostName": "sts.contoso.com", "PortNumber": 443, "CertificateHash": "BE22", "AppId": "5d89a20c"}]}}"#;
    let text = format!(
        r#"{{"ADFSToolbox": {{"Test-AdfsServerHealth": {{"AllTests": [{found}], "PassedTests": [{found}], "FailedTests": []}}}}}}"#
    );
    let asked = ["size(farm.toolboxTests)", "size(farm.sslCertificates)"];
    assert_eq!(shown(&[("d.json", &text)], &asked), ["1", "1"]);
}

#[test]
fn bindings_of_proxies_and_servers_are_told_apart_by_their_folder() {
    let binding = r#"[{"HostName": "sts.contoso.com", "PortNumber": 443, "CertificateHash": "be 22 83", "AppId": "5d89a20c"}]"#;
    let files =
        [("nodes/sts01.contoso.com/ssl.json", binding), ("proxies/wap01.contoso.com/ssl.json", binding)];
    let asked = [
        "farm.sslCertificates.map(b, b.Node).join('')",
        "farm.proxySslCertificates.map(b, b.Node).join('')",
        "farm.sslCertificates[0].CertificateHash",
    ];
    assert_eq!(shown(&files, &asked), ["sts01.contoso.com", "wap01.contoso.com", "BE2283"]);
}

#[test]
fn an_empty_export_is_an_export_and_an_empty_file_is_none() {
    assert_eq!(shown(&[("Get-AdfsWebApiApplication.json", "[]")], &["size(farm.webApiApplications)"]), ["0"]);
    assert_eq!(shown(&[("other.json", "[]")], &["size(farm.webApiApplications)"]), ["unknown"]);
}

/// The same trust in two files: what one lost the other has.
#[test]
fn two_exports_of_one_object_are_one_object() {
    let cut = r#"{"Get-AdfsRelyingPartyTrust": [{"Name": "A", "Identifier": ["urn:a"], "TokenLifetime": 60, "SamlEndpoints": "Microsoft.IdentityServer.Management.Resources.SamlEndpoint"}]}"#;
    let whole = r#"{"Get-AdfsRelyingPartyTrust": [{"Name": "A", "Identifier": ["urn:a"], "SamlEndpoints": [{"Location": "https://a"}]}]}"#;
    let asked = [
        "size(farm.relyingPartyTrusts)",
        "farm.relyingPartyTrusts[0].SamlEndpoints.map(e, e.Location).join('')",
        "farm.relyingPartyTrusts[0].TokenLifetime",
    ];
    for files in [[("a.json", cut), ("b.json", whole)], [("a.json", whole), ("b.json", cut)]] {
        assert_eq!(shown(&files, &asked), ["1", "https://a", "60"]);
    }
}

#[test]
fn parts_of_claim_rules_can_be_asked() {
    let rules = r#"c:[Type == \"urn:a\", Value =~ \"^x.de$\"] && NOT EXISTS([Type == \"urn:b\"]) => issue(store = \"HR\", types = (\"urn:c\", \"urn:d\"), query = \"q {0}\", param = RegExReplace(c.Value, \"a\", \"b\"));"#;
    let text = format!(
        "{{\"Get-AdfsRelyingPartyTrust\": [{{\"Name\": \"A\", \"IssuanceTransformRules\": \"{rules}\"}}]}}"
    );
    let rule = "farm.relyingPartyTrusts[0].IssuanceTransformRules.rules[0]";
    let asked = [
        format!("{rule}.selectors.map(s, s.condition + ' ' + s.claimType)"),
        format!("{rule}.tests.map(t, t.property + t.operator)"),
        format!("{rule}.tests[1].pattern.unescapedDots"),
        format!("{rule}.issuances.map(i, i.claimType)"),
        format!("{rule}.store + ' ' + {rule}.query + ' ' + {rule}.functions.join('')"),
        format!("{rule}.literals.map(l, l.role)"),
    ];
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    assert_eq!(
        shown(&[("t.json", &text)], &asked),
        [
            "select urn:a, not exists urn:b",
            "Type==, Value=~, Type==",
            "x.de",
            "urn:c, urn:d",
            "HR q {0} RegExReplace",
            "claim type, pattern, claim type, store, claim type, claim type, query, pattern, and 1 more",
        ]
    );
}

#[test]
fn a_rule_set_has_a_stage() {
    let trust = r#"{"Get-AdfsRelyingPartyTrust": [{"Name": "A", "IssuanceTransformRules": "", "IssuanceAuthorizationRules": ""}],
        "Get-AdfsClaimsProviderTrust": [{"Name": "B", "AcceptanceTransformRules": ""}]}"#;
    let stages = "farm.claimRuleSets.map(s, s.stage)";
    assert_eq!(shown(&[("t.json", trust)], &[stages]), ["transform, authorization, acceptance"]);
    let permit =
        r#"=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");"#;
    let other = r#"c:[Type == "urn:a"] => issue(claim = c);"#;
    let loose = |path, text| shown(&[(path, text)], &["farm.claimRuleSets[0].stage"]).remove(0);
    assert_eq!(loose("a.claims", permit), "authorization");
    assert_eq!(loose("Payroll.DelegationAuthorizationRules.txt", permit), "delegation");
    assert_eq!(loose("Payroll.issuancetransformrules.txt", other), "transform");
    assert_eq!(loose("a.claims", other), "empty");
}

#[test]
fn a_tool_that_counts_more_objects_than_it_lists_does_not_list_them_all() {
    let wrapper = |trusts: &str, count: usize| {
        format!("{{\"ADFSRelyingPartyTrust\": {trusts}, \"ADFSRelyingPartyTrustCount\": {count}}}")
    };
    let size = |text: &str| shown(&[("t.json", text)], &["size(farm.relyingPartyTrusts)"]);
    let one = "[{\"Name\": \"A\", \"Identifier\": [\"urn:a\"]}]";
    assert_eq!(size(&wrapper(one, 1)), ["1"]);
    assert_eq!(size(&wrapper(one, 7)), ["unknown"]);
    assert_eq!(size(&wrapper("[]", 7)), ["unknown"]);
    assert_eq!(size(&wrapper("[]", 0)), ["0"]);
}

#[test]
fn a_text_that_carries_where_it_came_from_is_a_text() {
    let rule = "=> issue(Type = \\\"urn:a\\\", Value = \\\"b\\\");";
    let read = format!("{{\"value\": \"{rule}\", \"PSPath\": \"x\", \"PSDrive\": {{}}, \"ReadCount\": 1}}");
    let remote = format!(
        "{{\"value\": \"{rule}\", \"PSComputerName\": \"sts\", \"RunspaceId\": \"x\", \"PSShowComputerName\": true}}"
    );
    let conditions = ["size(farm.additionalAuthenticationRule.AdditionalAuthenticationRules.rules)"];
    for text in [&read, &remote] {
        let named = shown(&[("Get-AdfsAdditionalAuthenticationRule.json", text)], &conditions);
        let wrapped = format!("{{\"Get-AdfsAdditionalAuthenticationRule\": {text}}}");
        assert_eq!(
            (named, shown(&[("all.json", &wrapped)], &conditions)),
            (vec!["1".to_owned()], vec!["1".to_owned()]),
            "{text}"
        );
    }
    let configured = ["farm.azureMfaConfigured.configured"];
    for text in ["true", "True\r\n", "{\"value\": true, \"PSComputerName\": \"sts\"}"] {
        assert_eq!(shown(&[("Get-AdfsAzureMfaConfigured.json", text)], &configured), ["True"], "{text}");
    }
    let bare = format!("\"{rule}\"\r\n");
    assert_eq!(shown(&[("Get-AdfsAdditionalAuthenticationRule.json", &bare)], &conditions), ["1"]);
}

/// What the toolbox found is as old as its file says. Where other exports are there too, nobody knows their day.
#[test]
fn the_diagnostics_file_of_the_toolbox_is_dated() {
    let found = r#"{"ADFSToolbox": {"Adfs-Configuration": {"Role": 1, "MajorOsVersion": 10, "AdfsServers": null, "WapServers": null}}}"#;
    let dated = ("in/ADFSDiagnosticsFile-20190115134922.json", found);
    let day = |files: &[(&str, &str)]| built(files).dated().map(|at| at.date().to_string());
    assert_eq!(day(&[dated]).as_deref(), Some("2019-01-15"));
    assert_eq!(day(&[dated, ("p.json", r#"{"Get-AdfsProperties": {"HostName": "sts.contoso.com"}}"#)]), None);
    assert_eq!(day(&[("x-20190115134922.json", r#"{"Get-AdfsProperties": {"SsoLifetime": 480}}"#)]), None);
}
