//! Jobs that were heard of before anybody claimed them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dryapi_ledger::{Began, BodyHash, Ledger, SqliteStore, Wish};
use dryapi_testkit::HandClock;
use dryapi_transport::Clock;
use dryapi_types::{Intent, RequestId};

async fn ledger(folder: &Path, clock: &HandClock) -> Ledger {
    let file = folder.join("ledger.sqlite3");
    let store = Arc::new(SqliteStore::open(file).await.unwrap());
    let ledger = Ledger::open(
        store,
        Arc::new(clock.clone()),
        "https://api.dryapi.dev",
        "k",
    );
    ledger.await.unwrap()
}

async fn unclaimed(ledger: &Ledger) -> Vec<String> {
    let unclaimed = ledger.unclaimed().await.unwrap();
    unclaimed.iter().map(|(id, _)| id.to_string()).collect()
}

#[tokio::test]
async fn what_one_process_heard_the_next_one_knows() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let heard_at = clock.wall();
    let one = ledger(folder.path(), &clock).await;
    for id in ["r-1", "r-2", "r-1"] {
        one.hear(&RequestId::new(id)).await.unwrap();
        clock.advance(Duration::from_secs(60));
    }
    drop(one);
    let other = ledger(folder.path(), &clock).await;
    assert_eq!(unclaimed(&other).await, ["r-1", "r-2"]);
    let when = other.unclaimed().await.unwrap()[0].1;
    assert_eq!(when, heard_at, "when it was heard of first");

    let intent = Intent::new("order-1").unwrap();
    let wish = Wish::new(intent.clone(), "txt2img", BodyHash::of("{}"));
    let Began::Fresh(turn) = other.begin(&wish).await.unwrap() else {
        panic!("nobody else is there");
    };
    turn.sent(Duration::from_secs(9)).await.unwrap();
    other.accepted(&intent, "r-1").await.unwrap();
    assert_eq!(unclaimed(&other).await, ["r-2"], "one is claimed");

    clock.advance(Duration::from_secs(3600));
    assert!(unclaimed(&other).await.is_empty(), "it is an hour ago");
}

#[tokio::test]
async fn only_the_latest_are_remembered() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let ledger = ledger(folder.path(), &clock).await;
    for number in 0..70 {
        let id = RequestId::new(format!("r-{number}"));
        ledger.hear(&id).await.unwrap();
    }
    let unclaimed = unclaimed(&ledger).await;
    assert_eq!((unclaimed.len(), unclaimed[0].as_str()), (64, "r-6"));
}
