//! Looking at one job until nothing more will happen: late, closer, and bearing what says nothing
//! about the job.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_types::{JobState, JobStatus, Meta};

use super::look::{Reads, Seen, known_job, look};
use super::schedule::Schedule;
use crate::deadline;
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// A job this young may not be found yet.
const YOUNG: Duration = Duration::from_secs(60);

/// The looks at one job, each read by `R`.
pub(super) struct Poller<R> {
    shared: Arc<Shared>,
    ticket: JobTicket,
    schedule: Schedule,
    deadline: Option<Instant>,
    begun: Instant,
    looks: u32,
    last: Option<JobStatus>,
    over: bool,
    reads: PhantomData<fn() -> R>,
}

impl<R: Reads> Poller<R> {
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
        Self {
            shared,
            ticket,
            schedule,
            deadline,
            begun,
            looks: 0,
            last: None,
            over: false,
            reads: PhantomData,
        }
    }

    /// The next look that shows something new; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Result<Seen<R::Output>, Error>> {
        if self.over {
            return None;
        }
        loop {
            match self.look().await {
                Ok(Some((status, output))) => {
                    self.over = status.state.is_terminal();
                    self.last = Some(status.clone());
                    return Some(Ok((status, output)));
                }
                Ok(None) => {}
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
    }

    /// What is left of the time, where any is.
    pub(super) fn left(&self) -> Option<Duration> {
        let now = self.shared.clock.now();
        let left = self.deadline.map(|at| at.saturating_duration_since(now));
        left.filter(|left| !left.is_zero())
    }

    /// Waits for its time and looks once; `None` when there is nothing new.
    async fn look(&mut self) -> Result<Option<Seen<R::Output>>, Error> {
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
        // The last look, when the time is up, gets as long as any.
        match look::<R>(&self.shared, &self.ticket, self.left()).await {
            Ok((status, _)) if self.last.as_ref() == Some(&status) => Ok(None),
            Ok(seen) => Ok(Some(seen)),
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
