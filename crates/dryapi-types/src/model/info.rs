//! What a model allows, assumes and can do.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::lenient::{self, Object};

/// What a model allows and assumes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ModelInfo {
    /// `min_width`, `max_steps`, `resolution_step`, …: numbers even where they came as text.
    pub limits: Map<String, Value>,
    /// What is sent when a value is left out: `steps`, `guidance`, `voice`, ….
    pub defaults: Map<String, Value>,
    /// What it can do.
    #[serde(serialize_with = "by_name")]
    pub features: BTreeMap<Feature, bool>,
}

/// Something a model can or cannot do (`supports_guidance`, …). Open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// Takes `guidance`.
    Guidance,
    /// Takes `steps`; otherwise their number is fixed.
    Steps,
    /// Takes `negative_prompt`.
    NegativePrompt,
    /// Takes LoRA adapters.
    Lora,
    /// Takes a last frame.
    LastFrame,
    /// Takes an output size of one's own.
    CustomOutputSize,
    /// Any other, by the service's name.
    Unknown(String),
}

impl Feature {
    /// The service's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Guidance => "supports_guidance",
            Self::Steps => "supports_steps",
            Self::NegativePrompt => "supports_negative_prompt",
            Self::Lora => "supports_lora",
            Self::LastFrame => "supports_last_frame",
            Self::CustomOutputSize => "supports_custom_output_size",
            Self::Unknown(name) => name,
        }
    }
}

impl From<&str> for Feature {
    fn from(name: &str) -> Self {
        match name {
            "supports_guidance" => Self::Guidance,
            "supports_steps" => Self::Steps,
            "supports_negative_prompt" => Self::NegativePrompt,
            "supports_lora" => Self::Lora,
            "supports_last_frame" => Self::LastFrame,
            "supports_custom_output_size" => Self::CustomOutputSize,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl ModelInfo {
    pub(super) fn read(info: &Object) -> Self {
        let features = lenient::object(info.get("features"));
        Self {
            limits: numbers(lenient::object(info.get("limits"))),
            defaults: numbers(lenient::object(info.get("defaults"))),
            features: features
                .iter()
                .filter_map(|(name, on)| {
                    Some((Feature::from(name.as_str()), lenient::boolean(on)?))
                })
                .collect(),
        }
    }
}

/// Numeric texts become numbers, so that no reader has to know of them.
fn numbers(mut object: Object) -> Object {
    for value in object.values_mut() {
        let number = value
            .as_str()
            .and_then(|text| serde_json::from_str::<Number>(text).ok());
        if let Some(number) = number {
            *value = Value::Number(number);
        }
    }
    object
}

fn by_name<S: Serializer>(
    features: &BTreeMap<Feature, bool>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(features.iter().map(|(feature, on)| (feature.as_str(), on)))
}
