//! Comparing a request with a model's limits, before it is sent.

use std::fmt;

use serde_json::Value;

use super::{Feature, Model, Voice};
use crate::error::{FieldError, InvalidRequest};
use crate::lenient;
use crate::source::Lora;

/// Checks one request, field by field. What the card does not mention is not checked.
#[derive(Debug)]
pub struct Check<'a> {
    operation: &'static str,
    model: &'a Model,
    fields: Vec<FieldError>,
}

impl<'a> Check<'a> {
    /// Starts to check a request for an operation against a model's card.
    #[must_use]
    pub fn new(operation: &'static str, model: &'a Model) -> Self {
        let mut check = Self {
            operation,
            model,
            fields: Vec::new(),
        };
        if !model.tasks.is_empty() && !model.does(operation) {
            check.fault(
                "model",
                format!("{} does not offer {operation}.", model.slug),
            );
        }
        check
    }

    /// A number between the card's `min_KEY` and `max_KEY`.
    pub fn number(&mut self, field: &'static str, key: &str, value: Option<f64>) {
        let Some(value) = value else { return };
        let slug = &self.model.slug;
        if let Some(bounds) = self.outside(key, value) {
            self.fault(field, format!("{slug} takes {bounds}, not {value}."));
        }
    }

    /// A size in pixels: its range, and a multiple of the card's `resolution_step`.
    pub fn size(&mut self, field: &'static str, key: &str, value: Option<u32>) {
        self.number(field, key, value.map(f64::from));
        let step = self
            .model
            .limit("resolution_step")
            .filter(|step| *step >= 1.0);
        if let (Some(value), Some(step)) = (value, step)
            && f64::from(value) % step != 0.0
        {
            let slug = &self.model.slug;
            self.fault(
                field,
                format!("{slug} takes multiples of {step}, not {value}."),
            );
        }
    }

    /// A size that only some models let one choose.
    pub fn custom_size(&mut self, field: &'static str, key: &str, value: Option<u32>) {
        let fixed = self.model.supports(&Feature::CustomOutputSize) == Some(false);
        if value.is_some() && fixed {
            self.unsupported(field, "a size; it keeps that of the first picture");
        } else {
            self.size(field, key, value);
        }
    }

    /// Guidance: its range, and none for a model that has no use for it.
    pub fn guidance(&mut self, field: &'static str, key: &str, value: Option<f64>) {
        if value.is_some_and(|value| value != 0.0) {
            let default = self.model.default_number(key);
            if self.model.supports(&Feature::Guidance) == Some(false) && default != value {
                self.unsupported(field, "guidance; leave it out or send 0");
            } else {
                self.number(field, key, value);
            }
        }
    }

    /// Steps: their range, or their fixed number.
    pub fn steps(&mut self, field: &'static str, key: &str, value: Option<u32>) {
        let value = value.map(f64::from);
        let fixed = self.model.supports(&Feature::Steps) == Some(false);
        match self.model.default_number(key) {
            Some(default) if fixed && value.is_some_and(|value| value != default) => {
                let slug = &self.model.slug;
                self.fault(field, format!("{slug} always takes {default}."));
            }
            _ => self.number(field, key, value),
        }
    }

    /// A negative prompt, for a model that takes one.
    pub fn negative_prompt(&mut self, field: &'static str, value: Option<&str>) {
        let given = value.is_some_and(|text| !text.is_empty());
        if given && self.model.supports(&Feature::NegativePrompt) == Some(false) {
            self.unsupported(field, "a negative prompt");
        }
    }

    /// LoRA adapters: only for a model that takes them, by a name of its card.
    pub fn loras(&mut self, field: &'static str, loras: &[Lora]) {
        if loras.is_empty() {
            return;
        }
        if self.model.supports(&Feature::Lora) == Some(false) {
            self.unsupported(field, "LoRA adapters");
            return;
        }
        for lora in loras {
            let known = self.model.loras.iter().any(|card| card.name == lora.name);
            if !self.model.loras.is_empty() && !known {
                let slug = &self.model.slug;
                self.fault(
                    field,
                    format!("{slug} has no LoRA adapter {:?}.", lora.name),
                );
            }
        }
    }

    /// A text of `min_KEY` to `max_KEY` characters.
    pub fn characters(&mut self, field: &'static str, key: &str, value: Option<&str>) {
        let Some(text) = value.filter(|text| !text.is_empty()) else {
            return;
        };
        let length = text.chars().count();
        let slug = &self.model.slug;
        if let Some(bounds) = self.outside(key, length as f64) {
            self.fault(
                field,
                format!("{slug} takes {bounds} characters, not {length}."),
            );
        }
    }

    /// A language of the card, by slug or display name.
    pub fn language(&mut self, field: &'static str, value: Option<&str>) {
        let Some(name) = value else { return };
        if !self.model.languages.is_empty() && self.model.language(name).is_none() {
            let slugs = self.model.languages.iter().map(|language| &*language.slug);
            let slugs = listed(slugs);
            let slug = &self.model.slug;
            self.fault(
                field,
                format!("{slug} does not speak {name:?}, but {slugs}."),
            );
        }
    }

    /// A voice of the language, by slug or display name.
    pub fn voice(&mut self, field: &'static str, value: Option<&str>, language: Option<&str>) {
        let Some(name) = value else { return };
        let voices = self.model.voices(language);
        let known = |voice: &&Voice| voice.slug == name || voice.name == name;
        if !voices.is_empty() && !voices.iter().any(known) {
            let slugs = listed(voices.iter().map(|voice| &*voice.slug));
            let slug = &self.model.slug;
            self.fault(field, format!("{slug} has no voice {name:?}, but {slugs}."));
        }
    }

    /// A value of the card's list `limits.KEY`, where it has one.
    pub fn one_of(&mut self, field: &'static str, key: &str, value: Option<impl fmt::Display>) {
        let Some(value) = value.map(|value| value.to_string()) else {
            return;
        };
        let allowed = self.model.info.limits.get(key).and_then(Value::as_array);
        let Some(allowed) = allowed.filter(|list| !list.is_empty()) else {
            return;
        };
        let texts: Vec<String> = allowed.iter().filter_map(lenient::text).collect();
        if !texts.contains(&value) {
            let texts = listed(texts.iter().map(String::as_str));
            let slug = &self.model.slug;
            self.fault(field, format!("{slug} takes {texts}, not {value}."));
        }
    }

    /// So many pictures, at most the card's `max_input_images`.
    pub fn images(&mut self, field: &'static str, count: usize) {
        let most = self.model.limit("max_input_images");
        if let Some(most) = most.filter(|most| count as f64 > *most) {
            let slug = &self.model.slug;
            self.fault(field, format!("{slug} takes at most {most}, not {count}."));
        }
    }

    /// A last frame, for a model that takes one.
    pub fn last_frame(&mut self, field: &'static str, given: bool) {
        if given && self.model.supports(&Feature::LastFrame) == Some(false) {
            self.unsupported(field, "a last frame");
        }
    }

    /// The verdict.
    ///
    /// # Errors
    /// [`InvalidRequest`] names every field outside the model's limits.
    pub fn finish(self) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty(self.operation, self.fields)
    }

    /// The card's bounds in words, where a value is outside of them.
    fn outside(&self, key: &str, value: f64) -> Option<String> {
        let min = self.model.limit(&format!("min_{key}"));
        let max = self.model.limit(&format!("max_{key}"));
        match (min, max) {
            (Some(min), Some(max)) if value < min || value > max => {
                Some(format!("between {min} and {max}"))
            }
            (Some(min), None) if value < min => Some(format!("at least {min}")),
            (None, Some(max)) if value > max => Some(format!("at most {max}")),
            _ => None,
        }
    }

    fn unsupported(&mut self, field: &'static str, what: &str) {
        self.fault(field, format!("{} does not take {what}.", self.model.slug));
    }

    fn fault(&mut self, field: &str, message: String) {
        self.fields.push(FieldError::new(field, message));
    }
}

/// The first names of a list.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<_> = names.collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let shown: Vec<_> = names.into_iter().take(SHOWN).collect();
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::{Model, Task, TextToImage};
    use serde_json::json;

    fn flux() -> Model {
        Model::read(json!({
            "slug": "Flux1schnell", "inference_types": ["txt2img"],
            "info": {
                "limits": {"min_width": 256, "max_width": "2048", "max_steps": 10, "resolution_step": 128},
                "features": {"supports_guidance": 0, "supports_negative_prompt": true, "supports_lora": false},
                "defaults": {"width": 768, "height": "768", "steps": 4}
            }
        }))
        .unwrap()
    }

    #[test]
    fn what_was_left_out_is_filled_and_said() {
        let mut request = TextToImage::new("a cat", "Flux1schnell").with_size(512, 512);
        let filled = request.fill_from(&flux());
        let names: Vec<_> = filled.iter().map(|filled| filled.field).collect();
        assert_eq!(names, ["guidance", "steps"]);
        assert_eq!(
            (request.width, request.steps, request.guidance),
            (Some(512), Some(4), Some(0.0))
        );
        assert!(request.check(&flux()).is_ok());
    }

    #[test]
    fn every_value_outside_the_limits_is_named() {
        let request = TextToImage::new("a cat", "Flux1schnell")
            .with_size(100, 4096)
            .with_steps(11)
            .with_guidance(3.5)
            .with_lora("x", 1.0);
        let error = request.check(&flux()).unwrap_err();
        insta::assert_snapshot!(error, @"txt2img was not sent: loras: Flux1schnell does not take LoRA adapters.; width: Flux1schnell takes between 256 and 2048, not 100.; width: Flux1schnell takes multiples of 128, not 100.; guidance: Flux1schnell does not take guidance; leave it out or send 0.; steps: Flux1schnell takes at most 10, not 11.");
        let other = Model::new("Nothing");
        assert!(
            request.check(&other).is_ok(),
            "what a card does not mention is not checked"
        );
    }
}
