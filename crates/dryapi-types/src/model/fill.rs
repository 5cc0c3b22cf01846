//! Filling what the caller left out from the model's defaults.

use serde_json::{Number, Value};

use super::{Feature, Model};

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

    /// A whole number: the model's default, where it has one.
    pub fn integer(&mut self, field: &'static str, value: &mut Option<u32>) {
        if value.is_none()
            && let Some(default) = self.model.default_number(field)
            && default >= 0.0
            && default <= f64::from(u32::MAX)
        {
            let whole = default as u32;
            *value = Some(whole);
            self.filled.push(Filled {
                field,
                value: whole.into(),
            });
        }
    }

    /// Guidance: the model's default (some cards call it `cfg_scale`), else 0 for a model that
    /// says it has no use for it.
    pub fn guidance(&mut self, field: &'static str, value: &mut Option<f64>) {
        if value.is_some() {
            return;
        }
        let unused = self.model.supports(&Feature::Guidance) == Some(false);
        let default = [field, "cfg_scale"]
            .into_iter()
            .find_map(|name| self.model.default_number(name))
            .or(unused.then_some(0.0));
        if let Some(number) = default
            && let Some(shown) = Number::from_f64(number)
        {
            *value = Some(number);
            self.filled.push(Filled {
                field,
                value: Value::Number(shown),
            });
        }
    }

    /// What was filled.
    #[must_use]
    pub fn done(self) -> Vec<Filled> {
        self.filled
    }
}
