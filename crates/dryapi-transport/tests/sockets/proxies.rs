//! Which requests go through a proxy.

use dryapi_transport::{HttpTransport, Transport, TransportErrorKind as Kind};
use http::header::AUTHORIZATION;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::{Connection, builder, post, serve, uri};
use crate::tls::{authority, secure};

/// A proxy that tunnels and else answers by itself, and the heads it saw.
async fn proxy() -> (String, UnboundedReceiver<String>) {
    let (sender, seen) = unbounded_channel();
    let address = serve(move |mut connection: Connection, _| {
        let sender = sender.clone();
        async move {
            let head = connection.head().await.unwrap();
            sender.send(head.clone()).unwrap();
            let Some(target) = head.strip_prefix("CONNECT ") else {
                return connection.answer("from the proxy").await;
            };
            let target = target.split(' ').next().unwrap();
            let Ok(mut target) = TcpStream::connect(target).await else {
                connection.write("HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
                return;
            };
            connection.write("HTTP/1.1 200 Connected\r\n\r\n").await;
            let _ = tokio::io::copy_bidirectional(&mut connection.stream, &mut target).await;
        }
    })
    .await;
    (address.to_string(), seen)
}

/// A transport in an environment.
fn within(environment: &[(&'static str, &str)]) -> HttpTransport {
    let pairs: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    HttpTransport::builder()
        .environment(move |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.clone())
        })
        .add_root_certificate_pem(authority().pem())
        .build()
        .unwrap()
}

async fn answer(transport: &HttpTransport, address: &str) -> String {
    let request = post(address).with_header(AUTHORIZATION, "Bearer key".parse().unwrap());
    let mut response = transport.send(request).await.unwrap();
    String::from_utf8(response.read(100).await.bytes.to_vec()).unwrap()
}

async fn plain() -> String {
    let address = serve(|mut connection, _| async move {
        connection.request().await.unwrap();
        connection.answer("from the server").await;
    })
    .await;
    format!("http://{address}/")
}

#[tokio::test]
async fn the_environment_does_not_divert_http() {
    let (proxy, mut seen) = proxy().await;
    let all = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    let transport = within(&all.map(|name| (name, &*proxy)));
    assert_eq!(answer(&transport, &plain().await).await, "from the server");
    assert!(seen.try_recv().is_err());
}

#[tokio::test]
async fn the_builders_proxy_is_for_everything() {
    let (proxy, mut seen) = proxy().await;
    let address = plain().await;
    let transport = builder()
        .proxy(uri(format!("http://me:hunter2@{proxy}")))
        .build()
        .unwrap();
    assert_eq!(answer(&transport, &address).await, "from the proxy");
    let head = seen.recv().await.unwrap();
    assert!(
        head.starts_with(&format!("POST {address} HTTP/1.1\r\n")),
        "{head}"
    );
    assert!(
        head.contains("proxy-authorization: Basic bWU6aHVudGVyMg==\r\n"),
        "{head}"
    );
    assert!(
        !format!("{transport:?}").contains("hunter2"),
        "{transport:?}"
    );
    let again = builder().proxy(uri(format!("http://me:hunter2@{proxy}")));
    assert!(!format!("{again:?}").contains("hunter2"), "{again:?}");
}

#[tokio::test]
async fn https_is_tunnelled_and_the_proxy_sees_no_key() {
    let server = secure(authority()).await;
    for given in [true, false] {
        let (proxy, mut seen) = proxy().await;
        let transport = if given {
            let builder = builder().proxy(uri(&proxy));
            builder
                .add_root_certificate_pem(authority().pem())
                .build()
                .unwrap()
        } else {
            within(&[("https_proxy", &proxy)])
        };
        assert_eq!(answer(&transport, &server).await, "secret");
        let head = seen.recv().await.unwrap();
        assert!(head.starts_with("CONNECT 127.0.0.1:"), "{head}");
        assert!(!head.contains("Bearer"), "{head}");
    }
}

#[tokio::test]
async fn exceptions_are_not_proxied() {
    let server = secure(authority()).await;
    for except in ["127.0.0.1", "127.0.0.0/8", "example.com, 127.0.0.1"] {
        for name in ["NO_PROXY", "no_proxy"] {
            let (proxy, mut seen) = proxy().await;
            let transport = within(&[("HTTPS_PROXY", &proxy), (name, except)]);
            assert_eq!(answer(&transport, &server).await, "secret");
            assert!(seen.try_recv().is_err());
        }
    }
    let (proxy, mut seen) = proxy().await;
    let builder = builder()
        .environment(move |_| Some(proxy.clone()))
        .no_proxy();
    let transport = builder
        .add_root_certificate_pem(authority().pem())
        .build()
        .unwrap();
    assert_eq!(answer(&transport, &server).await, "secret");
    assert!(seen.try_recv().is_err());
}

#[tokio::test]
async fn a_proxy_that_refuses_the_tunnel_is_not_sent() {
    let refusing = serve(|mut connection, _| async move {
        connection.head().await.unwrap();
        connection
            .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            .await;
    })
    .await;
    let transport = within(&[("HTTPS_PROXY", &format!("http://me:hunter2@{refusing}"))]);
    let error = transport
        .send(post("https://example.test/"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
    assert!(error.provably_not_sent());
    let message = error.message();
    assert!(
        message.starts_with("could not connect to example.test:443 ("),
        "{message}"
    );
    assert!(
        message.ends_with(&format!("; proxy set: {refusing})")),
        "{message}"
    );
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
}

#[test]
fn an_address_that_is_no_proxys_is_a_matter_of_configuration() {
    for bad in ["ftp://proxy.test:1", "socks5://proxy.test:1"] {
        let error = builder().proxy(uri(bad)).build().unwrap_err();
        assert_eq!(error.kind(), Kind::Config, "{bad}");
    }
    for bad in [
        "http://",
        "http://a b",
        "socks5://proxy.test:1",
        "http://me:hunter2@",
    ] {
        let error = builder()
            .environment(|_| Some(bad.to_owned()))
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Config, "{bad}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}
