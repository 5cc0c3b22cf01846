//! The tripwire: knows whether the last byte of a request's body was handed out.
//!
//! A server cannot take a request whose body it has not got to the end, so a request whose last
//! byte never left our hands was not sent, whatever else went wrong.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Instant;

use crate::clock::Clock;

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
}

impl Tripwire {
    /// Both sides, for a request that starts now.
    pub(super) fn set(stage: Stage, clock: &Arc<dyn Clock>) -> (Self, Wire) {
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
        let wire = Wire(Arc::clone(&shared));
        (
            Self {
                shared,
                answered: false,
            },
            wire,
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
#[derive(Debug)]
pub(super) struct Wire(Arc<Shared>);

impl Wire {
    /// The body goes on to a stage, unless the request was given up.
    pub(super) fn enter(&self, stage: Stage) -> Result<(), io::Error> {
        let mut state = self.0.state();
        if state.given_up {
            return Err(io::Error::other("the request was given up"));
        }
        if stage > state.stage {
            state.stage = stage;
            state.since = self.0.clock.now();
            if let Some(watcher) = state.watcher.take() {
                watcher.wake();
            }
        }
        Ok(())
    }

    /// The body cannot be read to its end, which gives the request up. The error goes to whoever
    /// watches; what is given back is for hyper.
    pub(super) fn fail(&self, error: io::Error) -> io::Error {
        let mut state = self.0.state();
        state.failure.get_or_insert(error);
        state.given_up = true;
        if let Some(watcher) = state.watcher.take() {
            watcher.wake();
        }
        io::Error::other("the request's body could not be read to its end")
    }
}
