//! A terminal's screen: as much of one as the command uses.

/// A character's look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// 0 to 7 as in SGR 30 to 37, 8 to 15 as in 90 to 97.
    pub(super) colour: Option<u8>,
    pub(super) bold: bool,
    pub(super) dim: bool,
}

/// Characters on lines.
#[derive(Debug)]
pub(super) struct Screen {
    pub(super) lines: Vec<Vec<(char, Style)>>,
    columns: usize,
    row: usize,
    column: usize,
    style: Style,
}

impl Screen {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            lines: Vec::new(),
            columns,
            row: 0,
            column: 0,
            style: Style::default(),
        }
    }

    /// What somebody typed.
    pub(super) fn prompt(&mut self, typed: &str) {
        if !self.lines.is_empty() {
            self.write("\r\n");
        }
        self.write(&format!("\x1b[32m$\x1b[0m \x1b[1m{typed}\x1b[0m\r\n"));
    }

    /// What a program wrote.
    pub(super) fn write(&mut self, text: &str) {
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            match char {
                '\r' => self.column = 0,
                '\n' => self.row += 1,
                '\x1b' => self.escape(&mut chars),
                char if char.is_control() => {}
                char => self.put(char),
            }
        }
    }

    fn put(&mut self, char: char) {
        if self.column >= self.columns {
            self.row += 1;
            self.column = 0;
        }
        let (column, style) = (self.column, self.style);
        let line = self.line();
        if line.len() <= column {
            line.resize(column + 1, (' ', Style::default()));
        }
        if let Some(cell) = line.get_mut(column) {
            *cell = (char, style);
        }
        self.column += 1;
    }

    fn line(&mut self) -> &mut Vec<(char, Style)> {
        if self.lines.len() <= self.row {
            self.lines.resize_with(self.row + 1, Vec::new);
        }
        // `resize_with` made it; the fallback only spares a panic.
        let last = self.lines.len() - 1;
        let row = self.row.min(last);
        &mut self.lines[row]
    }

    /// `ESC [ numbers letter`; others are left out.
    fn escape(&mut self, chars: &mut std::str::Chars<'_>) {
        if chars.next() != Some('[') {
            return;
        }
        let mut numbers = String::new();
        for char in chars {
            if char.is_ascii_digit() || char == ';' || char == '?' {
                numbers.push(char);
                continue;
            }
            let count = numbers.parse().unwrap_or(1);
            match char {
                'A' => self.row = self.row.saturating_sub(count),
                'B' => self.row += count,
                'G' => self.column = count.saturating_sub(1),
                'K' => self.erase(&numbers),
                'm' => self.look(&numbers),
                _ => {}
            }
            return;
        }
    }

    fn erase(&mut self, how: &str) {
        let column = self.column;
        let line = self.line();
        if how == "2" {
            line.clear();
        } else {
            line.truncate(column);
        }
    }

    fn look(&mut self, numbers: &str) {
        for number in numbers.split(';') {
            match number.parse::<u8>().unwrap_or(0) {
                0 => self.style = Style::default(),
                1 => self.style.bold = true,
                2 => self.style.dim = true,
                22 => (self.style.bold, self.style.dim) = (false, false),
                colour @ 30..=37 => self.style.colour = Some(colour - 30),
                39 => self.style.colour = None,
                colour @ 90..=97 => self.style.colour = Some(colour - 90 + 8),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Screen;

    fn shown(text: &str) -> Vec<String> {
        let mut screen = Screen::new(10);
        screen.write(text);
        let line = |line: &Vec<(char, _)>| line.iter().map(|(char, _)| *char).collect();
        screen.lines.iter().map(line).collect()
    }

    #[test]
    fn what_is_written_over_is_gone() {
        assert_eq!(shown("10%\r\x1b[2K20%"), ["20%"]);
        assert_eq!(shown("a\r\nb\x1b[1A\rc\x1b[K"), ["c", "b"]);
        assert_eq!(shown("abc\rx"), ["xbc"]);
    }

    #[test]
    fn long_lines_go_on_below() {
        assert_eq!(shown("0123456789ab"), ["0123456789", "ab"]);
    }

    #[test]
    fn colours_are_kept_and_not_shown() {
        let mut screen = Screen::new(10);
        screen.write("\x1b[36m\x1b[2ma\x1b[0mb");
        let style = |at: usize| screen.lines[0][at].1;
        assert_eq!((style(0).colour, style(0).dim), (Some(6), true));
        assert_eq!(style(1).colour, None);
    }
}
