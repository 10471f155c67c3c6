//! Opening and closing brackets.

use super::{
    Bracket, Builder, Conditional, Frame, Group, GroupKind, Kind, Last, Look, NESTING, Node, Opening,
    Options, PatternError, Span, Test, small, unknown_group,
};

impl Frame {
    pub(super) fn new(bracket: Bracket, span: Span, outside: Options) -> Self {
        Self { bracket, span, outside, alternatives: Vec::new(), parts: Vec::new(), begin: span.end }
    }

    /// Closes the current alternative.
    pub(super) fn alternative(&mut self, end: u32) {
        let span = Span::new(self.begin, end);
        let parts = std::mem::take(&mut self.parts);
        self.alternatives.push(one_of(parts, span, Kind::Sequence));
    }

    /// Everything in the bracket.
    pub(super) fn close(mut self, end: u32) -> Node {
        self.alternative(end);
        let span = Span::new(self.span.end, end);
        one_of(self.alternatives, span, Kind::Alternation)
    }
}

/// One node for several.
fn one_of(mut nodes: Vec<Node>, span: Span, several: fn(Vec<Node>) -> Kind) -> Node {
    match nodes.len() {
        0 => Node { kind: Kind::Nothing, span },
        1 => nodes.pop().unwrap_or(Node { kind: Kind::Nothing, span }),
        _ => Node { kind: several(nodes), span },
    }
}

impl<'t> Builder<'t> {
    pub(super) fn open(&mut self, opening: Opening<'t>, span: Span) -> Result<Option<u32>, PatternError> {
        if self.stack.len() > NESTING {
            let message = format!("the pattern has more than {NESTING} brackets in brackets");
            return Err(PatternError::limit(span.start, message));
        }
        let is_test = std::mem::take(&mut self.tests);
        self.last = Last::Nothing;
        let outside = self.options;
        let mut resume = None;
        let bracket = match opening {
            Opening::Unknown => {
                let rest = self.text.get(span.start as usize..).unwrap_or("");
                return Err(unknown_group(span.start, rest));
            }
            Opening::Named { .. } if is_test => {
                return Err(PatternError::refused(
                    span.start,
                    "the test of a conditional cannot capture",
                    "write (?(?=...)yes|no)",
                ));
            }
            Opening::Capture if is_test || self.options.explicit_capture => Bracket::Group(GroupKind::Plain),
            Opening::Capture => {
                let number = self.counting.unnamed();
                Bracket::Group(GroupKind::Capture { number, name: None })
            }
            Opening::Scoped(changes) => {
                self.options = self.options.with(changes);
                Bracket::Group(GroupKind::Plain)
            }
            Opening::Look { behind, negative } => Bracket::Look { behind, negative },
            Opening::Atomic => Bracket::Group(GroupKind::Atomic),
            Opening::Named { name, popped } => Bracket::Group(self.named(name, popped, span)?),
            Opening::Condition(word) => {
                let (test, again) = self.condition(word, span)?;
                resume = again;
                Bracket::Conditional(test)
            }
        };
        self.tests = matches!(bracket, Bracket::Conditional(None));
        self.stack.push(Frame::new(bracket, span, outside));
        Ok(resume)
    }

    /// A conditional asks for a group, or for what the bracket behind it says; that one is then read on its own.
    fn condition(
        &mut self,
        word: Option<&str>,
        span: Span,
    ) -> Result<(Option<Test>, Option<u32>), PatternError> {
        let inside = span.start + small("(?".len());
        let next = self.text.get(inside as usize + 1..).unwrap_or("").chars().next();
        let is_number = next.is_some_and(|first| first.is_ascii_digit());
        self.asks |= word.is_some();
        let group = match (self.groups, word) {
            // In the first run every word may be a group.
            (None, Some(_)) => Some(0),
            (Some(groups), Some(word)) => groups.find(word),
            (_, None) => None,
        };
        match group {
            Some(number) => Ok((Some(Test::Group(number)), None)),
            None if is_number => Err(PatternError::refused(
                inside,
                "the conditional asks for a group that the pattern does not have",
                "write (?(1)yes|no) or (?(name)yes|no)",
            )),
            None if self.text.get(inside as usize..).is_some_and(|rest| rest.starts_with("(?#")) => {
                Err(PatternError::refused(
                    inside,
                    "the test of a conditional cannot be a comment",
                    "write (?(?=...)yes|no)",
                ))
            }
            None => Ok((None, Some(inside))),
        }
    }

    fn named(
        &mut self,
        name: Option<&str>,
        popped: Option<&str>,
        span: Span,
    ) -> Result<GroupKind, PatternError> {
        let popped = popped.map(|popped| self.reference(popped, span)).transpose()?;
        let Some(name) = name else {
            return Ok(GroupKind::Balance { number: None, popped: popped.unwrap_or(0) });
        };
        let (number, name) = if name.starts_with(|c: char| c.is_ascii_digit()) {
            let number = name.parse::<u32>().ok().filter(|_| !name.starts_with('0'));
            let Some(number) = number.filter(|number| i32::try_from(*number).is_ok()) else {
                return Err(PatternError::refused(
                    span.start,
                    format!("{name} is no name of a group: a number from 1 on, or letters first"),
                    "write (?<name>...)",
                ));
            };
            self.counting.numbered(number);
            (number, None)
        } else {
            self.counting.named(name);
            // Numbers of named groups are known when all others are counted.
            self.asks = true;
            (self.groups.and_then(|groups| groups.number_of(name)).unwrap_or(0), Some(name.into()))
        };
        Ok(match popped {
            Some(popped) => GroupKind::Balance { number: Some(number), popped },
            None => GroupKind::Capture { number, name },
        })
    }

    pub(super) fn close(&mut self, span: Span) -> Result<(), PatternError> {
        if self.stack.len() < 2 {
            let help = "write the ( that it belongs to, or \\) for a bracket";
            return Err(PatternError::refused(span.start, "this ) closes nothing", help));
        }
        let Some(mut frame) = self.stack.pop() else { return Ok(()) };
        self.options = frame.outside;
        let whole = Span::new(frame.span.start, span.end);
        let kind = match std::mem::replace(&mut frame.bracket, Bracket::Whole) {
            Bracket::Conditional(test) => conditional(test, frame, span.start)?,
            Bracket::Look { behind, negative } => {
                Kind::Look(Box::new(Look { behind, negative, inner: frame.close(span.start) }))
            }
            Bracket::Group(kind) => Kind::Group(Box::new(Group { kind, inner: frame.close(span.start) })),
            Bracket::Whole => Kind::Nothing,
        };
        if let Some(Frame { bracket: Bracket::Conditional(test @ None), begin, .. }) = self.top() {
            *test = Some(Test::Ahead(Node { kind, span: whole }));
            *begin = span.end;
            self.last = Last::Nothing;
            return Ok(());
        }
        self.push(kind, whole);
        Ok(())
    }
}

fn conditional(test: Option<Test>, mut frame: Frame, end: u32) -> Result<Kind, PatternError> {
    let Some(test) = test else {
        return Err(PatternError::refused(
            frame.span.start,
            "the conditional has no test",
            "write (?(name)yes|no) or (?(?=...)yes|no)",
        ));
    };
    frame.alternative(end);
    let mut branches = frame.alternatives.into_iter();
    let nothing = || Node { kind: Kind::Nothing, span: Span::new(end, end) };
    let yes = branches.next().unwrap_or_else(nothing);
    let no = branches.next().unwrap_or_else(nothing);
    Ok(Kind::Conditional(Box::new(Conditional { test, yes, no })))
}
