//! Our timers, around one exchange: to the connection, through the upload, to the first byte.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::tripwire::{Stage, Tripwire};
use crate::clock::Clock;
use crate::message::Timeouts;

/// How an exchange ended.
#[derive(Debug)]
pub(super) enum Outcome<T> {
    /// Its future came to an end.
    Done(T),
    /// The request's body could not be read to its end.
    BodyFailed(io::Error),
    /// The timer of a stage ran out; the request was given up in it.
    TimedOut(Stage, Duration),
}

/// How long each stage may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    connect: Duration,
    upload: Duration,
    first_byte: Duration,
}

impl Limits {
    pub(super) fn new(timeouts: Timeouts, len: Option<u64>) -> Self {
        Self {
            connect: timeouts.connect,
            upload: timeouts.upload_of(len),
            first_byte: timeouts.first_byte,
        }
    }

    pub(super) const fn of(&self, stage: Stage) -> Duration {
        match stage {
            Stage::Bodiless => self.connect.saturating_add(self.first_byte),
            Stage::Connecting => self.connect,
            Stage::Uploading => self.upload,
            Stage::Sent => self.first_byte,
        }
    }
}

/// Drives an exchange to its end or to the end of a timer. An answer wins over everything else
/// that happened at the same time.
pub(super) async fn drive<F: Future>(
    exchange: F,
    tripwire: &Tripwire,
    limits: Limits,
    clock: &Arc<dyn Clock>,
) -> Outcome<F::Output> {
    let mut exchange = pin!(exchange);
    let mut running = None;
    poll_fn(|cx| {
        let (mut stage, mut since) = tripwire.watch(cx);
        if let Poll::Ready(output) = exchange.as_mut().poll(cx) {
            return Poll::Ready(Outcome::Done(output));
        }
        loop {
            if let Some(error) = tripwire.take_failure() {
                return Poll::Ready(Outcome::BodyFailed(error));
            }
            let limit = limits.of(stage);
            let (_, timer) = match running.take() {
                Some((of, timer)) if of == stage => running.insert((of, timer)),
                _ => running.insert((stage, timer(clock, since, limit))),
            };
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if tripwire.give_up_in(stage) {
                return Poll::Ready(Outcome::TimedOut(stage, limit));
            }
            (stage, since) = tripwire.watch(cx);
        }
    })
    .await
}

fn timer(
    clock: &Arc<dyn Clock>,
    since: std::time::Instant,
    limit: Duration,
) -> crate::clock::BoxFuture<'static, ()> {
    match since.checked_add(limit) {
        Some(until) => clock.sleep_until(until),
        None => Box::pin(std::future::pending()),
    }
}

/// Waits for a future, at most so long.
pub(super) async fn within<F: Future>(
    future: F,
    limit: Duration,
    clock: &Arc<dyn Clock>,
) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut timer = clock.sleep(limit);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(cx).map(|()| None),
    })
    .await
}
