//! A request as it was sent.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use dryapi_transport::{Body, Reach, Request, Reuse, Timeouts};
use futures_core::Stream;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use crate::path;

/// How much of a body `Debug` shows, in characters.
const SHOWN: usize = 200;

/// A request as it was sent, its body read to the end.
///
/// Everything is kept for the test to look at, `Authorization` and signed addresses too; `Debug`
/// hides those.
#[derive(Clone)]
#[non_exhaustive]
pub struct SentRequest {
    /// The method.
    pub method: Method,
    /// The absolute address.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// How long each stage was allowed to take.
    pub timeouts: Timeouts,
    /// Which idle connections were allowed.
    pub reuse: Reuse,
    /// Which addresses were allowed.
    pub reach: Reach,
}

impl SentRequest {
    /// Reads a request to its end.
    pub(super) async fn read(request: Request) -> io::Result<Self> {
        Ok(Self {
            body: read(request.body).await?,
            method: request.method,
            uri: request.uri,
            headers: request.headers,
            timeouts: request.timeouts,
            reuse: request.reuse,
            reach: request.reach,
        })
    }

    /// The path, for instance `/api/v1/client/txt2img`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Whether the path is, or ends with, a pattern: `txt2img`, `request-status/*`, `/the/whole`.
    #[must_use]
    pub fn is_for(&self, path: &str) -> bool {
        path::matches(path, self.path())
    }

    /// The query without its `?`, as sent.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// A header's value, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON, where it is.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as text, odd bytes replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut headers = self.headers.clone();
        for (_, value) in headers
            .iter_mut()
            .filter(|(name, _)| **name == AUTHORIZATION)
        {
            value.set_sensitive(true);
        }
        f.debug_struct("SentRequest")
            .field("method", &self.method)
            .field("host", &self.uri.host())
            .field("path", &self.path())
            .field("query", &self.query().map(names))
            .field("headers", &headers)
            .field("body", &self.text().chars().take(SHOWN).collect::<String>())
            .field("timeouts", &self.timeouts)
            .field("reuse", &self.reuse)
            .field("reach", &self.reach)
            .finish()
    }
}

/// A query without its values: they may be a signature.
fn names(query: &str) -> String {
    let name = |pair: &str| {
        pair.split_once('=')
            .map_or(pair, |(name, _)| name)
            .to_owned()
    };
    query.split('&').map(name).collect::<Vec<_>>().join("&")
}

/// Reads a body as a real transport does: one that is not as long as it said is an error.
async fn read(body: Body) -> io::Result<Bytes> {
    let told = body.len();
    let mut stream = pin!(body.into_stream());
    let mut bytes = BytesMut::new();
    while let Some(piece) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        bytes.extend_from_slice(&piece?);
    }
    match told {
        Some(told) if u64::try_from(bytes.len()).ok() != Some(told) => Err(io::Error::other(
            format!("the body said {told} bytes and was {}", bytes.len()),
        )),
        _ => Ok(bytes.freeze()),
    }
}
