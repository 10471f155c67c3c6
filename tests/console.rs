//! Consoles: transcripts, tables, errors, colours. What a console shows in the place of objects is not "none".

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

mod common;

use std::sync::Arc;

use adfslint::farm::{Content, Export, Farm};
use adfslint::read::{self, Format};
use adfslint::source::{Encoding, Sources};

/// What conditions give on a farm of one file, and what is said of the file.
fn shown(path: &str, text: &str, conditions: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut sources = Sources::new();
    let pack = common::pack();
    let source = sources.add_file(path.into(), text.into(), Encoding::Utf8, 0).unwrap();
    let document = read::read(&sources, source);
    let told = document.problems.iter().map(|problem| problem.message.clone()).collect();
    let content = Content::Objects;
    let exports: Vec<_> =
        document.tree.into_iter().map(|tree| Export { path: path.into(), tree, content }).collect();
    let farm = Farm::new(Arc::clone(&pack.vocabulary), exports);
    (common::show(&farm, conditions, "2026-03-01"), told)
}

const TRANSCRIPT: &str = "**********************\r\nWindows PowerShell transcript start\r\nStart time: 20260301091500\r\n\
    Username: CONTOSO\\admin\r\nMachine: STS01 (Microsoft Windows NT 10.0.17763.0)\r\n**********************\r\n\
    Transcript started, output file is C:\\temp\\t.txt\r\nPS C:\\Users\\admin> Get-AdfsWebConfig\r\n\r\n\r\n\
    ActiveThemeName      : Default\r\nHRDCookieLifetime    : 30\r\nHRDCookieEnabled     : True\r\n\
    ContextCookieEnabled : True\r\n\r\n\r\n\r\nPS C:\\Users\\admin> Get-AdfsProperties | fl Identifier,SsoLifetime,HostName\r\n\
    \r\n\r\nIdentifier  : http://sts.contoso.com/adfs/services/trust\r\nSsoLifetime : 480\r\nHostName    : sts.contoso.com\r\n\
    \r\n\r\n\r\nPS C:\\Users\\admin> Stop-Transcript\r\n**********************\r\nWindows PowerShell transcript end\r\n\
    End time: 20260301091600\r\n**********************\r\n";

#[test]
fn a_transcript_is_read_without_what_stands_around_the_objects() {
    let wanted =
        ["farm.webConfig.ContextCookieEnabled", "farm.properties.HostName", "farm.properties.SsoLifetime"];
    for text in [TRANSCRIPT.to_owned(), TRANSCRIPT.replace("\r\n", "\n"), TRANSCRIPT.replace("\r\n", "\r")] {
        let (values, told) = shown("t.txt", &text, &wanted);
        assert_eq!(values, ["True", "sts.contoso.com", "480"], "{text:?}");
        assert!(told.is_empty(), "{told:?}");
    }
}

/// An empty result of a command is an answer. A table, an error, a filter and a redirection are none.
#[test]
fn only_a_command_that_printed_nothing_says_that_there_is_nothing() {
    let error = "Get-AdfsRelyingPartyTrust : PS0316: The Service is not running.\r\nAt line:1 char:1\r\n\
        + Get-AdfsRelyingPartyTrust\r\n+ ~~~~\r\n    + CategoryInfo          : NotSpecified: (:) [x], Exception\r\n";
    let web = "PS C:\\> Get-AdfsWebConfig\r\n\r\nActiveThemeName      : Default\r\nContextCookieEnabled : True\r\n\r\n";
    let table = "\r\nName     Enabled\r\n----     -------\r\nFabrikam    True\r\n\r\n";
    for (path, text, expected) in [
        ("t.txt", format!("{web}PS C:\\> Get-AdfsRelyingPartyTrust\r\nPS C:\\>"), "0"),
        ("t.txt", format!("PS C:\\> Get-AdfsRelyingPartyTrust\r\n{error}PS C:\\>"), "unknown"),
        (
            "t.txt",
            format!("PS C:\\> Get-AdfsRelyingPartyTrust | ft Name, Enabled\r\n{table}PS C:\\>"),
            "unknown",
        ),
        ("t.txt", format!("PS C:\\> Get-AdfsRelyingPartyTrust\r\n{table}PS C:\\>"), "unknown"),
        ("t.txt", format!("{web}PS C:\\> Get-AdfsRelyingPartyTrust -Name HR\r\nPS C:\\>"), "unknown"),
        (
            "t.txt",
            format!("{web}PS C:\\> Get-AdfsRelyingPartyTrust | Export-Clixml t.xml\r\nPS C:\\> hostname"),
            "unknown",
        ),
        ("t.txt", format!("{web}PS C:\\> $t = Get-AdfsRelyingPartyTrust\r\nPS C:\\> hostname"), "unknown"),
        ("t.txt", format!("{web}PS C:\\> (Get-AdfsRelyingPartyTrust).Name\r\nHR\r\nPS C:\\>"), "unknown"),
        ("Get-AdfsRelyingPartyTrust.txt", error.to_owned(), "unknown"),
        ("Get-AdfsRelyingPartyTrust.txt", format!("\r\n{error}"), "unknown"),
        ("Get-AdfsRelyingPartyTrust.txt", table.to_owned(), "unknown"),
        ("Get-AdfsRelyingPartyTrust.json", "[\"HR\", \"Payroll\"]".to_owned(), "unknown"),
        ("t.json", "{\"Get-AdfsRelyingPartyTrust\": [\"HR\"]}".to_owned(), "unknown"),
        ("t.json", "{\"Get-AdfsRelyingPartyTrust\": [{\"Count\": 3}]}".to_owned(), "unknown"),
        ("t.json", "{\"Get-AdfsRelyingPartyTrust\": []}".to_owned(), "0"),
    ] {
        let (values, _) = shown(path, &text, &["size(farm.relyingPartyTrusts)"]);
        assert_eq!(values, [expected], "{path}: {text}");
    }
}

/// Objects of two kinds in one file, the second with shorter names.
#[test]
fn objects_of_another_width_begin_with_their_first_line() {
    let properties = "ExtendedProtectionTokenCheck : Allow\r\nIdentifier                   : http://a\r\nHostName                     : sts\r\nSsoLifetime                  : 480\r\n";
    let trust = |name: &str, policy: &str| {
        format!(
            "\r\nEnabled                 : True\r\nName                    : {name}\r\nIssuanceTransformRules  : a\r\n{}\r\nSamlResponseSignature   : AssertionOnly\r\nAccessControlPolicyName : {policy}\r\n",
            " ".repeat(26)
        )
    };
    let text =
        format!("\r\n{properties}{}{}{}", trust("A", "Permit everyone"), trust("B", ""), trust("C", "X"));
    let conditions = [
        "farm.relyingPartyTrusts.map(t, t.Name)",
        "farm.relyingPartyTrusts.map(t, t.AccessControlPolicyName)",
        "farm.relyingPartyTrusts.all(t, t.Enabled)",
        "farm.properties.SsoLifetime",
    ];
    let (values, _) = shown("all.txt", &text, &conditions);
    assert_eq!(values, ["A, B, C", "Permit everyone, empty, X", "True", "480"]);
}

#[test]
fn tables_and_errors_are_told_with_the_command_that_helps() {
    let mut sources = Sources::new();
    let mut helps = Vec::new();
    for text in [
        "PS C:\\> Get-AdfsWebConfig | ft\r\n\r\nA    B\r\n---- ----\r\nx    y\r\n\r\nPS C:\\> Get-AdfsProperties\r\n\r\nHostName  : sts\r\nSsoLifetime : 1\r\n",
        "PS C:\\> Get-AdfsSslCertificate\r\n\r\nHostName PortNumber\r\n-------- ----------\r\nsts      443\r\n",
        "PS C:\\> Get-AdfsSslCertificate\r\nGet-AdfsSslCertificate : PS0316: no\r\nA    : b\r\nC    : d\r\n",
    ] {
        let source = sources.add_file("t.txt".into(), text.into(), Encoding::Utf8, 0).unwrap();
        let document = read::read(&sources, source);
        helps.extend(document.problems.into_iter().map(|problem| problem.help.unwrap()));
    }
    let command = |name: &str| {
        format!("ConvertTo-Json -InputObject @({name}) -Depth 8 | Out-File {name}.json -Encoding utf8")
    };
    let again = format!(
        "# on the primary federation server, as administrator\n{}",
        command("Get-AdfsSslCertificate")
    );
    assert_eq!(helps, [command("Get-AdfsWebConfig"), command("Get-AdfsSslCertificate"), again]);
}

#[test]
fn colours_of_newer_powershell_are_no_part_of_names_or_values() {
    let text = "\r\n\u{1b}[32;1mIdentifier  : \u{1b}[0mhttp://sts/adfs\r\n\u{1b}[32;1mSsoLifetime : \u{1b}[0m480\r\n\
        \u{1b}[32;1mHostName    : \u{1b}[0m\u{1b}[31msts\u{1b}[0m.contoso.com\r\n\r\n";
    let (values, _) =
        shown("Get-AdfsProperties.txt", text, &["farm.properties.SsoLifetime", "farm.properties.HostName"]);
    assert_eq!(values, ["480", "sts.contoso.com"]);
}

#[test]
fn dictionaries_that_a_console_cut_off_are_not_known_to_lack_a_name() {
    let text = |headers: &str| {
        format!(
            "ResponseHeaders        : {headers}\r\nResponseHeadersEnabled : True\r\nCORSEnabled            : False\r\n"
        )
    };
    let conditions = [
        "farm.responseHeaders.ResponseHeaders['X-Frame-Options']",
        "has(farm.responseHeaders.ResponseHeaders['Content-Security-Policy'])",
        "'Content-Security-Policy' in farm.responseHeaders.ResponseHeaders",
        "size(farm.responseHeaders.ResponseHeaders)",
    ];
    let whole = "{[X-Frame-Options, DENY], [Strict-Transport-Security, max-age = 1; a, b]}";
    assert_eq!(shown("h.txt", &text(whole), &conditions).0, ["DENY", "False", "False", "2"]);
    let cut = "{[X-Frame-Options, DENY]...}";
    assert_eq!(shown("h.txt", &text(cut), &conditions).0, ["DENY", "unknown", "unknown", "unknown"]);
    // Not exported at all: `Select-Object` left it out.
    let without =
        "CORSTrustedOrigins     : {}\r\nResponseHeadersEnabled : True\r\nCORSEnabled            : False\r\n";
    assert_eq!(shown("Get-AdfsResponseHeaders.txt", without, &conditions).0, ["unknown"; 4]);
    let unread = "{System.Object, System.Object}";
    assert_eq!(shown("h.txt", &text(unread), &conditions).0, ["unknown"; 4]);
}

#[test]
fn a_list_of_certificates_is_not_split_at_the_commas_of_their_names() {
    let text = "Name                      : HR\r\nIdentifier                : {https://a,\r\n  https://b}\r\n\
        RequestSigningCertificate : {[Subject]\r\n                              CN=a, O=Fabrikam, C=US\r\n                            \r\n\
        \x20                           [Thumbprint]\r\n                              6162001C2C329EF02B0C4EE0E818E3C662C527FE\r\n\
        \x20                           , [Subject]\r\n                              CN=b, O=Fabrikam, C=US\r\n\
        \x20                           }\r\nSamlResponseSignature     : AssertionOnly\r\nWSFedEndpoint             : \r\n\
        IssuanceTransformRules    : \r\n";
    let conditions = [
        "farm.relyingPartyTrusts.map(t, size(t.RequestSigningCertificate))",
        "farm.relyingPartyTrusts.map(t, t.RequestSigningCertificate[0].Subject)",
        "farm.relyingPartyTrusts.map(t, t.Identifier)",
    ];
    let (values, _) = shown("t.txt", text, &conditions);
    assert_eq!(values, ["2", "CN=a, O=Fabrikam, C=US", "https://a, https://b"]);
}

#[test]
fn json_between_prompts_and_warnings_is_read() {
    let json = "{\r\n    \"HostName\":  \"sts.contoso.com\",\r\n    \"SsoLifetime\":  480,\r\n    \"FederationPassiveAddress\":  \"/adfs/ls/\",\r\n    \"Identifier\":  \"http://x\"\r\n}\r\n";
    let web = "{\"ActiveThemeName\":\"Default\",\"HRDCookieEnabled\":true,\"ContextCookieEnabled\":true}\r\n";
    let text = format!(
        "WARNING: Resulting JSON is truncated.\r\nPS C:\\> Get-AdfsProperties | ConvertTo-Json\r\n{json}PS C:\\> Get-AdfsWebConfig | ConvertTo-Json\r\n{web}"
    );
    let conditions = ["farm.properties.HostName", "farm.webConfig.HRDCookieEnabled"];
    let (values, told) = shown("t.txt", &text, &conditions);
    assert_eq!(values, ["sts.contoso.com", "True"]);
    assert_eq!(told.len(), 2, "{told:?}");
}

/// Thousands of wrapped lines without trailing blanks, and of objects of other widths, take no time.
#[test]
fn long_console_text_is_read_in_linear_time() {
    let indent = " ".repeat(31);
    let wrapped =
        (0..8_000).map(|n| format!("{indent}{}{n:05}\n", "x".repeat(44 + n % 5))).collect::<String>();
    let values = format!("HostName                     : sts\nGlobalRelyingPartyClaims      : \n{wrapped}");
    let objects = "\nHostName : x\nIdentifier : yyyyyyyyyy\n".repeat(8_000);
    for text in [values, objects] {
        let mut sources = Sources::new();
        let source = sources.add_file("t.txt".into(), text, Encoding::Utf8, 0).unwrap();
        assert_eq!(read::read(&sources, source).format, Format::FormatList);
    }
}
