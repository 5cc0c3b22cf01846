//! One answer of the service, whole: what every double of this crate gives.

use bytes::Bytes;
use dryapi_transport::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::raw::Raw;

/// One answer: status, headers and a body that is all there.
///
/// Those that the service gives are in [`answers`](crate::answers); others are made by hand:
///
/// ```
/// use dryapi_testkit::Answer;
/// use serde_json::json;
///
/// let answer = Answer::json(200, &json!({"balance": 19.72})).with_header("x-ratelimit-limit", "3");
/// assert_eq!(answer.status, 200);
/// assert_eq!(answer.to_json(), Some(json!({"balance": 19.72})));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers. `Content-Length` is added by whatever sends it.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// A JSON body of type `application/json`.
    ///
    /// # Panics
    /// When the status is none (100 to 999).
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::bytes(status, "application/json", body.to_string())
    }

    /// A text body of type `text/plain`.
    ///
    /// # Panics
    /// When the status is none (100 to 999).
    #[must_use]
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::bytes(status, "text/plain; charset=utf-8", body.into())
    }

    /// A body of any type.
    ///
    /// # Panics
    /// When the status is none (100 to 999), or the type is no header value.
    #[must_use]
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        let mut answer = Self::empty(status).with_header(CONTENT_TYPE, media_type);
        answer.body = body.into();
        answer
    }

    /// No headers and no body.
    ///
    /// # Panics
    /// When the status is none (100 to 999).
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a wrong test should fail where it is wrong"
    )]
    pub fn empty(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).expect("a status is 100 to 999"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Reads a raw HTTP/1.1 response, as a bare socket would send it: status line, headers, an empty
    /// line, body; lines end in CR LF. `None` for anything else.
    ///
    /// ```
    /// use dryapi_testkit::Answer;
    ///
    /// let raw = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno such route";
    /// let answer = Answer::from_http(raw).unwrap();
    /// assert_eq!((answer.status.as_u16(), &answer.body[..]), (404, &b"no such route"[..]));
    /// assert_eq!(answer.headers["content-type"], "text/plain");
    /// assert!(Answer::from_http(b"nonsense").is_none());
    /// ```
    #[must_use]
    pub fn from_http(bytes: &[u8]) -> Option<Self> {
        let raw = Raw::parse(bytes)?;
        let mut headers = HeaderMap::new();
        for (name, value) in raw.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            headers.append(name, HeaderValue::from_str(value).ok()?);
        }
        Some(Self {
            status: StatusCode::from_u16(raw.status).ok()?,
            headers,
            body: Bytes::copy_from_slice(raw.body),
        })
    }

    /// With a header, in place of others of its name.
    ///
    /// # Panics
    /// When name or value is none HTTP allows.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a wrong test should fail where it is wrong"
    )]
    pub fn with_header<N>(mut self, name: N, value: &str) -> Self
    where
        N: TryInto<HeaderName, Error: std::fmt::Debug>,
    {
        let name = name.try_into().expect("a header's name");
        let value = HeaderValue::from_str(value).expect("a header's value");
        self.headers.insert(name, value);
        self
    }

    /// The body as JSON, where it is.
    #[must_use]
    pub fn to_json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// What a [`Transport`](dryapi_transport::Transport) gives. It says how long its body is.
    #[must_use]
    pub fn into_response(self) -> Response {
        self.head().with_body(self.body)
    }

    /// The response without its body, saying how long the whole body is.
    pub(crate) fn head(&self) -> Response {
        let mut response = Response::new(self.status).with_headers(self.headers.clone());
        response
            .headers
            .entry(CONTENT_LENGTH)
            .or_insert_with(|| self.body.len().into());
        response
    }
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        answer.into_response()
    }
}
