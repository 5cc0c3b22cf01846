//! One intent, one paid job: whatever became of the first call, another process that asks for the
//! same under the same name pays only if the first provably did not.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dryapi_client::{ApiKey, Charge, Client, Clock, ErrorKind, TextToImage};
use dryapi_ledger::{EvidenceKind, SqliteStore, State};
use dryapi_testkit::corpus::{self, Class, KEY};
use dryapi_testkit::{HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::SystemClock;

const ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";

fn cat(prompt: &str) -> TextToImage {
    TextToImage::new(prompt, "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4)
}

/// A client as another process would make it: a connection of its own to the same file.
async fn client(folder: &Path, transport: &ScriptedTransport) -> Client {
    client_at(folder, transport, HandClock::auto()).await
}

/// Processes of one account live in one time.
async fn client_at(folder: &Path, transport: &ScriptedTransport, clock: impl Clock) -> Client {
    let store = SqliteStore::open(folder.join("ledger.sqlite3"));
    Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .transport(transport.clone())
        .clock(clock)
        .ledger(Arc::new(store.await.unwrap()))
        .build()
        .unwrap()
}

fn accepting() -> ScriptedTransport {
    let accepted = Step::from(answers::accepted(ID));
    ScriptedTransport::new().then(accepted.always())
}

#[tokio::test]
async fn a_name_that_was_used_gives_its_job() {
    let folder = tempfile::tempdir().unwrap();
    let transport = accepting();
    for _ in 0..3 {
        let client = client(folder.path(), &transport).await;
        let job = client.submit(&cat("a cat")).intent("order-4711").await;
        assert_eq!(job.unwrap().id().as_str(), ID);
    }
    assert_eq!(transport.count("txt2img"), 1);
    let client = client(folder.path(), &transport).await;
    let other = client.submit(&cat("a dog")).intent("order-4711").await;
    let error = other.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(transport.count("txt2img"), 1);
}

#[tokio::test]
async fn the_same_wish_is_known_again_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let transport = accepting();
    let client = client(folder.path(), &transport).await;
    let seeded = |prompt: &str, seed| cat(prompt).with_seed(seed);
    for (name, wish) in [("a", seeded("a cat", 1)), ("b", seeded("a dog", 2))] {
        let call = client.submit(&wish).intent(name).chosen(["seed"]);
        drop(call.await.unwrap());
    }
    let again = seeded("a cat", 3);
    let call = client.submit(&again).chosen(["seed"]);
    let twins = call.twins().await.unwrap();
    let names: Vec<&str> = twins.iter().map(|twin| twin.intent.as_str()).collect();
    assert_eq!(names, ["a"]);
    // A seed that the user chose makes another wish of it.
    let twins = client.submit(&again).twins().await.unwrap();
    assert!(twins.is_empty(), "{twins:?}");
}

#[tokio::test]
async fn tasks_of_one_process_pay_once_together() {
    let folder = tempfile::tempdir().unwrap();
    let transport = accepting();
    // They wait for each other, not for time.
    let client = client_at(folder.path(), &transport, SystemClock::new()).await;
    let request = cat("a cat");
    let call = || client.submit(&request).intent("order-4711").into_future();
    let (one, other, third) = tokio::join!(call(), call(), call());
    for job in [one, other, third] {
        assert_eq!(job.unwrap().id().as_str(), ID);
    }
    assert_eq!(transport.count("txt2img"), 1);
}

#[tokio::test]
async fn after_every_answer_only_what_was_not_charged_is_sent_again() {
    let mut unknown = 0;
    for case in corpus::all().filter(|case| case.class == Class::Paid) {
        let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::auto());
        let first = ScriptedTransport::new().then(Step::from(case).always());
        let asked = client_at(folder.path(), &first, clock.clone()).await;
        let first = asked.submit(&cat("a cat")).intent("order-4711").await;
        // A day later, when no limit holds it back any more.
        clock.advance(Duration::from_secs(26 * 3600));
        let second = accepting();
        let asked = client_at(folder.path(), &second, clock).await;
        let again = asked.submit(&cat("a cat")).intent("order-4711").await;
        let (sent, name) = (second.count("txt2img"), case.name);
        match first {
            Ok(job) => {
                assert_eq!(again.unwrap().id(), job.id(), "{name}");
                assert_eq!(sent, 0, "{name}");
            }
            Err(error) if error.charge() == Charge::No => {
                assert_eq!(again.unwrap().id().as_str(), ID, "{name}");
                assert_eq!(sent, 1, "{name}");
            }
            Err(_) => {
                unknown += 1;
                assert_eq!(sent, 0, "{name}");
                let error = again.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{name}: {error}");
                assert_eq!(error.charge(), Charge::Maybe, "{name}");
                assert!(!error.is_retryable(), "{name}");
            }
        }
    }
    assert!(unknown > 5, "{unknown}");
}

#[tokio::test]
async fn what_became_of_it_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let transport = ScriptedTransport::new()
        .then(Step::from(answers::balance("5.00")))
        .then(Step::from(answers::accepted(ID)))
        .then(Step::from(answers::status_done("https://storage.dryapi.dev/cat.png")).always());
    let client = client(folder.path(), &transport).await;
    let request = cat("a cat").with_seed(7);
    let asked = client.submit(&request).intent("order-4711");
    let job = asked.target("cat.png").chosen(["seed"]).await.unwrap();
    let ledger = client.ledger().await.unwrap().unwrap();
    let intent = job.intent().unwrap().clone();
    let entry = ledger.entry(&intent).await.unwrap().unwrap();
    assert_eq!(entry.state, State::Accepted);
    assert_eq!(entry.model.as_deref(), Some("Flux1schnell"));
    assert!(entry.target.unwrap().ends_with("/cat.png"));
    assert_eq!(entry.evidence[0].kind, EvidenceKind::Drawn);
    assert_eq!(entry.evidence[0].text, "seed: 7");
    let done = job.wait().await.unwrap();
    let entry = ledger.entry(&intent).await.unwrap().unwrap();
    assert_eq!(entry.state, State::Done);
    let path = folder.path().join("cat.png");
    std::fs::write(&path, "a cat").unwrap();
    done.saved_to(&path).await;
    let entry = ledger.entry(&intent).await.unwrap().unwrap();
    assert_eq!(entry.state, State::Downloaded);
    assert_eq!(entry.file.unwrap().size, 5);
    // The same wish, though another seed was drawn.
    let again = cat("a cat").with_seed(8);
    let again = client.submit(&again).intent("order-4711").chosen(["seed"]);
    assert_eq!(again.await.unwrap().id().as_str(), ID);
}

#[tokio::test]
async fn a_name_under_which_nothing_was_paid_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let refused =
        ScriptedTransport::new().then(Step::from(answers::insufficient_balance()).always());
    let asked = client(folder.path(), &refused).await;
    let refused = asked.submit(&cat("a cat")).intent("order-4711").await;
    assert_eq!(refused.unwrap_err().charge(), Charge::No);
    let asked = client(folder.path(), &accepting()).await;
    let job = asked.submit(&cat("a dog")).intent("order-4711").await;
    assert_eq!(job.unwrap().id().as_str(), ID);
}
