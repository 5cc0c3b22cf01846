//! A look that somebody asked for by name.

use dryapi_types::JobStatus;

use super::core::Hub;
use super::look::ask;
use crate::error::Error;
use crate::exchange::Options;
use crate::ticket::JobTicket;

/// Reads a job's status once, with its result, because somebody asked for just that. It counts like
/// every look, and whoever waits for the job learns of it.
pub(crate) async fn status(hub: &Hub, ticket: &JobTicket) -> Result<JobStatus, Error> {
    let asked = ask(hub.shared(), ticket, &Options::default()).await;
    let result = match &asked {
        Ok(looked) => Ok(looked.news.clone().whole()),
        Err(error) => Err(error.clone()),
    };
    hub.looked_outside(ticket, asked);
    result
}
