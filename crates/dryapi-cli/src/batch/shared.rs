//! What sending row by row and sending texts by packs have in common.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use dryapi_client::{BatchEvent, Charge, ErrorKind, SpendLimit};
use futures_core::Stream;

use super::lines::{Line, Status};
use super::options::Options;
use super::summary::Tally;
use crate::report::{End, Failure, json, terminal};
use crate::session::Session;

/// How the sending came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Every row has its outcome.
    Well,
    /// A signal.
    Stopped,
    /// `--timeout`.
    TooLate,
}

/// The name of a batch, in the ledger.
pub(super) fn name(options: &Options) -> String {
    options.folder.to_string_lossy().into_owned()
}

/// What `--max-cost` allows, for the batch in all its runs.
pub(super) fn limit(session: &Session) -> Option<SpendLimit> {
    let most = session.given.max_cost?;
    Some(SpendLimit::none().per_batch(most))
}

/// Says what happens to the batch as a whole.
pub(super) fn told(session: &Session) -> impl Fn(BatchEvent) + Send + Sync + 'static {
    let screen = session.screen.clone();
    move |event| {
        let at = |moment| json::moment(moment).unwrap_or_default();
        let text = match event {
            BatchEvent::Paused { since, error } => {
                let why = terminal::line(error.message()).into_owned();
                format!(
                    "offline since {}: {why}; a row is tried every 30 s",
                    at(since)
                )
            }
            BatchEvent::Resumed => "online again".to_owned(),
            BatchEvent::DailyLimit { until } => {
                let until = at(until);
                format!("the day's requests are used up; the rest waits until {until}")
            }
            BatchEvent::Stopped { error } => {
                let why = terminal::line(error.message()).into_owned();
                format!("nothing more is sent: {why}")
            }
            _ => return,
        };
        screen.note(&text);
    }
}

/// Waits until the batch is told to end.
pub(super) async fn told_to_end(session: &Session) -> Ended {
    tokio::select! {
        biased;
        () = session.stop.asked(1) => Ended::Stopped,
        () = session.time_is_up(Duration::ZERO) => Ended::TooLate,
    }
}

/// Counts and prints what came of a row.
pub(super) fn report(
    session: &Session,
    tally: &mut Tally,
    line: Line,
    failure: Option<Failure>,
) -> Result<(), End> {
    let cost = line
        .cost_estimate
        .as_deref()
        .and_then(|cost| cost.parse().ok());
    tally.add(line.status, cost, failure);
    tally.told.insert(line.id.clone());
    line.print(session)
}

/// Where a row stands that has no result.
pub(super) fn status(failure: &Failure, unsent: bool) -> Status {
    let of = |kind: ErrorKind| failure.kind == kind.into();
    match failure.charge {
        _ if of(ErrorKind::JobFailed) => Status::Failed,
        _ if unsent => Status::Unsent,
        Charge::No => Status::Failed,
        Charge::Yes => Status::Open,
        _ => Status::Unknown,
    }
}

/// What is given at once, as a stream.
pub(super) struct Given<I>(pub(super) I);

impl<I: Iterator + Unpin> Stream for Given<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}
