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

/// A film: the output of `txt2video` and others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VideoOutput {
    /// The file: an MP4.
    pub file: ResultFile,
}

/// A sound: the output of `txt2audio` and `txt2music`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AudioOutput {
    /// The file, in the format that was asked for.
    pub file: ResultFile,
}

macro_rules! file_output {
    ($($output:ident)*) => {$(
        impl $output {
            /// Reads the file of a finished job.
            ///
            /// # Errors
            /// [`MissingOutput`] without a `result_url`.
            pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
                ResultFile::of(status).map(|file| Self { file })
            }
        }

        impl HasFile for $output {
            fn file(&self) -> Option<&ResultFile> {
                Some(&self.file)
            }
        }
    )*};
}

file_output!(VideoOutput AudioOutput);

/// What was said.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Transcript {
    /// All of it.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TextReading {
    /// All of it.
    pub text: String,
}

/// Vectors of texts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Embeddings {
    /// One vector a text.
    pub vectors: Vec<Vec<f32>>,
}

fn inline(status: &JobStatus) -> Result<String, MissingOutput> {
    let result = status
        .result
        .as_ref()
        .ok_or(MissingOutput { expected: "result" })?;
    Ok(result
        .as_str()
        .map_or_else(|| result.to_string(), ToOwned::to_owned))
}

macro_rules! text_output {
    ($($output:ident)*) => {$(
        impl $output {
            /// Reads an inline result.
            ///
            /// # Errors
            /// [`MissingOutput`] without one.
            pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
                inline(status).map(|text| Self { text })
            }

            /// Reads a result file.
            ///
            /// # Errors
            /// None.
            pub fn from_content(content: &[u8]) -> Result<Self, MissingOutput> {
                Ok(Self { text: String::from_utf8_lossy(content).into_owned() })
            }
        }
    )*};
}

text_output!(Transcript TextReading);

impl Embeddings {
    /// Reads an inline result.
    ///
    /// # Errors
    /// [`MissingOutput`] without one.
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        Self::from_content(inline(status)?.as_bytes())
    }

    /// Reads a result file.
    ///
    /// # Errors
    /// [`MissingOutput`] when it holds no vectors.
    pub fn from_content(content: &[u8]) -> Result<Self, MissingOutput> {
        serde_json::from_slice(content)
            .map(|vectors| Self { vectors })
            .map_err(|_| MissingOutput {
                expected: "vectors",
            })
    }

    pub(crate) fn read(
        status: u16,
        headers: &crate::headers::Headers<'_>,
        body: &[u8],
    ) -> Result<(JobStatus, Option<Self>), crate::error::ApiError> {
        let status = JobStatus::decode(status, headers, body)?;
        let output = Self::of(&status).ok();
        Ok((status, output))
    }
}
