//! Conditions with one thing turned around, to see whether the examples of a rule would notice.

use super::Condition;
use super::tree::{Expression, ExpressionKind, Macro, Operator, Range};

/// A condition that differs from the one that is meant in one place.
#[derive(Debug, Clone)]
pub struct Flip {
    /// What it was, in bytes of the condition's text.
    pub range: Range,
    /// What was done: ``` `<` became `<=` ```.
    pub change: String,
    /// The condition that came of it.
    pub condition: Condition,
}

impl Condition {
    /// Every condition that comes of turning one operator around: a comparison, `in`, `&&`, `||`, `!`, a sign of
    /// arithmetic, the two ends of a choice, `exists` and `all`.
    pub fn flips(&self) -> Vec<Flip> {
        let flip =
            |(range, change, root): Flipped| Flip { range, change, condition: Self { root, ..self.clone() } };
        flipped(&self.root).into_iter().map(flip).collect()
    }
}

/// Where, what became of it, and the whole expression.
type Flipped = (Range, String, Expression);

fn flipped(expression: &Expression) -> Vec<Flipped> {
    let mut all: Vec<Flipped> = own(expression)
        .into_iter()
        .map(|(change, kind)| (expression.range, change, Expression { kind, ..expression.clone() }))
        .collect();
    for number in 0..expression.children().len() {
        let Some(child) = expression.children().get(number).copied() else { break };
        for (range, change, child) in flipped(child) {
            let mut whole = expression.clone();
            if let Some(place) = children_mut(&mut whole).into_iter().nth(number) {
                *place = child;
            }
            all.push((range, change, whole));
        }
    }
    all
}

/// [`Expression::children`], in the same order, to be changed.
fn children_mut(expression: &mut Expression) -> Vec<&mut Expression> {
    match &mut expression.kind {
        ExpressionKind::Field(inner, ..)
        | ExpressionKind::Member(inner, _)
        | ExpressionKind::Has(inner)
        | ExpressionKind::Not(inner)
        | ExpressionKind::Minus(inner) => vec![inner],
        ExpressionKind::Index(a, b) | ExpressionKind::Binary(_, a, b) | ExpressionKind::Macro(_, a, _, b) => {
            vec![a, b]
        }
        ExpressionKind::Choice(a, b, c) => vec![a, b, c],
        ExpressionKind::And(all)
        | ExpressionKind::Or(all)
        | ExpressionKind::List(all)
        | ExpressionKind::Call(_, all) => all.iter_mut().collect(),
        ExpressionKind::Map(entries) => entries.iter_mut().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

/// What can be turned around at the top of an expression.
fn own(expression: &Expression) -> Vec<(String, ExpressionKind)> {
    match &expression.kind {
        ExpressionKind::Binary(operator, a, b) => others(*operator)
            .iter()
            .map(|other| {
                let change = format!("`{}` became `{}`", operator.sign(), other.sign());
                (change, ExpressionKind::Binary(*other, a.clone(), b.clone()))
            })
            .chain((*operator == Operator::In).then(|| {
                let not = ExpressionKind::Not(Box::new(expression.clone()));
                ("`in` became `not in`".to_owned(), not)
            }))
            .collect(),
        ExpressionKind::And(all) => vec![("`&&` became `||`".to_owned(), ExpressionKind::Or(all.clone()))],
        ExpressionKind::Or(all) => vec![("`||` became `&&`".to_owned(), ExpressionKind::And(all.clone()))],
        ExpressionKind::Not(inner) => vec![("`!` went away".to_owned(), inner.kind.clone())],
        ExpressionKind::Choice(a, b, c) => {
            let turned = ExpressionKind::Choice(a.clone(), c.clone(), b.clone());
            vec![("the two ends of `? :` changed places".to_owned(), turned)]
        }
        ExpressionKind::Macro(Macro::Exists, list, variable, body) => {
            let turned = ExpressionKind::Macro(Macro::All, list.clone(), *variable, body.clone());
            vec![("`exists` became `all`".to_owned(), turned)]
        }
        ExpressionKind::Macro(Macro::All, list, variable, body) => {
            let turned = ExpressionKind::Macro(Macro::Exists, list.clone(), *variable, body.clone());
            vec![("`all` became `exists`".to_owned(), turned)]
        }
        _ => Vec::new(),
    }
}

/// What a slip of the pen makes of an operator: the opposite, and the neighbour that differs at the limit.
fn others(operator: Operator) -> &'static [Operator] {
    match operator {
        Operator::Equal => &[Operator::NotEqual],
        Operator::NotEqual => &[Operator::Equal],
        Operator::Less => &[Operator::LessOrEqual, Operator::GreaterOrEqual],
        Operator::LessOrEqual => &[Operator::Less, Operator::Greater],
        Operator::Greater => &[Operator::GreaterOrEqual, Operator::LessOrEqual],
        Operator::GreaterOrEqual => &[Operator::Greater, Operator::Less],
        Operator::Add => &[Operator::Subtract],
        Operator::Subtract => &[Operator::Add],
        Operator::Multiply => &[Operator::Divide],
        Operator::Divide => &[Operator::Multiply],
        Operator::In | Operator::Remainder => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Definitions, Scope, compile};
    use crate::farm::schema::{RecordTypeId, Schema};

    fn changes(text: &str) -> Vec<String> {
        let scope = Scope {
            schema: &Schema::default(),
            this: None,
            farm: RecordTypeId(0),
            facts: RecordTypeId(0),
            definitions: &Definitions::default(),
            metavariables: None,
        };
        let flips = compile(text, &scope).map(|condition| condition.flips()).unwrap_or_default();
        flips.into_iter().map(|flip| flip.change).collect()
    }

    #[test]
    fn every_operator_is_turned_around_once() {
        assert_eq!(changes("!(1 < 2)"), ["`!` went away", "`<` became `<=`", "`<` became `>=`"]);
        assert_eq!(changes("1 in [1] && true"), ["`&&` became `||`", "`in` became `not in`"]);
        assert_eq!(
            changes("[1].all(x, x == 1) ? true : false"),
            ["the two ends of `? :` changed places", "`all` became `exists`", "`==` became `!=`"]
        );
    }
}
