//! What is answered after an event was handled, or was not.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::http::StatusCode;
use dryapi_webhook::axum::Delivery;
use dryapi_webhook::{Claim, Event, ReplayGuard, Seen, SeenStore, StoreError, async_trait};

use super::{delivery, event, ok, receiver};

#[tokio::test]
async fn what_is_genuine_is_204_and_an_unknown_event_is_too() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let handler = receiver().handler(move |delivery: Delivery| {
        kept.lock().unwrap().push(delivery.event);
        async { Ok::<(), Infallible>(()) }
    });
    let sent = [event("d1"), Event::unknown("account.low_balance")];
    for event in &sent {
        assert_eq!(
            handler(delivery(event)).await.status(),
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(*seen.lock().unwrap(), sent);
}

#[tokio::test]
async fn a_failed_or_panicked_handler_is_503_and_sees_the_event_again() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let handler = receiver().handler(move |_| {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            match call {
                0 => Err("the database is away"),
                1 => panic!("a bug"),
                _ => Ok(()),
            }
        }
    });
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(handler(delivery(&event("d1"))).await.status().as_u16());
    }
    assert_eq!(answers, [503, 503, 204, 204]);
    assert_eq!(
        calls.load(Ordering::SeqCst),
        3,
        "a duplicate is not handled"
    );
}

#[tokio::test]
async fn the_handlers_error_is_not_told_to_the_caller() {
    let handler = receiver().handler(|_| async { Err("postgres://user:secret@db") });
    let answer = handler(delivery(&event("d1"))).await;
    let body = axum::body::to_bytes(answer.into_body(), 1000)
        .await
        .unwrap();
    assert_eq!(body, "the event was not handled: deliver it again");
}

#[tokio::test]
async fn ack_first_answers_once_the_channel_took_it_and_503_when_it_is_full() {
    let (sender, events) = sync_channel(1);
    let handler = receiver().ack_first(move |delivery| {
        let sent = sender.try_send(delivery.event);
        sent.map_err(|full| full.to_string())
    });
    assert_eq!(handler(delivery(&event("d1"))).await.status().as_u16(), 204);
    assert_eq!(handler(delivery(&event("d1"))).await.status().as_u16(), 204);
    assert_eq!(handler(delivery(&event("d2"))).await.status().as_u16(), 503);
    assert_eq!(events.recv().unwrap(), event("d1"));
    assert_eq!(handler(delivery(&event("d2"))).await.status().as_u16(), 204);
    assert_eq!(events.recv().unwrap(), event("d2"));
    assert!(events.try_recv().is_err());
}

#[test]
fn handlers_fit_a_route() {
    let receiver = receiver();
    let hook = |delivery: Delivery| async move { delivery.event.kind.name().to_owned() };
    let _app: axum::Router = axum::Router::new()
        .route("/after", axum::routing::post(receiver.handler(ok)))
        .route(
            "/first",
            axum::routing::post(receiver.ack_first(|_| Ok::<(), Infallible>(()))),
        )
        .route("/own", axum::routing::post(hook))
        .with_state(receiver);
}

/// A store that is away.
#[derive(Debug)]
struct Away;

#[async_trait]
impl SeenStore for Away {
    async fn begin(&self, _: &Claim, _: SystemTime) -> Result<Seen, StoreError> {
        Err("no connection".into())
    }

    async fn renew(&self, _: &Claim, _: SystemTime) -> Result<bool, StoreError> {
        Err("no connection".into())
    }

    async fn done(&self, _: &Claim, _: SystemTime) -> Result<(), StoreError> {
        Err("no connection".into())
    }
}

#[tokio::test]
async fn without_its_store_nothing_is_handled_and_all_is_delivered_again() {
    let guard = ReplayGuard::new(Arc::new(Away));
    let handler = receiver()
        .with_guard(guard)
        .handler(|_| async { panic!("handled") as Result<(), Infallible> });
    let status = handler(delivery(&event("d1"))).await.status();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
