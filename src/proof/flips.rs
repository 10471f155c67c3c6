//! Are the examples enough? Every operator of every condition is turned around, one at a time, and an example should notice.

use std::fmt;

use super::judge;
use crate::pack::Pack;
use crate::pack::condition::Definitions;
use crate::pack::rule::Rule;

/// A change that no example notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnoticed {
    /// Id of the rule, or name of the definition.
    pub of: String,
    /// Where in it, as written.
    pub excerpt: String,
    /// What was done.
    pub change: String,
}

impl fmt::Display for Unnoticed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}", self.of, self.change, self.excerpt)
    }
}

/// How many changes were tried, and which of them nothing noticed.
#[derive(Debug, Clone, Default)]
pub struct Tried {
    /// Changes.
    pub changes: usize,
    /// Those that no example notices.
    pub unnoticed: Vec<Unnoticed>,
}

/// Turns around what can be turned around in a whole pack: first the rules, then the named expressions.
pub fn of_pack(pack: &mut Pack) -> Tried {
    let rules: Vec<String> = pack.rules.iter().map(|rule| rule.id.to_string()).collect();
    let names: Vec<String> = pack.definitions.iter().map(|definition| definition.name.clone()).collect();
    let mut all = Tried::default();
    for id in &rules {
        all.add(of_rule(pack, id));
    }
    for name in &names {
        all.add(of_definition(pack, name));
    }
    all
}

impl Tried {
    /// Takes the result of another one in.
    pub fn add(&mut self, more: Self) {
        self.changes += more.changes;
        self.unnoticed.extend(more.unnoticed);
    }
}

/// Turns around what can be turned around in the conditions of a rule, for all of its kinds alike. The pack is left as
/// it was.
pub fn of_rule(pack: &mut Pack, id: &str) -> Tried {
    let mut tried = Tried::default();
    let Some(number) = pack.rules.iter().position(|rule| &*rule.id == id) else { return tried };
    let Some(original) = pack.rules.get(number).cloned() else { return tried };
    for (slot, condition) in original.conditions().enumerate() {
        for (turn, flip) in condition.flips().into_iter().enumerate() {
            tried.changes += 1;
            let changed = turned(&original, slot, turn);
            if let Some(place) = pack.rules.get_mut(number) {
                place.clone_from(&changed);
            }
            if holds(pack, &changed) {
                tried.unnoticed.push(Unnoticed {
                    of: id.to_owned(),
                    excerpt: excerpt(condition.text(), flip.range),
                    change: flip.change,
                });
            }
        }
    }
    if let Some(place) = pack.rules.get_mut(number) {
        place.clone_from(&original);
    }
    tried
}

/// Turns around what can be turned around in a named expression; an example of any rule may notice. The pack is left
/// as it was.
pub fn of_definition(pack: &mut Pack, name: &str) -> Tried {
    let mut tried = Tried::default();
    let Some((number, definition)) = pack.definitions.find(name) else { return tried };
    let original = definition.condition.clone();
    let users = users(pack, number);
    for flip in original.flips() {
        tried.changes += 1;
        let condition = flip.condition;
        pack.definitions.replace(number, condition);
        let all_hold = users.iter().all(|id| pack.find(id).is_none_or(|rule| holds(pack, rule)));
        if all_hold {
            tried.unnoticed.push(Unnoticed {
                of: name.to_owned(),
                excerpt: excerpt(original.text(), flip.range),
                change: flip.change,
            });
        }
    }
    pack.definitions.replace(number, original);
    tried
}

fn holds(pack: &Pack, rule: &Rule) -> bool {
    rule.examples.iter().all(|example| judge(pack, rule, example).is_none())
}

/// The rule with one condition turned around in one place. Its further kinds have the same conditions.
fn turned(original: &Rule, slot: usize, turn: usize) -> Rule {
    let mut rule = original.clone();
    turn_around(&mut rule, slot, turn);
    rule.also.iter_mut().for_each(|also| turn_around(also, slot, turn));
    rule
}

fn turn_around(rule: &mut Rule, slot: usize, turn: usize) {
    if let Some(condition) = rule.conditions_mut().nth(slot)
        && let Some(flip) = condition.flips().into_iter().nth(turn)
    {
        *condition = flip.condition;
    }
}

/// Rules whose conditions use a definition, be it through another one.
fn users(pack: &Pack, number: usize) -> Vec<String> {
    let named = uses(&pack.definitions, number);
    let is_user = |rule: &Rule| {
        std::iter::once(rule)
            .chain(&rule.also)
            .any(|rule| rule.conditions().any(|condition| condition.uses_any(&named)))
    };
    pack.rules.iter().filter(|rule| is_user(rule)).map(|rule| rule.id.to_string()).collect()
}

/// The definition and those that use it.
fn uses(definitions: &Definitions, number: usize) -> Vec<usize> {
    let mut all = vec![number];
    for (later, definition) in definitions.iter().enumerate().skip(number + 1) {
        if definition.condition.uses_any(&all) {
            all.push(later);
        }
    }
    all
}

/// The part of a condition, on one line.
fn excerpt(text: &str, range: (u32, u32)) -> String {
    const LONGEST: usize = 100;
    let part = text.get(range.0 as usize..range.1 as usize).unwrap_or(text);
    let flat = part.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", flat.get(..end).unwrap_or_default()),
        None => flat,
    }
}
