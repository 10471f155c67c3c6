//! The way from a decoded text back to the text on disk.

/// One stretch of a decoded text that was written differently in the raw text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    decoded: u32,
    decoded_len: u32,
    raw: u32,
    raw_len: u32,
}

/// The way from offsets of a decoded text back to offsets of the raw text that it was decoded from.
///
/// Only the stretches that differ are kept (an escape, a dropped indent); between them both run in step.
/// Offsets are relative to the beginning of the raw text, so the map survives being moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
}

impl OffsetMap {
    /// A map for a text that was taken as it stands.
    pub fn identity() -> Self {
        Self::default()
    }

    /// Notes that `decoded_len` bytes at `decoded` were written as `raw_len` bytes at `raw`.
    ///
    /// Pieces must be added in ascending order; `decoded_len` 0 means that raw text was dropped,
    /// `raw_len` 0 that text was inserted which the raw text does not have.
    pub fn push(&mut self, decoded: u32, decoded_len: u32, raw: u32, raw_len: u32) {
        self.pieces.push(Piece { decoded, decoded_len, raw, raw_len });
    }

    /// Adds the pieces of another map, whose text begins at `decoded` of this one's and at `raw` of its raw text.
    pub fn append(&mut self, other: &Self, decoded: u32, raw: u32) {
        let moved =
            |piece: &Piece| Piece { decoded: piece.decoded + decoded, raw: piece.raw + raw, ..*piece };
        self.pieces.extend(other.pieces.iter().map(moved));
    }

    /// The map of the decoded text from `start` to `end` alone, whose raw text begins at `raw`.
    #[must_use]
    pub fn part(&self, start: u32, end: u32, raw: u32) -> Self {
        let inside = self.pieces.iter().filter(|piece| {
            piece.decoded >= start && piece.decoded + piece.decoded_len <= end && piece.raw >= raw
        });
        let moved = |piece: &Piece| Piece { decoded: piece.decoded - start, raw: piece.raw - raw, ..*piece };
        Self { pieces: inside.map(moved).collect() }
    }

    /// The map of the same text after `start..end` was replaced by a text of `length` bytes, which stands for all that was
    /// written there.
    #[must_use]
    pub fn replaced(&self, start: u32, end: u32, length: u32) -> Self {
        let mut map = Self::identity();
        let after = |piece: &&Piece| piece.decoded >= end && piece.decoded + piece.decoded_len > start;
        let before = self.pieces.iter().filter(|piece| piece.decoded + piece.decoded_len <= start);
        map.pieces.extend(before.filter(|piece| !after(piece)));
        let raw = self.raw_start(start);
        map.push(start, length, raw, self.raw_end(end).saturating_sub(raw));
        let moved = |piece: &Piece| Piece { decoded: piece.decoded - end + start + length, ..*piece };
        map.pieces.extend(self.pieces.iter().filter(after).map(moved));
        map
    }

    /// Raw offset of the first byte of what begins at `decoded`.
    pub fn raw_start(&self, decoded: u32) -> u32 {
        let count = self.pieces.partition_point(|piece| piece.decoded <= decoded);
        match count.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            None => decoded,
            Some(piece) if decoded < piece.decoded + piece.decoded_len => piece.raw,
            Some(piece) => piece.raw + piece.raw_len + (decoded - piece.decoded - piece.decoded_len),
        }
    }

    /// Raw offset after the last byte of what ends at `decoded`.
    pub fn raw_end(&self, decoded: u32) -> u32 {
        let count = self.pieces.partition_point(|piece| piece.decoded < decoded);
        match count.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            None => decoded,
            Some(piece) if decoded < piece.decoded + piece.decoded_len => piece.raw + piece.raw_len,
            Some(piece) => piece.raw + piece.raw_len + (decoded - piece.decoded - piece.decoded_len),
        }
    }
}
