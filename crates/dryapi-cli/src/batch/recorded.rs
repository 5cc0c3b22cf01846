//! What the ledger knows of a batch's rows.

use std::collections::HashMap;

use dryapi_client::ErrorKind;
use dryapi_ledger::{Entry, Filter, State};

use super::lines::Status;
use super::options::Options;
use super::shared::name;
use super::summary::Tally;
use crate::report::{End, Failure};
use crate::session::Session;

/// What the ledger knows of the batch's rows.
pub(super) async fn recorded(
    session: &Session,
    options: &Options,
) -> Result<HashMap<String, Entry>, End> {
    let Some(ledger) = session.ledger().await? else {
        return Ok(HashMap::new());
    };
    let of_batch = Filter::default().in_batch(name(options));
    let entries = ledger
        .entries(&of_batch)
        .await
        .map_err(|error| Failure::new(ErrorKind::File, format!("{error}; nothing was sent")))?;
    let rows = entries.into_iter().filter_map(|entry| {
        let row = entry.batch.as_ref()?.row.clone();
        Some((row, entry))
    });
    Ok(rows.collect())
}

/// Counts the rows of a batch that was stopped of which nothing was told yet.
pub(super) async fn untold(
    session: &Session,
    options: &Options,
    ids: Vec<String>,
    tally: &mut Tally,
) -> Result<(), End> {
    let known = recorded(session, options).await?;
    for id in ids {
        if tally.told.contains(&id) {
            continue;
        }
        let entry = known.get(&id);
        let status = match entry.map(|entry| entry.state) {
            None | Some(State::Prepared | State::Refused) => Status::Unsent,
            Some(State::Sent | State::Unknown) => Status::Unknown,
            Some(State::Failed) => Status::Failed,
            Some(_) => Status::Open,
        };
        let cost = entry.and_then(|entry| entry.estimate);
        let charged = !matches!(status, Status::Unsent | Status::Failed);
        tally.add(status, cost.filter(|_| charged), None);
    }
    Ok(())
}
