//! Webhooks that fail: tried again by the table, given up, switched off.

use std::time::Duration;

use serde_json::{Value, json};

use crate::receiver::{Receiver, Reply, cat_to, column};
use crate::support::{Service, cat, service, still};

const OK: Reply = Reply::Status(204);
const DOWN: Reply = Reply::Status(503);
const DAY: Duration = Duration::from_secs(25 * 3600);

fn seconds(attempts: &[Value], from: &str) -> Vec<i64> {
    let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let at = |attempt: &Value| moment(attempt["at"].as_str().unwrap());
    let passed = attempts
        .iter()
        .map(|attempt| at(attempt).duration_since(moment(from)).as_secs());
    passed.collect()
}

#[tokio::test]
async fn an_attempt_comes_when_its_time_has_come() {
    let it = service(still()).await;
    // A day ahead of the receiver, whose clock the signatures must fit all the same.
    it.sandbox.advance(DAY);
    let mut receiver = Receiver::start(&[OK, DOWN, DOWN, DOWN], OK).await;
    it.submit(&cat_to(&receiver.url(""))).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(
        receiver.events(2).await,
        ["job.processing", "job.completed"]
    );
    let first = it.attempts(2).await[1].clone();
    assert_eq!(first["outcome"], "retrying");
    assert_eq!(
        (&first["status"], &first["failure"]),
        (&json!(503), &json!("status"))
    );
    let mut ids = Vec::new();
    for (minutes, count) in [(1, 3), (2, 4), (5, 5)] {
        it.sandbox.advance(Duration::from_secs(60 * minutes - 1));
        // The table has nothing for then; whatever came would stand between the two.
        it.submit(&cat()).await;
        assert!(receiver.is_empty());
        it.sandbox.advance(Duration::from_secs(1));
        let arrival = receiver.next().await;
        ids.push(arrival.header("x-dryapi-delivery-id").to_owned());
        arrival.verified("whsec-sandbox");
        it.attempts(count).await;
    }
    let attempts = it.attempts(5).await;
    assert_eq!(column(&attempts[1..], "attempt"), json!([1, 2, 3, 4]));
    assert_eq!(
        column(&attempts[1..], "outcome"),
        json!(["retrying", "retrying", "retrying", "delivered"])
    );
    let from = first["at"].as_str().unwrap();
    assert_eq!(seconds(&attempts[1..], from), [0, 60, 180, 480]);
    assert_eq!(attempts[1]["next_at"], attempts[2]["at"]);
    assert!(ids.iter().all(|id| *id == first["delivery_id"]), "{ids:?}");
    it.sandbox.advance(DAY);
    it.attempts(5).await;
}

#[tokio::test]
async fn a_jump_makes_all_ten_attempts_each_at_its_moment() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[OK], DOWN).await;
    it.submit(&cat_to(&receiver.url(""))).await;
    it.sandbox.advance(DAY);
    for _ in 0..11 {
        receiver.next().await.verified("whsec-sandbox");
    }
    let attempts = it.attempts(11).await;
    let ten = &attempts[1..];
    assert_eq!(
        column(ten, "attempt"),
        json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    );
    let from = ten[0]["at"].as_str().unwrap();
    let minutes: Vec<i64> = seconds(ten, from).iter().map(|s| s / 60).collect();
    assert_eq!(minutes, [0, 1, 3, 8, 18, 48, 108, 288, 648, 1368]);
    assert_eq!(
        (&ten[9]["outcome"], &ten[9]["next_at"]),
        (&json!("failed"), &Value::Null)
    );
    it.sandbox.advance(DAY);
    it.attempts(11).await;
}

#[tokio::test]
async fn a_running_clock_needs_no_push() {
    // A day in less than a tenth of a second.
    let it = service(still().with_speed(1e6)).await;
    let mut receiver = Receiver::start(&[DOWN; 9], OK).await;
    let mut cat = cat_to(&receiver.url(""));
    cat["prompt"] = json!("a cat [[fault:webhook_lost]]");
    it.submit(&cat).await;
    for _ in 0..10 {
        receiver.next().await;
    }
    let attempts = it.attempts(11).await;
    let mut mine = attempts
        .iter()
        .filter(|attempt| attempt["outcome"] != "lost");
    let last = mine.next_back().unwrap();
    assert_eq!(
        (&last["attempt"], &last["outcome"]),
        (&json!(10), &json!("delivered"))
    );
}

#[tokio::test]
async fn redirects_silence_and_nobody_are_failures() {
    let config = || still().with_webhook_timeout(Duration::from_millis(50));
    for (reply, failure, status) in [
        (Reply::Redirect, "redirect", json!(307)),
        (Reply::Hang, "timeout", Value::Null),
        (Reply::Status(404), "status", json!(404)),
    ] {
        let it = service(config()).await;
        let mut receiver = Receiver::start(&[], reply).await;
        it.submit(&cat_to(&receiver.url("hook"))).await;
        it.sandbox.advance(Duration::from_secs(1));
        assert_eq!(receiver.next().await.uri.path(), "/hook");
        let attempt = it.attempts(1).await[0].clone();
        assert_eq!(attempt["outcome"], "retrying");
        assert_eq!(
            (&attempt["failure"], &attempt["status"]),
            (&json!(failure), &status)
        );
        assert!(receiver.is_empty(), "followed");
    }
    let it = service(config()).await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    it.submit(&cat_to(&closed)).await;
    it.sandbox.advance(Duration::from_secs(1));
    assert_eq!(it.attempts(1).await[0]["failure"], "connect");
}

#[tokio::test]
async fn a_jobs_events_wait_for_each_other_and_jobs_do_not() {
    let it = service(still()).await;
    let mut slow = Receiver::start(&[Reply::Hang], OK).await;
    let mut quick = Receiver::start(&[], OK).await;
    it.submit(&cat_to(&slow.url(""))).await;
    it.submit(&cat_to(&quick.url(""))).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(slow.events(1).await, ["job.processing"]);
    assert_eq!(quick.events(2).await, ["job.processing", "job.completed"]);
    it.attempts(2).await;
    assert!(slow.is_empty());
}

/// Ten deliveries that nobody takes: five jobs, a day.
async fn give_up_ten(it: &Service, url: &str) {
    for _ in 0..5 {
        it.submit(&cat_to(url)).await;
    }
    it.sandbox.advance(DAY);
    it.attempts(100).await;
}

#[tokio::test]
async fn ten_given_up_in_a_row_switch_an_account_off() {
    let it = service(still()).await;
    let down = Receiver::start(&[], DOWN).await;
    let mut up = Receiver::start(&[], OK).await;
    give_up_ten(&it, &down.url("")).await;
    it.submit(&cat_to(&up.url(""))).await;
    it.sandbox.advance(Duration::from_secs(5));
    let off = it.attempts(102).await;
    assert_eq!(
        column(&off[100..], "outcome"),
        json!(["disabled", "disabled"])
    );
    assert_eq!(column(&off[100..], "attempt"), json!([0, 0]));
    assert_eq!(off[99]["outcome"], "failed");
    // Another account is not concerned.
    let other = it.http.post(it.url("txt2img")).bearer_auth("sk-sandbox-b");
    other.json(&cat_to(&up.url(""))).send().await.unwrap();
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(up.events(2).await, ["job.processing", "job.completed"]);
    it.attempts(104).await;

    assert_eq!(it.admin("webhooks", &json!({"on": true})).await.0, 400);
    let wish = json!({"enabled": true, "key": it.key});
    let (status, answer) = it.admin("webhooks", &wish).await;
    assert_eq!((status, answer), (200, json!({"enabled": true})));
    it.submit(&cat_to(&up.url(""))).await;
    it.sandbox.advance(Duration::from_secs(5));
    assert_eq!(up.events(2).await, ["job.processing", "job.completed"]);
}

#[tokio::test]
async fn a_delivery_that_arrives_starts_the_count_anew() {
    let it = service(still()).await;
    let down = Receiver::start(&[], DOWN).await;
    let mut up = Receiver::start(&[], OK).await;
    for _ in 0..4 {
        it.submit(&cat_to(&down.url(""))).await;
    }
    it.sandbox.advance(DAY);
    it.attempts(80).await;
    it.submit(&cat_to(&up.url(""))).await;
    it.sandbox.advance(DAY);
    up.events(2).await;
    it.attempts(82).await;
    it.submit(&cat_to(&down.url(""))).await;
    it.sandbox.advance(DAY);
    it.attempts(102).await;
    it.submit(&cat_to(&up.url(""))).await;
    it.sandbox.advance(DAY);
    up.events(2).await;
}

#[tokio::test]
async fn a_reset_forgets_and_switches_on() {
    let it = service(still()).await;
    let mut receiver = Receiver::start(&[DOWN], OK).await;
    it.submit(&cat_to(&receiver.url("old"))).await;
    it.sandbox.advance(Duration::from_secs(1));
    receiver.next().await;
    it.attempts(1).await;
    it.sandbox.switch_webhooks(false);
    assert_eq!(it.attempts(2).await[1]["outcome"], "disabled");
    it.admin("reset", &json!({})).await;
    it.attempts(0).await;
    it.submit(&cat_to(&receiver.url("new"))).await;
    it.sandbox.advance(DAY);
    for _ in 0..2 {
        assert_eq!(receiver.next().await.uri.path(), "/new");
    }
    it.attempts(2).await;
}
