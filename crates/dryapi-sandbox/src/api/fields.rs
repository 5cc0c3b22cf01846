//! The fields of a request, whichever way they were sent.

use serde_json::{Map, Value};

use super::upload::Upload;

/// Values and files by name.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) values: Map<String, Value>,
    /// In the order they came; a name may come several times.
    pub(crate) files: Vec<(String, Upload)>,
}

impl Fields {
    /// A value, unless it is absent, null or empty (which forms send for null).
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.values
            .get(name)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// A whole number, also where it is written as text.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        match self.value(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }

    /// The framework's rule for booleans: `true`, `false`, 1, 0, "1" and "0". Words are taken, too,
    /// since clients send them.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(on) => Some(*on),
            Value::Number(number) => match number.as_i64()? {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
            Value::String(text) => match text.as_str() {
                "0" | "false" => Some(false),
                "1" | "true" => Some(true),
                _ => None,
            },
            _ => None,
        }
    }

    /// One text or several.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
        match self.value(name)? {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(list) => list
                .iter()
                .map(|text| text.as_str().map(str::to_owned))
                .collect(),
            _ => None,
        }
    }

    /// The files of a name, and of its list form.
    pub(crate) fn files<'f>(
        &'f self,
        name: &'f str,
        several: Option<&'f str>,
    ) -> impl Iterator<Item = &'f Upload> {
        self.files
            .iter()
            .filter(move |(of, _)| of == name || several == Some(of))
            .map(|(_, file)| file)
    }

    /// The first file, whatever its name.
    pub(crate) fn first_file(&self) -> Option<&Upload> {
        self.files.first().map(|(_, file)| file)
    }

    /// Whether a field was given, as a value or a file.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some() || self.files.iter().any(|(of, _)| of == name)
    }
}
