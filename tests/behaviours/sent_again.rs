//! Which answers of the corpus let a paid request be sent again: those the service gave before any
//! work, and no other.

use dryapi_client::{ApiKey, Client, TextToImage};
use dryapi_testkit::corpus::{self, Case, Class, KEY};
use dryapi_testkit::{HandClock, ScriptedTransport, Step};

/// How many times a client with the usual policy sends a paid request that is always answered so.
async fn times(case: &Case) -> usize {
    let transport = ScriptedTransport::new().then(Step::from(case).always());
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .transport(transport.clone())
        .clock(HandClock::auto())
        .build()
        .unwrap();
    let cat = TextToImage::new("a cat", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4);
    drop(client.submit(&cat).await);
    transport.count("txt2img")
}

/// Told to come back at once, for as long as a client would: the waits grow, so it ends.
const AT_ONCE: &str = "retry_after_past";

#[tokio::test]
async fn only_what_was_refused_before_any_work() {
    let mut again = Vec::new();
    for case in corpus::all().filter(|case| case.class == Class::Paid) {
        match times(case).await {
            0 => panic!("{} was never sent", case.name),
            1 => {}
            _ => again.push(case.name),
        }
    }
    again.sort_unstable();
    // A minute's limit, and the service's own 500 and 503. A Retry-After a minute away is waited for.
    let expected = [
        "gateway_rate_limited",
        "gateway_rate_limited_ip",
        "key_in_retry_after",
        "rate_limit_nonsense",
        "rate_limited",
        "retry_after_date",
        "retry_after_negative",
        "retry_after_nonsense",
        AT_ONCE,
        "sample_failed",
        "server_error",
        "unavailable_envelope",
        "unconfirmed_rate_limited",
    ];
    assert_eq!(again, expected);
}

#[tokio::test]
async fn at_once_comes_to_an_end() {
    let case = corpus::all().find(|case| case.name == AT_ONCE).unwrap();
    let sent = times(case).await;
    assert!((3..20).contains(&sent), "{sent}");
}
