//! A redirect is an answer like any other: nothing is sent to where it points.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dryapi_transport::Transport;
use http::header::{AUTHORIZATION, LOCATION};

use crate::support::{post, serve, transport};

#[tokio::test]
async fn a_redirect_is_handed_out_and_not_followed() {
    for status in ["301", "302", "303", "307", "308"] {
        let elsewhere = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&elsewhere);
        let other = serve(move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
            async {}
        })
        .await;
        let here = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&here);
        let address = serve(move |mut connection, _| {
            let count = Arc::clone(&count);
            async move {
                while let Some(request) = connection.request().await {
                    assert_eq!(request.header("authorization"), ["Bearer key"]);
                    assert!(request.header("referer").is_empty());
                    count.fetch_add(1, Ordering::SeqCst);
                    let head = format!("HTTP/1.1 {status} Moved\r\nLocation: http://{other}/\r\n");
                    connection
                        .write(format!("{head}Content-Length: 0\r\n\r\n"))
                        .await;
                }
            }
        })
        .await;
        let request = post(format!("http://{address}"))
            .with_header(AUTHORIZATION, "Bearer key".parse().unwrap());
        let mut response = transport().send(request).await.unwrap();
        assert_eq!(response.status.as_str(), status);
        assert_eq!(response.headers[LOCATION], format!("http://{other}/"));
        assert!(response.read(10).await.error.is_none());
        assert_eq!(here.load(Ordering::SeqCst), 1);
        assert_eq!(elsewhere.load(Ordering::SeqCst), 0);
    }
}
