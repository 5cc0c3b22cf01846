//! One call after the other: what `submit` and `status` cost through the whole client.

use std::time::Instant;

use cpu_time::ProcessTime;
use dryapi_client::{ApiKey, Client, TextToImage};
use tracing::{Level, Subscriber};

use crate::bare::Bare;
use crate::peer::Peer;
use crate::row::{Bound, Row, rounds};

const ROUNDS: usize = 21;
/// Pairs of calls in a round.
const PAIRS: usize = 500;
const BESIDE: &str = "reqwest + serde_json";

/// Microseconds of processor and of the clock, per call.
type Cost = (f64, f64);

pub(crate) fn measure() -> Vec<Row> {
    let runtime = runtime();
    let peer = Peer::start();
    let (client, mut bare) = (client(&peer), Bare::new(&peer.base_url));
    let mut rows = Vec::new();
    for level in [None, Some(Level::INFO), Some(Level::DEBUG)] {
        bare.logs = level.is_some();
        let _guard = level.map(|level| tracing::subscriber::set_default(subscriber(level)));
        let rounds = rounds(
            ROUNDS,
            || runtime.block_on(timed(ours(&client))),
            || runtime.block_on(timed(theirs(&bare))),
        );
        let told = level.map_or("off".to_owned(), |level| {
            format!("at {level}").to_lowercase()
        });
        let column = |of: fn(&Cost) -> f64| -> Vec<(f64, f64)> {
            rounds
                .iter()
                .map(|(ours, bare)| (of(ours), of(bare)))
                .collect()
        };
        let what = |figure: &str| format!("submit + status, {figure} a call, tracing {told}");
        rows.push(Row::of(
            what("processor"),
            "µs",
            BESIDE,
            &column(|cost| cost.0),
            Bound::ratio_at_most(1.1),
        ));
        rows.push(Row::of(
            what("time"),
            "µs",
            BESIDE,
            &column(|cost| cost.1),
            Bound::default(),
        ));
    }
    rows
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

pub(crate) fn client(peer: &Peer) -> Client {
    Client::builder()
        .api_key(ApiKey::new("sk-bench").unwrap())
        .base_url(&peer.base_url)
        .build()
        .unwrap()
}

pub(crate) fn request() -> TextToImage {
    TextToImage::new("a cat in a nebula", "Flux1schnell")
        .with_size(512, 512)
        .with_steps(4)
        .with_guidance(0.0)
        .with_seed(7)
}

/// What is told at a level, written to nowhere.
fn subscriber(level: Level) -> impl Subscriber {
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::sink)
        .finish()
}

async fn timed(work: impl Future<Output = ()>) -> Cost {
    let (processor, begun) = (ProcessTime::now(), Instant::now());
    work.await;
    let calls = (2 * PAIRS) as f64;
    let (processor, time) = (processor.elapsed(), begun.elapsed());
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / calls;
    (each(processor), each(time))
}

async fn ours(client: &Client) {
    let request = request();
    for _ in 0..PAIRS {
        let job = client.submit(&request).await.unwrap();
        let _ = job.status().await.unwrap();
    }
}

async fn theirs(bare: &Bare) {
    for _ in 0..PAIRS {
        let id = bare.submit().await;
        let _ = bare.status(&id).await;
    }
}
