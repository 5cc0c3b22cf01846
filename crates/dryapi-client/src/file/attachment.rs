//! Content that the caller hands over with the call.

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use dryapi_transport::ByteStream;
use futures_core::Stream;

use super::read;

/// Content for a [`Source::Slot`](dryapi_types::Source::Slot), handed over with the call.
///
/// Its name is that of the slot, or [`named`](Self::named). What can only be read once is sent as
/// it is read where its length is said ([`sized`](Self::sized)), and then not sent again; else it is
/// kept in a temporary file first, since the service wants to know the length.
///
/// ```
/// use dryapi_client::Attachment;
/// let from_a_program = Attachment::read(std::io::stdin()).named("scan.png");
/// let known = Attachment::bytes(&b"RIFF"[..]).named("beep.wav");
/// ```
pub struct Attachment {
    pub(super) content: Content,
    pub(super) name: Option<String>,
    pub(super) len: Option<u64>,
}

pub(super) enum Content {
    Path(PathBuf),
    Bytes(Bytes),
    Once(ByteStream),
    Factory(Arc<dyn Fn() -> ByteStream + Send + Sync>),
}

impl Attachment {
    const fn new(content: Content) -> Self {
        Self {
            content,
            name: None,
            len: None,
        }
    }

    /// A file on this machine, re-opened for every attempt.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::new(Content::Path(path.into()))
    }

    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(bytes.into()))
    }

    /// A stream that can be read once.
    pub fn stream(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::new(Content::Once(Box::pin(stream)))
    }

    /// A stream made anew for every attempt: it must give the same bytes each time.
    pub fn replayable<S>(make: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        Self::new(Content::Factory(Arc::new(move || Box::pin(make()))))
    }

    /// A reader that blocks and can be read once, for instance standard input.
    pub fn read(reader: impl Read + Send + Unpin + 'static) -> Self {
        Self::new(Content::Once(read::blocking(reader)))
    }

    /// A reader that can be read once.
    #[cfg(feature = "tokio")]
    pub fn reader(reader: impl tokio::io::AsyncRead + Send + 'static) -> Self {
        Self::stream(read::ReadStream::of(reader))
    }

    /// A reader made anew for every attempt: it must give the same bytes each time.
    #[cfg(feature = "tokio")]
    pub fn replayable_reader<R>(make: impl Fn() -> R + Send + Sync + 'static) -> Self
    where
        R: tokio::io::AsyncRead + Send + 'static,
    {
        Self::replayable(move || read::ReadStream::of(make()))
    }

    /// Its exact length in bytes. Content of another length is an error, and nothing is delivered.
    #[must_use]
    pub const fn sized(mut self, bytes: u64) -> Self {
        self.len = Some(bytes);
        self
    }

    /// The file name to send. What the content is, its bytes say first, then this name's extension.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Its length in bytes, where it is known without reading it.
    pub(super) fn known_len(&self) -> Option<u64> {
        match &self.content {
            Content::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            _ => self.len,
        }
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::Path(_) => "path",
            Content::Bytes(_) => "bytes",
            Content::Once(_) => "read once",
            Content::Factory(_) => "replayable",
        };
        f.debug_struct("Attachment")
            .field("content", &kind)
            .field("name", &self.name)
            .field("len", &self.known_len())
            .finish()
    }
}
