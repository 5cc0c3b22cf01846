//! Files: what goes up, what comes down.

mod download;
mod fetch;
pub(crate) mod measure;
mod read;
mod sniff;
pub(crate) mod upload;

pub use download::{Download, Saved};
