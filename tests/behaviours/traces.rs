//! What `tracing` is told of a call: enough to see what happened, and nothing secret.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use dryapi_client::{ApiKey, Client, RetryPolicy, TextToImage};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::support::command::KEY;
use crate::support::road::{Act, Road, json};

/// What was written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The spans' ends of a call, one a line.
async fn told(answers: Vec<Act>) -> Vec<String> {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("dryapi_client=debug")
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let service = Road::start(answers);
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(&service.base_url)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let request = TextToImage::new("a secret prompt", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4);
    let _ = client.submit(&request).intent("order-4711").await;
    let bytes = log.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        !text.contains(KEY) && !text.contains("a secret prompt"),
        "{text}"
    );
    let closed = text.lines().filter(|line| line.ends_with(": close"));
    closed.map(str::to_owned).collect()
}

fn holds(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "no {part} in {line}");
    }
}

#[tokio::test]
async fn a_call_that_succeeds() {
    let accepted = json("200 OK", "", r#"{"data":{"request_id":"c08a339c"}}"#);
    let told = told(vec![accepted]).await;
    let [attempt, call] = told.as_slice() else {
        panic!("a call and its attempt: {told:?}");
    };
    holds(
        attempt,
        &[
            "dryapi.call{",
            "dryapi.attempt{",
            "otel.kind=\"client\"",
            "otel.name=POST txt2img",
            "http.request.method=\"POST\"",
            "http.request.resend_count=0",
            "http.response.status_code=200",
            "server.address=\"127.0.0.1\"",
        ],
    );
    holds(
        call,
        &[
            "dryapi.intent=\"order-4711\"",
            "dryapi.operation=\"txt2img\"",
        ],
    );
    assert!(!call.contains("ERROR"), "{call}");
}

#[tokio::test]
async fn a_call_that_is_refused() {
    let refusal = json(
        "422 Unprocessable Entity",
        "",
        r#"{"message":"no","errors":{"width":["too small"]}}"#,
    );
    let told = told(vec![refusal]).await;
    holds(
        &told[0],
        &[
            "error.type=\"422\"",
            "dryapi.delivery=\"answered\"",
            "otel.status_code=\"ERROR\"",
        ],
    );
    holds(
        &told[1],
        &[
            "error.type=\"422\"",
            "dryapi.attempts=1",
            "dryapi.charge=\"no\"",
        ],
    );
}
