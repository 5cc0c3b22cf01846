//! What is said at the end: results and failures, for people and for programs.

#[cfg(test)]
mod catalogue;
mod exit;
mod failure;
pub(crate) mod json;
pub(crate) mod people;
mod recorded;
pub(crate) mod terminal;

pub(crate) use exit::{Kind, exits};
pub(crate) use failure::{End, Failure};
pub(crate) use recorded::moment;
