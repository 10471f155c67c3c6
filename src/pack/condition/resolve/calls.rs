//! Functions, methods and macros: what they take and give.

use super::Resolver;
use super::operators::common;
use crate::farm::nearest;
use crate::farm::schema::Type;
use crate::pack::condition::functions::{self, Function, SIGNATURES};
use crate::pack::condition::tree::{Expression, ExpressionKind, Literal, Macro, Range, Raw, RawKind};

impl Resolver<'_> {
    pub(super) fn method(
        &mut self,
        receiver: &Raw,
        name: &str,
        place: Range,
        arguments: &[Raw],
        range: Range,
    ) -> Expression {
        if let Some(form) = Macro::of(name) {
            return self.macro_call(form, receiver, place, arguments, range);
        }
        let receiver = self.expression(receiver);
        let rest = arguments.iter().map(|argument| self.expression(argument));
        let all = std::iter::once(receiver).chain(rest.collect::<Vec<_>>()).collect();
        self.function(name, place, all, true, range)
    }

    pub(super) fn call(&mut self, name: &str, place: Range, arguments: &[Raw], range: Range) -> Expression {
        match name {
            "has" => return self.has(arguments, place, range),
            "firstKnown" => {
                let all: Vec<_> = arguments.iter().map(|argument| self.expression(argument)).collect();
                let value_type = all.iter().map(|one| one.value_type.clone()).reduce(|a, b| common(&a, &b));
                if all.is_empty() {
                    self.trouble(place, "firstKnown needs at least one argument.".into(), None);
                }
                let kind = ExpressionKind::Call(Function::FirstKnown, all);
                return Expression { kind, value_type: value_type.unwrap_or(Type::Any), range };
            }
            _ => {}
        }
        let all = arguments.iter().map(|argument| self.expression(argument)).collect();
        self.function(name, place, all, false, range)
    }

    fn has(&mut self, arguments: &[Raw], place: Range, range: Range) -> Expression {
        let inner = match arguments {
            [only] => self.expression(only),
            _ => Self::hole(range),
        };
        if !matches!(
            inner.kind,
            ExpressionKind::Field(..) | ExpressionKind::Member(..) | ExpressionKind::Index(..)
        ) && self.troubles.is_empty()
        {
            let help = Some("Write has(self.Property).".to_owned());
            self.trouble(place, "has() asks for one member of something.".into(), help);
        }
        Expression { kind: ExpressionKind::Has(Box::new(inner)), value_type: Type::Bool, range }
    }

    fn function(
        &mut self,
        name: &str,
        place: Range,
        arguments: Vec<Expression>,
        method: bool,
        range: Range,
    ) -> Expression {
        let forms: Vec<_> = SIGNATURES.iter().filter(|known| known.name == name).collect();
        if forms.is_empty() {
            let names = SIGNATURES.iter().map(|known| known.name).chain([
                "has",
                "firstKnown",
                "exists",
                "all",
                "filter",
            ]);
            let help = nearest(name, names).map(|name| format!("Did you mean `{name}`?"));
            self.trouble(place, format!("There is no function `{name}`."), help);
            return Self::hole(range);
        }
        let fits = |takes: &[functions::Takes]| {
            takes.len() == arguments.len()
                && takes.iter().zip(&arguments).all(|(takes, given)| takes.fits(&given.value_type))
        };
        let found = forms.iter().find(|form| form.method == method && fits(form.takes));
        let Some(form) = found else {
            let wanted: Vec<String> = forms
                .iter()
                .map(|form| {
                    let takes: Vec<_> = form.takes.iter().map(|takes| takes.name()).collect();
                    match (form.method, takes.split_first()) {
                        (true, Some((first, rest))) => format!("{first}.{name}({})", rest.join(", ")),
                        _ => format!("{name}({})", takes.join(", ")),
                    }
                })
                .collect();
            let given: Vec<_> =
                arguments.iter().map(|argument| self.type_name(&argument.value_type)).collect();
            let message = format!("`{name}` does not take {}.", given.join(", "));
            self.trouble(place, message, Some(format!("Write {}.", wanted.join(" or "))));
            return Self::hole(range);
        };
        self.constant_argument(form.function, &arguments);
        let value_type = form.gives.value_type(arguments.first().map(|first| &first.value_type));
        Expression { kind: ExpressionKind::Call(form.function, arguments), value_type, range }
    }

    /// Texts that can be read right now must be readable.
    fn constant_argument(&mut self, function: Function, arguments: &[Expression]) {
        let Some(last) = arguments.last() else { return };
        let ExpressionKind::Literal(Literal::Text(text)) = &last.kind else { return };
        let wrong = match function {
            Function::Matches => regex::Regex::new(text).err().map(|error| error.to_string()),
            Function::Timestamp => functions::timestamp(text).is_none().then(|| "not a moment".to_owned()),
            Function::Duration => {
                functions::duration(text).is_none().then(|| "not a length of time".to_owned())
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let first = wrong.lines().last().unwrap_or("").to_owned();
            self.trouble(last.range, format!("'{text}' cannot be read: {first}."), None);
        }
    }

    fn macro_call(
        &mut self,
        form: Macro,
        receiver: &Raw,
        place: Range,
        arguments: &[Raw],
        range: Range,
    ) -> Expression {
        let list = self.expression(receiver);
        let [Raw { kind: RawKind::Name(name), .. }, body] = arguments else {
            let help = Some("Write list.exists(x, x.Property == 'value').".to_owned());
            self.trouble(place, "A macro takes a new name and a condition on it.".into(), help);
            return Self::hole(range);
        };
        let item = match &list.value_type {
            Type::List(item) => (**item).clone(),
            Type::Map(_) => Type::Text,
            Type::Any => Type::Any,
            other => {
                let message = format!("There is nothing to go through in {}.", self.type_name(other));
                self.trouble(receiver.range, message, None);
                Type::Any
            }
        };
        let number = self.variables;
        self.variables += 1;
        self.bound.push((name.clone(), item.clone(), number));
        let body = if form == Macro::Map { self.expression(body) } else { self.truth(body) };
        self.bound.pop();
        let value_type = match form {
            Macro::Exists | Macro::ExistsOne | Macro::All => Type::Bool,
            Macro::Filter => Type::list(item),
            Macro::Map => Type::list(body.value_type.clone()),
        };
        let kind = ExpressionKind::Macro(form, Box::new(list), number, Box::new(body));
        Expression { kind, value_type, range }
    }
}
