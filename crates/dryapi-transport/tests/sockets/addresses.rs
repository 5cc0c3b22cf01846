//! Addresses that are not requested at all.

use dryapi_transport::{Transport, TransportErrorKind as Kind};

use crate::support::{post, transport};

#[tokio::test]
async fn only_http_and_https_without_user_info() {
    for (address, why) in [
        (
            "ftp://127.0.0.1/",
            "only http and https addresses can be requested",
        ),
        (
            "ws://127.0.0.1/",
            "only http and https addresses can be requested",
        ),
        ("/path", "the address is not absolute"),
        (
            "http://user:password@127.0.0.1/",
            "an address with user info is refused: it would go out in clear",
        ),
        (
            "http://user@127.0.0.1/",
            "an address with user info is refused: it would go out in clear",
        ),
        ("http://256.1.1.1/", "the address cannot be read as a URL"),
    ] {
        let error = transport().send(post(address)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidRequest, "{address}");
        assert!(error.provably_not_sent());
        assert_eq!(error.message(), why);
    }
}
