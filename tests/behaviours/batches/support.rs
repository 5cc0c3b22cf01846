//! A sandbox for batches, and what came of one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dryapi_client::{
    ApiKey, Batch, BatchItem, BatchOutcome, BatchResult, Client, ClientBuilder, TextToImage,
};
use dryapi_ledger::SqliteStore;
use dryapi_sandbox::{Config, Sandbox};
use dryapi_types::Plan;
use futures_util::{StreamExt, stream};

use crate::support::fast_clock::FastClock;

/// Slow enough for a machine that does much else.
pub(super) const SPEED: u32 = 20;

pub(super) async fn sandbox() -> Sandbox {
    sandbox_at(SPEED).await
}

pub(super) async fn sandbox_at(speed: u32) -> Sandbox {
    let config = Config::default()
        .with_plan(Plan::Premium)
        .with_speed(f64::from(speed))
        .with_job_time(Duration::from_secs(2));
    Sandbox::start(config).await.unwrap()
}

pub(super) async fn builder(sandbox: &Sandbox, folder: &Path) -> ClientBuilder {
    let store = SqliteStore::open(folder.join("ledger.sqlite3"))
        .await
        .unwrap();
    Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .clock(FastClock::new(SPEED))
        .ledger(Arc::new(store))
}

pub(super) fn picture(prompt: &str) -> TextToImage {
    TextToImage::new(prompt, "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

pub(super) fn cats(count: usize) -> Vec<BatchItem<TextToImage>> {
    (0..count)
        .map(|number| BatchItem::new(format!("cat-{number}"), picture(&format!("cat {number}"))))
        .collect()
}

pub(super) type Outcomes = BTreeMap<String, BatchOutcome<TextToImage>>;

pub(super) async fn run(batch: Batch<TextToImage>, items: Vec<BatchItem<TextToImage>>) -> Outcomes {
    let outcomes = batch.run(stream::iter(items));
    outcomes
        .map(|outcome| (outcome.id.clone(), outcome))
        .collect()
        .await
}

pub(super) fn count(
    outcomes: &Outcomes,
    what: impl Fn(&BatchResult<TextToImage>) -> bool,
) -> usize {
    outcomes
        .values()
        .filter(|outcome| what(&outcome.result))
        .count()
}

pub(super) fn is_done(result: &BatchResult<TextToImage>) -> bool {
    matches!(result, BatchResult::Done(_))
}

pub(super) fn error(outcome: &BatchOutcome<TextToImage>) -> &dryapi_client::Error {
    match &outcome.result {
        BatchResult::Failed(error) | BatchResult::Unsent(error) => error,
        other => panic!("{other:?}"),
    }
}
