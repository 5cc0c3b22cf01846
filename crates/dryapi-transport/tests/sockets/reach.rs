//! Addresses that came over the network may lead to public ones only.

use dryapi_transport::{Reach, Transport, TransportErrorKind as Kind};

use crate::support::{builder, post, serve, transport, uri};

#[tokio::test]
async fn what_is_not_public_is_not_connected_to() {
    let address = serve(|_, _| async { panic!("was connected to") }).await;
    let port = address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0x7f.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        let mut request = post(format!("http://{host}:{port}/"));
        request.reach = Reach::Public;
        let error = transport().send(request).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Connect, "{error:?}");
        assert!(error.provably_not_sent());
        assert!(
            error.message().contains("its address is not a public one"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn through_a_proxy_only_what_stands_in_the_request_can_be_checked() {
    let proxy = serve(|mut connection, _| async move {
        let request = connection.request().await.unwrap();
        connection.answer(request.line()).await;
    })
    .await;
    // The proxy itself may be anywhere: the user chose it.
    for host in ["localhost", "LocalHost", "127.0.0.1"] {
        let proxy = uri(format!("http://{host}:{}", proxy.port()));
        let transport = builder().proxy(proxy).build().unwrap();
        let mut request = post("http://anywhere.test/x");
        request.reach = Reach::Public;
        let mut response = transport.send(request).await.unwrap();
        assert_eq!(
            &response.read(100).await.bytes[..],
            b"POST http://anywhere.test/x HTTP/1.1"
        );
        let mut request = post("http://10.0.0.1/x");
        request.reach = Reach::Public;
        assert_eq!(
            transport.send(request).await.unwrap_err().kind(),
            Kind::Connect
        );
    }
}
