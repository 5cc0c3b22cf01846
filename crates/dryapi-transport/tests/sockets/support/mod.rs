//! A server, a clock and bodies that tests drive by hand.

mod body;
mod clock;
mod server;

use dryapi_transport::{HttpTransport, HttpTransportBuilder, Request};
use http::{Method, Uri};

pub(crate) use body::{Fed, fed};
pub(crate) use clock::HandClock;
pub(crate) use server::{Connection, Seen, serve};

/// A builder that knows nothing of this machine's environment.
pub(crate) fn builder() -> HttpTransportBuilder {
    HttpTransport::builder().environment(|_| None)
}

/// A transport with the defaults that knows nothing of this machine's environment.
pub(crate) fn transport() -> HttpTransport {
    builder().build().unwrap()
}

pub(crate) fn uri(text: impl AsRef<str>) -> Uri {
    text.as_ref().parse().unwrap()
}

pub(crate) fn get(address: impl AsRef<str>) -> Request {
    Request::new(Method::GET, uri(address))
}

pub(crate) fn post(address: impl AsRef<str>) -> Request {
    Request::new(Method::POST, uri(address)).with_body("the body")
}
