//! What a script plays and remembers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use dryapi_transport::{Body, Reach, Reuse};
use futures_core::Stream;
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderValue, Uri};

use super::*;
use crate::{Answer, answers};

fn request(method: Method, path: &str) -> Request {
    let uri = format!("https://api.dryapi.dev/api/v1/client/{path}");
    Request::new(method, uri.parse::<Uri>().unwrap())
}

fn post(path: &str) -> Request {
    request(Method::POST, path).with_body("{}")
}

fn broken() -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted, "reset").with_source("the cause")
}

async fn status(transport: &ScriptedTransport, request: Request) -> u16 {
    transport.send(request).await.unwrap().status.as_u16()
}

#[tokio::test]
async fn steps_are_taken_in_order_and_repeated() {
    let transport = ScriptedTransport::new()
        .repeat(2, answers::server_error())
        .then(answers::accepted("ab-1"));
    for expected in [500, 500, 200] {
        assert_eq!(status(&transport, post("txt2img")).await, expected);
    }
    transport.assert_done();
}

#[tokio::test]
async fn a_route_has_an_order_of_its_own() {
    let status_of = |percent| Step::answer(answers::status_processing(percent));
    let transport = ScriptedTransport::new()
        .then(answers::accepted("ab-1"))
        .on(Method::GET, "request-status/*", status_of(1.0))
        .on(Method::GET, "request-status/*", status_of(2.0).always())
        .on(Method::POST, "request-status/*", answers::not_found());
    for expected in [1.0, 2.0, 2.0] {
        let mut response = transport
            .send(request(Method::GET, "request-status/ab-1"))
            .await
            .unwrap();
        let body = response.read(1000).await.bytes;
        assert_eq!(body, answers::status_processing(expected).body);
    }
    assert_eq!(status(&transport, post("txt2img")).await, 200);
    assert_eq!(status(&transport, post("request-status/x")).await, 404);
    assert_eq!(
        (
            transport.count("txt2img"),
            transport.count("request-status/ab-1")
        ),
        (1, 3)
    );
    transport.assert_done();
}

#[tokio::test]
async fn what_was_sent_is_kept_whole_and_shown_without_secrets() {
    let transport = ScriptedTransport::new().then(answers::accepted("ab-1"));
    let mut request = request(Method::POST, "txt2img?page=2&signature=SECRET")
        .with_header(AUTHORIZATION, HeaderValue::from_static("Bearer SECRET"))
        .with_body(r#"{"prompt":"a cat"}"#);
    request.reuse = Reuse::Careful;
    request.reach = Reach::Public;
    request.timeouts.first_byte = std::time::Duration::from_secs(120);
    let timeouts = request.timeouts;
    transport.send(request).await.unwrap();

    let sent = transport.requests().remove(0);
    assert_eq!(
        (sent.method.as_str(), sent.path()),
        ("POST", "/api/v1/client/txt2img")
    );
    assert_eq!(sent.query(), Some("page=2&signature=SECRET"));
    assert_eq!(sent.header("authorization"), Some("Bearer SECRET"));
    assert_eq!(sent.json(), Some(serde_json::json!({"prompt": "a cat"})));
    assert_eq!(
        (sent.timeouts, sent.reuse, sent.reach),
        (timeouts, Reuse::Careful, Reach::Public)
    );

    for shown in [format!("{sent:?}"), format!("{transport:?}")] {
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(
            shown.contains("page&signature") && shown.contains("a cat"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn an_error_can_be_given_again_as_it_is() {
    let transport = ScriptedTransport::new()
        .repeat(2, broken())
        .then(broken().not_sent());
    for not_sent in [false, false, true] {
        let error = transport.send(post("txt2img")).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Interrupted);
        assert_eq!(error.provably_not_sent(), not_sent);
        assert!(format!("{error:?}").contains("the cause"));
    }
}

#[tokio::test]
async fn a_cut_body_gives_its_beginning_and_an_error() {
    let answer = Answer::text(200, "0123456789");
    let transport = ScriptedTransport::new()
        .then(Step::cut(answer.clone(), 4))
        .then(Step::cut(answer, 0));
    for beginning in ["0123", ""] {
        let mut response = transport.send(post("txt2img")).await.unwrap();
        assert_eq!(response.headers[CONTENT_LENGTH], "10");
        let read = response.read(100).await;
        assert_eq!(read.bytes, beginning);
        assert_eq!(read.error.unwrap().kind(), TransportErrorKind::Interrupted);
    }
}

#[tokio::test]
async fn a_stalled_body_falls_silent_and_a_hang_never_answers() {
    let transport = ScriptedTransport::new()
        .then(Step::stalled(Answer::text(200, "0123456789"), 4))
        .then(Step::hang());
    let mut response = transport.send(post("txt2img")).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "0123");
    let mut cx = Context::from_waker(std::task::Waker::noop());
    assert!(std::pin::pin!(response.chunk()).poll(&mut cx).is_pending());

    let other = transport.clone();
    let hanging = tokio::spawn(async move { other.send(post("txt2img")).await });
    transport.wait_for_requests(2).await;
    assert!(!hanging.is_finished());
    hanging.abort();
    transport.assert_done();
}

#[tokio::test]
async fn a_gate_holds_the_answer_until_it_is_opened() {
    let gate = Gate::new();
    let transport =
        ScriptedTransport::new().then(Step::answer(answers::accepted("ab-1")).after(&gate));
    let other = transport.clone();
    let call = tokio::spawn(async move { status(&other, post("txt2img")).await });
    gate.wait_for_arrivals(1).await;
    assert_eq!(transport.count("txt2img"), 1);
    tokio::task::yield_now().await;
    assert!(!call.is_finished());
    gate.open();
    assert_eq!(call.await.unwrap(), 200);
}

#[tokio::test]
async fn a_reply_sees_the_request() {
    let echo = Step::reply(|sent| Answer::text(200, sent.text())).always();
    let transport = ScriptedTransport::new().then(echo);
    for text in ["a", "b"] {
        let request = request(Method::POST, "txt2img").with_body(text.to_owned());
        let mut response = transport.send(request).await.unwrap();
        assert_eq!(response.read(10).await.bytes, text);
    }
}

#[tokio::test]
async fn a_request_without_a_step_says_what_was_expected() {
    let transport =
        ScriptedTransport::new().on(Method::POST, "txt2video", answers::accepted("ab-1"));
    let error = transport.send(post("txt2img")).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
    assert_eq!(
        error.message(),
        "no step for POST /api/v1/client/txt2img; expected: [POST txt2video: answer 200 OK]"
    );
    assert_eq!(transport.count("txt2img"), 1);
}

#[tokio::test]
#[should_panic(expected = "requests without a step: [\"POST /api/v1/client/txt2img\"]")]
async fn an_unexpected_request_is_remembered() {
    let transport = ScriptedTransport::new();
    let _ = transport.send(post("txt2img")).await;
    transport.assert_done();
}

#[test]
#[should_panic(expected = "steps not taken: [hang (2 times)]")]
fn a_step_that_is_left_is_noticed() {
    ScriptedTransport::new()
        .repeat(2, Step::hang())
        .assert_done();
}

/// A body of two pieces and then, perhaps, an error.
struct Pieces(Vec<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready((!self.0.is_empty()).then(|| self.0.remove(0)))
    }
}

#[tokio::test]
async fn a_body_is_read_to_its_end_or_was_never_sent() {
    let piece = |text: &'static str| Ok(Bytes::from_static(text.as_bytes()));
    let transport = ScriptedTransport::new().then(answers::accepted("ab-1"));
    let bad = [
        Body::once(
            None,
            Pieces(vec![piece("ab"), Err(io::Error::other("disk"))]),
        ),
        Body::once(Some(9), Pieces(vec![piece("ab")])),
    ];
    for body in bad {
        let error = transport
            .send(post("img2img").with_body(body))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::RequestBody);
    }
    assert!(transport.requests().is_empty());

    let body = Body::once(Some(4), Pieces(vec![piece("ab"), piece("cd")]));
    transport
        .send(post("img2img").with_body(body))
        .await
        .unwrap();
    assert_eq!(transport.requests()[0].body, "abcd");
    transport.assert_done();
}
