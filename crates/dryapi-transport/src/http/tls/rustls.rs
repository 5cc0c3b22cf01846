//! TLS by rustls, its provider given explicitly: with two in a program's graph rustls panics when it
//! has to choose one. It is the one the program installed, else `ring`, where that is built in.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::OnceCell;

use crate::error::{TransportError, TransportErrorKind};

/// Whom to trust; the system's roots are read when they are first needed.
#[derive(Debug)]
pub(in crate::http) struct Rustls {
    additional: Vec<CertificateDer<'static>>,
    trusting: OnceCell<ClientConfig>,
}

impl Rustls {
    pub(super) fn new(pems: &[Vec<u8>]) -> Result<Self, TransportError> {
        let mut additional = Vec::new();
        for pem in pems {
            additional.extend(certificates(pem)?);
        }
        Ok(Self {
            additional,
            trusting: OnceCell::new(),
        })
    }

    /// A configuration; where TLS is not needed it trusts nobody, and no root is read.
    pub(super) async fn config(&self, needed: bool) -> Result<ClientConfig, TransportError> {
        if !needed {
            return config(RootCertStore::empty());
        }
        self.trusting
            .get_or_try_init(|| self.trusting())
            .await
            .cloned()
    }

    async fn trusting(&self) -> Result<ClientConfig, TransportError> {
        let (system, why_not) =
            tokio::task::spawn_blocking(system_roots)
                .await
                .map_err(|error| {
                    let message = "the TLS root certificates could not be read";
                    TransportError::new(TransportErrorKind::Config, message).with_source(error)
                })?;
        config(trust(system, why_not, &self.additional)?)
    }
}

/// Reads the certificates of a PEM file; one at least.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let wrong = |why: &str| {
        let message = format!("an additional root certificate {why}");
        TransportError::new(TransportErrorKind::Config, message)
    };
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| wrong("is not valid PEM").with_source(error))?;
    if found.is_empty() {
        return Err(wrong("is missing: the PEM given holds none"));
    }
    let mut store = RootCertStore::empty();
    for certificate in &found {
        store
            .add(certificate.clone())
            .map_err(|error| wrong("is not one of an authority").with_source(error))?;
    }
    Ok(found)
}

/// Reads the system's roots. Blocking: they are files.
fn system_roots() -> (Vec<CertificateDer<'static>>, Option<String>) {
    let found = rustls_native_certs::load_native_certs();
    (found.certs, found.errors.first().map(ToString::to_string))
}

/// The roots to trust: the system's and additional ones.
fn trust(
    system: Vec<CertificateDer<'static>>,
    why_not: Option<String>,
    additional: &[CertificateDer<'static>],
) -> Result<RootCertStore, TransportError> {
    let mut store = RootCertStore::empty();
    // A root of the system that cannot be read is passed over, as every browser does.
    store.add_parsable_certificates(system.into_iter().chain(additional.iter().cloned()));
    if !store.is_empty() {
        return Ok(store);
    }
    let why = why_not.map(|why| format!(" ({why})")).unwrap_or_default();
    let message = format!(
        "no TLS root certificates were found{why}: install them (Debian and Ubuntu: the package \
         ca-certificates) or let SSL_CERT_FILE name a PEM file"
    );
    Err(TransportError::new(TransportErrorKind::Config, message))
}

/// A client's configuration that trusts these roots.
fn config(roots: RootCertStore) -> Result<ClientConfig, TransportError> {
    let builder = ClientConfig::builder_with_provider(provider()?)
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            let message = "TLS could not be set up";
            TransportError::new(TransportErrorKind::Config, message).with_source(error)
        })?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    if cfg!(feature = "http2") {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(config)
}

/// The program's own choice before ours.
fn provider() -> Result<Arc<CryptoProvider>, TransportError> {
    if let Some(installed) = CryptoProvider::get_default() {
        return Ok(Arc::clone(installed));
    }
    #[cfg(feature = "reqwest")]
    return Ok(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(feature = "reqwest"))]
    {
        let message = "no rustls provider is installed: install one before the first request \
                       (`CryptoProvider::install_default`), or switch the feature `reqwest` on, \
                       which brings `ring`";
        Err(TransportError::new(TransportErrorKind::Config, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_store_names_the_cure() {
        let error = trust(Vec::new(), None, &[]).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Config);
        assert!(error.provably_not_sent());
        assert!(error.message().contains("ca-certificates"));
        assert!(error.message().contains("SSL_CERT_FILE"));
    }

    #[test]
    fn pem_without_a_certificate_is_an_error() {
        for bad in [
            "",
            "nonsense",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        ] {
            let error = certificates(bad.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Config, "{bad}");
        }
    }
}
