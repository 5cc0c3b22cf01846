//! What a person and a program see of the Errors page's bodies.

use dryapi_client::{Error, ErrorKind, JobTicket};
use dryapi_testkit::{Answer, ScriptedTransport, answers};

use crate::support::{ID, KEY, cat, client};

async fn refused(answer: Answer) -> Error {
    let transport = ScriptedTransport::new().then(answer);
    let (client, _) = client(&transport);
    client
        .submit(&cat())
        .retry(dryapi_client::RetryPolicy::never())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn one_line_for_people() {
    let width = ("width", "The width must be between 64 and 2048.");
    let model = ("model", "The selected model does not exist.");
    insta::assert_snapshot!(refused(answers::unauthorized()).await, @"txt2img: HTTP 401: Unauthorized user.; not sent again: the service refused it");
    insta::assert_snapshot!(refused(answers::not_found()).await, @"txt2img: HTTP 404: Request not found.; not sent again: the service refused it");
    insta::assert_snapshot!(refused(answers::validation(&[width, model])).await, @"txt2img: HTTP 422: Validation failed; width: The width must be between 64 and 2048.; model: The selected model does not exist.; not sent again: the service refused it");
    insta::assert_snapshot!(refused(answers::rate_limited_minute()).await, @"txt2img: HTTP 429: Too Many Attempts.; not sent again: retries are switched off");
    insta::assert_snapshot!(refused(answers::server_error()).await, @"txt2img: HTTP 500: Internal server error; not sent again: retries are switched off");
}

#[tokio::test]
async fn the_key_is_nowhere_in_an_error() {
    let escaped: String = KEY
        .chars()
        .map(|char| format!("\\u{:04x}", u32::from(char)))
        .collect();
    for body in [
        format!(r#"{{"message":"bad key {KEY}","errors":{{"{KEY}":["{KEY}"]}}}}"#),
        format!("<html>{KEY}</html>"),
        format!(r#"{{"message":"bad key {escaped}"}}"#),
    ] {
        let error = refused(Answer::text(401, body)).await;
        let raw = String::from_utf8_lossy(error.raw_body().unwrap()).into_owned();
        for shown in [
            error.to_string(),
            format!("{error:?}"),
            format!("{:?}", error.fields()),
            raw,
        ] {
            assert!(!shown.contains(KEY), "{shown}");
        }
    }
}

#[tokio::test]
async fn an_error_is_one_pointer_that_goes_anywhere() {
    fn anywhere<T: Clone + Send + Sync + 'static>() -> usize {
        size_of::<T>()
    }
    assert_eq!(anywhere::<Error>(), size_of::<usize>());
    let ticket = JobTicket::new(ID);
    let json = serde_json::to_string(&ticket).unwrap();
    assert_eq!(serde_json::from_str::<JobTicket>(&json).unwrap(), ticket);
    assert_eq!(ErrorKind::ALL.len(), 21);
}
