//! A result is read into the same type, whether it came inline or as a file.

use std::time::Duration;

use dryapi_client::types::{ImageToText, TextToEmbedding, VideoUrlToText};
use dryapi_client::{Charge, Client, ErrorKind, JobStatus};
use dryapi_testkit::{Answer, ScriptedTransport, Step, answers};
use serde_json::{Value, json};

use crate::support::{ID, cat, client};

const URL: &str = "https://storage.example/results/1/output.json?sig=1";

fn file(content: &str) -> Answer {
    Answer::bytes(200, "application/json", content.to_owned())
}

fn script(answers: impl IntoIterator<Item = Answer>) -> (Client, ScriptedTransport) {
    let begin = ScriptedTransport::new();
    let transport = answers.into_iter().fold(begin, ScriptedTransport::then);
    (client(&transport).0, transport)
}

fn both(result: &Value) -> [Vec<Answer>; 2] {
    let text = match result {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    [
        vec![answers::status_done_inline(result)],
        vec![answers::status_done(URL), file(&text)],
    ]
}

#[tokio::test]
async fn vectors_are_the_same_inline_and_as_a_file() {
    for answers in both(&json!({"data": [
        {"index": 1, "embedding": [3, 4]}, {"index": 0, "embedding": [1, 2]},
    ]})) {
        let (client, transport) = script(answers);
        let done = client.job::<TextToEmbedding>(ID).wait().await.unwrap();
        assert_eq!(done.vectors, [[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!((done.count(), done.dimension()), (2, 2));
        transport.assert_done();
    }
}

#[tokio::test]
async fn texts_are_the_same_inline_and_as_a_file() {
    let spoken =
        json!({"text": "Hi.", "language": "en", "segments": [{"start": 0, "text": "Hi."}]});
    for answers in both(&spoken) {
        let (client, transport) = script(answers);
        let done = client.job::<VideoUrlToText>(ID).wait().await.unwrap();
        assert_eq!((done.text.as_str(), done.segments.len()), ("Hi.", 1));
        transport.assert_done();
    }
    for answers in both(&json!("12 apples")) {
        let (client, transport) = script(answers);
        let done = client.job::<ImageToText>(ID).wait().await.unwrap();
        assert_eq!((done.text.as_str(), done.json()), ("12 apples", None));
        transport.assert_done();
    }
}

#[tokio::test]
async fn a_status_read_by_hand_gives_the_same() {
    for answers in both(&json!([[1, 2]])) {
        let (client, transport) = script(answers);
        let job = client.job::<TextToEmbedding>(ID);
        let status = job.status().await.unwrap();
        let done = job.completed(&status).await.unwrap();
        assert_eq!(done.into_output().vectors, [[1.0, 2.0]]);
        transport.assert_done();
    }
}

#[tokio::test]
async fn the_raw_json_is_asked_for_again() {
    let result = json!({"text": "Hi.", "words": [1]});
    for answers in both(&result) {
        let (client, transport) = script([answers.clone(), answers].concat());
        let done = client.job::<VideoUrlToText>(ID).wait().await.unwrap();
        assert_eq!(done.raw().await.unwrap(), result);
        transport.assert_done();
    }
    let picture = || answers::status_done("https://storage.example/a.png?sig=1");
    let (client, transport) = script([answers::accepted(ID), picture(), picture()]);
    let done = client.run(&cat()).await.unwrap();
    let error = done.raw().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::InvalidInput, Charge::Yes)
    );
    transport.assert_done();
}

#[tokio::test]
async fn a_result_that_cannot_be_read_is_not_lost() {
    for answers in both(&json!([[1, 2], [3, null]])) {
        let (client, transport) = script(answers);
        let error = client.job::<TextToEmbedding>(ID).wait().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.charge()),
            (ErrorKind::Decode, Charge::Yes)
        );
        assert_eq!(error.request_id().unwrap().as_str(), ID);
        assert!(error.to_string().contains("result[1][1]"), "{error}");
        assert!(!format!("{error:?}").contains("sig="));
        // Looks are rationed: what was understood as a status is not asked for again.
        transport.assert_done();
    }
    let (client, _) = script([answers::status_done_inline(&Value::Null)]);
    let error = client.job::<ImageToText>(ID).wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_files_address_is_refreshed_once() {
    let expired = Answer::text(403, "<Error/>");
    let again = || answers::status_done(URL);
    let (client, transport) = script([again(), expired.clone(), again(), file("[[1]]")]);
    let done = client.job::<TextToEmbedding>(ID).wait().await.unwrap();
    assert_eq!(done.vectors, [[1.0]]);
    transport.assert_done();

    let (client, _) = script([again(), expired.clone(), again(), expired]);
    let error = client.job::<TextToEmbedding>(ID).wait().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::ResultExpired, Charge::Yes)
    );
    assert_eq!(error.request_id().unwrap().as_str(), ID);
    assert!(!format!("{error:?}").contains("sig="));
}

#[tokio::test]
async fn a_deadline_covers_the_fetching() {
    let transport = ScriptedTransport::new()
        .then(answers::status_done(URL))
        .then(Step::stalled(file("[[1]]"), 2));
    let (client, _) = client(&transport);
    let job = client.job::<TextToEmbedding>(ID);
    let error = job
        .wait()
        .deadline(Duration::from_secs(3))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::WaitTimedOut, Charge::Yes)
    );
    assert!(error.to_string().contains("come down"), "{error}");
}

#[tokio::test]
async fn a_file_larger_than_a_status_may_be_is_refused() {
    let large = "a".repeat(64 * 1024 * 1024 + 1);
    let (client, _) = script([answers::status_done(URL), file(&large)]);
    let error = client.job::<VideoUrlToText>(ID).wait().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::File, Charge::Yes)
    );
}

#[tokio::test]
async fn progress_is_shown_while_vectors_are_made() {
    let (client, transport) = script([
        answers::status_processing(50.0),
        answers::status_done_inline(&json!([[1]])),
    ]);
    let mut seen = Vec::new();
    let job = client.job::<TextToEmbedding>(ID);
    let shown = |status: &JobStatus| seen.push(status.progress);
    let done = job.wait().on_progress(shown).await.unwrap();
    assert_eq!(done.vectors, [[1.0]]);
    assert_eq!(seen, [Some(50.0), Some(100.0)]);
    transport.assert_done();
}
