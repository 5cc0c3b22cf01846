//! The sandbox and a client under one clock that is moved by hand, step by step.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use dryapi_client::{ApiKey, Client, ClientBuilder, Clock, Error, Transport};
use dryapi_sandbox::{Config, Sandbox};
use dryapi_testkit::HandClock;
use dryapi_transport::{HttpTransport, Request, Response, SystemClock, TransportError};
use futures_util::stream;
use tokio::task::JoinSet;

const LARGEST: usize = 64 << 20;

/// Counts what passes.
#[derive(Clone, Debug)]
struct Counting {
    inner: Arc<HttpTransport>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    on_their_way: Arc<AtomicUsize>,
    looks: AtomicUsize,
    authorisations: AtomicUsize,
    refused: AtomicUsize,
    looked_at: Mutex<HashSet<String>>,
}

#[async_trait]
impl Transport for Counting {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let path = request.uri.path().to_owned();
        let counts = &self.counts;
        if path.contains("request-status") {
            counts.looks.fetch_add(1, Ordering::SeqCst);
            counts.looked_at.lock().unwrap().insert(path);
        } else if path.ends_with("broadcasting/auth") {
            counts.authorisations.fetch_add(1, Ordering::SeqCst);
        }
        counts.on_their_way.fetch_add(1, Ordering::SeqCst);
        let response = match self.inner.send(request).await {
            Ok(response) => Ok(whole(response).await),
            Err(error) => Err(error),
        };
        counts.on_their_way.fetch_sub(1, Ordering::SeqCst);
        if matches!(&response, Ok(response) if response.status == 429) {
            counts.refused.fetch_add(1, Ordering::SeqCst);
        }
        response
    }
}

/// With its body read, so that no time passes between an answer's first byte and its last.
async fn whole(mut response: Response) -> Response {
    let read = response.read(LARGEST).await;
    let pieces = [Ok(read.bytes)].into_iter().chain(read.error.map(Err));
    Response::new(response.status)
        .with_headers(response.headers)
        .with_stream(stream::iter(pieces))
}

/// A sandbox and a client in one time.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) clock: HandClock,
    counts: Arc<Counts>,
    transport: Counting,
    passed: Mutex<Duration>,
}

impl World {
    pub(crate) async fn start(
        config: Config,
        build: impl FnOnce(ClientBuilder, &Sandbox) -> ClientBuilder,
    ) -> Self {
        let sandbox = Sandbox::start(config.with_speed(0.0)).await.unwrap();
        let clock = HandClock::at(SystemClock::new().wall());
        let counts = Arc::new(Counts::default());
        let transport = Counting {
            inner: Arc::new(HttpTransport::builder().build().unwrap()),
            counts: Arc::clone(&counts),
        };
        let builder = builder(&sandbox, transport.clone(), clock.clone());
        let client = build(builder, &sandbox).build().unwrap();
        Self {
            sandbox,
            client,
            clock,
            counts,
            transport,
            passed: Mutex::new(Duration::ZERO),
        }
    }

    /// What is counted here is waited for before time passes.
    pub(crate) fn on_their_way(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.counts.on_their_way)
    }

    /// For another client in the same time.
    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&self.sandbox, self.transport.clone(), self.clock.clone())
    }

    /// Lets time pass, in the service first.
    pub(crate) async fn step(&self, by: Duration) {
        self.sandbox.advance(by);
        self.settled().await;
        self.clock.advance(by);
        self.settled().await;
        *self.passed.lock().unwrap() += by;
    }

    /// Waits until nothing is on its way. What is missed by a slow machine is only late by a step.
    pub(crate) async fn settled(&self) {
        let mut quiet = 0;
        while quiet < 3 {
            SystemClock::new().sleep(Duration::from_micros(300)).await;
            let busy = self.counts.on_their_way.load(Ordering::SeqCst) > 0;
            quiet = if busy { 0 } else { quiet + 1 };
        }
    }

    /// Steps until all waits ended, at most for so long.
    pub(crate) async fn finish<T: 'static>(
        &self,
        waits: &mut JoinSet<Result<T, Error>>,
        step: Duration,
        limit: Duration,
    ) -> Vec<Result<T, Error>> {
        let until = self.passed() + limit;
        let mut ended = Vec::new();
        while !waits.is_empty() && self.passed() < until {
            self.step(step).await;
            while let Some(outcome) = waits.try_join_next() {
                ended.push(outcome.unwrap());
            }
        }
        ended
    }

    /// How much time passed.
    pub(crate) fn passed(&self) -> Duration {
        *self.passed.lock().unwrap()
    }

    /// How many statuses were asked for.
    pub(crate) fn looks(&self) -> usize {
        self.counts.looks.load(Ordering::SeqCst)
    }

    /// How many different jobs were asked for.
    pub(crate) fn looked_at(&self) -> usize {
        self.counts.looked_at.lock().unwrap().len()
    }

    /// How many sockets were subscribed.
    pub(crate) fn authorisations(&self) -> usize {
        self.counts.authorisations.load(Ordering::SeqCst)
    }

    /// How many answers were a 429.
    pub(crate) fn refused(&self) -> usize {
        self.counts.refused.load(Ordering::SeqCst)
    }
}

fn builder(sandbox: &Sandbox, transport: Counting, clock: HandClock) -> ClientBuilder {
    Client::builder()
        .api_key(ApiKey::new(sandbox.api_key()).unwrap())
        .base_url(sandbox.base_url())
        .transport(transport)
        .clock(clock)
}
