//! A batch without a network, and at a day's limit.

use std::sync::{Arc, Mutex};

use dryapi_client::{BatchEvent, Charge, ErrorKind};
use dryapi_testkit::{Step, answers};
use dryapi_transport::{TransportError, TransportErrorKind};
use http::Method;

use super::service::{plain, service};
use super::support::{cats, count, error, is_done, run};

fn offline() -> Step {
    let kind = TransportErrorKind::Connect;
    Step::error(TransportError::new(kind, "no route to host"))
}

fn events() -> (
    Arc<Mutex<Vec<BatchEvent>>>,
    impl Fn(BatchEvent) + Send + Sync,
) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    (told, move |event| listener.lock().unwrap().push(event))
}

#[tokio::test]
async fn offline_is_not_failure() {
    let transport = service();
    for _ in 0..60 {
        transport.push_on(Method::POST, "txt2img", offline());
    }
    let accepted = Step::from(answers::accepted("r-1")).always();
    transport.push_on(Method::POST, "txt2img", accepted);
    let client = plain(&transport).build().unwrap();
    let (told, listener) = events();
    let batch = client.batch("offline").on_event(listener).concurrency(4);
    let outcomes = run(batch, cats(8)).await;
    assert_eq!(count(&outcomes, is_done), 8);
    assert_eq!(transport.count("txt2img"), 68);
    let told = told.lock().unwrap();
    let [BatchEvent::Paused { error, .. }, BatchEvent::Resumed] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(error.charge(), Charge::No);
}

#[tokio::test]
async fn a_days_limit_is_waited_for_or_ends_the_batch() {
    for waits in [true, false] {
        let transport = service();
        let limited = Step::from(answers::rate_limited_daily());
        let accepted = Step::from(answers::accepted("r-1"));
        transport.push_on(Method::POST, "txt2img", accepted.times(2));
        transport.push_on(Method::POST, "txt2img", limited);
        let accepted = Step::from(answers::accepted("r-2")).always();
        transport.push_on(Method::POST, "txt2img", accepted);
        let client = plain(&transport).build().unwrap();
        let (told, listener) = events();
        let batch = client.batch("days").on_event(listener).concurrency(1);
        let outcomes = run(batch.wait_for_reset(waits), cats(6)).await;
        let told = told.lock().unwrap();
        if waits {
            assert_eq!(count(&outcomes, is_done), 6);
            assert!(
                matches!(told[..], [BatchEvent::DailyLimit { .. }]),
                "{told:?}"
            );
        } else {
            assert_eq!(count(&outcomes, is_done), 2);
            assert_eq!(error(&outcomes["cat-5"]).kind(), ErrorKind::RateLimited);
            assert!(matches!(told[..], [BatchEvent::Stopped { .. }]), "{told:?}");
        }
    }
}
