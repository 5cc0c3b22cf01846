//! What the client does, over a scripted transport and a hand-driven clock.

mod cancellation;
mod downloads;
mod errors;
mod jobs;
mod models;
mod requests;
mod retries;
mod support;
