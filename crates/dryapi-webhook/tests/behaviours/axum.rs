//! What the service hears.

mod addressed;
mod answered;
mod logged;
mod refused;
mod slow;

use std::convert::Infallible;
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::Request;
use dryapi_webhook::axum::{Delivery, Receiver};
use dryapi_webhook::{Brand, Event, Verifier, delivery_headers};

const AT: u64 = 1_705_314_600;

pub(crate) fn receiver() -> Receiver {
    Receiver::new(Verifier::new(["whsec_1"]).unwrap())
        .with_clock(|| UNIX_EPOCH + Duration::from_secs(AT))
}

pub(crate) fn signed(secret: &str, event: &Event, body: String) -> Request {
    signed_to("/dryapi", secret, event, body)
}

pub(crate) fn signed_to(path: &str, secret: &str, event: &Event, body: String) -> Request {
    let mut request = Request::post(path);
    for (name, value) in delivery_headers(Brand::DryApi, secret, AT, event, body.as_bytes()) {
        request = request.header(name, value);
    }
    request.body(Body::from(body)).unwrap()
}

pub(crate) fn delivery(event: &Event) -> Request {
    signed("whsec_1", event, event.to_json().to_string())
}

pub(crate) fn event(id: &str) -> Event {
    Event::processing("r1").with_delivery_id(id)
}

pub(crate) async fn ok(_: Delivery) -> Result<(), Infallible> {
    Ok(())
}
