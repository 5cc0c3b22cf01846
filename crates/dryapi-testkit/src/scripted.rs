//! A transport without a network: it plays a script and remembers what it was sent.

mod gate;
mod sent;
mod step;

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use dryapi_transport::{Request, Response, Transport, TransportError, TransportErrorKind};
use http::Method;
use tokio::sync::Notify;

pub use gate::Gate;
pub use sent::SentRequest;
pub use step::Step;

/// A transport without a network: it plays a script and remembers what it was sent. Clones share
/// both.
///
/// Each request takes the first step scripted for its method and path ([`on`](Self::on)), else the
/// next step in plain order ([`then`](Self::then)). It is read to its end and recorded before that,
/// as a server would have it. A request without a step is an error that says what was expected.
///
/// ```
/// use dryapi_testkit::{ScriptedTransport, Step, answers};
/// use dryapi_transport::{Request, Transport, TransportError, TransportErrorKind};
/// use http::{Method, Uri};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let broken = TransportError::new(TransportErrorKind::Interrupted, "connection reset");
/// let transport = ScriptedTransport::new()
///     .on(Method::GET, "request-status/*", Step::answer(answers::status_pending()).always())
///     .then(broken)
///     .then(answers::accepted("c08a339c"));
///
/// let uri = Uri::from_static("https://api.dryapi.dev/api/v1/client/txt2img");
/// let post = Request::new(Method::POST, uri).with_body("{}");
/// assert!(transport.send(post.try_clone().unwrap()).await.is_err());
/// assert_eq!(transport.send(post).await?.status, 200);
///
/// assert_eq!(transport.count("txt2img"), 2);
/// transport.assert_done();
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct ScriptedTransport {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<Script>,
    changed: Notify,
}

#[derive(Default)]
struct Script {
    steps: VecDeque<Planned>,
    requests: Vec<SentRequest>,
    unexpected: Vec<String>,
}

/// A step, and for whom.
struct Planned {
    route: Option<(Method, String)>,
    step: Step,
}

impl ScriptedTransport {
    /// An empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step in plain order.
    #[must_use]
    pub fn then(self, step: impl Into<Step>) -> Self {
        self.push(step);
        self
    }

    /// Adds a step in plain order for so many requests.
    #[must_use]
    pub fn repeat(self, times: usize, step: impl Into<Step>) -> Self {
        self.then(step.into().times(times))
    }

    /// Adds a step for requests of a method and path, in an order of their own. A path that begins
    /// with `/` is the whole path; any other is its end (`txt2img`). A segment `*` stands for any
    /// one segment (`request-status/*`).
    #[must_use]
    pub fn on(self, method: Method, path: &str, step: impl Into<Step>) -> Self {
        self.push_on(method, path, step);
        self
    }

    /// [`then`](Self::then), while the test runs.
    pub fn push(&self, step: impl Into<Step>) {
        let step = step.into();
        self.script().steps.push_back(Planned { route: None, step });
    }

    /// [`on`](Self::on), while the test runs.
    pub fn push_on(&self, method: Method, path: &str, step: impl Into<Step>) {
        let (route, step) = (Some((method, path.to_owned())), step.into());
        self.script().steps.push_back(Planned { route, step });
    }

    /// Every request sent so far, in order, those without a step too. One whose body broke was
    /// never sent.
    #[must_use]
    pub fn requests(&self) -> Vec<SentRequest> {
        self.script().requests.clone()
    }

    /// How many requests were sent to a path (as in [`on`](Self::on)), whatever their method.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.script()
            .requests
            .iter()
            .filter(|request| request.is_for(path))
            .count()
    }

    /// Waits until at least so many requests were sent.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn wait_for_requests(&self, count: usize) {
        loop {
            let mut changed = pin!(self.shared.changed.notified());
            changed.as_mut().enable();
            if self.script().requests.len() >= count {
                return;
            }
            changed.await;
        }
    }

    /// That every step was taken, and every request had one.
    ///
    /// # Panics
    /// When that is not so; the message says what is left, and what came unexpected.
    #[track_caller]
    pub fn assert_done(&self) {
        let script = self.script();
        let left: Vec<_> = script
            .steps
            .iter()
            .filter(|plan| plan.step.times.is_some())
            .collect();
        let unexpected = &script.unexpected;
        assert!(
            left.is_empty() && unexpected.is_empty(),
            "steps not taken: {left:?}; requests without a step: {unexpected:?}"
        );
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.shared
            .script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Script {
    /// Records a request and takes its step.
    fn take(&mut self, request: &SentRequest) -> Result<Step, TransportError> {
        self.requests.push(request.clone());
        let mine = |plan: &Planned| {
            plan.route
                .as_ref()
                .is_some_and(|(method, path)| *method == request.method && request.is_for(path))
        };
        let at = self
            .steps
            .iter()
            .position(mine)
            .or_else(|| self.steps.iter().position(|plan| plan.route.is_none()));
        let Some((at, plan)) = at.and_then(|at| Some((at, self.steps.get_mut(at)?))) else {
            return Err(self.unscripted(request));
        };
        let step = plan.step.clone();
        match plan.step.times.map(NonZeroUsize::get) {
            None => {}
            Some(1) => drop(self.steps.remove(at)),
            Some(more) => plan.step.times = NonZeroUsize::new(more - 1),
        }
        Ok(step)
    }

    fn unscripted(&mut self, request: &SentRequest) -> TransportError {
        let came = format!("{} {}", request.method, request.path());
        let message = format!("no step for {came}; expected: {:?}", self.steps);
        self.unexpected.push(came);
        TransportError::new(TransportErrorKind::InvalidRequest, message)
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let request = SentRequest::read(request).await.map_err(|error| {
            let message = "the request's body could not be read";
            TransportError::new(TransportErrorKind::RequestBody, message).with_source(error)
        })?;
        let step = self.script().take(&request);
        self.shared.changed.notify_waiters();
        step?.play(&request).await
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        f.debug_struct("ScriptedTransport")
            .field("steps", &script.steps)
            .field("requests", &script.requests)
            .finish()
    }
}

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.route {
            Some((method, path)) => write!(f, "{method} {path}: {:?}", self.step),
            None => write!(f, "{:?}", self.step),
        }
    }
}

#[cfg(test)]
mod tests;
