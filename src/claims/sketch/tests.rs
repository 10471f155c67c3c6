//! What fits what.

use proptest::prelude::*;

use super::*;
use crate::claims;

/// What the metavariables stand for in every match, `T=upn V=x`.
fn matches(pattern: &str, rule: &str) -> Vec<String> {
    let mut names = Names::default();
    let sketch = parse(pattern, &mut names).unwrap();
    let set = claims::parse(rule);
    assert!(set.problems.is_empty(), "{rule}: {:?}", set.problems);
    let placed = set.rules.first().unwrap();
    let found = sketch.find(&placed.rule, names.len());
    assert!(!found.cut, "{pattern} gave up on {rule}");
    let show = |bound: &Bound<'_>| match bound.what {
        What::Text(text) | What::Word(text) => text.to_owned(),
        _ => rule.get(bound.range.start as usize..bound.range.end as usize).unwrap().to_owned(),
    };
    let line = |one: &Match<'_>| {
        let parts = names.iter().zip(&one.bound);
        let parts = parts.filter_map(|((name, _), bound)| Some(format!("{name}={}", show(bound.as_ref()?))));
        parts.collect::<Vec<_>>().join(" ")
    };
    found.matches.iter().map(line).collect()
}

fn fits(pattern: &str, rule: &str) -> bool {
    !matches(pattern, rule).is_empty()
}

#[test]
fn what_the_language_ignores_does_not_matter() {
    let pattern = r#"c:[Type == "t", Value == "v"] => issue(Type = "p", Value = c.Value);"#;
    for rule in [
        r#"c:[Type == "t", Value == "v"] => issue(Type = "p", Value = c.Value);"#,
        "X1 : [ VALUE==\"v\",type==\"t\" ]\r\n=>\tISSUE(value=x1.VALUE, tYPE=\"p\");",
    ] {
        assert!(fits(pattern, rule), "{rule}");
    }
    for rule in [
        r#"c:[Type == "T", Value == "v"] => issue(Type = "p", Value = c.Value);"#,
        r#"c:[Type == "t", Value == "v", Issuer == "i"] => issue(Type = "p", Value = c.Value);"#,
        r#"c:[Type == "t", Value == "v"] && d:[] => issue(Type = "p", Value = c.Value);"#,
        r#"c:[Type == "t", Value == "v"] => issue(Type = "p", Value = c.Value, Issuer = "x");"#,
        r#"c:[Type == "t", Value == "v"] => add(Type = "p", Value = c.Value);"#,
    ] {
        assert!(!fits(pattern, rule), "{rule}");
    }
}

#[test]
fn an_ellipsis_is_any_number_of_things() {
    let rule = r#"c:[Type == "t", Value == "v"] && EXISTS([Type == "e"]) => issue(Type = "p", Value = "x", Issuer = "i");"#;
    for pattern in [
        "... => issue(...)",
        r"... && c:[...] => issue(...)",
        r#"[Type == "t", ...] && ... => issue(...)"#,
        r#"EXISTS([...]) && [..., Value == "v"] => issue(..., Issuer = "i")"#,
        r#"... && EXISTS([Type == "e", ...]) && ... => issue(Type = "p", ...)"#,
    ] {
        assert!(fits(pattern, rule), "{pattern}");
    }
    for pattern in [
        "=> issue(...)",
        "[...] => issue(...)",
        r#"[Type == "t"] && ... => issue(...)"#,
        r#"... => issue(Type = "p")"#,
        r"... && EXISTS([...]) && EXISTS([...]) => issue(...)",
        "... => issue(claim = c)",
        "... => issue(store = $S, ...)",
    ] {
        assert!(!fits(pattern, rule), "{pattern}");
    }
    assert!(fits("=> issue(...)", r#"=> issue(Type = "p", Value = "x");"#));
    assert!(fits("... => issue(...)", r#"=> issue(Type = "p", Value = "x");"#));
}

#[test]
fn every_way_is_found_once() {
    let rule = r#"[Type == "a", Value == "1"] && NOT EXISTS([Type == "b", Value != "2"]) => issue(Type = "p", Value = "x");"#;
    assert_eq!(
        matches("$K([Type == $T, Value $OP $V]) && ... => $A(...)", rule),
        ["$K=select $T=a $OP=== $V=1 $A=issue", "$K=not exists $T=b $OP=!= $V=2 $A=issue"]
    );
    assert_eq!(matches("$_([...]) && $_([...]) => $_(...)", rule), [""]);
    assert_eq!(matches("... && $S => issue(...)", rule).len(), 2);
    assert_eq!(matches("[Type == $_, $TEST] && ... => issue(...)", rule), [r#"$TEST=Value == "1""#]);
    assert_eq!(matches("[$P == $V, ...] && ... => issue(...)", rule), ["$P=Type $V=a", "$P=Value $V=1"]);
}

#[test]
fn a_metavariable_stands_for_equal_things() {
    let pattern = r"a:[Type == $T, ...] && b:[Type == $T, ...] => issue(...)";
    assert!(fits(pattern, r#"x:[Type == "t"] && y:[Type == "t", Value == "v"] => issue(claim = x);"#));
    assert!(!fits(pattern, r#"x:[Type == "t"] && y:[Type == "u"] => issue(claim = x);"#));
    let pattern = "... => issue(Type = $_, Value = $V, Issuer = $V)";
    assert!(fits(pattern, r#"c:[] => issue(Type = "t", Value = c.Value, Issuer = C.VALUE);"#));
    assert!(!fits(pattern, r#"c:[] => issue(Type = "t", Value = c.Value, Issuer = c.Issuer);"#));
}

#[test]
fn variables_stand_for_variables() {
    assert!(fits("c:[...] => issue(claim = c)", "other:[] => issue(claim = OTHER);"));
    assert!(!fits("c:[...] && ... => issue(claim = c)", "[] && d:[] => add(claim = d);"));
    assert!(fits("... => issue(claim = c)", "d:[] => issue(claim = d);"));
    let two = "a:[...] && b:[...] => issue(Type = a.Value, Value = b.Value)";
    assert!(fits(two, "b:[] && a:[] => issue(Type = b.Value, Value = a.Value);"));
    assert!(!fits(two, "b:[] && a:[] => issue(Type = b.Value, Value = b.Value);"));
    // A condition that binds nothing is one that a variable cannot stand for.
    assert!(!fits("c:[...] => issue(...)", r#"[] => issue(Type = "t");"#));
    assert!(fits("[...] => issue(...)", "c:[] => issue(claim = c);"));
}

#[test]
fn texts_hold_metavariables() {
    let value = |pattern: &str, text: &str| {
        matches(
            &format!("[Value == \"{pattern}\"] => issue(...)"),
            &format!("c:[Value == \"{text}\"] => issue(claim = c);"),
        )
    };
    assert_eq!(value("http://$HOST/...", "http://a.b/c/d"), ["$HOST=a.b"]);
    assert_eq!(value(".../$LAST", "http://a.b/c/d"), ["$LAST=d"]);
    assert_eq!(value("S-1-5-21-...-$RID", "S-1-5-21-1-2-3-513"), ["$RID=513"]);
    assert_eq!(value("$USER@$DOMAIN", "a@b@c"), ["$USER=a $DOMAIN=b@c"]);
    assert_eq!(value("$X", "any"), ["$X=any"]);
    assert_eq!(value("...", ""), [""]);
    assert!(value("$X", "").is_empty());
    assert_eq!(value("$A-$A", "x-x"), ["$A=x"]);
    assert!(value("$A-$A", "x-y").is_empty());
    assert_eq!(value("^x$", "^x$"), [""]);
    assert_eq!(value("$$HOME $...", "$HOME ..."), [""]);
    assert_eq!(value("...ab...", "aab"), [""]);
    assert_eq!(value("$Xé...é", "aéééé"), ["$X=a"]);
    assert!(value("a...b...c", "aaaabbbb").is_empty());
}

#[test]
fn stores_and_functions_are_in_order() {
    let rule = r#"c:[] => issue(store = "Active Directory", types = ("a", "b", "c"), query = ";mail;{0}", param = c.Value, param = RegExReplace(c.Value, "x", "y") + "@z");"#;
    assert_eq!(matches("... => $_(store = $S, ...)", rule), ["$S=Active Directory"]);
    assert_eq!(matches(r"... => issue(store = $_, types = (..., $T, ...), query = $Q, ...)", rule).len(), 3);
    assert_eq!(
        matches(
            r#"... => issue(store = $_, types = ("a", ...), query = ";$A;{0}", ..., param = RegExReplace($_, $P, ...) + ...)"#,
            rule
        ),
        ["$A=mail $P=x"]
    );
    assert!(!fits(r#"... => issue(store = $_, types = ("b", ...), ...)"#, rule));
    assert!(!fits(r"... => issue(store = $_, types = (...), query = $_, param = c.Value)", rule));
    assert!(fits(r"... => issue(store = $_, types = (...), query = $_, param = d.Value, ...)", rule));
    assert!(fits("COUNT([...]) $OP 2 => issue(...)", r#"count([]) >= 2 => issue(Type = "t");"#));
}

#[test]
fn annotations_are_asked_for_or_do_not_matter() {
    let rule = "@RuleTemplate = \"LdapClaims\"\nc:[] => issue(claim = c);";
    assert!(fits("... => issue(...)", rule));
    assert!(fits(r#"@ruletemplate = "Ldap..." ... => issue(...)"#, rule));
    assert!(!fits(r"@RuleName = $_ ... => issue(...)", rule));
}

#[test]
fn a_search_ends() {
    let many: Vec<String> = (0..3000).map(|number| format!("[Type == \"{number}\"]")).collect();
    let rule = format!("{} => issue(Type = \"t\");", many.join(" && "));
    let set = claims::parse(&rule);
    let mut names = Names::default();
    let pattern = "[Type == $A] && [Type == $B] && [Type == $C] && [Type == $A] && ... => issue(...)";
    let found = parse(pattern, &mut names).unwrap().find(&set.rules.first().unwrap().rule, names.len());
    assert!(found.cut && found.matches.is_empty());
    let long = format!("c:[Value == \"{}\"] => issue(claim = c);", "a".repeat(1_000_000));
    let set = claims::parse(&long);
    let sketch = parse(r#"[Value == "...a$Xa...a$Ya...b"] => issue(...)"#, &mut names).unwrap();
    let found = sketch.find(&set.rules.first().unwrap().rule, names.len());
    assert!(found.matches.is_empty());
}

proptest! {
    /// Any text made of the language's words ends in a sketch or a problem, and a sketch in an answer.
    #[test]
    fn any_text_ends_in_an_answer(words in proptest::collection::vec(0..WORDS.len(), 0..24)) {
        let text: String = words.iter().filter_map(|word| WORDS.get(*word).copied()).collect();
        let mut names = Names::default();
        if let Ok(sketch) = parse(&text, &mut names) {
            let set = claims::parse(r#"c:[Type == "a", Value =~ "b"] && EXISTS([]) => issue(Type = "a", Value = c.Value);"#);
            let _ = sketch.find(&set.rules.first().unwrap().rule, names.len());
        }
    }
}

const WORDS: &[&str] = &[
    "...",
    "$X",
    "$_",
    "c",
    ":",
    "[",
    "]",
    "(",
    ")",
    "Type",
    "Value",
    " == ",
    " =~ ",
    " = ",
    ", ",
    " && ",
    " => ",
    "issue",
    "add",
    "claim",
    "exists",
    "not ",
    "count",
    "\"a\"",
    "\"$X/...\"",
    "\"",
    ";",
    " + ",
    ".",
    "RegExReplace",
    "store",
    "types",
    "query",
    "param",
    "... => issue(",
    "c:[Type == $X, ...",
    "@RuleName = ",
    "3",
];

#[test]
fn hostile_patterns_are_refused() {
    let deep = format!("... => issue(Type = {}c.Value{})", "f(".repeat(2000), ")".repeat(2000));
    let long = format!("... => issue(Type = \"{}\")", "x".repeat(20_000));
    for text in ["", "$", "...", "=>", "\u{0}", &deep, &long, "[\"", "... => issue(Type = \"$A$B\")"] {
        assert!(parse(text, &mut Names::default()).is_err(), "{}", text.chars().take(40).collect::<String>());
    }
}
