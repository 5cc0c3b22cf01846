//! Looking at the beginning of a stream without losing it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use dryapi_transport::{Body, ByteStream};
use futures_core::Stream;

/// The first bytes of a stream, and a body of the same stream from its beginning.
pub(super) async fn peek(
    mut stream: ByteStream,
    len: u64,
    look: usize,
) -> io::Result<(Vec<u8>, Body)> {
    let mut first = Vec::new();
    let mut pieces = VecDeque::new();
    while first.len() < look {
        let next = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await;
        let Some(piece) = next.transpose()? else {
            break;
        };
        let room = look.saturating_sub(first.len()).min(piece.len());
        first.extend_from_slice(piece.get(..room).unwrap_or_default());
        pieces.push_back(piece);
    }
    let whole = Resumed { pieces, stream };
    Ok((first, Body::once(Some(len), whole)))
}

/// What was read already, then the rest.
struct Resumed {
    pieces: VecDeque<Bytes>,
    stream: ByteStream,
}

impl Stream for Resumed {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.pieces.pop_front() {
            Some(piece) => Poll::Ready(Some(Ok(piece))),
            None => self.stream.as_mut().poll_next(cx),
        }
    }
}
