//! Rows sent, and their outcomes.

use std::collections::HashMap;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use dryapi_client::{AnyTask, BatchItem, BatchOutcome, BatchResult, ErrorKind, JobTicket};
use futures_core::Stream;

use super::bring::{beside, bring, is_collected, is_here};
use super::collect::Collection;
use super::lines::Line;
use super::options::Options;
use super::progress::Progress;
use super::row::Row;
use super::shared::{Ended, Given, limit, name, report, status, told, told_to_end};
use super::summary::Tally;
use crate::handed_out::Noted;
use crate::report::{End, Failure};
use crate::session::Session;

/// What rows' outcomes need to know of them.
struct Known {
    rows: HashMap<String, Arc<Row>>,
    collection: Option<Mutex<Collection>>,
}

/// Sends what is left, and brings the results.
pub(super) async fn send(
    session: &Session,
    options: &Options,
    rows: Vec<Row>,
    tally: &mut Tally,
) -> Result<Ended, End> {
    let items: Vec<BatchItem<AnyTask>> = rows.iter().map(|row| item(options, row)).collect();
    let collection = options.collect.as_deref().map(Collection::open).transpose();
    let collection =
        collection.map_err(|error| Failure::new(ErrorKind::File, error.to_string()))?;
    let rows = rows.into_iter().map(|row| (row.id.clone(), Arc::new(row)));
    let known = Arc::new(Known {
        rows: rows.collect(),
        collection: collection.map(Mutex::new),
    });
    let mut batch = session
        .client
        .batch::<AnyTask>(name(options))
        .concurrency(options.concurrency)
        .priced(true)
        .wait_for_reset(!options.no_wait)
        .retry_failed(options.retry_failed)
        .resubmit_unknown(options.resubmit_unknown)
        .match_orphans(options.concurrency == 1 && session.given.client_id.is_some())
        .on_event(told(session));
    if let Some(limit) = limit(session) {
        batch = batch.spend_limit(limit);
    }
    let settled = Arc::clone(&known);
    batch = batch.settled(move |entry| {
        let row = entry
            .batch
            .as_ref()
            .and_then(|of| settled.rows.get(&of.row));
        row.zip(entry.file.as_ref())
            .is_some_and(|(row, file)| is_here(row, file))
    });
    let delivering = Arc::clone(&known);
    let screen = session.screen.clone();
    batch = batch.deliver(move |id, done| {
        let (known, screen) = (Arc::clone(&delivering), screen.clone());
        async move {
            match known.rows.get(&id) {
                Some(row) => bring(known.collection.as_ref(), row, &done, &screen).await,
                None => Ok(()),
            }
        }
    });
    let progress = Progress::start(session, tally);
    let mut outcomes = batch.run(Given(items.into_iter()));
    loop {
        let next = std::future::poll_fn(|cx| Pin::new(&mut outcomes).poll_next(cx));
        let outcome = tokio::select! {
            biased;
            outcome = next => outcome,
            ended = told_to_end(session) => return Ok(ended),
        };
        let Some(outcome) = outcome else {
            return Ok(Ended::Well);
        };
        if let Some(row) = known.rows.get(&outcome.id) {
            let collected = options.collect.as_deref().filter(|_| is_collected(row));
            settle(session, tally, row, outcome, collected).await?;
        }
        progress.show(session, tally);
    }
}

fn item(options: &Options, row: &Row) -> BatchItem<AnyTask> {
    let item = BatchItem::new(&row.id, row.task.clone())
        .with_target(&row.path)
        .with_chosen(row.chosen.iter().cloned());
    match options.assume {
        Some(units) => item.assuming(units),
        None => item,
    }
}

/// Writes the sidecar of a row that is done, and tells what came of it.
async fn settle(
    session: &Session,
    tally: &mut Tally,
    row: &Row,
    outcome: BatchOutcome<AnyTask>,
    collected: Option<&Path>,
) -> Result<(), End> {
    let ticket = outcome.request_id.map(JobTicket::new);
    let id = ticket.as_ref().map(ToString::to_string);
    let intent = outcome.intent.map(|intent| intent.to_string());
    let cost = outcome.estimate;
    let (error, unsent) = match outcome.result {
        BatchResult::Failed(error) => (error, false),
        BatchResult::Unsent(error) => (error, true),
        _ => {
            let Some(path) = collected else {
                beside(session, row, intent, id.clone(), cost)?;
                return report(session, tally, Line::done(row, id, cost), None);
            };
            if let Some(ticket) = &ticket {
                Noted::Collected.note(session, ticket).await;
            }
            let mut line = Line::collected(row, id, path);
            line.cost_estimate = cost.map(|cost| cost.to_string());
            return report(session, tally, line, None);
        }
    };
    let failure = Failure::from(error);
    let line = Line::not_done(row, status(&failure, unsent), cost, &failure);
    report(session, tally, line, Some(failure))
}
