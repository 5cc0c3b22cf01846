//! The limits as all processes of the account know them together, through its ledger.
//!
//! A store that does not answer keeps no request back: this client then counts by itself.

use std::time::{Duration, SystemTime};

use dryapi_ledger::{Entered, Ledger};
use dryapi_types::{Limit, RateLimit};

/// A place is given up after so long at the latest, whatever became of its request.
const LONGEST: Duration = Duration::from_secs(300);

/// The account's windows.
#[derive(Clone, Debug)]
pub(crate) struct Account(Ledger);

/// A place in a window of the account.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    ledger: Ledger,
    place: dryapi_ledger::Place,
}

/// Whether there was a place.
pub(super) enum Asked {
    /// One is taken.
    Taken(Taken),
    /// None is free.
    Wait {
        until: SystemTime,
        day: bool,
        /// It may be free earlier.
        perhaps_earlier: bool,
    },
    /// The store does not answer.
    Unknown,
}

impl Account {
    pub(crate) const fn new(ledger: Ledger) -> Self {
        Self(ledger)
    }

    /// Takes a place, if there is one.
    ///
    /// # Cancel safety
    /// A place that was taken is free again some minutes later.
    pub(super) async fn take(&self, bucket: &str, assumed: Option<Limit>, hold: Duration) -> Asked {
        let entered = self.0.limits().enter(bucket, assumed, hold.min(LONGEST));
        match entered.await {
            Ok(Entered::Place(place)) => Asked::Taken(Taken {
                ledger: self.0.clone(),
                place,
            }),
            Ok(Entered::Wait(wait)) => Asked::Wait {
                until: wait.until,
                day: wait.day,
                perhaps_earlier: wait.perhaps_earlier,
            },
            Ok(_) => Asked::Unknown,
            Err(error) => {
                tracing::debug!(%error, bucket, "dryapi limits are counted here alone");
                Asked::Unknown
            }
        }
    }
}

impl Taken {
    pub(super) async fn answered(&self, told: Option<&RateLimit>) {
        self.heed(self.ledger.limits().answered(&self.place, told).await);
    }

    pub(super) async fn refused(&self, told: &RateLimit) {
        self.heed(self.ledger.limits().refused(&self.place, told).await);
    }

    pub(super) async fn give_back(&self) {
        self.heed(self.ledger.limits().give_back(&self.place).await);
    }

    fn heed(&self, written: Result<(), dryapi_ledger::StoreError>) {
        if let Err(error) = written {
            tracing::debug!(%error, place = ?self.place, "dryapi limits could not be shared");
        }
    }
}
