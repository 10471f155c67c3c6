//! Dates and time spans in the spellings that exports use.

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// What a date text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A moment.
    At(OffsetDateTime),
    /// AD FS writes a sentinel for "never" or "not set": year 1, 1900 or 9999.
    Never,
}

/// Reads `/Date(ms)/`, ISO 8601 with or without offset, and plain dates. `None` where a culture decides.
///
/// A time without offset is taken as UTC: off by less than a day, which no rule depends on.
pub fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let Some(at) = json_date(text).or_else(|| iso(text)) else {
        return is_local_sentinel(text).then_some(Moment::Never);
    };
    Some(if is_sentinel(at) { Moment::Never } else { Moment::At(at) })
}

/// The day at the end of a file's name: `ADFSDiagnosticsFile-20190115134922.json`. The hour there is local, so it says
/// nothing.
pub fn in_name(path: &str) -> Option<OffsetDateTime> {
    let stem = path.rsplit(['/', '\\']).next()?.split('.').next()?;
    let digits = stem.rsplit('-').next().filter(|digits| digits.len() == 14)?;
    let part = |from: usize, to: usize| digits.get(from..to);
    let text = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?);
    match moment(&text)? {
        Moment::At(at) => Some(at),
        Moment::Never => None,
    }
}

fn is_sentinel(at: OffsetDateTime) -> bool {
    // 1900-01-01 shows as 31 December 1899 in zones west of Greenwich.
    at.year() <= 1900 || at.year() >= 9999
}

/// A sentinel as any culture prints it, `12/31/1899 7:00:00 PM` or `01.01.0001 00:00:00`: its year is enough.
fn is_local_sentinel(text: &str) -> bool {
    let groups: Vec<&str> =
        text.split(|one: char| !one.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let years = groups.iter().filter(|digits| digits.len() == 4);
    (3..=7).contains(&groups.len())
        && text.len() < 40
        && years.clone().count() == 1
        && years.into_iter().all(|year| matches!(*year, "0001" | "1899" | "1900"))
}

/// `/Date(1740787200000)/`, or `/Date(…+0200)/` as other serialisers write it.
fn json_date(text: &str) -> Option<OffsetDateTime> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let (sign, digits) = inner.strip_prefix('-').map_or((1, inner), |rest| (-1, rest));
    let digits = digits.split(['+', '-']).next()?;
    let milliseconds = sign * digits.parse::<i128>().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(milliseconds.checked_mul(1_000_000)?).ok()
}

fn iso(text: &str) -> Option<OffsetDateTime> {
    if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(at);
    }
    let text = text.replacen(' ', "T", 1);
    let trimmed = shorten_fraction(&text);
    if let Ok(at) = OffsetDateTime::parse(&trimmed, &Rfc3339) {
        return Some(at);
    }
    if let Ok(local) = PrimitiveDateTime::parse(&trimmed, &Iso8601::DATE_TIME) {
        return Some(local.assume_offset(UtcOffset::UTC));
    }
    plain_date(&text).map(|date| date.with_time(Time::MIDNIGHT).assume_utc())
}

/// .NET writes up to seven digits of a second, some tools more; nine are what can be kept.
fn shorten_fraction(text: &str) -> String {
    let Some((head, tail)) = text.split_once('.') else { return text.to_owned() };
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = tail.split_at_checked(digits).unwrap_or((tail, ""));
    format!("{head}.{}{rest}", fraction.get(..9).unwrap_or(fraction))
}

fn plain_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
    let month = parts.next()?.parse::<u8>().ok().and_then(|number| Month::try_from(number).ok())?;
    let day = parts.next()?.parse().ok()?;
    parts.next().is_none().then(|| Date::from_calendar_date(year, month, day).ok())?
}

/// Reads a .NET time span `[-][d.]hh:mm[:ss[.fff]]` or an XML duration `PT30M`.
pub fn span(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (sign, body) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let seconds = if let Some(rest) = body.strip_prefix('P') { xml_span(rest)? } else { clock(body)? };
    Some(sign * seconds)
}

fn clock(text: &str) -> Option<Duration> {
    let (days, rest) = match text.split_once('.') {
        Some((days, rest)) if rest.contains(':') => (days.parse::<i64>().ok()?, rest),
        _ => (0, text),
    };
    let mut parts = rest.split(':');
    let hours = parts.next()?.parse::<i64>().ok()?;
    let minutes = parts.next()?.parse::<i64>().ok()?;
    let seconds = parts.next().map_or(Some(0.0), |part| part.parse::<f64>().ok())?;
    let in_range = parts.next().is_none()
        && (0..=1_000_000_000).contains(&days)
        && (0..=1_000_000).contains(&hours)
        && (0..60).contains(&minutes)
        && (0.0..60.0).contains(&seconds);
    in_range.then(|| {
        Duration::days(days)
            + Duration::hours(hours)
            + Duration::minutes(minutes)
            + Duration::seconds_f64(seconds)
    })
}

fn xml_span(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut in_time = false;
    let mut number = String::new();
    for character in text.chars() {
        match character {
            'T' => in_time = true,
            '0'..='9' | '.' if number.len() < 12 => number.push(character),
            unit => {
                let amount = number.parse::<f64>().ok()?;
                number.clear();
                let seconds = match (unit, in_time) {
                    ('D', false) => 86_400.0,
                    ('H', true) => 3_600.0,
                    ('M', true) => 60.0,
                    ('S', true) => 1.0,
                    _ => return None,
                };
                total = total.checked_add(Duration::checked_seconds_f64(amount * seconds)?)?;
            }
        }
    }
    number.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn dates_in_every_spelling_of_exports() {
        let at = |text: &str| moment(text);
        let expected = Some(Moment::At(datetime!(2025-03-01 0:00 UTC)));
        assert_eq!(at("/Date(1740787200000)/"), expected);
        assert_eq!(at("2025-03-01T00:00:00Z"), expected);
        assert_eq!(at("2025-03-01T02:00:00.0000000+02:00"), expected);
        assert_eq!(at("2025-03-01T00:00:00"), expected);
        assert_eq!(at("2025-03-01"), expected);
        assert_eq!(at("/Date(1740787200000+0200)/"), expected);
    }

    #[test]
    fn a_tool_dates_its_file() {
        let day = |name| in_name(name).map(|at| at.date().to_string());
        assert_eq!(day("in/ADFSDiagnosticsFile-20190115134922.json").as_deref(), Some("2019-01-15"));
        assert_eq!(day("ADFSDiagnosticsFile.json"), None);
        assert_eq!(day("x-99999999999999.json"), None);
        assert_eq!(day("x-2019011513492é.json"), None);
    }

    #[test]
    fn sentinels_mean_never_and_local_dates_are_not_guessed() {
        for text in [
            "1900-01-01T00:00:00",
            "0001-01-01T00:00:00",
            "/Date(-2208988800000)/",
            "/Date(-62135596800000)/",
            "1/1/1900 12:00:00 AM",
            "12/31/1899 7:00:00 PM",
            "01.01.0001 00:00:00",
        ] {
            assert_eq!(moment(text), Some(Moment::Never), "{text}");
        }
        for text in [
            "1/3/2025 10:00:00 AM",
            "01.03.2025 10:00:00",
            "1900",
            "build 1900.1.2.3.4.5.6.7",
            "",
            "/Date(x)/",
            "2025-13-01",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn time_spans() {
        assert_eq!(span("00:30:00"), Some(Duration::minutes(30)));
        assert_eq!(span("1.00:00:00"), Some(Duration::days(1)));
        assert_eq!(span("PT30M"), Some(Duration::minutes(30)));
        assert_eq!(span("-00:05:00"), Some(Duration::minutes(-5)));
        for text in ["", "30", "00:61:00", "P1M", "99999999999999999999.00:00:00"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
