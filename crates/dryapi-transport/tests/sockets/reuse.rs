//! Which idle connections are used again.

use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::{Clock, HttpTransport, Reuse, SystemClock, Transport};

use crate::support::{HandClock, builder, post, serve};

/// A server that answers with the number of the connection.
async fn numbers() -> String {
    let address = serve(|mut connection, number| async move {
        while connection.request().await.is_some() {
            connection.answer(&number.to_string()).await;
        }
    })
    .await;
    format!("http://{address}")
}

async fn ask(transport: &HttpTransport, address: &str, reuse: Reuse) -> String {
    let mut request = post(address);
    request.reuse = reuse;
    let mut response = transport.send(request).await.unwrap();
    let read = response.read(100).await;
    assert!(read.error.is_none());
    String::from_utf8(read.bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn an_idle_connection_is_used_again() {
    let address = numbers().await;
    let long = Duration::from_secs(600);
    let transport = builder().idle_connections(long, long).build().unwrap();
    for _ in 0..3 {
        assert_eq!(ask(&transport, &address, Reuse::Usual).await, "0");
    }
    // A clone shares them; those for careful requests are apart.
    assert_eq!(ask(&transport.clone(), &address, Reuse::Usual).await, "0");
    assert_eq!(ask(&transport, &address, Reuse::Careful).await, "1");
    assert_eq!(ask(&transport, &address, Reuse::Careful).await, "1");
}

#[tokio::test]
async fn one_that_was_idle_for_too_long_is_not() {
    let address = numbers().await;
    let (long, short) = (Duration::from_secs(600), Duration::from_millis(20));
    for (usual, careful, reuse) in [(long, short, Reuse::Careful), (short, long, Reuse::Usual)] {
        let transport = builder().idle_connections(usual, careful).build().unwrap();
        let first = ask(&transport, &address, reuse).await;
        SystemClock::new().sleep(short * 2).await;
        assert_ne!(ask(&transport, &address, reuse).await, first);
    }
}

#[tokio::test]
async fn none_is_after_the_machine_slept() {
    let address = numbers().await;
    let clock = HandClock::new();
    let long = Duration::from_secs(600);
    let builder = builder()
        .clock(Arc::new(clock.clone()))
        .idle_connections(long, long);
    let transport = builder.build().unwrap();
    assert_eq!(ask(&transport, &address, Reuse::Usual).await, "0");
    clock.advance(Duration::from_secs(5));
    assert_eq!(ask(&transport, &address, Reuse::Usual).await, "0");
    clock.sleep_machine(Duration::from_secs(5));
    assert_eq!(ask(&transport, &address, Reuse::Usual).await, "1");
    assert_eq!(ask(&transport, &address, Reuse::Usual).await, "1");
}
