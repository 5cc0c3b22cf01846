//! What came of an answer is delivered before what is wrong with it is told.

use dryapi_transport::{BodyRead, Transport, TransportError, TransportErrorKind as Kind};

use crate::support::{post, serve, transport};

async fn answering(bytes: &'static [u8]) -> Result<BodyRead, TransportError> {
    let address = serve(move |mut connection, _| async move {
        connection.request().await.unwrap();
        connection.write(bytes).await;
    })
    .await;
    let mut response = transport().send(post(format!("http://{address}"))).await?;
    assert_eq!(response.status, 200);
    let read = response.read(1000).await;
    // After an error there is nothing more.
    assert!(response.chunk().await.unwrap().is_none());
    Ok(read)
}

#[tokio::test]
async fn an_answer_cut_off_is_delivered_as_far_as_it_came() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nid: 12345678";
    let read = answering(cut).await.unwrap();
    assert_eq!(&read.bytes[..], b"id: 12345678");
    let error = read.error.unwrap();
    assert_eq!(error.kind(), Kind::InvalidResponse);
    assert!(!error.provably_not_sent());
    assert!(
        error
            .message()
            .ends_with("was cut off after 12 of 100 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn a_chunked_answer_cut_off_is_delivered_as_far_as_it_came() {
    let cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    let read = answering(cut).await.unwrap();
    assert_eq!(&read.bytes[..], b"half");
    let error = read.error.unwrap();
    assert_eq!(error.kind(), Kind::InvalidResponse);
    assert!(
        error.message().ends_with("was cut off after 4 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn a_chunked_answer_that_is_none_is_invalid() {
    let bad = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense\r\n";
    let read = answering(bad).await.unwrap();
    assert_eq!(&read.bytes[..], b"half");
    let error = read.error.unwrap();
    assert_eq!(error.kind(), Kind::InvalidResponse);
    assert!(
        error.message().ends_with("is not valid HTTP after 4 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_not_http_is_an_invalid_answer() {
    for bad in [
        &b"nonsense\r\n\r\n"[..],
        b"HTTP/1.1 2OO OK\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
    ] {
        let error = answering(bad).await.unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidResponse, "{error:?}");
        assert!(!error.provably_not_sent());
        assert!(error.message().ends_with("is not valid HTTP"), "{error}");
    }
}

#[tokio::test]
async fn half_a_head_is_an_interrupted_answer() {
    let error = answering(b"HTTP/1.1 200 OK\r\nContent-Le")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted, "{error:?}");
    assert!(!error.provably_not_sent());
}

#[tokio::test]
async fn an_answer_without_a_length_ends_with_the_connection() {
    let read = answering(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        .await
        .unwrap();
    assert_eq!(&read.bytes[..], b"all of it");
    assert!(read.error.is_none());
}

#[tokio::test]
async fn a_head_without_end_is_an_error_and_not_memory() {
    let (sender, mut written) = tokio::sync::mpsc::unbounded_channel();
    let address = serve(move |mut connection, _| {
        let sender = sender.clone();
        async move {
            connection.request().await.unwrap();
            connection.write("HTTP/1.1 200 OK\r\n").await;
            let line = format!("X-More: {}\r\n", "x".repeat(10_000));
            let mut count = 0_usize;
            while connection.write(&line).await {
                count += line.len();
            }
            sender.send(count).unwrap();
        }
    })
    .await;
    let error = transport()
        .send(post(format!("http://{address}")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidResponse, "{error:?}");
    // What the kernel's buffers took included.
    assert!(written.recv().await.unwrap() < 32 << 20);
}

#[tokio::test]
async fn too_many_headers_are_an_error() {
    let address = serve(|mut connection, _| async move {
        connection.request().await.unwrap();
        let lines: String = (0..5_000).map(|n| format!("X-{n}: x\r\n")).collect();
        connection
            .write(format!("HTTP/1.1 200 OK\r\n{lines}\r\n"))
            .await;
    })
    .await;
    let error = transport()
        .send(post(format!("http://{address}")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidResponse, "{error:?}");
}

#[tokio::test]
async fn an_answer_torn_by_a_reset_is_interrupted() {
    let (sender, torn) = tokio::sync::watch::channel(false);
    let address = serve(move |mut connection, _| {
        let mut torn = torn.clone();
        async move {
            connection.request().await.unwrap();
            connection
                .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                .await;
            torn.wait_for(|torn| *torn).await.unwrap();
            connection.reset();
        }
    })
    .await;
    let mut response = transport()
        .send(post(format!("http://{address}")))
        .await
        .unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "half");
    sender.send(true).unwrap();
    let error = response.chunk().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted, "{error:?}");
    assert!(
        error
            .message()
            .contains("was cut off after 4 of 100 bytes ("),
        "{error}"
    );
}
