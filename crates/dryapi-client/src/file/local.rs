//! Files on this machine.

use std::path::Path;

use dryapi_transport::Body;
use tokio::io::AsyncReadExt;

use super::read::ReadStream;
use super::sniff;
use crate::error::{Error, ErrorKind};

/// A file's first bytes, and a body that opens it again for every attempt.
pub(super) async fn open(path: &Path) -> Result<(Vec<u8>, Body), Error> {
    let shown = path.display().to_string();
    let failed = |error| Error::file(&shown, error);
    let metadata = tokio::fs::metadata(path).await.map_err(failed)?;
    if !metadata.is_file() {
        let message = format!("{shown} is not a file");
        return Err(Error::new(ErrorKind::File, "", message));
    }
    let first = first_bytes(path).await.map_err(failed)?;
    let path = path.to_owned();
    let body = Body::factory(Some(metadata.len()), move || {
        Box::pin(ReadStream::file(path.clone()))
    });
    Ok((first, body))
}

/// The name to send.
pub(super) fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

async fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let limit = u64::try_from(sniff::LOOK).unwrap_or(u64::MAX);
    let mut first = Vec::new();
    tokio::fs::File::open(path)
        .await?
        .take(limit)
        .read_to_end(&mut first)
        .await?;
    Ok(first)
}
