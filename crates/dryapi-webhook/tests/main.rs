//! Behaviours of the crate, one module each.
#![allow(missing_docs, reason = "a test binary")]

#[cfg(feature = "axum")]
mod axum;
mod replay;
mod vectors;
mod verify;
