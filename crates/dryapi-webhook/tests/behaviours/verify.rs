//! Verifying, beyond the vectors.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dryapi_webhook::{
    Brand, Event, InvalidSecrets, SignatureHeader, Verifier, VerifyError, delivery_headers, sign,
};
use proptest::prelude::*;

const AT: u64 = 1_705_314_645;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn secrets_that_protect_nothing_are_refused() {
    let refused = |secrets: &[&str]| Verifier::new(secrets).unwrap_err();
    assert_eq!(refused(&[]), InvalidSecrets::None);
    assert_eq!(refused(&[""]), InvalidSecrets::Empty);
    assert_eq!(refused(&["whsec_1", ""]), InvalidSecrets::Empty);
}

#[test]
fn debug_shows_no_secret() {
    let verifier = Verifier::new(["whsec_hidden", "another"]).unwrap();
    let shown = format!("{verifier:?}");
    assert_eq!(shown, "Verifier { secrets: 2, tolerance: 300s }");
}

#[test]
fn the_tolerance_counts_in_both_directions_and_to_the_nanosecond() {
    let body = br#"{"event":"x"}"#;
    let signature = sign("s", &AT.to_string(), body);
    let headers = [
        ("X-dryAPI-Signature", signature),
        ("X-dryAPI-Timestamp", AT.to_string()),
    ];
    let verifier = Verifier::new(["s"])
        .unwrap()
        .with_tolerance(Duration::from_secs(10));
    let nano = Duration::from_nanos(1);
    let kind = |now| verifier.verify_at(headers.clone(), body, now).err();
    assert_eq!(kind(at(AT + 10)), None);
    assert_eq!(kind(at(AT - 10)), None);
    assert_eq!(kind(at(AT + 10) + nano), Some(VerifyError::TooOld));
    assert_eq!(kind(at(AT - 10) - nano), Some(VerifyError::TooNew));
    assert_eq!(kind(UNIX_EPOCH), Some(VerifyError::TooNew));
}

#[test]
fn bytes_that_are_no_text_are_their_own_kind() {
    let verifier = Verifier::new(["s"]).unwrap();
    let headers: [(&str, &[u8]); 2] = [
        ("x-dryapi-signature", b"sha256=\xff\xfe"),
        ("x-dryapi-timestamp", b"1"),
    ];
    let error = verifier.verify_at(headers, b"", at(1)).unwrap_err();
    assert_eq!(error, VerifyError::NotAscii(SignatureHeader::Signature));
}

#[test]
fn the_systems_clock_is_used_unless_told() {
    let verifier = Verifier::new(["s"]).unwrap();
    let event = Event::processing("r1");
    let body = event.to_json().to_string();
    let headers = delivery_headers(Brand::DryApi, "s", AT, &event, body.as_bytes());
    let error = verifier
        .verify(headers.clone(), body.as_bytes())
        .unwrap_err();
    assert_eq!(error, VerifyError::TooOld);
    let forever = verifier.with_tolerance(Duration::MAX);
    assert_eq!(forever.verify(headers, body.as_bytes()), Ok(event));
}

#[test]
fn a_delivery_of_either_brand_has_all_its_headers() {
    let event = Event::completed("r1", None).with_delivery_id("d1");
    let body = event.to_json().to_string();
    for brand in Brand::ALL {
        let headers = delivery_headers(brand, "s", AT, &event, body.as_bytes());
        let verifier = Verifier::new(["s"]).unwrap();
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.to_uppercase(), value));
        assert_eq!(
            verifier.verify_at(pairs, body.as_bytes(), at(AT)),
            Ok(event.clone())
        );
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let own = |suffix: &str| format!("X-{}-{suffix}", brand.name());
        for name in [
            own("Event"),
            own("Delivery-Id"),
            own("Timestamp"),
            own("Signature"),
        ] {
            assert!(names.contains(&name.as_str()), "{name}");
        }
        assert!(names.contains(&"User-Agent") && names.contains(&"Content-Type"));
    }
}

/// Headers that are almost right.
fn header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let names = prop_oneof![
        3 => "[xX]-(dryapi|DeAPI|dryAPI)-(Signature|timestamp|SIGNATURE|Timestamp)",
        1 => ".{0,20}",
    ];
    let values = prop_oneof![
        "sha256=[0-9a-fA-F]{60,66}".prop_map(String::into_bytes),
        "[0-9]{0,25}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..80),
    ];
    (names, values)
}

proptest! {
    #[test]
    fn verifying_is_total_and_lets_no_forgery_through(
        headers in prop::collection::vec(header(), 0..6),
        body in prop::collection::vec(any::<u8>(), 0..60),
        seconds in 0_u64..10_000_000_000,
    ) {
        let verifier = Verifier::new(["whsec_1"]).unwrap();
        prop_assert!(verifier.verify_at(headers, &body, at(seconds)).is_err());
    }

    #[test]
    fn any_secret_and_body_verify_and_no_changed_byte_does(
        secret in prop::collection::vec(any::<u8>(), 1..200),
        body in prop::collection::vec(any::<u8>(), 1..60),
        place in any::<prop::sample::Index>(),
    ) {
        let verifier = Verifier::new([&secret]).unwrap();
        let signature = sign(&secret, "7", &body);
        let headers = [("x-dryapi-signature", signature.as_str()), ("x-dryapi-timestamp", "7")];
        let error = verifier.verify_at(headers, &body, at(7)).unwrap_err();
        prop_assert!(matches!(error, VerifyError::NotAnEvent(_)), "{error}");
        let mut changed = body.clone();
        changed[place.index(body.len())] ^= 1;
        let error = verifier.verify_at(headers, &changed, at(7)).unwrap_err();
        prop_assert_eq!(error, VerifyError::WrongSignature);
    }
}
