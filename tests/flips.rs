//! The examples of the pack notice every operator that is turned around.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use std::collections::BTreeSet;

use adfslint::check::native;
use adfslint::pack::Pack;
use adfslint::proof::flips;
use adfslint::source::Sources;

/// Changes that no example notices yet, one a line. Nothing may be added; what an example notices by now must go.
const UNNOTICED: &str = include_str!("flips/unnoticed.txt");

#[test]
fn every_operator_that_is_turned_around_is_noticed() {
    let mut pack = Pack::load(&mut Sources::new(), &[], &native::names()).unwrap();
    let tried = flips::of_pack(&mut pack);
    assert!(tried.changes > 1900, "only {} changes were tried", tried.changes);
    let found: BTreeSet<String> = tried.unnoticed.iter().map(ToString::to_string).collect();
    let known: BTreeSet<String> = UNNOTICED.lines().map(str::to_owned).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "no example notices these changes: {new:#?}");
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(
        gone.is_empty(),
        "these are noticed by now; take them out of tests/flips/unnoticed.txt: {gone:#?}"
    );
}
