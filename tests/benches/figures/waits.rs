//! What waiting costs: the memory of ten thousand waits, and how long a pushed result takes to its
//! waiter; beside tasks that only sleep, and a bare channel that hears the same push.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use dryapi_client::{
    ApiKey, Client, Clock, CostClass, Error, JobTicket, TextToEmbedding, TextToImage, Transport,
};
use dryapi_realtime::{Channel, Endpoint, Signal};
use dryapi_sandbox::{Config, Sandbox};
use dryapi_transport::{HttpTransport, Request, Response, SystemClock, TransportError};
use http::{HeaderValue, Method};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::row::{Bound, Row, median};

const WAITS: usize = 10_000;
const JOBS: usize = 100;

pub(crate) fn measure() -> Vec<Row> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let asleep = memory_of(sleeper).await;
        let waiting = memory_of(waiter()).await;
        let picture = latency(false).await;
        let inline = latency(true).await;
        let what = format!("memory of each of {WAITS} waits");
        let known = |what: &str, latency: &Latency| {
            let both = [(latency.waiter, latency.channel)];
            Row::of(what, "ms", "bare channel", &both, Bound::at_most(5.0))
        };
        vec![
            Row::of(
                what,
                "bytes",
                "a sleeping task",
                &[(waiting, asleep)],
                Bound::at_most(4096.0),
            ),
            known("push to the waiter, a picture", &picture),
            known("push to the waiter, with a status read", &inline),
        ]
    })
}

/// How many bytes each of ten thousand tasks takes, by the memory the process holds.
async fn memory_of(mut start: impl FnMut(usize) -> JoinHandle<()>) -> f64 {
    let before = resident();
    let tasks: Vec<_> = (0..WAITS).map(&mut start).collect();
    // Until every one of them has been polled and sleeps.
    SystemClock::new().sleep(Duration::from_millis(500)).await;
    let after = resident();
    for task in tasks {
        assert!(!task.is_finished());
        task.abort();
    }
    (after.saturating_sub(before)) as f64 / WAITS as f64
}

fn sleeper(_: usize) -> JoinHandle<()> {
    tokio::spawn(SystemClock::new().sleep(Duration::from_secs(3600)))
}

/// A transport that nobody should ask: the first looks come later than the measuring takes.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl Transport for Silent {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        std::future::pending().await
    }
}

fn waiter() -> impl FnMut(usize) -> JoinHandle<()> {
    let client = Client::builder()
        .api_key(ApiKey::new("sk-sandbox").unwrap())
        .transport(Silent)
        .build()
        .unwrap();
    let accepted = SystemClock::new()
        .wall()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    move |number| {
        let ticket: JobTicket = serde_json::from_value(json!({
            "request_id": format!("c08a339c-73e5-4d67-a4d5-{number:012}"),
            "task": "txt2img",
            "model": "Flux1schnell",
            "intent": format!("order-{number}"),
            "accepted_at": accepted,
        }))
        .unwrap();
        let job = client.resume::<TextToImage>(ticket);
        tokio::spawn(async move {
            let _ = job.wait().deadline(Duration::from_secs(3600)).await;
        })
    }
}

/// The memory this process holds, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|text| text.parse().ok());
    pages.unwrap_or(0_usize) * 4096
}

struct Latency {
    channel: f64,
    waiter: f64,
}

/// From asking the sandbox to finish a job until its waiter, and a bare channel, know it.
async fn latency(inline: bool) -> Latency {
    let config = Config::default()
        .with_job_time(Duration::from_secs(3600))
        .with_speed(0.0)
        .with_balance("1000".parse().unwrap());
    let sandbox = Sandbox::start(config).await.unwrap();
    let client = Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .client_id(sandbox.client_id())
        .realtime_url(sandbox.realtime_url())
        .build()
        .unwrap();
    let (heard, mut channel) = mpsc::unbounded_channel();
    let listening = tokio::spawn(listen(bare(&sandbox), heard));
    let mut waits = Vec::new();
    for _ in 0..JOBS {
        let (id, wait) = submit(&client, inline).await.unwrap();
        waits.push((id, wait));
    }
    // Until the sockets are there and what was open at the connection was read.
    SystemClock::new().sleep(Duration::from_secs(2)).await;
    let (mut of_channel, mut of_waiter) = (Vec::new(), Vec::new());
    for (id, wait) in waits {
        sandbox.advance(Duration::from_secs(1));
        let begun = SystemClock::new().now();
        let path = format!("/_admin/jobs/{id}");
        let finish = client
            .raw(CostClass::Free, Method::POST, path)
            .json(&json!({"state": "done"}));
        let finishing = tokio::spawn(async move { finish.await });
        let known = wait.await.unwrap();
        of_waiter.push((known - begun).as_secs_f64() * 1e3);
        while let Some((told, at)) = channel.recv().await {
            if told == id {
                let at: Instant = at;
                of_channel.push((at - begun).as_secs_f64() * 1e3);
                break;
            }
        }
        finishing.await.unwrap().unwrap();
    }
    listening.abort();
    Latency {
        channel: median(of_channel),
        waiter: median(of_waiter),
    }
}

/// A job and its wait, which says when it knew.
async fn submit(client: &Client, inline: bool) -> Result<(String, JoinHandle<Instant>), Error> {
    let clock = SystemClock::new();
    if inline {
        let request =
            TextToEmbedding::new("a text", "Bge_M3_FP16").with_return_result_in_response(true);
        let job = client.submit(&request).await?;
        let id = job.id().to_string();
        let wait = tokio::spawn(async move {
            job.wait().await.unwrap();
            clock.now()
        });
        return Ok((id, wait));
    }
    let request = TextToImage::new("a cat", "Flux1schnell")
        .with_size(256, 256)
        .with_steps(4)
        .with_guidance(0.0);
    let job = client.submit(&request).await?;
    let id = job.id().to_string();
    let wait = tokio::spawn(async move {
        job.wait().await.unwrap();
        clock.now()
    });
    Ok((id, wait))
}

fn bare(sandbox: &Sandbox) -> Channel {
    let endpoint = Endpoint::parse(&sandbox.realtime_url()).unwrap();
    let clock = SystemClock::new();
    let transport = HttpTransport::builder().build().unwrap();
    let bearer = format!("Bearer {}", sandbox.api_key());
    Channel::builder(endpoint, sandbox.client_id())
        .auth_url(sandbox.auth_url().parse().unwrap())
        .authorization(HeaderValue::from_str(&bearer).unwrap())
        .transport(Arc::new(transport))
        .clock(Arc::new(clock))
        .random(Arc::new(|| 0.5))
        .open()
        .unwrap()
}

async fn listen(mut channel: Channel, heard: mpsc::UnboundedSender<(String, Instant)>) {
    let clock = SystemClock::new();
    while let Some(signal) = channel.next().await {
        if let Signal::Update(update) = signal
            && update.state.is_terminal()
        {
            let _ = heard.send((update.request_id.to_string(), clock.now()));
        }
    }
}
