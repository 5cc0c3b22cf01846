//! The one step that costs money: once the request is on its way, its answer is waited for.

mod recorded;
mod stopped;
mod twice;

use std::path::{Path, PathBuf};
use std::time::Duration;

use dryapi_client::{AnyTask, Call, Clock, Error, ErrorKind, Job, Usd, verb};
use dryapi_types::{Operation, Priced};

use crate::report::{End, Failure, terminal};
use crate::request::Prepared;
use crate::session::{Session, late};
use stopped::{stopped, too_late};

pub(crate) use recorded::{known, recorded};
pub(crate) use stopped::going_on;

/// How long a command that is told to stop waits for the answer to a paid request.
const LAST_WAIT: Duration = Duration::from_secs(30);
/// How long what was read of an answer may take from the task that read it to here.
const HANDED_OVER: Duration = Duration::from_secs(1);

/// A job that was paid for, and what its price was said to be.
#[derive(Debug)]
pub(crate) struct Paid {
    pub(crate) job: Job<AnyTask>,
    pub(crate) estimate: Option<Usd>,
}

/// What is paid for, and what is written down of it.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) request: &'a Prepared,
    /// The file or folder in which the result is wanted.
    pub(crate) target: Option<PathBuf>,
    /// Whether it was paid for before, or may have been, under the same name.
    pub(crate) recorded: bool,
}

fn call<'a>(
    session: &Session,
    request: &'a Prepared,
    target: Option<&Path>,
) -> Call<'a, AnyTask, verb::Submit> {
    let Prepared { task, chosen, .. } = request;
    let call = session.client.submit(task).chosen(chosen.iter().cloned());
    match target {
        Some(target) => call.target(target),
        None => call,
    }
}

/// Submits a request: asks its price first where that is limited. One that is recorded is not sent
/// again.
pub(crate) async fn submit(session: &Session, wish: &Wish<'_>) -> Result<Paid, End> {
    let task = &wish.request.task;
    let call = call(session, wish.request, wish.target.as_deref());
    let estimate = match wish.recorded {
        true => None,
        false => {
            twice::ask(session, &call, task.meta().name).await?;
            affordable(session, task).await?
        }
    };
    let mut call = in_time(session, task, call)?;
    if let Some(estimate) = estimate {
        call = call.estimate(estimate);
    }
    let answered = tokio::select! {
        biased;
        result = call.into_future() => Some(result),
        // Dropped here, the call sends nothing more; what is on its way goes on.
        () = session.stop.asked(1) => None,
    };
    let failure = match answered {
        Some(Ok(job)) => {
            if let Some(warning) = job.warning() {
                session
                    .screen
                    .note(&format!("warning: {}", terminal::line(warning)));
            }
            return Ok(Paid { job, estimate });
        }
        Some(Err(error)) => Failure::from(error),
        None => {
            on_its_way(session).await;
            stopped(session).operation(task.meta().name)
        }
    };
    Err(End::from(failure).of(None, estimate))
}

/// Sends a request whose answer is what is paid for, and shows it, also after being told to stop.
pub(crate) async fn answer<O>(
    session: &Session,
    operation: &O,
    show: impl FnOnce(O::Response) -> Result<(), End>,
) -> Result<(), End>
where
    O: Priced + 'static,
    O::Quote: 'static,
{
    let call = session.client.call(operation);
    twice::ask(session, &call, operation.meta().name).await?;
    let estimate = affordable(session, operation).await?;
    let mut call = in_time(session, operation, call)?;
    if let Some(estimate) = estimate {
        call = call.estimate(estimate);
    }
    let mut call = call.into_future();
    let answered = tokio::select! {
        biased;
        result = &mut call => Some(result),
        () = session.stop.asked(1) => None,
    };
    let failure = match answered {
        Some(Ok(answer)) => return show(answer),
        Some(Err(error)) => Failure::from(error),
        None => match late_answer(session, call).await {
            Some(answer) => {
                show(answer)?;
                too_late(session)
            }
            None => stopped(session),
        },
    };
    let failure = failure.operation(operation.meta().name);
    Err(End::from(failure).of(None, estimate))
}

/// Told to stop: waits for the answer that is on its way, and only for that. Nobody else will ever
/// hand it out again.
async fn late_answer<T>(
    session: &Session,
    call: impl Future<Output = Result<T, Error>> + Unpin,
) -> Option<T> {
    if session.client.in_flight() == 0 {
        // Dropped, the call sends nothing more.
        return None;
    }
    let ended = async {
        on_its_way(session).await;
        if session.recorder.seen().failed.is_none() {
            // The task that read the answer has ended; the answer is on its way to the call.
            session.clock.sleep(HANDED_OVER).await;
        }
    };
    tokio::select! {
        biased;
        result = call => result.ok(),
        () = session.stop.asked(2) => None,
        () = ended => None,
    }
}

/// Told to stop: waits until nothing paid is on its way.
async fn on_its_way(session: &Session) {
    let client = &session.client;
    if client.in_flight() == 0 {
        return;
    }
    session.screen.note(
        "stopping: waiting for the answer to a paid request; interrupt again to stop at once",
    );
    tokio::select! {
        _ = client.drain(LAST_WAIT) => {}
        () = session.stop.asked(2) => {}
    }
}

/// A paid call with the intent and what is left of the time.
fn in_time<'a, O: Operation, V>(
    session: &Session,
    operation: &O,
    mut call: Call<'a, O, V>,
) -> Result<Call<'a, O, V>, End> {
    if let Some(intent) = &session.given.intent {
        call = call.intent(intent.as_str());
    }
    if let Some(left) = session.left() {
        if left.is_zero() {
            let name = operation.meta().name;
            return Err(late("nothing was sent").operation(name).into());
        }
        call = call.deadline(left);
    }
    Ok(call)
}

/// The price, where it is limited and not above that.
async fn affordable<O>(session: &Session, operation: &O) -> Result<Option<Usd>, End>
where
    O: Priced + 'static,
    O::Quote: 'static,
{
    let Some(limit) = session.given.max_cost else {
        return Ok(None);
    };
    let asked = session.client.price(operation).into_future();
    let price = session.free(asked).await?.price;
    if price <= limit {
        return Ok(Some(price));
    }
    let message = format!("it would cost {price} USD, more than {limit} USD; nothing was sent");
    let mut failure = Failure::new(ErrorKind::SpendLimit, message)
        .operation(operation.meta().name)
        .help("Raise --max-cost, or ask for less.");
    failure.intent.clone_from(&session.given.intent);
    Err(failure.into())
}
