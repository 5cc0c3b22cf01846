//! Every answer of the corpus, as it is, over a real socket, through the real client: what a
//! program reads of it is what its description says, what a person reads is in the snapshots, and
//! the key is in neither.

use std::fmt::Write as _;
use std::time::Duration;

use dryapi_client::types::Window;
use dryapi_client::{ApiKey, Client, Error, RetryPolicy, TextToImage};
use dryapi_testkit::corpus::{self, Case, Class, KEY};

use crate::support::road::{Act, Road};

/// How much of a text a snapshot shows, in characters, and how many fields.
const SHOWN: (usize, usize) = (1_000, 5);

/// What came of it: the job's id and whether there was a warning, or the error.
type Outcome = Result<(String, bool), Error>;

async fn ask(case: &Case) -> Outcome {
    let road = Road::start(vec![Act::Send(case.http.to_vec())]);
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(&road.base_url)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let cat = TextToImage::new("a cat", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4);
    let outcome = match case.class {
        Class::Paid => client.submit(&cat).intent("order-4711").await.map(|job| {
            let warned = job.warning().is_some();
            (job.id().to_string(), warned)
        }),
        _ => client.balance().await.map(|_| (String::new(), false)),
    };
    assert_eq!(road.requests().len(), 1, "{}: nothing else", case.name);
    outcome
}

/// Whether a day's limit was hit and the answer does not say when to come back: at 00:00 UTC, which
/// only the clock knows how far off it is.
fn untold_day(error: &Error) -> bool {
    error.rate_limit().is_some_and(|limit| {
        limit.window == Window::Daily && limit.retry_after.is_none() && limit.date.is_none()
    })
}

async fn refused(case: &Case) -> Error {
    match ask(case).await {
        Err(error) => error,
        Ok(answer) => panic!("{}: {answer:?}", case.name),
    }
}

#[tokio::test]
async fn as_the_corpus_says() {
    for case in corpus::all().filter(|case| !case.expect.ok) {
        let (error, expect, name) = (refused(case).await, &case.expect, case.name);
        assert_eq!(error.kind().as_str(), expect.kind, "{name}: {error:?}");
        // Where an answer is cut, the words are the transport's.
        if !expect.message.is_empty() {
            assert_eq!(error.message(), expect.message, "{name}");
            assert_eq!(error.status(), Some(case.status()), "{name}");
        }
        assert_eq!(error.code(), expect.code.as_deref(), "{name}");
        let fields = error
            .fields()
            .iter()
            .map(|field| (&field.field, &field.messages));
        let expected = expect
            .fields
            .iter()
            .map(|field| (&field.field, &field.messages));
        assert!(fields.eq(expected), "{name}: {:?}", error.fields());
        let limit = error.rate_limit();
        let window = limit.map(|limit| limit.window.as_str().to_owned());
        assert_eq!(window, expect.window, "{name}");
        // A minute's limit is a minute long where nothing else is said.
        let usual = (expect.kind == "rate_limited" && window.as_deref() != Some("daily"))
            .then_some(Duration::from_secs(60));
        if untold_day(&error) {
            let day = Duration::from_secs(24 * 60 * 60);
            let wait = error.retry_after().unwrap();
            assert!(!wait.is_zero() && wait <= day, "{name}: {wait:?}");
        } else {
            let told = expect.retry_after().or(usual);
            assert_eq!(error.retry_after(), told, "{name}");
        }
        assert_eq!(error.delivery().as_str(), expect.delivery, "{name}");
        assert_eq!(error.charge().as_str(), expect.charge, "{name}");
        // What the catalogue says is the most, unless the answer names a job.
        let most = error.kind().charge();
        assert!(
            error.request_id().is_some() || error.charge() <= most,
            "{name}"
        );
        assert_eq!(error.attempts(), 1, "{name}");
        let paid = case.class == Class::Paid;
        let intent = error.intent().map(|intent| intent.as_str().to_owned());
        assert_eq!(intent.as_deref(), paid.then_some("order-4711"), "{name}");
    }
}

#[tokio::test]
async fn no_id_of_a_paid_job_is_lost() {
    for case in corpus::all().filter(|case| case.expect.ok) {
        let name = case.name;
        let (id, warned) = ask(case)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(Some(id), case.expect.request_id, "{name}");
        assert_eq!(warned, case.expect.warning, "{name}");
    }
}

#[tokio::test]
async fn the_key_is_nowhere() {
    for case in corpus::all().filter(|case| !case.expect.ok) {
        let error = refused(case).await;
        let mut texts = vec![
            error.to_string(),
            format!("{error:?} {error:#?}"),
            format!("{:?} {:?}", error.fields(), error.code()),
            format!("{:?} {:?}", error.rate_limit(), error.no_retry_reason()),
            String::from_utf8_lossy(error.raw_body().unwrap_or_default()).into_owned(),
        ];
        let mut cause = std::error::Error::source(&error);
        while let Some(found) = cause {
            texts.push(format!("{found} {found:?}"));
            cause = found.source();
        }
        for text in texts {
            assert!(!text.contains(KEY), "{}: {text}", case.name);
        }
        let raw = error.raw_body().unwrap_or_default();
        assert!(raw.len() <= 64 * 1024, "{}: {}", case.name, raw.len());
    }
}

#[tokio::test]
async fn what_people_and_programs_read() {
    for case in corpus::all().filter(|case| !case.expect.ok) {
        let error = refused(case).await;
        let text = without_port(&read(&error));
        insta::with_settings!({
            description => format!("{}: {}", case.name, case.source),
            omit_expression => true,
            prepend_module_to_snapshot => false,
            snapshot_path => "../snapshots/error_bodies",
        }, {
            insta::assert_snapshot!(case.name, text);
        });
    }
}

/// What there is to read of an error, by people first and then by programs.
fn read(error: &Error) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let cut: String = value.chars().take(SHOWN.0).collect();
        let mark = if cut.len() < value.len() { "…" } else { "" };
        // A line stays a line, and an escape is seen.
        let _ = writeln!(text, "{name}: {}{mark}", visible(&cut));
    };
    line("person", error.to_string());
    line("help", error.help().to_owned());
    line("kind", error.kind().to_string());
    line("status", format!("{:?}", error.status()));
    line("message", error.message().to_owned());
    line("code", format!("{:?}", error.code()));
    line("fields", error.fields().len().to_string());
    for field in error.fields().iter().take(SHOWN.1) {
        line("  field", format!("{:?} {:?}", field.field, field.messages));
    }
    line("request_id", format!("{:?}", error.request_id()));
    line("rate_limit", format!("{:?}", error.rate_limit()));
    line(
        "retry_after",
        match untold_day(error) {
            true => "until 00:00 UTC".to_owned(),
            false => format!("{:?}", error.retry_after()),
        },
    );
    line("delivery", error.delivery().as_str().to_owned());
    line("charge", error.charge().as_str().to_owned());
    line("retryable", error.is_retryable().to_string());
    line("no_retry_reason", format!("{:?}", error.no_retry_reason()));
    text
}

/// Every server has another.
fn without_port(text: &str) -> String {
    let mut parts = text.split("127.0.0.1:");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|char: char| char.is_ascii_digit());
        clean += "127.0.0.1:PORT";
        clean += rest;
    }
    clean
}

fn visible(text: &str) -> String {
    let escaped = |char: char| match char.is_control() {
        true => char.escape_default().to_string(),
        false => char.to_string(),
    };
    text.chars().map(escaped).collect()
}
