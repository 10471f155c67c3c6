//! The examples of the pack notice every operator that is turned around.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::check::native;
use adfslint::pack::{Pack, built_in};
use adfslint::proof::flips;
use adfslint::source::Sources;

#[test]
fn every_operator_that_is_turned_around_is_noticed() {
    let migration = built_in("migration").unwrap();
    let mut pack = Pack::load(&mut Sources::new(), &migration, &native::names()).unwrap();
    let tried = flips::of_pack(&mut pack);
    assert!(tried.changes > 3_500, "only {} changes were tried", tried.changes);
    let unnoticed: Vec<String> = tried.unnoticed.iter().map(ToString::to_string).collect();
    assert!(unnoticed.is_empty(), "no example notices these changes: {unnoticed:#?}");
}
