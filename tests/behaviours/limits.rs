//! The account's limits: kept to once they are known, without one refusal.

use std::time::Duration;

use dryapi_client::{Charge, Delivery, ErrorKind, LearnedFrom, Plan, TextToImage};
use dryapi_sandbox::Config;
use tokio::task::JoinSet;

use crate::support::world::World;

const SECOND: Duration = Duration::from_secs(1);

fn picture() -> TextToImage {
    TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0)
}

fn basic() -> Config {
    Config::default().with_plan(Plan::Basic)
}

/// Submits pictures as fast as the client lets them through; gives how many were accepted.
async fn submit(world: &World, jobs: usize, deadline: Duration, steps: u32) -> (usize, usize) {
    let mut calls = JoinSet::new();
    for _ in 0..jobs {
        let client = world.client.clone();
        calls.spawn(async move { client.submit(&picture()).deadline(deadline).await.map(drop) });
    }
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..steps {
        world.step(SECOND).await;
        while let Some(ended) = calls.try_join_next() {
            match ended.unwrap() {
                Ok(()) => accepted += 1,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
                    assert_eq!(
                        (error.delivery(), error.charge()),
                        (Delivery::NotSent, Charge::No)
                    );
                    assert!(error.is_retryable() && error.retry_after().is_some());
                    refused += 1;
                }
            }
        }
    }
    (accepted, refused)
}

#[tokio::test]
async fn a_plan_that_is_given_draws_no_refusal() {
    let world = World::start(basic(), |builder, _| builder.plan(Plan::Basic)).await;
    let (accepted, refused) = submit(&world, 12, SECOND * 300, 310).await;
    // Three in any 61 seconds.
    assert_eq!((accepted, refused, world.refused()), (12, 0, 0));
    assert_eq!(world.sandbox.charges().len(), 12);
}

#[tokio::test]
async fn a_plan_is_learned_from_the_first_answer() {
    let world = World::start(basic(), |builder, _| builder).await;
    let _ = world.client.submit(&picture()).await.unwrap();
    let known = world.client.limits();
    let known = known.first().unwrap();
    assert_eq!(
        (known.bucket.as_str(), known.learned_from),
        ("txt2img", LearnedFrom::Header)
    );
    assert_eq!(known.minute.unwrap().left, 2);
    assert_eq!(
        (known.day.unwrap().limit, known.day.unwrap().left),
        (100, 99)
    );
    let (accepted, refused) = submit(&world, 8, SECOND * 200, 200).await;
    assert_eq!((accepted, refused, world.refused()), (8, 0, 0));
}

#[tokio::test]
async fn a_queue_that_is_too_long_fails_now_and_says_when() {
    let world = World::start(basic(), |builder, _| {
        builder.plan(Plan::Basic).max_queue(SECOND * 30)
    })
    .await;
    let (accepted, refused) = submit(&world, 5, SECOND * 600, 40).await;
    assert_eq!((accepted, refused, world.refused()), (3, 2, 0));
    assert_eq!(world.sandbox.charges().len(), 3);
}

#[tokio::test]
async fn whoever_gives_up_leaves_the_queue() {
    let world = World::start(basic(), |builder, _| builder.plan(Plan::Basic)).await;
    submit(&world, 3, SECOND * 600, 1).await;
    let client = world.client.clone();
    let waiting = tokio::spawn(async move { client.submit(&picture()).await.map(drop) });
    world.step(SECOND * 5).await;
    waiting.abort();
    let (accepted, _) = submit(&world, 1, SECOND * 100, 70).await;
    assert_eq!((accepted, world.sandbox.charges().len()), (1, 4));
}

#[tokio::test]
async fn a_part_of_the_limits_is_kept_to() {
    let world = World::start(basic(), |builder, _| builder.plan(Plan::Basic).share(3)).await;
    let (accepted, refused) = submit(&world, 3, SECOND * 150, 130).await;
    assert_eq!((accepted, refused), (3, 0));
    assert!(world.passed() > SECOND * 122, "one a minute");
}
