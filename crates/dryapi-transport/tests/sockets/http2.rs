//! With the `http2` feature: delivery is known just as well where a server speaks HTTP/2.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use dryapi_transport::{Transport, TransportErrorKind as Kind};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::{Request, Response};
use tokio_rustls::TlsAcceptor;

use crate::support::{fed, post, serve};
use crate::tls::{authority, trusting};

/// A server that speaks HTTP/2 only and hands each request to `handle`, which says whether the
/// connection goes on.
async fn h2<F, R>(handle: F) -> String
where
    F: Fn(Request<RecvStream>, SendResponse<Bytes>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = bool> + Send + 'static,
{
    let mut config = authority().server();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let address = serve(move |connection, _| {
        let (acceptor, handle) = (acceptor.clone(), handle.clone());
        async move {
            let stream = acceptor.accept(connection.stream).await.unwrap();
            let mut connection = h2::server::handshake(stream).await.unwrap();
            let (over, mut ended) = tokio::sync::mpsc::unbounded_channel();
            loop {
                tokio::select! {
                    Some(Ok((request, respond))) = connection.accept() => {
                        let (handling, over) = (handle(request, respond), over.clone());
                        tokio::spawn(async move {
                            if !handling.await {
                                over.send(()).unwrap();
                            }
                        });
                    }
                    _ = ended.recv() => return,
                    else => return,
                }
            }
        }
    })
    .await;
    format!("https://{address}")
}

async fn whole(mut body: RecvStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.data().await {
        bytes.extend_from_slice(&piece.ok()?);
    }
    Some(bytes)
}

#[tokio::test]
async fn a_request_is_answered() {
    let address = h2(|request, mut respond| async move {
        let body = whole(request.into_body()).await.unwrap();
        let mut send = respond.send_response(Response::new(()), false).unwrap();
        send.send_data(body.into(), true).unwrap();
        true
    })
    .await;
    let mut response = trusting(authority()).send(post(&address)).await.unwrap();
    assert_eq!(&response.read(100).await.bytes[..], b"the body");
}

#[tokio::test]
async fn a_connection_dropped_after_the_request_is_unknown_and_not_tried_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let address = h2(move |request, _respond| {
        let seen = Arc::clone(&seen);
        async move {
            whole(request.into_body()).await.unwrap();
            seen.fetch_add(1, Ordering::SeqCst);
            false
        }
    })
    .await;
    let error = trusting(authority())
        .send(post(&address))
        .await
        .unwrap_err();
    assert!(!error.provably_not_sent(), "{error:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_stream_refused_is_not_tried_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let address = h2(move |request, mut respond| {
        let seen = Arc::clone(&seen);
        async move {
            whole(request.into_body()).await.unwrap();
            seen.fetch_add(1, Ordering::SeqCst);
            respond.send_reset(Reason::REFUSED_STREAM);
            true
        }
    })
    .await;
    let error = trusting(authority())
        .send(post(&address))
        .await
        .unwrap_err();
    assert!(!error.provably_not_sent(), "{error:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_upload_cut_by_the_server_is_not_sent() {
    let address = h2(|mut request, mut respond| async move {
        request.body_mut().data().await.unwrap().unwrap();
        respond.send_reset(Reason::INTERNAL_ERROR);
        true
    })
    .await;
    let (feed, body) = fed(Some(10));
    feed.feed("first");
    let error = trusting(authority())
        .send(post(&address).with_body(body))
        .await
        .unwrap_err();
    assert!(error.provably_not_sent(), "{error:?}");
    assert_eq!(error.kind(), Kind::Interrupted);
}
