//! What a finished job holds: files behind signed addresses.

mod any;

pub use any::AnyOutput;

use crate::job::JobStatus;
use crate::result_url::{Alternatives, ResultUrl};

/// A result that is a file behind an address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResultFile {
    /// Where it lies. Expires: read the status again for a fresh address.
    pub url: ResultUrl,
    /// The same in other formats.
    pub alternatives: Alternatives,
}

/// A picture: the output of `txt2img` and `img-upscale`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageOutput {
    /// The file: a PNG, with JPEG and WebP alternatives where offered.
    pub file: ResultFile,
}

/// An output that has a file to download.
pub trait HasFile {
    /// The file; `None` where the result came inline.
    fn file(&self) -> Option<&ResultFile>;
}

impl HasFile for ImageOutput {
    fn file(&self) -> Option<&ResultFile> {
        Some(&self.file)
    }
}

/// The status says done, but there is nothing to fetch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the job is done, but its status holds no {expected}")]
#[non_exhaustive]
pub struct MissingOutput {
    /// What was looked for.
    pub expected: &'static str,
}

impl ResultFile {
    /// Reads the file of a finished job.
    ///
    /// # Errors
    /// [`MissingOutput`] without a `result_url`.
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        let url = status.result_url.clone().ok_or(MissingOutput {
            expected: "result_url",
        })?;
        Ok(Self {
            url,
            alternatives: status.alternatives.clone(),
        })
    }
}

impl ImageOutput {
    /// Reads the picture of a finished job.
    ///
    /// # Errors
    /// [`MissingOutput`] without a `result_url`.
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        ResultFile::of(status).map(|file| Self { file })
    }
}
