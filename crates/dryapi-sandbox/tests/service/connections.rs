//! Faults of the connection: what goes out is counted byte for byte, and so is the money.

use std::io::ErrorKind;
use std::time::Duration;

use dryapi_sandbox::{Fault, FaultRule};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::raw::{connect, hear, submit, tell};
use crate::support::{Service, cat, service, still};

async fn armed(rule: FaultRule) -> Service {
    let it = service(still()).await;
    it.sandbox.arm(rule.on("txt2img")).unwrap();
    it
}

#[tokio::test]
async fn accept_then_drop_books_and_says_nothing() {
    let it = armed(FaultRule::new(Fault::AcceptThenDrop)).await;
    let heard = tell(&it, &cat()).await;
    assert_eq!(
        (heard.text.as_str(), heard.error),
        ("", None),
        "closed in order"
    );
    assert_eq!(
        (it.sandbox.charges().len(), it.sandbox.jobs().len()),
        (1, 1)
    );
    assert_eq!(it.balance().await, "4.99864");
    let seen = it.sandbox.requests().remove(0);
    assert_eq!(
        (seen.status, seen.fault.as_deref()),
        (None, Some("accept_then_drop"))
    );
    assert_eq!(seen.body, cat());
    it.submit(&cat()).await;
    assert_eq!(it.sandbox.charges().len(), 2, "once is once");
}

#[tokio::test]
async fn reset_after_accept_books_and_resets() {
    let it = armed(FaultRule::new(Fault::ResetAfterAccept)).await;
    let heard = tell(&it, &cat()).await;
    assert_eq!(
        (heard.text.as_str(), heard.error),
        ("", Some(ErrorKind::ConnectionReset))
    );
    assert_eq!(it.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn drop_before_read_closes_before_the_body_and_books_nothing() {
    let it = armed(FaultRule::new(Fault::DropBeforeRead)).await;
    let mut connection = connect(&it).await;
    let (head, _) = submit(&it, &cat());
    // The body never comes: only who does not wait for it can answer.
    connection.write_all(head.as_bytes()).await.unwrap();
    let heard = hear(&mut connection).await;
    assert_eq!((heard.text.as_str(), heard.error), ("", None));
    assert!(it.sandbox.charges().is_empty() && it.sandbox.jobs().is_empty());
    let seen = it.sandbox.requests().remove(0);
    assert_eq!(
        (seen.body, seen.fault.as_deref()),
        (json!(null), Some("drop_before_read"))
    );
    it.submit(&cat()).await;
}

#[tokio::test]
async fn a_prompt_that_asks_to_be_dropped_unread_books_nothing() {
    let it = service(still()).await;
    let mut body = cat();
    body["prompt"] = json!("a cat [[fault:drop_before_read]]");
    let heard = tell(&it, &body).await;
    assert_eq!((heard.text.as_str(), heard.error), ("", None));
    assert!(it.sandbox.charges().is_empty());
}

#[tokio::test]
async fn half_an_answer_ends_within_the_id() {
    let it = armed(FaultRule::new(Fault::HalfAnswer)).await;
    let heard = tell(&it, &cat()).await;
    assert!(heard.text.starts_with("HTTP/1.1 200 OK"));
    let id = it.sandbox.charges()[0].request_id.clone();
    let whole = json!({"data": {"request_id": id}}).to_string();
    assert!(
        heard
            .text
            .to_lowercase()
            .contains(&format!("content-length: {}", whole.len()))
    );
    assert_eq!(heard.body(), &whole[..whole.len() / 2]);
    assert!(heard.body().contains("request_id") && !heard.body().contains(&id));
    assert_eq!(it.sandbox.jobs().len(), 1);
}

#[tokio::test]
async fn half_an_answer_ends_where_told() {
    let at = |bytes| FaultRule::new(Fault::HalfAnswer).with_at(bytes);
    for (bytes, count) in [(0, 0), (60, 60), (1000, 61)] {
        let it = armed(at(bytes)).await;
        let heard = tell(&it, &cat()).await;
        assert_eq!(heard.body().len(), count);
        let id = it.sandbox.charges()[0].request_id.clone();
        assert_eq!(heard.body().contains(&id), bytes >= 60);
    }
}

#[tokio::test]
async fn a_hang_books_and_never_answers() {
    let it = armed(FaultRule::new(Fault::Hang)).await;
    let mut connection = connect(&it).await;
    let (head, body) = submit(&it, &cat());
    connection
        .write_all((head + &body).as_bytes())
        .await
        .unwrap();
    while it.sandbox.charges().is_empty() {
        tokio::task::yield_now().await;
    }
    // Others are served meanwhile, and days may pass.
    it.sandbox.advance(Duration::from_secs(86_400));
    it.submit(&cat()).await;
    let mut byte = [0];
    assert_eq!(
        connection.try_read(&mut byte).unwrap_err().kind(),
        ErrorKind::WouldBlock,
        "still waiting"
    );
    it.sandbox.stop().await;
    let heard = hear(&mut connection).await;
    assert_eq!(heard.text, "", "stopping ends it without an answer");
}

#[tokio::test]
async fn who_hangs_up_on_a_hang_leaves_the_booking() {
    let it = armed(FaultRule::new(Fault::Hang)).await;
    let mut connection = connect(&it).await;
    let (head, body) = submit(&it, &cat());
    connection
        .write_all((head + &body).as_bytes())
        .await
        .unwrap();
    while it
        .sandbox
        .requests()
        .first()
        .is_none_or(|seen| seen.fault.is_none())
    {
        tokio::task::yield_now().await;
    }
    drop(connection);
    assert_eq!(it.sandbox.charges().len(), 1);
    it.submit(&cat()).await;
}

#[tokio::test]
async fn a_refused_request_is_spared() {
    let it = armed(FaultRule::new(Fault::AcceptThenDrop)).await;
    let mut wrong = cat();
    wrong["width"] = json!(1);
    assert_eq!(it.post("txt2img", &wrong).await.0, 422);
    assert_eq!(it.sandbox.requests()[0].fault, None);
    assert_eq!(tell(&it, &cat()).await.text, "");
    assert_eq!(it.sandbox.charges().len(), 1);
}
