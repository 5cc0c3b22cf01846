//! Behaviours of the crate, one module each.
