//! One request and one response.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::body::Body;
use crate::error::{TransportError, TransportErrorKind};

/// How long each stage of one attempt may take. None of them starts over while bytes move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// To a usable connection, name lookup and TLS included.
    pub connect: Duration,
    /// For the body to be handed out, from its first byte. `None`: 60 s + its size at 64 KiB/s.
    pub upload: Option<Duration>,
    /// From the body's last byte to the response's head.
    pub first_byte: Duration,
    /// Between two pieces of the response's body.
    pub idle: Duration,
}

impl Default for Timeouts {
    /// 10 s, by size, 30 s, 30 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            upload: None,
            first_byte: Duration::from_secs(30),
            idle: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// How long a body of `len` bytes may take to be handed out: 60 s and its size at 64 KiB/s,
    /// where no other duration was set.
    #[must_use]
    pub fn upload_of(&self, len: Option<u64>) -> Duration {
        const BASE: Duration = Duration::from_secs(60);
        self.upload.unwrap_or_else(|| {
            BASE.saturating_add(Duration::from_secs(len.unwrap_or(0) / (64 * 1024)))
        })
    }
}

/// Which idle connections may be used again. A server that closes an idle connection at the very
/// moment the next request is written cannot be told from one that took it and died.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reuse {
    /// Idle for at most 15 s.
    #[default]
    Usual,
    /// Idle for at most 3 s: for requests that cost money.
    Careful,
}

/// Which addresses may be connected to, checked on the address itself, after name lookup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reach {
    /// Any: for the address the user configured.
    #[default]
    Any,
    /// No loopback, private, link-local or otherwise special one: for addresses that came over
    /// the network.
    Public,
}

/// One request. Taken by value: a one-shot body cannot be shared.
#[derive(Debug)]
#[non_exhaustive]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute address.
    pub uri: Uri,
    /// The headers. Values marked sensitive are not shown by `Debug`.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// How long each stage may take.
    pub timeouts: Timeouts,
    /// Which idle connections may be used.
    pub reuse: Reuse,
    /// Which addresses may be connected to.
    pub reach: Reach,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, uri: Uri) -> Self {
        Self {
            method,
            uri,
            headers: HeaderMap::new(),
            body: Body::empty(),
            timeouts: Timeouts::default(),
            reuse: Reuse::default(),
            reach: Reach::default(),
        }
    }

    /// With a header, in place of others of its name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With a body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The same request once more, unless its body can only be read once.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        Some(Self {
            method: self.method.clone(),
            uri: self.uri.clone(),
            headers: self.headers.clone(),
            body: self.body.try_clone()?,
            timeouts: self.timeouts,
            reuse: self.reuse,
            reach: self.reach,
        })
    }
}

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// One response, of any status. Its body comes as a stream.
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Pieces,
}

impl Response {
    /// A response without headers and body.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Box::pin(Once(None)),
        }
    }

    /// With a header, in place of others of its name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With headers.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// With a body that is all there.
    #[must_use]
    pub fn with_body(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Box::pin(Once(Some(bytes.into())));
        self
    }

    /// With a body that comes in pieces.
    #[must_use]
    pub fn with_stream(
        mut self,
        stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        self.body = Box::pin(stream);
        self
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// [`TransportError`] when the connection broke, fell silent, or the body ended too early.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the piece comes with the next call.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        std::future::poll_fn(|cx| self.body.as_mut().poll_next(cx))
            .await
            .transpose()
    }

    /// Reads up to `limit` bytes and says whether that was all. What came before an error is
    /// given beside it: a cut answer may still hold what was paid for.
    ///
    /// # Cancel safety
    /// Dropping the future loses what was read.
    pub async fn read(&mut self, limit: usize) -> BodyRead {
        let mut bytes = BytesMut::new();
        loop {
            match self.chunk().await {
                Ok(Some(piece)) => {
                    let room = limit.saturating_sub(bytes.len());
                    if piece.len() > room {
                        bytes.extend_from_slice(piece.get(..room).unwrap_or_default());
                        let message = format!("the answer is larger than {limit} bytes");
                        let error = TransportError::new(TransportErrorKind::TooLarge, message);
                        return BodyRead {
                            bytes: bytes.freeze(),
                            error: Some(error),
                        };
                    }
                    bytes.extend_from_slice(&piece);
                }
                Ok(None) => {
                    return BodyRead {
                        bytes: bytes.freeze(),
                        error: None,
                    };
                }
                Err(error) => {
                    return BodyRead {
                        bytes: bytes.freeze(),
                        error: Some(error),
                    };
                }
            }
        }
    }

    /// The body as a stream of pieces.
    #[must_use]
    pub fn into_stream(self) -> Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>> {
        self.body
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// What was read of a body.
#[derive(Debug)]
#[non_exhaustive]
pub struct BodyRead {
    /// What came.
    pub bytes: Bytes,
    /// Why there is no more, unless it ended as it should.
    pub error: Option<TransportError>,
}

struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        _cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Ok))
    }
}
