//! Results whose storage does not mean well.

use std::fmt::Write as _;
use std::time::Duration;

use dryapi_client::{Charge, Error, ErrorKind, TextToEmbedding};

use super::server::{Play, Server, gzip_bomb};
use super::{MOST, cat, client, in_time};

const ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";

/// A service whose results come from `storage`.
async fn service(storage: impl Fn(&str) -> Play + Send + Sync + 'static) -> Server {
    Server::start(move |own, path| {
        let json = |text: String| {
            let length = text.len();
            Play::closed(format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{text}"
            ))
        };
        if path.contains("/txt2") {
            json(format!(r#"{{"data":{{"request_id":"{ID}"}}}}"#))
        } else if path.contains("request-status") {
            let url = format!("http://{own}/result.png?sig=secret");
            json(format!(
                r#"{{"data":{{"status":"done","result_url":"{url}"}}}}"#
            ))
        } else {
            storage(path)
        }
    })
    .await
}

/// What comes of a result of at most a megabyte.
async fn fetched(server: &Server) -> Result<Vec<u8>, Error> {
    let client = client(&server.url(), 100);
    let done = in_time(client.run(&cat()).deadline(Duration::from_secs(3600)))
        .await
        .unwrap();
    in_time(done.bytes(1_000_000))
        .await
        .map(|bytes| bytes.to_vec())
}

async fn refused(storage: impl Fn(&str) -> Play + Send + Sync + 'static) -> (String, usize) {
    let server = service(storage).await;
    let error = fetched(&server).await.unwrap_err();
    assert_eq!(error.charge(), Charge::Yes, "{error}");
    assert!(
        !format!("{error:?} {error}").contains("secret"),
        "{error:?}"
    );
    assert!(server.written() < MOST, "{} bytes", server.written());
    let text = error.to_string().replace(&server.address, "HOST");
    (format!("{:?}: {text}", error.kind()), server.requests())
}

fn answer(rest: &str) -> Play {
    Play::closed(format!("HTTP/1.1 200 OK\r\n{rest}"))
}

#[tokio::test]
async fn a_thousand_redirects_are_not_followed() {
    let (told, requests) = refused(|path| {
        let number: u32 = path
            .rsplit('-')
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        assert!(number < 1000);
        let head = format!("HTTP/1.1 302 Found\r\nlocation: /r-{}\r\n", number + 1);
        Play::closed(format!(
            "{head}connection: close\r\ncontent-length: 0\r\n\r\n"
        ))
    })
    .await;
    insta::assert_snapshot!(told, @"UnexpectedStatus: download: more than 5 redirects (job c08a339c-73e5-4d67-a4d5-231302fbff9a)");
    assert_eq!(requests, 2 + 6);
}

#[tokio::test]
async fn an_endless_result_ends_at_the_limit() {
    let mut table = String::new();
    for (name, head) in [
        ("without a length", "HTTP/1.1 200 OK\r\n\r\n"),
        (
            "of 2^63 bytes",
            "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n",
        ),
    ] {
        let (told, requests) = refused(|_| Play::endless(head, [0; 1024])).await;
        writeln!(table, "{name}: {told}").unwrap();
        assert_eq!(requests, 3, "{name}");
    }
    insta::assert_snapshot!(table, @"
    without a length: File: download: the result is larger than 1000000 bytes (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    of 2^63 bytes: File: download: the result is larger than 1000000 bytes (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    ");
}

#[tokio::test]
async fn what_comes_beyond_the_length_is_no_part_of_the_result() {
    let server = service(|_| {
        Play::endless(
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789",
            [b'x'; 1024],
        )
    })
    .await;
    assert_eq!(fetched(&server).await.unwrap(), b"0123456789");
}

#[tokio::test]
async fn nothing_is_unpacked_unasked() {
    let server = service(|_| {
        let packed = gzip_bomb();
        let length = packed.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
        );
        Play::closed([head.into_bytes(), packed].concat())
    })
    .await;
    assert!(fetched(&server).await.unwrap() == gzip_bomb());
}

#[tokio::test]
async fn silence_ends_a_result() {
    let (told, requests) =
        refused(|_| Play::held("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc")).await;
    insta::assert_snapshot!(told, @"Network: download: the answer of HOST fell silent for 30 s after 3 bytes (job c08a339c-73e5-4d67-a4d5-231302fbff9a)");
    assert_eq!(requests, 2 + 5);
}

#[tokio::test]
async fn a_result_drop_by_drop_ends_with_the_deadline() {
    let server = service(|_| Play::drip("HTTP/1.1 200 OK\r\n\r\n", " ")).await;
    let client = client(&server.url(), 100);
    let request = TextToEmbedding::new("a text", "Bge_M3_FP16");
    let wait = client.run(&request).deadline(Duration::from_secs(120));
    let error = in_time(wait).await.map(drop).unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::WaitTimedOut, Charge::Yes)
    );
    assert!(!format!("{error:?} {error}").contains("secret"));
    insta::assert_snapshot!(error, @"txt2embedding: the job is done, but its result did not come down in time (job c08a339c-73e5-4d67-a4d5-231302fbff9a)");
}

#[tokio::test]
async fn a_result_that_is_no_http_is_tried_again_and_given_up() {
    let mut table = String::new();
    for (name, rest) in [
        (
            "two lengths",
            "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        ),
        ("a negative length", "content-length: -1\r\n\r\n{}"),
        ("a broken chunk", "transfer-encoding: chunked\r\n\r\nzz\r\n"),
        ("a length too long", "content-length: 100\r\n\r\nabc"),
        ("a header with NUL", "x-odd: a\0b\r\n\r\n"),
    ] {
        let (told, _) = refused(move |_| answer(rest)).await;
        writeln!(table, "{name}: {told}").unwrap();
    }
    insta::assert_snapshot!(table, @"
    two lengths: Network: download: the answer of HOST is not valid HTTP (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    a negative length: Network: download: the answer of HOST is not valid HTTP (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    a broken chunk: Network: download: the answer of HOST is not valid HTTP after 0 bytes (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    a length too long: Network: download: the answer of HOST was cut off after 3 of 100 bytes (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    a header with NUL: Network: download: the answer of HOST is not valid HTTP (job c08a339c-73e5-4d67-a4d5-231302fbff9a)
    ");
}
