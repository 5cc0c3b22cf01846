//! The model card, and what follows from it for a request.

mod card;
mod check;
mod fill;
mod page;

pub use card::{Feature, Language, LoraCard, Model, ModelInfo, TaskName, Voice};
pub use check::Check;
pub use fill::{Fill, Filled};
pub use page::ModelPage;
