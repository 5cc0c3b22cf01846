//! A file of a request that lies at an address: fetched first, with a cap.

use std::sync::Arc;

use dryapi_types::ResultUrl;

use super::download::{Download, Next};
use super::spool::{Spool, Spooling};
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;

/// Fetches a file, goes on where it broke, and keeps it.
pub(super) async fn fetch(shared: &Arc<Shared>, url: &str) -> Result<Spool, Error> {
    let limit = shared.files.fetch_limit;
    let too_large = || {
        let message = format!("the file at the address is larger than {limit} bytes");
        Error::new(ErrorKind::File, "", message)
    };
    let mut download = Download::open(shared, &ResultUrl::new(url))
        .await
        .map_err(failed)?;
    if download.size().is_some_and(|size| size > limit) {
        return Err(too_large());
    }
    let mut spooling = start(shared);
    let kept = |error| Error::file("keeping the fetched file", error);
    loop {
        match download.next().await.map_err(failed)? {
            Next::Piece(piece) => spooling.push(&piece).await.map_err(kept)?,
            Next::Restarted => spooling.restart().await.map_err(kept)?,
            Next::End => return spooling.end().await.map_err(kept),
        }
        if spooling.len() > limit {
            return Err(too_large());
        }
    }
}

/// Somewhere to keep content.
pub(super) fn start(shared: &Shared) -> Spooling {
    let folder = shared.files.temp_dir.clone();
    Spooling::new(
        folder.unwrap_or_else(std::env::temp_dir),
        shared.random.next_u64(),
    )
}

/// The same failure, of a file of ours instead of a result.
fn failed(error: Error) -> Error {
    let message = match error.status() {
        Some(status) => format!("fetching the file gave HTTP {status}"),
        None => format!("fetching the file failed: {}", error.message()),
    };
    Error::new(ErrorKind::File, "", message).caused_by(error)
}
