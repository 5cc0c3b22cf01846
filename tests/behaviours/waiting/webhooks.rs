//! Told by webhooks: the sandbox delivers, `dryapi-webhook` verifies, and the waits end.

use std::sync::Arc;
use std::time::Duration;

use dryapi_client::types::Event;
use dryapi_client::{ErrorKind, JobState, TextToEmbedding, TextToImage};
use dryapi_sandbox::Config;
use dryapi_testkit::Fault;
use dryapi_webhook::Verifier;
use dryapi_webhook::axum::{Delivery, Receiver};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::support::world::World;

const SECOND: Duration = Duration::from_secs(1);
const SECRET: &str = "whsec-waiting";

/// An address that hands on every event it verified.
async fn receive() -> (String, mpsc::UnboundedReceiver<Event>) {
    let (sender, events) = mpsc::unbounded_channel();
    let receiver = Receiver::new(Verifier::new([SECRET]).unwrap());
    let handler = receiver.handler(move |delivery: Delivery| {
        let handed = sender.send(delivery.event);
        async move { handed.map_err(|error| error.to_string()) }
    });
    let app = axum::Router::new().route("/dryapi", axum::routing::post(handler));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/dryapi", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, events)
}

/// A client that relies on webhooks, and a task that hands it every event.
async fn world() -> Arc<World> {
    let (address, mut events) = receive().await;
    let config = Config::default()
        .with_job_time(SECOND * 60)
        .with_webhook_url(address)
        .with_webhook_secret(SECRET);
    let world = World::start(config, |builder, _| builder.rely_on_webhooks(true)).await;
    let client = world.client.clone();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            client.accept(&event);
        }
    });
    Arc::new(world)
}

fn picture(prompt: &str) -> TextToImage {
    TextToImage::new(prompt, "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

#[tokio::test]
async fn webhooks_alone_end_the_waits() {
    let world = world().await;
    let mut waits = JoinSet::new();
    for number in 0..40 {
        let prompt = if number % 10 == 7 {
            "[[fault:job_failed:WORKER_TIMEOUT]]"
        } else {
            "a cat"
        };
        let job = world.client.submit(&picture(prompt)).await.unwrap();
        waits.spawn(async move { job.wait().await });
    }
    let ended = world.finish(&mut waits, SECOND * 2, SECOND * 120).await;
    let failed = ended.iter().filter_map(|outcome| outcome.as_ref().err());
    let failed: Vec<_> = failed
        .map(|error| (error.kind(), error.code().unwrap().to_owned()))
        .collect();
    assert_eq!(ended.len(), 40);
    assert_eq!(failed.len(), 4);
    assert!(
        failed
            .iter()
            .all(|(kind, code)| *kind == ErrorKind::JobFailed && code == "WORKER_TIMEOUT")
    );
    assert_eq!(world.looks(), 0, "a webhook tells all that a picture needs");
}

#[tokio::test]
async fn a_lost_one_is_noticed_and_a_mixed_up_one_does_no_harm() {
    let world = world().await;
    let faults = [
        Fault::WebhookLost,
        Fault::WebhookTwice,
        Fault::WebhookLate,
        Fault::WebhookReordered,
    ];
    let mut waits = JoinSet::new();
    for fault in faults {
        let prompt = format!("[[fault:{fault}]]");
        let job = world.client.submit(&picture(&prompt)).await.unwrap();
        waits.spawn(async move { job.wait().deadline(SECOND * 3600).await });
    }
    let ended = world.finish(&mut waits, SECOND * 10, SECOND * 3600).await;
    assert!(ended.len() == 4 && ended.iter().all(Result::is_ok));
    // The lost one by the watchdog; the late one perhaps, too.
    assert!((1..=3).contains(&world.looks()), "{}", world.looks());
}

#[tokio::test]
async fn what_is_missing_is_asked_for_once() {
    let (address, mut events) = receive().await;
    let config = Config::default()
        .with_webhook_url(address)
        .with_webhook_secret(SECRET);
    let world = World::start(config, |builder, _| builder).await;
    let request =
        TextToEmbedding::new("a text", "Bge_M3_FP16").with_return_result_in_response(true);
    let _ = world.client.submit(&request).await.unwrap();
    let _ = world.client.submit(&picture("a cat")).await.unwrap();
    world.step(SECOND * 10).await;
    let mut completed = Vec::new();
    while completed.len() < 2 {
        let event = events.recv().await.unwrap();
        if event.state == Some(JobState::Done) {
            completed.push(event);
        }
    }
    for event in completed {
        let before = world.looks();
        let job = world.client.any_job_from(&event).unwrap();
        let done = job.wait().await.unwrap();
        match job.ticket().task() {
            Some("txt2img") => {
                assert_eq!(world.looks(), before, "it was told where the picture is");
                let folder = tempfile::tempdir().unwrap();
                done.save(folder.path().join("cat.jpg")).await.unwrap();
                assert_eq!(
                    world.looks(),
                    before + 1,
                    "other formats stand in the status only"
                );
            }
            task => {
                assert_eq!(task, Some("txt2embedding"));
                assert_eq!(
                    world.looks(),
                    before + 1,
                    "vectors stand in the status only"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_event_that_names_no_job_is_none() {
    let world = World::start(Config::default(), |builder, _| builder).await;
    assert!(
        world
            .client
            .any_job_from(&Event::unknown("account.paused"))
            .is_none()
    );
}
