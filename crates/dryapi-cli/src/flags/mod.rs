//! The command line's shape: global options by hand, tasks and their fields from the table.

mod arg;
mod batch;
mod booleans;
mod explain;
mod fields;
mod given;
mod global;
mod kind;
mod machine;
mod names;
mod record;
mod since;
mod tasks;
mod tree;
mod usage;
mod value;
mod watch;
mod webhook;

pub(crate) use fields::{given, input};
pub(crate) use given::{Given, chosen, wants_json};
pub(crate) use kind::{long, repeats};
pub(crate) use names::{TRANSCRIBE, Transcription, command_of, prompt, task};
pub(crate) use since::Since;
pub(crate) use tree::tree;
pub(crate) use usage::{Parsed, parse};
