//! The output of a task whose name is only known at run time.

use serde_json::Value;

use super::{HasFile, MissingOutput, ResultFile};
use crate::job::JobStatus;

/// The output of any task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyOutput {
    /// A file behind an address.
    File(ResultFile),
    /// The result itself.
    Inline(Value),
}

impl AnyOutput {
    /// Reads the output of a finished job: its file, else what came inline.
    ///
    /// # Errors
    /// [`MissingOutput`] without either.
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        match &status.result {
            Some(result) if status.result_url.is_none() => Ok(Self::Inline(result.clone())),
            _ => ResultFile::of(status).map(Self::File),
        }
    }
}

impl HasFile for AnyOutput {
    fn file(&self) -> Option<&ResultFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Inline(_) => None,
        }
    }
}
