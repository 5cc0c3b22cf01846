//! A service that says what the test wrote down, and clients of it.

use std::path::Path;
use std::sync::Arc;

use dryapi_client::{ApiKey, Client, ClientBuilder};
use dryapi_ledger::SqliteStore;
use dryapi_testkit::{Answer, HandClock, ScriptedTransport, Step, answers};
use http::Method;

pub(super) fn service() -> ScriptedTransport {
    let done = answers::status_done("https://storage.dryapi.dev/cat.png");
    ScriptedTransport::new()
        .on(Method::GET, "balance", always(answers::balance("5")))
        .on(Method::GET, "request-status/*", always(done))
}

pub(super) fn always(answer: Answer) -> Step {
    Step::from(answer).always()
}

pub(super) fn plain(transport: &ScriptedTransport) -> ClientBuilder {
    Client::builder()
        .api_key(ApiKey::new("sk-1").unwrap())
        .transport(transport.clone())
        .clock(HandClock::auto())
}

/// A client as another process would make it: a connection of its own to the same file.
pub(super) async fn kept(folder: &Path, transport: &ScriptedTransport) -> ClientBuilder {
    let store = SqliteStore::open(folder.join("ledger.sqlite3")).await;
    plain(transport).ledger(Arc::new(store.unwrap()))
}
