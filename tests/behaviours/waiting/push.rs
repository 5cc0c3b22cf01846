//! With the push channel: one socket for all waits, and a look only where something is missing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dryapi_client::{Change, ClientBuilder, ErrorKind, TextToEmbedding, TextToImage};
use dryapi_sandbox::{Config, FaultRule, Sandbox};
use dryapi_testkit::Fault;
use tokio::task::JoinSet;

use crate::support::world::World;

const SECOND: Duration = Duration::from_secs(1);

fn listening(builder: ClientBuilder, sandbox: &Sandbox) -> ClientBuilder {
    builder
        .client_id(sandbox.client_id())
        .realtime_url(sandbox.realtime_url())
}

fn config() -> Config {
    Config::default()
        .with_job_time(SECOND * 300)
        .with_balance("1000".parse().unwrap())
}

fn picture(prompt: &str) -> TextToImage {
    TextToImage::new(prompt, "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

/// Submits jobs as fast as the plan allows and waits for all: pictures, texts whose result comes
/// inline, and some that fail. Gives how many of each kind.
async fn submit(
    world: &World,
    jobs: usize,
    waits: &mut JoinSet<Result<(), dryapi_client::Error>>,
) -> (usize, usize) {
    let (mut inline, mut failing) = (0, 0);
    for number in 0..jobs {
        match number % 10 {
            3 => {
                inline += 1;
                let request = TextToEmbedding::new("a text", "Bge_M3_FP16")
                    .with_return_result_in_response(true);
                let job = world.client.submit(&request).await.unwrap();
                waits.spawn(async move { job.wait().deadline(SECOND * 7200).await.map(drop) });
            }
            other => {
                let fails = other == 7 && number % 100 == 7;
                failing += usize::from(fails);
                let prompt = if fails {
                    "[[fault:job_failed]]"
                } else {
                    "a cat"
                };
                let job = world.client.submit(&picture(prompt)).await.unwrap();
                waits.spawn(async move { job.wait().deadline(SECOND * 7200).await.map(drop) });
            }
        }
        if number % 4 == 3 {
            world.step(SECOND).await;
        }
    }
    (inline, failing)
}

fn failures(ended: &[Result<(), dryapi_client::Error>]) -> usize {
    let errors = ended.iter().filter_map(|outcome| outcome.as_ref().err());
    errors
        .inspect(|error| assert_eq!(error.kind(), ErrorKind::JobFailed, "{error}"))
        .count()
}

#[tokio::test]
async fn a_thousand_waits_use_one_socket() {
    let world = World::start(config(), listening).await;
    let mut waits = JoinSet::new();
    let (inline, failing) = submit(&world, 1000, &mut waits).await;
    let ended = world.finish(&mut waits, SECOND * 2, SECOND * 3600).await;
    println!(
        "1000 jobs ({inline} inline, {failing} failing): {} looks at {} jobs, {} sockets, {:?}",
        world.looks(),
        world.looked_at(),
        world.authorisations(),
        world.passed()
    );
    assert_eq!((ended.len(), failures(&ended)), (1000, failing));
    assert_eq!((world.authorisations(), world.refused()), (1, 0));
    // One a finished job that is not told whole, and one a job that was open at the connection.
    assert!(world.looks() <= 1000 + inline, "{}", world.looks());
}

#[tokio::test]
async fn twenty_cuts_miss_nothing() {
    let world = World::start(config(), listening).await;
    let mut waits = JoinSet::new();
    let (_, failing) = submit(&world, 400, &mut waits).await;
    let mut ended = Vec::new();
    for _ in 0..20 {
        world.sandbox.cut_push();
        ended.extend(world.finish(&mut waits, SECOND, SECOND * 18).await);
    }
    ended.extend(world.finish(&mut waits, SECOND * 2, SECOND * 3600).await);
    println!(
        "400 jobs, 20 cuts: {} looks at {} jobs, {} sockets, {:?}",
        world.looks(),
        world.looked_at(),
        world.authorisations(),
        world.passed()
    );
    assert_eq!((ended.len(), failures(&ended)), (400, failing));
    assert!(world.authorisations() >= 21, "{}", world.authorisations());
    assert_eq!(world.refused(), 0);
    assert!(world.looks() < 3 * 400, "{}", world.looks());
}

#[tokio::test]
async fn the_whole_account_is_listened_to() {
    let world = World::start(config(), listening).await;
    let mut changes = world.client.changes();
    let told = Arc::new(Mutex::new(Vec::new()));
    let writing = Arc::clone(&told);
    tokio::spawn(async move {
        while let Some(change) = changes.next().await {
            let line = match change.unwrap() {
                Change::Job {
                    ticket,
                    status,
                    origin,
                    ..
                } => {
                    format!(
                        "{} {} {origin}",
                        &ticket.request_id().as_str()[..4],
                        status.state
                    )
                }
                Change::Connected { gap, .. } => format!("connected, gap {gap}"),
                Change::Interrupted { .. } => "interrupted".to_owned(),
                _ => continue,
            };
            let mut told = writing.lock().unwrap();
            if told.last() != Some(&line) {
                told.push(line);
            }
        }
    });
    world.step(SECOND).await;
    // Nobody waits for these: another program's, say.
    let good = world.client.submit(&picture("a cat")).await.unwrap();
    let bad = world
        .client
        .submit(&picture("[[fault:job_failed]]"))
        .await
        .unwrap();
    for _ in 0..60 {
        world.step(SECOND * 2).await;
    }
    world.sandbox.cut_push();
    for _ in 0..400 {
        world.step(SECOND * 2).await;
    }
    let told = told.lock().unwrap();
    let good = |rest: &str| format!("{} {rest}", &good.id().as_str()[..4]);
    let bad = |rest: &str| format!("{} {rest}", &bad.id().as_str()[..4]);
    assert_eq!(told[0], "connected, gap false");
    for line in [
        good("processing push"),
        good("done push"),
        bad("processing push"),
        // The channel never tells that a job failed: a look does.
        bad("error poll"),
        "interrupted".to_owned(),
        "connected, gap true".to_owned(),
    ] {
        assert!(told.contains(&line), "{line} is missing of {told:#?}");
    }
    assert!(world.looks() < 10, "{}", world.looks());
}

#[tokio::test]
async fn a_refused_channel_is_said_and_waits_go_on_by_looks() {
    let world = World::start(config(), listening).await;
    let rule = FaultRule::new(Fault::PushRefused).with_times(100);
    world.sandbox.arm(rule).unwrap();
    let mut changes = world.client.changes();
    let error = changes.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(error.to_string().contains("client id"), "{error}");
    assert!(changes.next().await.is_none());
    let job = world.client.submit(&picture("a cat")).await.unwrap();
    let mut waits = JoinSet::new();
    waits.spawn(async move { job.wait().deadline(SECOND * 3600).await });
    let ended = world.finish(&mut waits, SECOND * 5, SECOND * 3600).await;
    assert!(ended.len() == 1 && ended[0].is_ok());
}

#[tokio::test]
async fn a_laptop_that_slept_reads_every_open_job_once() {
    let world = World::start(config(), listening).await;
    let mut waits = JoinSet::new();
    for _ in 0..5 {
        let job = world.client.submit(&picture("a cat")).await.unwrap();
        waits.spawn(async move { job.wait().deadline(SECOND * 7200).await });
    }
    for _ in 0..20 {
        world.step(SECOND).await;
    }
    let before = (world.looks(), world.authorisations());
    // The lid is closed: the service goes on, its news go to a socket that nobody reads.
    world.sandbox.cut_push();
    world.sandbox.advance(SECOND * 3600);
    world.clock.suspend(SECOND * 3600);
    let ended = world.finish(&mut waits, SECOND, SECOND * 60).await;
    assert!(ended.len() == 5 && ended.iter().all(Result::is_ok));
    assert_eq!(
        world.authorisations(),
        before.1 + 1,
        "the socket is made anew"
    );
    assert!(
        world.looks() <= before.0 + 5,
        "{} after {before:?}",
        world.looks()
    );
}
