//! The tripwire: knows whether the last byte of a request's body was handed out.
//!
//! A server cannot take a request whose body it has not got to the end, so a request whose last
//! byte never left our hands was not sent, whatever else went wrong. The last byte is therefore
//! held back until the stream has ended and its length is right.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Instant;

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use crate::body::{Body, BodyStream};
use crate::clock::Clock;

/// The most that is handed out at once. What was handed out and not yet written waits in hyper's
/// buffer: 16 pieces of it, so this bounds how much of a slow upload is still on its way when the
/// last byte is handed out.
const PIECE: usize = 16 * 1024;

/// How far a request has come, as seen from its body. It only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// There is no body to tell by: connecting, or sent and waiting.
    Bodiless,
    /// The body has not been asked for: there is no connection yet.
    Connecting,
    /// Part of the body may have been handed out, its last byte was not.
    Uploading,
    /// The last byte was handed out.
    Sent,
}

impl Stage {
    /// Whether the server cannot have got the whole request.
    pub(super) const fn is_incomplete(self) -> bool {
        matches!(self, Self::Connecting | Self::Uploading)
    }
}

/// The watching side. Dropping it gives the request up: no further byte is handed out.
#[derive(Debug)]
pub(super) struct Tripwire {
    shared: Arc<Shared>,
    answered: bool,
}

#[derive(Debug)]
struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    stage: Stage,
    since: Instant,
    given_up: bool,
    failure: Option<io::Error>,
    watcher: Option<Waker>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, stage: Stage) -> Result<(), io::Error> {
        let mut state = self.state();
        if state.given_up {
            return Err(io::Error::other("the request was given up"));
        }
        if stage > state.stage {
            state.stage = stage;
            state.since = self.clock.now();
            if let Some(watcher) = state.watcher.take() {
                watcher.wake();
            }
        }
        Ok(())
    }

    fn fail(&self, error: io::Error) -> io::Error {
        let mut state = self.state();
        state.failure.get_or_insert(error);
        state.given_up = true;
        if let Some(watcher) = state.watcher.take() {
            watcher.wake();
        }
        io::Error::other("the request's body could not be read to its end")
    }
}

impl Tripwire {
    /// Arms a body.
    pub(super) fn arm(body: Body, clock: &Arc<dyn Clock>) -> (Self, WiredBody) {
        let len = body.len();
        let stage = if len == Some(0) {
            Stage::Bodiless
        } else {
            Stage::Connecting
        };
        let state = State {
            stage,
            since: clock.now(),
            given_up: false,
            failure: None,
            watcher: None,
        };
        let shared = Arc::new(Shared {
            clock: Arc::clone(clock),
            state: Mutex::new(state),
        });
        let wired = WiredBody {
            shared: Arc::clone(&shared),
            stream: Mutex::new(body.into_stream()),
            len,
            read: 0,
            handed_out: 0,
            held: Bytes::new(),
            ended: len == Some(0),
        };
        (
            Self {
                shared,
                answered: false,
            },
            wired,
        )
    }

    /// How far the request has come, and since when. The task is woken when it moves on.
    pub(super) fn watch(&self, cx: &Context<'_>) -> (Stage, Instant) {
        let mut state = self.shared.state();
        state.watcher = Some(cx.waker().clone());
        (state.stage, state.since)
    }

    /// Why the body could not be read to its end, if so.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.shared.state().failure.take()
    }

    /// Gives the request up, unless it has moved on from `stage` in the meantime.
    pub(super) fn give_up_in(&self, stage: Stage) -> bool {
        let mut state = self.shared.state();
        if state.stage != stage {
            return false;
        }
        state.given_up = true;
        true
    }

    /// Gives the request up. How far it came is final now: the connection lives in a task of its
    /// own and might otherwise hand out the last byte while we say that it was not.
    pub(super) fn give_up(&self) -> Stage {
        let mut state = self.shared.state();
        state.given_up = true;
        state.stage
    }

    /// There is an answer: what is left of the body may still be sent.
    pub(super) fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Tripwire {
    fn drop(&mut self) {
        if !self.answered {
            self.give_up();
        }
    }
}

/// The body's side.
pub(super) struct WiredBody {
    shared: Arc<Shared>,
    /// Never locked: it makes a stream that is only `Send` `Sync` as well.
    stream: Mutex<BodyStream>,
    len: Option<u64>,
    read: u64,
    handed_out: u64,
    held: Bytes,
    ended: bool,
}

impl WiredBody {
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
            && let Err(error) = this.shared.enter(Stage::Uploading)
        {
            return Poll::Ready(Some(Err(error)));
        }
        if let Err(error) = ready!(this.poll_fill(cx)) {
            return Poll::Ready(Some(Err(this.shared.fail(error))));
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
        if let Err(error) = this.shared.enter(stage) {
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
