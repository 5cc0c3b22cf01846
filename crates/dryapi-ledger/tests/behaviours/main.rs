//! What the embedded store does with files and with other processes.
#![cfg(feature = "sqlite")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail like tests"
)]

mod conformance;
mod files;
mod heard;
mod processes;
mod secrets;
