//! A job: accepted, on its way, done or failed. Source: the execution-modes and status pages, and
//! what the service's own clients saw of them.

mod accepted;
mod envelope;
mod failure;
mod preview;
mod state;
mod status;

pub use accepted::Accepted;
pub use failure::{Failure, FailureCode};
pub use preview::Preview;
pub use state::JobState;
pub use status::JobStatus;
