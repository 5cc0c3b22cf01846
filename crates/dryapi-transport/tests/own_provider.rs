//! With `rustls-no-provider` alone: an error and no panic until the program installs a provider.

#![cfg(not(feature = "reqwest"))]

use dryapi_transport::{HttpTransport, Request, Transport, TransportErrorKind as Kind};
use http::{Method, Uri};

#[tokio::test]
async fn without_a_provider_it_is_a_matter_of_configuration() {
    let transport = HttpTransport::builder().no_proxy().build().unwrap();
    let get = || Request::new(Method::GET, Uri::from_static("https://127.0.0.1:9/"));
    let error = transport.send(get()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    assert!(error.message().contains("install_default"), "{error}");

    let ring = rustls::crypto::ring::default_provider();
    ring.install_default().unwrap();
    let error = transport.send(get()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
}
