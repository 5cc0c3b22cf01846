//! Faults of webhooks: they concern the last event of a job.

use std::time::Duration;

use dryapi_sandbox::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::receiver::{Receiver, Reply, cat_to, column};
use crate::support::{Service, cat, service, still};

const OK: Reply = Reply::Status(200);

async fn met(fault: Fault, on: &str) -> (Service, Receiver) {
    let it = service(still()).await;
    let receiver = Receiver::start(&[], OK).await;
    it.sandbox.arm(FaultRule::new(fault).on(on)).unwrap();
    // Without a webhook there is nothing to go wrong with: the fault waits.
    it.submit(&cat()).await;
    it.submit(&cat_to(&receiver.url(""))).await;
    it.sandbox.advance(Duration::from_secs(5));
    (it, receiver)
}

#[tokio::test]
async fn a_lost_one_never_comes() {
    for on in ["*", "txt2img"] {
        let (it, mut receiver) = met(Fault::WebhookLost, on).await;
        assert_eq!(receiver.events(1).await, ["job.processing"]);
        let attempts = it.attempts(2).await;
        assert!(
            attempts.iter().any(|attempt| {
                attempt["outcome"] == "lost"
                    && attempt["event"] == "job.completed"
                    && attempt["fault"] == "webhook_lost"
            }),
            "{attempts:?}"
        );
        // Only that one, and for good.
        it.sandbox.advance(Duration::from_secs(90_000));
        it.submit(&cat_to(&receiver.url(""))).await;
        it.sandbox.advance(Duration::from_secs(5));
        assert_eq!(
            receiver.events(2).await,
            ["job.processing", "job.completed"]
        );
        it.attempts(4).await;
    }
}

#[tokio::test]
async fn one_comes_twice_with_the_same_id() {
    let (it, mut receiver) = met(Fault::WebhookTwice, "*").await;
    receiver.next().await;
    let (one, two) = (receiver.next().await, receiver.next().await);
    assert_eq!(one.body, two.body);
    assert_eq!(
        one.header("x-dryapi-delivery-id"),
        two.header("x-dryapi-delivery-id")
    );
    two.verified("whsec-sandbox");
    let attempts = it.attempts(3).await;
    assert_eq!(column(&attempts, "attempt"), json!([1, 1, 1]));
    assert_eq!(
        column(&attempts, "fault"),
        json!([null, "webhook_twice", "webhook_twice"])
    );
}

#[tokio::test]
async fn one_comes_ten_minutes_late() {
    let (it, mut receiver) = met(Fault::WebhookLate, "*").await;
    assert_eq!(receiver.events(1).await, ["job.processing"]);
    it.sandbox.advance(Duration::from_secs(599));
    it.submit(&cat()).await;
    assert!(receiver.is_empty());
    it.sandbox.advance(Duration::from_secs(1));
    let arrival = receiver.next().await;
    assert_eq!(arrival.json()["event"], "job.completed");
    arrival.verified("whsec-sandbox");
    it.attempts(2).await;
}

#[tokio::test]
async fn the_end_comes_before_the_beginning() {
    let (it, mut receiver) = met(Fault::WebhookReordered, "*").await;
    let (first, second) = (receiver.next().await.json(), receiver.next().await.json());
    assert_eq!(first["event"], "job.completed");
    assert_eq!(second["event"], "job.processing");
    let at = |event: &Value| event["timestamp"].as_str().unwrap().to_owned();
    assert!(at(&second) < at(&first), "each says when it happened");
    it.attempts(2).await;
}

#[tokio::test]
async fn a_prompt_brings_its_fault_along() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[], OK).await;
    let mut cat = cat_to(&receiver.url(""));
    cat["prompt"] = json!("a cat [[fault:webhook_reordered]]");
    it.submit(&cat).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        receiver.events(2).await,
        ["job.completed", "job.processing"]
    );
    let rule = json!({"fault": "webhook_late", "on": "balance"});
    let (status, answer) = it.admin("faults", &rule).await;
    assert_eq!(status, 422);
    assert!(
        answer["error"]
            .as_str()
            .unwrap()
            .contains("only to txt2img")
    );
}
