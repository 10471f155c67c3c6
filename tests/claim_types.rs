//! The claim types that the program knows, as data.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::check::native;
use adfslint::claims::spelling::Slip;
use adfslint::claims::types::{Group, Origin};
use adfslint::farm::schema::Type;
use adfslint::pack::{Pack, PackFile};
use adfslint::report::pretty::{self, Style};
use adfslint::source::Sources;

fn pack(own: &str) -> Result<Pack, String> {
    let mut sources = Sources::new();
    let file = PackFile { path: "acme/claim-types.yaml".into(), text: own.into() };
    let own = if own.is_empty() { vec![] } else { vec![file] };
    let style = Style { color: false, unicode: true, width: 100, verbose: false };
    Pack::load(&mut sources, &own, &native::names())
        .map_err(|errors| errors.iter().map(|error| pretty::write_error(error, &sources, style)).collect())
}

#[test]
fn types_are_found_by_address_and_by_name() {
    let pack = pack("").unwrap();
    let types = pack.vocabulary.claim_types();
    let inside = types.get("http://schemas.microsoft.com/ws/2012/01/insidecorporatenetwork").unwrap();
    assert_eq!((inside.origin, inside.group, inside.is_boolean()), (Origin::Adfs, Group::Request, true));
    let forwarded = types.named("x-ms-forwarded-client-ip").unwrap();
    assert_eq!((forwarded.origin, forwarded.many), (Origin::Client, true));
    assert!(types.get("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/UPN").is_none());
    let near = types.near("https://schemas.microsoft.com/authorization/claims/permit").unwrap();
    assert_eq!((&*near.0.name, near.1), ("permit", Slip::Https));
}

#[test]
fn no_well_known_type_is_a_slip_of_another() {
    let pack = pack("").unwrap();
    let types = pack.vocabulary.claim_types();
    assert!(types.iter().count() > 120);
    for known in types.iter() {
        assert_eq!(types.near(&known.uri), None, "{}", known.uri);
        assert!(!known.uri.starts_with("https://") && !known.meaning.ends_with('.'), "{}", known.uri);
    }
}

#[test]
fn conditions_know_the_same_words() {
    let pack = pack("").unwrap();
    let schema = &pack.vocabulary.schema;
    let record = schema.record(schema.record_id("ClaimType").unwrap()).unwrap();
    let words = |field: &str| match &record.field(record.field_id(field).unwrap()).unwrap().value {
        Type::Choice(words) => words.to_vec(),
        other => panic!("{field} is {other:?}"),
    };
    let groups: Vec<_> = Group::ALL.iter().map(|group| group.word().to_owned()).collect();
    let origins: Vec<_> = Origin::ALL.iter().map(|origin| origin.word().to_owned()).collect();
    assert_eq!((words("group"), words("origin")), (groups, origins));
}

#[test]
fn a_pack_adds_types_of_its_own() {
    let own = "- {name: costcentre, uri: 'http://acme.example/costcentre', group: other, origin: partner, meaning: cost centre}\n";
    let pack = pack(own).unwrap();
    let found = pack.vocabulary.claim_types().get("http://acme.example/costcentre").unwrap();
    assert_eq!((found.origin, &*found.meaning), (Origin::Partner, "cost centre"));
}

#[test]
fn mistakes_in_own_types_are_told_with_their_place() {
    let good = "- {name: costcentre, uri: 'http://acme.example/costcentre', group: other, origin: partner, meaning: cost centre, many: true}\n";
    let mistakes = [
        ("an unknown key", "many:", "mny:"),
        ("an unknown origin", "origin: partner", "origin: partners"),
        ("an unknown group", "group: other", "group: person"),
        ("no truth", "many: true", "many: often"),
        ("no meaning", ", meaning: cost centre", ""),
        ("a blank", "acme.example/cost", "acme.example/ cost"),
        ("a name that is taken", "name: costcentre", "name: upn"),
        (
            "an address that is taken",
            "http://acme.example/costcentre",
            "http://schemas.microsoft.com/authorization/claims/permit",
        ),
        ("no list", "- {", "{"),
    ];
    let mut told = String::new();
    for (name, right, wrong) in mistakes {
        assert!(good.contains(right), "{name}");
        let error = pack(&good.replacen(right, wrong, 1)).expect_err(name);
        told.push_str(&format!("=== {name}\n{error}\n"));
    }
    insta::assert_snapshot!(told);
}
