//! TLS by the system's own library: OpenSSL on Linux, Schannel on Windows, Security on a Mac. It
//! reads the system's roots by itself.

use reqwest::{Certificate, ClientBuilder};

use crate::error::{TransportError, TransportErrorKind};

/// Additional certificates.
#[derive(Debug)]
pub(in crate::http) struct Native(Vec<Certificate>);

impl Native {
    pub(super) fn new(pems: &[Vec<u8>]) -> Result<Self, TransportError> {
        let wrong = |why: &str| {
            let message = format!("an additional root certificate {why}");
            TransportError::new(TransportErrorKind::Config, message)
        };
        let mut additional = Vec::new();
        for pem in pems {
            let found = Certificate::from_pem_bundle(pem)
                .map_err(|error| wrong("is not valid PEM").with_source(error))?;
            if found.is_empty() {
                return Err(wrong("is missing: the PEM given holds none"));
            }
            additional.extend(found);
        }
        Ok(Self(additional))
    }

    pub(super) fn set_up(&self, builder: ClientBuilder) -> ClientBuilder {
        builder
            .tls_backend_native()
            .tls_certs_merge(self.0.iter().cloned())
    }
}
