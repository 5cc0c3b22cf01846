//! https: which authorities are trusted, and when the system's are read.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use dryapi_transport::{HttpTransport, Transport, TransportErrorKind as Kind};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::support::{builder, get, post, serve};

/// A certificate authority of our own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        // OpenSSL takes a certificate named as its issuer for one that signed itself.
        params
            .distinguished_name
            .push(DnType::CommonName, "the tests' authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(crate) fn server(&self) -> ServerConfig {
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
}

/// The one that tests share.
pub(crate) fn authority() -> &'static Authority {
    static SHARED: OnceLock<Authority> = OnceLock::new();
    SHARED.get_or_init(Authority::new)
}

/// A server behind TLS, and its address.
pub(crate) async fn secure(authority: &Authority) -> String {
    let acceptor = TlsAcceptor::from(Arc::new(authority.server()));
    let address = serve(move |connection, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(connection.stream).await else {
                return;
            };
            let mut read = Vec::new();
            while !read.ends_with(b"the body") {
                if stream.read_buf(&mut read).await.is_ok_and(|read| read == 0) {
                    return;
                }
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
            stream.write_all(answer).await.unwrap();
            let _ = stream.read_buf(&mut read).await;
        }
    })
    .await;
    format!("https://{address}")
}

pub(crate) fn trusting(authority: &Authority) -> HttpTransport {
    builder()
        .add_root_certificate_pem(authority.pem())
        .build()
        .unwrap()
}

#[tokio::test]
async fn an_additional_authority_is_trusted() {
    let address = secure(authority()).await;
    let mut response = trusting(authority()).send(post(&address)).await.unwrap();
    assert_eq!(&response.read(100).await.bytes[..], b"secret");
    // Nor is a provider left behind for the whole process.
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[tokio::test]
async fn an_unknown_authority_is_not_and_nothing_is_sent() {
    let address = secure(&Authority::new()).await;
    let error = trusting(authority())
        .send(post(&address))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
    assert!(error.provably_not_sent());
    assert!(error.message().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let address = secure(authority()).await.replace("127.0.0.1", "localhost");
    let error = trusting(authority())
        .send(post(&address))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
    assert!(error.provably_not_sent());
}

/// The system's own library keeps the same rules.
#[cfg(feature = "native-tls")]
#[tokio::test]
async fn the_systems_library_trusts_and_distrusts_alike() {
    let trusting = |authority: &Authority| {
        let pem = authority.pem();
        let builder = builder().native_tls().add_root_certificate_pem(pem);
        builder.build().unwrap()
    };
    let address = secure(authority()).await;
    let mut response = trusting(authority()).send(post(&address)).await.unwrap();
    assert_eq!(&response.read(100).await.bytes[..], b"secret");

    let address = secure(&Authority::new()).await;
    let error = trusting(authority()).send(post(&address)).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
    assert!(error.provably_not_sent());

    let none = builder().native_tls().add_root_certificate_pem("nonsense");
    assert_eq!(none.build().unwrap_err().kind(), Kind::Config);
}

#[test]
fn a_certificate_that_is_none_is_a_matter_of_configuration() {
    let error = builder()
        .add_root_certificate_pem("nonsense")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
}

const CHILD: &str = "DRYAPI_TRANSPORT_TEST_ROOTS";

/// In a process of its own, whose environment names a file of roots that is not there yet.
#[test]
fn the_systems_roots_are_read_late_and_again_after_a_failure() {
    if let Some(file) = std::env::var_os(CHILD) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(late_and_again(Path::new(&file)));
    }
    let name = format!("roots-{}.pem", std::process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tls::the_systems_roots_are_read_late_and_again_after_a_failure",
        ])
        .env(CHILD, &file)
        .env("SSL_CERT_FILE", &file)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let _ = std::fs::remove_file(&file);
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stdout)
    );
}

async fn late_and_again(roots: &Path) {
    let transport = builder().build().unwrap();
    let plain = serve(|mut connection, _| async move {
        connection.request().await.unwrap();
        connection.answer("fine").await;
    })
    .await;
    transport
        .send(get(format!("http://{plain}")))
        .await
        .unwrap();

    let address = secure(authority()).await;
    let error = transport.send(post(&address)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    assert!(error.provably_not_sent());
    assert!(error.message().contains("ca-certificates"), "{error}");
    assert!(error.message().contains("SSL_CERT_FILE"), "{error}");

    std::fs::write(roots, authority().pem()).unwrap();
    assert_eq!(transport.send(post(&address)).await.unwrap().status, 200);
}
