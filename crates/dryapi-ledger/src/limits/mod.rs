//! The account's limits, shared by all its processes.

mod left;
mod window;

use std::time::Duration;

use dryapi_types::{Limit, RateLimit};

pub use self::left::{LearnedFrom, Left, Wait};
use self::window::Window;
use crate::cells::{self, Tries, Value};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::millis;
use crate::random;
use crate::store::Commit;

const PREFIX: &str = "limit/";

/// The account's limits: how many requests each bucket takes in any 60 seconds and in a day of UTC.
/// Given by [`Ledger::limits`].
///
/// A minute counts as 61 seconds, from the last moment at which a request can have counted: its
/// answer. So the clocks of an account's machines may differ by a second.
///
/// ```
/// # use std::sync::Arc;
/// # use std::time::Duration;
/// use dryapi_ledger::{Entered, Ledger};
/// use dryapi_types::{Limit, RateLimit};
///
/// # async fn send() -> Option<RateLimit> { None }
/// # async fn request(ledger: &Ledger) -> Result<(), dryapi_ledger::StoreError> {
/// let limits = ledger.limits();
/// let basic = Limit::new(3, Some(100));
/// match limits.enter("txt2img", Some(basic), Duration::from_secs(120)).await? {
///     Entered::Place(place) => limits.answered(&place, send().await.as_ref()).await?,
///     Entered::Wait(wait) => println!("a place is free at {:?}", wait.until),
///     _ => {}
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    ledger: &'a Ledger,
}

/// Whether there was a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entered {
    /// One is yours: send.
    Place(Place),
    /// None is free.
    Wait(Wait),
}

/// A place in a bucket, from before a request is sent until it was answered. One of a process that
/// died counts until its request cannot be on its way any more, and a minute on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    bucket: String,
    id: u64,
}

/// What is known of one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BucketLeft {
    /// What is counted together, for instance `txt2img`.
    pub bucket: String,
    /// Any 60 seconds, where they have a limit.
    pub minute: Option<Left>,
    /// A day of UTC, where it has a limit.
    pub day: Option<Left>,
    /// Who told.
    pub learned_from: LearnedFrom,
}

impl Ledger {
    /// The account's limits, as all its processes know them together.
    #[must_use]
    pub const fn limits(&self) -> Limits<'_> {
        Limits { ledger: self }
    }
}

impl Limits<'_> {
    /// Takes a place, if there is one. `assumed` is what the plan allows, which counts until the
    /// service tells; with nothing known there is always a place. The request is answered or given
    /// up after `hold` at the latest.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether a place was taken; it is free again a minute after
    /// `hold`.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn enter(
        self,
        bucket: &str,
        assumed: Option<Limit>,
        hold: Duration,
    ) -> Result<Entered, StoreError> {
        let id = random::number()?;
        self.change(bucket, |window, now| {
            if let Some(limit) = assumed {
                window.assume(limit, now);
            }
            if let Some(wait) = window.wait(now) {
                return Entered::Wait(wait);
            }
            window.enter(id, now, hold);
            let bucket = bucket.to_owned();
            Entered::Place(Place { bucket, id })
        })
        .await
    }

    /// The request was answered, or will not be, perhaps with a word about limits.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer; the place counts somewhat longer then.
    pub async fn answered(self, place: &Place, told: Option<&RateLimit>) -> Result<(), StoreError> {
        self.change(&place.bucket, |window, now| {
            window.answered(place.id, told, now);
        })
        .await
    }

    /// The request was refused with a 429.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn refused(self, place: &Place, told: &RateLimit) -> Result<(), StoreError> {
        self.change(&place.bucket, |window, now| {
            window.refused(place.id, told, now);
        })
        .await
    }

    /// The request was provably never sent, so it does not count.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether the place is free; give it back again.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer; the place counts as used then.
    pub async fn give_back(self, place: &Place) -> Result<(), StoreError> {
        self.change(&place.bucket, |window, now| window.give_back(place.id, now))
            .await
    }

    /// What is known of every bucket that was told of, by name.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn all(self) -> Result<Vec<BucketLeft>, StoreError> {
        let cells = self.ledger.store().cells(self.ledger.scope(), PREFIX);
        let now = millis::of(self.ledger.now());
        let mut all = Vec::new();
        for cell in cells.await? {
            let mut window: Window = cells::decode(&cell)?;
            let bucket = cell.key.strip_prefix(PREFIX).unwrap_or(&cell.key);
            if let Some(learned_from) = window.from {
                all.push(BucketLeft {
                    bucket: bucket.to_owned(),
                    minute: window.minute(now),
                    day: window.day(now),
                    learned_from,
                });
            }
        }
        Ok(all)
    }

    /// Changes a bucket's count. A look that changed nothing writes nothing.
    async fn change<T>(
        self,
        bucket: &str,
        change: impl Fn(&mut Window, u64) -> T,
    ) -> Result<T, StoreError> {
        let _order = self.ledger.order().await;
        let mut tries = Tries::default();
        loop {
            tries.next()?;
            let now = millis::of(self.ledger.now());
            let (store, scope) = (self.ledger.store(), self.ledger.scope());
            let mut cell = Value::<Window>::read(store, scope, format!("{PREFIX}{bucket}")).await?;
            let before = cell.value.clone();
            let given = change(&mut cell.value, now);
            if cell.value == before {
                return Ok(given);
            }
            if self.ledger.commit(&[cell.change()?]).await? == Commit::Stored {
                return Ok(given);
            }
        }
    }
}
