//! The process that takes a delivery.

use std::io::{Read, stdin};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use dryapi_webhook::{Brand, Event, ReplayGuard, Step, Verifier, delivery_headers};

use super::file::FileStore;

/// Where the events are that were seen.
pub(super) const MEMORY: &str = "DRYAPI_TEST_MEMORY";
/// What its handler does.
pub(super) const WORK: &str = "DRYAPI_TEST_WORK";
/// When it is, in Unix seconds.
pub(super) const NOW: &str = "DRYAPI_TEST_NOW";
/// What stands before a word to its parent.
pub(super) const SAID: &str = "child says: ";

#[tokio::test]
async fn takes_a_delivery() {
    let Ok(memory) = std::env::var(MEMORY) else {
        // Not started by its parent.
        return;
    };
    let seconds: u64 = std::env::var(NOW).unwrap().parse().unwrap();
    let now = UNIX_EPOCH + Duration::from_secs(seconds);
    let event = Event::processing("r1").with_delivery_id("d1");
    let body = event.to_json().to_string();
    let headers = delivery_headers(Brand::DryApi, "whsec_1", seconds, &event, body.as_bytes());

    let verifier = Verifier::new(["whsec_1"]).unwrap();
    let event = verifier.verify_at(headers, body.as_bytes(), now).unwrap();
    let guard = ReplayGuard::new(Arc::new(FileStore::at(memory))).with_clock(move || now);
    let said = match guard.begin(&event).await.unwrap() {
        Step::Fresh(token) => {
            if std::env::var(WORK).unwrap() == "never ends" {
                println!("{SAID}handling");
                // Until it is killed. Should the parent die first, this ends, and nothing is given
                // back then either.
                let _ = stdin().read(&mut [0]);
                std::process::abort();
            }
            token.done().await.unwrap();
            "handled"
        }
        Step::Duplicate => "duplicate",
        Step::InProgress => "in progress",
        other => panic!("{other:?}"),
    };
    println!("{SAID}{said}");
}
