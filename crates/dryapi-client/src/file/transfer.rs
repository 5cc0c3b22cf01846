//! How far a transfer has come, for whoever wants to show it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use dryapi_transport::{Body, BodyStream};
use futures_core::Stream;

/// How far an upload or a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transfer {
    /// The bytes so far. An upload that is sent again, and a download that starts over, begin at 0.
    pub bytes: u64,
    /// All bytes, where that is known.
    pub total: Option<u64>,
}

impl Transfer {
    pub(super) const fn new(bytes: u64, total: Option<u64>) -> Self {
        Self { bytes, total }
    }
}

/// Is told of every piece of a form that is handed to the transport.
#[derive(Clone)]
pub(crate) struct OnUpload(Arc<dyn Fn(Transfer) + Send + Sync>);

impl OnUpload {
    pub(crate) fn new(told: impl Fn(Transfer) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }

    /// The same body, that tells as it is read.
    pub(crate) fn watch(&self, body: Body) -> Body {
        let (told, len) = (self.clone(), body.len());
        if !body.is_replayable() {
            return Body::once(len, Watched::new(body, told));
        }
        // A body holding a one-shot stream is not `Sync`; this holds none, but only a lock says so
        // to the compiler.
        let body = Mutex::new(body);
        Body::factory(len, move || {
            let again = body
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_clone();
            Box::pin(Watched::new(again.unwrap_or_default(), told.clone()))
        })
    }
}

impl fmt::Debug for OnUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnUpload")
    }
}

struct Watched {
    body: BodyStream,
    told: OnUpload,
    so_far: Transfer,
}

impl Watched {
    fn new(body: Body, told: OnUpload) -> Self {
        Self {
            so_far: Transfer::new(0, body.len()),
            body: body.into_stream(),
            told,
        }
    }
}

impl Stream for Watched {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let next = Pin::new(&mut this.body).poll_next(cx);
        if let Poll::Ready(Some(Ok(piece))) = &next {
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            this.so_far.bytes = this.so_far.bytes.saturating_add(length);
            (this.told.0)(this.so_far);
        }
        next
    }
}
