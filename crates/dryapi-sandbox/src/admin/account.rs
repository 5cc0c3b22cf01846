//! What admin calls have in common: whose account they are about, and how they refuse.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::key::Key;

/// An error, in words.
pub(super) fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

/// Whose account a call is about; none means all.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    key: Option<String>,
}

impl Account {
    pub(super) fn key(self) -> Option<Key> {
        self.key.map(Key::new)
    }
}
