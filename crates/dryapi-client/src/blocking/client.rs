//! The async client with a runtime of its own.

use std::future::IntoFuture;
use std::time::Duration;

use dryapi_types::{Operation, Task};

use super::runtime::{Own, inside};
use crate::error::Error;
use crate::job::{Completed, Job};

/// How long dropping waits by default: what a paid call takes at most, beside its upload.
const DROP_LIMIT: Duration = Duration::from_secs(120);

/// Speaks to dryAPI and blocks until the answer is there. Threads share it by reference or in an
/// `Arc`.
///
/// It has a tokio runtime of its own with one worker thread, on which paid requests go on while
/// nobody blocks. Inside a tokio runtime, which includes `spawn_blocking`, every method that waits
/// gives an error of kind `Config`: use [`crate::Client`] there.
///
/// Dropping it waits for the paid requests on their way, at most 120 s or
/// [`drop_limit`](Self::drop_limit). Inside a tokio runtime a thread of its own does that waiting,
/// as long as the process lives.
///
/// ```
/// # use dryapi_client::{ApiKey, Client, ErrorKind, blocking};
/// # use dryapi_testkit::{HandClock, ScriptedTransport, answers};
/// # fn main() -> Result<(), dryapi_client::Error> {
/// let transport = ScriptedTransport::new().then(answers::balance("4.2"));
/// let client = blocking::Client::new(
///     Client::builder()
///         .api_key(ApiKey::new("sk-test")?)
///         .transport(transport)
///         .clock(HandClock::new())
///         .build()?,
/// )?;
/// let balance = client.send(|c| c.balance())?;
/// assert_eq!(balance.balance.to_string(), "4.2");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Client {
    client: crate::Client,
    runtime: Own,
    drop_limit: Duration,
}

impl Client {
    /// Blocks on what an async client does, which [`crate::Client::builder`] made.
    ///
    /// # Errors
    /// Kind `Config` inside a tokio runtime, or when the system gives no thread.
    pub fn new(client: crate::Client) -> Result<Self, Error> {
        Ok(Self {
            client,
            runtime: Own::start()?,
            drop_limit: DROP_LIMIT,
        })
    }

    /// A client from the environment, as [`crate::Client::from_env`].
    ///
    /// # Errors
    /// As there, and as [`new`](Self::new).
    pub fn from_env() -> Result<Self, Error> {
        Self::new(crate::Client::from_env()?)
    }

    /// How long dropping waits at most for the paid requests on their way; default 120 s. What is
    /// on its way then is abandoned: whether it was paid for is not known.
    #[must_use]
    pub const fn drop_limit(mut self, limit: Duration) -> Self {
        self.drop_limit = limit;
        self
    }

    /// The async client, for what needs no waiting: [`job`](crate::Client::job),
    /// [`limits`](crate::Client::limits), [`in_flight`](crate::Client::in_flight).
    #[must_use]
    pub const fn client(&self) -> &crate::Client {
        &self.client
    }

    /// Blocks on whatever can be awaited: a verb of the async client with its options, or what a
    /// [`Job`] and a [`Completed`] offer.
    ///
    /// ```no_run
    /// # use dryapi_client::{Error, TextToImage, blocking};
    /// # fn f(client: &blocking::Client, request: &TextToImage) -> Result<(), Error> {
    /// let job = client.send(|c| c.submit(request).intent("order-4711"))?;
    /// let image = client.send(|_| job.wait().on_progress(|status| println!("{:?}", status.state)))?;
    /// let content = client.send(|_| image.bytes(64 << 20))?;
    /// # let _ = content;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of what is awaited; kind `Config` inside a tokio runtime, where nothing is sent.
    pub fn send<'a, F, A, T>(&'a self, ask: F) -> Result<T, Error>
    where
        F: FnOnce(&'a crate::Client) -> A,
        A: IntoFuture<Output = Result<T, Error>>,
    {
        self.runtime.block_on(async { ask(&self.client).await })?
    }

    /// Sends any operation and gives its answer.
    ///
    /// # Errors
    /// As [`crate::Client::call`] and [`send`](Self::send).
    pub fn call<O: Operation + 'static>(&self, operation: &O) -> Result<O::Response, Error> {
        self.send(|client| client.call(operation))
    }

    /// Starts a job. It is paid for once the service accepts it, and cannot be cancelled.
    ///
    /// # Errors
    /// As [`crate::Client::submit`] and [`send`](Self::send).
    pub fn submit<T: Task + 'static>(&self, task: &T) -> Result<Job<T>, Error> {
        self.send(|client| client.submit(task))
    }

    /// Starts a job and waits for its result.
    ///
    /// # Errors
    /// As [`crate::Client::run`] and [`send`](Self::send).
    pub fn run<T: Task + 'static>(&self, task: &T) -> Result<Completed<T>, Error> {
        self.send(|client| client.run(task))
    }

    /// Waits for a job's result.
    ///
    /// # Errors
    /// As [`Job::wait`] and [`send`](Self::send).
    pub fn wait<T: Task + 'static>(&self, job: &Job<T>) -> Result<Completed<T>, Error> {
        self.send(|_| job.wait())
    }

    /// Waits until every paid request has its answer. Gives how many are still on their way when
    /// `limit` has passed.
    ///
    /// # Errors
    /// Kind `Config` inside a tokio runtime.
    pub fn drain(&self, limit: Duration) -> Result<usize, Error> {
        self.runtime.block_on(self.client.drain(limit))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if self.client.in_flight() == 0 {
            return;
        }
        let (client, runtime, limit) = (self.client.clone(), self.runtime.take(), self.drop_limit);
        let drain = move || {
            // An error is not possible here: this thread is in no runtime.
            let _ = runtime.block_on(client.drain(limit));
        };
        if inside() {
            let thread = std::thread::Builder::new().name("dryapi-drain".to_owned());
            if let Err(error) = thread.spawn(drain) {
                tracing::warn!(%error, "paid requests on their way are abandoned: no thread to wait");
            }
        } else {
            drain();
        }
    }
}
