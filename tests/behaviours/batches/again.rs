//! A batch that is run again over its ledger pays for nothing twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dryapi_client::{BatchItem, BatchResult, Charge, ErrorKind, TextToImage};
use dryapi_sandbox::FaultRule;
use dryapi_testkit::Fault;
use futures_util::{StreamExt, stream};
use std::path::Path;
use std::time::Duration;

use super::support::{builder, cats, count, error, is_done, picture, run, sandbox};

#[tokio::test]
async fn run_again_it_pays_for_nothing_twice() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let items = cats(40).into_iter().map({
        let (at_once, most) = (Arc::clone(&at_once), Arc::clone(&most));
        move |item| {
            most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            item
        }
    });
    // Dropped half-way.
    let into = folder.path().to_owned();
    let batch = client.batch::<TextToImage>("cats").concurrency(5);
    let batch = batch.deliver(move |id, done| {
        let (into, at_once) = (into.clone(), Arc::clone(&at_once));
        async move {
            let saved = done.save(into.join(format!("{id}.png"))).await;
            at_once.fetch_sub(1, Ordering::SeqCst);
            saved.map(drop)
        }
    });
    let outcomes: Vec<_> = batch.run(stream::iter(items)).take(15).collect().await;
    assert!(outcomes.iter().all(|outcome| is_done(&outcome.result)));
    assert!(
        most.load(Ordering::SeqCst) <= 5,
        "rows are taken as there is room"
    );
    client.drain(Duration::from_secs(60)).await;
    drop(client);

    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let here = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&here);
    let batch = client.batch::<TextToImage>("cats").settled(move |entry| {
        let file = entry.file.as_ref().unwrap();
        seen.fetch_add(1, Ordering::SeqCst);
        Path::new(&file.path).exists()
    });
    let outcomes = run(batch, cats(40)).await;
    let before = count(&outcomes, |result| matches!(result, BatchResult::Before));
    assert_eq!(before, here.load(Ordering::SeqCst));
    assert!(before >= 15, "{before}");
    assert_eq!(before + count(&outcomes, is_done), 40);
    assert_eq!(sandbox.charges().len(), 40);
}

#[tokio::test]
async fn what_is_unknown_or_failed_is_sent_again_only_when_told_to() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    sandbox
        .arm(FaultRule::new(Fault::AcceptThenDrop).on("txt2img"))
        .unwrap();
    let items = || {
        vec![
            BatchItem::new("lost", picture("lost")),
            BatchItem::new("bad", picture("[[fault:job_failed:WORKER_TIMEOUT]]")),
        ]
    };
    let batch = || client.batch::<TextToImage>("two").concurrency(1);
    for _ in 0..2 {
        let outcomes = run(batch(), items()).await;
        let lost = error(&outcomes["lost"]);
        assert_eq!(lost.kind(), ErrorKind::OutcomeUnknown, "{lost}");
        assert_eq!(lost.charge(), Charge::Maybe);
        let bad = error(&outcomes["bad"]);
        assert_eq!(bad.kind(), ErrorKind::JobFailed, "{bad}");
        assert_eq!(bad.code(), Some("WORKER_TIMEOUT"));
        assert_eq!(sandbox.charges().len(), 2);
    }
    let outcomes = run(batch().resubmit_unknown(true), items()).await;
    assert!(is_done(&outcomes["lost"].result));
    assert_eq!(sandbox.charges().len(), 3);
    let outcomes = run(batch().retry_failed(true), items()).await;
    assert_eq!(error(&outcomes["bad"]).kind(), ErrorKind::JobFailed);
    assert!(
        is_done(&outcomes["lost"].result),
        "the newest attempt counts"
    );
    assert_eq!(sandbox.charges().len(), 4);
    // The same id with other content is a mistake.
    let other = vec![BatchItem::new("lost", picture("found"))];
    let outcomes = run(batch(), other).await;
    let changed = error(&outcomes["lost"]);
    assert_eq!(changed.kind(), ErrorKind::InvalidInput);
    assert!(changed.message().contains("row lost"), "{changed}");
}
