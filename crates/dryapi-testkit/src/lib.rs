//! Test doubles for code that uses dryAPI.

mod answer;
pub mod answers;
mod clock;
mod scripted;

pub use answer::Answer;
pub use clock::HandClock;
pub use scripted::{Gate, ScriptedTransport, SentRequest, Step};
