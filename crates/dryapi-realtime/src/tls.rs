//! TLS, where it is built in.

#[cfg(feature = "tls")]
mod rustls;
#[cfg(not(feature = "tls"))]
mod without;

#[cfg(feature = "tls")]
pub(crate) use self::rustls::Tls;
#[cfg(not(feature = "tls"))]
pub(crate) use without::Tls;
