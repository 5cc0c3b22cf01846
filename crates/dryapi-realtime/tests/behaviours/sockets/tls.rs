//! wss: which authorities are trusted.

use std::sync::Arc;

use dryapi_realtime::{ErrorKind, Loss, Signal};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::server::Peer;
use super::support::{Rig, next};

/// A certificate authority of our own.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn server(&self) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }

    /// A push server behind TLS, and its address.
    async fn serve(&self) -> String {
        let acceptor = TlsAcceptor::from(Arc::new(self.server()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut peer = Peer::accept(stream).await.unwrap();
                peer.subscribe("1.2").await;
                peer.update("a", "done").await;
                peer.hear().await;
            }
        });
        format!("wss://127.0.0.1:{port}/app/app-key")
    }
}

#[tokio::test]
async fn an_additional_authority_is_trusted() {
    let authority = Authority::new();
    let endpoint = authority.serve().await;
    let builder = Rig::new().builder(&endpoint);
    let builder = builder.root_certificate_pem(authority.0.pem());
    let mut channel = builder.open().unwrap();
    assert_eq!(next(&mut channel).await, "subscribed, gap false");
    assert_eq!(next(&mut channel).await, "a is done");
    // Nor is a provider left behind for the whole process.
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[tokio::test]
async fn an_unknown_authority_and_another_name_are_not() {
    let authority = Authority::new();
    let endpoint = authority.serve().await;
    for (endpoint, roots) in [
        (endpoint.clone(), Authority::new().0.pem()),
        (
            endpoint.replace("127.0.0.1", "localhost"),
            authority.0.pem(),
        ),
    ] {
        let rig = Rig::new();
        let builder = rig.builder(&endpoint).root_certificate_pem(roots);
        let lost = builder.open().unwrap().next().await.unwrap();
        let Signal::Lost {
            why: Loss::Unreachable(why),
            ..
        } = &lost
        else {
            panic!("{lost:?}")
        };
        assert!(why.contains("certificate"), "{why}");
        assert_eq!(rig.transport.count("broadcasting/auth"), 0);
    }
}

#[test]
fn a_certificate_that_is_none_is_a_matter_of_configuration() {
    let builder = Rig::new().builder("wss://127.0.0.1/app/k");
    let error = builder.root_certificate_pem("nonsense").open().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}
