//! One call through the house: encode, attempt within the retry loop, and an error that says what
//! became of it.

mod attempt;
mod balance;
mod explain;
mod sending;
mod trace;

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_transport::BoxFuture;
use dryapi_types::{CostClass, GetBalance, Intent, Operation, RequestId, Usd};
use http::Method;
use tracing::Instrument;

use balance::Read;
use explain::explain;
use sending::Sending;

use crate::deadline;
use crate::error::{Charge, Error, ErrorKind};
use crate::file::upload::Uploads;
use crate::record::Wanted;
use crate::retry::{Loop, RetryPolicy, run};
use crate::shared::Shared;
use crate::wire::encode::{self, Encoded};

/// One reading of the balance takes no longer.
const READING: Duration = Duration::from_secs(20);

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
    /// Whether the balance guards a resend after the service's own 500.
    pub(crate) guarded: bool,
    /// The units to assume where a price depends on what cannot be known here.
    pub(crate) assume: Option<u64>,
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
        // Boxed, since the future of every call would be large with it.
        Some(intent) if shared.record.is_kept() => {
            let wanted = &options.wanted;
            Box::pin(shared.record.paying(operation, intent, wanted)).await?
        }
        Some(_) | None => None,
    };
    let cx = Loop {
        class: meta.cost,
        policy,
        budget: &shared.budget,
        clock: &*shared.clock,
        random: &*shared.random,
        deadline,
    };
    let guarded = paid && options.guarded && !shared.guard.is_off() && !policy.pays_twice();
    let mut attempts = Sending::<O>::of(shared, operation.meta(), request, policy);
    attempts.intent = intent;
    attempts.deadline = deadline;
    attempts.paying = paying;
    attempts.cost = options.wanted.estimate;
    attempts.guard = guarded.then_some(read_balance as Read);
    let span = trace::call(meta, intent);
    let outcome = run(&cx, &mut attempts).instrument(span.clone()).await;
    if let Some(id) = attempts.recorded {
        return Ok(Outcome::Recorded(id));
    }
    if let Some(error) = attempts.not_started {
        return Err(error);
    }
    match outcome {
        Ok(answer) => Ok(Outcome::Answered(answer)),
        Err(failed) => {
            trace::call_failed(&span, &failed);
            if let Some(turn) = attempts.turn.filter(|_| failed.charge != Charge::No) {
                Box::pin(turn.given_up(&failed.reason)).await;
                #[cfg(feature = "ledger")]
                if guarded && let Some(balance) = shared.guard.expected() {
                    Box::pin(turn.balance_before(balance)).await;
                }
            }
            Err(explain(meta, intent, failed, &files))
        }
    }
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

/// Boxed, since reading the balance is an exchange within an exchange.
fn read_balance(shared: &Arc<Shared>) -> BoxFuture<'_, Result<Usd, Error>> {
    Box::pin(async move {
        let options = Options {
            deadline: Some(READING),
            ..Options::default()
        };
        let balance = exchange(shared, &GetBalance::new(), &options).await?;
        Ok(balance.balance)
    })
}
