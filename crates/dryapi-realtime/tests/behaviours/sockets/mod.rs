//! Over real sockets.

mod authorizing;
mod connecting;
mod losing;
mod server;
mod set_up;
mod support;
#[cfg(feature = "tls")]
mod tls;
