//! A request's body goes out whole, or the request was not sent.

use std::io;

use bytes::Bytes;
use dryapi_transport::{Body, Response, Transport, TransportError, TransportErrorKind as Kind};
use http::Method;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::{Fed, Seen, fed, get, post, serve, transport};

/// A server that answers each whole request, and what it saw: `None` for a cut one.
async fn echo() -> (String, UnboundedReceiver<Option<Seen>>) {
    let (sender, receiver) = unbounded_channel();
    let address = serve(move |mut connection, _| {
        let sender = sender.clone();
        async move {
            let seen = connection.request().await;
            let whole = seen.is_some();
            sender.send(seen).unwrap();
            if whole {
                connection.answer("fine").await;
            }
        }
    })
    .await;
    (format!("http://{address}/path?query=1"), receiver)
}

#[tokio::test]
async fn bytes_go_out_with_their_length() {
    let (address, mut seen) = echo().await;
    let mut response = transport().send(post(&address)).await.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(&response.read(100).await.bytes[..], b"fine");
    let seen = seen.recv().await.flatten().unwrap();
    assert_eq!(seen.line(), "POST /path?query=1 HTTP/1.1");
    assert_eq!(seen.header("content-length"), ["8"]);
    assert_eq!(seen.text(), "the body");
}

#[tokio::test]
async fn a_body_larger_than_every_buffer_arrives_whole() {
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let (address, mut seen) = echo().await;
    let request = post(&address).with_body(bytes.clone());
    let response = transport().send(request).await.unwrap();
    assert_eq!(response.status, 200);
    assert!(seen.recv().await.flatten().unwrap().body == bytes);
}

#[tokio::test]
async fn no_body_says_so() {
    let (address, mut seen) = echo().await;
    let (feed, empty_stream) = fed(Some(0));
    drop(feed);
    for body in [Body::empty(), Body::from(""), empty_stream] {
        let request = post(&address).with_body(body);
        assert_eq!(transport().send(request).await.unwrap().status, 200);
        let seen = seen.recv().await.flatten().unwrap();
        assert_eq!(seen.header("content-length"), ["0"]);
        assert!(seen.header("transfer-encoding").is_empty());
    }
    assert_eq!(transport().send(get(&address)).await.unwrap().status, 200);
    let seen = seen.recv().await.flatten().unwrap();
    assert!(seen.header("content-length").is_empty());
    assert!(seen.header("transfer-encoding").is_empty());
}

#[tokio::test]
async fn a_body_of_unknown_length_is_chunked() {
    let (address, mut seen) = echo().await;
    let (feed, body) = fed(None);
    feed.feed("one ");
    feed.feed("");
    feed.feed("two");
    drop(feed);
    let response = transport()
        .send(post(&address).with_body(body))
        .await
        .unwrap();
    assert_eq!(response.status, 200);
    let seen = seen.recv().await.flatten().unwrap();
    assert_eq!(seen.text(), "4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n");
    let (feed, body) = fed(None);
    drop(feed);
    let response = transport()
        .send(post(&address).with_body(body))
        .await
        .unwrap();
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn the_callers_framing_gives_way_to_the_bodys() {
    let (address, mut seen) = echo().await;
    let mut request = post(&address);
    request
        .headers
        .insert("content-length", "3".parse().unwrap());
    request
        .headers
        .insert("transfer-encoding", "chunked".parse().unwrap());
    transport().send(request).await.unwrap();
    let seen = seen.recv().await.flatten().unwrap();
    assert_eq!(seen.header("content-length"), ["8"]);
    assert!(seen.header("transfer-encoding").is_empty());
}

async fn fails(len: Option<u64>, feeding: impl FnOnce(Fed)) -> TransportError {
    let (address, mut seen) = echo().await;
    let (feed, body) = fed(len);
    feeding(feed);
    let outcome: Result<Response, _> = transport().send(post(&address).with_body(body)).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), Kind::RequestBody, "{error:?}");
    assert!(error.provably_not_sent());
    // The server may not even have been connected to; what it saw was not a whole request.
    if let Ok(seen) = seen.try_recv() {
        assert!(seen.is_none(), "{seen:?}");
    }
    error
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_not_sent() {
    let gone = || io::Error::new(io::ErrorKind::NotFound, "the file is gone");
    for len in [None, Some(0), Some(5), Some(10)] {
        let error = fails(len, |feed| {
            if len != Some(0) {
                feed.feed("first");
            }
            feed.fail(gone());
        })
        .await;
        assert_eq!(
            error.message(),
            "the request's body could not be sent whole (the file is gone)"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_shorter_than_said_is_not_sent() {
    let error = fails(Some(10), |feed| feed.feed("first")).await;
    assert!(
        error.message().contains("ended before its length"),
        "{error}"
    );
}

#[tokio::test]
async fn a_body_that_is_longer_than_said_is_not_sent() {
    for (len, pieces) in [
        (3, vec!["first"]),
        (5, vec!["first", "second"]),
        (0, vec!["first"]),
    ] {
        let error = fails(Some(len), |feed| {
            pieces.iter().for_each(|piece| feed.feed(piece))
        })
        .await;
        assert!(
            error.message().contains("longer than it was said to be"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_server_may_answer_before_it_has_the_whole_body() {
    let address = serve(|mut connection, _| async move {
        connection.head().await.unwrap();
        connection
            .write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
            .await;
        connection.hold().await;
    })
    .await;
    let (feed, body) = fed(Some(10));
    feed.feed("first");
    let request = post(format!("http://{address}")).with_body(body);
    let mut response = transport().send(request).await.unwrap();
    assert_eq!(response.status, 413);
    assert_eq!(response.read(10).await.bytes, Bytes::from("big"));
}

#[tokio::test]
async fn a_factory_is_replayed() {
    let (address, mut seen) = echo().await;
    let body = Body::factory(Some(4), || Box::pin(Body::from("made").into_stream()));
    let request = post(&address).with_body(body);
    for again in [request.try_clone().unwrap(), request] {
        transport().send(again).await.unwrap();
        let seen = seen.recv().await.flatten().unwrap();
        assert_eq!(
            (seen.text(), seen.line().split(' ').next()),
            ("made", Some(Method::POST.as_str()))
        );
    }
}
