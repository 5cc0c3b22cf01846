//! TLS by rustls, its provider given explicitly: with two in a program's graph rustls panics when it
//! has to choose one. It is the one the program installed, else `ring`.

use std::sync::{Arc, OnceLock};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::error::Error;
use crate::socket::{Io, NoSocket};

/// Trusts the system's roots and additional ones. The system's are read at the first handshake,
/// once; after a failure, again.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    additional: Vec<CertificateDer<'static>>,
    config: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Tls {
    pub(crate) fn new(roots: &[Vec<u8>]) -> Result<Self, Error> {
        let mut additional = Vec::new();
        for pem in roots {
            additional.extend(certificates(pem)?);
        }
        Ok(Self {
            additional,
            config: Arc::default(),
        })
    }

    pub(crate) async fn handshake(
        &self,
        host: &str,
        tcp: TcpStream,
    ) -> Result<Box<dyn Io>, NoSocket> {
        let config = self.config().await.map_err(NoSocket::Impossible)?;
        let unreachable = |error: &dyn std::error::Error| NoSocket::Unreachable(error.to_string());
        let name = ServerName::try_from(host.to_owned()).map_err(|error| unreachable(&error))?;
        let connected = TlsConnector::from(config).connect(name, tcp).await;
        let stream = connected.map_err(|error| unreachable(&error))?;
        Ok(Box::new(stream))
    }

    async fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let additional = self.additional.clone();
        // The system's roots are files.
        let made = tokio::task::spawn_blocking(move || make(&additional)).await;
        let broken = |_| Error::Config("the TLS roots could not be read".to_owned());
        let config = made.map_err(broken)??;
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }
}

/// Reads the certificates of a PEM file; one at least.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |why: String| Error::Config(format!("an additional root certificate {why}"));
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| wrong(format!("is not valid PEM: {error}")))?;
    if found.is_empty() {
        return Err(wrong("is missing: the PEM given holds none".to_owned()));
    }
    let mut store = RootCertStore::empty();
    for certificate in &found {
        store
            .add(certificate.clone())
            .map_err(|error| wrong(format!("is not one of an authority: {error}")))?;
    }
    Ok(found)
}

fn make(additional: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, Error> {
    let system = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    // A root of the system that cannot be read is passed over, as every browser does.
    store.add_parsable_certificates(system.certs.into_iter().chain(additional.iter().cloned()));
    if store.is_empty() {
        let why = system.errors.first().map(|why| format!(" ({why})"));
        return Err(Error::Config(format!(
            "no TLS root certificates were found{}: install them (Debian and Ubuntu: the package \
             ca-certificates) or let SSL_CERT_FILE name a PEM file",
            why.unwrap_or_default()
        )));
    }
    let provider = match CryptoProvider::get_default() {
        Some(installed) => Arc::clone(installed),
        None => Arc::new(rustls::crypto::ring::default_provider()),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Config(format!("TLS could not be set up: {error}")))?;
    let mut config = builder.with_root_certificates(store).with_no_client_auth();
    // A WebSocket begins as HTTP/1.1.
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_without_a_certificate_is_an_error() {
        let bad_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        for bad in ["", "nonsense", bad_der] {
            let error = Tls::new(&[bad.into()]).unwrap_err();
            assert!(matches!(error, Error::Config(_)), "{bad}: {error}");
        }
    }
}
