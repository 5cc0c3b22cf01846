//! TLS by rustls with the `ring` provider, given explicitly: with two providers in a program's
//! graph rustls panics when it has to choose one.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{TransportError, TransportErrorKind};

/// Reads the certificates of a PEM file; one at least.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
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
pub(super) fn system_roots() -> (Vec<CertificateDer<'static>>, Option<String>) {
    let found = rustls_native_certs::load_native_certs();
    (found.certs, found.errors.first().map(ToString::to_string))
}

/// The roots to trust: the system's and additional ones.
pub(super) fn trust(
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
pub(super) fn config(roots: RootCertStore) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
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
