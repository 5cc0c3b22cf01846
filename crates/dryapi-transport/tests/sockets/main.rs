//! `HttpTransport` against servers that do as they are told, one module a behaviour.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests panic; clippy only knows it of the functions marked as tests"
)]

mod addresses;
mod answers;
mod content;
mod delivery;
#[cfg(feature = "http2")]
mod http2;
mod proxies;
mod reach;
mod redirects;
mod request_bodies;
mod reuse;
mod support;
mod timers;
mod tls;
