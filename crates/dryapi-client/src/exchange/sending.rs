//! The attempts of one call: a place in the limits, a turn in the ledger, the guard, and off.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::Request;
use dryapi_types::{Intent, Meta, Operation, RateLimit, RequestId, Usd, Window};

use super::attempt::Attempt;
use super::balance::{self, Read};
use super::explain::status;
use crate::error::{Charge, Error, ErrorKind};
use crate::guard::{Pass, Watch};
use crate::limits::{Full, Place};
use crate::observe::Event;
use crate::record::{Paying, Standing, Turn};
use crate::retry::{Attempts, Fault, RetryPolicy, charge};
use crate::shared::Shared;
use crate::wire::decode;

/// The attempts of one call.
pub(super) struct Sending<'a, O> {
    shared: &'a Arc<Shared>,
    meta: &'static Meta,
    pub(super) intent: Option<&'a Intent>,
    pub(super) deadline: Option<Instant>,
    request: Option<Box<Request>>,
    pub(super) not_started: Option<Error>,
    /// What is written down, where anything is.
    pub(super) paying: Option<Paying>,
    policy: &'a RetryPolicy,
    /// The right to send that the last attempt had.
    pub(super) turn: Option<Turn>,
    /// The most that the attempts so far may have cost.
    charge: Charge,
    /// The wish was sent before.
    pub(super) recorded: Option<Option<RequestId>>,
    /// What it is expected to cost.
    pub(super) cost: Option<Usd>,
    /// How the guard reads the balance, where there is one.
    pub(super) guard: Option<Read>,
    /// What the guard's books said before the first attempt, where it began.
    watch: Option<Option<Watch>>,
    /// The status of the last answer, where the attempt may have been charged.
    doubtful: Option<Option<u16>>,
    operation: PhantomData<fn() -> O>,
}

impl<'a, O> Sending<'a, O> {
    pub(super) fn of(
        shared: &'a Arc<Shared>,
        meta: &'static Meta,
        request: Box<Request>,
        policy: &'a RetryPolicy,
    ) -> Self {
        Self {
            shared,
            meta,
            intent: None,
            deadline: None,
            request: Some(request),
            not_started: None,
            paying: None,
            policy,
            turn: None,
            charge: Charge::No,
            recorded: None,
            cost: None,
            guard: None,
            watch: None,
            doubtful: None,
            operation: PhantomData,
        }
    }

    /// Everything before the request is handed over; `None` where it must not be.
    async fn ready(&mut self, number: u32) -> Result<(Option<Place>, Option<Pass>), Stopped> {
        let shared = self.shared;
        self.prove(number).await?;
        if let Some(paying) = &self.paying
            && self.turn.is_none()
            && Box::pin(paying.is_over()).await
        {
            // What was paid for needs no place in the limits.
            self.begin().await?;
        }
        let account = shared.record.limits().await;
        let place = shared
            .limits
            .enter(
                self.meta,
                &shared.clock,
                &*shared.random,
                self.deadline,
                account.as_ref(),
            )
            .await
            .map_err(|full| no_place(self.meta, full, shared.clock.now()))?;
        match self.admitted().await {
            Ok(pass) => Ok((place, pass)),
            Err(stopped) => {
                if let Some(place) = place {
                    place.give_back().await;
                }
                Err(stopped)
            }
        }
    }

    /// What there is to do once there is a place.
    async fn admitted(&mut self) -> Result<Option<Pass>, Stopped> {
        // After an attempt that was provably not charged the wish is begun again.
        if self.turn.is_none() || self.charge == Charge::No {
            self.begin().await?;
        }
        let (shared, deadline) = (self.shared, self.deadline);
        if let Some(read) = self.guard.filter(|_| self.watch.is_none()) {
            self.watch = Some(Box::pin(balance::begin(shared, read, deadline)).await);
        }
        match self.intent {
            Some(_) => Ok(Some(balance::pass(shared, self.meta, deadline).await?)),
            None => Ok(None),
        }
    }

    /// Writes the wish down, where anything is.
    async fn begin(&mut self) -> Result<(), Stopped> {
        if let Some(paying) = &self.paying {
            // Boxed, as below, since the future of every call would be large with it.
            match Box::pin(paying.begin(self.deadline)).await? {
                Standing::Yours(turn) => self.turn = turn,
                Standing::Recorded(id) => return Err(Stopped::Recorded(id)),
            }
        }
        Ok(())
    }

    /// After an answer that may have been thrown after the job was booked: whether the balance
    /// proves that it was not.
    async fn prove(&mut self, number: u32) -> Result<(), Error> {
        let (Some(read), Some(status)) = (self.guard, self.doubtful.take()) else {
            return Ok(());
        };
        let watch = self.watch.flatten();
        let (shared, deadline) = (self.shared, self.deadline);
        let proven = Box::pin(balance::proves(shared, read, watch, deadline)).await;
        let Err(doubt) = proven else {
            return Ok(());
        };
        if let Some(turn) = &self.turn {
            Box::pin(turn.doubted(&doubt.what)).await;
        }
        self.shared.guard.unsure();
        let made = number.saturating_sub(1);
        Err(balance::not_resent(
            self.meta,
            self.intent,
            made,
            status,
            &doubt,
        ))
    }
}

/// Why an attempt is not made.
enum Stopped {
    Not(Error),
    /// The wish was sent before.
    Recorded(Option<RequestId>),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Not(error)
    }
}

impl<O: Operation + 'static> Attempts for Sending<'_, O> {
    type Value = O::Response;

    async fn attempt(&mut self, number: u32) -> Option<Result<O::Response, Fault>> {
        let (place, pass) = match self.ready(number).await {
            Ok(ready) => ready,
            Err(Stopped::Not(error)) => {
                self.not_started = Some(error);
                return None;
            }
            Err(Stopped::Recorded(id)) => {
                self.recorded = Some(id);
                return None;
            }
        };
        // The last use of a body that can be read once takes the request itself.
        let copy = self.request.as_deref().and_then(Request::try_clone);
        let request = match copy.map(Box::new) {
            Some(copy) => copy,
            None => self.request.take()?,
        };
        let attempt = Attempt {
            shared: Arc::clone(self.shared),
            meta: self.meta,
            number,
            deadline: self.deadline,
            place,
            pass,
            turn: self.turn.clone(),
            policy: self.policy.clone(),
            charge: self.charge,
            cost: self.cost,
        };
        let Some(intent) = self.intent else {
            return Some(attempt.send::<O>(request).await);
        };
        let told = match attempt.drive::<O>(request, intent.clone()) {
            Ok(task) => task
                .await
                .unwrap_or_else(|error| Ok(Err(decode::lost(error)))),
            Err(error) => Err(error),
        };
        match told {
            Ok(result) => {
                if let Err(fault) = &result {
                    let charge = charge(self.meta.cost, fault);
                    self.charge = self.charge.max(charge);
                    self.doubtful = (charge != Charge::No).then(|| status(fault));
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
