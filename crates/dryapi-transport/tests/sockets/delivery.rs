//! What is known about delivery when there is no answer: "not sent" is proof, never a guess.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use dryapi_transport::{Request, Transport, TransportErrorKind as Kind};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::support::{fed, get, post, serve, transport};

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    for request in [
        post(format!("http://{address}/x?secret=1")),
        get(format!("http://{address}")),
    ] {
        let error = transport().send(request).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Connect);
        assert!(error.provably_not_sent());
        assert_eq!(
            error.message(),
            format!("could not connect to {address} (connection refused)")
        );
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_none_is_not_sent() {
    let error = transport()
        .send(post("http://nonexistent.invalid/"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Connect);
    assert!(error.provably_not_sent());
    assert!(
        error
            .message()
            .starts_with("could not connect to nonexistent.invalid:80 ("),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_dropped_after_the_request_is_unknown() {
    let address = serve(|mut connection, _| async move {
        connection.request().await.unwrap();
    })
    .await;
    let error = transport()
        .send(post(format!("http://{address}")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted);
    assert!(!error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("the connection to {address} closed after the request was sent")
    );
}

#[tokio::test]
async fn a_connection_reset_after_the_request_is_unknown() {
    let address = serve(|mut connection, _| async move {
        connection.request().await.unwrap();
        connection.reset();
    })
    .await;
    let error = transport()
        .send(post(format!("http://{address}")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted);
    assert!(!error.provably_not_sent());
}

#[tokio::test]
async fn without_a_body_a_dropped_connection_is_unknown() {
    let address = serve(|mut connection, _| async move {
        connection.request().await.unwrap();
    })
    .await;
    let error = transport()
        .send(get(format!("http://{address}")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted);
    assert!(!error.provably_not_sent());
}

#[tokio::test]
async fn a_connection_reset_during_the_upload_is_not_sent() {
    let address = serve(|mut connection, _| async move {
        connection.head().await.unwrap();
        connection.read_bytes(5).await;
        connection.reset();
    })
    .await;
    let (feed, body) = fed(Some(10));
    feed.feed("first");
    let request = post(format!("http://{address}")).with_body(body);
    let error = transport().send(request).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted);
    assert!(error.provably_not_sent());
    assert_eq!(
        error.message(),
        format!("the connection to {address} closed before the request was sent")
    );
}

/// Wherever the server stops reading, it has the whole request or we do not call it sent; and
/// where it has the whole request we never say that it was not.
#[tokio::test]
async fn a_server_that_has_the_whole_request_is_never_called_not_sent() {
    let mut wholes = 0;
    for count in (0..200).step_by(3) {
        let whole = Arc::new(Mutex::new(false));
        let told = Arc::clone(&whole);
        let address = serve(move |mut connection, _| {
            let told = Arc::clone(&told);
            async move {
                while connection.has_read() < count && !connection.has_whole_request() {
                    connection.read_bytes(connection.has_read() + 1).await;
                }
                *told.lock().unwrap() = connection.has_whole_request();
                connection.reset();
            }
        })
        .await;
        let error = transport()
            .send(post(format!("http://{address}")))
            .await
            .unwrap_err();
        if *whole.lock().unwrap() {
            assert!(!error.provably_not_sent(), "after {count} bytes");
            wholes += 1;
        }
    }
    assert!(wholes > 0);
}

/// A pooled connection may be closed by the server just when the next request is written. That is
/// an error of unknown delivery or none at all, and never a second copy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_written_twice() {
    const ROUNDS: usize = 300;
    let seen: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let counts = Arc::clone(&seen);
    let (close, closing) = watch::channel(0);
    let address = serve(move |mut connection, number| {
        let (counts, mut closing) = (Arc::clone(&counts), closing.clone());
        async move {
            // An answer that says nothing of closing, and then closing when the next request is
            // about to be sent: every other time after a look whether it came.
            let request = connection.request().await.unwrap();
            *counts
                .lock()
                .unwrap()
                .entry(request.text().to_owned())
                .or_default() += 1;
            let now = *closing.borrow_and_update();
            connection.answer("fine").await;
            let _ = closing.wait_for(|round| *round > now).await;
            for _ in 0..number % 23 {
                tokio::task::yield_now().await;
            }
            if number % 2 == 0
                && let Some(request) = connection.waiting_request()
            {
                *counts
                    .lock()
                    .unwrap()
                    .entry(request.text().to_owned())
                    .or_default() += 1;
            }
        }
    })
    .await;

    let transport = transport();
    let (mut answered, mut unknown, mut not_sent) = (0, 0, 0);
    for round in 0..ROUNDS {
        let name = format!("request {round:06}");
        close.send(round + 1).unwrap();
        let request = post(format!("http://{address}")).with_body(name.clone());
        let outcome = match transport.send(request).await {
            Ok(mut response) => response.read(100).await.error.map_or(Ok(()), Err),
            Err(error) => Err(error),
        };
        let times = seen.lock().unwrap().get(&name).copied().unwrap_or(0);
        assert!(times <= 1, "{name} was seen {times} times");
        match outcome {
            Ok(()) => {
                answered += 1;
                assert_eq!(times, 1);
            }
            Err(error) if error.provably_not_sent() => {
                not_sent += 1;
                assert_eq!(times, 0, "{name} was called not sent: {error:?}");
            }
            Err(_) => unknown += 1,
        }
    }
    assert_eq!(answered + unknown + not_sent, ROUNDS);
    let total: usize = seen.lock().unwrap().values().sum();
    assert!(
        total <= answered + unknown,
        "{total} seen, {answered} answered, {unknown} unknown"
    );
    assert!(answered > 0);
    println!("{answered} answered, {unknown} unknown, {not_sent} not sent");
}

/// Giving the request up stops its body: no byte is handed out behind the caller's back.
#[tokio::test]
async fn a_request_given_up_half_way_is_not_sent_behind_our_back() {
    let (whole, mut ended) = tokio::sync::mpsc::unbounded_channel();
    let address = serve(move |mut connection, _| {
        let whole = whole.clone();
        async move {
            let request = connection.request().await;
            whole.send(request.is_some()).unwrap();
        }
    })
    .await;
    let (mut feed, body) = fed(Some(10));
    feed.feed("first");
    let request: Request = post(format!("http://{address}")).with_body(body);
    let transport = transport();
    let sending = tokio::spawn(async move { transport.send(request).await });
    feed.taken(1).await;
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    feed.try_feed("last!");
    feed.dropped().await;
    assert_eq!(ended.recv().await, Some(false));
}
