//! A paid request that is sent again after the service's own 500: only when the balance proves that
//! the first was not booked.

use std::sync::Arc;

use dryapi_client::{ApiKey, Charge, Client, ClientBuilder, ErrorKind, TextToImage};
use dryapi_ledger::{EvidenceKind, SqliteStore, State};
use dryapi_sandbox::{Config, FaultRule, Sandbox};
use dryapi_testkit::Fault;

use crate::support::fast_clock::FastClock;

fn cat() -> TextToImage {
    TextToImage::new("a cat", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4)
}

async fn sandbox() -> Sandbox {
    let config = Config::default().with_plan(dryapi_types::Plan::Premium);
    Sandbox::start(config).await.unwrap()
}

async fn builder(sandbox: &Sandbox) -> ClientBuilder {
    Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .clock(FastClock::new(10))
        .ledger(Arc::new(SqliteStore::open_in_memory().await.unwrap()))
}

fn arm(sandbox: &Sandbox, fault: Fault, times: u32) {
    let rule = FaultRule::new(fault).on("txt2img").with_times(times);
    sandbox.arm(rule).unwrap();
}

#[tokio::test]
async fn what_was_booked_is_not_sent_again() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).await.build().unwrap();
    arm(&sandbox, Fault::BookThen500, 1);
    let request = cat();
    let error = client.submit(&request).intent("order-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!((error.charge(), error.attempts()), (Charge::Maybe, 1));
    assert!(error.message().contains("the balance fell to"), "{error}");
    assert_eq!(sandbox.charges().len(), 1);
    let ledger = client.ledger().await.unwrap().unwrap();
    let entry = ledger
        .entry(error.intent().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(entry.state, State::Unknown);
    assert!(
        entry
            .evidence
            .iter()
            .any(|note| note.kind == EvidenceKind::Balance)
    );
    // The next is judged by the balance as it is now.
    arm(&sandbox, Fault::Error500, 1);
    drop(client.submit(&request).intent("order-2").await.unwrap());
    assert_eq!(sandbox.charges().len(), 2);
}

#[tokio::test]
async fn what_was_not_booked_is_sent_again() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).await.build().unwrap();
    arm(&sandbox, Fault::Error500, 3);
    let job = client.submit(&cat()).intent("order-1").await.unwrap();
    assert_eq!(sandbox.charges().len(), 1, "{job:?}");
}

#[tokio::test]
async fn other_requests_of_known_cost_raise_no_doubt() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).await.build().unwrap();
    let request = cat();
    let price = client.price(&request).await.unwrap().price;
    arm(&sandbox, Fault::Error500, 4);
    let submit = |name: &str| {
        let asked = client.submit(&request).intent(name).estimate(price);
        asked.into_future()
    };
    let names: Vec<String> = (0..12).map(|number| format!("order-{number}")).collect();
    let calls = futures_util::future::join_all(names.iter().map(|name| submit(name))).await;
    for call in calls {
        drop(call.unwrap());
    }
    assert_eq!(sandbox.charges().len(), 12);
}

#[tokio::test]
async fn in_a_crowd_nothing_booked_is_sent_again() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).await.build().unwrap();
    let request = cat();
    let price = client.price(&request).await.unwrap().price;
    arm(&sandbox, Fault::BookThen500, 2);
    arm(&sandbox, Fault::Error500, 2);
    let names: Vec<String> = (0..12).map(|number| format!("order-{number}")).collect();
    let submit = |name| {
        client
            .submit(&request)
            .intent(name)
            .estimate(price)
            .into_future()
    };
    let calls = futures_util::future::join_all(names.iter().map(submit)).await;
    let (mut accepted, mut unknown) = (0, 0);
    for call in calls {
        match call {
            Ok(_) => accepted += 1,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
                unknown += 1;
            }
        }
    }
    assert!((2..=4).contains(&unknown), "{unknown}");
    assert_eq!(sandbox.charges().len(), accepted + 2, "each at most once");
}

#[tokio::test]
async fn without_a_name_or_with_the_guard_off_nothing_is_asked() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).await.build().unwrap();
    drop(client.submit(&cat()).await.unwrap());
    let unguarded = builder(&sandbox).await.balance_guard(false);
    let unguarded = unguarded.build().unwrap();
    arm(&sandbox, Fault::BookThen500, 1);
    drop(unguarded.submit(&cat()).intent("order-1").await.unwrap());
    assert_eq!(sandbox.charges().len(), 3, "that is what the guard is for");
    let asked = sandbox
        .requests()
        .iter()
        .filter(|seen| seen.path.ends_with("/balance"))
        .count();
    assert_eq!(asked, 0);
}

#[tokio::test]
async fn a_balance_that_cannot_be_read_vouches_for_nothing() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).await.build().unwrap();
    sandbox
        .arm(
            FaultRule::new(Fault::Error500)
                .on("balance")
                .with_times(100),
        )
        .unwrap();
    arm(&sandbox, Fault::Error500, 1);
    let error = client.submit(&cat()).intent("order-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert!(sandbox.charges().is_empty());
}
