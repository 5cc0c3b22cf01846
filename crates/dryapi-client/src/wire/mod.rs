//! Between an operation and the transport's messages.

pub(crate) mod decode;
pub(crate) mod encode;
