//! The service's refusals, in the shapes of the Errors page.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

/// An error answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
}

/// Messages by field, in the order of the operation's fields.
pub(crate) type FieldErrors = Vec<(String, String)>;

impl Refusal {
    /// The envelope of the Errors page without field errors.
    pub(crate) fn new(status: StatusCode, message: &str) -> Self {
        Self::enveloped(status, message, json!([]))
    }

    fn enveloped(status: StatusCode, message: &str, errors: Value) -> Self {
        let code = status.as_u16();
        let body = json!({"data": null, "message": message, "errors": errors, "statusCode": code});
        Self { status, body }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized user.")
    }

    pub(crate) fn no_such_request() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Request not found.")
    }

    /// The Errors page's 422: one entry a field.
    pub(crate) fn validation(errors: FieldErrors) -> Self {
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        for (field, message) in errors {
            match fields.iter_mut().find(|(name, _)| *name == field) {
                Some((_, messages)) => messages.push(message),
                None => fields.push((field, vec![message])),
            }
        }
        let errors: Vec<Value> = fields
            .into_iter()
            .map(|(field, messages)| json!({"field": field, "messages": messages}))
            .collect();
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::enveloped(status, "Validation failed", Value::Array(errors))
    }

    /// The same with its errors as a map and no envelope, where it names fields.
    pub(crate) fn into_map(self) -> Self {
        let Some(list) = self.body.get("errors").and_then(Value::as_array) else {
            return self;
        };
        let errors: Map<String, Value> = list
            .iter()
            .filter_map(|error| {
                let field = error.get("field")?.as_str()?.to_owned();
                Some((field, error.get("messages")?.clone()))
            })
            .collect();
        let first = errors
            .values()
            .find_map(|messages| messages.get(0))
            .cloned();
        match first {
            Some(message) => Self {
                status: self.status,
                body: json!({"message": message, "errors": errors}),
            },
            None => self,
        }
    }

    /// The backend framework's own 422, which the service also lets through: errors as a map and
    /// no envelope. Source: the published description.
    pub(crate) fn native(field: &str, message: &str) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self {
            status,
            body: json!({"message": message, "errors": {field: [message]}}),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
