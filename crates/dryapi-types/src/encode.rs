//! From a request to its body, and what can be checked on the way.

mod faults;
mod form;
pub(crate) mod one_or_many;

use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use self::faults::Faults;
pub(crate) use self::form::Form;
use crate::error::{FieldError, InvalidRequest};
use crate::operation::Payload;

/// A request as JSON.
pub(crate) fn json(
    operation: &'static str,
    request: &impl Serialize,
) -> Result<Payload, InvalidRequest> {
    match serde_json::to_vec(request) {
        Ok(bytes) => Ok(Payload::Json(bytes)),
        Err(error) => Err(InvalidRequest {
            operation,
            fields: vec![FieldError::new("", error.to_string())],
        }),
    }
}

/// A request's fields, for records and for people.
pub(crate) fn fields_of(request: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(request) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
