//! [`Transport`](crate::Transport) over real sockets: HTTP/1.1, TCP and rustls, by reqwest.
//!
//! What reqwest does on its own and we must not let it do is switched off in `pools`; what is known
//! about delivery comes from `tripwire`, never from reqwest's own kinds of errors.

mod answer;
mod builder;
mod classify;
mod clock;
mod exchange;
mod pools;
mod proxy;
mod resolve;
mod target;
mod tls;
mod transport;
mod tripwire;
mod wake;
mod wired_body;

pub use builder::HttpTransportBuilder;
pub use clock::SystemClock;
pub use transport::HttpTransport;
