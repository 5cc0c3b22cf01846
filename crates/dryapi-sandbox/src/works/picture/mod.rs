//! Pictures worth looking at, painted from a prompt and a seed.
//!
//! Equal prompt, seed and model give the same picture at any size; the words of the prompt choose
//! what is painted, the rest is drawn from their hash.

mod agate;
mod bloom;
mod canvas;
mod colour;
mod cut;
mod encode;
mod figures;
mod land;
mod nebula;
mod noise;
mod orbs;
mod png;
mod preview;
mod scale;
mod scene;
mod sea;
mod sky;
mod stars;
mod town;
mod words;

pub(crate) use self::png::Image;

use self::canvas::Canvas;
use self::words::Brief;
use crate::random::{Rng, hash_texts};

/// Paints the picture of a prompt.
pub(crate) fn paint(prompt: &str, seed: i64, model: &str, width: u32, height: u32) -> Image {
    let mut rng = Rng::new(hash_texts(&[prompt, &seed.to_string(), model]));
    let brief = Brief::read(prompt, &mut rng);
    let mut canvas = Canvas::new(width, height);
    scene::paint(&mut canvas, &mut rng, &brief);
    Image {
        width: width.max(1),
        height: height.max(1),
        rgb: canvas.develop(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_repeats_and_differs_by_prompt_seed_and_model() {
        let one = paint("a cat in a nebula", 1, "Flux1schnell", 96, 64);
        assert_eq!(
            (one.width, one.height, one.rgb.len()),
            (96, 64, 96 * 64 * 3)
        );
        assert_eq!(one, paint("a cat in a nebula", 1, "Flux1schnell", 96, 64));
        for other in [
            paint("a dog in a nebula", 1, "Flux1schnell", 96, 64),
            paint("a cat in a nebula", 2, "Flux1schnell", 96, 64),
            paint("a cat in a nebula", 1, "ZImageTurbo_INT8", 96, 64),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn every_subject_paints_at_any_shape_and_is_no_flat_colour() {
        for prompt in [
            "nebula",
            "mountains",
            "forest",
            "sea",
            "city at night",
            "rose",
            "agate",
            "poster",
            "cat",
        ] {
            for (width, height) in [(64, 64), (200, 64), (64, 128), (1, 1)] {
                let image = paint(prompt, 3, "m", width, height);
                assert_eq!(image.rgb.len(), (width * height * 3) as usize, "{prompt}");
                if width > 1 {
                    let (low, high) = (image.rgb.iter().min(), image.rgb.iter().max());
                    assert!(
                        high.unwrap() - low.unwrap() > 60,
                        "{prompt} {width}x{height}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_file_reads_back_as_painted() {
        let image = paint("sunset", 1, "m", 40, 30);
        let file = image.encode();
        assert!(file.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(Image::decode(&file, 10_000), Some(image));
        assert_eq!(Image::decode(&file, 100), None);
        assert_eq!(Image::decode(b"GIF89a", 100), None);
    }

    #[test]
    fn a_preview_is_small_and_clears_up() {
        let image = paint("a cat", 1, "m", 300, 150);
        let (early, late) = (image.preview(10.0), image.preview(90.0));
        assert_eq!((early.width, early.height), (60, 30));
        let finished = image.preview(100.0);
        let far = |other: &Image| -> u32 {
            other
                .rgb
                .iter()
                .zip(&finished.rgb)
                .map(|(a, b)| u32::from(a.abs_diff(*b)))
                .sum()
        };
        assert!(far(&early) > far(&late) && far(&late) > 0);
    }
}
