//! No delivery is taken for the service's that its secret did not sign, and all that it signed are.

use std::time::{Duration, UNIX_EPOCH};

use dryapi_webhook::{Event, Verifier, VerifyError, sign};

use super::answer::Any;

const SECRET: &str = "whsec_of_the_account";
const OTHER: &str = "whsec_of_somebody_else";
const NOW: u64 = 1_705_314_600;

pub fn check(data: &[u8]) {
    let any = Any::read(data);
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let own = Verifier::new([SECRET]).unwrap();
    let pairs = any.headers.iter().map(|(name, value)| (name, value));
    assert!(
        own.verify_at(pairs, &any.body, now).is_err(),
        "a forgery passed"
    );

    let timestamp = NOW.to_string();
    let signed_by = |secret: &str, body: &[u8]| {
        let signature = sign(secret, &timestamp, body);
        [
            ("X-dryAPI-Signature", signature),
            ("x-dryapi-timestamp", timestamp.clone()),
        ]
    };
    let genuine = own.verify_at(signed_by(SECRET, &any.body), &any.body, now);
    match (genuine, Event::from_json(&any.body)) {
        (Ok(taken), Ok(event)) => {
            assert_eq!(taken, event);
            read_again(event);
        }
        (Err(VerifyError::NotAnEvent(_)), Err(_)) => {}
        (taken, event) => panic!("{taken:?}, but the event is {event:?}"),
    }
    let wrong = |result: Result<Event, VerifyError>| {
        assert!(
            matches!(result, Err(VerifyError::WrongSignature)),
            "{result:?}"
        );
    };
    wrong(own.verify_at(signed_by(OTHER, &any.body), &any.body, now));
    let mut changed = any.body.clone();
    changed.push(b' ');
    wrong(own.verify_at(signed_by(SECRET, &any.body), &changed, now));
    let late = own.verify_at(
        signed_by(SECRET, &any.body),
        &any.body,
        now + Duration::from_secs(301),
    );
    assert!(matches!(late, Err(VerifyError::TooOld)));
}

/// Written and read twice: the first time takes what no event keeps.
fn read_again(event: Event) {
    let again = |mut event: Event| {
        event.extra.clear();
        let mut read = Event::from_json(event.to_json().to_string().as_bytes()).unwrap();
        read.extra.clear();
        read
    };
    let once = again(event.clone());
    assert_eq!(
        (&once.request_id, &once.state),
        (&event.request_id, &event.state)
    );
    assert_eq!(once.kind.name(), event.kind.name());
    assert_eq!(again(once.clone()), once);
}
