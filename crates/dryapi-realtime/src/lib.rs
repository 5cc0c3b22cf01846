//! dryAPI's push channel: job updates over the Pusher protocol.

mod authorize;
mod builder;
mod channel;
mod channel_name;
mod connect;
mod endpoint;
mod error;
mod link;
pub mod protocol;
mod signal;
mod tls;

pub use builder::ChannelBuilder;
pub use channel::Channel;
pub use channel_name::{ChannelName, InvalidClientId};
pub use dryapi_types::Update;
pub use endpoint::{Endpoint, InvalidEndpoint};
pub use error::{Error, ErrorKind};
pub use signal::{Loss, Signal, Stage};
