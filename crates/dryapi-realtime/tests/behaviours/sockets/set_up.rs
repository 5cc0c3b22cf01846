//! What is refused before anything is sent, and what is never shown.

use std::sync::Arc;

use dryapi_realtime::{Channel, Endpoint, Error, ErrorKind, InvalidClientId};
use http::{HeaderValue, Uri};

use super::support::Rig;

fn why(error: &Error) -> String {
    assert_eq!(error.kind(), ErrorKind::Config);
    error.to_string()
}

#[test]
fn plain_text_to_another_machine_must_be_allowed() {
    let rig = Rig::new();
    let plain = || rig.builder("ws://192.168.1.7/app/k");
    assert!(why(&plain().open().unwrap_err()).contains("ws://"));
    assert!(plain().allow_plain(true).open().is_ok());
    assert!(rig.builder("ws://localhost/app/k").open().is_ok());

    let shown = || {
        rig.builder("ws://[::1]/app/k")
            .auth_url(Uri::from_static("http://a.b/auth"))
    };
    assert!(why(&shown().open().unwrap_err()).contains("API key"));
    assert!(shown().allow_plain(true).open().is_ok());
    let relative = rig
        .builder("ws://[::1]/app/k")
        .auth_url(Uri::from_static("/auth"));
    assert!(why(&relative.open().unwrap_err()).contains("whole address"));
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let rig = Rig::new();
    let endpoint = Endpoint::parse("ws://127.0.0.1/app/k").unwrap();
    let mut builder = Channel::builder(endpoint.clone(), "42");
    assert!(why(&builder.open().unwrap_err()).contains("auth_url"));
    builder = Channel::builder(endpoint, "42").auth_url(Uri::from_static("https://a/auth"));
    assert!(why(&builder.open().unwrap_err()).contains("transport"));

    let wrong = Endpoint::production().with_app_key("a/b");
    let transport = Arc::new(rig.transport.clone());
    let builder = Channel::builder(wrong, "42").transport(transport);
    assert!(why(&builder.open().unwrap_err()).contains("/app/KEY"));
    let spaced = Channel::builder(Endpoint::production(), "4 2").open();
    let expected = Error::InvalidClientId(InvalidClientId::Character(' '));
    assert_eq!(spaced.unwrap_err(), expected);
}

#[cfg(not(feature = "tls"))]
#[test]
fn tls_that_is_not_built_in_is_said_so() {
    let error = Rig::new().builder("wss://a/app/k").open().unwrap_err();
    assert!(why(&error).contains("feature `tls`"));
}

#[test]
fn no_debug_shows_a_secret() {
    let rig = Rig::new();
    let name = http::HeaderName::from_static("x-other");
    let builder = rig.builder("ws://127.0.0.1/app/k");
    let builder = builder.header(name, HeaderValue::from_static("5ecret"));
    let shown = format!("{builder:?}");
    let channel = builder.open().unwrap();
    assert!(!format!("{shown} {channel:?}").contains("5ecret"));
}

#[test]
fn a_channel_can_be_given_to_a_task() {
    fn is_send<T: Send + Unpin + 'static>(_: &T) {}
    is_send(&Rig::new().channel("127.0.0.1:1"));
}
