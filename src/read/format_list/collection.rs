//! Collections as a console shows them: `{a, b, c, d...}`, certificates in a row, dictionaries as `{[name, value]}`.

/// The inside of a collection.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Collection {
    /// Bytes of each item in the text of the value.
    pub items: Vec<(usize, usize)>,
    /// Name and value of each entry, where the collection is a dictionary; `items` is empty then.
    pub entries: Vec<((usize, usize), (usize, usize))>,
    /// There were more than these.
    pub is_cut: bool,
}

/// What a certificate prints first.
const CERTIFICATE: &str = "[Subject]";

/// Takes a value in braces apart. `None` for a text that only begins with a brace, such as `{0}` or a GUID.
pub(super) fn collection(body: &str) -> Option<Collection> {
    let is_guid = body.len() == 38 && body.bytes().filter(|byte| *byte == b'-').count() == 4;
    let inside = body.strip_prefix('{')?.strip_suffix('}').filter(|_| !is_guid)?;
    let kept = inside.strip_suffix("...").or_else(|| inside.strip_suffix('…'));
    let mut found = Collection { is_cut: kept.is_some(), ..Collection::default() };
    let kept = kept.unwrap_or(inside);
    let parts = if kept.trim_start().starts_with(CERTIFICATE) {
        split(kept, &format!(", {CERTIFICATE}"), 2)
    } else if let Some(entries) = dictionary(kept) {
        found.entries = entries;
        Vec::new()
    } else {
        plain(kept)
    };
    // Everything stands one byte behind the brace.
    let trimmed = |(start, end): (usize, usize)| {
        let text = kept.get(start..end).unwrap_or("");
        let start = start + (text.len() - text.trim_start().len());
        (1 + start, 1 + start + text.trim().len())
    };
    found.items = parts.into_iter().map(trimmed).collect();
    found.entries = found.entries.into_iter().map(|(name, value)| (trimmed(name), trimmed(value))).collect();
    Some(found)
}

/// Splits before `separator` without its first `skip` bytes, which go to neither side.
fn split(text: &str, separator: &str, skip: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(separator) {
        parts.push((start, at));
        start = at + skip;
    }
    parts.push((start, text.len()));
    parts
}

/// Items stand apart by a comma and a blank; where an editor took the blank at a line's end, by a comma and the end.
fn plain(text: &str) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = 0;
    if text.is_empty() {
        return parts;
    }
    for (at, _) in text.match_indices(',') {
        if text.get(at + 1..).is_some_and(|rest| rest.starts_with([' ', '\r', '\n'])) {
            parts.push((start, at));
            start = at + 1;
        }
    }
    parts.push((start, text.len()));
    parts
}

type Pair = ((usize, usize), (usize, usize));

/// `[name, value], [name, value]`.
fn dictionary(text: &str) -> Option<Vec<Pair>> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    split(inside, "], [", 4)
        .into_iter()
        .map(|(start, end)| {
            let comma = start + inside.get(start..end)?.find(',')?;
            Some(((1 + start, 1 + comma), (2 + comma, 1 + end)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(body: &str) -> (Vec<&str>, bool) {
        let found = collection(body).unwrap();
        (found.items.iter().map(|(start, end)| body.get(*start..*end).unwrap()).collect(), found.is_cut)
    }

    #[test]
    fn items_of_lists() {
        assert_eq!(items("{}"), (vec![], false));
        assert_eq!(items("{Active Directory}"), (vec!["Active Directory"], false));
        assert_eq!(items("{a, b, c, d...}"), (vec!["a", "b", "c", "d"], true));
        assert_eq!(items("{a,\r\nb, c}"), (vec!["a", "b", "c"], false));
        assert_eq!(items("{a, b…}"), (vec!["a", "b"], true));
        assert_eq!(items("{, , }"), (vec!["", "", ""], false));
    }

    #[test]
    fn certificates_hold_commas() {
        let body = "{[Subject]\r\n  CN=a, O=b\r\n\r\n[Thumbprint]\r\n  AB\r\n, [Subject]\r\n  CN=c, O=d\r\n}";
        let expected =
            vec!["[Subject]\r\n  CN=a, O=b\r\n\r\n[Thumbprint]\r\n  AB", "[Subject]\r\n  CN=c, O=d"];
        assert_eq!(items(body), (expected, false));
    }

    #[test]
    fn dictionaries() {
        let body = "{[X-Frame-Options, DENY], [Strict-Transport-Security, max-age = 1; a, b]...}";
        let found = collection(body).unwrap();
        let text = |(start, end): (usize, usize)| body.get(start..end).unwrap();
        let entries: Vec<_> = found.entries.iter().map(|(name, value)| (text(*name), text(*value))).collect();
        assert_eq!(
            entries,
            [("X-Frame-Options", "DENY"), ("Strict-Transport-Security", "max-age = 1; a, b")]
        );
        assert!(found.is_cut && found.items.is_empty());
    }

    #[test]
    fn what_is_no_collection() {
        assert_eq!(collection("{5d89a20c-beab-4389-9447-324788eb944a}"), None);
        assert_eq!(collection("{0} and more"), None);
    }
}
