//! A picture in a terminal's own words.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::picture::Picture;
use super::protocol::Protocol;
use super::sixel::{cube, sixel};

/// So many columns and rows of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cells {
    pub(super) columns: u16,
    pub(super) rows: u16,
}

impl Cells {
    /// What a picture takes of them, its shape kept: a cell is twice as high as wide.
    fn of(self, picture: &Picture) -> Self {
        let (columns, rows) = (usize::from(self.columns), usize::from(self.rows));
        let (width, height) = (picture.width, picture.height);
        let high = (columns * height).div_ceil(width * 2);
        let (columns, rows) = match high <= rows {
            true => (columns, high),
            false => ((rows * 2 * width).div_ceil(height), rows),
        };
        let fit =
            |count: usize, most: u16| u16::try_from(count).unwrap_or(most).clamp(1, most.max(1));
        Self {
            columns: fit(columns, self.columns),
            rows: fit(rows, self.rows),
        }
    }
}

/// A picture to be written where a line begins, and how it is taken away from the line below it.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) show: String,
    pub(crate) erase: String,
}

/// kitty's name for our only picture: shown again, it replaces itself.
const NAME: u32 = 0x64_7279;

/// Draws a picture in at most so many cells, from its pixels, or from the JPEG that they were read
/// from. Afterwards the cursor stands at the start of the line below it.
pub(super) fn draw(picture: &Picture, jpeg: &[u8], protocol: Protocol, most: Cells) -> Drawn {
    let cells = most.of(picture);
    let (columns, rows) = (usize::from(cells.columns), usize::from(cells.rows));
    // No terminal's cell is smaller than 6 × 12: a sixel stays inside; the others are stretched.
    let small = picture.within(columns * 6, rows * 12);
    let body = match protocol {
        Protocol::Kitty => kitty(&small, cells),
        Protocol::Iterm => iterm(jpeg, cells),
        Protocol::Sixel => sixel(&small),
        Protocol::Blocks => blocks(&picture.scaled(columns, rows * 2), true),
        Protocol::Blocks256 => blocks(&picture.scaled(columns, rows * 2), false),
    };
    let up = format!("\x1b[{rows}A");
    // Room first, so that nothing scrolls while it is drawn.
    let room = "\n".repeat(rows);
    let gone = match protocol {
        Protocol::Kitty => format!("\x1b_Ga=d,d=I,i={NAME},q=2\x1b\\"),
        _ => String::new(),
    };
    Drawn {
        show: format!("\r{room}{up}\x1b7{body}\x1b[0m\x1b8\x1b[{rows}B\r"),
        erase: format!("{gone}\r{up}\x1b[J"),
    }
}

/// Source: kitty's "Terminal graphics protocol": bare pixels (`f=24`). It must not answer (`q=2`):
/// its answer would come as typed text.
fn kitty(picture: &Picture, cells: Cells) -> String {
    let data = STANDARD.encode(&picture.rgb);
    let (width, height) = (picture.width, picture.height);
    let Cells { columns, rows } = cells;
    let mut text = String::new();
    let mut keys =
        format!("a=T,f=24,s={width},v={height},i={NAME},p=1,c={columns},r={rows},C=1,q=2,");
    let mut rest = data.as_str();
    loop {
        let (piece, more) = rest.split_at_checked(4096).unwrap_or((rest, ""));
        let again = u8::from(!more.is_empty());
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\x1b_G{keys}m={again};{piece}\x1b\\");
        if again == 0 {
            return text;
        }
        keys = "q=2,".to_owned();
        rest = more;
    }
}

/// Source: iTerm2's "Inline Images Protocol": a file of any format that the terminal knows.
fn iterm(jpeg: &[u8], cells: Cells) -> String {
    let Cells { columns, rows } = cells;
    let (size, data) = (jpeg.len(), STANDARD.encode(jpeg));
    format!(
        "\x1b]1337;File=inline=1;size={size};width={columns};height={rows};preserveAspectRatio=1:{data}\x07"
    )
}

/// Two pixels a cell: the upper half block in the colour of one, on a ground of the other.
fn blocks(picture: &Picture, true_colour: bool) -> String {
    let colour = |[red, green, blue]: [u8; 3]| match true_colour {
        true => format!("2;{red};{green};{blue}"),
        false => format!("5;{}", 16 + cube([red, green, blue])),
    };
    let mut text = String::new();
    for y in (0..picture.height).step_by(2) {
        if y > 0 {
            text.push_str("\x1b[0m\r\n");
        }
        for x in 0..picture.width {
            let (above, below) = (picture.pixel(x, y), picture.pixel(x, y + 1));
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\x1b[38;{};48;{}m▀", colour(above), colour(below));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize) -> Picture {
        let rgb = [250, 0, 5].repeat(width * height);
        Picture { width, height, rgb }
    }

    const MOST: Cells = Cells {
        columns: 40,
        rows: 20,
    };

    #[test]
    fn cells_keep_the_shape_within_the_bounds() {
        for (size, columns, rows) in [
            ((512, 512), 40, 20),
            ((1024, 512), 40, 10),
            ((512, 1024), 20, 20),
            ((4096, 1), 40, 1),
            ((1, 4096), 1, 20),
        ] {
            assert_eq!(MOST.of(&picture(size.0, size.1)), Cells { columns, rows });
        }
        let none = Cells {
            columns: 0,
            rows: 0,
        };
        let least = Cells {
            columns: 1,
            rows: 1,
        };
        assert_eq!(none.of(&picture(9, 9)), least);
    }

    #[test]
    fn half_blocks_are_two_pixels_each() {
        let small = Cells {
            columns: 2,
            rows: 1,
        };
        let drawn = draw(&picture(64, 64), b"", Protocol::Blocks, small);
        let cell = "\x1b[38;2;250;0;5;48;2;250;0;5m▀";
        let expected = format!("\r\n\x1b[1A\x1b7{cell}{cell}\x1b[0m\x1b8\x1b[1B\r");
        assert_eq!(drawn.show, expected);
        assert_eq!(drawn.erase, "\r\x1b[1A\x1b[J");
        let drawn = draw(&picture(64, 64), b"", Protocol::Blocks256, small);
        assert!(drawn.show.contains("\x1b[38;5;196;48;5;196m▀"), "{drawn:?}");
    }

    #[test]
    fn kitty_gets_pieces_and_must_not_answer() {
        let noise = (0..200 * 200 * 3_u32).map(|at| {
            let mixed = at.wrapping_mul(2_654_435_761);
            ((mixed ^ mixed >> 15).wrapping_mul(0x2c1b_3c6d) >> 24) as u8
        });
        let picture = Picture {
            width: 200,
            height: 200,
            rgb: noise.collect(),
        };
        let drawn = draw(&picture, b"", Protocol::Kitty, MOST);
        let pieces: Vec<&str> = drawn.show.split("\x1b_G").skip(1).collect();
        assert!(pieces.len() > 2);
        let mut data = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            let (keys, rest) = piece.split_once(';').unwrap();
            let more = u8::from(at + 1 < pieces.len());
            assert!(
                keys.contains("q=2") && keys.ends_with(&format!("m={more}")),
                "{keys}"
            );
            let (part, _) = rest.split_once("\x1b\\").unwrap();
            assert!(part.len() <= 4096);
            data.push_str(part);
        }
        assert!(pieces[0].starts_with("a=T,f=24,s=200,v=200,i=6582905,p=1,c=40,r=20,C=1,q=2,m=1;"));
        assert_eq!(STANDARD.decode(data).unwrap(), picture.rgb);
        assert!(drawn.erase.starts_with("\x1b_Ga=d,d=I,i=6582905,q=2\x1b\\"));
    }

    #[test]
    fn iterm_gets_the_jpeg_as_it_came() {
        let drawn = draw(&picture(64, 32), b"jpeg\x1b", Protocol::Iterm, MOST);
        let (_, body) = drawn
            .show
            .split_once("\x1b]1337;File=inline=1;size=")
            .unwrap();
        let (size, body) = body.split_once(';').unwrap();
        let (keys, data) = body.split_once(':').unwrap();
        assert_eq!(keys, "width=40;height=10;preserveAspectRatio=1");
        let (data, _) = data.split_once('\x07').unwrap();
        assert_eq!(STANDARD.decode(data).unwrap(), b"jpeg\x1b");
        assert_eq!(size, "5");
    }

    #[test]
    fn the_bytes_of_the_service_never_reach_the_terminal() {
        for protocol in [
            Protocol::Kitty,
            Protocol::Iterm,
            Protocol::Sixel,
            Protocol::Blocks,
        ] {
            let drawn = draw(&picture(3, 3), b"\x1b[2J", protocol, MOST);
            assert!(
                drawn.show.ends_with("\x1b[0m\x1b8\x1b[20B\r"),
                "{protocol:?}"
            );
            assert!(!drawn.show.contains("\x1b[2J"), "{protocol:?}");
        }
    }
}
