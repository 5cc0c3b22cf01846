//! An answer is lost, and the job's webhook settles what became of it: nobody asks, nobody pays.

use std::sync::Arc;

use dryapi_client::types::Event;
use dryapi_client::{ApiKey, Client, ErrorKind, TextToImage};
use dryapi_ledger::{EvidenceKind, SqliteStore, State};
use dryapi_testkit::corpus::KEY;
use dryapi_testkit::{HandClock, ScriptedTransport, Step, answers};
use dryapi_webhook::Verifier;
use http::Method;

const ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";
const SECRET: &str = "whsec-settling";

#[tokio::test]
async fn a_webhook_with_the_intent_is_proof() {
    let transport = ScriptedTransport::new()
        .on(Method::GET, "balance", answers::balance("5.00"))
        .on(Method::POST, "txt2img", Step::cut(answers::accepted(ID), 3));
    let store = SqliteStore::open_in_memory().await.unwrap();
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .transport(transport.clone())
        .clock(HandClock::auto())
        .ledger(Arc::new(store))
        .correlate_webhooks(SECRET)
        .build()
        .unwrap();
    let request = TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4);
    let submit = || {
        let call = client.submit(&request).intent("order+4711?");
        call.webhook_url("https://me.example/hook?tenant=7")
    };
    let error = submit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");

    // What the service would call.
    let sent = transport.requests();
    let sent = sent.iter().find(|sent| sent.is_for("txt2img")).unwrap();
    let body = sent.json().unwrap();
    let address = body["webhook_url"].as_str().unwrap();
    let query = address.strip_prefix("https://me.example/hook?").unwrap();
    let named = Verifier::new([SECRET]).unwrap().intent(query).unwrap();
    let intent = named.unwrap();
    assert_eq!(Some(&intent), error.intent());

    let event = Event::processing(ID);
    client.accept_for(&event, &intent).await.unwrap();
    client.accept_for(&event, &intent).await.unwrap();
    let ledger = client.ledger().await.unwrap().unwrap();
    let entry = ledger.entry(&intent).await.unwrap().unwrap();
    assert_eq!(entry.state, State::Accepted);
    let notes = entry.evidence.iter();
    let webhooks = notes.filter(|note| note.kind == EvidenceKind::Webhook);
    assert_eq!(webhooks.count(), 1);
    assert_eq!(submit().await.unwrap().id().as_str(), ID);
    assert_eq!(transport.count("txt2img"), 1);
}
