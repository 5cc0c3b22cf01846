//! Sixty-four calls in flight: how many a second.

use std::time::Instant;

use dryapi_client::Client;
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::calls::{client, request, runtime};
use crate::peer::Peer;
use crate::row::{Bound, Row, rounds};

const IN_FLIGHT: usize = 64;
const ROUNDS: usize = 11;

pub(crate) fn measure() -> Vec<Row> {
    let runtime = runtime();
    let row = |told: &str, slow: u64, pairs: usize| {
        let peer = Peer::slow(slow);
        let (client, bare) = (client(&peer), Bare::new(&peer.base_url));
        let rounds = rounds(
            ROUNDS,
            || runtime.block_on(rate(pairs, || ours(client.clone()))),
            || runtime.block_on(rate(pairs, || theirs(bare.clone()))),
        );
        let what = format!("calls a second, {IN_FLIGHT} in flight, {told}");
        let bound = Bound::ratio_at_least(0.95);
        Row::of(what, "a s", "reqwest + serde_json", &rounds, bound)
    };
    vec![
        row("answered at once", 0, 3000),
        row("answered after 5 ms", 5, 3000),
    ]
}

/// Calls a second, two in a pair.
async fn rate<F>(pairs: usize, pair: impl Fn() -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    let each = pairs / IN_FLIGHT;
    for _ in 0..IN_FLIGHT {
        let pairs: Vec<F> = (0..each).map(|_| pair()).collect();
        workers.spawn(async move {
            for pair in pairs {
                pair.await;
            }
        });
    }
    while let Some(done) = workers.join_next().await {
        done.unwrap();
    }
    (2 * each * IN_FLIGHT) as f64 / begun.elapsed().as_secs_f64()
}

async fn ours(client: Client) {
    let job = client.submit(&request()).await.unwrap();
    let _ = job.status().await.unwrap();
}

async fn theirs(bare: Bare) {
    let id = bare.submit().await;
    let _ = bare.status(&id).await;
}
