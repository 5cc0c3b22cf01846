//! A batch being prepared.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use dryapi_types::Task;
use futures_core::Stream;

use super::crew::Crew;
use super::gate::Gate;
use super::item::BatchItem;
use super::outcome::{BatchEvent, BatchOutcome};
use super::plan::{Deliver, Rows};
use super::watch::Watch;
use crate::error::Error;
use crate::hub::Hub;
use crate::job::Completed;
use crate::spend::SpendLimit;

/// Rows between being begun and being delivered, unless said otherwise: jobs mostly wait, and what
/// the account's limits let through at once is little.
const CONCURRENCY: usize = 16;

/// A batch being prepared: many jobs of one kind, or of any kind as
/// [`AnyTask`](dryapi_types::AnyTask).
///
/// Failures are data: each row comes out with what became of it, in whatever order. With a ledger
/// the batch may be run again under its name, killed at whatever moment before: what was accepted is
/// waited for, what was refused without cost is sent, and nothing is paid for twice.
///
/// The batch stops sending where no row can succeed (no balance, a refused key, a spend limit), and
/// waits where the service cannot be reached or a day's requests are used up; rows that were not
/// sent say so.
#[must_use = "nothing is sent until the batch is run"]
pub struct Batch<T: Task> {
    hub: Arc<Hub>,
    name: String,
    concurrency: usize,
    limit: SpendLimit,
    priced: bool,
    waits_for_reset: bool,
    retry_failed: bool,
    resubmit_unknown: bool,
    deliver: Option<Deliver<T>>,
    told: Option<Arc<dyn Fn(BatchEvent) + Send + Sync>>,
    #[cfg(feature = "ledger")]
    match_orphans: bool,
    #[cfg(feature = "ledger")]
    settled: Option<super::plan::Settled>,
}

impl<T> Batch<T>
where
    T: Task + 'static,
    T::Output: Sync,
{
    pub(crate) fn new(hub: Arc<Hub>, name: String) -> Self {
        Self {
            hub,
            name,
            concurrency: CONCURRENCY,
            limit: SpendLimit::none(),
            priced: false,
            waits_for_reset: true,
            retry_failed: false,
            resubmit_unknown: false,
            deliver: None,
            told: None,
            #[cfg(feature = "ledger")]
            match_orphans: false,
            #[cfg(feature = "ledger")]
            settled: None,
        }
    }

    /// How many rows may be between being begun and being delivered; default 16, and 0 is
    /// taken as 1.
    pub const fn concurrency(mut self, rows: usize) -> Self {
        self.concurrency = rows;
        self
    }

    /// The most that may be spent. A cap of the batch holds over all its runs, in the ledger, and
    /// within a run by the balance, too, which is read before the first job and after every 20.
    pub const fn spend_limit(mut self, limit: SpendLimit) -> Self {
        self.limit = limit;
        self
    }

    /// Whether jobs are priced although nothing is limited; default no. Prices are asked for by
    /// shape and by rate, as [`Client::estimate`](crate::Client::estimate) does, and let the balance
    /// prove more after a 500.
    pub const fn priced(mut self, priced: bool) -> Self {
        self.priced = priced;
        self
    }

    /// Whether rows wait for the reset where a day's requests are used up; default yes, otherwise
    /// the batch stops.
    pub const fn wait_for_reset(mut self, wait: bool) -> Self {
        self.waits_for_reset = wait;
        self
    }

    /// Whether jobs that failed in a run before are paid for again; default no.
    pub const fn retry_failed(mut self, retry: bool) -> Self {
        self.retry_failed = retry;
        self
    }

    /// Whether rows whose outcome is unknown from a run before are sent again, which may pay for
    /// them twice; default no.
    pub const fn resubmit_unknown(mut self, resubmit: bool) -> Self {
        self.resubmit_unknown = resubmit;
        self
    }

    /// What is done with a result before its row is over and makes room for another: saving it, for
    /// instance. Called with the row's id.
    pub fn deliver<F, Fut>(mut self, deliver: F) -> Self
    where
        F: Fn(String, Arc<Completed<T>>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.deliver = Some(Arc::new(move |id, done| Box::pin(deliver(id, done))));
        self
    }

    /// Whether a result that was downloaded in a run before is where it was wanted: its row costs
    /// nothing then, not even a look. Without it the job is looked at and its result given again.
    #[cfg(feature = "ledger")]
    pub fn settled(
        mut self,
        settled: impl Fn(&dryapi_ledger::Entry) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settled = Some(Arc::new(settled));
        self
    }

    /// Whether a row whose outcome is unknown takes the one job that nobody claims, as the push
    /// channel tells of it (or webhooks do); default no. Only for a batch with one row at a time,
    /// on an account for which no other program works: else the job may be another's.
    #[cfg(feature = "ledger")]
    pub const fn match_orphans(mut self, take: bool) -> Self {
        self.match_orphans = take;
        self
    }

    /// Is told what happens to the batch as a whole. Be quick.
    pub fn on_event(mut self, told: impl Fn(BatchEvent) + Send + Sync + 'static) -> Self {
        self.told = Some(Arc::new(told));
        self
    }

    /// Runs it: rows are taken as there is room for them. Must be polled within a tokio runtime.
    ///
    /// # Cancel safety
    /// Dropped, the outcomes take nothing more from the rows; what was sent is driven to its answer
    /// and written down, and its jobs go on and are billed.
    pub fn run(self, items: impl Stream<Item = BatchItem<T>> + Send + 'static) -> BatchOutcomes<T> {
        let (rows, concurrency) = self.into_rows();
        let numbered = Numbered {
            items: Box::pin(items),
            next: 0,
        };
        BatchOutcomes(Crew::new(numbered, concurrency, move |(index, item)| {
            Box::pin(Arc::clone(&rows).settle(index, item))
        }))
    }

    /// What its rows share, and how many of them there may be at a time.
    pub(super) fn into_rows(self) -> (Arc<Rows<T>>, usize) {
        let shared = self.hub.shared();
        let clock = Arc::clone(&shared.clock);
        let limit = shared.spend_limit.and(self.limit);
        let rows = Arc::new(Rows {
            gate: Gate::new(clock, self.told),
            watch: Watch::new(limit.per_batch),
            hub: self.hub,
            name: self.name,
            limit,
            priced: self.priced,
            waits_for_reset: self.waits_for_reset,
            retry_failed: self.retry_failed,
            resubmit_unknown: self.resubmit_unknown,
            deliver: self.deliver,
            #[cfg(feature = "ledger")]
            orphans: super::orphans::Orphans::new(self.match_orphans && self.concurrency == 1),
            #[cfg(feature = "ledger")]
            settled: self.settled,
            #[cfg(feature = "ledger")]
            recovered: tokio::sync::OnceCell::new(),
        });
        (rows, self.concurrency)
    }
}

/// What becomes of the rows of a batch, as it does.
#[must_use = "nothing is sent until the stream is polled"]
pub struct BatchOutcomes<T: Task>(Crew<(u64, BatchItem<T>), BatchOutcome<T>>);

impl<T> Stream for BatchOutcomes<T>
where
    T: Task + 'static,
    T::Output: Sync,
{
    type Item = BatchOutcome<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(cx)
    }
}

/// Items with their places.
struct Numbered<T> {
    items: Pin<Box<dyn Stream<Item = BatchItem<T>> + Send>>,
    next: u64,
}

impl<T> Stream for Numbered<T> {
    type Item = (u64, BatchItem<T>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = std::task::ready!(self.items.as_mut().poll_next(cx));
        let index = self.next;
        self.next += 1;
        Poll::Ready(item.map(|item| (index, item)))
    }
}

impl<T: Task> fmt::Debug for Batch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("name", &self.name)
            .field("concurrency", &self.concurrency)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<T: Task> fmt::Debug for BatchOutcomes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchOutcomes").finish_non_exhaustive()
    }
}
