//! What is no delivery.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use dryapi_webhook::axum::Delivery;

use super::{delivery, event, ok, receiver, signed};

#[tokio::test]
async fn what_is_not_is_401_400_or_413_and_never_handled() {
    let handler = receiver()
        .with_limit(400)
        .handler(|_| async { panic!("handled") as Result<(), Infallible> });
    let forged = signed("whsec_2", &event("d1"), event("d1").to_json().to_string());
    let unsigned = Request::post("/dryapi").body(Body::from("{}")).unwrap();
    let no_event = signed("whsec_1", &event("d1"), "{}".to_owned());
    let long = signed("whsec_1", &event("d1"), " ".repeat(401));
    let torn = torn_body();
    for (request, status) in [
        (forged, StatusCode::UNAUTHORIZED),
        (unsigned, StatusCode::UNAUTHORIZED),
        (no_event, StatusCode::BAD_REQUEST),
        (torn, StatusCode::BAD_REQUEST),
        (long, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(handler(request).await.status(), status);
    }
}

/// A request whose body breaks off.
fn torn_body() -> Request {
    struct Torn;

    impl axum::body::HttpBody for Torn {
        type Data = axum::body::Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            std::task::Poll::Ready(Some(Err(std::io::Error::other("reset"))))
        }
    }
    Request::post("/dryapi").body(Body::new(Torn)).unwrap()
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read_by_default_256_kib() {
    let handler = receiver().handler(ok);
    let body = |length: usize| {
        let mut body = event("d1").to_json().to_string();
        body.extend(std::iter::repeat_n(' ', length - body.len()));
        body
    };
    for (length, status) in [
        (256 * 1024, StatusCode::NO_CONTENT),
        (256 * 1024 + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request = signed("whsec_1", &event("d1"), body(length));
        assert_eq!(handler(request).await.status(), status);
    }
}

#[tokio::test]
async fn the_extractor_keeps_the_raw_body_and_rejects_alike() {
    let receiver = receiver();
    let got = Delivery::from_request(delivery(&event("d1")), &receiver)
        .await
        .unwrap();
    assert_eq!(got.event, event("d1"));
    assert_eq!(got.raw_body, event("d1").to_json().to_string());
    assert!(!format!("{got:?}").contains("job_request_id"), "{got:?}");
    let forged = signed("other", &event("d1"), "{}".to_owned());
    let rejection = Delivery::from_request(forged, &receiver).await.unwrap_err();
    let answer = rejection.into_response();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}
