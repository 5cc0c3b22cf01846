//! Films: a window drifting over a painted picture, as JPEGs in an MP4.
//!
//! Any codec that films usually have would need an encoder written in C or minutes of work; JPEG
//! pictures in MP4 are old, valid (MPEG-4 object type 0x6C) and play in what is built on FFmpeg.

mod boxes;
mod movie;

use super::picture::{Image, paint};

/// A film.
#[derive(Clone, Debug)]
pub(crate) struct Film {
    pub(crate) prompt: String,
    pub(crate) seed: i64,
    /// Pixels.
    pub(crate) width: u32,
    /// Pixels.
    pub(crate) height: u32,
    pub(crate) frames: u32,
    /// Frames a second.
    pub(crate) fps: u32,
}

/// Pictures that differ, at most: the window goes there and back again over them.
const DISTINCT: u32 = 12;

/// The longest side in pixels; longer ones are cut to it.
const LONGEST_SIDE: u32 = 4096;

/// The longest film in frames.
const MOST_FRAMES: u32 = 36_000;

/// Above this many pixels the picture is painted smaller and enlarged.
const MOST_PAINTED: u64 = 1280 * 1280;

impl Film {
    /// The film as an MP4 file. Takes a while: not for an async thread.
    pub(crate) fn encode(&self, model: &str) -> Vec<u8> {
        let width = self.width.clamp(1, LONGEST_SIDE);
        let height = self.height.clamp(1, LONGEST_SIDE);
        let frames = self.frames.clamp(1, MOST_FRAMES);
        let distinct = DISTINCT.min(frames);
        let drift = (width / 64).clamp(1, 8);
        let shrunk = if u64::from(width) * u64::from(height) > MOST_PAINTED {
            2
        } else {
            1
        };
        let wide = width + drift * (distinct - 1);
        let scene = paint(
            &self.prompt,
            self.seed,
            model,
            wide.div_ceil(shrunk),
            height.div_ceil(shrunk),
        );
        let scene = if shrunk > 1 {
            scene.enlarged(shrunk)
        } else {
            scene
        };
        let pictures: Vec<Vec<u8>> = (0..distinct)
            .map(|at| window(&scene, at * drift, width, height).encode_jpeg(80))
            .collect();
        movie::write(&movie::Movie {
            width,
            height,
            fps: self.fps.clamp(1, 240),
            pictures: &pictures,
            order: &there_and_back(distinct, frames),
        })
    }
}

/// 0, 1, 2, 3, 2, 1, 0, 1, … : which picture each frame shows.
fn there_and_back(distinct: u32, frames: u32) -> Vec<usize> {
    let turn = (2 * distinct).saturating_sub(2).max(1);
    let place = |frame: u32| {
        let at = frame % turn;
        at.min(turn - at) as usize
    };
    (0..frames).map(place).collect()
}

/// The part of a picture from column `left` on.
fn window(scene: &Image, left: u32, width: u32, height: u32) -> Image {
    let row = scene.width as usize * 3;
    let (from, length) = (left as usize * 3, width as usize * 3);
    let rows = scene.rgb.chunks_exact(row.max(1)).take(height as usize);
    let seen = rows.flat_map(|row| row.iter().skip(from).take(length).copied());
    Image {
        width,
        height,
        rgb: seen.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(frames: u32) -> Film {
        Film {
            prompt: "a boat on the sea".into(),
            seed: 1,
            width: 96,
            height: 64,
            frames,
            fps: 24,
        }
    }

    #[test]
    fn the_window_goes_there_and_back() {
        assert_eq!(there_and_back(4, 9), [0, 1, 2, 3, 2, 1, 0, 1, 2]);
        assert_eq!(there_and_back(1, 3), [0, 0, 0]);
        assert_eq!(there_and_back(2, 4), [0, 1, 0, 1]);
    }

    #[test]
    fn a_long_film_costs_little_more_than_a_short_one() {
        let (short, long) = (film(24).encode("m"), film(2400).encode("m"));
        assert!(long.len() < short.len() + 2400 * 9);
        assert_eq!(short, film(24).encode("m"));
        let mut other = film(24);
        other.seed = 2;
        assert_ne!(short, other.encode("m"));
    }

    #[test]
    fn the_picture_moves() {
        let scene = paint("a boat on the sea", 1, "m", 100, 64);
        let (one, other) = (window(&scene, 0, 96, 64), window(&scene, 4, 96, 64));
        assert_eq!(one.rgb.len(), 96 * 64 * 3);
        assert_eq!(one.rgb[12..96 * 3], other.rgb[..96 * 3 - 12]);
        assert_ne!(one, other);
    }

    #[test]
    fn odd_wishes_are_bounded() {
        let mut odd = film(0);
        (odd.width, odd.height, odd.fps) = (0, 1, 0);
        assert!(odd.encode("m").len() > 500);
    }
}
