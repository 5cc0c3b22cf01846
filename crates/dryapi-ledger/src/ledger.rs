//! The record of one account: what is known of each wish, and the steps it takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use dryapi_transport::Clock;
use dryapi_types::{Intent, RequestId, Usd};
use tokio::sync::{Mutex, MutexGuard};

use crate::account::Scope;
use crate::cells::{self, Tries, Value};
use crate::entry::{Entry, SavedFile, Why};
use crate::error::{LedgerError, StoreError};
use crate::evidence::{Evidence, EvidenceKind};
use crate::millis;
use crate::purse::Purse;
use crate::random;
use crate::spend::Spend;
use crate::step::{self, Next, Step};
use crate::store::{Change, Commit, Expected, Filter, Store};

/// The record of one account's paid work, over a [`Store`]. Cheap to clone.
///
/// Every step may be repeated: one that was recorded already changes nothing. So does one that says
/// less than is known.
#[derive(Clone, Debug)]
pub struct Ledger(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn Store>,
    scope: Scope,
    clock: Arc<dyn Clock>,
    /// The name of this process among the store's writers.
    writer: String,
    turns: AtomicU64,
    /// Who writes: the tasks of one process wait for each other rather than conflict.
    order: Mutex<()>,
}

impl Ledger {
    /// The record of the account of a key at a base URL. The key is not kept.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing that matters: a salt may have been drawn.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        base_url: &str,
        api_key: &str,
    ) -> Result<Self, StoreError> {
        let salt = cells::salt(&*store).await?;
        let writer = format!("{:016x}", random::number()?);
        store.join(&writer).await?;
        Ok(Self(Arc::new(Inner {
            scope: Scope::new(&salt, base_url, api_key),
            store,
            clock,
            writer,
            turns: AtomicU64::new(0),
            order: Mutex::new(()),
        })))
    }

    /// Whose record this is.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// What is recorded of a wish.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn entry(&self, intent: &Intent) -> Result<Option<Entry>, StoreError> {
        self.store().entry(self.scope(), intent).await
    }

    /// What is recorded of the wishes asked for, oldest first.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn entries(&self, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
        self.store().entries(self.scope(), filter).await
    }

    /// What the wishes first written down at that moment or later cost, as estimated.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn spend(&self, since: SystemTime) -> Result<Spend, StoreError> {
        let filter = Filter::default().created_since(since);
        Ok(Spend::of(&self.entries(&filter).await?))
    }

    /// What is set aside in a purse, in US dollars; what is spent of it included.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn purse(&self, name: &str) -> Result<Usd, StoreError> {
        Ok(self.read_purse(name).await?.value.used)
    }

    /// The service gave the wish an id: its answer, a verified webhook that carries the intent, or a
    /// person says so.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::SecondJob`] if the wish has another id; both are kept.
    /// [`LedgerError::NoEntry`] if nothing is recorded under the intent.
    pub async fn accepted(
        &self,
        intent: &Intent,
        id: impl Into<RequestId>,
    ) -> Result<Entry, LedgerError> {
        self.record(intent, Step::Accepted(id.into())).await
    }

    /// The result is there.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if the wish was never sent, was refused, or its job failed.
    pub async fn done(&self, intent: &Intent) -> Result<Entry, LedgerError> {
        self.record(intent, Step::Done).await
    }

    /// The service says that the job failed.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if there is no job, or it is done.
    pub async fn failed(&self, intent: &Intent, why: Why) -> Result<Entry, LedgerError> {
        self.record(intent, Step::Failed(why)).await
    }

    /// The result is in a file, and was verified. Said again of another file, that one counts.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if the job is not done.
    pub async fn downloaded(&self, intent: &Intent, file: SavedFile) -> Result<Entry, LedgerError> {
        self.record(intent, Step::Downloaded(file)).await
    }

    /// A person says that an unknown was not charged. What was set aside for it is free again, and
    /// the wish may be sent once more.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if the wish is not unknown.
    pub async fn not_charged(&self, intent: &Intent, said: &str) -> Result<Entry, LedgerError> {
        let why = Why::new("not_charged").with_message(said);
        self.record(intent, Step::NotCharged(why)).await
    }

    /// What the wish costs is known better than when it was begun, in US dollars: what was set aside
    /// for it becomes that much, in each of its purses, whether it passes their caps or not.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`] if nothing is recorded under the intent.
    pub async fn priced(&self, intent: &Intent, cost: Usd) -> Result<Entry, LedgerError> {
        self.record(intent, Step::Priced(cost.max(Usd::ZERO))).await
    }

    /// Something was seen that may help to settle the wish. Seen again, it is noted once.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is noted; note it again.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`] if nothing is recorded under the intent.
    pub async fn note(
        &self,
        intent: &Intent,
        kind: EvidenceKind,
        text: &str,
    ) -> Result<Entry, LedgerError> {
        let note = Evidence::new(self.now(), kind, text);
        self.record(intent, Step::Seen(note)).await
    }

    /// Takes a step, and moves what is set aside if the wish was refused, or turns out not to be.
    pub(crate) async fn record(&self, intent: &Intent, step: Step) -> Result<Entry, LedgerError> {
        let _order = self.order().await;
        let mut tries = Tries::default();
        loop {
            tries.next()?;
            let Some(entry) = self.entry(intent).await? else {
                return Err(LedgerError::NoEntry(intent.clone()));
            };
            let (next, contradiction) = match step::take(&entry, &step, self.now())? {
                Next::Same => return Ok(entry),
                Next::Changed(next) => (next, None),
                Next::Contradiction(next, error) => (next, Some(error)),
            };
            if next == entry {
                return contradiction.map_or(Ok(entry), Err);
            }
            let purses = self.moved(&entry, &next).await?;
            if let Some(stored) = self.store_entry(next, purses).await? {
                return contradiction.map_or(Ok(stored), Err);
            }
        }
    }

    /// Stores an entry and what goes with it, all or nothing. Nothing is given after a conflict.
    pub(crate) async fn store_entry(
        &self,
        mut entry: Entry,
        purses: Vec<Value<Purse>>,
    ) -> Result<Option<Entry>, StoreError> {
        let expected = match entry.version {
            0 => Expected::Absent,
            version => Expected::Version(version),
        };
        let mut changes = vec![Change::Entry {
            expected,
            entry: Box::new(entry.clone()),
        }];
        for purse in purses {
            changes.push(purse.change()?);
        }
        let stored = self.commit(&changes).await? == Commit::Stored;
        entry.version = expected.next();
        Ok(stored.then_some(entry))
    }

    /// The purses that a step puts money into, or takes it from.
    async fn moved(&self, from: &Entry, to: &Entry) -> Result<Vec<Value<Purse>>, StoreError> {
        let mut purses = Vec::new();
        // A step never changes which purses an entry has.
        for (before, after) in from.reserved.iter().zip(&to.reserved) {
            let kept = |entry: &Entry, amount| {
                let reserves = entry.state.reserves();
                if reserves { amount } else { Usd::ZERO }
            };
            let (out, into) = (kept(from, before.amount), kept(to, after.amount));
            if out != into {
                let mut purse = self.read_purse(&after.purse).await?;
                purse.value = purse.value.reserve(into).release(out);
                purses.push(purse);
            }
        }
        Ok(purses)
    }

    pub(crate) async fn read_purse(&self, name: &str) -> Result<Value<Purse>, StoreError> {
        let key = format!("purse/{name}");
        Value::read(self.store(), self.scope(), key).await
    }

    pub(crate) async fn commit(&self, changes: &[Change]) -> Result<Commit, StoreError> {
        self.store().commit(self.scope(), changes).await
    }

    pub(crate) async fn order(&self) -> MutexGuard<'_, ()> {
        self.0.order.lock().await
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// Now, as exactly as it is stored.
    pub(crate) fn now(&self) -> SystemTime {
        millis::moment(millis::of(self.0.clock.wall()))
    }

    /// A name for one turn: this process, and a number.
    pub(crate) fn next_turn(&self) -> String {
        let number = self.0.turns.fetch_add(1, Ordering::Relaxed);
        format!("{}.{number}", self.0.writer)
    }

    /// Whether the process of a turn has ended; nothing where nobody can tell.
    pub(crate) async fn ended(&self, turn: &str) -> Result<Option<bool>, StoreError> {
        let process = turn.split_once('.').map_or(turn, |(process, _)| process);
        if process == self.0.writer {
            return Ok(Some(false));
        }
        self.store().ended(process).await
    }
}
