//! The client process: does what is wanted and not done yet, and may be killed at any moment.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dryapi_client::{
    AnyOutput, AnyTask, ApiKey, Client, Completed, Error, RetryPolicy, Schedule, SpendLimit,
};
use dryapi_ledger::{BodyHash, SqliteStore, State};
use dryapi_transport::HttpTransport;
use dryapi_types::{Intent, Usd};
use futures_util::StreamExt;
use futures_util::stream::iter;

use crate::clock::RoundClock;
use crate::plan::{Plan, SPEED};
use crate::wanted::Wanted;

/// The client of a plan.
pub(crate) async fn client(plan: &Plan) -> Client {
    let clock = RoundClock::new(plan.began, SPEED, plan.ahead);
    let transport = HttpTransport::builder()
        .clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    let store = SqliteStore::open(plan.ledger()).await.unwrap();
    Client::builder()
        .api_key(ApiKey::new(&plan.key).unwrap())
        .base_url(&plan.base_url)
        .transport(transport)
        .clock(clock)
        .attempt_timeout(Duration::from_secs(30))
        .schedule(Schedule::every(Duration::from_secs(3)))
        .retry(RetryPolicy::default())
        .balance_guard(plan.guarded)
        // High enough never to refuse: so each job is priced, and its money set aside.
        .spend_limit(SpendLimit::none().per_day(Usd::from_cents(100_000)))
        .ledger(Arc::new(store))
        .build()
        .unwrap()
}

/// Does what is left to do. Gives whether anything is worth another try.
pub(crate) async fn run(plan: &Plan) -> bool {
    let client = client(plan).await;
    let ledger = client.ledger().await.unwrap().unwrap();
    ledger.recover().await.unwrap();
    let doing = iter(&plan.wanted).map(|wanted| one(&client, plan, wanted));
    let again = doing.buffer_unordered(plan.concurrency);
    again.any(async |again| again).await
}

async fn one(client: &Client, plan: &Plan, wanted: &Wanted) -> bool {
    let ledger = client.ledger().await.unwrap().unwrap();
    let intent = Intent::new(wanted.intent.as_str()).unwrap();
    let file = plan.file(wanted);
    if let Some(entry) = ledger.entry(&intent).await.unwrap() {
        let here = entry.file.as_ref().is_some_and(|saved| {
            let bytes = std::fs::read(&file).unwrap_or_default();
            BodyHash::of(&bytes) == saved.sha256
        });
        if matches!(entry.state, State::Failed | State::Unknown) || here {
            return false;
        }
    }
    match deliver(client, wanted, &file).await {
        Ok(()) => false,
        Err(error) => {
            eprintln!("{}: {error}", wanted.intent);
            let entry = ledger.entry(&intent).await.unwrap();
            let settled = [State::Failed, State::Unknown];
            !entry.is_some_and(|entry| settled.contains(&entry.state))
        }
    }
}

async fn deliver(client: &Client, wanted: &Wanted, file: &Path) -> Result<(), Error> {
    let request = wanted.request();
    let asked = client.submit(&request).intent(&wanted.intent);
    let job = asked.target(file).await?;
    let done: Completed<AnyTask> = job.wait().await?;
    match &*done {
        AnyOutput::Inline(value) => {
            std::fs::write(file, value.to_string()).unwrap();
            done.saved_to(file).await;
        }
        _ => drop(done.save(file).await?),
    }
    Ok(())
}
