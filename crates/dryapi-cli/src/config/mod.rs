//! The config file: global options under a name, and the models that are taken where none is given.
//!
//! ```toml
//! [default]
//! plan = "basic"
//! model.txt2img = "Flux1schnell"
//!
//! [profiles.work]
//! client-id = "4711"
//! max-cost = "0.05"
//! ```
//!
//! A profile takes from `[default]` what it does not say itself, but for what belongs to an account:
//! a key or a client id of `[default]` is never used for a profile.

mod atomic;
mod file;
mod keys;
mod settings;

pub(crate) use atomic::write;
pub(crate) use file::Config;
pub(crate) use keys::{Key, Shape};
pub(crate) use settings::{Chosen, Settings};
