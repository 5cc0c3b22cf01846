//! What the service hears.

use std::convert::Infallible;
use std::future::pending;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use dryapi_webhook::axum::{Delivery, Receiver};
use dryapi_webhook::{
    Brand, Claim, Event, ReplayGuard, Seen, SeenStore, StoreError, Verifier, async_trait,
    delivery_headers,
};
use tokio::sync::Notify;

const AT: u64 = 1_705_314_600;

fn receiver() -> Receiver {
    Receiver::new(Verifier::new(["whsec_1"]).unwrap())
        .with_clock(|| UNIX_EPOCH + Duration::from_secs(AT))
}

fn signed(secret: &str, event: &Event, body: String) -> Request {
    let mut request = Request::post("/dryapi");
    for (name, value) in delivery_headers(Brand::DryApi, secret, AT, event, body.as_bytes()) {
        request = request.header(name, value);
    }
    request.body(Body::from(body)).unwrap()
}

fn delivery(event: &Event) -> Request {
    signed("whsec_1", event, event.to_json().to_string())
}

fn event(id: &str) -> Event {
    Event::processing("r1").with_delivery_id(id)
}

async fn ok(_: Event) -> Result<(), Infallible> {
    Ok(())
}

#[tokio::test]
async fn what_is_genuine_is_204_and_an_unknown_event_is_too() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let handler = receiver().handler(move |event: Event| {
        kept.lock().unwrap().push(event);
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
async fn what_is_not_is_401_400_or_413_and_never_handled() {
    let handler = receiver()
        .with_limit(400)
        .handler(|_| async { panic!("handled") as Result<(), Infallible> });
    let forged = signed("whsec_2", &event("d1"), event("d1").to_json().to_string());
    let unsigned = Request::post("/dryapi").body(Body::from("{}")).unwrap();
    let no_event = signed("whsec_1", &event("d1"), "{}".to_owned());
    let long = signed("whsec_1", &event("d1"), " ".repeat(401));
    let torn = torn_body();
    for (request, status) in [
        (forged, StatusCode::UNAUTHORIZED),
        (unsigned, StatusCode::UNAUTHORIZED),
        (no_event, StatusCode::BAD_REQUEST),
        (torn, StatusCode::BAD_REQUEST),
        (long, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(handler(request).await.status(), status);
    }
}

/// A request whose body breaks off.
fn torn_body() -> Request {
    struct Torn;

    impl axum::body::HttpBody for Torn {
        type Data = axum::body::Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            std::task::Poll::Ready(Some(Err(std::io::Error::other("reset"))))
        }
    }
    Request::post("/dryapi").body(Body::new(Torn)).unwrap()
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read_by_default_256_kib() {
    let handler = receiver().handler(ok);
    let body = |length: usize| {
        let mut body = event("d1").to_json().to_string();
        body.extend(std::iter::repeat_n(' ', length - body.len()));
        body
    };
    for (length, status) in [
        (256 * 1024, StatusCode::NO_CONTENT),
        (256 * 1024 + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request = signed("whsec_1", &event("d1"), body(length));
        assert_eq!(handler(request).await.status(), status);
    }
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

#[expect(clippy::disallowed_methods, reason = "the clock is paused")]
fn paused_now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_more_than_8_s_is_503_goes_on_and_is_a_duplicate_later() {
    let go = Arc::new(Notify::new());
    let calls = Arc::new(AtomicU32::new(0));
    let (wait, counted) = (Arc::clone(&go), Arc::clone(&calls));
    let handler = receiver().handler(move |_| {
        let wait = Arc::clone(&wait);
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            wait.notified().await;
            Ok::<(), Infallible>(())
        }
    });
    let start = paused_now();
    let first = handler(delivery(&event("d1"))).await.status();
    assert_eq!(first, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((paused_now() - start).as_secs(), 8);
    let beside = handler(delivery(&event("d1"))).await.status();
    assert_eq!(beside, StatusCode::SERVICE_UNAVAILABLE, "somebody is at it");
    go.notify_one();
    let mut later = StatusCode::SERVICE_UNAVAILABLE;
    for _ in 0..100 {
        tokio::task::yield_now().await;
        later = handler(delivery(&event("d1"))).await.status();
        if later.is_success() {
            break;
        }
    }
    assert_eq!(later, StatusCode::NO_CONTENT);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_handler() {
    let (begun, go, done) = (Notify::new(), Notify::new(), Notify::new());
    let signals = Arc::new((begun, go, done));
    let inside = Arc::clone(&signals);
    let handler = receiver().handler(move |_| {
        let inside = Arc::clone(&inside);
        async move {
            inside.0.notify_one();
            inside.1.notified().await;
            inside.2.notify_one();
            Ok::<(), Infallible>(())
        }
    });
    tokio::select! {
        _ = handler(delivery(&event("d1"))) => panic!("answered before it was handled"),
        () = signals.0.notified() => {}
    }
    signals.1.notify_one();
    signals.2.notified().await;
}

/// A store that is away.
#[derive(Debug)]
struct Away;

#[async_trait]
impl SeenStore for Away {
    async fn begin(&self, _: &Claim, _: SystemTime) -> Result<Seen, StoreError> {
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

#[tokio::test]
async fn ack_first_answers_once_the_channel_took_it_and_503_when_it_is_full() {
    let (sender, events) = sync_channel(1);
    let handler =
        receiver().ack_first(move |event| sender.try_send(event).map_err(|full| full.to_string()));
    assert_eq!(handler(delivery(&event("d1"))).await.status().as_u16(), 204);
    assert_eq!(handler(delivery(&event("d1"))).await.status().as_u16(), 204);
    assert_eq!(handler(delivery(&event("d2"))).await.status().as_u16(), 503);
    assert_eq!(events.recv().unwrap(), event("d1"));
    assert_eq!(handler(delivery(&event("d2"))).await.status().as_u16(), 204);
    assert_eq!(events.recv().unwrap(), event("d2"));
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn the_extractor_keeps_the_raw_body_and_rejects_alike() {
    let receiver = receiver();
    let got = Delivery::from_request(delivery(&event("d1")), &receiver)
        .await
        .unwrap();
    assert_eq!(got.event, event("d1"));
    assert_eq!(got.raw_body, event("d1").to_json().to_string());
    assert!(!format!("{got:?}").contains("job_request_id"), "{got:?}");
    let forged = signed("other", &event("d1"), "{}".to_owned());
    let rejection = Delivery::from_request(forged, &receiver).await.unwrap_err();
    let answer = rejection.into_response();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
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

/// Where the log goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn errors(&self) -> usize {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("sig=secret"), "{text}");
        text.lines().filter(|line| line.contains("ERROR")).count()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn five_refused_in_a_row_are_an_error_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let handler = receiver().handler(|event: Event| async move {
        if event.delivery_id.as_deref() == Some("good") {
            Ok(())
        } else {
            Err("no")
        }
    });
    let url = dryapi_webhook::ResultUrl::new("https://s/a.png?sig=secret");
    let bad = Event::completed("r1", Some(url)).with_delivery_id("bad");
    let forged = || signed("other", &bad, bad.to_json().to_string());
    let mut counts = Vec::new();
    for round in 0..5 {
        for _ in 0..2 {
            handler(delivery(&bad)).await;
            handler(forged()).await;
        }
        if round == 0 {
            // four in a row, and one that is accepted
            handler(delivery(&event("good"))).await;
        }
        counts.push(log.errors());
    }
    // refused in a row: 4, then 4, 8, 12, 16
    assert_eq!(counts, [0, 0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_ends_is_answered() {
    let handler = receiver().handler(|_| pending::<Result<(), Infallible>>());
    let status = handler(delivery(&event("d1"))).await.status();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
