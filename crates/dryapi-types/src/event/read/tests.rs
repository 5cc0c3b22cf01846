use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::job::Failure;

const PROCESSING: &str = r#"{"event":"job.processing","delivery_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":"2024-01-15T10:30:00.000Z","data":{"job_request_id":"123e4567-e89b-12d3-a456-426614174000","status":"processing","previous_status":"pending","job_type":"txt2img","started_at":"2024-01-15T10:30:00.000Z"}}"#;
const COMPLETED: &str = r#"{"event":"job.completed","delivery_id":"550e8400-e29b-41d4-a716-446655440001","timestamp":"2024-01-15T10:30:45.000Z","data":{"job_request_id":"123e4567-e89b-12d3-a456-426614174000","status":"done","previous_status":"processing","job_type":"txt2img","completed_at":"2024-01-15T10:30:45.000Z","result_url":"https://storage.dryapi.dev/results/output.png?sig=secret","processing_time_ms":45000}}"#;
const FAILED: &str = r#"{"event":"job.failed","delivery_id":"550e8400-e29b-41d4-a716-446655440002","timestamp":"2024-01-15T10:30:45.000Z","data":{"job_request_id":"123e4567-e89b-12d3-a456-426614174000","status":"error","previous_status":"processing","job_type":"txt2img","failed_at":"2024-01-15T10:30:45.000Z","error_code":"WORKER_TIMEOUT","error_message":"Worker failed to respond within the allowed time"}}"#;

fn read(body: &str) -> Event {
    Event::from_json(body.as_bytes()).unwrap()
}

#[test]
fn the_published_payloads_are_read_whole_and_written_alike() {
    let id = "123e4567-e89b-12d3-a456-426614174000";
    let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
    let processing = Event::processing(id)
        .with_delivery_id("550e8400-e29b-41d4-a716-446655440000")
        .with_timestamp(at(1_705_314_600))
        .with_job_type("txt2img");
    let url = ResultUrl::new("https://storage.dryapi.dev/results/output.png?sig=secret");
    let completed = Event::completed(id, Some(url))
        .with_delivery_id("550e8400-e29b-41d4-a716-446655440001")
        .with_timestamp(at(1_705_314_645))
        .with_job_type("txt2img")
        .with_processing_time(Duration::from_secs(45));
    let message = "Worker failed to respond within the allowed time".to_owned();
    let failure = Failure::new(Some(FailureCode::WorkerTimeout), Some(message));
    let failed = Event::failed(id, failure)
        .with_delivery_id("550e8400-e29b-41d4-a716-446655440002")
        .with_timestamp(at(1_705_314_645))
        .with_job_type("txt2img");
    for (body, event) in [
        (PROCESSING, processing),
        (COMPLETED, completed),
        (FAILED, failed),
    ] {
        assert_eq!(read(body), event);
        let published: Value = serde_json::from_str(body).unwrap();
        assert_eq!(event.to_json(), published);
        assert!(event.extra.is_empty());
    }
}

#[test]
fn debug_shows_no_signed_address() {
    let mut event = read(COMPLETED);
    event
        .extra
        .insert("result".to_owned(), json!("https://s/x?sig=secret"));
    let shown = format!("{event:?}");
    assert!(!shown.contains("secret"), "{shown}");
    assert!(
        shown.contains("output.png") && shown.contains("result"),
        "{shown}"
    );
}

#[test]
fn everything_but_event_and_data_may_be_missing() {
    let bare = read(r#"{"event":"job.completed","data":{}}"#);
    let kind = EventKind::JobCompleted {
        result_url: None,
        processing_time: None,
    };
    assert_eq!(bare.kind, kind);
    assert_eq!(
        (bare.delivery_id, bare.timestamp, bare.request_id),
        (None, None, None)
    );
    let other = read(
        r#"{"event":"job.processing","timestamp":1705314600,"data":{"request_id":"r1","started_at":null}}"#,
    );
    assert_eq!(other.request_id, Some(RequestId::from("r1")));
    assert_eq!(
        other.timestamp,
        Some(UNIX_EPOCH + Duration::from_secs(1_705_314_600))
    );
    let code = read(r#"{"event":"job.failed","data":{"error_code":"NEW_ONE","result_url":null}}"#);
    let kind = EventKind::JobFailed {
        code: Some(FailureCode::Unknown("NEW_ONE".to_owned())),
        message: None,
    };
    assert_eq!(code.kind, kind);
}

#[test]
fn a_gateways_event_keeps_its_result() {
    let event = read(
        r#"{"event":"job.completed","data":{"job_request_id":"r1","status":"COMPLETED","surface":"images","result":{"data":[1]}}}"#,
    );
    assert_eq!(event.state, Some(JobState::Done));
    assert_eq!(event.extra["result"], json!({"data": [1]}));
    assert_eq!(event.extra["surface"], "images");
}

#[test]
fn an_unknown_event_is_an_event() {
    for body in [
        r#"{"event":"account.low_balance"}"#,
        r#"{"event":"account.low_balance","data":[]}"#,
    ] {
        assert_eq!(read(body), Event::unknown("account.low_balance"));
    }
}

#[test]
fn what_is_no_event_says_so() {
    let fault = |body: &str| Event::from_json(body.as_bytes()).unwrap_err();
    assert!(matches!(fault("{"), InvalidEvent::NotJson { line: 1, .. }));
    for body in [
        "[]",
        "null",
        "{}",
        r#"{"event":7,"data":{}}"#,
        r#"{"event":"","data":{}}"#,
    ] {
        assert_eq!(fault(body), InvalidEvent::NoEvent, "{body}");
    }
    let missing = fault(r#"{"event":"job.failed","data":null}"#);
    assert_eq!(
        missing,
        InvalidEvent::NoData {
            event: "job.failed"
        }
    );
}

proptest! {
    #[test]
    fn reading_is_total(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Event::from_json(&body);
    }

    #[test]
    fn any_member_may_be_anything(
        name in prop::sample::select(vec!["job.processing", "job.completed", "job.failed", "x"]),
        key in prop::sample::select(vec!["job_request_id", "status", "job_type", "result_url", "processing_time_ms", "error_code", "started_at"]),
        value in prop::sample::select(vec![json!(null), json!(-1), json!(1e300), json!([]), json!({}), json!(""), json!("x")]),
    ) {
        let mut data = Map::new();
        data.insert(key.to_owned(), value.clone());
        let body = json!({"event": name, "delivery_id": value, "timestamp": value, "data": data});
        let event = Event::from_json(body.to_string().as_bytes()).unwrap();
        let again = Event::from_json(event.to_json().to_string().as_bytes()).unwrap();
        prop_assert_eq!(again, event);
    }
}
