//! Texts: what is heard, what is read, and prompts.

mod prompts;
mod reading;
mod sentences;
mod transcript;

pub(crate) use self::prompts::{Topic, better_negative, better_prompt, sample};
pub(crate) use self::reading::Reading;
pub(crate) use self::transcript::Transcript;
