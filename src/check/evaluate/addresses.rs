//! IP addresses and blocks of them, in the spellings that `BannedIpList` takes.

use std::net::IpAddr;

/// All addresses from one to another, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    first: u128,
    last: u128,
    bits: u32,
}

impl Block {
    /// Reads `192.0.2.1`, `2001:db8::1`, `192.0.2.0/24` and `192.0.2.1-192.0.2.9`. Bits below a prefix do not matter.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((from, to)) = text.split_once('-') {
            let (first, bits) = number(from)?;
            let (last, other) = number(to)?;
            return (bits == other && first <= last).then_some(Self { first, last, bits });
        }
        let Some((address, length)) = text.split_once('/') else {
            let (first, bits) = number(text)?;
            return Some(Self { first, last: first, bits });
        };
        let (start, bits) = number(address)?;
        let is_plain = (1..=3).contains(&length.len()) && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 = length.parse().ok().filter(|length| is_plain && *length <= bits)?;
        let rest = u128::MAX.checked_shr(128 - bits + length).unwrap_or(0);
        Some(Self { first: start & !rest, last: start | rest, bits })
    }

    /// Whether an address belongs to both. Those of IPv4 are others than those of IPv6.
    pub fn overlaps(self, other: Self) -> bool {
        self.bits == other.bits && self.first <= other.last && other.first <= self.last
    }

    /// How many bits at the beginning all of its addresses share.
    pub fn prefix_length(self) -> u32 {
        (self.first ^ self.last).leading_zeros() - (128 - self.bits)
    }
}

/// An address and how many bits it has.
fn number(text: &str) -> Option<(u128, u32)> {
    match text.trim().parse().ok()? {
        IpAddr::V4(address) => Some((u128::from(address.to_bits()), 32)),
        IpAddr::V6(address) => Some((address.to_bits(), 128)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(one: &str, other: &str) -> Option<bool> {
        Some(Block::new(one)?.overlaps(Block::new(other)?))
    }

    #[test]
    fn blocks_hold_what_they_spell() {
        assert_eq!(overlap("10.0.0.0/8", "10.255.255.255"), Some(true));
        assert_eq!(overlap("10.0.0.0/8", "11.0.0.0"), Some(false));
        assert_eq!(overlap("1.2.3.4/16", "1.2.255.0"), Some(true));
        assert_eq!(overlap("192.0.2.1-192.0.2.9", "192.0.2.9"), Some(true));
        assert_eq!(overlap("192.0.2.1-192.0.2.9", "192.0.2.10"), Some(false));
        assert_eq!(overlap("192.0.2.4", "192.0.2.0/24"), Some(true));
        assert_eq!(overlap("2001:db8::/32", "2001:db8:1::5"), Some(true));
        assert_eq!(overlap("0.0.0.0/0", "203.0.113.9"), Some(true));
        assert_eq!(overlap("::/0", "2001:db8::1"), Some(true));
        assert_eq!(overlap("::/0", "203.0.113.9"), Some(false));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "::1/129", "10.0.0.9-10.0.0.1"]
        {
            assert_eq!(Block::new(text), None, "{text}");
        }
        for text in
            ["proxy.contoso.com", "10.0.0.0/255.0.0.0", "10.0.0.1-::1", "10.0.0.*", "10.0.0.1,10.0.0.2"]
        {
            assert_eq!(Block::new(text), None, "{text}");
        }
    }

    #[test]
    fn prefixes_are_counted() {
        let length = |text: &str| Block::new(text).map(Block::prefix_length);
        assert_eq!(length("192.0.2.1"), Some(32));
        assert_eq!(length("10.0.0.0/8"), Some(8));
        assert_eq!(length("0.0.0.0/0"), Some(0));
        assert_eq!(length("2001:db8::1"), Some(128));
        assert_eq!(length("2001:db8::/16"), Some(16));
        assert_eq!(length("::/0"), Some(0));
        assert_eq!(length("10.0.0.0-10.255.255.255"), Some(8));
    }
}
