//! Metavariables in conditions: `$V` is the text it stands for, and has members.

use super::resolve::Resolver;
use super::tree::{Expression, ExpressionKind, Range};
use crate::farm::nearest;
use crate::farm::schema::Type;

impl Resolver<'_> {
    /// A metavariable that stands alone.
    pub(super) fn metavariable(&mut self, name: &str, range: Range) -> Expression {
        let record = self.bound_record(name, range);
        let ExpressionKind::Metavariable(number, _) = &record.kind else { return record };
        let known = self.scope.metavariables.and_then(|all| all.get(*number));
        let whole = known.and_then(|known| {
            let field = known.whole?;
            Some((field, self.scope.schema.record(known.record)?.field(field)?))
        });
        match whole {
            Some((id, field)) => {
                let (name, value_type) = (field.name.clone(), field.value.clone());
                Expression { kind: ExpressionKind::Field(Box::new(record), id, name), value_type, range }
            }
            None => record,
        }
    }

    /// What a metavariable stands for, to ask for a member of it.
    pub(super) fn bound_record(&mut self, name: &str, range: Range) -> Expression {
        let Some(all) = self.scope.metavariables else {
            let help = "Metavariables are there in `where`, `severity`, `message`, `labels` and `fix` of a rule \
                        with a `pattern`.";
            self.trouble(range, format!("`{name}` is bound by nothing here."), Some(help.to_owned()));
            return Self::hole(range);
        };
        let Some((number, found)) = all.iter().enumerate().find(|(_, known)| known.name == name) else {
            let names = all.iter().map(|known| known.name.as_str());
            let help = nearest(name, names.clone()).map_or_else(
                || match names.collect::<Vec<_>>().join(", ") {
                    names if names.is_empty() => "The pattern has no metavariable.".to_owned(),
                    names => format!("The pattern has {names}."),
                },
                |name| format!("Did you mean `{name}`?"),
            );
            self.trouble(range, format!("The pattern does not bind `{name}`."), Some(help));
            return Self::hole(range);
        };
        if !found.always {
            let help = Some("Each alternative must bind it, wherever it is used.".to_owned());
            self.trouble(range, format!("Not every alternative of the pattern binds `{name}`."), help);
        }
        let kind = ExpressionKind::Metavariable(number, name.to_owned());
        Expression { kind, value_type: Type::Record(found.record), range }
    }
}
