//! From a request to its body, and what can be checked on the way.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{FieldError, InvalidRequest};
use crate::operation::Payload;
use crate::source::{Lora, Source};

/// Collects what is missing or cannot be right in a request.
#[derive(Debug)]
pub(crate) struct Faults {
    operation: &'static str,
    fields: Vec<FieldError>,
}

impl Faults {
    pub(crate) const fn of(operation: &'static str) -> Self {
        Self {
            operation,
            fields: Vec::new(),
        }
    }

    /// A text that must say something.
    pub(crate) fn text(mut self, field: &str, text: &str) -> Self {
        if text.trim().is_empty() {
            self.fields.push(FieldError::new(field, "is required"));
        }
        self
    }

    /// A value that must be there.
    pub(crate) fn given(mut self, field: &str, given: bool) -> Self {
        if !given {
            let message = "is required; set it, or take it from the model with fill_from";
            self.fields.push(FieldError::new(field, message));
        }
        self
    }

    /// A number that JSON can hold.
    pub(crate) fn finite(mut self, field: &str, number: Option<f64>) -> Self {
        if number.is_some_and(|number| !number.is_finite()) {
            self.fields
                .push(FieldError::new(field, "must be a finite number"));
        }
        self
    }

    /// LoRA weights of 0 or more.
    pub(crate) fn loras(mut self, field: &str, loras: &[Lora]) -> Self {
        for lora in loras
            .iter()
            .filter(|lora| !(lora.weight >= 0.0 && lora.weight.is_finite()))
        {
            let message = format!("the weight of {:?} must be 0 or more", lora.name);
            self.fields.push(FieldError::new(field, message));
        }
        self
    }

    /// A file that must be named.
    pub(crate) fn file(mut self, field: &str, source: &Source) -> Self {
        if matches!(source, Source::Path(path) if path.as_os_str().is_empty()) {
            self.fields.push(FieldError::new(field, "is required"));
        }
        self
    }

    /// Where the service announces the job: https, at most 2048 characters.
    pub(crate) fn webhook(mut self, field: &str, url: Option<&str>) -> Self {
        let wrong = |url: &str| !url.starts_with("https://") || url.chars().count() > 2048;
        if url.is_some_and(wrong) {
            let message = "must be an https address of at most 2048 characters";
            self.fields.push(FieldError::new(field, message));
        }
        self
    }

    pub(crate) fn or(self, payload: impl FnOnce() -> Payload) -> Result<Payload, InvalidRequest> {
        InvalidRequest::unless_empty(self.operation, self.fields).map(|()| payload())
    }

    /// The request as JSON, once nothing is wrong with it.
    pub(crate) fn or_json(self, request: &impl Serialize) -> Result<Payload, InvalidRequest> {
        let operation = self.operation;
        InvalidRequest::unless_empty(operation, self.fields)?;
        match serde_json::to_vec(request) {
            Ok(bytes) => Ok(Payload::Json(bytes)),
            Err(error) => Err(InvalidRequest {
                operation,
                fields: vec![FieldError::new("", error.to_string())],
            }),
        }
    }
}

/// A request's fields, for records and for people.
pub(crate) fn fields_of(request: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(request) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
