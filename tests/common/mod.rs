//! What several tests set up alike.
#![allow(dead_code)] // each test takes what it needs

use std::sync::LazyLock;

use adfslint::check::native;
use adfslint::pack::Pack;
use adfslint::source::Sources;

static PACK: LazyLock<Pack> =
    LazyLock::new(|| Pack::load(&mut Sources::new(), &[], &native::names()).unwrap());

/// The rules that the program brings along, read once.
pub fn pack() -> &'static Pack {
    &PACK
}
