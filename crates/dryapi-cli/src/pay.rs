//! The one step that costs money: once the request is on its way, its answer is waited for.

use std::time::Duration;

use dryapi_client::{AnyTask, Charge, Delivery, ErrorKind, Job, Usd};
use dryapi_types::Operation;

use crate::report::{End, Failure, Kind, terminal};
use crate::session::{Session, late};

/// How long a command that is told to stop waits for the answer to a paid request.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// A job that was paid for, and what its price was said to be.
#[derive(Debug)]
pub(crate) struct Paid {
    pub(crate) job: Job<AnyTask>,
    pub(crate) estimate: Option<Usd>,
}

/// Submits a request: asks its price first where that is limited.
pub(crate) async fn submit(session: &Session, task: &AnyTask) -> Result<Paid, End> {
    let estimate = match session.given.max_cost {
        Some(limit) => Some(affordable(session, task, limit).await?),
        None => None,
    };
    let mut call = session.client.submit(task);
    if let Some(intent) = &session.given.intent {
        call = call.intent(intent.as_str());
    }
    if let Some(left) = session.left() {
        if left.is_zero() {
            return Err(late("nothing was sent").operation(task.meta().name).into());
        }
        call = call.deadline(left);
    }
    let answered = tokio::select! {
        biased;
        result = call.into_future() => Some(result),
        // Dropped here, the call sends nothing more; what is on its way goes on.
        () = session.stop.asked(1) => None,
    };
    match answered {
        Some(Ok(job)) => {
            if let Some(warning) = job.warning() {
                session
                    .screen
                    .note(&format!("warning: {}", terminal::line(warning)));
            }
            Ok(Paid { job, estimate })
        }
        Some(Err(error)) => {
            let mut failure = Failure::from(error);
            failure.estimate = estimate;
            Err(failure.into())
        }
        None => {
            let mut failure = interrupted(session).await.operation(task.meta().name);
            failure.estimate = estimate;
            Err(failure.into())
        }
    }
}

async fn affordable(session: &Session, task: &AnyTask, limit: Usd) -> Result<Usd, End> {
    let price = session
        .free(session.client.price(task).into_future())
        .await?
        .price;
    if price <= limit {
        return Ok(price);
    }
    let message = format!("it would cost {price} USD, more than {limit} USD; nothing was sent");
    let mut failure = Failure::new(ErrorKind::SpendLimit, message)
        .operation(task.meta().name)
        .help("Raise --max-cost, or ask for less.");
    failure.intent.clone_from(&session.given.intent);
    Err(failure.into())
}

/// Told to stop: waits for the answer that is on its way, and says what became of it.
async fn interrupted(session: &Session) -> Failure {
    let client = &session.client;
    if client.in_flight() > 0 {
        session.screen.note(
            "stopping: waiting for the answer to a paid request; interrupt again to stop at once",
        );
        tokio::select! {
            _ = client.drain(LAST_WAIT) => {}
            () = session.stop.asked(2) => {}
        }
    }
    let seen = session.recorder.seen();
    let mut failure = Failure::new(Kind::Interrupted, "interrupted; nothing was sent");
    let Some((intent, attempts)) = seen.sent else {
        return failure;
    };
    failure.intent = Some(intent.to_string());
    failure.attempts = attempts;
    if let Some(id) = seen.accepted {
        failure.message = going_on(session).to_owned();
        failure.request_id = Some(id.to_string());
        failure.delivery = Delivery::Answered;
        failure.charge = Charge::Yes;
    } else if client.in_flight() == 0
        && let Some(error) = seen.failed
    {
        failure.message = format!("interrupted; the request had failed: {}", error.message());
        failure.status = error.status();
        failure.delivery = error.delivery();
        failure.charge = error.charge();
    } else {
        failure.message = "interrupted before the answer came: the outcome is unknown; it may \
                           have been accepted and charged"
            .to_owned();
        failure.delivery = Delivery::Unknown;
        failure.charge = Charge::Maybe;
    }
    failure
}

/// What is said when a job is left behind.
pub(crate) const fn going_on(session: &Session) -> &'static str {
    if session.is_sandbox() {
        "interrupted; the sandbox ends, and the job with it"
    } else {
        "interrupted; the job goes on and is billed; the service cannot cancel"
    }
}
