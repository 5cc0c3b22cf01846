//! What a wait must bear: refused looks, other runtimes, contradictions, the user's own panics.

use crate::support::{ID, builder, cat, client};
use dryapi_client::types::Event;
use dryapi_client::{Charge, ErrorKind};
use dryapi_testkit::{HandClock, ScriptedTransport, Step, answers};
use dryapi_transport::{Clock, Request, Response, Transport, TransportError};

const URL: &str = "https://storage.example/results/1/output.png?sig=secret";

fn rt() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_runtime_that_never_ran_the_driver_does_not_keep_it() {
    let transport = ScriptedTransport::new().then(Step::from(answers::status_done(URL)).always());
    let (client, clock) = client(&transport);
    let first = rt();
    first.block_on(async { drop(client.any_job(ID).updates()) });
    drop(first);
    let begun = clock.now();
    let result = rt().block_on(async { client.job::<dryapi_client::TextToImage>(ID).wait().await });
    assert!(result.is_ok(), "{result:?} after {:?}", clock.now() - begun);
}

#[tokio::test]
async fn a_job_that_was_paid_for_says_so_when_looks_are_refused() {
    for answer in [
        answers::unauthorized(),
        answers::error(302, "x"),
        answers::suspended(),
    ] {
        let transport = ScriptedTransport::new()
            .then(answers::accepted(ID))
            .then(answer);
        let (client, _) = client(&transport);
        let error = client.run(&cat()).intent("order-1").await.unwrap_err();
        println!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {error}",
            error.kind(),
            error.charge(),
            error.intent(),
            error.delivery(),
            error.operation(),
            error.help()
        );
        assert_eq!(error.charge(), Charge::Yes);
        assert_eq!(error.intent().map(|i| i.as_str()), Some("order-1"));
    }
}

#[derive(Debug)]
struct PanicsOnce(std::sync::atomic::AtomicBool, ScriptedTransport);

#[async_trait::async_trait]
impl Transport for PanicsOnce {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let before = self.0.swap(true, std::sync::atomic::Ordering::SeqCst);
        assert!(
            before,
            "the first request is where the user's own code fails"
        );
        self.1.send(request).await
    }
}

#[tokio::test]
async fn a_look_that_panicked_is_made_again() {
    let transport = ScriptedTransport::new().then(Step::from(answers::status_done(URL)).always());
    let clock = HandClock::auto();
    let client = builder(&transport, &clock)
        .transport(PanicsOnce(false.into(), transport.clone()))
        .build()
        .unwrap();
    let result = client.job::<dryapi_client::TextToImage>(ID).wait().await;
    assert!(result.is_ok(), "{result:?}");
}

#[tokio::test]
async fn an_error_names_the_waiters_own_ticket() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::unauthorized());
    let (client, _) = client(&transport);
    let job = client.submit(&cat()).intent("order-1").await.unwrap();
    let any = client.any_job(ID);
    let (_a, b) = tokio::join!(async { any.wait().await.map(drop) }, async {
        job.wait().await.map(drop)
    });
    let error = b.unwrap_err();
    assert_eq!(
        error.job().unwrap().intent().map(|i| i.as_str()),
        Some("order-1"),
        "{:?}",
        error.job()
    );
}

#[tokio::test]
async fn a_contradiction_ends_the_wait() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(Step::from(answers::status_error("X", "no")).always());
    let (client, clock) = client(&transport);
    let job = client.submit(&cat()).await.unwrap();
    client.accept(&Event::completed(ID, None));
    let begun = clock.now();
    let error = job.wait().await.unwrap_err();
    assert_ne!(
        error.kind(),
        ErrorKind::WaitTimedOut,
        "{error} after {:?}",
        clock.now() - begun
    );
}

#[test]
fn outside_a_runtime_a_driven_hub_gives_an_error_and_no_panic() {
    let transport = ScriptedTransport::new().then(Step::hang().always());
    let client = dryapi_client::Client::builder()
        .api_key(dryapi_client::ApiKey::new("sk-x").unwrap())
        .transport(transport.clone())
        .build()
        .unwrap();
    let rt = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let c = client.clone();
    rt.spawn(async move {
        let _ = c.any_job(ID).wait().await;
    });
    while transport.requests().is_empty() {
        std::thread::yield_now();
    }
    let waiting = async { client.any_job("b").wait().await.map(drop) };
    let error = futures_util::FutureExt::now_or_never(waiting);
    assert_eq!(error.unwrap().unwrap_err().kind(), ErrorKind::Config);
}
