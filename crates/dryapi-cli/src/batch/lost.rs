//! Rows that the ledger does not know of, whose jobs were paid for.

use super::bring::{beside, bring};
use super::lines::Line;
use super::row::Row;
use super::shared::{Ended, report, status, told_to_end};
use super::sidecar::Sidecar;
use super::summary::Tally;
use crate::report::{End, Failure};
use crate::session::Session;

/// Brings again what was paid for, and never sends it: the ledger that knew of it is not here.
pub(super) async fn fetch(
    session: &Session,
    lost: Vec<(Row, Sidecar)>,
    tally: &mut Tally,
) -> Result<Ended, End> {
    for (row, sidecar) in lost {
        let cost = sidecar.cost_estimate.as_deref();
        let cost = cost.and_then(|cost| cost.parse().ok());
        let (intent, id) = (sidecar.intent, sidecar.request_id.unwrap_or_default());
        let job = session.client.any_job(id.clone());
        let brought = async {
            let done = job.wait().await?;
            bring(None, &row, &done, &session.screen).await
        };
        let brought = tokio::select! {
            biased;
            brought = brought => brought,
            ended = told_to_end(session) => return Ok(ended),
        };
        match brought {
            Ok(()) => {
                beside(session, &row, intent, Some(id.clone()), cost)?;
                report(session, tally, Line::done(&row, Some(id), cost), None)?;
            }
            Err(error) => {
                let failure = Failure::from(error);
                let line = Line::not_done(&row, status(&failure, false), cost, &failure);
                report(session, tally, line, Some(failure))?;
            }
        }
    }
    Ok(Ended::Well)
}
