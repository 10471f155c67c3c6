//! Queries to attribute stores: what they ask for, and whether the store can answer them.
//!
//! What a query looks like depends on the store. Which kind of store a name stands for, only the farm can tell,
//! except for the names that AD FS itself knows.

mod parse;
mod problems;

use super::ast::Range;
use parse::Token;
pub use problems::{built_in_problems, problems};

/// What kind of attribute store answers a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// The farm's own Active Directory.
    Directory,
    /// Another directory, by LDAP.
    Ldap,
    /// SQL Server.
    Sql,
    /// One that AD FS brings along for its own ends.
    Internal,
    /// Code of somebody else's, with a query language that only it knows.
    Custom,
}

impl StoreKind {
    /// The word that conditions see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Ldap => "ldap",
            Self::Sql => "sql",
            Self::Internal => "internal",
            Self::Custom => "custom",
        }
    }
}

/// Stores that every farm has.
pub const BUILT_IN: [(&str, StoreKind); 5] = [
    ("Active Directory", StoreKind::Directory),
    ("_OpaqueIdStore", StoreKind::Internal),
    ("_PasswordExpiryStore", StoreKind::Internal),
    ("_ProxyCredentialStore", StoreKind::Internal),
    ("_PasswordCredentialStore", StoreKind::Internal),
];

/// The kind of a store that every farm has.
pub fn built_in(store: &str) -> Option<StoreKind> {
    BUILT_IN.iter().find(|(name, _)| name.eq_ignore_ascii_case(store)).map(|(_, kind)| *kind)
}

/// A part of a query between two `;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its place in the query.
    pub range: Range,
    /// What stands between its commas.
    pub names: Vec<Range>,
}

/// A `{0}` in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// Which parameter goes in.
    pub number: usize,
    /// Its place in the query.
    pub range: Range,
    /// It stands in the quotes of an SQL text, where it is letters like any other.
    pub quoted: bool,
}

/// A query, read as its kind of store would.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// What stands between its `;`; for a directory.
    pub parts: Vec<Part>,
    /// Where the filter stands, if the store takes one.
    pub filter: Option<Range>,
    /// The attributes that it asks for.
    pub attributes: Vec<Range>,
    /// Where the account stands that says which domain is asked.
    pub account: Option<Range>,
    /// Columns of the answer, where the query says how many.
    pub columns: Option<usize>,
    /// What goes in.
    pub placeholders: Vec<Placeholder>,
    /// It makes SQL of a text that a parameter is joined into.
    pub runs_text: bool,
}

/// Whether a query reads like SQL, for stores of which nothing else is known.
pub fn reads_like_sql(query: &str) -> bool {
    let first = query.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    ["select", "exec", "execute"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// Reads a query as a store of that kind does; `None` for a store that nobody knows.
pub fn read(text: &str, kind: Option<StoreKind>) -> Query {
    let placeholders = parse::placeholders(text, kind == Some(StoreKind::Sql));
    match kind {
        Some(StoreKind::Directory) => directory(text, placeholders),
        Some(StoreKind::Ldap) => ldap(text, placeholders),
        Some(StoreKind::Sql) => sql(text, placeholders),
        _ => Query { placeholders, ..Query::default() },
    }
}

fn slice(text: &str, range: Range) -> &str {
    text.get(range.start as usize..range.end as usize).unwrap_or("")
}

fn named(text: &str, part: &Part) -> Vec<Range> {
    part.names.iter().copied().filter(|name| !slice(text, *name).trim().is_empty()).collect()
}

fn directory(text: &str, placeholders: Vec<Placeholder>) -> Query {
    let parts = parse::parts(text);
    let mut query = Query { placeholders, ..Query::default() };
    if let [filter, attributes, account] = parts.as_slice() {
        query.filter = Some(filter.range);
        query.attributes = named(text, attributes);
        query.account = Some(account.range);
        query.columns = Some(query.attributes.len());
    }
    Query { parts, ..query }
}

/// The documentation writes commas between the attributes, and its example has `;`: both count.
fn ldap(text: &str, placeholders: Vec<Placeholder>) -> Query {
    let parts = parse::parts(text);
    let mut query = Query { placeholders, ..Query::default() };
    if let [filter, rest @ ..] = parts.as_slice() {
        query.filter = Some(filter.range);
        query.attributes = rest.iter().flat_map(|part| named(text, part)).collect();
        query.columns = Some(query.attributes.len());
    }
    Query { parts, ..query }
}

fn sql(text: &str, placeholders: Vec<Placeholder>) -> Query {
    let tokens = parse::sql(text);
    Query { columns: columns(&tokens), runs_text: runs_text(&tokens), placeholders, ..Query::default() }
}

fn is_word(token: Option<&Token<'_>>, words: &[&str]) -> bool {
    matches!(token, Some(Token::Word(found)) if words.iter().any(|word| found.eq_ignore_ascii_case(word)))
}

/// Columns of a plain `SELECT a, b FROM ...`. `None` where the query does not say: with `*`, or in anything else.
fn columns(tokens: &[Token<'_>]) -> Option<usize> {
    if !is_word(tokens.first(), &["select"]) || tokens.iter().any(|token| is_word(Some(token), &["union"])) {
        return None;
    }
    let mut depth = 0_usize;
    let mut commas = 0;
    let mut before = tokens.first();
    for token in tokens.iter().skip(1) {
        let starts_column = is_word(before, &["select", "distinct", "all"])
            || matches!(before, Some(Token::Symbol("," | ".")));
        match token {
            Token::Symbol("(") => depth += 1,
            Token::Symbol(")") => depth = depth.saturating_sub(1),
            Token::Symbol("*") if starts_column && depth == 0 => return None,
            // SELECT @x = y answers nothing.
            Token::Word(word) if starts_column && word.starts_with('@') => return None,
            Token::Symbol(",") if depth == 0 => commas += 1,
            Token::Symbol(";") => break,
            _ if depth == 0 && is_word(Some(token), &["from"]) => break,
            _ => {}
        }
        before = Some(token);
    }
    Some(commas + 1)
}

/// `EXEC('...' + {0})`, or `sp_executesql` with a parameter joined into its text.
fn runs_text(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    // Depth at which the parenthesis of EXEC stands open.
    let mut inside: Option<usize> = None;
    let mut is_procedure = false;
    for pair in tokens.windows(2) {
        match pair {
            [word, Token::Symbol("(")] if is_word(Some(word), &["exec", "execute"]) => {
                inside = inside.or(Some(depth));
            }
            [Token::Symbol("("), _] => depth += 1,
            [Token::Symbol(")"), _] => {
                depth = depth.saturating_sub(1);
                inside = inside.filter(|outer| depth > *outer);
            }
            [Token::Symbol("+"), Token::Placeholder] | [Token::Placeholder, Token::Symbol("+")]
                if is_procedure =>
            {
                return true;
            }
            [word, _] => is_procedure |= is_word(Some(word), &["sp_executesql"]),
            _ => {}
        }
        if inside.is_some() && matches!(pair, [_, Token::Placeholder]) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(text: &str, kind: StoreKind) -> Vec<&str> {
        read(text, Some(kind)).attributes.into_iter().map(|range| slice(text, range)).collect()
    }

    #[test]
    fn a_directory_query_has_three_parts() {
        let text = "(&(objectClass=user)(cn={0}, x)); objectGuid,tokenGroups(SID) ,mail;CONTOSO\\{1}";
        assert_eq!(attributes(text, StoreKind::Directory), [" objectGuid", "tokenGroups(SID) ", "mail"]);
        let query = read(text, Some(StoreKind::Directory));
        assert_eq!(query.filter.map(|range| slice(text, range)), Some("(&(objectClass=user)(cn={0}, x))"));
        assert_eq!(query.account.map(|range| slice(text, range)), Some("CONTOSO\\{1}"));
        assert_eq!(query.placeholders.iter().map(|one| one.number).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(read("mail;{0}", Some(StoreKind::Directory)).columns, None);
        assert_eq!(read("", Some(StoreKind::Directory)).parts.len(), 1);
    }

    #[test]
    fn an_ldap_query_has_a_filter_and_attributes() {
        assert_eq!(attributes("mail={0};cn;sn", StoreKind::Ldap), ["cn", "sn"]);
        assert_eq!(attributes("mail={0};cn,sn", StoreKind::Ldap), ["cn", "sn"]);
        assert_eq!(attributes("mail={0}", StoreKind::Ldap), Vec::<&str>::new());
    }

    #[test]
    fn columns_are_counted_where_the_query_names_them() {
        let columns = |text| read(text, Some(StoreKind::Sql)).columns;
        assert_eq!(columns("SELECT dept, cost FROM hr.person WHERE upn = {0}"), Some(2));
        assert_eq!(columns("select distinct coalesce(a, b), [c, d] from t"), Some(2));
        assert_eq!(columns("select 'from, x' as a -- , b\n, c from t"), Some(2));
        assert_eq!(columns("select top 1 a from t where b in (1, 2)"), Some(1));
        assert_eq!(columns("select a * 2, b from t"), Some(2));
        for open in [
            "select * from t",
            "select t.* from t",
            "exec p {0}",
            "select @a = b from t",
            "",
            "select a union select b",
        ] {
            assert_eq!(columns(open), None, "{open}");
        }
    }

    #[test]
    fn placeholders_in_quotes_are_letters() {
        let quoted = |text| {
            let query = read(text, Some(StoreKind::Sql));
            query.placeholders.iter().map(|one| (one.number, one.quoted)).collect::<Vec<_>>()
        };
        assert_eq!(quoted("select a from t where b = '{0}' and c = {1}"), [(0, true), (1, false)]);
        assert_eq!(quoted("select a from t where b like '%' + {0} + '%'"), [(0, false)]);
        assert_eq!(quoted("select 'it''s {0}' from t where b = {10}"), [(0, true), (10, false)]);
        assert_eq!(quoted("select a from t where b = {x} and c = 'open {0}"), [(0, false)]);
    }

    #[test]
    fn sql_that_is_made_of_a_parameter_is_seen() {
        let runs = |text| read(text, Some(StoreKind::Sql)).runs_text;
        assert!(runs("EXEC('SELECT r FROM t WHERE u = ''' + {0} + '''')"));
        assert!(runs("exec sp_executesql N'select r from t where u = ' + {0}"));
        assert!(!runs("exec dbo.RolesOf {0}"));
        assert!(!runs("select r from t where u like {0} + '%'"));
        assert!(!runs("exec sp_executesql N'select r from t where u = @u', N'@u nvarchar(99)', {0}"));
    }

    #[test]
    fn hostile_queries_take_no_time() {
        for piece in ["(", "[", "'", "/*", "{", "{0", ";", ",", "exec(", "select "] {
            let text = piece.repeat(10_000);
            for kind in [StoreKind::Directory, StoreKind::Ldap, StoreKind::Sql, StoreKind::Custom] {
                let _ = read(&text, Some(kind));
            }
        }
    }
}
