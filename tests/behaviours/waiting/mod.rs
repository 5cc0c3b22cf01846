//! Waiting for many jobs: what it costs in looks and sockets, and that nothing is missed.

mod polls;
mod push;
mod webhooks;
