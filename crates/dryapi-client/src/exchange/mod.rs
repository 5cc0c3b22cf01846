//! One call through the house: encode, attempt within the retry loop, and an error that says what
//! became of it.

mod attempt;
mod explain;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::Request;
use dryapi_types::{CostClass, Intent, Meta, Operation};

use attempt::Attempt;
use explain::explain;

use crate::deadline;
use crate::error::Error;
use crate::observe::Event;
use crate::retry::{Attempts, Fault, Loop, RetryPolicy, run};
use crate::shared::Shared;
use crate::wire::encode;

/// What one call may set for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) intent: Option<Intent>,
    pub(crate) deadline: Option<Duration>,
    /// What is left of a larger deadline that this call is a part of.
    pub(crate) within: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
}

/// Sends an operation until its verdict.
///
/// # Cancel safety
/// Before an attempt dropping the future sends nothing; a paid attempt goes on to its end, and the
/// observer is told of it.
pub(crate) async fn exchange<O>(
    shared: &Arc<Shared>,
    operation: &O,
    options: &Options,
) -> Result<O::Response, Error>
where
    O: Operation + 'static,
{
    let meta = operation.meta();
    let paid = meta.cost == CostClass::Paid;
    let intent = options.intent.as_ref().filter(|_| paid);
    let made = encode::encode(shared, operation, intent).await;
    let request = made.map_err(|error| error.with(|inner| inner.intent = intent.cloned()))?;
    let allowed = options
        .deadline
        .unwrap_or_else(|| deadline::call(meta.cost, &request.timeouts, request.body.len()));
    let allowed = options.within.map_or(allowed, |within| within.min(allowed));
    let deadline = deadline::at(&*shared.clock, allowed);
    let policy = options.retry.as_ref().unwrap_or(&shared.retry);
    let cx = Loop {
        class: meta.cost,
        policy,
        budget: &shared.budget,
        clock: &*shared.clock,
        random: &*shared.random,
        deadline,
    };
    let mut attempts = Sending {
        shared,
        meta,
        intent,
        deadline,
        request: Some(request),
        not_started: None,
        operation: PhantomData::<fn() -> O>,
    };
    let outcome = run(&cx, &mut attempts).await;
    match attempts.not_started {
        Some(error) => Err(error),
        None => outcome.map_err(|failed| explain(meta, intent, failed)),
    }
}

/// The attempts of one call.
struct Sending<'a, O> {
    shared: &'a Arc<Shared>,
    meta: &'static Meta,
    intent: Option<&'a Intent>,
    deadline: Option<Instant>,
    request: Option<Request>,
    not_started: Option<Error>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation + 'static> Attempts for Sending<'_, O> {
    type Value = O::Response;

    async fn attempt(&mut self, number: u32) -> Option<Result<O::Response, Fault>> {
        // The last use of a body that can be read once takes the request itself.
        let request = match self.request.as_ref().and_then(Request::try_clone) {
            Some(copy) => copy,
            None => self.request.take()?,
        };
        let shared = Arc::clone(self.shared);
        let attempt = Attempt {
            shared,
            meta: self.meta,
            number,
            deadline: self.deadline,
        };
        let Some(intent) = self.intent else {
            return Some(attempt.send::<O>(request).await);
        };
        match attempt.driven::<O>(request, intent.clone()).await {
            Ok(result) => Some(result),
            Err(error) => {
                self.not_started = Some(error);
                None
            }
        }
    }

    fn waiting(&mut self, attempt: u32, wait: Duration, fault: &Fault) {
        let operation = self.meta.name;
        let delivery = fault.delivery().as_str();
        tracing::info!(operation, attempt, ?wait, delivery, "dryapi retries");
        let intent = self.intent.cloned();
        self.shared.observer.on_event(&Event::Retrying {
            operation,
            intent,
            attempt,
            wait,
        });
    }
}
