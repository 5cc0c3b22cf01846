//! The models the sandbox offers, as the Models page lists them, quirks included. They stand in
//! `models.json`: the card as it is shown, what the sandbox multiplies its prices by (a fraction),
//! and how many times larger it makes a picture.

use std::sync::LazyLock;

use dryapi_types::{Meta, TABLE};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One model: what the service shows of it, and what the sandbox needs to know.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    card: Map<String, Value>,
    /// Its prices are (times, over) of what the formula says.
    pub(crate) price: (u64, u64),
    /// How many times larger an upscaler makes a picture.
    pub(crate) factor: u32,
    #[serde(skip)]
    slug: String,
}

/// What the catalogue offers; for a task without any model a model of no name, so that all can be
/// tried.
static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let mut models: Vec<Model> =
        serde_json::from_str(include_str!("models.json")).unwrap_or_default();
    for model in &mut models {
        let slug = model.card.get("slug").and_then(Value::as_str);
        model.slug = slug.unwrap_or_default().to_owned();
    }
    let orphans: Vec<_> = TABLE
        .iter()
        .filter(|meta| meta.task.is_some() && !models.iter().any(|model| model.does(meta)))
        .map(|meta| Model::general(meta.name))
        .collect();
    models.extend(orphans);
    models
});

impl Model {
    fn general(task: &str) -> Self {
        let slug = format!("Sandbox_{}", task.replace(['-', '/'], "_"));
        let card = json!({
            "name": format!("Sandbox model for {task}"), "slug": slug,
            "inference_types": [task], "info": [],
        });
        let card = card.as_object().cloned().unwrap_or_default();
        Self {
            card,
            price: (1, 1),
            factor: 2,
            slug,
        }
    }

    /// Case matters.
    pub(crate) fn slug(&self) -> &str {
        &self.slug
    }

    /// The model as `GET models` shows it.
    pub(crate) fn card(&self) -> Value {
        Value::Object(self.card.clone())
    }

    /// A limit or default, also where it is written as text.
    pub(crate) fn number(&self, group: &str, key: &str) -> Option<f64> {
        match self.info(group, key)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A limit that is a list of numbers.
    pub(crate) fn numbers(&self, group: &str, key: &str) -> Option<Vec<f64>> {
        let list = self.info(group, key)?.as_array()?;
        Some(list.iter().filter_map(Value::as_f64).collect())
    }

    fn info(&self, group: &str, key: &str) -> Option<&Value> {
        self.card.get("info")?.get(group)?.get(key)
    }

    fn tasks(&self) -> Vec<&str> {
        match self.card.get("inference_types") {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it does a task, by any spelling of it.
    pub(crate) fn does(&self, task: &Meta) -> bool {
        self.tasks().into_iter().any(|name| task.is_called(name))
    }

    /// The slugs of what it speaks; empty where it does not say.
    pub(crate) fn languages(&self) -> Vec<&str> {
        slugs(self.card.get("languages"))
    }

    /// The slugs of a language's voices.
    pub(crate) fn voices(&self, language: &str) -> Vec<&str> {
        let languages = self.card.get("languages").and_then(Value::as_array);
        languages
            .into_iter()
            .flatten()
            .filter(|entry| entry.get("slug").and_then(Value::as_str) == Some(language))
            .flat_map(|entry| slugs(entry.get("voices")))
            .collect()
    }
}

fn slugs(list: Option<&Value>) -> Vec<&str> {
    let list = list.and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|entry| entry.get("slug")?.as_str())
        .collect()
}

/// Finds a model by its slug, which is case-sensitive.
pub(crate) fn find(slug: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.slug == slug)
}

/// The models that do one of the named tasks, whichever way they are spelled; all for no name.
pub(crate) fn filtered(names: &[&str]) -> Vec<&'static Model> {
    let wanted = |model: &&Model| {
        names.iter().any(|name| match dryapi_types::meta(name) {
            Some(task) => model.does(task),
            None => model.tasks().contains(name),
        })
    };
    MODELS
        .iter()
        .filter(|model| names.is_empty() || wanted(model))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_is_well_formed_and_every_slug_unique() {
        assert!(MODELS.len() > 25);
        for model in &*MODELS {
            assert!(!model.slug.is_empty() && !model.tasks().is_empty());
            let same = MODELS.iter().filter(|other| other.slug == model.slug);
            assert_eq!(same.count(), 1, "{}", model.slug);
        }
        let klein = find("Flux_2_Klein_4B_BF16").unwrap();
        assert_eq!(klein.number("limits", "max_width"), Some(1536.0));
        let kokoro = find("Kokoro").unwrap();
        assert!(kokoro.languages().contains(&"en-us"));
        assert!(kokoro.voices("en-us").contains(&"af_sky"));
        assert_eq!(kokoro.numbers("limits", "sample_rate"), Some(vec![24000.0]));
    }

    #[test]
    fn aliases_find_the_same_models_and_every_task_has_one() {
        let slugs = |name| {
            let found = filtered(&[name]);
            found.into_iter().map(Model::slug).collect::<Vec<_>>()
        };
        assert_eq!(slugs("img_upscale"), ["RealESRGAN_x4", "RealESRGAN_x2"]);
        assert_eq!(slugs("vid2txt"), slugs("video2text"));
        assert_eq!(slugs("aud2video"), ["Ltx2_3_22B_Dist_INT8"]);
        assert!(slugs("nothing").is_empty());
        for task in TABLE.iter().filter(|meta| meta.task.is_some()) {
            assert!(!filtered(&[task.name]).is_empty(), "{}", task.name);
        }
    }
}
