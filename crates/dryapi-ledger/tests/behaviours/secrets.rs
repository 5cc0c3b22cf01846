//! What is never on the disk.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dryapi_ledger::{Began, BodyHash, EvidenceKind, Ledger, SavedFile, SqliteStore, Why, Wish};
use dryapi_testkit::HandClock;
use dryapi_types::{Intent, Usd};

const KEY: &str = "sk-3f9a-the-key";
const PROMPT: &str = "a cat in a nebula";
const SIGNATURE: &str = "X-Amz-Signature=5eaf00d";

async fn life(path: &Path) {
    let store = Arc::new(SqliteStore::open(path).await.unwrap());
    let clock = Arc::new(HandClock::new());
    let ledger = Ledger::open(store, clock, "https://api.dryapi.dev", KEY);
    let ledger = ledger.await.unwrap();
    let intent = Intent::new("order-4711").unwrap();
    let url = format!("https://s3/cat.png?{SIGNATURE}");
    let wish = Wish::new(intent.clone(), "txt2img", BodyHash::of(PROMPT))
        .with_model("Flux1schnell")
        .with_target("cat.png")
        .with_estimate("0.00136".parse().unwrap())
        .reserving("day", Usd::from_cents(1), Usd::from_cents(9));
    let Began::Fresh(turn) = ledger.begin(&wish).await.unwrap() else {
        panic!("nobody else is there");
    };
    turn.sent(Duration::from_secs(9)).await.unwrap();
    let why = Why::new("outcome_unknown").with_message(format!("no answer from {url}"));
    turn.unknown(why).await.unwrap();
    ledger
        .note(&intent, EvidenceKind::Push, &url)
        .await
        .unwrap();
    ledger.accepted(&intent, "r-1").await.unwrap();
    ledger.done(&intent).await.unwrap();
    let file = SavedFile::new("cat.png", 5, [1; 32]);
    ledger.downloaded(&intent, file).await.unwrap();
}

/// What stands in the folder. A store that was dropped tidies up in its own time: where a file goes
/// away meanwhile, what stood in it is in another one, so all are read again.
fn every_byte(folder: &Path) -> Vec<u8> {
    for _ in 0..100 {
        match read(folder) {
            Err(gone) if gone.kind() == ErrorKind::NotFound => {}
            read => return read.unwrap(),
        }
    }
    panic!("files come and go in {}", folder.display());
}

fn read(folder: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        bytes.extend(file.to_string_lossy().as_bytes());
        let held = match file.is_dir() {
            true => read(&file),
            false => fs::read(&file),
        };
        bytes.extend(held?);
    }
    Ok(bytes)
}

#[tokio::test]
async fn no_key_no_prompt_and_no_signature_is_written() {
    let folder = tempfile::tempdir().unwrap();
    life(&folder.path().join("ledger.sqlite3")).await;
    let bytes = every_byte(folder.path());
    let holds = |text: &str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    assert!(
        holds("order-4711") && holds("https://s3/cat.png"),
        "it can find"
    );
    for secret in [KEY, "the-key", PROMPT, "nebula", SIGNATURE, "X-Amz"] {
        assert!(!holds(secret), "{secret}");
    }
}
