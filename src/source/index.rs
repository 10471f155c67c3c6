//! Lines and columns of a place, without reading the text from its beginning.

use super::Position;

/// Bytes of text between two entries of a [`TextIndex`]. Small enough that a look-up scans little, large
/// enough that the index of a 160 MB export is below one megabyte.
const BLOCK: usize = 4096;

/// Counts at the beginning of every block, so that a place in a 20 MB line is found without reading the line.
#[derive(Debug)]
pub(super) struct TextIndex {
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Block {
    /// First byte of the block, moved to the beginning of a character.
    start: u32,
    code_points: u32,
    utf16_units: u32,
    /// Lines that ended before the block.
    lines: u32,
    /// First byte of the line that the block begins in, and the code points before that line.
    line_start: u32,
    line_code_points: u32,
}

impl Block {
    fn feed(&mut self, text: &str) {
        if text.is_ascii() {
            return self.feed_ascii(text);
        }
        for character in text.chars() {
            self.code_points += 1;
            self.utf16_units += if character.len_utf16() == 2 { 2 } else { 1 };
            self.start += u32::try_from(character.len_utf8()).unwrap_or(4);
            if character == '\n' {
                self.lines += 1;
                self.line_start = self.start;
                self.line_code_points = self.code_points;
            }
        }
    }
}

impl Block {
    /// The same for a text whose every byte is a character: nearly all of an export.
    fn feed_ascii(&mut self, text: &str) {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        for line_end in memchr::memchr_iter(b'\n', text.as_bytes()) {
            let after = u32::try_from(line_end + 1).unwrap_or(u32::MAX);
            self.lines += 1;
            self.line_start = self.start + after;
            self.line_code_points = self.code_points + after;
        }
        self.start += length;
        self.code_points += length;
        self.utf16_units += length;
    }
}

impl TextIndex {
    pub fn of(text: &str) -> Self {
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut block = Block::default();
        let mut rest = text;
        loop {
            blocks.push(block);
            let mut cut = rest.len().min(BLOCK);
            while !rest.is_char_boundary(cut) {
                cut += 1;
            }
            let (head, tail) = rest.split_at(cut);
            if head.is_empty() {
                return Self { blocks };
            }
            block.feed(head);
            rest = tail;
        }
    }

    /// The counts at `offset`: those of its block, moved forward to the offset.
    fn at(&self, text: &str, offset: u32) -> Block {
        let offset = offset.min(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let count = self.blocks.partition_point(|block| block.start <= offset);
        let mut block =
            count.checked_sub(1).and_then(|last| self.blocks.get(last)).copied().unwrap_or_default();
        let mut end = offset as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        block.feed(text.get(block.start as usize..end).unwrap_or(""));
        block
    }

    pub fn position(&self, text: &str, offset: u32) -> Position {
        let block = self.at(text, offset);
        Position { line: block.lines + 1, column: block.code_points - block.line_code_points + 1 }
    }

    pub fn utf16_units(&self, text: &str, offset: u32) -> u64 {
        u64::from(self.at(text, offset).utf16_units)
    }

    pub fn code_points(&self, text: &str, offset: u32) -> u64 {
        u64::from(self.at(text, offset).code_points)
    }
}
