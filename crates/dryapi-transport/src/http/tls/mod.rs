//! TLS by what was built in: rustls, the system's own library, or either.

#[cfg(feature = "native-tls")]
mod native;
#[cfg(feature = "rustls-no-provider")]
mod rustls;

use reqwest::ClientBuilder;

use crate::error::TransportError;

/// Which of those that are built in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Backend {
    /// Rustls where it is built in.
    #[default]
    Usual,
    /// The system's own library.
    #[cfg(feature = "native-tls")]
    Native,
}

/// TLS, and whom it trusts.
#[derive(Debug)]
pub(super) enum Tls {
    #[cfg(feature = "rustls-no-provider")]
    Rustls(Box<rustls::Rustls>),
    #[cfg(feature = "native-tls")]
    Native(native::Native),
}

impl Tls {
    /// Reads additional certificates, and nothing of the system's yet.
    pub(super) fn new(backend: Backend, pems: &[Vec<u8>]) -> Result<Self, TransportError> {
        match backend {
            #[cfg(feature = "rustls-no-provider")]
            Backend::Usual => Ok(Self::Rustls(Box::new(rustls::Rustls::new(pems)?))),
            #[cfg(not(feature = "rustls-no-provider"))]
            Backend::Usual => native::Native::new(pems).map(Self::Native),
            #[cfg(feature = "native-tls")]
            Backend::Native => native::Native::new(pems).map(Self::Native),
        }
    }

    /// Gives a client its TLS; the roots are only read for one that will need them.
    pub(super) async fn set_up(
        &self,
        builder: ClientBuilder,
        needed: bool,
    ) -> Result<ClientBuilder, TransportError> {
        match self {
            #[cfg(feature = "rustls-no-provider")]
            Self::Rustls(tls) => Ok(builder.tls_backend_preconfigured(tls.config(needed).await?)),
            #[cfg(feature = "native-tls")]
            Self::Native(tls) => {
                // The library reads them by itself.
                let _ = needed;
                Ok(tls.set_up(builder))
            }
        }
    }
}
