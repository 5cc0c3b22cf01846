//! The escape hatch has the rules of every other call.

use dryapi_client::types::Part;
use dryapi_client::{Attachment, Charge, CostClass, Delivery, ErrorKind, Source};
use dryapi_testkit::{Answer, ScriptedTransport, answers};
use dryapi_transport::{TransportError, TransportErrorKind};
use http::Method;
use serde_json::{Value, json};

use crate::support::{ID, KEY, client};

fn torn() -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted, "connection reset")
}

#[tokio::test]
async fn what_is_sent_and_what_comes_back() {
    let answer = Answer::text(200, r#"{"data":{"x":1}}"#)
        .with_header("content-type", "application/json")
        .with_header("x-new", "7");
    let transport = ScriptedTransport::new().then(answer);
    let (client, _) = client(&transport);
    let response = client
        .raw(CostClass::Free, Method::PATCH, "new/thing")
        .query("filter[a]", "b c")
        .query("page", 2)
        .json(&json!({"y": true}))
        .await
        .unwrap();
    assert_eq!(response.json::<Value>().unwrap()["data"]["x"], 1);
    assert_eq!(response.status, 200);
    assert_eq!(response.headers["x-new"], "7");
    let sent = &transport.requests()[0];
    assert_eq!(sent.method, Method::PATCH);
    assert_eq!(sent.path(), "/api/v1/client/new/thing");
    assert_eq!(sent.query(), Some("filter%5Ba%5D=b%20c&page=2"));
    assert_eq!(sent.text(), r#"{"y":true}"#);
    let authorization = format!("Bearer {KEY}");
    assert_eq!(sent.header("authorization"), Some(authorization.as_str()));
    assert_eq!(sent.header("idempotency-key"), None);
}

#[tokio::test]
async fn a_path_that_begins_with_a_slash_is_below_the_base_url() {
    let transport = ScriptedTransport::new().then(Answer::text(200, "{}"));
    let (client, _) = client(&transport);
    let raw = client.raw(CostClass::Free, Method::GET, "/api/v2/status?a=1");
    raw.query("b", 2).await.unwrap();
    let sent = &transport.requests()[0];
    assert_eq!(sent.uri.path(), "/api/v2/status");
    assert_eq!(sent.query(), Some("a=1&b=2"));

    let odd = client.raw(CostClass::Free, Method::GET, "x#y").await;
    assert_eq!(odd.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn the_cost_class_decides_what_is_sent_again() {
    let transport = ScriptedTransport::new()
        .then(torn())
        .then(Answer::text(200, "[]"));
    let (client, _) = client(&transport);
    client
        .raw(CostClass::Free, Method::POST, "x")
        .await
        .unwrap();

    for answer in [Answer::text(200, "<html>"), Answer::text(502, "")] {
        transport.push(answer);
        let before = transport.requests().len();
        let paid = client.raw(CostClass::Paid, Method::GET, "x");
        let error = paid.intent("once").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
        assert_eq!((error.operation(), error.charge()), ("raw", Charge::Maybe));
        assert_eq!(transport.requests().len(), before + 1);
        let sent = &transport.requests()[before];
        assert_eq!(sent.header("idempotency-key"), Some("once"));
    }

    transport.push(answers::accepted(ID));
    let paid = client.raw(CostClass::Paid, Method::POST, "txt2new").await;
    assert_eq!(paid.unwrap().request_id.unwrap().as_str(), ID);
}

#[tokio::test]
async fn a_refusal_is_the_same_error_as_everywhere() {
    let refused = r#"{"success":false,"message":"No.","statusCode":422}"#;
    for status in [422, 200] {
        let transport = ScriptedTransport::new().then(Answer::text(status, refused));
        let (client, _) = client(&transport);
        let error = client
            .raw(CostClass::Paid, Method::POST, "x")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{status}");
        assert_eq!(error.delivery(), Delivery::Answered);
    }
}

#[tokio::test]
async fn a_form_takes_files_from_anywhere() {
    let transport = ScriptedTransport::new().then(answers::accepted(ID));
    let (client, _) = client(&transport);
    client
        .raw(CostClass::Paid, Method::POST, "new")
        .form([
            Part::text("model", "m"),
            Part::file("file", Source::Slot("f".into())),
        ])
        .attach("f", Attachment::bytes(&b"RIFF"[..]).named("a.wav"))
        .await
        .unwrap();
    let text = transport.requests()[0].text();
    let part = "name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n";
    assert!(text.contains(part), "{text}");
}
