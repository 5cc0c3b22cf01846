//! One call through the house: encode, attempt within the retry loop, and an error that says what
//! became of it.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::{Request, TransportError, TransportErrorKind};
use dryapi_types::{CostClass, Intent, Meta, Operation};
use tracing::Instrument;

use crate::deadline;
use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::observe::Event;
use crate::retry::{Attempts, Failed, Fault, Loop, RetryPolicy, run};
use crate::shared::Shared;
use crate::wire::{decode, encode};

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

/// One attempt.
struct Attempt {
    shared: Arc<Shared>,
    meta: &'static Meta,
    number: u32,
    deadline: Option<Instant>,
}

impl Attempt {
    /// Sends a paid request in a task of its own, which goes on whoever stops waiting, and tells
    /// the observer what it learned.
    async fn driven<O>(
        self,
        request: Request,
        intent: Intent,
    ) -> Result<Result<O::Response, Fault>, Error>
    where
        O: Operation + 'static,
    {
        let in_flight = Arc::clone(&self.shared.in_flight);
        let driven = async move {
            let operation = self.meta.name;
            let observer = &self.shared.observer;
            let attempt = self.number;
            observer.on_event(&Event::Sending {
                operation,
                intent: intent.clone(),
                attempt,
            });
            let result = self.send::<O>(request).await;
            match &result {
                Ok(answer) => {
                    if let Some(id) = O::accepted(answer) {
                        let request_id = id.clone();
                        observer.on_event(&Event::Accepted {
                            operation,
                            intent,
                            request_id,
                        });
                    }
                }
                Err(fault) => {
                    let error = summary(self.meta, &intent, attempt, fault);
                    observer.on_event(&Event::Failed { error });
                }
            }
            result
        };
        let task = in_flight.drive(driven.in_current_span())?;
        Ok(match task.await {
            Ok(result) => result,
            Err(error) => Err(decode::lost(error)),
        })
    }

    async fn send<O: Operation>(&self, mut request: Request) -> Result<O::Response, Fault> {
        let meta = self.meta;
        let clock = &self.shared.clock;
        let begun = clock.now();
        if let Some(left) = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(begun))
        {
            let timeouts = &mut request.timeouts;
            timeouts.connect = timeouts.connect.min(left);
            timeouts.first_byte = timeouts.first_byte.min(left);
            timeouts.idle = timeouts.idle.min(left);
        }
        let exchange = async {
            let response = self
                .shared
                .transport
                .send(request)
                .await
                .map_err(Fault::Transport)?;
            decode::decode::<O>(meta, &self.shared.key, response).await
        };
        let result = match self.deadline {
            Some(deadline) => {
                tokio::select! {
                    biased;
                    result = exchange => result,
                    () = clock.sleep_until(deadline) => Err(Fault::Transport(out_of_time())),
                }
            }
            None => exchange.await,
        };
        let elapsed = clock.now().saturating_duration_since(begun);
        let (ok, status, delivery) = match &result {
            Ok(_) => (true, 200, Delivery::Answered.as_str()),
            Err(fault) => (false, status(fault).unwrap_or(0), fault.delivery().as_str()),
        };
        tracing::debug!(
            operation = meta.name,
            attempt = self.number,
            ok,
            status,
            delivery,
            ?elapsed,
            "dryapi attempt"
        );
        result
    }
}

fn out_of_time() -> TransportError {
    let message = "the call's deadline passed before an answer came";
    TransportError::new(TransportErrorKind::Timeout, message)
}

fn status(fault: &Fault) -> Option<u16> {
    match fault {
        Fault::Answer(error, _) => Some(error.status),
        Fault::Transport(_) => None,
    }
}

/// One attempt's error, for the observer.
fn summary(meta: &'static Meta, intent: &Intent, attempts: u32, fault: &Fault) -> Error {
    let delivery = fault.delivery();
    let (kind, message) = match fault {
        Fault::Answer(error, _) => (ErrorKind::from(error.kind), error.message.clone()),
        Fault::Transport(error) => (transport_kind(error), error.to_string()),
    };
    Error::new(kind, meta.name, message).with(|inner| {
        inner.intent = Some(intent.clone());
        inner.attempts = attempts;
        inner.delivery = delivery;
        inner.charge = crate::retry::charge(meta.cost, fault);
        inner.status = status(fault);
    })
}

/// The error of a call that ended without success.
fn explain(meta: &'static Meta, intent: Option<&Intent>, failed: Failed) -> Error {
    let raw = decode::raw(&failed.fault);
    let error = match failed.fault {
        Fault::Answer(error, _) => Error::refused(meta.name, error, raw.unwrap_or_default()),
        Fault::Transport(error) => {
            Error::new(transport_kind(&error), meta.name, error.message()).caused_by(error)
        }
    };
    error.with(|inner| {
        inner.intent = intent.cloned();
        inner.attempts = failed.attempts;
        inner.delivery = failed.delivery;
        inner.charge = failed.charge;
        inner.retry_after = failed.retry_after;
        inner.no_retry_reason = Some(failed.reason).filter(|reason| !reason.is_empty());
        if failed.outcome_unknown {
            inner.kind = ErrorKind::OutcomeUnknown;
            inner.delivery = Delivery::Unknown;
        }
        if inner.delivery == Delivery::NotSent {
            inner.charge = Charge::No;
        }
    })
}

fn transport_kind(error: &TransportError) -> ErrorKind {
    match error.kind() {
        TransportErrorKind::InvalidRequest => ErrorKind::InvalidInput,
        TransportErrorKind::Config => ErrorKind::Config,
        TransportErrorKind::RequestBody => ErrorKind::File,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::InvalidResponse | TransportErrorKind::TooLarge => ErrorKind::Decode,
        _ => ErrorKind::Network,
    }
}
