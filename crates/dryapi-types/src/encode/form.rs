//! A request as the parts of a form. Source of the forms: the service's own Python client.

use std::fmt::Display;

use crate::operation::{Part, Payload};
use crate::source::{Lora, Source};

/// Collects the parts; what was left out is not sent.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<Part>);

impl Form {
    /// A text or number, in decimal.
    pub(crate) fn text(&mut self, name: &'static str, value: Option<impl Display>) {
        self.0
            .extend(value.map(|value| Part::text(name, value.to_string())));
    }

    /// `1` or `0`: what the backend's rule for booleans takes for certain.
    pub(crate) fn flag(&mut self, name: &'static str, value: Option<bool>) {
        self.text(name, value.map(u8::from));
    }

    pub(crate) fn file(&mut self, name: &'static str, source: Option<&Source>) {
        self.0
            .extend(source.map(|source| Part::file(name, source.clone())));
    }

    /// One file under its name, several each under the name of the list.
    pub(crate) fn files(&mut self, one: &'static str, many: &'static str, sources: &[Source]) {
        let name = if sources.len() == 1 { one } else { many };
        for source in sources {
            self.file(name, Some(source));
        }
    }

    /// `loras[0][name]`, `loras[0][weight]`, …
    pub(crate) fn loras(&mut self, name: &'static str, loras: &[Lora]) {
        for (index, lora) in loras.iter().enumerate() {
            let key = |member: &str| format!("{name}[{index}][{member}]");
            self.0.push(Part::text(key("name"), lora.name.as_str()));
            self.0
                .push(Part::text(key("weight"), lora.weight.to_string()));
        }
    }
}

impl From<Form> for Payload {
    fn from(form: Form) -> Self {
        Self::Form(form.0)
    }
}
