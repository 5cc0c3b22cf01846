//! What a valid request asks for: its measures, on which its price depends, and the work.

use dryapi_types::Meta;

use super::fields::Fields;
use super::media;
use crate::catalogue::Model;
use crate::random::hash_texts;
use crate::recipe::{Makes, Recipe};
use crate::works::{Film, Format, Music, Reading, Speech, Transcript, Work};

/// A valid request.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) meta: &'a Meta,
    pub(super) fields: &'a Fields,
    pub(super) model: Option<&'static Model>,
}

impl Asked<'_> {
    /// The price of it, whether it is sent to be paid or to be priced.
    pub(super) fn price(&self, recipe: &Recipe) -> dryapi_types::Usd {
        let model = self.model.map_or((1, 1), |model| model.price);
        recipe.price(|name| self.measure(name), model)
    }

    /// What a formula may name: a field, or something that is measured.
    fn measure(&self, name: &str) -> f64 {
        match name {
            "pixels" => {
                let (width, height) = self.size();
                f64::from(width) * f64::from(height)
            }
            "seconds" => self.seconds(),
            "characters" => {
                let counted = self.fields.number("count_text");
                counted.unwrap_or_else(|| self.main_text().chars().count() as f64)
            }
            "tokens" => {
                let texts = self.fields.texts("input").unwrap_or_default();
                let characters: usize = texts.iter().map(|text| text.chars().count()).sum();
                characters.div_ceil(4).max(1) as f64
            }
            field => self.number(field).unwrap_or(1.0),
        }
    }

    /// A field, else the model's default for it.
    fn number(&self, name: &str) -> Option<f64> {
        let field = self.meta.field(name);
        let key = field
            .and_then(|field| field.card)
            .map_or(name, |card| card.key);
        let default = || self.model?.number("defaults", key);
        let documented = || field?.default?.parse().ok();
        self.fields
            .number(name)
            .or_else(default)
            .or_else(documented)
    }

    fn whole(&self, name: &str, otherwise: u32) -> u32 {
        let number = self.number(name).filter(|number| *number >= 0.0);
        number.map_or(otherwise, |number| number as u32)
    }

    fn main_text(&self) -> &str {
        let names = [
            self.meta.input,
            Some("prompt"),
            Some("text"),
            Some("caption"),
        ];
        let mut names = names.into_iter().flatten();
        names
            .find_map(|name| self.fields.text(name))
            .unwrap_or_default()
    }

    /// As asked for, else that of the first file, else the model's usual.
    fn size(&self) -> (u32, u32) {
        let given = |name: &str| self.fields.number(name).map(|side| side as u32);
        let file = || {
            let file = self.fields.first_file()?;
            media::pixels(&file.first).or_else(|| media::pixels(&file.last))
        };
        match (given("width"), given("height")) {
            (Some(width), Some(height)) => (width, height),
            _ => file().unwrap_or_else(|| (self.whole("width", 512), self.whole("height", 512))),
        }
    }

    /// Of the recording: as told, as measured, or what an address stands for.
    fn seconds(&self) -> f64 {
        let told = ["duration_seconds", "duration"];
        let told = told.into_iter().find_map(|name| self.fields.number(name));
        told.unwrap_or_else(|| match self.fields.first_file() {
            Some(file) => {
                let tail = media::film_seconds(&file.last);
                tail.unwrap_or_else(|| media::seconds(&file.first, file.length))
            }
            None => 60.0 + (hash_texts(&[self.main_text()]) % 540) as f64,
        })
    }

    fn seed(&self) -> i64 {
        self.fields.integer("seed").unwrap_or(-1)
    }

    /// What the same request always gives the same of.
    fn content(&self) -> u64 {
        let file = self.fields.first_file().map(super::upload::Upload::seed);
        file.unwrap_or_else(|| hash_texts(&[self.main_text()]))
    }

    /// What is made of it; nothing of what is answered at once.
    pub(super) fn work(&self, makes: Makes) -> Option<Work> {
        let (width, height) = self.size();
        let prompt = self.main_text().to_owned();
        let file = self.fields.first_file();
        Some(match makes {
            Makes::Picture | Makes::EditedPicture => Work::Picture {
                prompt: self.fields.text("prompt").unwrap_or(&prompt).to_owned(),
                seed: self.seed(),
                width,
                height,
            },
            Makes::EnlargedPicture => Work::Enlargement {
                file: file?.first.clone(),
                width,
                height,
                factor: self.model.map_or(2, |model| model.factor),
            },
            Makes::Cutout => Work::Cutout {
                file: file?.first.clone(),
                width,
                height,
            },
            Makes::Film => self.film(width, height, self.whole("frames", 48)),
            Makes::CutoutFilm => self.film(width, height, 48),
            Makes::EnlargedFilm => {
                let factor = self.whole("scale", self.model.map_or(2, |model| model.factor));
                self.film(
                    width.saturating_mul(factor),
                    height.saturating_mul(factor),
                    48,
                )
            }
            Makes::Speech => Work::Speech(Speech {
                text: prompt,
                voice: self.fields.text("voice").unwrap_or("default").to_owned(),
                speed: self.number("speed").unwrap_or(1.0),
                rate: self.whole("sample_rate", 24_000),
                format: self.sound(),
            }),
            Makes::Music => Work::Music(Music {
                caption: prompt,
                seed: self.seed(),
                seconds: self.number("duration").unwrap_or(30.0),
                bpm: self.whole("bpm", 100),
                key: self.fields.text("keyscale").unwrap_or_default().to_owned(),
                beats: self.whole("timesignature", 4),
                format: self.sound(),
            }),
            Makes::Transcript => Work::Transcript(Transcript {
                seed: self.content(),
                seconds: self.seconds(),
                timestamps: self.fields.boolean("include_ts").unwrap_or(false),
            }),
            Makes::Reading => Work::Reading {
                reading: Reading {
                    seed: self.content(),
                    width,
                    height,
                },
                format: match self.fields.text("format") {
                    Some("json") => Format::Json,
                    _ => Format::Text,
                },
            },
            Makes::Vectors => Work::Vectors(self.fields.texts("input").unwrap_or_default()),
            Makes::Prompt | Makes::SamplePrompt => return None,
        })
    }

    fn film(&self, width: u32, height: u32, frames: u32) -> Work {
        Work::Film(Film {
            prompt: self.fields.text("prompt").unwrap_or_default().to_owned(),
            seed: match self.fields.integer("seed") {
                Some(seed) => seed,
                None => self.content() as i64 & i64::MAX,
            },
            width,
            height,
            frames,
            fps: self.whole("fps", 24),
        })
    }

    fn sound(&self) -> Format {
        let named = self.fields.text("format").and_then(Format::of_sound);
        named.unwrap_or(Format::Flac)
    }
}
