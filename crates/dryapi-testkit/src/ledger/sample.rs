//! Scopes, entries and changes to try a store with.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use dryapi_ledger::{
    Began, BodyHash, Cell, Change, Commit, Entry, Expected, Ledger, Salt, Scope, Store, Turn, Wish,
};
use dryapi_types::Intent;
use serde_json::json;

use crate::HandClock;

/// A scope of a check's own.
pub(super) fn scope(check: &str) -> Scope {
    Scope::new(&Salt::from_bytes([7; 32]), check, "sk-conformance")
}

/// An entry that was created so many milliseconds after 1970.
pub(super) fn entry(name: &str, created: u64) -> Entry {
    let entry = serde_json::from_value(json!({
        "intent": name, "operation": "txt2img", "body": BodyHash::of(name), "state": "prepared",
        "created": created, "changed": created, "until": created, "writer": "w.0", "tries": 1,
    }));
    entry.expect("an entry is what its own crate reads")
}

pub(super) fn put(expected: Expected, entry: Entry) -> Change {
    let entry = Box::new(entry);
    Change::entry(expected, entry)
}

pub(super) fn set(expected: Expected, key: &str, value: &str) -> Change {
    Change::cell(expected, key, value)
}

pub(super) async fn commit(store: &dyn Store, scope: &Scope, changes: &[Change]) -> Commit {
    store
        .commit(scope, changes)
        .await
        .expect("the store answers")
}

pub(super) async fn cell(store: &dyn Store, scope: &Scope, key: &str) -> Option<Cell> {
    store.cell(scope, key).await.expect("the store answers")
}

pub(super) fn intent(name: &str) -> Intent {
    Intent::new(name).expect("visible ASCII")
}

pub(super) fn wish(name: &str) -> Wish {
    Wish::new(intent(name), "txt2img", BodyHash::of("a cat"))
}

/// A ledger over the store, as another process would open it.
pub(super) async fn ledger(store: &Arc<dyn Store>, clock: &HandClock, base_url: &str) -> Ledger {
    let (store, clock) = (Arc::clone(store), Arc::new(clock.clone()));
    let opened = Ledger::open(store, clock, base_url, "sk-conformance").await;
    opened.expect("the store answers")
}

/// The turn of a wish that nobody had yet.
pub(super) async fn fresh(ledger: &Ledger, wish: &Wish) -> Turn {
    match ledger.begin(wish).await.expect("the store answers") {
        Began::Fresh(turn) => turn,
        other => panic!("expected a fresh wish, not {other:?}"),
    }
}

/// Drives all at once, on this task.
pub(super) async fn all_of<T>(
    futures: impl IntoIterator<Item = impl Future<Output = T>>,
) -> Vec<T> {
    let mut running: Vec<Pin<Box<_>>> = futures.into_iter().map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(move |cx| {
        running.retain_mut(|future| match future.as_mut().poll(cx) {
            Poll::Ready(given) => {
                done.push(given);
                false
            }
            Poll::Pending => true,
        });
        if running.is_empty() {
            Poll::Ready(std::mem::take(&mut done))
        } else {
            Poll::Pending
        }
    })
    .await
}
