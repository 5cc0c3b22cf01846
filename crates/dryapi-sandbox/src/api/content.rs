//! A request's body, read once: what the handlers use and what the journal shows.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;

/// Largest body of a request; what the service's largest page says, in bytes.
const LARGEST_BODY: usize = 100 << 20;

/// What arrived.
#[derive(Debug)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Form(Vec<Part>),
    /// Some other media type.
    Other(Bytes),
    /// It promised to be JSON or a form, and is not.
    Broken(&'static str, Bytes),
    /// It did not end within the largest size, or broke off.
    TooLarge,
}

/// One part of a form.
#[derive(Debug)]
pub(crate) struct Part {
    name: String,
    file_name: Option<String>,
    media_type: Option<String>,
    bytes: Bytes,
}

/// The fields of a request, whichever way they were sent.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) values: Map<String, Value>,
    pub(crate) files: BTreeMap<String, Bytes>,
}

impl Content {
    pub(crate) async fn receive(headers: &HeaderMap, body: Body) -> Self {
        match axum::body::to_bytes(body, LARGEST_BODY).await {
            Ok(bytes) => Self::read(headers, bytes).await,
            Err(_) => Self::TooLarge,
        }
    }

    async fn read(headers: &HeaderMap, bytes: Bytes) -> Self {
        let media_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
        if bytes.is_empty() {
            Self::Empty
        } else if media_type.starts_with("application/json") {
            match serde_json::from_slice(&bytes) {
                Ok(value) => Self::Json(value),
                Err(_) => Self::Broken("The request body is not valid JSON.", bytes),
            }
        } else if media_type.starts_with("multipart/form-data") {
            match parts(headers, bytes.clone()).await {
                Some(parts) => Self::Form(parts),
                None => Self::Broken("The request body is not a valid form.", bytes),
            }
        } else {
            Self::Other(bytes)
        }
    }

    /// The body for the journal: values whole, files by their size.
    pub(crate) fn describe(&self) -> Value {
        match self {
            Self::Empty | Self::TooLarge => Value::Null,
            Self::Json(value) => value.clone(),
            Self::Form(parts) => {
                let parts: Vec<Value> = parts
                    .iter()
                    .map(|part| {
                        let value = std::str::from_utf8(&part.bytes).ok();
                        json!({
                            "name": part.name,
                            "file_name": part.file_name,
                            "content_type": part.media_type,
                            "bytes": part.bytes.len(),
                            "value": value.filter(|_| part.file_name.is_none()),
                        })
                    })
                    .collect();
                json!({"parts": parts})
            }
            Self::Other(bytes) | Self::Broken(_, bytes) => {
                let text = std::str::from_utf8(bytes)
                    .ok()
                    .filter(|text| text.len() <= 4096);
                json!({"bytes": bytes.len(), "text": text})
            }
        }
    }

    /// The fields, of a JSON object or a form. Anything else has none, as far as the service's
    /// framework sees.
    pub(crate) fn into_fields(self) -> Result<Fields, Refusal> {
        let mut fields = Fields::default();
        match self {
            Self::TooLarge => {
                let message = "The request is too large.";
                return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message));
            }
            Self::Broken(message, _) => {
                return Err(Refusal::new(StatusCode::BAD_REQUEST, message));
            }
            Self::Json(Value::Object(values)) => fields.values = values,
            Self::Form(parts) => {
                for part in parts {
                    if part.file_name.is_some() {
                        fields.files.insert(part.name, part.bytes);
                    } else {
                        let text = String::from_utf8_lossy(&part.bytes).into_owned();
                        fields.values.insert(part.name, Value::String(text));
                    }
                }
            }
            Self::Json(_) | Self::Empty | Self::Other(_) => {}
        }
        Ok(fields)
    }
}

async fn parts(headers: &HeaderMap, bytes: Bytes) -> Option<Vec<Part>> {
    let mut request = Request::new(Body::from(bytes));
    let media_type = headers.get(header::CONTENT_TYPE)?;
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type.clone());
    // The whole body is bounded already; the extractor's own 2 MB must not be.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.ok()? {
        parts.push(Part {
            name: field.name()?.to_owned(),
            file_name: field.file_name().map(str::to_owned),
            media_type: field.content_type().map(str::to_owned),
            bytes: field.bytes().await.ok()?,
        });
    }
    Some(parts)
}
