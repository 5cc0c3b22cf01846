//! Sixty-four calls in flight: how many a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use dryapi_client::Client;
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::calls::{client, request, runtime};
use crate::peer::Peer;
use crate::row::{Bound, Row};

const IN_FLIGHT: usize = 64;
const PAIRS: usize = 3000;
const ROUNDS: usize = 11;

pub(crate) fn measure() -> Vec<Row> {
    let runtime = runtime();
    let peer = Peer::start();
    let (client, bare) = (client(&peer), Bare::new(&peer.base_url));
    let mut rounds = Vec::new();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let of_ours = || runtime.block_on(rate(|| ours(client.clone())));
        let of_bare = || runtime.block_on(rate(|| theirs(bare.clone())));
        let pair = if round % 2 == 0 {
            let ours = of_ours();
            (ours, of_bare())
        } else {
            let bare = of_bare();
            (of_ours(), bare)
        };
        if round > 0 {
            rounds.push(pair);
        }
    }
    let what = format!("calls a second, {IN_FLIGHT} in flight");
    let bound = Bound::ratio_at_least(0.95);
    vec![Row::of(what, "a s", "reqwest + serde_json", &rounds, bound)]
}

/// Calls a second.
async fn rate<F>(pair: impl Fn() -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let left = Arc::new(AtomicUsize::new(PAIRS));
    let mut workers = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        // Each worker makes the next pair while there is one.
        let left = Arc::clone(&left);
        let pairs: Vec<F> = (0..PAIRS / IN_FLIGHT).map(|_| pair()).collect();
        workers.spawn(async move {
            for pair in pairs {
                left.fetch_sub(1, Ordering::Relaxed);
                pair.await;
            }
        });
    }
    while let Some(done) = workers.join_next().await {
        done.unwrap();
    }
    let made = PAIRS - left.load(Ordering::Relaxed);
    (2 * made) as f64 / begun.elapsed().as_secs_f64()
}

async fn ours(client: Client) {
    let job = client.submit(&request()).await.unwrap();
    let _ = job.status().await.unwrap();
}

async fn theirs(bare: Bare) {
    let id = bare.submit().await;
    let _ = bare.status(&id).await;
}
