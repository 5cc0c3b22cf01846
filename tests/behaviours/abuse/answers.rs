//! Answers of the service that are none.

use std::fmt::Write as _;
use std::time::Duration;

use dryapi_client::{Charge, Delivery, Error, ErrorKind, GetBalance, RetryPolicy};

use super::server::{Play, Server, gzip_bomb};
use super::{KEY, MOST, cat, client, in_time};

const OK: &str = "HTTP/1.1 200 OK\r\n";

/// What a call gets, by its name.
fn plays() -> Vec<(&'static str, Play)> {
    let ok = |rest: &str| Play::closed(format!("{OK}{rest}"));
    let filler = format!("x-filler: {}\r\n", "a".repeat(1000));
    vec![
        ("endless headers", Play::endless(OK, &filler)),
        (
            "one header without end",
            Play::endless("HTTP/1.1 200 OK\r\nx-long: ", [b'a'; 1024]),
        ),
        (
            "endless body",
            Play::endless(&format!("{OK}\r\n"), [b' '; 1024]),
        ),
        (
            "endless body in chunks",
            Play::endless(
                &format!("{OK}transfer-encoding: chunked\r\n\r\n"),
                format!("400\r\n{}\r\n", " ".repeat(1024)),
            ),
        ),
        (
            "endless body of an error",
            Play::endless("HTTP/1.1 502 Bad Gateway\r\n\r\n", [b' '; 1024]),
        ),
        (
            "the key, in an error",
            Play::closed(format!("HTTP/1.1 502 Bad Gateway\r\n\r\nBearer {KEY}")),
        ),
        (
            "the key, in what is no answer",
            ok(&format!("x-key: {KEY}\0\r\n\r\nBearer {KEY}")),
        ),
        (
            "the key, in no JSON",
            ok(&format!("content-length: 20\r\n\r\nBearer {KEY}")),
        ),
        ("gzip nobody asked for", Play::closed(gzip())),
        (
            "a length of 2^64 - 1",
            ok("content-length: 18446744073709551615\r\n\r\n{}"),
        ),
        (
            "a length beyond 2^64",
            ok("content-length: 99999999999999999999\r\n\r\n{}"),
        ),
        ("a negative length", ok("content-length: -1\r\n\r\n{}")),
        (
            "two lengths",
            ok("content-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        ),
        (
            "a length too long",
            ok("content-length: 100\r\n\r\n{\"data\":"),
        ),
        (
            "a length too short",
            ok("content-length: 4\r\n\r\n{\"data\":{}}"),
        ),
        (
            "a chunk without a size",
            ok("transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        ),
        (
            "a chunk of 2^64",
            ok("transfer-encoding: chunked\r\n\r\n10000000000000000\r\n{}"),
        ),
        (
            "no last chunk",
            ok("transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"),
        ),
        (
            "status 700",
            Play::closed("HTTP/1.1 700 Odd\r\ncontent-length: 2\r\n\r\n{}"),
        ),
        (
            "status 99",
            Play::closed("HTTP/1.1 99 Odd\r\ncontent-length: 2\r\n\r\n{}"),
        ),
        (
            "a header with NUL",
            ok("x-odd: a\0b\r\ncontent-length: 2\r\n\r\n{}"),
        ),
        ("no HTTP at all", Play::closed("SSH-2.0-OpenSSH_9.9\r\n")),
        ("nothing", Play::closed("")),
    ]
}

/// What never comes to an end by itself; only time ends it.
fn slow_plays() -> Vec<(&'static str, Play)> {
    vec![
        (
            "headers drop by drop",
            Play::drip("HTTP/1.1 200 OK\r\nx-slow: ", "a"),
        ),
        (
            "a body drop by drop",
            Play::drip("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", " "),
        ),
        ("half a header", Play::held("HTTP/1.1 200 OK\r\ncontent-")),
        (
            "half a body",
            Play::held("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"data\""),
        ),
    ]
}

fn gzip() -> Vec<u8> {
    let body = gzip_bomb();
    let length = body.len();
    let head = format!("{OK}content-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
    [head.into_bytes(), body].concat()
}

fn told(error: &Error, server: &Server) -> String {
    assert!(!format!("{error:?} {error}").contains(KEY), "{error:?}");
    let text = error.to_string().replace(&server.address, "HOST");
    // Bytes that are no text are shown as such.
    let text: String = text.escape_debug().collect();
    let (kind, delivery, charge) = (error.kind(), error.delivery(), error.charge());
    format!("{kind:?}, {delivery:?}, charge {charge:?}: {text}")
}

/// A free call and a paid one against the same server; both must end.
async fn both(name: &str, play: Play, speed: u32, table: &mut String) {
    let server = Server::always(play.clone()).await;
    let deadline = Duration::from_secs(60);
    let free = client(&server.url(), speed);
    let balance = GetBalance::new();
    let call = free
        .call(&balance)
        .retry(RetryPolicy::never())
        .deadline(deadline);
    let error = in_time(call).await.unwrap_err();
    writeln!(table, "{name}\n  free: {}", told(&error, &server)).unwrap();
    assert_ne!(error.kind(), ErrorKind::OutcomeUnknown, "{name}");
    assert_eq!(server.requests(), 1, "{name}");
    assert!(
        server.written() < MOST,
        "{name}: {} bytes",
        server.written()
    );

    let server = Server::always(play).await;
    let paid = client(&server.url(), speed);
    let submitted = in_time(paid.submit(&cat()).deadline(deadline)).await;
    let error = submitted.map(drop).unwrap_err();
    writeln!(table, "  paid: {}", told(&error, &server)).unwrap();
    assert_eq!(server.requests(), 1, "{name}: it was sent again");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{name}: {error}");
    assert_eq!(
        (error.delivery(), error.charge()),
        (Delivery::Unknown, Charge::Maybe),
        "{name}"
    );
    assert!(
        server.written() < MOST,
        "{name}: {} bytes",
        server.written()
    );
}

fn compare(name: &str, table: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/abuse");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, table));
}

#[tokio::test]
async fn every_answer_that_is_none_ends_in_an_error() {
    let mut table = String::new();
    for (name, play) in plays() {
        both(name, play, 1, &mut table).await;
    }
    compare("answers", &table);
}

#[tokio::test]
async fn every_answer_that_never_ends_ends_with_the_deadline() {
    let mut table = String::new();
    for (name, play) in slow_plays() {
        both(name, play, 100, &mut table).await;
    }
    compare("slow_answers", &table);
}
