//! The codes of problems in claim rules, in the few words that stand at their place.

/// Codes with their words. The messages say more; a place in a picture has room for no more.
const WORDS: &[(&str, &str)] = &[
    ("E001", "not expected here"),
    ("E002", "a ; is missing before this"),
    ("E003", "begins here and never ends"),
    ("E004", "typographic quotes"),
    ("E005", "a line break inside the quotes"),
    ("E006", "= assigns, == compares"),
    ("E007", "== compares, = assigns"),
    ("E008", "one comma too many"),
    ("E009", "a comma is missing before this"),
    ("E011", "a comment"),
    ("E012", "no part of a claim rule"),
    ("E013", "no property of a claim"),
    ("E014", "not closed"),
    ("E015", "there is no OR"),
    ("E016", "a colon belongs here"),
    ("E017", "must stand in quotes"),
    ("E018", "=> is missing"),
    ("E019", "a doubled quote is no escape"),
    ("E020", "written for a web page"),
    ("E021", "parentheses are missing"),
    ("L201", "beside a condition on claims"),
    ("L209", "to no effect"),
    ("L213", "no blank that AD FS knows"),
    ("L215", "not kept by AD FS"),
    ("L218", "nothing is left"),
    ("L224", "one character, not two"),
    ("L225", "two characters, not one"),
    ("L229", "leaves more than it seems"),
    ("S101", "no condition binds it"),
    ("S102", "bound a second time"),
    ("S103", "not bound yet inside its own condition"),
    ("S104", "bound only further on"),
    ("S105", "without a Type"),
    ("S106", "assigned a second time"),
    ("S107", "no such function"),
    ("S108", "takes three arguments"),
    ("S110", "binds nothing"),
    ("S114", "in another order than AD FS takes"),
    ("S115", "stands alone or not at all"),
    ("S117", "a word of the language"),
];

/// What a code means at its place; a code without words of its own is a mistake all the same.
pub fn words(code: &str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == code).map_or("this is refused", |(_, words)| words)
}
