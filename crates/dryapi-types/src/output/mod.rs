//! What a finished job holds: a file behind a signed address, or content that is read into a type,
//! whether it came inline or as a file.

mod any;
mod embeddings;
mod file;
mod inline;
mod missing;
mod reading;
mod transcript;
mod vectors;

pub use any::{AnyOutput, TypedOutput};
pub use embeddings::Embeddings;
pub use file::{AudioOutput, HasFile, ImageOutput, ResultFile, VideoOutput};
pub use missing::MissingOutput;
pub use reading::TextReading;
pub use transcript::{Segment, Transcript};
