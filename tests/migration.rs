//! The pack that says which applications can move to Entra ID: off by default, and one verdict for each trust.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)] // a test that cannot go on stops

use std::collections::BTreeSet;
use std::process::{Command, Output};

use adfslint::check::{Options, native};
use adfslint::inputs;
use adfslint::pack::condition::functions::timestamp;
use adfslint::pack::{Pack, built_in, built_in_names};
use adfslint::report::{Report, pretty};
use adfslint::source::Sources;
use adfslint::{Role, Text, lint};

const VERDICT: &str = "MIG100";

fn pack(sources: &mut Sources) -> Pack {
    Pack::load(sources, &built_in("migration").unwrap(), &native::names()).unwrap()
}

fn run(folder: &str, pack: impl Fn(&mut Sources) -> Pack) -> (Report, Sources) {
    let mut sources = Sources::new();
    let files = inputs::gather(&[folder.to_owned()], &mut sources).files;
    let texts: Vec<Text> =
        files.iter().map(|file| Text { source: file.source, role: Role::Export }).collect();
    let options = Options {
        as_of: timestamp("2026-03-01").unwrap(),
        as_of_is_given: true,
        only: Vec::new(),
        every_verdict: false,
    };
    let pack = pack(&mut sources);
    let report = lint(&mut sources, &texts, &pack, &options);
    (report, sources)
}

fn adfslint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_adfslint")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    String::from_utf8(adfslint(arguments).stdout).unwrap()
}

#[test]
fn nothing_of_it_shows_by_default() {
    let (report, _) =
        run("examples/contoso-weak", |sources| Pack::load(sources, &[], &native::names()).unwrap());
    assert!(!report.rules.iter().any(|rule| rule.id.starts_with("MIG")));
    assert!(!report.findings.iter().any(|finding| finding.rule.starts_with("MIG")));
    assert!(!stdout(&["rules"]).contains("MIG"));
}

#[test]
fn its_name_is_enough() {
    assert_eq!(built_in_names(), ["migration"]);
    assert!(stdout(&["rules", "--pack", "migration"]).contains("\n  MIG001 "));
    assert!(stdout(&["rules", "--test", "--pack", "migration"]).contains("examples hold (rules: 18)"));
    let page = stdout(&["explain", "MIG100"]);
    assert!(page.contains("what the rules with the tag migration say"), "{page}");
    let wrong = adfslint(&["rules", "--pack", "migratoin"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("migration"));
}

#[test]
fn every_check_fires_on_the_weak_farm() {
    let (report, _) = run("examples/contoso-weak", pack);
    let fired: BTreeSet<&str> = report.findings.iter().map(|finding| &*finding.rule).collect();
    let ids = report.rules.iter().map(|rule| &*rule.id);
    let silent: Vec<&str> = ids.filter(|id| id.starts_with("MIG") && !fired.contains(id)).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn each_trust_has_one_verdict() {
    let mut shown = String::new();
    for folder in ["examples/contoso-weak", "examples/contoso-hardened", "examples/fabrikam-weak"] {
        let (report, sources) = run(folder, pack);
        let style = pretty::Style { color: false, unicode: true, width: 100, verbose: false };
        let written = pretty::write(&report, &sources, style);
        let list = written.split("(MIG100):\n").nth(1).unwrap().split("\n\n").next().unwrap();
        shown.push_str(&format!("{folder}\n{list}\n\n"));
        let row = report.rules.iter().find(|rule| &*rule.id == VERDICT).unwrap();
        let lines = u32::try_from(list.lines().count()).unwrap();
        assert_eq!(lines, row.pass + row.fail + row.unknown, "{folder}");
    }
    insta::assert_snapshot!(shown);
}

/// What the reasons name is what the checks found.
#[test]
fn the_verdict_names_what_the_checks_found() {
    let (report, _) = run("examples/contoso-weak", pack);
    for verdict in report.findings.iter().filter(|finding| &*finding.rule == VERDICT) {
        let named: BTreeSet<String> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.starts_with("MIG") && &*finding.rule != VERDICT)
            .filter(|finding| {
                finding.object.name == verdict.object.name
                    || finding.object.name.starts_with(&format!("{} › ", verdict.object.name))
            })
            .map(|finding| finding.rule.to_string())
            .collect();
        let words = verdict.message.split(|c: char| !c.is_ascii_alphanumeric());
        let said: BTreeSet<String> =
            words.filter(|word| word.starts_with("MIG")).map(str::to_owned).collect();
        assert_eq!(named, said, "{}", verdict.message);
    }
}

/// Every check of Microsoft's tool has its rule, or a reason why it has none.
#[test]
fn every_check_of_the_tool_is_accounted_for() {
    const PASSES: &str = "it passes whatever it finds: Entra ID encrypts too";
    const HELPER: &str =
        "a helper that compares texts; here the claim rules are parsed and compared with patterns";
    const DRIVER: &str = "it runs the checks and writes files; here `adfslint check --pack migration` does";
    let checks: [(&str, Result<&str, &str>); 22] = [
        ("Test-ADFSRPAdditionalAuthenticationRules", Ok("MIG007")),
        ("Test-ADFSRPAdditionalWSFedEndpoint", Ok("MIG001")),
        ("Test-ADFSRPAllowedAuthenticationClassReferences", Ok("MIG002")),
        ("Test-ADFSRPAlwaysRequireAuthentication", Ok("MIG003")),
        ("Test-ADFSRPAutoUpdateEnabled", Ok("MIG012")),
        ("Test-ADFSRPClaimsProviderName", Ok("MIG004")),
        ("Test-ADFSRPDelegationAuthorizationRules", Ok("MIG010")),
        ("Test-ADFSRPEncryptClaims", Err(PASSES)),
        ("Test-ADFSRPImpersonationAuthorizationRules", Ok("MIG011")),
        ("Test-ADFSRPIssuanceAuthorizationRules", Ok("MIG008")),
        ("Test-ADFSRPIssuanceTransformRules", Ok("MIG009")),
        ("Test-ADFSRPMonitoringEnabled", Ok("MIG013")),
        ("Test-ADFSRPNotBeforeSkew", Ok("MIG014")),
        ("Test-ADFSRPRequestMFAFromClaimsProviders", Ok("MIG015")),
        ("Test-ADFSRPSignedSamlRequestsRequired", Ok("MIG016")),
        ("Test-ADFSRPTokenLifetime", Ok("MIG006")),
        ("Test-ADFSRPEncryptedNameIdRequired", Ok("MIG005")),
        ("Test-ADFSRPRuleset", Err(HELPER)),
        ("Invoke-ADFSClaimRuleAnalysis", Err(HELPER)),
        ("Test-ADFS2AADOnPremRPTrust", Err(DRIVER)),
        ("Test-ADFS2AADOnPremRPTrustSet", Err(DRIVER)),
        ("Export-ADFS2AADOnPremConfiguration", Err(DRIVER)),
    ];
    let mut sources = Sources::new();
    let pack = pack(&mut sources);
    let mut claimed = BTreeSet::new();
    for (check, rule) in checks {
        let Ok(id) = rule else { continue };
        let rule = pack.find(id).unwrap_or_else(|| panic!("{check} has no rule {id}"));
        let mut named = rule.references.iter().filter_map(|reference| reference.statement.as_ref());
        let is_named = named.any(|(document, said)| &**document == "migration-tool" && &**said == check);
        assert!(is_named, "{id} does not name {check}");
        assert!(claimed.insert(id), "{id} stands for two checks");
    }
    // Access control policies came after the tool, and the verdict is a sum.
    let ours: BTreeSet<&str> =
        pack.rules.iter().map(|rule| &*rule.id).filter(|id| id.starts_with("MIG")).collect();
    let more: Vec<_> = ours.difference(&claimed).copied().collect();
    assert_eq!(more, ["MIG017", VERDICT]);
}
