//! Waiting for one job within a deadline.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::BoxFuture;
use dryapi_types::{JobState, JobStatus, Meta, ResultFile, Task};

use crate::deadline;
use crate::error::{Error, ErrorKind};
use crate::hub::{Hub, Seat, Seen, Stop, known_job};
use crate::ticket::JobTicket;

/// Whether a status that did not come from a look says all that is needed.
pub(super) type Suffices = fn(&JobStatus) -> bool;

/// A failure, a file's address, or an output that is in the status.
pub(super) fn suffices<T: Task>(status: &JobStatus) -> bool {
    if status.state != JobState::Done {
        return true;
    }
    let is_content = T::output_of(&[]).is_some();
    T::output(status).is_ok() || is_content && ResultFile::of(status).is_ok()
}

/// A wait: what is new of a job, until it is over or the time is up.
pub(super) struct Waiting {
    hub: Arc<Hub>,
    ticket: JobTicket,
    suffices: Suffices,
    seat: Seat,
    until: Option<Instant>,
    timer: Option<BoxFuture<'static, ()>>,
    state: JobState,
    over: bool,
}

impl Waiting {
    /// Starts to wait.
    ///
    /// # Errors
    /// Kind `Config` outside a tokio runtime.
    pub(super) fn start(
        hub: &Arc<Hub>,
        ticket: &JobTicket,
        meta: &'static Meta,
        suffices: Suffices,
        shown: bool,
        limit: Option<Duration>,
    ) -> Result<Self, Error> {
        let seat = Seat::take(hub, ticket, meta, shown)?;
        let limit = limit.unwrap_or_else(|| deadline::wait(meta));
        let until = deadline::at(&*hub.shared().clock, limit);
        Ok(Self {
            hub: Arc::clone(hub),
            ticket: ticket.clone(),
            suffices,
            seat,
            until,
            timer: until.map(|until| hub.shared().clock.sleep_until(until)),
            state: JobState::Pending,
            over: false,
        })
    }

    /// What is new; `None` after the end.
    pub(super) async fn next(&mut self) -> Option<Result<Seen, Error>> {
        if self.over {
            return None;
        }
        loop {
            let seen = match self.news().await {
                Ok(seen) => seen,
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            };
            self.state = seen.status.state.clone();
            if seen.status.state.is_terminal() {
                if !seen.read && !(self.suffices)(&seen.status) {
                    self.seat.want_status();
                    continue;
                }
                self.over = true;
            }
            return Some(Ok(seen));
        }
    }

    /// Whether there is nothing more to come.
    pub(super) const fn is_over(&self) -> bool {
        self.over
    }

    /// What is left of the time, where any is.
    pub(super) fn left(&self) -> Option<Duration> {
        let now = self.hub.shared().clock.now();
        let left = self.until.map(|at| at.saturating_duration_since(now));
        left.filter(|left| !left.is_zero())
    }

    async fn news(&mut self) -> Result<Seen, Error> {
        if let Some(timer) = &mut self.timer {
            tokio::select! {
                biased;
                seen = self.seat.next(self.until) => return self.told(seen),
                () = timer => {}
            }
            self.timer = None;
        } else if self.until.is_none() {
            let seen = self.seat.next(None).await;
            return self.told(seen);
        }
        match self.seat.last_look().await {
            Some(Ok(seen)) if seen.status.state.is_terminal() => Ok(seen),
            Some(Err(error)) => Err(known_job(error, &self.ticket)),
            Some(Ok(seen)) => {
                self.state = seen.status.state;
                Err(self.timed_out())
            }
            None => Err(self.timed_out()),
        }
    }

    fn told(&self, seen: Result<Seen, Stop>) -> Result<Seen, Error> {
        seen.map_err(|stop| match stop {
            // Whatever it was, the job was paid for.
            Stop::Refused(error) => known_job(error, &self.ticket),
            Stop::TooLate(error) => self.timed_out().caused_by(error),
        })
    }

    fn timed_out(&self) -> Error {
        let state = &self.state;
        let message = if state.is_terminal() {
            format!("the job is {state}, but its status did not come in time")
        } else {
            format!("the job is still {state}; it goes on and is billed")
        };
        let error = Error::new(ErrorKind::WaitTimedOut, self.ticket.operation(), message);
        known_job(error, &self.ticket)
    }
}
