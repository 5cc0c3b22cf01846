//! `watch` and `webhook listen`: the account's jobs as they move on.
//!
//! The sandbox's clock stands still but for jumps, so that a job moves when its test says so.

mod account;
mod listen;
mod process;
mod receiver;
mod resume;
mod watch;
