//! How a report for people looks.

/// How a report looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// Whether lines and arrows may be drawn with characters beyond ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether every finding is shown in full.
    pub verbose: bool,
}
