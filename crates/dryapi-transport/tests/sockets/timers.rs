//! Each stage has its own timer, and none of them tells more than it knows about delivery.

use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::{
    HttpTransport, Request, Response, Timeouts, Transport, TransportError,
    TransportErrorKind as Kind,
};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::support::{HandClock, builder, fed, get, post, serve};
use crate::tls::authority;

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Connect 10 s, upload 60 s, first byte 30 s, idle 20 s.
fn timeouts() -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.upload = Some(seconds(60));
    timeouts.idle = seconds(20);
    timeouts
}

fn by_hand() -> (HandClock, HttpTransport) {
    let clock = HandClock::new();
    let transport = builder().clock(Arc::new(clock.clone())).build().unwrap();
    (clock, transport)
}

fn send(
    transport: HttpTransport,
    mut request: Request,
) -> JoinHandle<Result<Response, TransportError>> {
    request.timeouts = timeouts();
    tokio::spawn(async move { transport.send(request).await })
}

#[tokio::test]
async fn while_connecting_nothing_is_sent() {
    // A handshake that nobody answers: TLS is part of connecting.
    let address = serve(|connection, _| connection.hold()).await;
    let clock = HandClock::new();
    let builder = builder().add_root_certificate_pem(authority().pem());
    let transport = builder.clock(Arc::new(clock.clone())).build().unwrap();
    let sending = send(transport, post(format!("https://{address}")));
    clock.armed(seconds(10)).await;
    clock.advance(seconds(10));
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("no connection to {address} within 10 s")
    );
}

#[tokio::test]
async fn an_upload_that_stalls_is_not_sent() {
    let address = serve(|connection, _| connection.hold()).await;
    let (clock, transport) = by_hand();
    let (mut feed, body) = fed(Some(10));
    feed.feed("first");
    let sending = send(transport, post(format!("http://{address}")).with_body(body));
    feed.taken(1).await;
    clock.armed(seconds(60)).await;
    clock.advance(seconds(60));
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("the request to {address} could not be sent within 60 s")
    );
    // The connection's own task lets go of the body as well.
    feed.dropped().await;
}

#[tokio::test]
async fn a_body_said_to_be_empty_that_never_ends_is_not_sent() {
    let (clock, transport) = by_hand();
    let (_feed, body) = fed(Some(0));
    let sending = send(transport, post("http://127.0.0.1:9").with_body(body));
    clock.armed(seconds(60)).await;
    clock.advance(seconds(60));
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.provably_not_sent());
}

#[tokio::test]
async fn a_slow_upload_is_not_killed_by_the_timer_for_the_first_byte() {
    let address = serve(|mut connection, _| async move {
        let request = connection.request().await.unwrap();
        connection.answer(request.text()).await;
    })
    .await;
    let (clock, transport) = by_hand();
    let (mut feed, body) = fed(Some(10));
    feed.feed("1");
    let sending = send(transport, post(format!("http://{address}")).with_body(body));
    feed.taken(1).await;
    clock.armed(seconds(60)).await;
    for piece in ["2", "3", "4", "5", "6", "7", "8", "9", "0"] {
        clock.advance(seconds(6));
        feed.feed(piece);
    }
    drop(feed);
    // 54 s have passed; the last byte starts the timer for the first byte.
    let mut response = sending.await.unwrap().unwrap();
    assert_eq!(&response.read(100).await.bytes[..], b"1234567890");
}

#[tokio::test]
async fn silence_after_the_last_byte_is_unknown() {
    let address = serve(|connection, _| connection.hold()).await;
    let (clock, transport) = by_hand();
    let (mut feed, body) = fed(Some(10));
    feed.feed("first");
    let sending = send(transport, post(format!("http://{address}")).with_body(body));
    feed.taken(1).await;
    clock.armed(seconds(60)).await;
    clock.advance(seconds(50));
    feed.feed("last!");
    drop(feed);
    // Thirty seconds from the last byte, not from the start.
    clock.armed(seconds(50 + 30)).await;
    clock.advance(seconds(30));
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(!error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("no answer from {address} within 30 s after the request was sent")
    );
}

#[tokio::test]
async fn without_a_body_connecting_and_waiting_are_one() {
    let address = serve(|connection, _| connection.hold()).await;
    let (clock, transport) = by_hand();
    let sending = send(transport, get(format!("http://{address}")));
    clock.armed(seconds(40)).await;
    clock.advance(seconds(40));
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(!error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("no answer from {address} within 40 s")
    );
}

#[tokio::test]
async fn silence_within_the_answer_is_told_apart_from_a_slow_reader() {
    let go_on = Arc::new(Notify::new());
    let told = Arc::clone(&go_on);
    let address = serve(move |mut connection, _| {
        let told = Arc::clone(&told);
        async move {
            connection.request().await.unwrap();
            connection
                .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none")
                .await;
            told.notified().await;
            connection.write("two").await;
            connection.hold().await;
        }
    })
    .await;
    let (clock, transport) = by_hand();
    let mut response = send(transport, post(format!("http://{address}")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "one");
    // The reader takes its time: no timer runs.
    clock.advance(seconds(1000));
    go_on.notify_one();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "two");
    clock.advance(seconds(1));
    let reading = tokio::spawn(async move { (response.chunk().await, response.chunk().await) });
    clock.armed(seconds(1000 + 1 + 20)).await;
    clock.advance(seconds(20));
    let (error, end) = reading.await.unwrap();
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(!error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("the answer of {address} fell silent for 20 s after 6 bytes")
    );
    assert!(end.unwrap().is_none());
}
