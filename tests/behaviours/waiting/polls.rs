//! By looks alone, on the plan that allows 200 a day.

use std::time::Duration;

use dryapi_client::{ErrorKind, TextToImage};
use dryapi_sandbox::{Config, Plan};
use tokio::task::JoinSet;

use crate::support::world::World;

const SECOND: Duration = Duration::from_secs(1);

fn picture(prompt: &str) -> TextToImage {
    TextToImage::new(prompt, "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

#[tokio::test]
async fn a_days_looks_collect_sixty_jobs() {
    let config = Config::default()
        .with_plan(Plan::Basic)
        .with_job_time(SECOND * 300);
    let world = World::start(config, |builder, _| builder).await;
    let mut waits = JoinSet::new();
    for number in 0..60 {
        let prompt = match number % 20 {
            7 => "[[fault:job_failed:WORKER_TIMEOUT]]",
            _ => "a cat",
        };
        let job = world.client.submit(&picture(prompt)).await.unwrap();
        waits.spawn(async move { job.wait().deadline(SECOND * 86_400).await });
        // Three a minute is what the plan allows.
        for _ in 0..3 {
            world.step(SECOND * 7).await;
        }
    }
    let mut ended = world.finish(&mut waits, SECOND * 10, SECOND * 3600).await;
    while let Some(outcome) = waits.try_join_next() {
        ended.push(outcome.unwrap());
    }
    let failed = ended
        .iter()
        .filter(|outcome| matches!(outcome, Err(error) if error.kind() == ErrorKind::JobFailed))
        .count();
    assert_eq!((ended.len(), failed), (60, 3));
    assert!(ended.iter().filter(|outcome| outcome.is_ok()).count() == 57);
    assert_eq!(world.refused(), 0);
    assert!(world.looks() <= 200, "{}", world.looks());
    println!("60 jobs, {} looks, {:?}", world.looks(), world.passed());
}

#[tokio::test]
async fn many_waits_for_one_job_ask_once() {
    let world = World::start(Config::default(), |builder, _| builder).await;
    let job = world.client.submit(&picture("a cat")).await.unwrap();
    let mut waits = JoinSet::new();
    for _ in 0..50 {
        let job = job.clone();
        waits.spawn(async move { job.wait().await });
    }
    let ended = world.finish(&mut waits, SECOND, SECOND * 60).await;
    assert!(ended.len() == 50 && ended.iter().all(Result::is_ok));
    assert!(world.looks() <= 2, "{}", world.looks());
}

#[tokio::test]
async fn a_dropped_wait_costs_nothing() {
    let world = World::start(Config::default(), |builder, _| builder).await;
    let job = world.client.submit(&picture("a cat")).await.unwrap();
    let mut waits = JoinSet::new();
    waits.spawn(async move { job.wait().await });
    world.step(SECOND).await;
    waits.abort_all();
    for _ in 0..60 {
        world.step(SECOND).await;
    }
    assert_eq!((world.looks(), world.clock.sleepers()), (0, 0));
}
