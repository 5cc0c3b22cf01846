//! Nothing is added to a request that its maker did not ask for, and nothing in an answer is
//! decoded.

use dryapi_transport::Transport;
use http::header::{ACCEPT, CONTENT_ENCODING};
use tokio::sync::mpsc::unbounded_channel;

use crate::support::{get, post, serve, transport};

#[tokio::test]
async fn the_head_holds_what_was_asked_for() {
    let (sender, mut seen) = unbounded_channel();
    let address = serve(move |mut connection, _| {
        let sender = sender.clone();
        async move {
            while let Some(request) = connection.request().await {
                sender.send(request).unwrap();
                let cookie = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
                connection.write(cookie).await;
            }
        }
    })
    .await;
    let transport = transport();
    for _ in 0..2 {
        let request = post(format!("http://{address}/path"))
            .with_header(ACCEPT, "application/json".parse().unwrap());
        transport.send(request).await.unwrap();
        let seen = seen.recv().await.unwrap();
        let mut names: Vec<_> = seen
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .collect();
        names.sort_unstable();
        let host = format!(" {address}");
        assert_eq!(
            names,
            [
                ("accept", " application/json"),
                ("content-length", " 8"),
                ("host", &host)
            ]
        );
    }
}

#[tokio::test]
async fn a_coded_answer_is_not_decoded() {
    const CODED: &[u8] = b"\x1f\x8b\x08\x00 not even gzip";
    let address = serve(|mut connection, _| async move {
        let request = connection.request().await.unwrap();
        assert!(request.header("accept-encoding").is_empty());
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 18\r\n\r\n";
        connection.write([head.as_bytes(), CODED].concat()).await;
    })
    .await;
    let mut response = transport()
        .send(get(format!("http://{address}")))
        .await
        .unwrap();
    assert_eq!(response.headers[CONTENT_ENCODING], "gzip");
    assert_eq!(response.headers["content-length"], CODED.len().to_string());
    let read = response.read(1000).await;
    assert_eq!(&read.bytes[..], CODED);
    assert!(read.error.is_none());
}
