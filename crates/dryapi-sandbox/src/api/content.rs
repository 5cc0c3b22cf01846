//! A request's body, read once: what the handlers use and what the journal shows.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::nested::nest;
use super::refusal::Refusal;
use super::upload::{LONGEST_TEXT, Upload};

/// Largest form; what the service's largest page says, and a little for its other parts, in bytes.
const LARGEST_FORM: u64 = 101 << 20;

/// Largest body of anything else, in bytes.
const LARGEST_BODY: usize = 16 << 20;

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
    content: Upload,
}

impl Content {
    pub(crate) async fn receive(headers: &HeaderMap, body: Body) -> Self {
        let media_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
        if media_type.starts_with("multipart/form-data") {
            return form(headers, body).await;
        }
        let Ok(bytes) = axum::body::to_bytes(body, LARGEST_BODY).await else {
            return Self::TooLarge;
        };
        if bytes.is_empty() {
            Self::Empty
        } else if media_type.starts_with("application/json") {
            match serde_json::from_slice(&bytes) {
                Ok(value) => Self::Json(value),
                Err(_) => Self::Broken("The request body is not valid JSON.", bytes),
            }
        } else if media_type.starts_with("application/x-www-form-urlencoded") {
            match serde_json::to_value(url_encoded(&bytes)) {
                Ok(value) => Self::Json(value),
                Err(_) => Self::Broken("The request body is not a valid form.", bytes),
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
                        let value = std::str::from_utf8(&part.content.first).ok();
                        json!({
                            "name": part.name,
                            "file_name": part.file_name,
                            "content_type": part.media_type,
                            "bytes": part.content.length,
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
            Self::Json(Value::Object(values)) => fields.values = nest(values),
            Self::Form(parts) => {
                for part in parts {
                    if part.file_name.is_some() {
                        fields.files.push((part.name, part.content));
                    } else {
                        let text = String::from_utf8_lossy(&part.content.first).into_owned();
                        fields.values.insert(part.name, Value::String(text));
                    }
                }
                fields.values = nest(fields.values);
            }
            Self::Json(_) | Self::Empty | Self::Other(_) => {}
        }
        Ok(fields)
    }
}

/// A form, its files streamed to nowhere.
async fn form(headers: &HeaderMap, body: Body) -> Content {
    const BROKEN: Content = Content::Broken("The request body is not a valid form.", Bytes::new());
    let mut request = Request::new(body);
    if let Some(media_type) = headers.get(header::CONTENT_TYPE) {
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, media_type.clone());
    }
    // Counted here; the extractor's own 2 MB must not be.
    DefaultBodyLimit::disable().apply(&mut request);
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return BROKEN;
    };
    let mut parts = Vec::new();
    let mut total: u64 = 0;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Content::Form(parts),
            Err(_) => return BROKEN,
        };
        let Some(name) = field.name().map(str::to_owned) else {
            return BROKEN;
        };
        let file_name = field.file_name().map(str::to_owned);
        let media_type = field.content_type().map(str::to_owned);
        let Some(content) = Upload::receive(field).await else {
            return BROKEN;
        };
        total = total.saturating_add(content.length);
        let text_too_long = file_name.is_none() && content.length > LONGEST_TEXT as u64;
        if total > LARGEST_FORM || text_too_long {
            return Content::TooLarge;
        }
        parts.push(Part {
            name,
            file_name,
            media_type,
            content,
        });
    }
}

/// What some clients send in place of JSON.
fn url_encoded(bytes: &[u8]) -> Map<String, Value> {
    let query = String::from_utf8_lossy(bytes);
    let uri: http::Uri = format!("/?{query}").parse().unwrap_or_default();
    query_fields(&uri).values
}

/// The fields of a query.
pub(crate) fn query_fields(uri: &http::Uri) -> Fields {
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = query.map(|query| query.0).unwrap_or_default();
    let values = pairs
        .into_iter()
        .map(|(name, text)| (name, Value::String(text)));
    Fields {
        values: values.collect(),
        files: Vec::new(),
    }
}
