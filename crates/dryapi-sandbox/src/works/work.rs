//! What a job makes, and the files it comes in.

use bytes::Bytes;
use serde_json::Value;

use super::film::Film;
use super::format::Format;
use super::picture::{Image, paint};
use super::sound::{Music, Speech};
use super::text::{Reading, Transcript};
use super::vectors;
use crate::random::hash_bytes;

/// What a job makes.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// A picture from a prompt.
    Picture {
        prompt: String,
        seed: i64,
        width: u32,
        height: u32,
    },
    /// An uploaded picture, made larger.
    Enlargement {
        file: Bytes,
        width: u32,
        height: u32,
        factor: u32,
    },
    /// An uploaded picture without its background.
    Cutout {
        file: Bytes,
        width: u32,
        height: u32,
    },
    Film(Film),
    Speech(Speech),
    Music(Music),
    Transcript(Transcript),
    /// The text of a picture; as JSON where that was asked for.
    Reading {
        reading: Reading,
        format: Format,
    },
    /// The vectors of texts.
    Vectors(Vec<String>),
}

/// Largest upload that is really worked on; others give a painted picture of the right size.
const MOST_SOURCE_PIXELS: u64 = 2048 * 2048;

/// Largest side of an enlarged picture that was not really enlarged, in pixels.
const LONGEST_SIDE: u32 = 4096;

impl Work {
    /// The format of the result itself.
    pub(crate) const fn format(&self) -> Format {
        match self {
            Self::Picture { .. } | Self::Enlargement { .. } | Self::Cutout { .. } => Format::Png,
            Self::Film(_) => Format::Mp4,
            Self::Speech(speech) => speech.format,
            Self::Music(music) => music.format,
            Self::Transcript(_) => Format::Text,
            Self::Reading { format, .. } => *format,
            Self::Vectors(_) => Format::Json,
        }
    }

    /// The other formats the service lists for it (`results_alt_formats`).
    pub(crate) const fn alternatives(&self) -> &'static [Format] {
        match self.format() {
            Format::Png => &[Format::Jpeg, Format::WebP],
            _ => &[],
        }
    }

    /// Whether the result comes in a format.
    pub(crate) fn comes_as(&self, format: Format) -> bool {
        // A transcript is text for everybody and JSON for those who ask for the file.
        let extra = matches!(self, Self::Transcript(_)) && format == Format::Json;
        self.format() == format || self.alternatives().contains(&format) || extra
    }

    /// The seed of what is drawn by chance when it is negative.
    pub(crate) const fn seed_mut(&mut self) -> Option<&mut i64> {
        match self {
            Self::Picture { seed, .. } => Some(seed),
            Self::Film(film) => Some(&mut film.seed),
            Self::Music(music) => Some(&mut music.seed),
            _ => None,
        }
    }

    /// What stands in a status instead of a file, where the request asked for that: text as text,
    /// vectors as `[[…], …]`.
    pub(crate) fn inline(&self) -> Option<Value> {
        match self {
            Self::Transcript(transcript) => Some(transcript.plain().into()),
            Self::Reading { reading, format } => Some(match format {
                Format::Json => reading.json().to_string().into(),
                _ => reading.plain().into(),
            }),
            Self::Vectors(texts) => Some(vectors::json(texts)),
            _ => None,
        }
    }

    /// The file in a format the work comes in. Takes a while: not for an async thread.
    pub(crate) fn make(&self, model: &str, format: Format) -> Option<Vec<u8>> {
        if !self.comes_as(format) {
            return None;
        }
        match self {
            Self::Picture { .. } | Self::Enlargement { .. } => {
                Some(picture_file(&self.picture(model)?, format))
            }
            Self::Cutout { .. } => {
                let picture = self.picture(model)?;
                match format {
                    Format::Png => Some(picture.encode_cut_out()),
                    _ => Some(picture_file(&picture, format)),
                }
            }
            Self::Film(film) => Some(film.encode(model)),
            Self::Speech(speech) => speech.encode(),
            Self::Music(music) => music.encode(),
            Self::Transcript(transcript) if format == Format::Json => {
                Some(transcript.json().to_string().into_bytes())
            }
            Self::Transcript(transcript) => Some(transcript.plain().into_bytes()),
            Self::Reading { reading, format } => Some(match format {
                Format::Json => reading.json().to_string().into_bytes(),
                _ => reading.plain().into_bytes(),
            }),
            Self::Vectors(texts) => Some(vectors::json(texts).to_string().into_bytes()),
        }
    }

    /// A small JPEG of the work in progress (0 to 100); none of work that shows none.
    pub(crate) fn preview(&self, model: &str, progress: f64) -> Option<Vec<u8>> {
        let (prompt, seed, width, height) = match self {
            Self::Picture {
                prompt,
                seed,
                width,
                height,
            } => (prompt, *seed, *width, *height),
            Self::Film(film) => (&film.prompt, film.seed, film.width, film.height),
            _ => return None,
        };
        let long = u64::from(width.max(height).max(1));
        let side = |length: u32| (u64::from(length) * 64 / long).max(1) as u32;
        let small = paint(prompt, seed, model, side(width), side(height));
        Some(small.preview(progress).encode_jpeg(75))
    }

    fn picture(&self, model: &str) -> Option<Image> {
        let painted = |file: &Bytes, width: u32, height: u32, factor: u32| {
            let seed = hash_bytes(file.iter().copied()) as i64;
            let side = |length: u32| length.saturating_mul(factor).clamp(1, LONGEST_SIDE);
            paint("", seed, model, side(width), side(height))
        };
        match self {
            Self::Picture {
                prompt,
                seed,
                width,
                height,
            } => Some(paint(prompt, *seed, model, *width, *height)),
            Self::Enlargement {
                file,
                width,
                height,
                factor,
            } => Some(match Image::decode(file, MOST_SOURCE_PIXELS) {
                Some(image) => image.enlarged(*factor),
                None => painted(file, *width, *height, *factor),
            }),
            Self::Cutout {
                file,
                width,
                height,
            } => Some(
                Image::decode(file, MOST_SOURCE_PIXELS)
                    .unwrap_or_else(|| painted(file, *width, *height, 1)),
            ),
            _ => None,
        }
    }
}

fn picture_file(image: &Image, format: Format) -> Vec<u8> {
    match format {
        Format::Jpeg => image.encode_jpeg(90),
        Format::WebP => image.encode_webp(),
        _ => image.encode(),
    }
}
