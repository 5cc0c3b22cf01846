//! The one loop: attempt, verdict, delay, again.
//!
//! It knows neither HTTP nor the real clock: attempts, time and randomness are handed in, so its
//! whole table is tested in microseconds.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use dryapi_transport::Clock;
use dryapi_types::{ApiErrorKind, CostClass};

use super::budget::Budget;
use super::fault::Fault;
use super::policy::RetryPolicy;
use super::verdict::{Pace, Verdict, charge, judge};
use crate::error::{Charge, Delivery};
use crate::random::{Random, fraction};

/// What the loop asks.
#[derive(Debug)]
pub(crate) struct Loop<'a> {
    pub(crate) class: CostClass,
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a Budget,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) random: &'a dyn Random,
    /// The call's deadline: covers attempts and waits.
    pub(crate) deadline: Option<Instant>,
}

/// How the loop ended without success.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) fault: Fault,
    pub(crate) attempts: u32,
    /// Over all attempts, the most that may have happened.
    pub(crate) delivery: Delivery,
    pub(crate) charge: Charge,
    /// Whether the last verdict was that the outcome is unknown.
    pub(crate) outcome_unknown: bool,
    pub(crate) reason: Cow<'static, str>,
    /// When to try again, where that is known.
    pub(crate) retry_after: Option<Duration>,
}

/// What is attempted.
pub(crate) trait Attempts: Send {
    /// What a success gives.
    type Value: Send;

    /// Makes attempt `number`, from 1; `None` when the request cannot be made again.
    fn attempt(
        &mut self,
        number: u32,
    ) -> impl Future<Output = Option<Result<Self::Value, Fault>>> + Send;

    /// Is told that attempt `number` is followed by another after a wait.
    fn waiting(&mut self, number: u32, wait: Duration, fault: &Fault);
}

/// Attempts until one succeeds or the verdict, the policy, the budget or the deadline ends it.
///
/// # Cancel safety
/// Dropping the future between attempts sends nothing more.
pub(crate) async fn run<A: Attempts>(cx: &Loop<'_>, attempted: &mut A) -> Result<A::Value, Failed> {
    let mut attempts = 0;
    let mut extra = 0;
    let mut limited = 0;
    let mut delivery = Delivery::NotSent;
    let mut most_charged = Charge::No;
    let mut last: Option<Failed> = None;
    loop {
        let fault = match (attempted.attempt(attempts + 1).await, last.take()) {
            (Some(Ok(value)), _) => {
                cx.budget.reward();
                return Ok(value);
            }
            (Some(Err(fault)), _) => fault,
            (None, Some(mut failed)) => {
                failed.reason = Cow::Borrowed("the request's body can only be read once");
                return Err(failed);
            }
            (None, None) => {
                let kind = dryapi_transport::TransportErrorKind::InvalidRequest;
                let message = "the request's body was already read";
                Fault::Transport(dryapi_transport::TransportError::new(kind, message))
            }
        };
        attempts += 1;
        delivery = delivery.max(fault.delivery());
        most_charged = most_charged.max(charge(cx.class, &fault));
        let verdict = judge(cx.class, cx.policy, &fault);
        let retry_after = retry_after(&fault, cx.clock);
        let mut failed = Failed {
            fault,
            attempts,
            delivery,
            charge: most_charged,
            outcome_unknown: matches!(verdict, Verdict::Unknown(_)),
            reason: Cow::Borrowed(""),
            retry_after,
        };
        let (wait, counts) = match verdict {
            Verdict::Stop(reason) | Verdict::Unknown(reason) => {
                failed.reason = Cow::Borrowed(reason);
                return Err(failed);
            }
            Verdict::Again(Pace::Backoff) => {
                let delay = cx.policy.backoff().delay(extra, fraction(cx.random));
                (failed.retry_after.unwrap_or(delay).max(delay), true)
            }
            Verdict::Again(Pace::Limit) => {
                // "At once" is not believed again and again: the waits grow, so they come to an
                // end at the call's deadline.
                let floor = cx.policy.backoff().delay(limited, fraction(cx.random));
                limited += 1;
                (failed.retry_after.unwrap_or(floor).max(floor), false)
            }
        };
        if let Some(reason) = no_further(cx, extra, wait, counts) {
            failed.reason = reason;
            return Err(failed);
        }
        extra += u32::from(counts);
        attempted.waiting(attempts, wait, &failed.fault);
        cx.clock.sleep(wait).await;
        last = Some(failed);
    }
}

/// When to try again: as a limit's window implies where nothing is told, else as told.
fn retry_after(fault: &Fault, clock: &dyn Clock) -> Option<Duration> {
    let Fault::Answer(error, _) = fault else {
        return None;
    };
    let limit = error.rate_limit.as_deref()?;
    let limited = error.kind == ApiErrorKind::RateLimited;
    (limited || limit.retry_after.is_some()).then(|| limit.wait(clock.wall()))
}

/// Why there is no further attempt although one might help.
fn no_further(
    cx: &Loop<'_>,
    extra: u32,
    wait: Duration,
    counts: bool,
) -> Option<Cow<'static, str>> {
    let allowed = cx.policy.allowed();
    if allowed == 0 {
        return Some(Cow::Borrowed("retries are switched off"));
    }
    if counts && extra >= allowed {
        return Some(Cow::Owned(format!("{allowed} extra attempts were made")));
    }
    let too_late = |deadline: Instant| {
        cx.clock
            .now()
            .checked_add(wait)
            .is_none_or(|then| then >= deadline)
    };
    if cx.deadline.is_some_and(too_late) {
        let seconds = wait.as_secs_f64().ceil();
        return Some(Cow::Owned(format!(
            "waiting {seconds} s would pass the call's deadline"
        )));
    }
    if counts && !cx.budget.take() {
        return Some(Cow::Borrowed(
            "this client's budget of extra attempts is used up",
        ));
    }
    None
}
