//! Opening the files of a request.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use dryapi_transport::Body;
use dryapi_types::Source;
use http::HeaderMap;
use tokio::io::AsyncReadExt;

use super::read::FileStream;
use super::{fetch, sniff};
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;

/// A file fetched from an address may be this large, in bytes.
const FETCH_LIMIT: usize = 100 * 1024 * 1024;

/// A file as a part of a form.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    pub(crate) body: Body,
}

/// Opens a source. A path is opened again for every attempt, and never held in memory.
pub(crate) async fn open(shared: &Arc<Shared>, source: Source) -> Result<Upload, Error> {
    match source {
        Source::Path(path) => open_path(path).await,
        Source::Bytes { name, bytes } => Ok(in_memory(name, Bytes::from_owner(bytes))),
        Source::Url(url) => {
            let mut response = fetch::open(shared, &url, &HeaderMap::new()).await?;
            if !response.status.is_success() {
                let message = format!("fetching the file gave HTTP {}", response.status.as_u16());
                return Err(Error::new(ErrorKind::File, "", message));
            }
            let read = response.read(FETCH_LIMIT).await;
            if let Some(error) = read.error {
                let message = format!("fetching the file failed: {error}");
                return Err(Error::new(ErrorKind::File, "", message).caused_by(error));
            }
            let path = url.split(['?', '#']).next().unwrap_or_default();
            let name = path.rsplit('/').next().filter(|name| !name.is_empty());
            Ok(in_memory(name.unwrap_or("file").to_owned(), read.bytes))
        }
        other => {
            let message = format!("{other} has no content; give a path, bytes or an address");
            Err(Error::new(ErrorKind::InvalidInput, "", message))
        }
    }
}

fn in_memory(name: String, bytes: Bytes) -> Upload {
    let first = bytes.get(..sniff::LOOK).unwrap_or(&bytes);
    let body = Body::from(bytes.clone());
    described(name, first, body)
}

async fn open_path(path: PathBuf) -> Result<Upload, Error> {
    let shown = path.display().to_string();
    let failed = |error| Error::file(&shown, error);
    let metadata = tokio::fs::metadata(&path).await.map_err(failed)?;
    if !metadata.is_file() {
        let message = format!("{shown} is not a file");
        return Err(Error::new(ErrorKind::File, "", message));
    }
    let first = first_bytes(&path).await.map_err(failed)?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let body = Body::factory(Some(metadata.len()), move || {
        Box::pin(FileStream::new(path.clone()))
    });
    Ok(described(name, &first, body))
}

/// The first bytes of a file, to see what it is.
pub(super) async fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let limit = u64::try_from(sniff::LOOK).unwrap_or(u64::MAX);
    let mut first = Vec::new();
    tokio::fs::File::open(path)
        .await?
        .take(limit)
        .read_to_end(&mut first)
        .await?;
    Ok(first)
}

fn described(name: String, first: &[u8], body: Body) -> Upload {
    let kind = sniff::kind(first, &name);
    Upload {
        name: sniff::with_extension(&name, kind),
        media_type: kind.map_or("application/octet-stream", |kind| kind.media_type),
        body,
    }
}
