//! The protocol, without a socket and without a clock.

mod authorizing;
mod codes;
mod differences;
mod liveness;
mod properties;
mod recorded;
mod recovery;
pub(crate) mod stage;
mod updates;
