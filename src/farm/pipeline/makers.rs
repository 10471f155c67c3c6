//! Who may have made a claim.

use crate::farm::value::{Missing, Site};

/// Makers of one origin that an answer names.
const NAMED: usize = 8;

/// Where a claim may come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Maker {
    /// As an administrator calls it.
    pub name: String,
    /// `rule`, `directory`, `partner`, `adfs`.
    pub origin: &'static str,
    /// It passes on whatever comes, so it may send the claim and may not.
    pub everything: bool,
    /// It lets only some values through.
    pub filtered: bool,
    /// Where that is said.
    pub site: Option<Site>,
}

/// Who may have made a claim, and why there may be others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Makers {
    /// Those that are known; one is enough for the claim to come.
    pub found: Vec<Maker>,
    /// Why there may be others.
    pub open: Option<Missing>,
}

impl Makers {
    /// Names a maker, unless there are enough of its origin.
    pub(super) fn add(&mut self, maker: Maker) {
        if self.found.iter().filter(|known| known.origin == maker.origin).count() < NAMED {
            self.found.push(maker);
        }
    }

    /// Says why there may be others; the first reason counts.
    pub(super) fn lack(&mut self, missing: Option<Missing>) {
        self.open = self.open.take().or(missing);
    }
}
