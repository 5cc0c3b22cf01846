//! A process that dies before any of its statements loses nothing that it was told is recorded,
//! and the next one goes on without paying twice.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use dryapi_testkit::HandClock;
use dryapi_types::{Intent, RequestId, Usd};

use super::probe;
use crate::{
    Began, BodyHash, Entry, EvidenceKind, Filter, Ledger, SavedFile, SqliteStore, State, Wish,
};

const FOLDER: &str = "DRYAPI_TEST_LEDGER_FOLDER";
const DIE_AT: &str = "DRYAPI_TEST_LEDGER_DIE_AT";
/// Set where everything that was left behind is settled first; else what is begun again is.
const RECOVER: &str = "DRYAPI_TEST_LEDGER_RECOVER";

fn intent() -> Intent {
    Intent::new("order-4711").unwrap()
}

fn price() -> Usd {
    "0.00136".parse().unwrap()
}

async fn open(folder: &Path) -> Ledger {
    let store = SqliteStore::open(folder.join("ledger.sqlite3")).await;
    let clock = Arc::new(HandClock::new());
    let store = Arc::new(store.unwrap());
    Ledger::open(store, clock, "https://api", "sk-1")
        .await
        .unwrap()
}

/// Appends a line to a file that survives the process.
fn tell(folder: &Path, file: &str, line: &str) {
    let mut options = OpenOptions::new();
    let file = options.create(true).append(true).open(folder.join(file));
    writeln!(file.unwrap(), "{line}").unwrap();
}

fn told(folder: &Path, file: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// A program that pays for one picture: run again, it goes on.
async fn program(folder: &Path) -> Entry {
    let ledger = open(folder).await;
    let learned = |entry: &Entry| tell(folder, "learned", entry.state.as_str());
    if std::env::var_os(RECOVER).is_some() {
        ledger.recover().await.unwrap();
    }
    let wish = Wish::new(intent(), "txt2img", BodyHash::of("a cat"))
        .with_estimate(price())
        .reserving("day", price(), price());
    let mut entry = match ledger.begin(&wish).await.unwrap() {
        Began::Fresh(turn) => {
            learned(turn.entry());
            learned(&turn.sent(Duration::from_secs(120)).await.unwrap());
            tell(folder, "charges", "1");
            turn.accepted("r-1").await.unwrap()
        }
        Began::Recorded(entry) => entry,
        Began::Unknown(entry) => return entry,
        other => panic!("{other:?}"),
    };
    learned(&entry);
    if entry.state == State::Accepted {
        let (intent, seen) = (intent(), "before: 19.72");
        let noted = ledger.note(&intent, EvidenceKind::Balance, seen).await;
        noted.unwrap();
        entry = ledger.done(&intent).await.unwrap();
        learned(&entry);
    }
    if entry.state == State::Done {
        let file = SavedFile::new("cat.png", 5, [1; 32]);
        entry = ledger.downloaded(&intent(), file).await.unwrap();
        learned(&entry);
    }
    entry
}

/// Not a test: what the test below runs in processes of their own.
#[tokio::test]
#[ignore = "run by another test"]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    if let Ok(n) = std::env::var(DIE_AT) {
        probe::die_at(n.parse().unwrap());
    }
    program(Path::new(&folder)).await;
}

/// Runs the program in a process of its own. Says whether it came to its end.
fn run(folder: &Path, die_at: Option<u64>, recover: bool) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["sqlite::tests::crash::child", "--exact", "--ignored"]);
    command.env(FOLDER, folder).env_remove(DIE_AT);
    if recover {
        command.env(RECOVER, "1");
    }
    if let Some(n) = die_at {
        command.env(DIE_AT, n.to_string());
    }
    command.output().unwrap().status.success()
}

/// One life with a death in it. Says whether there was one.
async fn life(n: u64, recover: bool) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let died = !run(folder, Some(n), recover);
    let learned = told(folder, "learned").pop();
    {
        let connection = rusqlite::Connection::open(folder.join("ledger.sqlite3"));
        let sound = connection.and_then(|connection| {
            connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
        });
        // Nothing was written before the first statement.
        assert_eq!(sound.unwrap(), "ok", "death {n}");
    }
    let charged = told(folder, "charges").len();
    assert!(
        run(folder, None, recover),
        "the next process goes on after death {n}"
    );
    let charges = told(folder, "charges").len();
    let ledger = open(folder).await;
    let entry = ledger.entry(&intent()).await.unwrap().unwrap();
    match learned.as_deref() {
        // It may or may not have been sent: nobody knows, and it is not sent again.
        _ if entry.state == State::Unknown => {
            assert!(
                matches!(learned.as_deref(), Some("prepared" | "sent")),
                "death {n}"
            );
            assert_eq!(charges, charged, "death {n}: an unknown was sent again");
            assert_eq!(entry.request_id, None);
        }
        _ => {
            assert_eq!(
                entry.state,
                State::Downloaded,
                "death {n} after {learned:?}"
            );
            assert_eq!(charges, 1, "death {n} after {learned:?}");
            assert_eq!(entry.request_id, Some(RequestId::from("r-1")));
        }
    }
    assert_eq!(ledger.purse("day").await.unwrap(), price(), "death {n}");
    assert_eq!(ledger.entries(&Filter::default()).await.unwrap().len(), 1);
    died
}

#[test]
fn a_death_before_any_statement_loses_nothing() {
    // Side by side: most of it is waiting for processes and the disk.
    const LANES: u64 = 2;
    let lane = |lane: u64, recover: bool| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let mut n = 1 + lane;
        while runtime.block_on(life(n, recover)) {
            n += LANES;
        }
        n
    };
    let ends = std::thread::scope(|scope| {
        let both = (0..LANES).flat_map(|n| [(n, false), (n, true)]);
        let lanes: Vec<_> = both
            .map(|(n, recover)| scope.spawn(move || lane(n, recover)))
            .collect();
        let ends = lanes.into_iter().map(|lane| lane.join().unwrap());
        ends.min().unwrap()
    });
    assert!(ends > 50, "a life has more statements than {ends}");
}
