//! Which field of a request is at fault, found by the service or before sending.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::lenient;

/// A field of the request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldError {
    /// The API's name of the field; empty where the service named none.
    pub field: String,
    /// What is wrong, in the service's words (or ours, when found before sending).
    pub messages: Vec<String>,
}

impl FieldError {
    /// One message about one field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            messages: vec![message.into()],
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.messages.join(" "))
    }
}

/// A request that was not sent because the service could only refuse it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", Self::sentence(operation, fields))]
#[non_exhaustive]
pub struct InvalidRequest {
    /// The API's name of the operation.
    pub operation: &'static str,
    /// Every field at fault.
    pub fields: Vec<FieldError>,
}

impl InvalidRequest {
    /// `Ok` when no field is at fault.
    ///
    /// # Errors
    /// Itself, when one is.
    pub fn unless_empty(operation: &'static str, fields: Vec<FieldError>) -> Result<(), Self> {
        if fields.is_empty() {
            Ok(())
        } else {
            Err(Self { operation, fields })
        }
    }

    fn sentence(operation: &str, fields: &[FieldError]) -> String {
        let list: Vec<String> = fields.iter().map(ToString::to_string).collect();
        format!("{operation} was not sent: {}", list.join("; "))
    }
}

/// The fields of every `errors` seen: a list of `{field, messages}`, a list of texts, a map from
/// field to text or list.
pub(super) fn fields(errors: Option<&Value>) -> Vec<FieldError> {
    let about = |field: &str, said: &Value| {
        let messages = match said {
            Value::Array(items) => items.iter().filter_map(words).collect(),
            other => words(other).into_iter().collect(),
        };
        FieldError {
            field: field.to_owned(),
            messages,
        }
    };
    match errors {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::Null => None,
                Value::Object(object) => {
                    let field = object
                        .get("field")
                        .and_then(lenient::text)
                        .unwrap_or_default();
                    let said = object.get("messages").or_else(|| object.get("message"));
                    Some(about(&field, said.unwrap_or(&Value::Null)))
                }
                other => Some(about("", other)),
            })
            .filter(|error| !(error.field.is_empty() && error.messages.is_empty()))
            .collect(),
        Some(Value::Object(map)) => map.iter().map(|(field, said)| about(field, said)).collect(),
        Some(text @ Value::String(_)) => vec![about("", text)],
        _ => Vec::new(),
    }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
