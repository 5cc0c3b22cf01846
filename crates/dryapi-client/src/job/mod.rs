//! Jobs: looking at them, waiting for them, fetching what they made.

mod completed;
mod conclude;
mod content;
mod handle;
mod look;
mod poller;
mod schedule;
mod updates;
mod wait;

pub use completed::Completed;
pub use handle::Job;
pub use schedule::Schedule;
pub use updates::Updates;
pub use wait::Wait;
