//! Jobs: looking at them, waiting for them, fetching what they made.

mod completed;
mod handle;
mod schedule;
mod updates;

pub use completed::Completed;
pub use handle::{Job, Wait};
pub use schedule::Schedule;
pub use updates::Updates;
