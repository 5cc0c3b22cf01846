//! Measuring a file on this machine, so that asking a price does not upload it.

use std::path::Path;

use dryapi_types::{Measured, Source};

use crate::error::Error;

/// The measure a price depends on; empty where only the service can tell.
pub(crate) async fn measure(source: &Source) -> Result<Measured, Error> {
    match source {
        Source::Path(path) => {
            let failed = |error| Error::file(path.display().to_string(), error);
            let first = super::upload::first_bytes(path).await.map_err(failed)?;
            // A JPEG may carry so much before its size that the first bytes do not reach it.
            Ok(match pixels(&first) {
                Some(size) => size,
                None => on_disk(path).await.unwrap_or_default(),
            })
        }
        Source::Bytes { bytes, .. } => Ok(pixels(bytes).unwrap_or_default()),
        _ => Ok(Measured::default()),
    }
}

async fn on_disk(path: &Path) -> Option<Measured> {
    let path = path.to_owned();
    let size = tokio::task::spawn_blocking(move || imagesize::size(path))
        .await
        .ok()?;
    measured(size.ok()?)
}

fn pixels(bytes: &[u8]) -> Option<Measured> {
    imagesize::blob_size(bytes).ok().and_then(measured)
}

fn measured(size: imagesize::ImageSize) -> Option<Measured> {
    let width = u32::try_from(size.width).ok()?;
    let height = u32::try_from(size.height).ok()?;
    (width > 0 && height > 0).then_some(Measured::pixels(width, height))
}
