//! The command as a user meets it: one module a behaviour.

// Clippy's leave for tests does not reach helper functions of an integration test.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod batches;
mod completions;
mod config;
mod contract;
mod doctor;
mod documents;
mod errors;
mod faults;
mod fields;
#[cfg(unix)]
mod following;
mod help;
mod intent;
mod jobs;
#[cfg(all(feature = "keyring", target_os = "linux"))]
mod keyring;
mod kinds;
mod ledger;
mod limits;
mod login;
mod manual;
mod outputs;
mod pick_up;
#[cfg(feature = "previews")]
mod previews;
mod prompts;
mod resume;
mod sandbox;
mod spend;
mod stopping;
mod stub;
mod support;
mod targets;
mod tasks;
mod transcribe;
mod twice;
mod usage;
mod webhooks;
