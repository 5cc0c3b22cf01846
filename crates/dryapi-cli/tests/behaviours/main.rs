//! The command as a user meets it: one module a behaviour.

mod contract;
mod errors;
mod fields;
mod jobs;
mod sandbox;
mod stopping;
mod support;
mod targets;
mod usage;
