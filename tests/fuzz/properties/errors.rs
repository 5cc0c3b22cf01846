//! Any answer to a call is understood, shows no key, and pays for nothing twice.

use dryapi_client::{ApiKey, Client, Delivery, Error, TextToImage};
use dryapi_testkit::{Answer, HandClock, ScriptedTransport};
use dryapi_types::{ApiError, ApiErrorKind};
use http::{HeaderName, HeaderValue};

use super::answer::Any;

/// The key in the corpus.
const KEY: &str = "sk-sandbox-corpus-key-4711";
/// More than any call asks for.
const MANY: usize = 40;

pub fn check(data: &[u8]) {
    let any = Any::read(data);
    let error = ApiError::decode(any.status, &any.pairs(), &any.body);
    assert_eq!(error.status, any.status);
    assert!(
        !error.message.trim().is_empty(),
        "nothing is said: {error:?}"
    );
    assert!(!error.envelope || error.request_id.is_none(), "{error:?}");
    paid(&any, &error);
}

/// The same answer again and again to a paid call.
fn paid(any: &Any, read: &ApiError) {
    let transport = ScriptedTransport::new().repeat(MANY, answer(any));
    let clock = HandClock::auto();
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .transport(transport.clone())
        .clock(clock)
        .build()
        .unwrap();
    let request = TextToImage::new("a cat", "Flux1schnell").with_size(512, 512);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async { client.submit(&request).await.map(drop) });
    let sent = transport.requests().len();
    let refused = matches!(any.status, 500 | 503) && read.envelope
        || read.kind == ApiErrorKind::RateLimited && any.status >= 300;
    assert!(sent == 1 || refused, "sent {sent} times: {read:?}");
    if let Err(error) = outcome {
        assert!(sent < MANY, "it was asked without end");
        assert!(refused || error.delivery() != Delivery::NotSent, "{error}");
        shows_no_key(&error);
    }
}

fn answer(any: &Any) -> Answer {
    let mut answer = Answer::bytes(any.status, "application/json", any.body.clone());
    for (name, value) in &any.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        // Whoever sends it says itself how long it is.
        if let (Ok(name), Ok(value)) = (name, value)
            && name != http::header::CONTENT_LENGTH
        {
            answer.headers.insert(name, value);
        }
    }
    answer
}

fn shows_no_key(error: &Error) {
    let raw = error.raw_body().unwrap_or_default();
    for shown in [
        error.to_string(),
        format!("{error:?}"),
        format!("{:?}", error.fields()),
        String::from_utf8_lossy(raw).into_owned(),
    ] {
        assert!(!shown.contains(KEY), "{shown}");
    }
}
