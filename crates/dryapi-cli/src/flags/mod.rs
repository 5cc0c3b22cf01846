//! The command line's shape: global options by hand, tasks and their fields from the table.

mod booleans;
mod explain;
mod fields;
mod global;
mod names;
mod tasks;
mod tree;
mod usage;
mod value;

pub(crate) use fields::{given, input, long, repeats};
pub(crate) use global::{Given, wants_json};
pub(crate) use names::{TRANSCRIBE, Transcription, command_of, prompt};
pub(crate) use usage::{Parsed, parse};
