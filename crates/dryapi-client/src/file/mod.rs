//! Files: what goes up, what comes down.

mod download;
mod fetch;
pub(crate) mod measure;
mod read;
mod save;
mod sniff;
pub(crate) mod upload;

pub use download::Download;
pub use save::Saved;
