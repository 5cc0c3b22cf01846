//! However the steps of several processes fall between each other: one sends, no cap and no limit
//! is passed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dryapi_ledger::{
    Began, BodyHash, Cell, Change, Commit, Entered, Entry, Filter, Ledger, Scope, Store,
    StoreError, Why, Wish, async_trait,
};
use dryapi_testkit::HandClock;
use dryapi_types::{Intent, Limit, Usd};
use proptest::prelude::*;

use super::memory::MemoryStore;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: u32 = 4;
const AFFORDABLE: u64 = 5;

/// Lets others go first, as often as it is told to, before it answers.
#[derive(Debug)]
struct Slow {
    store: MemoryStore,
    pauses: Vec<u8>,
    next: AtomicUsize,
}

impl Slow {
    async fn pause(&self) {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        for _ in 0..self.pauses[next % self.pauses.len()] {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Store for Slow {
    async fn commit(&self, scope: &Scope, changes: &[Change]) -> Result<Commit, StoreError> {
        self.pause().await;
        self.store.commit(scope, changes).await
    }

    async fn entry(&self, scope: &Scope, intent: &Intent) -> Result<Option<Entry>, StoreError> {
        self.pause().await;
        self.store.entry(scope, intent).await
    }

    async fn entries(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
        self.store.entries(scope, filter).await
    }

    async fn cell(&self, scope: &Scope, key: &str) -> Result<Option<Cell>, StoreError> {
        self.pause().await;
        self.store.cell(scope, key).await
    }

    async fn cells(&self, scope: &Scope, prefix: &str) -> Result<Vec<Cell>, StoreError> {
        self.store.cells(scope, prefix).await
    }
}

/// What one process does with one wish after it is its turn.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Accepted,
    Refused,
    /// It stops before it sends, for longer than others wait.
    Sleeps,
    /// It stops after it sent, and its answer comes late.
    Late,
}

/// What all of them did together.
#[derive(Debug, Default)]
struct Seen {
    /// Intents that were sent and not refused.
    paid: Mutex<Vec<String>>,
    places: AtomicUsize,
}

async fn process(ledger: Ledger, clock: HandClock, plan: Vec<(u8, Fate)>, seen: Arc<Seen>) {
    let cent = Usd::from_cents(1);
    for (n, fate) in plan {
        let intent = Intent::new(format!("i{n}")).unwrap();
        let wish = Wish::new(intent.clone(), "txt2img", BodyHash::of("a cat"));
        let wish = wish.reserving("day", cent, cent * AFFORDABLE);
        let limit = Some(Limit::new(MINUTE, None));
        let entered = ledger.limits().enter("txt2img", limit, SECOND * 86_400);
        if let Entered::Place(_) = entered.await.unwrap() {
            seen.places.fetch_add(1, Ordering::Relaxed);
        }
        let Began::Fresh(turn) = ledger.begin(&wish).await.unwrap() else {
            continue;
        };
        if matches!(fate, Fate::Sleeps) {
            clock.advance(SECOND * 61);
            tokio::task::yield_now().await;
        }
        if turn.sent(SECOND).await.is_err() {
            continue;
        }
        if matches!(fate, Fate::Refused) {
            turn.refused(Why::new("validation")).await.unwrap();
            continue;
        }
        seen.paid.lock().unwrap().push(intent.to_string());
        if matches!(fate, Fate::Late) {
            clock.advance(SECOND * 61);
            tokio::task::yield_now().await;
        }
        turn.accepted(format!("r{n}")).await.unwrap();
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Accepted),
        Just(Fate::Refused),
        Just(Fate::Sleeps),
        Just(Fate::Late),
    ]
}

proptest! {
    #[test]
    fn however_they_fall(
        pauses in proptest::collection::vec(0..6_u8, 1..40),
        plans in proptest::collection::vec(
            proptest::collection::vec((0..8_u8, fate()), 1..8), 2..5,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let seen = Arc::new(Seen::default());
        let used = runtime.block_on(async {
            let slow = Slow { store: MemoryStore::default(), pauses, next: AtomicUsize::new(0) };
            let (store, clock): (Arc<dyn Store>, _) = (Arc::new(slow), HandClock::new());
            let open = async || {
                let clock = Arc::new(clock.clone());
                Ledger::open(Arc::clone(&store), clock, "https://api", "sk-1").await.unwrap()
            };
            let mut processes = tokio::task::JoinSet::new();
            for plan in plans {
                let (ledger, seen) = (open().await, Arc::clone(&seen));
                processes.spawn(process(ledger, clock.clone(), plan, seen));
            }
            while let Some(ended) = processes.join_next().await {
                ended.unwrap();
            }
            let ledger = open().await;
            clock.advance(SECOND * 7200);
            ledger.recover().await.unwrap();
            ledger.purse("day").await.unwrap()
        });
        let mut paid = seen.paid.lock().unwrap().clone();
        let sent = paid.len();
        paid.sort();
        paid.dedup();
        prop_assert_eq!(sent, paid.len(), "a wish was sent twice");
        // What nobody sent was given back; what was paid stays.
        prop_assert_eq!(used, Usd::from_cents(1) * u64::try_from(paid.len()).unwrap());
        prop_assert!(used <= Usd::from_cents(1) * AFFORDABLE, "{} of a cap", used);
        let places = seen.places.load(Ordering::Relaxed);
        prop_assert!(places <= usize::try_from(MINUTE).unwrap(), "{} places", places);
    }
}
