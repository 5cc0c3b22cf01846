//! Our stderr as a terminal that a progress bar can be drawn on.

use std::fmt;
use std::io;

use indicatif::TermLike;

use super::stream::Stream;

pub(super) struct Term {
    err: Stream,
    width: fn() -> u16,
}

impl Term {
    pub(super) fn new(err: Stream, width: fn() -> u16) -> Self {
        Self { err, width }
    }

    fn write(&self, text: &str) -> io::Result<()> {
        self.err.write(text.as_bytes())
    }

    /// Moves the cursor by an ANSI sequence.
    fn moved(&self, by: usize, direction: char) -> io::Result<()> {
        if by == 0 {
            return Ok(());
        }
        self.write(&format!("\x1b[{by}{direction}"))
    }
}

impl TermLike for Term {
    fn width(&self) -> u16 {
        // Room for the `^C` that the terminal itself writes: on a full line it would break it, and
        // the bar could not be taken away.
        (self.width)().saturating_sub(3).max(1)
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.moved(lines, 'A')
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.moved(lines, 'B')
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.moved(columns, 'C')
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.moved(columns, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.write(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        self.err.flush()
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Term")
    }
}
