//! One who waits for a job.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_types::Meta;

use super::core::Hub;
use super::driver::ensure_driven;
use super::pace::Teller;
use super::queue::Slot;
use super::watched::{Seen, Watched};
use crate::error::Error;
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
    hub: Arc<Hub>,
    watched: Arc<Watched>,
    slot: Slot,
    version: u32,
}

impl Seat {
    /// Starts to wait for a job; previews are only kept where they are shown.
    ///
    /// # Errors
    /// Kind `Config` outside a tokio runtime.
    pub(crate) fn take(
        hub: &Arc<Hub>,
        ticket: &JobTicket,
        meta: &'static Meta,
        shown: bool,
    ) -> Result<Self, Error> {
        let now = hub.now();
        let (slot, watched) = hub.board().join(ticket, meta, now);
        if shown {
            watched.show();
        }
        let seat = Self {
            hub: Arc::clone(hub),
            watched,
            slot,
            version: 0,
        };
        hub.nudge();
        ensure_driven(hub)?;
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
            let driven = ensure_driven(&self.hub);
            driven.map_err(Stop::Refused)?;
            changed.await;
        }
    }

    /// Asks for the status itself: the news say that the job is over, and something is missing.
    pub(crate) fn want_status(&self) {
        let now = self.hub.shared().clock.now();
        self.hub.board().want(self.slot, now);
        self.hub.nudge();
    }

    /// One last look when the time is up: a result is not missed by seconds.
    pub(crate) async fn last_look(&mut self) -> Option<Result<Seen, Error>> {
        let before = self.watched.looks();
        let now = self.hub.shared().clock.now();
        if !self.hub.board().want(self.slot, now) {
            return None;
        }
        self.hub.nudge();
        let looked = async {
            loop {
                let changed = self.watched.changed();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if self.watched.looks() != before || self.watched.is_read() {
                    return;
                }
                if ensure_driven(&self.hub).is_err() {
                    return;
                }
                changed.await;
            }
        };
        tokio::select! {
            biased;
            () = looked => {}
            () = self.hub.shared().clock.sleep(LAST_LOOK) => {}
        }
        self.watched.newer(&mut self.version)
    }

    /// Whether nobody but the looks will tell of the job.
    fn only_looks(&self) -> bool {
        let now = self.hub.shared().clock.now();
        let no_push = self.hub.push.is_none() || self.hub.push_refused(now).is_some();
        no_push && self.hub.board().teller() == Teller::Nobody
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.board().leave(self.slot);
        self.hub.nudge();
    }
}
