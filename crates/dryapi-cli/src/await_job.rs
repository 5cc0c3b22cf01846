//! Waiting for a job, with a bar where somebody watches.

use std::time::Duration;

use dryapi_client::{AnyTask, Charge, Completed, Delivery, ErrorKind, Job, JobStatus};

use crate::names;
use crate::pay::going_on;
use crate::report::{End, Failure, Kind, terminal};
use crate::session::Session;

/// The last look at a job may end this much after `--timeout`.
const LAST_LOOK: Duration = Duration::from_secs(2);

/// Waits until the job is done.
pub(crate) async fn wait(session: &Session, job: &Job<AnyTask>) -> Result<Completed<AnyTask>, End> {
    let name = job.ticket().task().unwrap_or("job");
    let bar = session
        .screen
        .bar(format!("{name} {}", names::short(job.id().as_str())));
    let shown = bar.clone();
    #[cfg(feature = "previews")]
    let mut previews =
        crate::preview::Previews::new(session.screen.clone(), std::sync::Arc::new(session.clock));
    let mut wait = job.wait().on_progress(move |status| {
        #[cfg(feature = "previews")]
        previews.show(status);
        if let Some(bar) = &shown {
            bar.set(status.progress, describe(status));
        }
    });
    if let Some(left) = session.left() {
        wait = wait.deadline(left);
    }
    let result = tokio::select! {
        biased;
        result = wait.into_future() => result.map_err(Failure::from),
        () = session.stop.asked(1) => {
            Err(about(job, Failure::new(Kind::Interrupted, going_on(session))))
        }
        () = session.time_is_up(LAST_LOOK) => {
            let message = "the time of --timeout is up; the job goes on and is billed";
            let failure = Failure::new(ErrorKind::WaitTimedOut, message);
            Err(about(job, failure).help("Wait for it again by its id."))
        }
    };
    // Fetching comes next, with the same bar.
    match result {
        Ok(completed) => {
            if let Some(bar) = bar {
                bar.set(Some(100.0), "fetching".to_owned());
            }
            Ok(completed)
        }
        Err(failure) => {
            session.screen.clear();
            Err(failure.into())
        }
    }
}

fn describe(status: &JobStatus) -> String {
    terminal::line(status.state.as_str()).into_owned()
}

/// How a command ends after its job was accepted: no failure forgets the job and what it cost.
pub(crate) fn of_job(job: &Job<AnyTask>, end: End) -> End {
    match end {
        End::Failed(failure) if failure.request_id.is_none() => about(job, *failure).into(),
        other => other,
    }
}

/// A failure of ours about a job that goes on.
pub(crate) fn about(job: &Job<AnyTask>, mut failure: Failure) -> Failure {
    failure.operation = job.ticket().task().map(ToOwned::to_owned);
    failure.request_id = Some(job.id().to_string());
    failure.intent = job.intent().map(ToString::to_string);
    failure.delivery = Delivery::Answered;
    failure.charge = Charge::Yes;
    failure
}
