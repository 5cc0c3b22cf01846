//! Many jobs: bounded, resumable, and each row paid for once whatever happens.

mod again;
mod heard;
mod kinds;
mod money;
mod pausing;
mod runs;
mod service;
mod support;
mod texts;
