//! Pictures: make one from text, enlarge one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::table;
use crate::account::Price;
use crate::encode::{Faults, fields_of};
use crate::error::{ApiError, InvalidRequest};
use crate::headers::Headers;
use crate::id::RequestId;
use crate::job::{Accepted, JobStatus};
use crate::meta::Meta;
use crate::model::{Check, Fill, Filled, Model};
use crate::operation::{Measured, Operation, Part, Payload, Priced, Task};
use crate::output::{ImageOutput, MissingOutput};
use crate::source::{Lora, Source};

/// The seed that asks the service to draw one.
const RANDOM_SEED: i64 = -1;

/// Makes a picture from a text (`txt2img`).
#[doc(alias = "txt2img")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TextToImage {
    /// What to draw.
    pub prompt: String,
    /// What to avoid, for models that take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative_prompt: Option<String>,
    /// The model's slug, for instance `Flux1schnell`.
    pub model: String,
    /// LoRA adapters to apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub loras: Vec<Lora>,
    /// Width in pixels, within the model's limits. Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels, within the model's limits. Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How closely to follow the prompt, for models that take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<f64>,
    /// Inference steps, within the model's limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// The random seed; -1, the default, lets the service draw one.
    pub seed: i64,
    /// Where the service announces changes of the job: https, at most 2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
}

impl Default for TextToImage {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            negative_prompt: None,
            model: String::new(),
            loras: Vec::new(),
            width: None,
            height: None,
            guidance: None,
            steps: None,
            seed: RANDOM_SEED,
            webhook_url: None,
        }
    }
}

impl TextToImage {
    /// What to draw, and the slug of the model that draws it.
    pub fn new(prompt: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            prompt: prompt.into(),
            model: model.into(),
            ..Self::default()
        }
    }

    /// What to avoid, for models that take it.
    #[must_use]
    pub fn with_negative_prompt(mut self, negative_prompt: impl Into<String>) -> Self {
        self.negative_prompt = Some(negative_prompt.into());
        self
    }

    /// One more LoRA adapter, by its name in the model's card, with its strength (0 or more).
    #[must_use]
    pub fn with_lora(mut self, name: impl Into<String>, weight: f64) -> Self {
        self.loras.push(Lora::new(name, weight));
        self
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn with_size(mut self, width: u32, height: u32) -> Self {
        self.width = Some(width);
        self.height = Some(height);
        self
    }

    /// How closely to follow the prompt.
    #[must_use]
    pub const fn with_guidance(mut self, guidance: f64) -> Self {
        self.guidance = Some(guidance);
        self
    }

    /// Inference steps.
    #[must_use]
    pub const fn with_steps(mut self, steps: u32) -> Self {
        self.steps = Some(steps);
        self
    }

    /// The random seed, so that the picture can be made again.
    #[must_use]
    pub const fn with_seed(mut self, seed: i64) -> Self {
        self.seed = seed;
        self
    }

    /// Where the service announces changes of the job.
    #[must_use]
    pub fn with_webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }
}

impl Operation for TextToImage {
    type Response = Accepted;

    const META: &'static Meta = &table::TXT2IMG;

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        Faults::of(Self::META.name)
            .text("prompt", &self.prompt)
            .text("model", &self.model)
            .loras("loras", &self.loras)
            .given("width", self.width.is_some())
            .given("height", self.height.is_some())
            .finite("guidance", self.guidance)
            .webhook("webhook_url", self.webhook_url.as_deref())
            .or_json(self)
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Accepted, ApiError> {
        Accepted::decode(status, headers, body)
    }

    fn accepted(response: &Accepted) -> Option<&RequestId> {
        Some(&response.request_id)
    }
}

impl Task for TextToImage {
    type Output = ImageOutput;

    fn output(status: &JobStatus) -> Result<ImageOutput, MissingOutput> {
        ImageOutput::of(status)
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn set_webhook_url(&mut self, url: Option<String>) {
        self.webhook_url = url;
    }

    fn seed(&self) -> Option<i64> {
        (self.seed != RANDOM_SEED).then_some(self.seed)
    }

    fn fill_from(&mut self, model: &Model) -> Vec<Filled> {
        let mut fill = Fill::new(model);
        fill.integer("width", &mut self.width);
        fill.integer("height", &mut self.height);
        fill.guidance("guidance", &mut self.guidance);
        fill.integer("steps", &mut self.steps);
        fill.done()
    }

    fn check(&self, model: &Model) -> Result<(), InvalidRequest> {
        let mut check = Check::new(Self::META.name, model);
        check.negative_prompt("negative_prompt", self.negative_prompt.as_deref());
        check.size("width", self.width);
        check.size("height", self.height);
        check.guidance("guidance", self.guidance);
        check.steps("steps", self.steps);
        check.loras("loras", &self.loras);
        check.finish()
    }

    fn to_fields(&self) -> Map<String, Value> {
        fields_of(self)
    }
}

impl Priced for TextToImage {
    type Quote = TextToImagePrice;

    fn quote(&self, _measured: Measured) -> TextToImagePrice {
        TextToImagePrice {
            request: Self {
                webhook_url: None,
                ..self.clone()
            },
        }
    }
}

/// Asks what a [`TextToImage`] would cost (`txt2img/price-calculation`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TextToImagePrice {
    /// The request to price.
    pub request: TextToImage,
}

impl Operation for TextToImagePrice {
    type Response = Price;

    const META: &'static Meta = &table::TXT2IMG_PRICE;

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        self.request.payload()
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Price, ApiError> {
        Price::decode(status, headers, body)
    }
}

/// Enlarges a picture (`img-upscale`).
#[doc(alias = "img-upscale")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ImageUpscale {
    /// The picture: JPEG, PNG, GIF, BMP or WebP, at most 10 MB.
    pub image: Source,
    /// The model's slug, for instance `RealESRGAN_x4`.
    pub model: String,
    /// Where the service announces changes of the job: https, at most 2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
}

impl Default for ImageUpscale {
    fn default() -> Self {
        Self {
            image: Source::path(""),
            model: String::new(),
            webhook_url: None,
        }
    }
}

impl ImageUpscale {
    /// The picture, and the slug of the model that enlarges it.
    pub fn new(image: impl Into<Source>, model: impl Into<String>) -> Self {
        Self {
            image: image.into(),
            model: model.into(),
            ..Self::default()
        }
    }

    /// Where the service announces changes of the job.
    #[must_use]
    pub fn with_webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }
}

impl Operation for ImageUpscale {
    type Response = Accepted;

    const META: &'static Meta = &table::IMG_UPSCALE;

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        Faults::of(Self::META.name)
            .file("image", &self.image)
            .text("model", &self.model)
            .webhook("webhook_url", self.webhook_url.as_deref())
            .or(|| {
                let mut parts = vec![
                    Part::file("image", self.image.clone()),
                    Part::text("model", self.model.clone()),
                ];
                parts.extend(
                    self.webhook_url
                        .clone()
                        .map(|url| Part::text("webhook_url", url)),
                );
                Payload::Form(parts)
            })
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Accepted, ApiError> {
        Accepted::decode(status, headers, body)
    }

    fn accepted(response: &Accepted) -> Option<&RequestId> {
        Some(&response.request_id)
    }
}

impl Task for ImageUpscale {
    type Output = ImageOutput;

    fn output(status: &JobStatus) -> Result<ImageOutput, MissingOutput> {
        ImageOutput::of(status)
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn set_webhook_url(&mut self, url: Option<String>) {
        self.webhook_url = url;
    }

    fn fill_from(&mut self, model: &Model) -> Vec<Filled> {
        Fill::new(model).done()
    }

    fn check(&self, model: &Model) -> Result<(), InvalidRequest> {
        Check::new(Self::META.name, model).finish()
    }

    fn to_fields(&self) -> Map<String, Value> {
        fields_of(self)
    }
}

impl Priced for ImageUpscale {
    type Quote = ImageUpscalePrice;

    fn measured(&self) -> Option<&Source> {
        Some(&self.image)
    }

    fn quote(&self, measured: Measured) -> ImageUpscalePrice {
        let mut quote = ImageUpscalePrice {
            model: self.model.clone(),
            ..Default::default()
        };
        match measured.pixels {
            Some((width, height)) => {
                quote.width = Some(width);
                quote.height = Some(height);
            }
            None => quote.image = Some(self.image.clone()),
        }
        quote
    }
}

/// Asks what an [`ImageUpscale`] would cost (`img-upscale/price-calculation`): the picture's size,
/// or the picture itself.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ImageUpscalePrice {
    /// The picture, where its size is not known.
    pub image: Option<Source>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// The model's slug.
    pub model: String,
}

impl Operation for ImageUpscalePrice {
    type Response = Price;

    const META: &'static Meta = &table::IMG_UPSCALE_PRICE;

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        let sized = self.width.is_some() && self.height.is_some();
        Faults::of(Self::META.name)
            .given("image", self.image.is_some() || sized)
            .text("model", &self.model)
            .or(|| {
                let mut parts = Vec::new();
                parts.extend(self.image.clone().map(|image| Part::file("image", image)));
                parts.extend(
                    self.width
                        .map(|width| Part::text("width", width.to_string())),
                );
                parts.extend(
                    self.height
                        .map(|height| Part::text("height", height.to_string())),
                );
                parts.push(Part::text("model", self.model.clone()));
                Payload::Form(parts)
            })
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Price, ApiError> {
        Price::decode(status, headers, body)
    }
}
