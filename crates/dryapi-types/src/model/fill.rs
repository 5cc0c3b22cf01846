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
