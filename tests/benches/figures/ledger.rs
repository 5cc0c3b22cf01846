//! How many paid wishes are written down in a second: before the first byte, as sent, and with the
//! job that came of it, each on the disk before the next.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_ledger::{Began, BodyHash, Ledger, SqliteStore, Wish};
use dryapi_transport::SystemClock;
use dryapi_types::Intent;
use rusqlite::Connection;

use crate::calls::runtime;
use crate::row::{Bound, Row, rounds};

const WISHES: usize = 200;
const ROUNDS: usize = 7;

pub(crate) fn measure() -> Vec<Row> {
    let runtime = runtime();
    let folder = tempfile::tempdir().unwrap();
    let mut numbers = 0..;
    let mut file = || folder.path().join(format!("{:?}.db", numbers.next()));
    let files: Vec<_> = (0..=ROUNDS).map(|_| (file(), file())).collect();
    let (mut ours, mut bare) = (files.iter(), files.iter());
    let rounds = rounds(
        ROUNDS,
        || runtime.block_on(recorded(&ours.next().unwrap().0)),
        || committed(&bare.next().unwrap().1),
    );
    let what = "paid wishes recorded a second, 3 syncs each";
    vec![Row::of(
        what,
        "a s",
        "bare SQLite, 3 commits",
        &rounds,
        Bound::default(),
    )]
}

async fn recorded(path: &Path) -> f64 {
    let store = Arc::new(SqliteStore::open(path).await.unwrap());
    let clock = Arc::new(SystemClock::new());
    let base_url = "https://api.dryapi.dev";
    let ledger = Ledger::open(store, clock, base_url, "sk-bench")
        .await
        .unwrap();
    let begun = Instant::now();
    for number in 0..WISHES {
        let intent = Intent::new(format!("order-{number}")).unwrap();
        let wish = Wish::new(intent, "txt2img", BodyHash::of(number.to_string()));
        let Began::Fresh(turn) = ledger.begin(&wish).await.unwrap() else {
            panic!("nobody began it before");
        };
        turn.sent(Duration::from_secs(120)).await.unwrap();
        turn.accepted(format!("job-{number}")).await.unwrap();
    }
    WISHES as f64 / begun.elapsed().as_secs_f64()
}

fn committed(path: &Path) -> f64 {
    let connection = Connection::open(path).unwrap();
    let set = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE wishes (intent TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;";
    connection.execute_batch(set).unwrap();
    let begun = Instant::now();
    let put = "INSERT INTO wishes VALUES (?1, ?2)
        ON CONFLICT (intent) DO UPDATE SET state = excluded.state";
    let mut statement = connection.prepare(put).unwrap();
    for number in 0..WISHES {
        for state in ["began", "sent", "accepted"] {
            let values = (format!("order-{number}"), state);
            statement.execute(values).unwrap();
        }
    }
    WISHES as f64 / begun.elapsed().as_secs_f64()
}
