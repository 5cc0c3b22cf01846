//! One attempt: handed to the transport, read, reported.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::{BoxFuture, Request, Response, TransportError, TransportErrorKind};
use dryapi_types::{ApiErrorKind, Intent, Meta, Operation, RateLimit, RequestId, Usd};
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::explain::summary;
use super::trace;
use crate::error::{Charge, Delivery, Error};
use crate::guard::Pass;
use crate::limits::Place;
use crate::limits::window::Now;
use crate::observe::Event;
use crate::record::Turn;
use crate::retry::{Fault, RetryPolicy, Verdict, charge, judge};
use crate::shared::Shared;
use crate::wire::decode;

/// How long one without a deadline is held to be on its way.
const NO_DEADLINE: Duration = Duration::from_secs(3600);

/// What became of an attempt; an error where it was not made.
type Told<T> = Result<Result<T, Fault>, Error>;

/// One attempt.
pub(super) struct Attempt {
    pub(super) shared: Arc<Shared>,
    pub(super) meta: &'static Meta,
    pub(super) number: u32,
    pub(super) deadline: Option<Instant>,
    /// Its place in the account's limits, given back with the answer.
    pub(super) place: Option<Place>,
    /// The right to send it, where it is written down.
    pub(super) turn: Option<Turn>,
    pub(super) policy: RetryPolicy,
    /// The most that the attempts before may have cost.
    pub(super) charge: Charge,
    /// Held until the guard's books know what became of it.
    #[expect(dead_code, reason = "held until it is dropped")]
    pub(super) pass: Option<Pass>,
    /// What it is expected to cost.
    pub(super) cost: Option<Usd>,
}

impl Attempt {
    /// Sends a paid request in a task of its own, which goes on whoever stops waiting, and tells
    /// the observer what it learned.
    ///
    /// No async function: whoever waits would hold the task's whole future besides.
    pub(super) fn drive<O>(
        self,
        request: Box<Request>,
        intent: Intent,
    ) -> Result<JoinHandle<Told<O::Response>>, Error>
    where
        O: Operation + 'static,
    {
        let in_flight = Arc::clone(&self.shared.in_flight);
        let driven = async move {
            let operation = self.meta.name;
            let observer = &self.shared.observer;
            let attempt = self.number;
            if let Some(turn) = &self.turn {
                turn.sent(self.longest()).await?;
            }
            observer.on_event(&Event::Sending {
                operation,
                intent: intent.clone(),
                attempt,
            });
            let result = self.send::<O>(request).await;
            self.book(&result);
            let told = result.as_ref().map(|answer| O::accepted(answer).cloned());
            self.record(told).await;
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
            Ok(result)
        };
        in_flight.drive(driven.in_current_span())
    }

    /// Writes down what became of it.
    async fn record(&self, told: Result<Option<RequestId>, &Fault>) {
        let Some(turn) = &self.turn else {
            return;
        };
        match told {
            Ok(id) => turn.answered(id).await,
            Err(fault) => {
                let charge = charge(self.meta.cost, fault).max(self.charge);
                let verdict = judge(self.meta.cost, &self.policy, fault);
                turn.failed(fault, charge, verdict).await;
            }
        }
    }

    /// Tells the guard's books.
    fn book<T>(&self, result: &Result<T, Fault>) {
        let guard = &self.shared.guard;
        match result {
            Ok(_) => guard.accepted(self.cost),
            Err(fault) if charge(self.meta.cost, fault) == Charge::No => {}
            Err(fault) => match judge(self.meta.cost, &self.policy, fault) {
                // Settled by the balance before it is sent again.
                Verdict::Again(_) => {}
                _ => guard.unsure(),
            },
        }
    }

    /// How long it may be on its way.
    fn longest(&self) -> Duration {
        let now = self.shared.clock.now();
        self.deadline.map_or(NO_DEADLINE, |deadline| {
            deadline.saturating_duration_since(now)
        })
    }

    pub(super) async fn send<O: Operation>(
        &self,
        mut request: Box<Request>,
    ) -> Result<O::Response, Fault> {
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
        let span = trace::attempt(meta, &request, self.number);
        let mut told = None;
        let sent = self.shared.transport.send(*request);
        let result = {
            // Pinned as it is made: a name for it, and `select!`, would keep a copy each.
            let mut exchange = pin!(self.answer::<O>(sent, &mut told).instrument(span.clone()));
            match self.deadline {
                Some(deadline) => {
                    tokio::select! {
                        biased;
                        result = &mut exchange => result,
                        () = clock.sleep_until(deadline) => Err(Fault::Transport(out_of_time())),
                    }
                }
                None => exchange.await,
            }
        };
        trace::attempted(&span, &result);
        if let Err(Fault::Answer(error, _)) = &result
            && error.kind == ApiErrorKind::RateLimited
            && let Some(limit) = &error.rate_limit
        {
            self.shared.limits.refused(meta, limit, Now::of(&**clock));
        }
        if let Some(place) = &self.place {
            match &result {
                Err(Fault::Answer(error, _)) if error.kind == ApiErrorKind::RateLimited => {
                    let limit = error.rate_limit.as_deref().cloned().unwrap_or_default();
                    place.refused(&limit).await;
                }
                Err(fault) if fault.delivery() == Delivery::NotSent => place.not_sent().await,
                _ => place.answered(told.as_ref()).await,
            }
        }
        result
    }

    /// Waits for the answer and reads it; `told` gets what it says of the limits.
    async fn answer<O: Operation>(
        &self,
        sent: BoxFuture<'_, Result<Response, TransportError>>,
        told: &mut Option<RateLimit>,
    ) -> Result<O::Response, Fault> {
        let response = sent.await.map_err(Fault::Transport)?;
        if let Some(limit) = decode::limits(&response) {
            let now = Now::of(&*self.shared.clock);
            self.shared.limits.told(self.meta, &limit, now);
            *told = Some(limit);
        }
        decode::decode::<O>(self.meta, &self.shared.key, response).await
    }
}

fn out_of_time() -> TransportError {
    let message = "the call's deadline passed before an answer came";
    TransportError::new(TransportErrorKind::Timeout, message)
}
