//! What is left to do of a batch, by its ledger, its sidecars and its one file.

use dryapi_client::ErrorKind;

use super::bring::is_collected;
use super::collect::Collection;
use super::done::{self, Standing};
use super::lines::Line;
use super::options::Options;
use super::recorded::recorded;
use super::row::Row;
use super::shared::report;
use super::sidecar::Sidecar;
use super::summary::Tally;
use crate::report::{End, Failure};
use crate::session::Session;

/// What is left to do.
pub(super) struct Undone {
    pub(super) rows: Vec<Row>,
    /// Rows that only their sidecars know: their jobs were paid for, their results are not here.
    pub(super) lost: Vec<(Row, Sidecar)>,
}

/// What is left to do; rows that are done are told.
pub(super) async fn undone(
    session: &Session,
    options: &Options,
    packed: &[Row],
    rows: Vec<Row>,
    tally: &mut Tally,
) -> Result<Undone, End> {
    let known = recorded(session, options).await?;
    let collection = match &options.collect {
        Some(path) => Some(Collection::open(path).map_err(|error| {
            Failure::new(ErrorKind::File, format!("{}: {error}", path.display()))
        })?),
        None => None,
    };
    let (mut left, mut lost, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    let mut done = Vec::new();
    if let (Some(collection), Some(path)) = (&collection, &options.collect) {
        let all = packed.iter().chain(&rows).filter(|row| is_collected(row));
        let changed = all.filter(|row| collection.differs(&row.id, row.content));
        wrong.extend(changed.map(|row| done::other(row, path)));
    }
    for row in rows {
        if let (Some(collection), Some(path)) = (&collection, &options.collect)
            && is_collected(&row)
        {
            match collection.has(&row.id) {
                true => done.push(Line::collected(&row, None, path)),
                false => left.push(row),
            }
            continue;
        }
        match done::standing(&row, session.is_sandbox()) {
            Ok(Standing::Done(sidecar)) => {
                let cost = sidecar.cost_estimate.and_then(|cost| cost.parse().ok());
                done.push(Line::done(&row, sidecar.request_id, cost));
            }
            Ok(Standing::Was(sidecar))
                if sidecar.request_id.is_some() && !known.contains_key(&row.id) =>
            {
                lost.push((row, *sidecar));
            }
            Ok(Standing::Open | Standing::Was(_)) => {
                let there = row.path.symlink_metadata().is_ok();
                if there && !known.contains_key(&row.id) {
                    let path = row.path.display();
                    wrong.push(format!(
                        "row {}: {path} exists, and is not of this batch",
                        row.id
                    ));
                }
                left.push(row);
            }
            Err(why) => wrong.push(why),
        }
    }
    done::changed(wrong)?;
    for line in done {
        report(session, tally, line, None)?;
    }
    Ok(Undone { rows: left, lost })
}
