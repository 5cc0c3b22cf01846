//! The output of a task whose name is only known at run time.

use serde_json::Value;

use super::embeddings::Embeddings;
use super::file::{AudioOutput, HasFile, ImageOutput, ResultFile, VideoOutput};
use super::missing::MissingOutput;
use super::reading::TextReading;
use super::transcript::Transcript;
use crate::job::JobStatus;
use crate::meta::OutputKind;

/// The output of any task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyOutput {
    /// A file behind an address.
    File(ResultFile),
    /// The result itself.
    Inline(Value),
}

/// The output of a task whose kind is known at run time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TypedOutput {
    /// A picture.
    Image(ImageOutput),
    /// A film.
    Video(VideoOutput),
    /// A sound.
    Audio(AudioOutput),
    /// What was said.
    Transcript(Transcript),
    /// What was read.
    Text(TextReading),
    /// Vectors of numbers.
    Embeddings(Embeddings),
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

    /// Reads it as what a kind of task makes.
    ///
    /// # Errors
    /// [`MissingOutput`] when it is something else, or content whose file was not read yet: read
    /// that with [`TypedOutput::from_content`].
    pub fn read_as(&self, kind: OutputKind) -> Result<TypedOutput, MissingOutput> {
        let unread = |expected| MissingOutput::because(expected, "it is a file, not yet read");
        let (file, inline) = match self {
            Self::File(file) => (Ok(file.clone()), None),
            Self::Inline(value) => (Err(MissingOutput::new("result_url")), Some(value)),
        };
        Ok(match kind {
            OutputKind::Image => TypedOutput::Image(ImageOutput::new(file?)),
            OutputKind::Video => TypedOutput::Video(VideoOutput::new(file?)),
            OutputKind::Audio => TypedOutput::Audio(AudioOutput::new(file?)),
            OutputKind::Transcript => {
                let value = inline.ok_or_else(|| unread("transcript"))?;
                TypedOutput::Transcript(Transcript::from_value(value)?)
            }
            OutputKind::Text => {
                let value = inline.ok_or_else(|| unread("text"))?;
                TypedOutput::Text(TextReading::from_value(value))
            }
            OutputKind::Embedding => {
                let value = inline.ok_or_else(|| unread("vectors"))?;
                TypedOutput::Embeddings(Embeddings::from_value(value)?)
            }
        })
    }
}

impl TypedOutput {
    /// Reads the file of a result that is content; `None` for kinds that are files.
    ///
    /// # Errors
    /// When the content cannot be read as one of that kind.
    #[must_use]
    pub fn from_content(kind: OutputKind, content: &[u8]) -> Option<Result<Self, MissingOutput>> {
        match kind {
            OutputKind::Image | OutputKind::Video | OutputKind::Audio => None,
            OutputKind::Transcript => Some(Transcript::from_content(content).map(Self::Transcript)),
            OutputKind::Text => Some(TextReading::from_content(content).map(Self::Text)),
            OutputKind::Embedding => Some(Embeddings::from_content(content).map(Self::Embeddings)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn any_output_becomes_what_its_task_makes() {
        let file = AnyOutput::File(ResultFile::new("https://s/a"));
        assert!(matches!(
            file.read_as(OutputKind::Audio),
            Ok(TypedOutput::Audio(_))
        ));
        for kind in [
            OutputKind::Transcript,
            OutputKind::Text,
            OutputKind::Embedding,
        ] {
            assert!(file.read_as(kind).is_err());
            assert!(TypedOutput::from_content(kind, b"[[1]]").unwrap().is_ok());
        }
        let inline = AnyOutput::Inline(json!("[[1]]"));
        assert!(inline.read_as(OutputKind::Image).is_err());
        assert!(TypedOutput::from_content(OutputKind::Image, b"").is_none());
        let vectors = inline.read_as(OutputKind::Embedding).unwrap();
        assert_eq!(
            vectors,
            TypedOutput::Embeddings(Embeddings::new(vec![vec![1.0]]))
        );
        let text = inline.read_as(OutputKind::Text).unwrap();
        assert_eq!(text, TypedOutput::Text(TextReading::new("[[1]]")));
    }
}
