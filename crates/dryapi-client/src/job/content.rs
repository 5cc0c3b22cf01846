//! The file of a result that is content: read into memory, within a bound.

use std::sync::Arc;

use bytes::Bytes;
use dryapi_types::{JobState, ResultFile};

use crate::error::{Error, ErrorKind};
use crate::file::Download;
use crate::hub::{Hub, known_job, status};
use crate::ticket::JobTicket;

/// As large as a status with its result inline may be.
const LIMIT: u64 = 64 * 1024 * 1024;

/// Reads all of a result's file, with a fresh address once when its own has expired.
pub(super) async fn fetch(
    hub: &Arc<Hub>,
    ticket: &JobTicket,
    file: &ResultFile,
) -> Result<Bytes, Error> {
    let read = async {
        let download = match Download::open(hub.shared(), &file.url).await {
            Err(error) if error.kind() == ErrorKind::ResultExpired => {
                let fresh = fresh_file(hub, ticket).await?;
                Download::open(hub.shared(), &fresh.url).await?
            }
            other => other?,
        };
        download.bytes(LIMIT).await
    };
    read.await.map_err(|error| known_job(error, ticket))
}

/// Where a result lies now.
pub(super) async fn fresh_file(hub: &Arc<Hub>, ticket: &JobTicket) -> Result<ResultFile, Error> {
    let expired = |why: &str| Error::new(ErrorKind::ResultExpired, ticket.operation(), why);
    let status = status(hub, ticket).await?;
    if status.state != JobState::Done {
        return Err(expired("the job is no longer done"));
    }
    ResultFile::of(&status).map_err(|missing| expired(&missing.to_string()))
}
