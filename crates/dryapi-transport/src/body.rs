//! A request's body: it knows its length, and whether it can be sent again.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

/// Pieces of a body as they come.
pub type ByteStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

type Factory = Arc<dyn Fn() -> ByteStream + Send + Sync>;

/// A request's body.
///
/// Bytes and factories can be replayed; a one-shot stream cannot, and whoever wants to send it
/// again is told so by [`try_clone`](Self::try_clone).
#[derive(Default)]
pub struct Body {
    repr: Repr,
}

#[derive(Default)]
enum Repr {
    #[default]
    Empty,
    Bytes(Bytes),
    Factory {
        len: Option<u64>,
        make: Factory,
    },
    Once {
        len: Option<u64>,
        stream: ByteStream,
    },
}

impl Body {
    /// No body.
    #[must_use]
    pub const fn empty() -> Self {
        Self { repr: Repr::Empty }
    }

    /// A body made anew for every attempt, for instance from a file that is opened again. `len` is
    /// its exact length in bytes, where known: a stream that yields another length is an error.
    pub fn factory(
        len: Option<u64>,
        make: impl Fn() -> ByteStream + Send + Sync + 'static,
    ) -> Self {
        Self {
            repr: Repr::Factory {
                len,
                make: Arc::new(make),
            },
        }
    }

    /// A stream that can be read once, so the request can be sent once.
    pub fn once(
        len: Option<u64>,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self {
            repr: Repr::Once {
                len,
                stream: Box::pin(stream),
            },
        }
    }

    /// Its length in bytes, where known.
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        match &self.repr {
            Repr::Empty => Some(0),
            Repr::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Repr::Factory { len, .. } | Repr::Once { len, .. } => *len,
        }
    }

    /// Whether nothing is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Whether [`try_clone`](Self::try_clone) gives another.
    #[must_use]
    pub const fn is_replayable(&self) -> bool {
        !matches!(self.repr, Repr::Once { .. })
    }

    /// The same body once more, unless it can only be read once.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        let repr = match &self.repr {
            Repr::Empty => Repr::Empty,
            Repr::Bytes(bytes) => Repr::Bytes(bytes.clone()),
            Repr::Factory { len, make } => Repr::Factory {
                len: *len,
                make: Arc::clone(make),
            },
            Repr::Once { .. } => return None,
        };
        Some(Self { repr })
    }

    /// The bytes, where they are all in memory.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.repr {
            Repr::Empty => Some(&[]),
            Repr::Bytes(bytes) => Some(bytes),
            Repr::Factory { .. } | Repr::Once { .. } => None,
        }
    }

    /// The body as a stream of pieces.
    #[must_use]
    pub fn into_stream(self) -> BodyStream {
        let inner = match self.repr {
            Repr::Empty => Pieces::Bytes(None),
            Repr::Bytes(bytes) => Pieces::Bytes((!bytes.is_empty()).then_some(bytes)),
            Repr::Factory { make, .. } => Pieces::Stream(make()),
            Repr::Once { stream, .. } => Pieces::Stream(stream),
        };
        BodyStream { inner }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("len", &self.len())
            .field("replayable", &self.is_replayable())
            .finish()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            repr: Repr::Bytes(bytes),
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

/// A body on its way out.
pub struct BodyStream {
    inner: Pieces,
}

enum Pieces {
    Bytes(Option<Bytes>),
    Stream(ByteStream),
}

impl Stream for BodyStream {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.inner {
            Pieces::Bytes(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Pieces::Stream(stream) => stream.as_mut().poll_next(cx),
        }
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyStream")
    }
}
