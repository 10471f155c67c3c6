//! Queries to attribute stores: whether the store exists, whether it can answer, and what gets into the query.

use super::{Answer, Asked, Detail};
use crate::claims::JOINED_QUERY;
use crate::claims::ast::{Body, ClaimRule, Literal};
use crate::claims::query::{self, StoreKind};
use crate::claims::{PlacedRule, RuleSet, SyntaxProblem};
use crate::farm::stores::Store;
use crate::farm::value::Site;

/// A store that the farm does not have, parts, placeholders and columns that do not fit.
pub(super) fn queries(asked: &Asked<'_, '_>) -> Answer {
    let Some((site, placed)) = asked.farm.parsed_rule(asked.subject) else { return Answer::NotApplicable };
    let Body::Store { store, query, .. } = &placed.rule.issuance.body else { return Answer::NotApplicable };
    if joined(asked, &placed).is_some() {
        return Answer::NotApplicable;
    }
    let known = asked.farm.store(&store.text());
    let mut details = Vec::new();
    if let Store::Absent(meant) = &known {
        details.push(absent(site, &placed, store, meant.as_deref()));
    }
    let kind = known.kind().or_else(|| query::reads_like_sql(&query.raw).then_some(StoreKind::Sql));
    details.extend(query::problems(&placed.rule, kind).into_iter().map(|problem| Detail {
        message: problem.message,
        help: Some(problem.help),
        places: vec![(
            site.part(placed.offset + problem.range.start, placed.offset + problem.range.end),
            problem.code.to_owned(),
        )],
        spans: Vec::new(),
    }));
    let missing = match known {
        Store::NotExported(missing) => vec![missing],
        _ => Vec::new(),
    };
    Answer::unless(details, missing)
}

fn absent(site: Site, placed: &PlacedRule, store: &Literal, meant: Option<&str>) -> Detail {
    let name = store.text();
    let help = match meant {
        Some(meant) => format!("Write store = \"{meant}\"."),
        None => {
            "Get-AdfsAttributeStore lists the stores of the farm; Add-AdfsAttributeStore adds one.".to_owned()
        }
    };
    Detail {
        message: format!("The farm has no attribute store \"{name}\"."),
        help: Some(help),
        places: vec![(
            site.part(placed.offset + store.range.start, placed.offset + store.range.end),
            "S120".to_owned(),
        )],
        spans: Vec::new(),
    }
}

/// Queries whose text a claim's value gets into.
pub(super) fn joined_queries(asked: &Asked<'_, '_>) -> Answer {
    let Some((site, placed)) = asked.farm.parsed_rule(asked.subject) else { return Answer::NotApplicable };
    let Body::Store { query, .. } = &placed.rule.issuance.body else { return Answer::NotApplicable };
    let mut details = Vec::new();
    if let Some(problem) = joined(asked, &placed) {
        details.push(Detail {
            message: "The query is put together with +.".to_owned(),
            help: None,
            places: vec![(
                site.part(problem.range.0, problem.range.1),
                "becomes part of the query".to_owned(),
            )],
            spans: Vec::new(),
        });
    } else if runs_text(asked, &placed.rule) {
        let (start, end) = (placed.offset + query.range.start, placed.offset + query.range.end);
        details.push(Detail {
            message: "The database puts a text together from the parameter and runs it.".to_owned(),
            help: Some("Call the procedure with the placeholder as a parameter of its own.".to_owned()),
            places: vec![(site.part(start, end), "runs a text that the parameter is joined into".to_owned())],
            spans: Vec::new(),
        });
    }
    Answer::of(details)
}

fn runs_text(asked: &Asked<'_, '_>, rule: &ClaimRule) -> bool {
    let Body::Store { store, query, .. } = &rule.issuance.body else { return false };
    // A query that runs a text is SQL, whatever the store is called; where the store is known, that decides.
    let kind = asked.farm.store(&store.text()).kind().unwrap_or(StoreKind::Sql);
    query::read(&query.raw, Some(kind)).runs_text
}

fn joined(asked: &Asked<'_, '_>, placed: &PlacedRule) -> Option<SyntaxProblem> {
    let (_, set) = asked.farm.parsed_rule_set(asked.subject)?;
    let range = placed.offset..placed.offset + placed.length;
    let set: &RuleSet = &set;
    set.problems
        .iter()
        .find(|problem| problem.code == JOINED_QUERY && range.contains(&problem.range.0))
        .cloned()
}
