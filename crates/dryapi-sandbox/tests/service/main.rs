//! The sandbox through real HTTP on loopback, one module a behaviour. The clock stands still
//! unless a test moves it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests"
)]

mod accounts;
mod admin;
mod bodies;
mod catalogue;
mod connections;
mod deliveries;
mod delivery_faults;
mod delivery_retries;
mod fault_admin;
mod faults;
mod job_faults;
mod life;
mod limits;
mod operations;
mod pictures;
mod push;
mod push_faults;
mod push_socket;
mod pusher;
mod raw;
mod receiver;
mod refusals;
mod results;
mod support;
