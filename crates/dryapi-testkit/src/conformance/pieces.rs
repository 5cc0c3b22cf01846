//! A request's body that comes in pieces, and may break.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

/// Pieces, one after the other.
pub(super) struct Pieces(VecDeque<io::Result<Bytes>>);

impl Pieces {
    /// Those of a text, so many bytes each.
    pub(super) fn of(text: &'static str, size: usize) -> Self {
        let pieces = text.as_bytes().chunks(size.max(1));
        Self(pieces.map(|piece| Ok(Bytes::from_static(piece))).collect())
    }

    /// And then an error.
    pub(super) fn then_broken(mut self) -> Self {
        self.0.push_back(Err(io::Error::other("the disk is gone")));
        self
    }
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}
