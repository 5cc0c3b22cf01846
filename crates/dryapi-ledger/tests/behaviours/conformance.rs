//! The embedded store is a store.

use std::sync::Arc;

use dryapi_ledger::SqliteStore;
use dryapi_testkit::ledger::conformance;

#[tokio::test]
async fn a_file_is_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/ledger.sqlite3");
    conformance(Arc::new(SqliteStore::open(path).await.unwrap())).await;
}

#[tokio::test]
async fn memory_is_a_store() {
    conformance(Arc::new(SqliteStore::open_in_memory().await.unwrap())).await;
}
