//! The operations, in the form code generation writes. One file a group.

mod account;
mod any;
mod image;
pub(crate) mod table;

pub use account::{GetBalance, GetJobStatus, ListModels};
pub use any::{AnyOutput, AnyQuote, AnyTask};
pub use image::{ImageUpscale, ImageUpscalePrice, TextToImage, TextToImagePrice};
pub use table::TABLE;
