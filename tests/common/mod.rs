//! What several tests set up alike.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // each test takes what it needs, and one that cannot go on stops

use std::sync::LazyLock;

use adfslint::check::evaluate::Run;
use adfslint::check::native;
use adfslint::farm::Farm;
use adfslint::pack::Pack;
use adfslint::pack::condition::functions::timestamp;
use adfslint::pack::condition::{Scope, compile};
use adfslint::source::Sources;

static PACK: LazyLock<Pack> =
    LazyLock::new(|| Pack::load(&mut Sources::new(), &[], &native::names()).unwrap());

/// The rules that the program brings along, read once.
pub fn pack() -> &'static Pack {
    &PACK
}

/// What conditions give on a farm, as a person reads it; `unknown` for what is missing.
pub fn show(farm: &Farm, conditions: &[&str], day: &str) -> Vec<String> {
    let pack = pack();
    let scope = Scope {
        schema: &pack.vocabulary.schema,
        this: None,
        farm: pack.vocabulary.farm(),
        facts: pack.vocabulary.facts(),
        definitions: &pack.definitions,
        metavariables: None,
    };
    let run = Run::new(&pack.definitions, farm.record(), farm.facts(), timestamp(day).unwrap());
    let show = |text: &&str| {
        let condition = compile(text, &scope).unwrap_or_else(|troubles| panic!("{text}: {troubles:?}"));
        run.show(&condition, None)
    };
    conditions.iter().map(show).collect()
}
