//! Behaviours that need more than one crate; see `behaviours/`.
