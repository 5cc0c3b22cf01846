//! The intent in the address a delivery came to.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::extract::FromRequest;
use dryapi_webhook::axum::Delivery;
use dryapi_webhook::{Intent, intent_query};

use super::{event, receiver, signed_to};

#[tokio::test]
async fn only_an_intent_that_a_secret_vouches_for_is_given() {
    let intent = Intent::new("order-4711").unwrap();
    let genuine = intent_query("whsec_1", &intent);
    let forged = genuine.replace("4711", "4712");
    let foreign = intent_query("whsec_2", &intent);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let handler = receiver().handler(move |delivery: Delivery| {
        kept.lock().unwrap().push(delivery.intent);
        async { Ok::<(), Infallible>(()) }
    });
    let paths = [
        format!("/dryapi?{genuine}"),
        format!("/dryapi?shop=1&{genuine}&x"),
        format!("/dryapi?{forged}"),
        format!("/dryapi?{foreign}"),
        "/dryapi?dryapi_intent=order-4711".to_owned(),
        "/dryapi?shop=1".to_owned(),
        "/dryapi".to_owned(),
    ];
    for (number, path) in paths.iter().enumerate() {
        let event = event(&format!("d{number}"));
        let request = signed_to(path, "whsec_1", &event, event.to_json().to_string());
        // The delivery itself is genuine: its event must not be lost.
        assert_eq!(handler(request).await.status().as_u16(), 204, "{path}");
    }
    let expected = [Some(&intent), Some(&intent), None, None, None, None, None];
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen.iter().map(Option::as_ref).collect::<Vec<_>>(),
        expected
    );
}

#[tokio::test]
async fn the_extractor_gives_it_too_and_a_forged_delivery_gives_nothing() {
    let intent = Intent::new("order-4711").unwrap();
    let path = format!("/dryapi?{}", intent_query("whsec_1", &intent));
    let body = event("d1").to_json().to_string();
    let request = signed_to(&path, "whsec_1", &event("d1"), body.clone());
    let got = Delivery::from_request(request, &receiver()).await.unwrap();
    assert_eq!(got.intent, Some(intent));
    let request = signed_to(&path, "other", &event("d1"), body);
    assert!(Delivery::from_request(request, &receiver()).await.is_err());
}
