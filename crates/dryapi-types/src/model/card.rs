//! One model of the catalogue. Source: the models page, and what live catalogues were seen to
//! send: `info: []`, numbers as text, booleans as `0`, tasks as list or object.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::info::{Feature, ModelInfo};
use super::task_name::TaskName;
use crate::lenient::{self, Object, take};

/// A model that the service offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Model {
    /// What goes into a request's `model`; case matters.
    pub slug: String,
    /// For people only.
    pub name: String,
    /// The tasks it does.
    pub tasks: BTreeSet<TaskName>,
    /// Limits, features and defaults.
    #[serde(flatten)]
    pub info: ModelInfo,
    /// The LoRA adapters it takes.
    pub loras: Vec<LoraCard>,
    /// The languages it speaks, with their voices.
    pub languages: Vec<Language>,
    /// Everything else the service sent.
    #[serde(skip)]
    pub extra: Map<String, Value>,
}

/// A LoRA adapter in a model's card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LoraCard {
    /// What goes into a request.
    pub name: String,
    /// For people only.
    pub display_name: String,
}

/// A language of a speech model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Language {
    /// What goes into a request's `lang`.
    pub slug: String,
    /// For people only.
    pub name: String,
    /// Its voices.
    pub voices: Vec<Voice>,
}

/// A voice of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Voice {
    /// What goes into a request's `voice`.
    pub slug: String,
    /// For people only.
    pub name: String,
    /// `male`, `female` or unknown.
    pub gender: Option<String>,
}

impl Model {
    /// An empty card, for tests and other implementations of the service.
    pub fn new(slug: impl Into<String>) -> Self {
        let slug = slug.into();
        Self {
            name: slug.clone(),
            slug,
            ..Self::default()
        }
    }

    /// Whether it does a task, by any spelling of it.
    #[must_use]
    pub fn does(&self, task: &str) -> bool {
        self.tasks.contains(&TaskName::from(task))
    }

    /// A limit, for instance `max_width`.
    #[must_use]
    pub fn limit(&self, name: &str) -> Option<f64> {
        self.info.limits.get(name).and_then(lenient::number)
    }

    /// A default, for instance `steps`.
    #[must_use]
    pub fn default_number(&self, name: &str) -> Option<f64> {
        self.info.defaults.get(name).and_then(lenient::number)
    }

    /// A default that is a text, for instance `voice`.
    #[must_use]
    pub fn default_text(&self, name: &str) -> Option<&str> {
        self.info.defaults.get(name).and_then(Value::as_str)
    }

    /// A language by its slug or display name, in any case.
    #[must_use]
    pub fn language(&self, name: &str) -> Option<&Language> {
        let named = |language: &&Language| {
            language.slug.eq_ignore_ascii_case(name) || language.name.eq_ignore_ascii_case(name)
        };
        self.languages.iter().find(named)
    }

    /// The voices of a language, by its slug or display name; those of all languages without one.
    #[must_use]
    pub fn voices(&self, language: Option<&str>) -> Vec<&Voice> {
        match language.and_then(|name| self.language(name)) {
            Some(language) => language.voices.iter().collect(),
            None => self
                .languages
                .iter()
                .flat_map(|language| &language.voices)
                .collect(),
        }
    }

    /// Whether it supports something; `None` where the card does not say.
    #[must_use]
    pub fn supports(&self, feature: &Feature) -> Option<bool> {
        self.info.features.get(feature).copied()
    }

    /// Reads one entry of the catalogue. Only an entry without any slug is no model.
    pub(crate) fn read(entry: Value) -> Option<Self> {
        let Value::Object(mut card) = entry else {
            return None;
        };
        let slug = ["slug", "model", "id"]
            .into_iter()
            .find_map(|key| take(&mut card, key, lenient::text))?;
        let name = take(&mut card, "name", lenient::text).unwrap_or_else(|| slug.clone());
        let tasks = tasks(card.remove("inference_types"));
        let info = lenient::object(card.remove("info").as_ref());
        let loras = cards(card.remove("loras"), |lora| {
            let name = text(lora, "name")?;
            let display_name = text(lora, "display_name").unwrap_or_else(|| name.clone());
            Some(LoraCard { name, display_name })
        });
        let languages = cards(card.remove("languages"), |language| {
            let slug = text(language, "slug")?;
            let name = text(language, "name").unwrap_or_else(|| slug.clone());
            Some(Language {
                slug,
                name,
                voices: cards(language.get("voices").cloned(), voice),
            })
        });
        Some(Self {
            slug,
            name,
            tasks,
            info: ModelInfo::read(&info),
            loras,
            languages,
            extra: card,
        })
    }
}

fn tasks(value: Option<Value>) -> BTreeSet<TaskName> {
    match value {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_str)
            .map(TaskName::from)
            .collect(),
        Some(Value::Object(map)) => map.keys().map(|key| TaskName::from(key.as_str())).collect(),
        Some(Value::String(one)) => one
            .split(',')
            .map(|name| TaskName::from(name.trim()))
            .collect(),
        _ => BTreeSet::new(),
    }
}

fn cards<T>(list: Option<Value>, read: impl Fn(&Object) -> Option<T>) -> Vec<T> {
    match list {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_object)
            .filter_map(read)
            .collect(),
        _ => Vec::new(),
    }
}

fn voice(voice: &Object) -> Option<Voice> {
    let slug = text(voice, "slug")?;
    let name = text(voice, "name").unwrap_or_else(|| slug.clone());
    Some(Voice {
        slug,
        name,
        gender: text(voice, "gender"),
    })
}

fn text(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(lenient::text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn quirks_of_live_catalogues() {
        let model = Model::read(json!({
            "name": "FLUX.1 schnell", "slug": "Flux1schnell",
            "inference_types": {"txt2img": {}, "img_upscale": {}, "dream2img": {}},
            "info": {
                "limits": {"min_width": "256", "max_width": 2048, "available_ratios": [24000]},
                "features": {"supports_guidance": "0", "supports_steps": 1, "supports_magic": true},
                "defaults": []
            },
            "loras": null,
            "languages": [{"name": "English", "slug": "en", "voices": [{"name": "Sky", "slug": "af_sky", "gender": null}]}],
            "rank": 7
        }))
        .unwrap();
        assert!(model.does("txt2img") && model.does("img-upscale") && model.does("dream2img"));
        assert_eq!(model.limit("min_width"), Some(256.0));
        assert_eq!(model.supports(&Feature::Guidance), Some(false));
        assert_eq!(model.supports(&Feature::Steps), Some(true));
        assert_eq!(model.supports(&Feature::Lora), None);
        assert_eq!(model.languages[0].voices[0].slug, "af_sky");
        assert_eq!(model.extra["rank"], 7);
        let shown = serde_json::to_value(&model).unwrap();
        assert_eq!(shown["limits"]["min_width"], 256);
        assert_eq!(shown["features"]["supports_magic"], true);
        assert_eq!(
            shown["tasks"],
            json!(["dream2img", "img-upscale", "txt2img"])
        );
    }

    #[test]
    fn an_empty_php_array_is_an_empty_card() {
        let model =
            Model::read(json!({"slug": "Ben2", "info": [], "inference_types": ["img-rmbg"]}));
        assert_eq!(model.unwrap().info, ModelInfo::default());
        assert!(Model::read(json!([])).is_none());
        assert!(Model::read(json!({"name": "nameless"})).is_none());
    }
}
