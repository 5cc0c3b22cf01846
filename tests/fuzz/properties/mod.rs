//! What must hold of every input the network or a file can give, one module for each fuzz target.
//!
//! `targets/` hands what the fuzzer thinks of to these; `behaviours/fuzzed.rs` hands them what it
//! found before, with each `cargo test`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a broken property must panic, here as in a test"
)]

pub mod batch;
pub mod errors;
pub mod frames;
pub mod models;
pub mod retry_after;
pub mod status;
pub mod webhook;

mod answer;
/// The command's reader of rows. It is private to the command, and it needs nothing of it.
#[path = "../../../crates/dryapi-cli/src/batch/input.rs"]
mod input;
