//! What the client does, over a scripted transport and a hand-driven clock.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail like tests"
)]

#[cfg(feature = "blocking")]
mod blocking;
mod cancellation;
mod downloads;
mod errors;
mod jobs;
mod models;
mod outputs;
mod raw;
mod requests;
mod retries;
mod support;
mod uploads;
mod waits;
