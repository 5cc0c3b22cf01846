//! A batch stops for want of money, at its cap, and when somebody else spends.

use dryapi_client::{BatchResult, ErrorKind, SpendLimit, TextToImage};
use dryapi_sandbox::{Config, Sandbox};
use dryapi_types::Usd;
use futures_util::{StreamExt, stream};

use super::support::{SPEED, builder, cats, count, error, is_done, picture, run, sandbox};

#[tokio::test]
async fn without_money_the_rest_stays_unsent() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default().with_balance("0.00102".parse::<Usd>().unwrap());
    let sandbox = Sandbox::start(config.with_speed(f64::from(SPEED)))
        .await
        .unwrap();
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let outcomes = run(client.batch("poor").concurrency(1), cats(8)).await;
    assert_eq!(count(&outcomes, is_done), 3);
    let unsent = count(&outcomes, |result| matches!(result, BatchResult::Unsent(_)));
    assert_eq!(unsent, 5);
    let refused = sandbox
        .requests()
        .into_iter()
        .filter(|seen| seen.status == Some(422));
    assert_eq!(refused.count(), 1, "the others were not tried");
}

#[tokio::test]
async fn a_batch_keeps_to_its_cap_in_all_its_runs() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    // A picture of this size costs 0.00034: room for six.
    let cap: Usd = "0.0021".parse().unwrap();
    for expected in [4, 2, 0] {
        let client = builder(&sandbox, folder.path()).await.build().unwrap();
        let limit = SpendLimit::none().per_batch(cap);
        let rows = cats(10).into_iter().skip(10 - expected.max(4)).collect();
        let batch = client.batch("capped").spend_limit(limit).concurrency(3);
        let fresh = match expected {
            4 => rows,
            _ => cats(5),
        };
        let before = sandbox.charges().len();
        let outcomes = run(batch, fresh).await;
        let sent = sandbox.charges().len() - before;
        assert_eq!(sent, expected, "{outcomes:?}");
    }
    let spent: Usd = sandbox.charges().iter().map(|charge| charge.amount).sum();
    assert!(spent <= cap, "{spent}");
}

#[tokio::test]
async fn another_program_that_spends_is_noticed_by_the_balance() {
    let (sandbox, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let client = builder(&sandbox, folder.path()).await.build().unwrap();
    let other = builder(&sandbox, &folder.path().join("other"))
        .await
        .build()
        .unwrap();
    let limit = SpendLimit::none().per_batch("0.02".parse().unwrap());
    let batch = client.batch::<TextToImage>("watched").spend_limit(limit);
    let mut outcomes = batch.concurrency(1).run(stream::iter(cats(50)));
    let first = outcomes.next().await.unwrap();
    assert!(is_done(&first.result));
    let large = picture("large").with_size(1024, 1024);
    for _ in 0..4 {
        drop(other.submit(&large).await.unwrap());
    }
    let rest: Vec<_> = outcomes.collect().await;
    let done = rest
        .iter()
        .filter(|outcome| is_done(&outcome.result))
        .count();
    assert_eq!(done, 19, "the balance is read after twenty");
    let told = error(rest.last().unwrap());
    assert_eq!(told.kind(), ErrorKind::SpendLimit);
    assert!(told.message().contains("another program"), "{told}");
}
