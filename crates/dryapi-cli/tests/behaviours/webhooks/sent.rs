//! `webhook trigger`: one delivery on its way.

use std::net::TcpListener;

use dryapi_webhook::{Event, EventKind, Verifier};
use serde_json::Value;
use tokio::runtime::Runtime;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Ran, dryapi};

const SECRET: &str = "whsec_topsecret";

/// A receiver that answers everything alike.
struct Receiver {
    server: MockServer,
    runtime: Runtime,
}

impl Receiver {
    fn answers(answer: ResponseTemplate) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            let mock = Mock::given(method("POST")).and(path("/hook"));
            mock.respond_with(answer).mount(&server).await;
            server
        });
        Self { server, runtime }
    }

    fn got(&self) -> Vec<Request> {
        self.runtime
            .block_on(self.server.received_requests())
            .unwrap()
    }

    fn trigger(&self, event: &str, more: &[&str]) -> Ran {
        let to = format!("{}/hook?token=private", self.server.uri());
        trigger(&[&[event, "--to", &to], more].concat())
    }
}

fn trigger(args: &[&str]) -> Ran {
    let secret = ["--secret", SECRET];
    let ran = dryapi(&[&["webhook", "trigger"], args, &secret].concat());
    let told = format!("{ran:?}");
    assert!(
        !told.contains(SECRET) && !told.contains("private"),
        "{told}"
    );
    ran
}

/// What was delivered, as a receiver reads it.
fn event(request: &Request) -> Event {
    let headers = request.headers.iter();
    let pairs = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let verifier = Verifier::new([SECRET]).unwrap();
    verifier.verify(pairs, &request.body).unwrap()
}

#[test]
fn every_event_arrives_signed_and_as_the_service_sends_it() {
    let receiver = Receiver::answers(ResponseTemplate::new(204));
    for name in ["job.processing", "job.completed", "job.failed"] {
        let ran = receiver.trigger(name, &["--request-id", "r1"]);
        let line = format!("{name} · job r1 · answered 204 No Content\n");
        assert_eq!((ran.code, ran.out, ran.err), (0, line, String::new()));
    }
    let ran = receiver.trigger("job.completed", &["--json"]);
    let got = receiver.got();
    assert_eq!(got.len(), 4);
    let events: Vec<Event> = got.iter().map(event).collect();
    assert_eq!(events[0].kind, EventKind::JobProcessing);
    let EventKind::JobCompleted { result_url, .. } = &events[1].kind else {
        panic!("{:?}", events[1]);
    };
    assert!(result_url.is_some());
    let EventKind::JobFailed { code, .. } = &events[2].kind else {
        panic!("{:?}", events[2]);
    };
    assert_eq!(code.as_ref().unwrap().as_str(), "WORKER_TIMEOUT");
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["event"], "job.completed");
    assert_eq!(value["status"], 204);
    assert_eq!(
        value["request_id"],
        events[3].request_id.as_ref().unwrap().as_str()
    );
    assert_eq!(
        value["delivery_id"],
        events[3].delivery_id.as_deref().unwrap()
    );
    assert_eq!(value["request_id"].as_str().unwrap().len(), 36);
    assert_ne!(events[1].delivery_id, events[3].delivery_id, "each is new");
    let header = |name: &str| got[0].headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(header("user-agent"), "dryAPI-Webhook/1.0");
    assert_eq!(header("x-dryapi-event"), "job.processing");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(got[0].url.query(), Some("token=private"));
}

#[test]
fn a_refusal_is_a_failure_that_says_what_was_answered_and_is_not_sent_again() {
    let answer = ResponseTemplate::new(503).set_body_string("database\x1b[2J away\nstack trace");
    let receiver = Receiver::answers(answer);
    let ran = receiver.trigger("job.completed", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let first = ran.err.lines().next().unwrap();
    assert_eq!(
        first,
        "error: the receiver answered 503 Service Unavailable: database\\u{1b}[2J away"
    );
    let ran = receiver.trigger("job.completed", &["--json"]);
    let error: Value = serde_json::from_str(ran.last()).unwrap();
    assert_eq!(error["error"]["kind"], "unexpected_status");
    assert_eq!(error["error"]["status"], 503);
    assert_eq!(error["error"]["delivery"], "answered");
    assert_eq!(error["error"]["charged"], "no");
    assert_eq!(receiver.got().len(), 2);
}

#[test]
fn redirects_are_failures_as_they_are_for_the_service() {
    let answer = ResponseTemplate::new(307).insert_header("location", "/elsewhere");
    let receiver = Receiver::answers(answer);
    let ran = receiver.trigger("job.failed", &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("follows no redirects"), "{}", ran.err);
    assert_eq!(receiver.got().len(), 1);
}

#[test]
fn a_receiver_that_is_away_or_silent_is_9() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("http://{}/hook", silent.local_addr().unwrap());
    let args = ["job.completed", "--to", &to, "--timeout", "100ms", "--json"];
    let ran = trigger(&args);
    let error: Value = serde_json::from_str(ran.last()).unwrap();
    assert_eq!((ran.code, &error["error"]["kind"]), (9, &"timeout".into()));
    drop(silent);
    let ran = trigger(&["job.completed", "--to", &to, "--json"]);
    let error: Value = serde_json::from_str(ran.last()).unwrap();
    assert_eq!((ran.code, &error["error"]["kind"]), (9, &"network".into()));
    assert_eq!(error["error"]["delivery"], "not_sent");
}

#[test]
fn it_goes_in_clear_only_to_this_machine() {
    for (to, code) in [
        ("http://example.com/hook", 1),
        ("http://localhost.example.com/hook", 1),
        ("http://192.168.1.1/hook", 1),
        ("ftp://localhost/hook", 2),
        ("/hook", 2),
        ("not an address", 2),
        ("https://user:pw@example.com/", 2),
    ] {
        let ran = trigger(&["job.completed", "--to", to]);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{to}: {}",
            ran.err
        );
    }
}
