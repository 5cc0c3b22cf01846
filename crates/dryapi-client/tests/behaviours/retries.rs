//! Who is asked again, how often, and after how long.

use std::time::Duration;

use dryapi_client::{Charge, Delivery, ErrorKind, RetryPolicy};
use dryapi_testkit::{Answer, ScriptedTransport, Step, answers};
use dryapi_transport::{TransportError, TransportErrorKind};

use crate::support::{ID, cat, client};

fn seconds(waits: &[Duration]) -> Vec<f64> {
    waits.iter().map(Duration::as_secs_f64).collect()
}

#[tokio::test]
async fn a_json_500_twice_and_then_success_makes_three_posts() {
    let transport = ScriptedTransport::new()
        .repeat(2, answers::server_error())
        .then(answers::accepted(ID));
    let (client, clock) = client(&transport);
    let job = client.submit(&cat()).await.unwrap();
    assert_eq!(job.id().as_str(), ID);
    assert_eq!(transport.count("txt2img"), 3);
    assert_eq!(seconds(&clock.slept()), [1.0, 2.0]);
    let keys: Vec<_> = transport
        .requests()
        .iter()
        .map(|sent| sent.header("idempotency-key").map(str::to_owned))
        .collect();
    assert!(
        keys[0].is_some() && keys.iter().all(|key| key == &keys[0]),
        "one intent"
    );
}

#[tokio::test]
async fn after_the_last_retry_a_500_may_have_cost() {
    let transport = ScriptedTransport::new().repeat(9, answers::server_error());
    let (client, clock) = client(&transport);
    let error = client.submit(&cat()).await.unwrap_err();
    assert_eq!(transport.count("txt2img"), 4);
    assert_eq!(seconds(&clock.slept()), [1.0, 2.0, 4.0]);
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(
        (error.delivery(), error.charge()),
        (Delivery::Answered, Charge::Maybe)
    );
    assert!(!error.is_retryable());
    insta::assert_snapshot!(error, @"txt2img: HTTP 500: Internal server error after 4 attempts; not sent again: 3 extra attempts were made");
}

#[tokio::test]
async fn a_paid_request_whose_answer_was_lost_is_not_sent_again() {
    let torn = || TransportError::new(TransportErrorKind::Interrupted, "the connection closed");
    for step in [
        Step::error(torn()),
        Step::from(Answer::text(502, "<html>Bad Gateway</html>")),
        Step::from(Answer::text(500, "oops")),
        Step::from(Answer::text(200, "<html>")),
        Step::from(Answer::text(200, "{}")),
        Step::cut(answers::accepted(ID), 20),
    ] {
        let transport = ScriptedTransport::new().then(step);
        let (client, _) = client(&transport);
        let error = client.submit(&cat()).await.unwrap_err();
        assert_eq!(transport.count("txt2img"), 1);
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        assert_eq!(
            (error.delivery(), error.charge()),
            (Delivery::Unknown, Charge::Maybe)
        );
        assert!(error.intent().is_some() && !error.is_retryable());
    }
}

#[tokio::test]
async fn an_answer_cut_after_its_id_is_a_success() {
    let body = format!(r#"{{"data":{{"request_id":"{ID}"}}}}"#);
    let transport =
        ScriptedTransport::new().then(Step::cut(Answer::text(200, body.clone()), body.len() - 2));
    let (client, _) = client(&transport);
    let job = client.submit(&cat()).await.unwrap();
    assert_eq!(job.id().as_str(), ID);
    assert!(job.warning().unwrap().contains("damaged"));
}

#[tokio::test]
async fn what_provably_never_left_is_sent_again() {
    let refused = || TransportError::new(TransportErrorKind::Connect, "refused");
    let transport = ScriptedTransport::new()
        .then(Step::error(refused()))
        .then(Step::error(refused()))
        .then(answers::accepted(ID));
    let (client, _) = client(&transport);
    let _ = client.submit(&cat()).await.unwrap();
    assert_eq!(transport.count("txt2img"), 3);

    let transport = ScriptedTransport::new().repeat(9, Step::error(refused()).times(1));
    let (client, _) = crate::support::client(&transport);
    let error = client.submit(&cat()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Network, Delivery::NotSent)
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn an_earlier_500_is_not_forgotten() {
    let refused = TransportError::new(TransportErrorKind::Connect, "refused");
    let transport = ScriptedTransport::new()
        .then(answers::server_error())
        .then(Step::error(refused).always());
    let (client, _) = client(&transport);
    let error = client.submit(&cat()).await.unwrap_err();
    assert_eq!(
        (error.delivery(), error.charge()),
        (Delivery::Answered, Charge::Maybe)
    );
}

#[tokio::test]
async fn free_calls_are_asked_again_through_anything() {
    let torn = TransportError::new(TransportErrorKind::Interrupted, "torn");
    let transport = ScriptedTransport::new()
        .then(Step::error(torn))
        .then(Answer::text(502, "<html>"))
        .then(Answer::text(200, "not json"))
        .then(answers::balance("19.72"));
    let (client, _) = client(&transport);
    assert_eq!(client.balance().await.unwrap().balance.to_string(), "19.72");
    assert_eq!(transport.count("balance"), 4);
}

#[tokio::test]
async fn a_minutes_limit_is_waited_for_and_a_days_is_not() {
    let minute = answers::rate_limited_minute();
    let transport = ScriptedTransport::new()
        .repeat(1, minute)
        .then(answers::accepted(ID));
    let (client, clock) = client(&transport);
    let _ = client.submit(&cat()).await.unwrap();
    assert_eq!(seconds(&clock.slept()), [60.0]);

    let transport = ScriptedTransport::new().then(answers::rate_limited_daily());
    let (client, clock) = crate::support::client(&transport);
    let error = client.submit(&cat()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::RateLimited, Charge::No)
    );
    assert!(error.retry_after().is_some() && clock.slept().is_empty());
}

#[tokio::test]
async fn a_wait_past_the_deadline_fails_at_once() {
    let transport = ScriptedTransport::new().then(answers::rate_limited_minute());
    let (client, clock) = client(&transport);
    let error = client
        .submit(&cat())
        .deadline(Duration::from_secs(30))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert!(clock.slept().is_empty() && error.is_retryable());
    assert!(error.no_retry_reason().unwrap().contains("deadline"));
}

#[tokio::test]
async fn policies_narrow_and_one_widens() {
    let transport = ScriptedTransport::new().then(answers::server_error());
    let (client, _) = client(&transport);
    let policy = RetryPolicy::default().resend_after_500(false);
    let error = client.submit(&cat()).retry(policy).await.unwrap_err();
    assert_eq!(
        (transport.count("txt2img"), error.kind()),
        (1, ErrorKind::Server)
    );

    transport.push(answers::rate_limited_minute());
    assert!(
        client
            .submit(&cat())
            .retry(RetryPolicy::never())
            .await
            .is_err()
    );
    assert_eq!(transport.count("txt2img"), 2);

    transport.push(Answer::text(502, "<html>"));
    transport.push(answers::accepted(ID));
    let policy = RetryPolicy::default().may_pay_twice();
    let _ = client.submit(&cat()).retry(policy).await.unwrap();
    assert_eq!(transport.count("txt2img"), 4);
}

#[tokio::test]
async fn a_clients_budget_of_retries_ends() {
    let transport = ScriptedTransport::new().then(Step::from(answers::server_error()).always());
    let (client, _) = client(&transport);
    for _ in 0..5 {
        let _ = client.balance().await;
    }
    // 5 first attempts and 10 tokens.
    assert_eq!(transport.count("balance"), 15);
}
