//! Behaviours that need more than one crate: see `behaviours/`.

/// The README's code, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
