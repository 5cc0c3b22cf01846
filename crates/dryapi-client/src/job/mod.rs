//! Jobs: waiting for them, fetching what they made.

mod changes;
mod completed;
mod conclude;
mod content;
mod handle;
mod updates;
mod wait;
mod waiting;

pub use changes::Changes;
pub use completed::Completed;
pub use handle::Job;
pub use updates::Updates;
pub use wait::Wait;
