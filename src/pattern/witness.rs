//! Texts that a pattern matches, made from its tree: one for each alternative, the plainest first. They are guesses
//! until [`super::Program`] has tried them, for what a look-around asks is not looked at here.

use std::collections::HashMap;

use super::ast::{GroupKind, Kind, Node, Span};
use super::set::CharSet;

/// Texts for one pattern.
const MOST: usize = 12;
/// Bytes of one text.
const LONG: usize = 400;

/// How the texts shall look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish {
    /// Words where a pattern asks for letters, `user` rather than `a`, and dots where it has one.
    pub words: bool,
    /// This dot is another character.
    pub odd_dot: Option<(Span, char)>,
}

/// Texts that a part of a pattern matches by itself; none if they would be too long.
pub(super) fn examples(node: &Node, wish: Wish) -> Vec<String> {
    Maker { wish, captured: HashMap::new() }.of(node)
}

struct Maker {
    wish: Wish,
    captured: HashMap<u32, String>,
}

impl Maker {
    fn of(&mut self, node: &Node) -> Vec<String> {
        match &node.kind {
            Kind::Nothing | Kind::Anchor(_) | Kind::Look(_) => vec![String::new()],
            Kind::Character { character, .. } => vec![character.to_string()],
            Kind::Dot { .. } => vec![self.dot(node.span).to_string()],
            Kind::Shorthand(_) | Kind::Class(_) => {
                let sample = node.set().and_then(|set| set.sample());
                sample.map(|character| character.to_string()).into_iter().collect()
            }
            Kind::Sequence(parts) => self.sequence(parts),
            Kind::Alternation(all) => {
                let mut found = Vec::new();
                for alternative in all {
                    found.extend(self.of(alternative));
                    if found.len() >= MOST {
                        break;
                    }
                }
                found.truncate(MOST);
                found
            }
            Kind::Repeat(repeat) => self.repeat(&repeat.inner, repeat.least, repeat.most),
            Kind::Group(group) => {
                let found = self.of(&group.inner);
                let number = match &group.kind {
                    GroupKind::Capture { number, .. } => Some(*number),
                    GroupKind::Balance { number, .. } => *number,
                    _ => None,
                };
                if let (Some(number), Some(first)) = (number, found.first()) {
                    self.captured.insert(number, first.clone());
                }
                found
            }
            Kind::Conditional(conditional) => {
                let mut found = self.of(&conditional.yes);
                found.extend(self.of(&conditional.no));
                found.truncate(MOST);
                found
            }
            Kind::Reference { group, .. } => vec![self.captured.get(group).cloned().unwrap_or_default()],
        }
    }

    /// The plainest text of each part, and each other text of a part among the plainest of the rest.
    fn sequence(&mut self, parts: &[Node]) -> Vec<String> {
        let mut choices: Vec<Vec<String>> = Vec::new();
        let mut length = 0;
        for part in parts {
            let found = self.of(part);
            length += found.first().map_or(LONG + 1, String::len);
            if length > LONG {
                return Vec::new();
            }
            choices.push(found);
        }
        let plainest =
            |place: usize| choices.get(place).and_then(|found| found.first()).map_or("", String::as_str);
        let with = |changed: Option<(usize, &String)>| {
            (0..choices.len())
                .map(|place| match changed {
                    Some((at, text)) if at == place => text.as_str(),
                    _ => plainest(place),
                })
                .collect::<String>()
        };
        let mut found = vec![with(None)];
        for (place, texts) in choices.iter().enumerate() {
            for text in texts.iter().skip(1) {
                if found.len() >= MOST {
                    return found;
                }
                found.push(with(Some((place, text))));
            }
        }
        found
    }

    fn repeat(&mut self, inner: &Node, least: u32, most: Option<u32>) -> Vec<String> {
        let is_long = most.is_none_or(|most| most >= 4);
        if self.wish.words && least == 1 && is_long && inner.set().is_some_and(|set| is_wordy(&set)) {
            return vec!["user".to_owned()];
        }
        // Repeated, a dot is hardly meant as one.
        let once = if matches!(inner.kind, Kind::Dot { .. }) { vec!["a".to_owned()] } else { self.of(inner) };
        let times = least as usize;
        let mut found = if least == 0 { vec![String::new()] } else { Vec::new() };
        if most != Some(0) {
            let fits = once.into_iter().filter(|text| text.len().saturating_mul(times) <= LONG);
            found.extend(
                fits.map(|text| text.repeat(times.max(1))).filter(|text| !text.is_empty() || least > 0),
            );
        }
        found.truncate(MOST);
        found
    }

    fn dot(&self, span: Span) -> char {
        match self.wish.odd_dot {
            Some((odd, character)) if odd == span => character,
            None if !self.wish.words => 'a',
            _ => '.',
        }
    }
}

fn is_wordy(set: &CharSet) -> bool {
    set.covers(&CharSet::of_ranges(&[('a', 'z')]))
}
