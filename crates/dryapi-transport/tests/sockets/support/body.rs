//! A body fed piece by piece.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use dryapi_transport::Body;
use futures_core::Stream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

/// The feeding side. Dropping it ends the body.
pub(crate) struct Fed {
    pieces: UnboundedSender<io::Result<Bytes>>,
    taken: watch::Receiver<usize>,
}

impl Fed {
    pub(crate) fn feed(&self, piece: &'static str) {
        assert!(self.try_feed(piece));
    }

    /// Feeds, unless nobody reads any more.
    pub(crate) fn try_feed(&self, piece: &'static str) -> bool {
        self.pieces
            .send(Ok(Bytes::from_static(piece.as_bytes())))
            .is_ok()
    }

    pub(crate) fn fail(&self, error: io::Error) {
        self.pieces.send(Err(error)).unwrap();
    }

    /// Waits until so many pieces were read.
    pub(crate) async fn taken(&mut self, count: usize) {
        self.taken.wait_for(|taken| *taken >= count).await.unwrap();
    }

    /// Waits until the transport has let go of the body.
    pub(crate) async fn dropped(&self) {
        self.pieces.closed().await;
    }
}

struct Pieces {
    pieces: UnboundedReceiver<io::Result<Bytes>>,
    taken: watch::Sender<usize>,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.pieces.poll_recv(cx);
        if polled.is_ready() {
            self.taken.send_modify(|taken| *taken += 1);
        }
        polled
    }
}

pub(crate) fn fed(len: Option<u64>) -> (Fed, Body) {
    let (sender, pieces) = unbounded_channel();
    let (taken, watching) = watch::channel(0);
    (
        Fed {
            pieces: sender,
            taken: watching,
        },
        Body::once(len, Pieces { pieces, taken }),
    )
}
