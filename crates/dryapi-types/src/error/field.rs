//! Which field of a request is at fault, found by the service or before sending.

use std::fmt;

use serde::Serialize;

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
