//! A request's body on a tripwire.
//!
//! Its last byte is held back until the stream has ended and its length is right, so that a body
//! that is no body never counts as handed out.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use super::tripwire::{Stage, Tripwire, Wire};
use crate::body::{Body, BodyStream};
use crate::clock::Clock;

/// The most that is handed out at once. What was handed out and not yet written waits in hyper's
/// buffer: 16 pieces of it, so this bounds how much of a slow upload is still on its way when the
/// last byte is handed out.
const PIECE: usize = 16 * 1024;

/// The body, as hyper reads it.
pub(super) struct WiredBody {
    wire: Wire,
    /// Never locked: it makes a stream that is only `Send` `Sync` as well.
    stream: Mutex<BodyStream>,
    len: Option<u64>,
    read: u64,
    handed_out: u64,
    held: Bytes,
    ended: bool,
}

impl WiredBody {
    /// Puts a body on a tripwire.
    pub(super) fn arm(body: Body, clock: &Arc<dyn Clock>) -> (Tripwire, Self) {
        let len = body.len();
        let stage = if len == Some(0) {
            Stage::Bodiless
        } else {
            Stage::Connecting
        };
        let (tripwire, wire) = Tripwire::set(stage, clock);
        let wired = Self {
            wire,
            stream: Mutex::new(body.into_stream()),
            len,
            read: 0,
            handed_out: 0,
            held: Bytes::new(),
            ended: len == Some(0),
        };
        (tripwire, wired)
    }

    /// Whether what is held may not go out before the stream has ended.
    fn holds_last(&self) -> bool {
        self.held.len() <= PIECE && self.len == Some(self.read) && !self.ended
    }

    fn keep(&mut self, piece: Bytes) -> Result<(), io::Error> {
        self.read = self
            .read
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.len.is_some_and(|len| self.read > len) {
            return Err(wrong_length("the body is longer than it was said to be"));
        }
        self.held = piece;
        Ok(())
    }

    fn end(&mut self) -> Result<(), io::Error> {
        self.ended = true;
        if self.len.is_some_and(|len| self.read < len) {
            return Err(wrong_length("the body ended before its length"));
        }
        Ok(())
    }

    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        while !self.ended && (self.held.is_empty() || self.holds_last()) {
            let stream = self
                .stream
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            match ready!(Pin::new(stream).poll_next(cx)) {
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(piece)) => self.keep(piece)?,
                Some(Err(error)) => return Poll::Ready(Err(error)),
                None => self.end()?,
            }
        }
        Poll::Ready(Ok(()))
    }
}

fn wrong_length(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl http_body::Body for WiredBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        if this.handed_out == 0
            && this.len != Some(0)
            && let Err(error) = this.wire.enter(Stage::Uploading)
        {
            return Poll::Ready(Some(Err(error)));
        }
        if let Err(error) = ready!(this.poll_fill(cx)) {
            return Poll::Ready(Some(Err(this.wire.fail(error))));
        }
        let piece = this.held.split_to(this.held.len().min(PIECE));
        let last = this.ended && this.held.is_empty();
        // The end of a body of unknown length is a last chunk that follows its last byte.
        let stage = match (last, this.len) {
            (_, Some(0)) => Stage::Bodiless,
            (true, Some(_)) => Stage::Sent,
            (true, None) if piece.is_empty() => Stage::Sent,
            _ => Stage::Uploading,
        };
        if let Err(error) = this.wire.enter(stage) {
            return Poll::Ready(Some(Err(error)));
        }
        this.handed_out = this
            .handed_out
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended && self.len == Some(self.handed_out)
    }

    fn size_hint(&self) -> SizeHint {
        match self.len {
            Some(len) => SizeHint::with_exact(len.saturating_sub(self.handed_out)),
            None => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use http_body::Body as _;

    use super::super::clock::SystemClock;
    use super::*;

    fn arm(body: impl Into<Body>) -> (Tripwire, WiredBody) {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        WiredBody::arm(body.into(), &clock)
    }

    /// What the next frame holds; `None` at the end, an error when there will be none.
    fn next(body: &mut WiredBody) -> Result<Option<Bytes>, io::Error> {
        let mut cx = Context::from_waker(Waker::noop());
        match Pin::new(body).poll_frame(&mut cx) {
            Poll::Ready(frame) => frame.transpose().map(|frame| frame?.into_data().ok()),
            Poll::Pending => panic!("the body is all there"),
        }
    }

    fn stage(tripwire: &Tripwire) -> Stage {
        tripwire.watch(&Context::from_waker(Waker::noop())).0
    }

    #[test]
    fn the_stage_follows_the_bytes() {
        let bytes = vec![7; PIECE + 1];
        let (tripwire, mut body) = arm(bytes);
        assert_eq!(stage(&tripwire), Stage::Connecting);
        assert_eq!(next(&mut body).unwrap().unwrap().len(), PIECE);
        assert_eq!(stage(&tripwire), Stage::Uploading);
        assert!(!body.is_end_stream());
        assert_eq!(body.size_hint().exact(), Some(1));
        assert_eq!(next(&mut body).unwrap().unwrap().len(), 1);
        assert_eq!(stage(&tripwire), Stage::Sent);
        assert!(body.is_end_stream());
        assert!(next(&mut body).unwrap().is_none());
        assert_eq!(stage(&tripwire), Stage::Sent);
    }

    #[test]
    fn a_body_of_unknown_length_is_out_with_its_end() {
        let once = Body::once(None, Body::from("text").into_stream());
        let (tripwire, mut body) = arm(once);
        assert_eq!(next(&mut body).unwrap().unwrap(), "text");
        assert_eq!(stage(&tripwire), Stage::Uploading);
        for _ in 0..2 {
            assert!(next(&mut body).unwrap().is_none());
            assert_eq!(stage(&tripwire), Stage::Sent);
        }
    }

    #[test]
    fn a_stage_is_never_left_backwards() {
        let once = Body::once(None, Body::empty().into_stream());
        let (tripwire, mut body) = arm(once);
        let watch = || tripwire.watch(&Context::from_waker(Waker::noop()));
        assert!(next(&mut body).unwrap().is_none());
        let (stage, since) = watch();
        assert_eq!(stage, Stage::Sent);
        assert!(next(&mut body).unwrap().is_none());
        assert_eq!(watch(), (Stage::Sent, since));
    }

    #[test]
    fn nothing_is_handed_out_once_the_request_is_given_up() {
        let (tripwire, mut body) = arm("text");
        assert_eq!(tripwire.give_up(), Stage::Connecting);
        assert!(next(&mut body).is_err());
        assert_eq!(stage(&tripwire), Stage::Connecting);

        let (tripwire, mut body) = arm("text");
        drop(tripwire);
        assert!(next(&mut body).is_err());

        let (tripwire, mut body) = arm("text");
        assert!(!tripwire.give_up_in(Stage::Uploading));
        assert!(tripwire.give_up_in(Stage::Connecting));
        assert!(next(&mut body).is_err());
    }

    #[test]
    fn the_rest_is_handed_out_after_an_early_answer() {
        let (tripwire, mut body) = arm("text");
        tripwire.answered();
        assert_eq!(next(&mut body).unwrap().unwrap(), "text");
    }

    #[test]
    fn a_failure_is_told_to_the_watcher() {
        let once = Body::once(Some(9), Body::from("text").into_stream());
        let (tripwire, mut body) = arm(once);
        assert_eq!(next(&mut body).unwrap().unwrap(), "text");
        assert!(next(&mut body).is_err());
        assert!(tripwire.take_failure().is_some());
        assert_eq!(tripwire.give_up(), Stage::Uploading);
    }
}
