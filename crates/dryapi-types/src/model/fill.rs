//! Filling what the caller left out from the model's defaults.

use serde_json::Value;

use super::{Feature, Model, Voice};

/// A value that was taken from the model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Filled {
    /// The API's name of the field.
    pub field: &'static str,
    /// What it was filled with.
    pub value: Value,
}

/// Fills one request, field by field.
#[derive(Debug)]
pub struct Fill<'a> {
    model: &'a Model,
    filled: Vec<Filled>,
}

impl<'a> Fill<'a> {
    /// Starts to fill a request from a model's card.
    #[must_use]
    pub const fn new(model: &'a Model) -> Self {
        Self {
            model,
            filled: Vec::new(),
        }
    }

    /// A whole number: the card's default for `key`, where it has one.
    pub fn integer(&mut self, field: &'static str, key: &str, value: &mut Option<u32>) {
        if value.is_none()
            && let Some(default) = self.model.default_number(key)
            && default >= 0.0
            && default <= f64::from(u32::MAX)
        {
            self.set(field, value, default as u32);
        }
    }

    /// A number: the card's default for `key`, where it has one.
    pub fn number(&mut self, field: &'static str, key: &str, value: &mut Option<f64>) {
        if value.is_none()
            && let Some(default) = self.model.default_number(key)
        {
            self.set(field, value, default);
        }
    }

    /// A text: the card's default for `key`, where it has one.
    pub fn text(&mut self, field: &'static str, key: &str, value: &mut Option<String>) {
        if value.is_none()
            && let Some(default) = self.model.default_text(key)
        {
            self.set(field, value, default.to_owned());
        }
    }

    /// A value of an open enum: the card's default for `key`, where it has one.
    pub fn choice<T>(&mut self, field: &'static str, key: &str, value: &mut Option<T>)
    where
        T: for<'b> From<&'b str> + Clone + Into<Value>,
    {
        if value.is_none()
            && let Some(default) = self.model.default_text(key)
        {
            self.set(field, value, T::from(default));
        }
    }

    /// Guidance: the card's default (some call it `cfg_scale`), else 0 for a model that says it has
    /// no use for it.
    pub fn guidance(&mut self, field: &'static str, key: &str, value: &mut Option<f64>) {
        if value.is_some() {
            return;
        }
        let unused = self.model.supports(&Feature::Guidance) == Some(false);
        let default = [key, "cfg_scale"]
            .into_iter()
            .find_map(|name| self.model.default_number(name))
            .or(unused.then_some(0.0));
        if let Some(default) = default {
            self.set(field, value, default);
        }
    }

    /// A language: the card's default, which live catalogues give by its display name. One the
    /// caller named so becomes its slug, too.
    pub fn language(&mut self, field: &'static str, key: &str, value: &mut Option<String>) {
        let wanted = value.as_deref().or(self.model.default_text(key));
        let Some(wanted) = wanted else {
            if let [only] = self.model.languages.as_slice() {
                self.set(field, value, only.slug.clone());
            }
            return;
        };
        let slug = self
            .model
            .language(wanted)
            .map_or(wanted, |language| &language.slug);
        if value.as_deref() != Some(slug) {
            let slug = slug.to_owned();
            self.set(field, value, slug);
        }
    }

    /// A voice of a language: the card's default, by slug or display name, else the language's
    /// first. One the caller named by its display name becomes its slug, too.
    pub fn voice(
        &mut self,
        field: &'static str,
        key: &str,
        value: &mut Option<String>,
        language: Option<&str>,
    ) {
        let voices = self.model.voices(language);
        let slug = |wanted: &str| {
            let named = |voice: &&Voice| voice.slug == wanted || voice.name == wanted;
            voices
                .iter()
                .copied()
                .find(named)
                .map(|voice| voice.slug.clone())
        };
        let wanted = match value.as_deref() {
            Some(given) => slug(given),
            None => {
                let default = self.model.default_text(key);
                let first = || voices.first().map(|voice| voice.slug.clone());
                // A card without voices may still name its only one.
                let named = || default.filter(|_| voices.is_empty()).map(ToOwned::to_owned);
                default.and_then(slug).or_else(first).or_else(named)
            }
        };
        if let Some(wanted) = wanted
            && value.as_deref() != Some(&wanted)
        {
            self.set(field, value, wanted);
        }
    }

    /// What was filled.
    #[must_use]
    pub fn done(self) -> Vec<Filled> {
        self.filled
    }

    fn set<T: Clone + Into<Value>>(
        &mut self,
        field: &'static str,
        value: &mut Option<T>,
        filled: T,
    ) {
        let shown = filled.clone().into();
        *value = Some(filled);
        self.filled.push(Filled {
            field,
            value: shown,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::{AudioFormat, Model, SpeechMode, Task, TextToMusic, TextToSpeech};
    use serde_json::json;

    /// A card as live catalogues have it: defaults by their display names.
    fn kokoro() -> Model {
        Model::read(json!({
            "slug": "Kokoro", "inference_types": ["txt2audio"],
            "info": {
                "limits": {"min_text": 2, "max_text": "20", "min_speed": 0.5, "max_speed": 2},
                "defaults": {"lang": "American English", "voice": "Sky", "format": "flac",
                    "sample_rate": "24000"}
            },
            "languages": [
                {"name": "American English", "slug": "en-us", "voices": [
                    {"name": "Bella", "slug": "af_bella"}, {"name": "Sky", "slug": "af_sky"}]},
                {"name": "Spanish", "slug": "es", "voices": [{"name": "Dora", "slug": "ef_dora"}]}
            ]
        }))
        .unwrap()
    }

    fn filled(mut speech: TextToSpeech) -> (TextToSpeech, Vec<&'static str>) {
        let filled = speech.fill_from(&kokoro());
        let names = filled.iter().map(|filled| filled.field).collect();
        (speech, names)
    }

    #[test]
    fn languages_and_voices_are_found_by_slug_or_display_name() {
        let (speech, names) = filled(TextToSpeech::new("hello", "Kokoro"));
        assert_eq!(names, ["lang", "voice", "format", "sample_rate"]);
        assert_eq!(speech.lang.as_deref(), Some("en-us"));
        assert_eq!(speech.voice.as_deref(), Some("af_sky"));
        assert_eq!(speech.format, Some(AudioFormat::Flac));
        assert_eq!(speech.sample_rate, Some(24_000));
        assert!(speech.check(&kokoro()).is_ok());

        let typed = TextToSpeech::new("hello", "Kokoro").with_lang("Spanish");
        let (speech, _) = filled(typed);
        assert_eq!(speech.lang.as_deref(), Some("es"));
        assert_eq!(
            speech.voice.as_deref(),
            Some("ef_dora"),
            "Sky speaks no Spanish"
        );

        let typed = TextToSpeech::new("hello", "Kokoro").with_voice("Bella");
        assert_eq!(filled(typed).0.voice.as_deref(), Some("af_bella"));
    }

    #[test]
    fn a_voice_is_only_taken_where_one_is_needed() {
        let cloned = TextToSpeech::new("hello", "Kokoro").with_mode(SpeechMode::VoiceClone);
        let (speech, names) = filled(cloned);
        assert!(!names.contains(&"voice") && speech.voice.is_none());
    }

    #[test]
    fn what_the_card_does_not_have_is_refused_by_name() {
        let (speech, _) = filled(TextToSpeech::new("hello", "Kokoro"));
        let check = |speech: TextToSpeech| speech.check(&kokoro()).unwrap_err().to_string();
        let strange = check(speech.clone().with_lang("tlh"));
        assert!(
            strange.contains("does not speak \"tlh\", but en-us, es"),
            "{strange}"
        );
        let strange = check(speech.clone().with_voice("ef_dora"));
        assert!(
            strange.contains("has no voice \"ef_dora\", but af_bella, af_sky"),
            "{strange}"
        );
        let long = check(TextToSpeech {
            text: "x".repeat(21),
            ..speech.clone()
        });
        assert!(
            long.contains("between 2 and 20 characters, not 21"),
            "{long}"
        );
        assert!(check(speech.with_speed(2.5)).contains("between 0.5 and 2, not 2.5"));
    }

    #[test]
    fn a_card_may_have_another_name_for_a_field() {
        let card = Model::read(json!({"slug": "Ace", "inference_types": ["txt2music"],
            "info": {"limits": {"max_steps": 20}, "defaults": {"steps": 8, "cfg_scale": "7.5",
                "duration": 30, "format": "mp3"}}}));
        let card = card.unwrap();
        let mut music = TextToMusic::new("calm", "Ace");
        music.fill_from(&card);
        assert_eq!(
            (music.inference_steps, music.guidance_scale),
            (Some(8), Some(7.5))
        );
        assert_eq!(
            (music.duration, music.format.clone()),
            (Some(30.0), Some(AudioFormat::Mp3))
        );
        assert_eq!(music.lyrics, "[Instrumental]");
        let error = music
            .with_inference_steps(21)
            .check(&card)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("inference_steps: Ace takes at most 20, not 21"),
            "{error}"
        );
    }
}
