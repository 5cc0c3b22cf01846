//! With the push channel: one socket for all waits, and a look only where something is missing.

use std::time::Duration;

use dryapi_client::{ClientBuilder, ErrorKind, TextToEmbedding, TextToImage};
use dryapi_sandbox::{Config, Sandbox};
use tokio::task::JoinSet;

use super::world::World;

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
