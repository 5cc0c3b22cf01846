//! A job's status again and again until nothing more will happen.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use dryapi_types::{GetJobStatus, JobState, JobStatus, Meta};
use futures_core::Stream;

use super::schedule::Schedule;
use crate::deadline;
use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::exchange::{Options, exchange};
use crate::shared::Shared;
use crate::ticket::JobTicket;
use crate::unfold::Unfold;

/// A job this young may not be found yet.
const YOUNG: Duration = Duration::from_secs(60);

/// The updates of one job: every look at its status that shows something new, ending after the
/// look that shows it done or failed. Limits, 5xx and a broken network are waited out; they never
/// fail a job. Errors end the stream: 401 and 403 with the job's id, a deadline that passed as
/// `WaitTimedOut`.
///
/// # Cancel safety
/// Dropping the stream stops the looking; the job goes on.
#[must_use = "nothing is asked until the stream is read"]
pub struct Updates {
    inner: Unfold<Poller, Result<JobStatus, Error>>,
}

impl Updates {
    pub(super) fn new(
        shared: Arc<Shared>,
        ticket: JobTicket,
        meta: &Meta,
        limit: Option<Duration>,
    ) -> Self {
        let schedule = shared.schedule.unwrap_or_else(|| Schedule::of(meta));
        let limit = limit.unwrap_or_else(|| deadline::wait(meta));
        let deadline = deadline::at(&*shared.clock, limit);
        let begun = shared.clock.now();
        let poller = Poller {
            shared,
            ticket,
            schedule,
            deadline,
            begun,
            looks: 0,
            last: None,
            over: false,
        };
        Self {
            inner: Unfold::new(poller, |poller| Box::pin(poller.next())),
        }
    }

    /// The next update; `None` after the last.
    ///
    /// # Errors
    /// As the stream's.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<JobStatus, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut self.inner).poll_next(cx)).await
    }
}

impl Stream for Updates {
    type Item = Result<JobStatus, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.inner).poll_next(cx)
    }
}

impl fmt::Debug for Updates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}

struct Poller {
    shared: Arc<Shared>,
    ticket: JobTicket,
    schedule: Schedule,
    deadline: Option<Instant>,
    begun: Instant,
    looks: u32,
    last: Option<JobStatus>,
    over: bool,
}

type Next = Option<(Result<JobStatus, Error>, Poller)>;

impl Poller {
    async fn next(mut self) -> Next {
        if self.over {
            return None;
        }
        loop {
            match self.look().await {
                Ok(Some(status)) => {
                    self.over = status.state.is_terminal();
                    self.last = Some(status.clone());
                    return Some((Ok(status), self));
                }
                Ok(None) => {}
                Err(error) => {
                    self.over = true;
                    return Some((Err(error), self));
                }
            }
        }
    }

    /// Waits for its time and looks once; `None` when there is nothing new.
    async fn look(&mut self) -> Result<Option<JobStatus>, Error> {
        let clock = Arc::clone(&self.shared.clock);
        let mut wait = self
            .first_wait()
            .unwrap_or_else(|| self.schedule.wait(self.looks));
        self.looks = self.looks.saturating_add(1);
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(clock.now());
            if left.is_zero() {
                return Err(self.timed_out());
            }
            // One last look when the time is up: a result is not missed by seconds.
            wait = wait.min(left);
        }
        clock.sleep(wait).await;
        let left = self
            .deadline
            .map(|at| at.saturating_duration_since(clock.now()));
        // The last look, when the time is up, gets as long as any.
        let within = left.filter(|left| !left.is_zero());
        match status(&self.shared, &self.ticket, within).await {
            Ok(status) if self.last.as_ref() == Some(&status) => Ok(None),
            Ok(status) => Ok(Some(status)),
            Err(error) => self.bear(error).await.map(|()| None),
        }
    }

    /// A job picked up again may long be done: look at once.
    fn first_wait(&self) -> Option<Duration> {
        let resumed = self.ticket.accepted_at().is_none();
        (self.looks == 0 && resumed).then_some(Duration::ZERO)
    }

    /// Bears what says nothing about the job, for as long as it asks to be left alone.
    async fn bear(&self, error: Error) -> Result<(), Error> {
        let clock = &self.shared.clock;
        let young = clock.now().saturating_duration_since(self.begun) < YOUNG;
        let ours = self.ticket.accepted_at().is_some();
        let bearable =
            error.kind().is_transient() || error.kind() == ErrorKind::NotFound && young && ours;
        if !bearable {
            return Err(error);
        }
        let told = error.retry_after().unwrap_or_default();
        let passes = |deadline: Instant| {
            clock
                .now()
                .checked_add(told)
                .is_none_or(|then| then >= deadline)
        };
        if self.deadline.is_some_and(passes) {
            return Err(self.timed_out().caused_by(error));
        }
        clock.sleep(told).await;
        Ok(())
    }

    fn timed_out(&self) -> Error {
        let state = self
            .last
            .as_ref()
            .map_or(&JobState::Pending, |status| &status.state);
        let message = format!("the job is still {state}; it goes on and is billed");
        known_job(
            Error::new(ErrorKind::WaitTimedOut, self.ticket.operation(), message),
            &self.ticket,
        )
    }
}

/// Reads a job's status once.
pub(super) async fn status(
    shared: &Arc<Shared>,
    ticket: &JobTicket,
    within: Option<Duration>,
) -> Result<JobStatus, Error> {
    let request = GetJobStatus::new(ticket.request_id());
    let options = Options {
        within,
        ..Options::default()
    };
    let read = exchange(shared, &request, &options).await;
    read.map_err(|error| {
        let ticket = ticket.clone();
        error.with(|inner| inner.job = Some(ticket))
    })
}

/// An error about a job that was accepted: it costs.
pub(super) fn known_job(error: Error, ticket: &JobTicket) -> Error {
    error.with(|inner| {
        inner.intent = ticket.intent().cloned();
        inner.job = Some(ticket.clone());
        inner.delivery = Delivery::Answered;
        inner.charge = Charge::Yes;
    })
}
