//! The page of every rule: whole, readable, and with examples as an administrator would meet them.
#![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on stops

use adfslint::check::native;
use adfslint::pack::Pack;
use adfslint::report::explain::explain;
use adfslint::source::Sources;

fn pack() -> Pack {
    Pack::load(&mut Sources::new(), &[], &native::names()).unwrap()
}

#[test]
fn every_page_is_whole() {
    let pack = pack();
    let mut wrong = Vec::new();
    for rule in &pack.rules {
        let page = explain(&pack, rule);
        for heading in
            ["Severity ", "Confidence ", "Looks at ", "\nWhy\n  ", "\nFails: ", "\nPasses: ", "\nFix\n  "]
        {
            if !page.contains(heading) {
                wrong.push(format!("{}: no {}", rule.id, heading.trim()));
            }
        }
        // What was read, what it lacks and what it should not hold can always be told.
        let can_always_tell = ["READ001", "READ002", "DATA001", "DATA003"].contains(&&*rule.id);
        if !can_always_tell && !page.contains("\nCannot tell\n") && !page.contains("\nDoes not apply\n") {
            wrong.push(format!("{}: says of nothing that it cannot tell", rule.id));
        }
        if !can_always_tell && page.contains("{\"Get-") {
            wrong.push(format!("{}: shows JSON", rule.id));
        }
        if page.lines().any(|line| line.ends_with(' ')) {
            wrong.push(format!("{}: blanks at the end of a line", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_as_they_are_printed() {
    let pack = pack();
    for id in ["CLM001", "CLM054"] {
        insta::assert_snapshot!(id, explain(&pack, pack.find(id).unwrap()));
    }
}
