//! The command line's shape: global options by hand, tasks and their fields from the table.

mod fields;
mod global;
mod tree;
mod usage;

pub(crate) use fields::{dashed, given, input};
pub(crate) use global::{Given, wants_json};
pub(crate) use usage::{Parsed, parse};
