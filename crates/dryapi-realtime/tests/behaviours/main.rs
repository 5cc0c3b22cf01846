//! Behaviours of the crate, one module each.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test binary: its helpers are tests, too"
)]

mod machine;
mod sockets;
