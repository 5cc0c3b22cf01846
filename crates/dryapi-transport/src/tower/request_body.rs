//! A request's body on its way through a service.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use crate::body::{Body, BodyStream};

/// The last byte was not handed out.
const HELD: u8 = 0;
/// It was.
const OUT: u8 = 1;
/// It never will be.
const GIVEN_UP: u8 = 2;

/// A request's body on its way through a service. It can be read once.
pub struct RequestBody {
    /// Never locked: it makes a stream that is only `Send` `Sync` as well.
    stream: Mutex<BodyStream>,
    /// Held back until it is known whether another follows.
    next: Option<Bytes>,
    left: Option<u64>,
    ended: bool,
    stage: Arc<AtomicU8>,
}

/// Whoever waits for the answer: knows whether the body's last byte was handed out.
#[derive(Debug)]
pub(super) struct Watch {
    stage: Arc<AtomicU8>,
    bodiless: bool,
}

impl Watch {
    /// Gives the request up. Whether its last byte was held, and so will never be handed out; a
    /// request without a body has none to hold.
    pub(super) fn give_up(&self) -> bool {
        let held = self
            .stage
            .compare_exchange(HELD, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire);
        held.is_ok() && !self.bodiless
    }
}

impl RequestBody {
    pub(super) fn watched(body: Body) -> (Watch, Self) {
        let left = body.len();
        let stage = Arc::new(AtomicU8::new(HELD));
        let watch = Watch {
            stage: Arc::clone(&stage),
            bodiless: left == Some(0),
        };
        let body = Self {
            stream: Mutex::new(body.into_stream()),
            next: None,
            left,
            ended: left == Some(0),
            stage,
        };
        (watch, body)
    }

    /// The next piece that is not empty; `None` at the end.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            let stream = self.stream.get_mut();
            let stream = stream.unwrap_or_else(PoisonError::into_inner);
            match ready!(Pin::new(stream).poll_next(cx)) {
                Some(Ok(piece)) if piece.is_empty() => {}
                other => return Poll::Ready(other),
            }
        }
    }

    /// Counts a piece against the length that was told.
    fn count(&mut self, piece: &Bytes) -> io::Result<()> {
        let Some(left) = self.left else {
            return Ok(());
        };
        let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let left = left.checked_sub(size);
        self.left = Some(left.ok_or_else(|| wrong("the body is longer than it was said to be"))?);
        Ok(())
    }

    /// Whether the last byte may be handed out now.
    fn let_out(&self) -> io::Result<()> {
        let out = self
            .stage
            .compare_exchange(HELD, OUT, Ordering::AcqRel, Ordering::Acquire);
        match out {
            Ok(_) | Err(OUT) => Ok(()),
            Err(_) => Err(io::Error::other("the request was given up")),
        }
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        if this.stage.load(Ordering::Acquire) == GIVEN_UP {
            return Poll::Ready(Some(Err(io::Error::other("the request was given up"))));
        }
        while !this.ended {
            match ready!(this.poll_piece(cx)) {
                Some(Ok(piece)) => {
                    if let Err(error) = this.count(&piece) {
                        this.ended = true;
                        return Poll::Ready(Some(Err(error)));
                    }
                    if let Some(before) = this.next.replace(piece) {
                        return Poll::Ready(Some(Ok(Frame::data(before))));
                    }
                }
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.ended = true;
                    if this.left.is_some_and(|left| left > 0) {
                        this.next = None;
                        let error = wrong("the body ended before its length");
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
        Poll::Ready(match this.next.take() {
            Some(last) => Some(this.let_out().map(|()| Frame::data(last))),
            None => this.let_out().err().map(Err),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ended && self.next.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let held = self.next.as_ref().map_or(0, Bytes::len);
        match (self.left, u64::try_from(held)) {
            (Some(left), Ok(held)) => SizeHint::with_exact(left.saturating_add(held)),
            _ => SizeHint::default(),
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use http_body::Body as _;

    use super::*;

    fn next(body: &mut RequestBody) -> Option<io::Result<Bytes>> {
        let mut cx = Context::from_waker(Waker::noop());
        match Pin::new(body).poll_frame(&mut cx) {
            Poll::Ready(frame) => frame.map(|frame| Ok(frame?.into_data().unwrap())),
            Poll::Pending => panic!("the body is all there"),
        }
    }

    #[test]
    fn the_last_byte_goes_out_once_and_never_after_giving_up() {
        let (watch, mut body) = RequestBody::watched("text".into());
        assert_eq!(body.size_hint().exact(), Some(4));
        assert_eq!(next(&mut body).unwrap().unwrap(), "text");
        assert!(body.is_end_stream());
        assert!(!watch.give_up());

        let (watch, mut body) = RequestBody::watched("text".into());
        assert!(watch.give_up());
        assert!(next(&mut body).unwrap().is_err());
    }

    #[test]
    fn a_bodiless_request_proves_nothing() {
        let (watch, mut body) = RequestBody::watched(Body::empty());
        assert!(body.is_end_stream());
        assert!(!watch.give_up());
        assert!(next(&mut body).unwrap().is_err());
    }

    #[test]
    fn a_body_of_another_length_never_goes_out_whole() {
        for len in [3, 5] {
            let once = Body::once(Some(len), Body::from("text").into_stream());
            let (watch, mut body) = RequestBody::watched(once);
            assert!(next(&mut body).unwrap().is_err(), "{len}");
            assert!(watch.give_up());
        }
    }

    #[test]
    fn the_end_of_a_body_of_unknown_length_counts_as_its_last_byte() {
        let once = Body::once(None, Body::from("text").into_stream());
        let (watch, mut body) = RequestBody::watched(once);
        assert_eq!(next(&mut body).unwrap().unwrap(), "text");
        assert!(next(&mut body).is_none());
        assert!(!watch.give_up());
    }
}
