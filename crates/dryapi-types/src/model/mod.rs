//! The model card, and what follows from it for a request.

mod card;
mod check;
mod fill;
mod info;
mod page;
mod task_name;

pub use card::{Language, LoraCard, Model, Voice};
pub use check::Check;
pub use fill::{Fill, Filled};
pub use info::{Feature, ModelInfo};
pub use page::ModelPage;
pub use task_name::TaskName;
