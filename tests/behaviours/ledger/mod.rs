//! A store of one's own: complete, small, and held to the same suite as the embedded one.

mod memory;
mod races;

use std::sync::Arc;

use dryapi_testkit::ledger::conformance;

use memory::MemoryStore;

#[tokio::test]
async fn a_small_store_of_ones_own_is_a_store() {
    conformance(Arc::new(MemoryStore::default())).await;
}
