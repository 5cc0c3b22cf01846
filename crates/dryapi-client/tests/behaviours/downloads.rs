//! Results come down whole, without the key, from where they may.

use dryapi_client::{Charge, Client, Completed, Delivery, ErrorKind, TextToImage};
use dryapi_testkit::{Answer, HandClock, ScriptedTransport, SentRequest, Step, answers};
use dryapi_transport::Reach;

use crate::support::{ID, builder, cat, client};

const URL: &str = "https://storage.example/results/1/output.png?sig=1";
const ALL: &[u8] = b"0123456789";

fn whole() -> Answer {
    Answer::bytes(200, "image/png", ALL).with_header("etag", "\"tag\"")
}

async fn done(client: &Client) -> Completed<TextToImage> {
    client.run(&cat()).await.unwrap()
}

fn script() -> ScriptedTransport {
    ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::status_done(URL))
}

#[tokio::test]
async fn a_result_is_saved_whole_and_without_the_key() {
    let transport = script().then(whole());
    let (client, _) = client(&transport);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    std::fs::write(&path, "old").unwrap();
    let saved = done(&client).await.save(&path).await.unwrap();
    assert_eq!(
        (saved.bytes, saved.media_type.as_deref()),
        (10, Some("image/png"))
    );
    assert_eq!(std::fs::read(&path).unwrap(), ALL);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no part file is left"
    );
    let sent = &transport.requests()[2];
    assert_eq!(sent.header("authorization"), None);
    assert_eq!(sent.reach, Reach::Public);
}

/// Breaks after four bytes; what is asked for next gets `answer`.
async fn broken_then(answer: fn(&SentRequest) -> Answer) -> Vec<u8> {
    let transport = script()
        .then(Step::cut(whole(), 4))
        .then(Step::reply(answer));
    let (client, _) = client(&transport);
    let bytes = done(&client).await.bytes(100).await.unwrap();
    let sent = &transport.requests()[3];
    assert_eq!(sent.header("range"), Some("bytes=4-"));
    assert_eq!(sent.header("if-range"), Some("\"tag\""));
    bytes.to_vec()
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_broke_or_starts_over() {
    let rest = broken_then(|_| {
        Answer::bytes(206, "image/png", &ALL[4..]).with_header("content-range", "bytes 4-9/10")
    });
    assert_eq!(rest.await, ALL);
    let other = broken_then(|_| Answer::bytes(200, "image/png", &b"abcdefghij"[..]));
    assert_eq!(other.await, b"abcdefghij");
}

#[tokio::test]
async fn an_address_that_expires_on_the_way_is_refreshed_once() {
    let fresh = "https://storage.example/results/1/output.png?sig=2";
    let expired = || Answer::text(403, "<Error/>");
    let rest =
        || Answer::bytes(206, "image/png", &ALL[4..]).with_header("content-range", "bytes 4-9/10");
    let transport = script()
        .then(Step::cut(whole(), 4))
        .then(expired())
        .then(answers::status_done(fresh))
        .then(rest());
    let (client, _) = client(&transport);
    assert_eq!(done(&client).await.bytes(100).await.unwrap(), ALL);
    let sent = transport.requests().pop().unwrap();
    assert_eq!(sent.query(), Some("sig=2"));
    assert_eq!(sent.header("range"), Some("bytes=4-"));

    let transport = script()
        .then(Step::cut(whole(), 4))
        .then(expired())
        .then(answers::status_done(fresh))
        .then(expired());
    let (client, _) = crate::support::client(&transport);
    let error = done(&client).await.bytes(100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResultExpired);
    assert_eq!(error.charge(), Charge::Yes);
}

#[tokio::test]
async fn an_expired_address_is_refreshed_once() {
    let fresh = "https://storage.example/results/1/output.png?sig=2";
    let transport = script()
        .then(Answer::text(
            403,
            "<Error><Code>AccessDenied</Code></Error>",
        ))
        .then(answers::status_done(fresh))
        .then(whole());
    let (client, _) = client(&transport);
    assert_eq!(done(&client).await.bytes(100).await.unwrap(), ALL);

    let expired = || Answer::text(403, "<Error/>");
    let transport = script()
        .then(expired())
        .then(answers::status_done(fresh))
        .then(expired());
    let (client, _) = crate::support::client(&transport);
    let error = done(&client).await.bytes(100).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::ResultExpired, Charge::Yes)
    );
    assert_eq!(error.delivery(), Delivery::Answered);
    assert!(!format!("{error:?}").contains("sig="));
}

#[tokio::test]
async fn redirects_are_followed_five_times_and_only_to_https() {
    let to = |target: &str| Answer::empty(302).with_header("location", target);
    let transport = script()
        .then(to("/elsewhere"))
        .then(to("//cdn.example/x"))
        .then(whole());
    let (client, _) = client(&transport);
    assert_eq!(done(&client).await.bytes(100).await.unwrap(), ALL);
    let last = transport.requests().pop().unwrap();
    assert_eq!(
        (last.uri.to_string().as_str(), last.header("authorization")),
        ("https://cdn.example/x", None)
    );

    for target in [
        "http://storage.example/x",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
    ] {
        let transport = script().then(to(target));
        let (client, _) = crate::support::client(&transport);
        let error = done(&client).await.bytes(100).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{target}");
    }
    let transport = script().then(Step::from(to("/circle")).always());
    let (client, _) = crate::support::client(&transport);
    assert!(done(&client).await.bytes(100).await.is_err());
    assert_eq!(transport.requests().len(), 2 + 6);
}

#[tokio::test]
async fn a_local_service_may_have_local_results() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::status_done("http://127.0.0.1:9/results/1"))
        .then(whole());
    let clock = HandClock::auto();
    let client = builder(&transport, &clock)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    assert_eq!(done(&client).await.bytes(100).await.unwrap(), ALL);
    assert_eq!(transport.requests()[2].reach, Reach::Any);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_keeps_the_job() {
    let transport = script().then(whole());
    let (client, _) = client(&transport);
    let error = done(&client)
        .await
        .save("/nowhere/at/all.png")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::File, Charge::Yes)
    );
    assert_eq!(error.request_id().unwrap().as_str(), ID);
}

/// A part that may or may not belong to what came before.
async fn resumed(first: Answer, part: Answer) -> (Vec<u8>, usize) {
    let transport = script()
        .then(Step::cut(first, 4))
        .then(part)
        .then(Answer::bytes(200, "image/png", &b"abcdefghij"[..]));
    let (client, _) = client(&transport);
    let bytes = done(&client).await.bytes(100).await.unwrap();
    (bytes.to_vec(), transport.requests().len() - 2)
}

#[tokio::test]
async fn only_a_part_of_the_same_file_is_put_behind_what_came() {
    let bare = || Answer::bytes(200, "image/png", ALL);
    let part = |range: &str| Answer::bytes(206, "", &ALL[4..]).with_header("content-range", range);
    let same = (ALL.to_vec(), 2);
    let over = (b"abcdefghij".to_vec(), 3);
    assert_eq!(resumed(bare(), part("bytes 4-9/10")).await, same);
    assert_eq!(resumed(bare(), part("bytes 4-9/11")).await, over);
    assert_eq!(resumed(bare(), part("bytes 4-9/*")).await, over);
    assert_eq!(resumed(bare(), part("bytes 3-9/10")).await, over);
    let changed = part("bytes 4-9/10").with_header("etag", "\"other\"");
    assert_eq!(resumed(whole(), changed).await, over);
    let weak = || bare().with_header("etag", "W/\"tag\"");
    assert_eq!(resumed(weak(), part("bytes 4-9/11")).await, over);
    let shorter = Answer::empty(416).with_header("content-range", "bytes */4");
    assert_eq!(resumed(bare(), shorter).await, over);
}

#[tokio::test]
async fn a_storage_that_always_breaks_at_the_same_place_is_given_up() {
    let transport = script().then(Step::cut(whole(), 4).always());
    let (client, _) = client(&transport);
    let error = done(&client).await.bytes(100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
    assert_eq!(transport.requests().len(), 2 + 1 + 4);
}

#[tokio::test]
async fn progress_of_a_download_is_told_piece_by_piece() {
    let transport = script().then(whole());
    let (client, _) = client(&transport);
    let (told, seen) = std::sync::mpsc::channel();
    let download = done(&client).await.stream().await.unwrap();
    let download = download.on_progress(move |so_far| told.send(so_far).unwrap());
    assert_eq!(download.bytes(100).await.unwrap(), ALL);
    let last = seen.iter().last().unwrap();
    assert_eq!((last.bytes, last.total), (10, Some(10)));
}
