//! Vectors of numbers, one for each text.

use serde::de::DeserializeSeed;
use serde_json::Value;

use super::inline::{inline, without_mark};
use super::missing::MissingOutput;
use super::vectors::{Vectors, placed};
use crate::error::ApiError;
use crate::headers::Headers;
use crate::job::{JobState, JobStatus};

/// One vector for each text, in the order of the texts: the output of `txt2embedding`.
///
/// The service's pages do not show its layout. Read are `[[f]]`, `[f]`, `{embedding}`,
/// `{embeddings}`, `{data: [{embedding, index}]}`, and each of them inside a JSON text; an `index`,
/// where given, decides the order. There is at least one vector, all have the same dimension of at
/// least one, and every number is finite: anything else is no result.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Embeddings {
    /// The vectors.
    pub vectors: Vec<Vec<f32>>,
}

impl Embeddings {
    /// These vectors, for tests of code that uses results.
    #[must_use]
    pub const fn new(vectors: Vec<Vec<f32>>) -> Self {
        Self { vectors }
    }

    /// How many vectors there are: compare it with the number of texts.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.vectors.len()
    }

    /// How many numbers each vector has.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.vectors.first().map_or(0, Vec::len)
    }

    /// Reads a status and the vectors in it in one pass over the bytes. The status holds the
    /// `result` only where it was not understood, for [`of`](Self::of) to say why.
    ///
    /// # Errors
    /// [`ApiError`] for every refusal and everything that is not a status.
    pub fn read(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<(JobStatus, Option<Self>), ApiError> {
        match JobStatus::read(status, headers, body, Vectors::ANY) {
            Ok((status, vectors)) => {
                let done = status.state == JobState::Done;
                let vectors = vectors.flatten().filter(|_| done);
                Ok((status, vectors.map(Self::new)))
            }
            // Whether the status or only its result is at fault, shows a second look.
            Err(_) => Ok((JobStatus::decode(status, headers, body)?, None)),
        }
    }

    /// Reads what came inline.
    ///
    /// # Errors
    /// [`MissingOutput`] where no vectors came inline, saying where in the result they stop being
    /// such: they may be in a file, see [`from_content`](Self::from_content).
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        let result = inline(status).ok_or(MissingOutput::new("vectors"))?;
        Self::from_value(result)
    }

    /// Reads the result's file.
    ///
    /// # Errors
    /// [`MissingOutput`] saying where in the file the vectors stop being such.
    pub fn from_content(content: &[u8]) -> Result<Self, MissingOutput> {
        let mut json = serde_json::Deserializer::from_slice(without_mark(content));
        let read = Vectors::ANY.deserialize(&mut json);
        Self::explained(read.and_then(|vectors| json.end().map(|()| vectors)))
    }

    pub(super) fn from_value(result: &Value) -> Result<Self, MissingOutput> {
        Self::explained(Vectors::ANY.deserialize(result))
    }

    fn explained(
        read: Result<Option<Vec<Vec<f32>>>, serde_json::Error>,
    ) -> Result<Self, MissingOutput> {
        match read {
            Ok(Some(vectors)) => Ok(Self::new(vectors)),
            Ok(None) => Err(MissingOutput::new("vectors")),
            Err(error) => {
                let error: serde_json::Error = placed("result", &error);
                Err(MissingOutput::because("vectors", error.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
