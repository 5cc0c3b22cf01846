//! Files: what goes up, what comes down.

mod attachment;
mod download;
mod fetch;
mod fetched;
mod held;
pub(crate) mod limits;
mod local;
pub(crate) mod measure;
mod mp4;
mod peek;
mod range;
mod read;
mod save;
mod settings;
mod sniff;
mod sound;
mod spool;
mod temporary;
mod transfer;
pub(crate) mod upload;

pub use attachment::Attachment;
pub use download::Download;
pub use save::Saved;
pub(crate) use settings::FileSettings;
pub(crate) use transfer::OnUpload;
pub use transfer::Transfer;
