//! One who waits for a job.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_types::Meta;

use super::allowance::Now;
use super::pace::Teller;
use super::queue::Slot;
use super::watched::{Seen, Watched};
use crate::error::Error;
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// How long the last look at a job may take, once its waiter's time is up.
const LAST_LOOK: Duration = Duration::from_secs(30);

/// Why a wait ends without the job's.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody may look.
    Refused(Error),
    /// Nobody looks in time.
    TooLate(Error),
}

/// A hold on one job of the hub. Dropping it drops what it costs.
#[derive(Debug)]
pub(crate) struct Seat {
    shared: Arc<Shared>,
    watched: Arc<Watched>,
    slot: Slot,
    version: u32,
}

impl Seat {
    /// Starts to wait for a job.
    ///
    /// # Errors
    /// Kind `Config` outside a tokio runtime.
    pub(crate) fn take(
        shared: &Arc<Shared>,
        ticket: &JobTicket,
        meta: &'static Meta,
    ) -> Result<Self, Error> {
        let now = Now::of(shared);
        let (slot, watched) = shared.hub.board().join(ticket, meta, now);
        let seat = Self {
            shared: Arc::clone(shared),
            watched,
            slot,
            version: 0,
        };
        shared.hub.nudge();
        shared.hub.ensure_driven(shared)?;
        Ok(seat)
    }

    /// What is new, for somebody who waits `until` then.
    ///
    /// # Errors
    /// What ends the wait: the service does not let us look, at all or before then.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(crate) async fn next(&mut self, until: Option<Instant>) -> Result<Seen, Stop> {
        loop {
            let changed = self.watched.changed();
            tokio::pin!(changed);
            // Listening first: what changes between the look and the wait is not missed.
            changed.as_mut().enable();
            if let Some(seen) = self.watched.newer(&mut self.version) {
                return seen.map_err(Stop::Refused);
            }
            let borne = self.watched.borne();
            if let Some(error) = borne
                .filter(|_| self.only_looks())
                .and_then(|borne| borne.past(until))
            {
                return Err(Stop::TooLate(error));
            }
            let driven = self.shared.hub.ensure_driven(&self.shared);
            driven.map_err(Stop::Refused)?;
            changed.await;
        }
    }

    /// Asks for the status itself: the news say that the job is over, and something is missing.
    pub(crate) fn want_status(&self) {
        let now = self.shared.clock.now();
        self.shared.hub.board().want(self.slot, now);
        self.shared.hub.nudge();
    }

    /// One last look when the time is up: a result is not missed by seconds.
    pub(crate) async fn last_look(&mut self) -> Option<Result<Seen, Error>> {
        let before = self.watched.looks();
        let now = self.shared.clock.now();
        if !self.shared.hub.board().want(self.slot, now) {
            return None;
        }
        self.shared.hub.nudge();
        let looked = async {
            loop {
                let changed = self.watched.changed();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if self.watched.looks() != before || self.watched.is_read() {
                    return;
                }
                if self.shared.hub.ensure_driven(&self.shared).is_err() {
                    return;
                }
                changed.await;
            }
        };
        tokio::select! {
            biased;
            () = looked => {}
            () = self.shared.clock.sleep(LAST_LOOK) => {}
        }
        self.watched.newer(&mut self.version)
    }

    /// Whether nobody but the looks tells of the job.
    fn only_looks(&self) -> bool {
        self.shared.hub.board().teller() == Teller::Nobody
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.shared.hub.board().leave(self.slot);
        self.shared.hub.nudge();
    }
}
