//! One call through the house: encode, attempt within the retry loop, and an error that says what
//! became of it.

mod attempt;
mod explain;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::Request;
use dryapi_types::{CostClass, Intent, Meta, Operation, RateLimit, RequestId, Window};
use http::Method;

use attempt::Attempt;
use explain::explain;

use crate::deadline;
use crate::error::{Charge, Error, ErrorKind};
use crate::file::upload::Uploads;
use crate::limits::Full;
use crate::observe::Event;
use crate::record::{Paying, Standing, Turn, Wanted};
use crate::retry::{Attempts, Fault, Loop, RetryPolicy, charge, run};
use crate::shared::Shared;
use crate::wire::encode::{self, Encoded};

/// What one call may set for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) intent: Option<Intent>,
    pub(crate) deadline: Option<Duration>,
    /// What is left of a larger deadline that this call is a part of.
    pub(crate) within: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) uploads: Uploads,
    /// In place of the table's, where a call says it itself.
    pub(crate) method: Option<Method>,
    /// What is written down of it.
    pub(crate) wanted: Wanted,
}

/// What became of a call.
#[derive(Debug)]
pub(crate) enum Outcome<T> {
    /// The service's answer.
    Answered(T),
    /// It was sent before, perhaps by another process: the job, if it is one.
    Recorded(Option<RequestId>),
}

/// Sends an operation until its verdict, and gives its answer.
///
/// # Cancel safety
/// As of [`exchange_once`].
pub(crate) async fn exchange<O>(
    shared: &Arc<Shared>,
    operation: &O,
    options: &Options,
) -> Result<O::Response, Error>
where
    O: Operation + 'static,
{
    match exchange_once(shared, operation, options).await? {
        Outcome::Answered(answer) => Ok(answer),
        Outcome::Recorded(id) => {
            let message =
                "it was sent and paid for before under this intent; its answer is not kept";
            let error = Error::new(ErrorKind::InvalidInput, operation.meta().name, message);
            Err(error.with(|inner| {
                inner.intent.clone_from(&options.intent);
                inner.request_id = id;
            }))
        }
    }
}

/// Sends an operation until its verdict, unless the ledger knows that it was sent before.
///
/// # Cancel safety
/// Before an attempt dropping the future sends nothing; a paid attempt goes on to its end, and the
/// observer is told of it.
pub(crate) async fn exchange_once<O>(
    shared: &Arc<Shared>,
    operation: &O,
    options: &Options,
) -> Result<Outcome<O::Response>, Error>
where
    O: Operation + 'static,
{
    let meta = operation.meta();
    let paid = meta.cost == CostClass::Paid;
    let intent = options.intent.as_ref().filter(|_| paid);
    let begun = shared.clock.now();
    let made = prepare(shared, operation, intent, options).await;
    let Encoded { mut request, files } =
        made.map_err(|error| error.with(|inner| inner.intent = intent.cloned()))?;
    if let Some(method) = &options.method {
        request.method = method.clone();
    }
    let allowed = options
        .deadline
        .unwrap_or_else(|| deadline::call(meta.cost, &request.timeouts, request.body.len()));
    let mut deadline = deadline::at(&*shared.clock, allowed);
    if let Some(told) = told(options) {
        // Whoever says how long it may take means opening, fetching and keeping its files, too.
        deadline = earlier(deadline, begun.checked_add(told));
    }
    let policy = options.retry.as_ref().unwrap_or(&shared.retry);
    let paying = match intent {
        Some(intent) => {
            let wanted = &options.wanted;
            shared.record.paying(operation, intent, wanted).await?
        }
        None => None,
    };
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
        paying,
        policy,
        turn: None,
        charge: Charge::No,
        recorded: None,
        operation: PhantomData::<fn() -> O>,
    };
    let outcome = run(&cx, &mut attempts).await;
    if let Some(id) = attempts.recorded {
        return Ok(Outcome::Recorded(id));
    }
    if let Some(error) = attempts.not_started {
        return Err(error);
    }
    match outcome {
        Ok(answer) => Ok(Outcome::Answered(answer)),
        Err(failed) => {
            if let Some(turn) = attempts.turn.filter(|_| failed.charge != Charge::No) {
                turn.given_up(&failed.reason).await;
            }
            Err(explain(meta, intent, failed, &files))
        }
    }
}

/// The account's limits leave no place in time; nothing was sent.
fn no_place(meta: &'static Meta, full: Full, now: Instant) -> Error {
    let wait = full.until.map(|until| until.saturating_duration_since(now));
    let window = if full.day {
        Window::Daily
    } else {
        Window::Minute
    };
    let seconds = wait.unwrap_or_default().as_secs_f64().ceil();
    let message = format!(
        "the account's limit for {} is used up; the next place is in {seconds} s",
        meta.bucket.as_str()
    );
    Error::new(ErrorKind::RateLimited, meta.name, message).with(|inner| {
        let mut limit = RateLimit::default();
        limit.window = window;
        inner.rate_limit = Some(limit);
        inner.retry_after = wait;
    })
}

/// How long the call may take, where somebody said it.
fn told(options: &Options) -> Option<Duration> {
    match (options.deadline, options.within) {
        (Some(deadline), Some(within)) => Some(deadline.min(within)),
        (deadline, within) => deadline.or(within),
    }
}

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Encodes, within the time that somebody said.
async fn prepare<O: Operation>(
    shared: &Arc<Shared>,
    operation: &O,
    intent: Option<&Intent>,
    options: &Options,
) -> Result<Encoded, Error> {
    let encoding = encode::encode(shared, operation, intent, &options.uploads);
    let Some(told) = told(options) else {
        return encoding.await;
    };
    tokio::select! {
        biased;
        made = encoding => made,
        () = shared.clock.sleep(told) => {
            let message = "the call's deadline passed while its files were read; nothing was sent";
            Err(Error::new(ErrorKind::Timeout, operation.meta().name, message))
        }
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
    /// What is written down, where anything is.
    paying: Option<Paying>,
    policy: &'a RetryPolicy,
    /// The right to send that the last attempt had.
    turn: Option<Turn>,
    /// The most that the attempts so far may have cost.
    charge: Charge,
    /// The wish was sent before.
    recorded: Option<Option<RequestId>>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation + 'static> Attempts for Sending<'_, O> {
    type Value = O::Response;

    async fn attempt(&mut self, number: u32) -> Option<Result<O::Response, Fault>> {
        let shared = self.shared;
        let place = shared
            .limits
            .enter(self.meta, &shared.clock, &*shared.random, self.deadline)
            .await;
        let place = match place {
            Ok(place) => place,
            Err(full) => {
                self.not_started = Some(no_place(self.meta, full, shared.clock.now()));
                return None;
            }
        };
        if let Some(paying) = &self.paying
            // After an attempt that was provably not charged the wish is begun again.
            && (self.turn.is_none() || self.charge == Charge::No)
        {
            match paying.begin(self.deadline).await {
                Ok(Standing::Yours(turn)) => self.turn = turn,
                Ok(Standing::Recorded(id)) => {
                    self.recorded = Some(id);
                    return None;
                }
                Err(error) => {
                    self.not_started = Some(error);
                    return None;
                }
            }
        }
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
            place,
            turn: self.turn.clone(),
            policy: self.policy.clone(),
            charge: self.charge,
        };
        let Some(intent) = self.intent else {
            return Some(attempt.send::<O>(request).await);
        };
        match attempt.driven::<O>(request, intent.clone()).await {
            Ok(result) => {
                if let Err(fault) = &result {
                    self.charge = self.charge.max(charge(self.meta.cost, fault));
                }
                Some(result)
            }
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
