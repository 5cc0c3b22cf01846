//! Sixel: bands of six rows, one colour after the other. Source: DEC's "VT330/VT340 Programmer
//! Reference Manual", chapter 14.
//!
//! By hand: the crate for it chooses colours with machinery of some twenty further crates, and has
//! unsafe code, for a picture that is looked at for a second.

use std::fmt::Write as _;

use super::picture::Picture;

/// A picture in 216 fixed colours.
pub(super) fn sixel(picture: &Picture) -> String {
    let (width, height) = (picture.width, picture.height);
    let indexed: Vec<u8> = picture
        .rgb
        .as_chunks::<3>()
        .0
        .iter()
        .map(|rgb| cube(*rgb))
        .collect();
    let mut text = format!("\x1bP0;1;0q\"1;1;{width};{height}");
    let mut known = [false; 216];
    for colour in &indexed {
        if let Some(known) = known.get_mut(usize::from(*colour))
            && !*known
        {
            *known = true;
            // Writing to a `String` cannot fail.
            let _ = write!(text, "#{colour};2;{}", percent(*colour));
        }
    }
    for band in indexed.chunks(width.max(1) * 6) {
        let mut colours = band.to_vec();
        colours.sort_unstable();
        colours.dedup();
        for (at, colour) in colours.iter().enumerate() {
            let again = if at > 0 { "$" } else { "" };
            let _ = write!(text, "{again}#{colour}");
            row(&mut text, band, width, *colour);
        }
        text.push('-');
    }
    text.push_str("\x1b\\");
    text
}

/// Where a colour stands in a band: a character a column, a bit a row; repeated ones counted.
fn row(text: &mut String, band: &[u8], width: usize, colour: u8) {
    let column = |x: usize| {
        let rows = (0..6_u8).filter(|y| band.get(usize::from(*y) * width + x) == Some(&colour));
        char::from(63 + rows.map(|y| 1 << y).sum::<u8>())
    };
    let mut run = (column(0), 0_usize);
    for x in 0..width {
        let sixel = column(x);
        if sixel != run.0 {
            repeated(text, run);
            run = (sixel, 0);
        }
        run.1 += 1;
    }
    repeated(text, run);
}

fn repeated(text: &mut String, (sixel, count): (char, usize)) {
    if count > 3 {
        let _ = write!(text, "!{count}{sixel}");
    } else {
        text.extend(std::iter::repeat_n(sixel, count));
    }
}

/// One of the colours, in percent of red, green and blue.
fn percent(colour: u8) -> String {
    let [red, green, blue] = [colour / 36, colour / 6 % 6, colour % 6].map(|step| step * 20);
    format!("{red};{green};{blue}")
}

/// The nearest of 6 × 6 × 6 colours.
pub(super) fn cube(rgb: [u8; 3]) -> u8 {
    let [red, green, blue] = rgb.map(|value| ((u16::from(value) * 5 + 127) / 255) as u8);
    36 * red + 6 * green + blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_colours_and_repetitions() {
        // Seven rows of five: red, but for one blue pixel in the second row.
        let mut rgb = [255, 0, 0].repeat(35);
        rgb[(5 + 1) * 3..(5 + 2) * 3].copy_from_slice(&[0, 0, 255]);
        let picture = Picture {
            width: 5,
            height: 7,
            rgb,
        };
        let expected = concat!(
            "\x1bP0;1;0q\"1;1;5;7",
            "#180;2;100;0;0#5;2;0;0;100",
            "#5?A???$#180~|~~~-",
            "#180!5@-",
            "\x1b\\"
        );
        assert_eq!(sixel(&picture), expected);
    }
}
