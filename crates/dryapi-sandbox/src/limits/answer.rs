//! How limits show in answers. Source: the published description.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use super::counter::{Exceeded, Usage, Window};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const LEFT: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const DAY_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-daily-limit");
const DAY_LEFT: HeaderName = HeaderName::from_static("x-ratelimit-daily-remaining");
const TYPE: HeaderName = HeaderName::from_static("x-ratelimit-type");

impl Usage {
    /// Says what is left.
    pub(crate) fn stamp(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, self.limit.minute.into());
        headers.insert(LEFT, self.minute_left.into());
        if let (Some(limit), Some(left)) = (self.limit.day, self.day_left) {
            headers.insert(DAY_LIMIT, limit.into());
            headers.insert(DAY_LEFT, left.into());
        }
    }
}

impl IntoResponse for Exceeded {
    fn into_response(self) -> Response {
        let body = Json(json!({"message": "Too Many Attempts."}));
        let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
        let headers = response.headers_mut();
        self.usage.stamp(headers);
        let kind = match self.window {
            Window::Minute => "minute",
            Window::Day => "daily",
        };
        headers.insert(TYPE, HeaderValue::from_static(kind));
        headers.insert(header::RETRY_AFTER, self.retry_after.into());
        response
    }
}
