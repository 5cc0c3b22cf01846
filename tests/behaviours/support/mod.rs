//! What several behaviours share.

pub(crate) mod command;
pub(crate) mod fast_clock;
pub(crate) mod road;
pub(crate) mod world;
