//! Addresses that are almost like known ones: the slips that people make with claim types.

use std::collections::HashMap;
use std::sync::Arc;

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// `https://` for `http://`.
    Https,
    /// A blank at an end or inside.
    Blank,
    /// Letter case.
    Case,
    /// A slash at the end, or two for one.
    Slash,
    /// A part of the path too few or too many.
    Segment,
    /// A letter or two.
    Letters,
}

/// Shorter words are too often words of their own.
const WORD: usize = 6;
/// So many addresses that are one letter apart are meant as they are.
const CROWD: usize = 8;
/// Longer addresses are no claim types, and too dear to compare.
const LONGEST: usize = 512;

/// Known addresses, so arranged that a wrong one finds the right one without comparing with each.
#[derive(Debug, Clone, Default)]
pub struct Spellings {
    known: Vec<Arc<str>>,
    exact: HashMap<Arc<str>, usize>,
    folded: HashMap<String, usize>,
    /// Folded addresses with a part of the path left out.
    shortened: HashMap<String, usize>,
    /// Addresses with a letter left out, as hashes.
    without_letter: HashMap<u64, Vec<usize>>,
}

impl Spellings {
    /// Adds an address.
    pub fn add(&mut self, address: &str) {
        if self.exact.contains_key(address) || address.len() > LONGEST {
            return;
        }
        let number = self.known.len();
        let text: Arc<str> = Arc::from(address);
        self.exact.insert(Arc::clone(&text), number);
        let folded = fold(address);
        for shorter in without_segment(&folded) {
            self.shortened.entry(shorter).or_insert(number);
        }
        self.folded.entry(folded).or_insert(number);
        for hash in hashes(address) {
            let crowd = self.without_letter.entry(hash).or_default();
            if crowd.len() < CROWD {
                crowd.push(number);
            }
        }
        self.known.push(text);
    }

    /// Whether an address is known, letter for letter.
    pub fn contains(&self, address: &str) -> bool {
        self.exact.contains_key(address)
    }

    /// The known address that a wrong one may mean. `None` for a known one.
    pub fn near(&self, address: &str) -> Option<(&str, Slip)> {
        if self.known.is_empty() || address.len() > LONGEST || self.contains(address) {
            return None;
        }
        let (number, slip) = self.tidied(address).or_else(|| self.rewritten(address))?;
        Some((self.known.get(number)?, slip))
    }

    /// Slips that can be undone.
    fn tidied(&self, address: &str) -> Option<(usize, Slip)> {
        let find = |text: &str| self.folded.get(text).copied();
        let folded = fold(address);
        if let Some(number) = find(&folded) {
            return Some((number, Slip::Case));
        }
        let plain: String = folded.chars().filter(|c| !is_blank(*c)).collect();
        let http = plain.strip_prefix("https://").map(|rest| format!("http://{rest}"));
        if let Some(number) = http.as_deref().and_then(find) {
            return Some((number, Slip::Https));
        }
        if let Some(number) = find(&plain) {
            return Some((number, Slip::Blank));
        }
        find(&slim(&http.unwrap_or(plain))).map(|number| (number, Slip::Slash))
    }

    /// Slips that change the words.
    fn rewritten(&self, address: &str) -> Option<(usize, Slip)> {
        if let Some(number) = self.letters(address) {
            return Some((number, Slip::Letters));
        }
        let folded = fold(address);
        let longer = || without_segment(&folded).into_iter().find_map(|text| self.folded.get(&text).copied());
        self.shortened.get(&folded).copied().or_else(longer).map(|number| (number, Slip::Segment))
    }

    /// One letter too many, too few, another or elsewhere.
    fn letters(&self, address: &str) -> Option<usize> {
        let wrong: Vec<char> = address.chars().collect();
        let mut near: Vec<usize> = hashes(address)
            .into_iter()
            .filter_map(|hash| self.without_letter.get(&hash))
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.dedup();
        near.into_iter().find(|number| {
            let known: Option<Vec<char>> = self.known.get(*number).map(|known| known.chars().collect());
            known.is_some_and(|known| is_slip(&wrong, &known))
        })
    }
}

fn fold(address: &str) -> String {
    address.to_lowercase()
}

/// Blanks, also those that nobody sees.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Without a slash at the end, and with one for two.
fn slim(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let path = parts.join("/");
    if scheme.is_empty() { path } else { format!("{scheme}://{path}") }
}

/// The address with each part of its path left out, the host and the last part excepted.
fn without_segment(address: &str) -> Vec<String> {
    let Some((scheme, rest)) = address.split_once("://") else { return Vec::new() };
    let parts: Vec<&str> = rest.split('/').collect();
    let inner = 1..parts.len().saturating_sub(1);
    inner
        .map(|left_out| {
            let kept = parts.iter().enumerate().filter(|(number, _)| *number != left_out);
            let kept: Vec<&str> = kept.map(|(_, part)| *part).collect();
            format!("{scheme}://{}", kept.join("/"))
        })
        .collect()
}

/// Hashes of a text, and of the text without each of its letters, all in one go.
fn hashes(text: &str) -> Vec<u64> {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let step = |hash: u64, c: char| hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(c)));
    let whole = text.chars().fold(0, step);
    let mut found = vec![whole];
    // What stands before a letter, and what the letters behind it multiply that with.
    let mut before = 0u64;
    let mut power = text.chars().skip(1).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let inverse = inverse(BASE);
    for c in text.chars() {
        let after = whole.wrapping_sub(step(before, c).wrapping_mul(power));
        found.push(before.wrapping_mul(power).wrapping_add(after));
        before = step(before, c);
        power = power.wrapping_mul(inverse);
    }
    found
}

/// The number that undoes a multiplication by an odd number.
fn inverse(odd: u64) -> u64 {
    // Each round doubles the bits that are right.
    (0..6).fold(odd, |guess, _| guess.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(guess))))
}

/// Whether one slip of the hand leads from one text to the other.
fn is_slip(wrong: &[char], known: &[char]) -> bool {
    let same = wrong.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (Some(a), Some(b)) = (wrong.get(same..), known.get(same..)) else { return false };
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (Some(a), Some(b)) = (a.get(..a.len() - tail), b.get(..b.len() - tail)) else { return false };
    let is_small = match (a.len(), b.len()) {
        (0 | 1, 0 | 1) => true,
        // A letter that moved; one place is the usual case.
        (one, other) if one == other => a.get(1..) == b.get(..other - 1) || a.get(..one - 1) == b.get(1..),
        _ => false,
    };
    is_small && is_wrong_word(known, same, tail, a, b)
}

/// A slip in the last word of an address counts only where the word is long, and no other word comes of it.
fn is_wrong_word(known: &[char], same: usize, tail: usize, a: &[char], b: &[char]) -> bool {
    let ends = known.iter().rev().take_while(|c| !matches!(c, '/' | ':' | '#')).count();
    let in_last_word = same + b.len() >= known.len() - ends && tail < ends.max(1);
    if !in_last_word {
        return true;
    }
    let is_number = |part: &[char]| !part.is_empty() && part.iter().all(char::is_ascii_digit);
    let is_plural = tail == 0 && a == ['s'] && b.is_empty();
    ends >= WORD && !is_plural && !is_number(a) && !is_number(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
    const MAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    const ROLE: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    const FLAG: &str = "urn:contoso:tmp:userflag1";

    fn near(wrong: &str) -> Option<(String, Slip)> {
        let mut spellings = Spellings::default();
        [UPN, MAIL, ROLE, FLAG].into_iter().for_each(|known| spellings.add(known));
        spellings.near(wrong).map(|(known, slip)| (known.to_owned(), slip))
    }

    #[test]
    fn slips_are_found() {
        let cases = [
            ("https://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", UPN, Slip::Https),
            ("https://schemas.xmlsoap.org/ws/2005/05/identity/claims/UPN ", UPN, Slip::Https),
            (" http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", UPN, Slip::Blank),
            ("http://schemas.xmlsoap.org/ws/2005/05/ identity/claims/upn", UPN, Slip::Blank),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn\u{a0}", UPN, Slip::Blank),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/\u{200b}upn", UPN, Slip::Blank),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/UPN", UPN, Slip::Case),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn/", UPN, Slip::Slash),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity//claims/upn", UPN, Slip::Slash),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/upn", UPN, Slip::Segment),
            ("http://schemas.xmlsoap.org/ws/2005/05/05/identity/claims/upn", UPN, Slip::Segment),
            ("http://schemas.xmlsoap.org/ws/2005/05/identty/claims/upn", UPN, Slip::Letters),
            ("http://schemas.xmlsoap.org/ws/2005/06/identity/claims/upn", UPN, Slip::Letters),
            ("http:/schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", UPN, Slip::Letters),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailadress", MAIL, Slip::Letters),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailadddress", MAIL, Slip::Letters),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emialaddress", MAIL, Slip::Letters),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddresz", MAIL, Slip::Letters),
            ("urn:contoso:tmp:usrflag1", FLAG, Slip::Letters),
        ];
        for (wrong, known, slip) in cases {
            assert_eq!(near(wrong), Some((known.to_owned(), slip)), "{wrong}");
        }
    }

    #[test]
    fn other_words_are_other_words() {
        for other in [
            UPN,
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/spn",
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/roles",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddresss",
            "urn:contoso:tmp:userflag2",
            "urn:contoso:tmp:userflag12",
            "",
            "/",
            "ä",
        ] {
            assert_eq!(near(other), None, "{other}");
        }
        assert_eq!(near(&"x".repeat(100_000)), None);
    }

    #[test]
    fn hashes_are_those_of_the_shorter_texts() {
        let text = "aäz€";
        let shorter = |left_out: usize| -> String {
            text.chars().enumerate().filter(|(at, _)| *at != left_out).map(|(_, c)| c).collect()
        };
        let found = hashes(text);
        assert_eq!(found.len(), 5);
        for left_out in 0..4 {
            assert_eq!(found[left_out + 1], hashes(&shorter(left_out))[0]);
        }
    }
}
