//! Several processes, one file: one winner for each wish, and no cap or limit passed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dryapi_ledger::{Began, BodyHash, Entered, Ledger, SqliteStore, StoreError, Why, Wish};
use dryapi_testkit::HandClock;
use dryapi_types::{Intent, Limit, Usd};

const FOLDER: &str = "DRYAPI_TEST_LEDGER_FOLDER";
const PROCESSES: usize = 4;
const WISHES: usize = 40;
/// So many wishes fit under the cap.
const AFFORDABLE: u64 = 25;
const MINUTE: u32 = 7;

async fn open(folder: &Path) -> Result<Ledger, StoreError> {
    let store = Arc::new(SqliteStore::open(folder.join("ledger.sqlite3")).await?);
    let clock = Arc::new(HandClock::new());
    Ledger::open(store, clock, "https://api", "sk-1").await
}

/// Not a test: what the test below runs in processes of their own.
#[tokio::test]
#[ignore = "run by another test"]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let ledger = open(folder).await.unwrap();
    let (cent, cap) = (Usd::from_cents(1), Usd::from_cents(1) * AFFORDABLE);
    let (mut won, mut places) = (Vec::new(), 0);
    for n in 0..WISHES {
        let intent = Intent::new(format!("i{n}")).unwrap();
        let wish = Wish::new(intent, "txt2img", BodyHash::of("a cat"));
        let wish = wish.reserving("day", cent, cap);
        // Another one's turn may still be refused, and be ours.
        if let Began::Fresh(turn) = ledger.begin(&wish).await.unwrap() {
            turn.sent(Duration::from_secs(9)).await.unwrap();
            if n % 8 == 0 {
                turn.refused(Why::new("validation")).await.unwrap();
            } else {
                turn.accepted(format!("r{n}")).await.unwrap();
                won.push(n.to_string());
            }
        }
        let limit = Some(Limit::new(MINUTE, None));
        let entered = ledger.limits().enter("txt2img", limit, Duration::ZERO);
        if let Entered::Place(place) = entered.await.unwrap() {
            ledger.limits().answered(&place, None).await.unwrap();
            places += 1;
        }
    }
    let name = format!("{}.out", std::process::id());
    fs::write(folder.join(name), format!("{places}\n{}", won.join("\n"))).unwrap();
}

#[tokio::test]
async fn processes_share_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["processes::child", "--exact", "--ignored"]);
            command.env(FOLDER, folder.path()).stdout(Stdio::piped());
            command.stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
    }
    let (mut winners, mut places) = (BTreeMap::new(), 0);
    for file in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        if file.path().extension().is_some_and(|end| end == "out") {
            let text = fs::read_to_string(file.path()).unwrap();
            let mut lines = text.lines();
            places += lines.next().unwrap().parse::<u32>().unwrap();
            for wish in lines {
                *winners.entry(wish.to_owned()).or_insert(0) += 1;
            }
        }
    }
    assert!(winners.values().all(|count| *count == 1), "{winners:?}");
    assert_eq!(places, MINUTE, "all processes stood at one moment");
    let ledger = open(folder.path()).await.unwrap();
    let used = ledger.purse("day").await.unwrap();
    assert!(used <= Usd::from_cents(1) * AFFORDABLE, "{used}");
    assert_eq!(used, Usd::from_cents(1) * winners.len() as u64);
    let all = ledger.entries(&Default::default()).await.unwrap();
    let accepted = all.iter().filter(|entry| entry.request_id.is_some());
    assert_eq!(accepted.count(), winners.len());
}

#[tokio::test]
async fn who_lives_is_let_alone_and_who_does_not_is_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (
        open(folder.path()).await.unwrap(),
        open(folder.path()).await.unwrap(),
    );
    let wish = |name: &str| {
        let wish = Wish::new(Intent::new(name).unwrap(), "txt2img", BodyHash::of("a cat"));
        wish.reserving("day", Usd::from_cents(1), Usd::from_cents(9))
    };
    let hour = Duration::from_secs(3600);
    for (name, send) in [("prepared", false), ("sent", true)] {
        let Began::Fresh(turn) = first.begin(&wish(name)).await.unwrap() else {
            panic!("nobody else wants it");
        };
        if send {
            turn.sent(hour).await.unwrap();
        }
        let began = second.begin(&wish(name)).await.unwrap();
        assert!(matches!(began, Began::Busy(_)), "{began:?}");
    }
    assert_eq!(second.recover().await.unwrap(), []);
    drop(first);
    let recovered = second.recover().await.unwrap();
    let states: Vec<_> = recovered.iter().map(|entry| entry.state.as_str()).collect();
    assert_eq!(states, ["refused", "unknown"]);
    assert_eq!(second.purse("day").await.unwrap(), Usd::from_cents(1));
    assert_eq!(second.recover().await.unwrap(), []);
}
