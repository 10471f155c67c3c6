//! Whose scripts the sign-in page may run, as its content security policy says.

use super::{Answer, Asked, Detail};
use crate::farm::value::{Gap, Missing, Reading, Site, Value};

const HEADER: &str = "Content-Security-Policy";
/// Directives that say whose scripts may run; the first that is there counts.
const DIRECTIVES: [&str; 3] = ["script-src-elem", "script-src", "default-src"];

/// Compares the sources of scripts with the names of the organisation.
pub(super) fn content_policy(asked: &Asked<'_, '_>) -> Answer {
    let headers = asked.farm.property_of(asked.subject, "ResponseHeaders");
    let found = match &headers.value {
        Ok(Value::Record(entries)) => entries.entry(HEADER),
        Ok(_) => return Answer::NotApplicable,
        Err(missing) => return Answer::Unknown(vec![(**missing).clone()]),
    };
    let text = match &found.value {
        Ok(Value::Text(text)) => text,
        Ok(_) => return open_to_all(format!("No {HEADER} is sent"), headers.site),
        Err(missing) => return Answer::Unknown(vec![(**missing).clone()]),
    };
    // Policies that stand beside each other must all agree; the strictest one counts.
    let verdicts = text.split(',').map(|policy| judge(asked, policy, found.site));
    verdicts.min_by_key(rank).unwrap_or(Answer::NotApplicable)
}

fn rank(answer: &Answer) -> u8 {
    match answer {
        Answer::Pass | Answer::NotApplicable => 0,
        Answer::Unknown(_) => 1,
        Answer::Fail(_) => 2,
    }
}

fn judge(asked: &Asked<'_, '_>, policy: &str, site: Option<Site>) -> Answer {
    let Some(sources) = script_sources(policy) else {
        return open_to_all(format!("{HEADER} names neither script-src nor default-src"), site);
    };
    // With 'strict-dynamic' only a nonce or a hash counts.
    if sources.iter().any(|source| source == "'strict-dynamic'") {
        return Answer::Pass;
    }
    let mut wrong = Vec::new();
    let mut missing = None;
    for source in sources {
        let host = match kind(&source) {
            Source::Keyword => continue,
            Source::Anywhere => None,
            Source::Host(host) => Some(host),
        };
        match host.map(|host| is_own(asked, host)) {
            Some(Ok(true)) => {}
            Some(Err(gap)) => missing = Some(gap),
            Some(Ok(false)) | None => wrong.push(source),
        }
    }
    if wrong.is_empty() {
        return Answer::unless(Vec::new(), missing.into_iter().collect());
    }
    let places = site.into_iter().map(|site| (site, format!("lets {} in", wrong.join(" ")))).collect();
    let message = format!("{HEADER} lets scripts from {} run on the sign-in page.", wrong.join(" "));
    Answer::of(vec![Detail { message, places, ..Detail::default() }])
}

fn open_to_all(why: String, site: Option<Site>) -> Answer {
    let message = format!("{why}: scripts from anywhere may run on the sign-in page.");
    let places = site.into_iter().map(|site| (site, String::new())).collect();
    Answer::of(vec![Detail { message, places, ..Detail::default() }])
}

/// The sources of the directive that counts for scripts. A directive that is named twice counts once.
fn script_sources(policy: &str) -> Option<Vec<String>> {
    let policy = policy.to_ascii_lowercase();
    let directive = |wanted: &str| {
        let mut words = policy.split(';').map(str::split_ascii_whitespace);
        words.find_map(|mut words| (words.next() == Some(wanted)).then(|| words.map(str::to_owned).collect()))
    };
    DIRECTIVES.into_iter().find_map(directive)
}

enum Source<'a> {
    /// 'self', 'unsafe-inline', a nonce, a hash.
    Keyword,
    /// No host at all, or one that is asked without TLS.
    Anywhere,
    Host(&'a str),
}

fn kind(source: &str) -> Source<'_> {
    if source.starts_with('\'') {
        return Source::Keyword;
    }
    let (scheme, rest) = source.split_once("://").unwrap_or(("https", source));
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let is_scheme = source.ends_with(':');
    if is_scheme || scheme != "https" || host.trim_matches(['*', '.']).is_empty() {
        return Source::Anywhere;
    }
    Source::Host(host.strip_prefix("*.").unwrap_or(host))
}

/// Whether a host is below the domain of the federation service, or below a UPN suffix of the facts file.
fn is_own(asked: &Asked<'_, '_>, host: &str) -> Result<bool, Missing> {
    let farm = asked.farm;
    let facts = Reading::of(Value::Record(farm.facts()));
    let mut domains: Vec<String> = match farm.property_of(&facts, "upnSuffixes").value {
        Ok(Value::List(list)) => list.items.iter().filter_map(text).collect(),
        _ => Vec::new(),
    };
    let service = farm.vocabulary().kind_id("Properties").and_then(|kind| farm.objects_of(kind).first());
    let name = service.and_then(|id| text(&farm.property_of(&farm.reading(*id), "HostName")));
    let is_known = name.is_some();
    domains.extend(name.map(|name| match name.split_once('.') {
        Some((_, domain)) if domain.contains('.') => domain.to_owned(),
        _ => name,
    }));
    let is_below = |domain: &String| {
        host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match domains.iter().any(is_below) {
        false if !is_known => Err(Missing { gap: Gap::Export("Properties".into()), site: None }),
        own => Ok(own),
    }
}

fn text(reading: &Reading<'_>) -> Option<String> {
    match &reading.value {
        Ok(Value::Text(text)) => Some(text.to_ascii_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Source, kind, script_sources};

    #[test]
    fn the_narrowest_directive_counts() {
        let sources = |policy: &str| script_sources(policy).map(|sources| sources.join(" "));
        assert_eq!(sources("default-src *; script-src 'self'"), Some("'self'".to_owned()));
        assert_eq!(sources("script-src 'self'; script-src *"), Some("'self'".to_owned()));
        assert_eq!(sources("Default-Src 'self' Data:;"), Some("'self' data:".to_owned()));
        assert_eq!(sources("script-src"), Some(String::new()));
        assert_eq!(sources("img-src *"), None);
    }

    #[test]
    fn sources_are_told_apart() {
        let host = |source: &'static str| match kind(source) {
            Source::Keyword => "keyword",
            Source::Anywhere => "anywhere",
            Source::Host(host) => host,
        };
        let sources = [
            ("'self'", "keyword"),
            ("*", "anywhere"),
            ("https:", "anywhere"),
            ("data:", "anywhere"),
            ("https://*", "anywhere"),
            ("*:443", "anywhere"),
            ("http://cdn.contoso.com", "anywhere"),
            ("cdn.contoso.com:8443", "cdn.contoso.com"),
            ("https://*.contoso.com/scripts/", "contoso.com"),
        ];
        for (source, expected) in sources {
            assert_eq!(host(source), expected, "{source}");
        }
    }
}
