//! Jobs that a killed process heard of on the push channel, and who takes them.

use std::path::Path;
use std::time::Duration;

use dryapi_client::{Client, ErrorKind};
use dryapi_sandbox::{FaultRule, Sandbox};
use dryapi_testkit::{Fault, HandClock};
use dryapi_transport::{Clock as _, SystemClock};
use futures_util::{StreamExt, stream};

use super::support::{SPEED, builder, cats, count, error, is_done, run, sandbox_at};

/// A client that listens to the push channel.
async fn listener(sandbox: &Sandbox, folder: &Path) -> Client {
    let builder = builder(sandbox, folder).await;
    let builder = builder.client_id(sandbox.client_id());
    builder
        .realtime_url(sandbox.realtime_url())
        .build()
        .unwrap()
}

#[tokio::test]
async fn what_a_killed_process_heard_the_next_one_takes() {
    let (sandbox, folder) = (sandbox_at(SPEED).await, tempfile::tempdir().unwrap());
    let client = listener(&sandbox, folder.path()).await;
    let ledger = client.ledger().await.unwrap().unwrap();
    let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
    sandbox.arm(lost).unwrap();
    let batch = client.batch("killed").concurrency(1).match_orphans(true);
    let mut outcomes = batch.run(stream::iter(cats(3)));
    let heard = async {
        while ledger.unclaimed().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = outcomes.next() => panic!("{outcome:?}"),
        () = heard => drop(outcomes),
    }
    // Nobody will hear of a job again that is over.
    sandbox.advance(Duration::from_secs(60));
    let client = listener(&sandbox, folder.path()).await;
    let batch = client.batch("killed").concurrency(1).match_orphans(true);
    let outcomes = run(batch, cats(3)).await;
    assert_eq!(count(&outcomes, is_done), 3, "{outcomes:?}");
    assert_eq!(sandbox.charges().len(), 3);
}

#[tokio::test]
async fn what_was_heard_of_long_after_is_somebody_elses() {
    let (sandbox, folder) = (sandbox_at(SPEED).await, tempfile::tempdir().unwrap());
    let at = |ago: u64| HandClock::at(SystemClock::new().wall() - Duration::from_secs(ago));
    let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
    sandbox.arm(lost).unwrap();
    // Nobody listens.
    let first = builder(&sandbox, folder.path()).await.clock(at(600));
    let outcomes = run(first.build().unwrap().batch("late"), cats(1)).await;
    assert_eq!(error(&outcomes["cat-0"]).kind(), ErrorKind::OutcomeUnknown);
    sandbox.advance(Duration::from_secs(60));
    let between = builder(&sandbox, folder.path()).await.clock(at(60));
    let between = between.build().unwrap();
    let ledger = between.ledger().await.unwrap().unwrap();
    ledger.hear(&"a-stranger".into()).await.unwrap();
    let client = listener(&sandbox, folder.path()).await;
    let batch = client.batch("late").concurrency(1).match_orphans(true);
    let outcomes = run(batch, cats(1)).await;
    assert_eq!(error(&outcomes["cat-0"]).kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test]
async fn one_row_at_a_time_takes_the_job_that_nobody_claims() {
    let (sandbox, folder) = (sandbox_at(SPEED).await, tempfile::tempdir().unwrap());
    let client = listener(&sandbox, folder.path()).await;
    let lost = FaultRule::new(Fault::AcceptThenDrop).on("txt2img");
    sandbox.arm(lost.with_times(2).with_after(1)).unwrap();
    let batch = client.batch("alone").concurrency(1).match_orphans(true);
    let outcomes = run(batch, cats(5)).await;
    assert_eq!(count(&outcomes, is_done), 5, "{outcomes:?}");
    let ids: std::collections::BTreeSet<_> = outcomes
        .values()
        .map(|outcome| outcome.request_id.clone().unwrap())
        .collect();
    assert_eq!(ids.len(), 5);
    // Each has the job that was billed for it.
    for charge in sandbox.charges() {
        let of = outcomes.values().find(|outcome| {
            outcome.intent.as_ref().map(|intent| intent.as_str())
                == charge.idempotency_key.as_deref()
        });
        assert_eq!(
            of.unwrap().request_id.as_ref().unwrap().as_str(),
            charge.request_id
        );
    }
}
