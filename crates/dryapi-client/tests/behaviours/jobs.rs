//! Waiting for a job: what is looked at when, and what ends it.

use std::time::Duration;

use dryapi_client::{Charge, ErrorKind, JobState, TextToImage};
use dryapi_testkit::{Answer, ScriptedTransport, Step, answers};
use dryapi_transport::{Clock, TransportError, TransportErrorKind};
use futures_util::StreamExt;

use crate::support::{ID, cat, client};

const URL: &str = "https://storage.example/results/1/output.png?sig=secret";

#[tokio::test]
async fn looks_come_late_and_then_closer() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::status_pending())
        .then(answers::status_processing(45.5))
        .then(answers::status_done(URL));
    let (client, clock) = client(&transport);
    let mut progress = Vec::new();
    let job = client.submit(&cat()).await.unwrap();
    let image = job
        .wait()
        .on_progress(|status| progress.push((status.state.clone(), status.progress)))
        .await
        .unwrap();
    assert_eq!(image.url().unwrap().as_str(), URL);
    assert!(!format!("{image:?}").contains("sig=secret"));
    assert_eq!(progress[1], (JobState::Processing, Some(45.5)));
    assert_eq!(
        clock.slept(),
        [5.0, 7.5, 11.25].map(Duration::from_secs_f64)
    );
    assert!(
        transport
            .requests()
            .iter()
            .skip(1)
            .all(|sent| sent.is_for(&format!("request-status/{ID}")))
    );
}

#[tokio::test]
async fn nothing_but_the_jobs_own_state_fails_it() {
    let torn = TransportError::new(TransportErrorKind::Interrupted, "torn");
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(answers::not_found())
        .then(Step::error(torn).times(4))
        .then(Step::from(Answer::text(502, "<html>")).times(4))
        .then(answers::rate_limited_minute())
        .then(answers::status_done(URL));
    let (client, _) = client(&transport);
    client.run(&cat()).await.unwrap();
    transport.assert_done();
}

#[tokio::test]
async fn a_failed_job_says_why_and_keeps_its_id() {
    let transport =
        ScriptedTransport::new()
            .then(answers::accepted(ID))
            .then(answers::status_error(
                "WORKER_TIMEOUT",
                "Worker failed to respond",
            ));
    let (client, _) = client(&transport);
    let error = client.run(&cat()).intent("order-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobFailed);
    assert_eq!(
        (error.code(), error.charge()),
        (Some("WORKER_TIMEOUT"), Charge::Maybe)
    );
    assert_eq!(error.request_id().unwrap().as_str(), ID);
    assert_eq!(error.intent().unwrap().as_str(), "order-1");
    insta::assert_snapshot!(error, @"txt2img: Worker failed to respond (job c08a339c-73e5-4d67-a4d5-231302fbff9a)");
}

#[tokio::test]
async fn a_deadline_ends_the_wait_and_not_the_job() {
    let transport = ScriptedTransport::new()
        .then(answers::accepted(ID))
        .then(Step::from(answers::status_pending()).always());
    let (client, clock) = client(&transport);
    let job = client.submit(&cat()).await.unwrap();
    let begun = clock.now();
    let error = job
        .wait()
        .deadline(Duration::from_secs(20))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::WaitTimedOut, Charge::Yes)
    );
    assert_eq!(clock.now() - begun, Duration::from_secs(20));
    let again = client.resume::<TextToImage>(error.job().unwrap().clone());
    assert_eq!(again.id(), job.id());
}

#[tokio::test]
async fn a_deadline_of_run_covers_the_paid_request_too() {
    let transport = ScriptedTransport::new().then(Step::hang());
    let (client, clock) = client(&transport);
    let begun = clock.now();
    let error = client
        .run(&cat())
        .deadline(Duration::from_secs(10))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.charge()),
        (ErrorKind::OutcomeUnknown, Charge::Maybe)
    );
    assert_eq!(clock.now() - begun, Duration::from_secs(10));
}

#[tokio::test]
async fn a_refused_look_ends_the_wait_with_the_id() {
    let transport = ScriptedTransport::new().then(answers::unauthorized());
    let (client, clock) = client(&transport);
    let begun = clock.now();
    let error = client.any_job(ID).wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.request_id().unwrap().as_str(), ID);
    assert_eq!(clock.now(), begun, "a resumed job is looked at at once");
}

#[tokio::test]
async fn updates_come_once_each() {
    let transport = ScriptedTransport::new()
        .then(Step::from(answers::status_processing(10.0)).times(3))
        .then(answers::status_processing(60.0))
        .then(answers::status_done(URL));
    let (client, _) = client(&transport);
    let updates: Vec<_> = client.any_job(ID).updates().collect().await;
    let states: Vec<_> = updates
        .into_iter()
        .map(|update| update.unwrap().progress)
        .collect();
    assert_eq!(states, [Some(10.0), Some(60.0), Some(100.0)]);
}

#[tokio::test]
async fn a_deadline_bounds_a_look_that_hangs() {
    let transport = ScriptedTransport::new().then(Step::hang().always());
    let (client, clock) = client(&transport);
    let begun = clock.now();
    let job = client.any_job(ID);
    let error = job
        .wait()
        .deadline(Duration::from_secs(3))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimedOut);
    assert_eq!(error.operation(), "", "the task is not known");
    assert!(clock.now() - begun <= Duration::from_secs(63));
}

#[test]
fn another_runtime_takes_over() {
    let transport = ScriptedTransport::new()
        .then(Step::hang())
        .then(answers::status_done(URL));
    let (client, _) = client(&transport);
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    // A look is on its way when its runtime ends.
    let first = runtime();
    let job = client.any_job(ID);
    let waiting = job.clone();
    first.spawn(async move { waiting.wait().await.map(drop) });
    first.block_on(async {
        while transport.requests().is_empty() {
            tokio::task::yield_now().await;
        }
    });
    drop(first);
    runtime().block_on(async { job.wait().await.unwrap() });
    transport.assert_done();
}

#[tokio::test]
async fn nothing_is_asked_until_updates_are_read() {
    let transport = ScriptedTransport::new().then(answers::status_done(URL));
    let (client, _) = client(&transport);
    let mut updates = client.any_job(ID).updates();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(transport.requests().is_empty());
    assert!(updates.next().await.unwrap().is_ok());
    assert!(updates.next().await.is_none());
}
