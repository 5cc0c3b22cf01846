//! Handling each event once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dryapi_webhook::{
    Claim, Event, MemoryStore, ReplayGuard, Seen, SeenStore, Step, StoreError, Token, async_trait,
};

/// A clock driven by hand.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Hand {
    fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn guard(&self, store: impl SeenStore) -> ReplayGuard {
        self.shared(&Arc::new(store))
    }

    /// The guard of one of several processes with one memory.
    fn shared<S: SeenStore>(&self, store: &Arc<S>) -> ReplayGuard {
        let seconds = Arc::clone(&self.0);
        ReplayGuard::new(Arc::clone(store) as _).with_clock(move || at(&seconds))
    }
}

fn at(seconds: &AtomicU64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_705_314_600 + seconds.load(Ordering::SeqCst))
}

fn event(id: &str) -> Event {
    Event::processing("r1").with_delivery_id(id)
}

async fn fresh(guard: &ReplayGuard, event: &Event) -> Token {
    match guard.begin(event).await.unwrap() {
        Step::Fresh(token) => token,
        other => panic!("{other:?} instead of Fresh"),
    }
}

async fn told(guard: &ReplayGuard, event: &Event) -> &'static str {
    match guard.begin(event).await.unwrap() {
        Step::Fresh(token) => {
            // as a killed process does: it gives nothing back
            std::mem::forget(token);
            "fresh"
        }
        Step::Duplicate => "duplicate",
        Step::InProgress => "in progress",
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_handled_event_is_a_duplicate_until_it_is_forgotten() {
    let hand = Hand::default();
    let guard = hand.guard(MemoryStore::default());
    let token = fresh(&guard, &event("d1")).await;
    assert_eq!(told(&guard, &event("d1")).await, "in progress");
    token.done().await.unwrap();
    hand.pass(47 * 3600);
    assert_eq!(told(&guard, &event("d1")).await, "duplicate");
    assert_eq!(told(&guard, &event("d2")).await, "fresh");
    hand.pass(3600);
    assert_eq!(told(&guard, &event("d1")).await, "fresh");
}

#[tokio::test]
async fn an_event_whose_handler_failed_is_no_duplicate() {
    let guard = Hand::default().guard(MemoryStore::default());
    for _ in 0..3 {
        drop(fresh(&guard, &event("d1")).await);
    }
    fresh(&guard, &event("d1")).await.done().await.unwrap();
    assert_eq!(told(&guard, &event("d1")).await, "duplicate");
}

#[tokio::test]
async fn what_a_killed_process_began_is_fresh_at_the_second_attempt() {
    let (hand, store) = (Hand::default(), Arc::new(MemoryStore::default()));
    assert_eq!(told(&hand.shared(&store), &event("d1")).await, "fresh");
    let guard = hand.shared(&store);
    hand.pass(49);
    assert_eq!(told(&guard, &event("d1")).await, "in progress");
    hand.pass(1);
    assert_eq!(told(&guard, &event("d1")).await, "fresh");
}

#[tokio::test]
async fn what_this_process_is_handling_is_not_handed_out_again_however_long_it_takes() {
    let hand = Hand::default();
    let guard = hand.guard(MemoryStore::default());
    let token = fresh(&guard, &event("d1")).await;
    // long after the claim ended, and nobody renewed it
    hand.pass(24 * 3600);
    assert_eq!(told(&guard.clone(), &event("d1")).await, "in progress");
    drop(token);
    fresh(&guard, &event("d1")).await.done().await.unwrap();
    assert_eq!(told(&guard, &event("d1")).await, "duplicate");
}

#[tokio::test]
async fn a_renewed_claim_holds_against_replicas_and_a_lost_one_stays_lost() {
    let hand = Hand::default();
    let memory: Arc<dyn SeenStore> = Arc::new(MemoryStore::default());
    let table: Arc<dyn SeenStore> = Arc::new(Table::default());
    for store in [memory, table] {
        let guard = || {
            let seconds = Arc::clone(&hand.0);
            ReplayGuard::new(Arc::clone(&store)).with_clock(move || at(&seconds))
        };
        let (one, two) = (guard(), guard());
        let mut token = fresh(&one, &event("d1")).await;
        for _ in 0..10 {
            hand.pass(40);
            assert!(token.renew().await.unwrap());
        }
        hand.pass(49);
        assert_eq!(told(&two, &event("d1")).await, "in progress");
        // Stopped for too long: the other replica takes it.
        hand.pass(1);
        let other = fresh(&two, &event("d1")).await;
        assert!(!token.renew().await.unwrap());
        drop(token);
        assert_eq!(told(&guard(), &event("d1")).await, "in progress");
        other.done().await.unwrap();
        assert_eq!(told(&guard(), &event("d1")).await, "duplicate");
    }
}

#[tokio::test]
async fn a_late_handler_gives_back_nothing_that_is_anothers() {
    let (hand, store) = (Hand::default(), Arc::new(MemoryStore::default()));
    let late = fresh(&hand.shared(&store), &event("d1")).await;
    hand.pass(61);
    let guard = hand.shared(&store);
    let second = fresh(&guard, &event("d1")).await;
    drop(late);
    assert_eq!(told(&guard, &event("d1")).await, "in progress");
    second.done().await.unwrap();
    assert_eq!(told(&guard, &event("d1")).await, "duplicate");
}

#[tokio::test]
async fn without_a_delivery_id_the_job_and_what_happened_to_it_tell() {
    let guard = Hand::default().guard(MemoryStore::default());
    fresh(&guard, &Event::processing("r1"))
        .await
        .done()
        .await
        .unwrap();
    assert_eq!(told(&guard, &Event::processing("r1")).await, "duplicate");
    assert_eq!(told(&guard, &Event::completed("r1", None)).await, "fresh");
    assert_eq!(told(&guard, &Event::processing("r2")).await, "fresh");
    for _ in 0..2 {
        fresh(&guard, &Event::unknown("ping"))
            .await
            .done()
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn memory_is_bounded_and_never_forgets_what_is_being_handled() {
    let hand = Hand::default();
    let guard = hand.guard(MemoryStore::new(2));
    let held = fresh(&guard, &event("held")).await;
    for id in ["d1", "d2", "d3"] {
        fresh(&guard, &event(id)).await.done().await.unwrap();
    }
    assert_eq!(told(&guard, &event("held")).await, "in progress");
    assert_eq!(told(&guard, &event("d3")).await, "duplicate");
    // d3 makes room for d1, which was forgotten
    let other = fresh(&guard, &event("d1")).await;
    let full = guard.begin(&event("d4")).await.unwrap_err();
    assert_eq!(
        full.to_string(),
        "more than 2 events are being handled at once"
    );
    // both claims end by themselves and make room
    hand.pass(60);
    assert_eq!(told(&guard, &event("d4")).await, "fresh");
    // done after the claim ended still counts, within the bound
    held.done().await.unwrap();
    other.done().await.unwrap();
    assert_eq!(told(&guard, &event("d1")).await, "duplicate");
    assert_eq!(told(&guard, &event("d4")).await, "in progress");
    assert_eq!(
        told(&guard, &event("held")).await,
        "fresh",
        "forgotten first"
    );
}

/// A table as on the crate's page, shared by several replicas, which cannot give claims back.
#[derive(Clone, Debug, Default)]
struct Table(Arc<Mutex<Vec<(Claim, bool)>>>);

#[async_trait]
impl SeenStore for Table {
    async fn begin(&self, claim: &Claim, now: SystemTime) -> Result<Seen, StoreError> {
        let mut rows = self.0.lock().map_err(|error| error.to_string())?;
        rows.retain(|(row, _)| row.until > now);
        match rows.iter().find(|(row, _)| row.key == claim.key) {
            Some((_, true)) => Ok(Seen::Duplicate),
            Some((_, false)) => Ok(Seen::InProgress),
            None => {
                rows.push((claim.clone(), false));
                Ok(Seen::Fresh)
            }
        }
    }

    async fn renew(&self, claim: &Claim, until: SystemTime) -> Result<bool, StoreError> {
        let mut rows = self.0.lock().map_err(|error| error.to_string())?;
        let own = rows.iter_mut().find(|(row, done)| row == claim && !done);
        let own = own.map(|(row, _)| row.until = until);
        Ok(own.is_some())
    }

    async fn done(&self, claim: &Claim, keep_until: SystemTime) -> Result<(), StoreError> {
        let mut rows = self.0.lock().map_err(|error| error.to_string())?;
        rows.retain(|(row, _)| row.key != claim.key);
        rows.push((Claim::new(claim.key.clone(), keep_until), true));
        Ok(())
    }
}

#[tokio::test]
async fn replicas_that_share_a_table_handle_an_event_once() {
    let (hand, table) = (Hand::default(), Table::default());
    let (one, two) = (hand.guard(table.clone()), hand.guard(table));
    let token = fresh(&one, &event("d1")).await;
    assert_eq!(told(&two, &event("d1")).await, "in progress");
    drop(token);
    // this table cannot give back: the claim ends by itself
    hand.pass(60);
    fresh(&two, &event("d1")).await.done().await.unwrap();
    assert_eq!(told(&one, &event("d1")).await, "duplicate");
}
