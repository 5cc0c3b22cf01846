//! Outputs that are files behind signed addresses.

use super::missing::MissingOutput;
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

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageOutput {
    /// The file: a PNG, with JPEG and WebP alternatives where offered.
    pub file: ResultFile,
}

/// A film.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VideoOutput {
    /// The file: an MP4.
    pub file: ResultFile,
}

/// A sound.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AudioOutput {
    /// The file, in the format that was asked for.
    pub file: ResultFile,
}

/// An output that has a file to download.
pub trait HasFile {
    /// The file; `None` where the result came inline.
    fn file(&self) -> Option<&ResultFile>;
}

impl ResultFile {
    /// A file without alternatives, for tests of code that uses results.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: ResultUrl::new(url),
            alternatives: Alternatives::default(),
        }
    }

    /// With other formats.
    #[must_use]
    pub fn with_alternatives(mut self, alternatives: Alternatives) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// Reads the file of a finished job.
    ///
    /// # Errors
    /// [`MissingOutput`] without a `result_url`.
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        let url = status.result_url.clone();
        Ok(Self {
            url: url.ok_or(MissingOutput::new("result_url"))?,
            alternatives: status.alternatives.clone(),
        })
    }
}

/// The same for everything that is nothing but a file.
macro_rules! files {
    ($($output:ident),*) => {$(
        impl $output {
            /// This file.
            #[must_use]
            pub const fn new(file: ResultFile) -> Self {
                Self { file }
            }

            /// Reads the file of a finished job.
            ///
            /// # Errors
            /// [`MissingOutput`] without a `result_url`.
            pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
                ResultFile::of(status).map(Self::new)
            }
        }

        impl HasFile for $output {
            fn file(&self) -> Option<&ResultFile> {
                Some(&self.file)
            }
        }
    )*};
}

files!(ImageOutput, VideoOutput, AudioOutput);
